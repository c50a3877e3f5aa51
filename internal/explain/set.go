package explain

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// namedItems is how many items of a set are named.
const namedItems = 3

// set tells of a set that is known: its items of most weight with their own
// points, and how common the first of them is.
func (t *Teller) set(r *Reason, term *model.Term, name string) string {
	if len(r.Items) == 0 {
		return t.T("value", name, t.T("value.none")) + " " + t.effect(r.MicroPoints) + "."
	}
	items := slices.Clone(r.Items)
	slots := slotsOf(term)
	weight := func(item string) int64 {
		if slot, ok := slots[bin.Fold(item)]; ok {
			return max(int64(term.Shape()[slot]), -int64(term.Shape()[slot]))
		}
		return -1 // the model does not know it
	}
	slices.SortStableFunc(items, func(a, b string) int { return cmp.Compare(weight(b), weight(a)) })
	head := t.T("value", name, t.T("set."+plural(len(items)), t.Count(int64(len(items)))))
	named := items[:min(len(items), namedItems)]
	out := head + " " + t.effect(r.MicroPoints) + t.breakdown(term, named, len(items), r.MicroPoints)
	if slot, known := slots[bin.Fold(items[0])]; known {
		if clause, _ := t.common(r.Term, slot); clause != "" {
			out += " " + sentence(clause) + "."
		}
	}
	return out
}

func plural(n int) string {
	if n == 1 {
		return "one"
	}
	return "many"
}

// breakdown says what the named items are worth of a set of so many.
func (t *Teller) breakdown(term *model.Term, named []string, all int, micro int64) string {
	switch {
	case t.m.Grid != nil:
		return t.T("set.names", t.list(page.CleanAll(named), "and"))
	case len(t.m.Trees) > 0:
		parts, _ := t.parts(term, named, micro)
		return t.T("set.average", t.list(parts, "and"))
	}
	parts, rest := t.parts(term, named, micro)
	own := int64(term.MicroPoints[1]) // of any list, which centres the items
	if more := all - len(named); more > 0 {
		parts = append(parts, t.N("others", int64(more), t.signed(rest-own)))
	} else {
		own = rest
	}
	if t.signed(own) != t.signed(0) {
		parts = append(parts, t.T("set.own", t.signed(own)))
	}
	return t.T("set.parts", t.list(parts, "and"))
}

// parts writes items with what they are worth by themselves, and returns what is
// left of micro.
func (t *Teller) parts(term *model.Term, items []string, micro int64) (parts []string, rest int64) {
	slots := slotsOf(term)
	rest = micro
	for _, item := range items {
		worth := int64(0)
		if slot, ok := slots[bin.Fold(item)]; ok {
			worth = int64(term.Shape()[slot])
		}
		rest -= worth
		parts = append(parts, page.Clean(item)+" "+t.signed(worth))
	}
	return parts, rest
}

// slotsOf returns the slots of a set's items, by folded name.
func slotsOf(term *model.Term) map[string]int {
	out := make(map[string]int, len(term.Items))
	for i, item := range term.Items {
		out[item] = 2 + i
	}
	return out
}

// shown takes apart how model.Display writes a set: some items, "+2" for two more.
func shown(value string) (items []string, more int) {
	if value == "none" || value == "unknown" {
		return nil, 0
	}
	items = strings.Split(value, ", ")
	last := len(items) - 1
	if at := strings.LastIndex(items[last], " +"); at >= 0 && len(items) >= namedItems {
		if n, err := strconv.Atoi(items[last][at+2:]); err == nil && n > 0 {
			items[last], more = items[last][:at], n
		}
	}
	return items, more
}
