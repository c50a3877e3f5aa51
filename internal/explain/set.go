package explain

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
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
	weight := func(item string) int64 { // 0 also where the model does not know it
		if slot, ok := slots[bin.Fold(item)]; ok {
			return max(int64(term.Shape()[slot]), -int64(term.Shape()[slot]))
		}
		return 0
	}
	slices.SortStableFunc(items, func(a, b string) int { return cmp.Compare(weight(b), weight(a)) })
	head := t.T("value", name, t.T("many."+kindOf(term), t.Count(int64(len(items)))))
	if len(items) == 1 {
		head = t.T("value", name, page.Clean(items[0]))
	}
	named := items[:0:0]
	for _, item := range items[:min(len(items), namedItems)] {
		if !slight(weight(item)) {
			named = append(named, item)
		}
	}
	out := head + " " + t.effect(r.MicroPoints) + t.breakdown(term, named, len(items), r.MicroPoints)
	if len(named) == 0 {
		return out // none of its items does anything
	}
	if clause, _ := t.common(r.Term, slots[bin.Fold(named[0])]); clause != "" {
		out += " " + sentence(clause) + "."
	}
	return out
}

// kindOf names the kind of a set by what its items are: words of a text, or any.
func kindOf(term *model.Term) string {
	if term.Kind == features.Words {
		return "words"
	}
	return "set"
}

// breakdown says what the named items are worth of a set of so many; what would be
// written as 0.0 is left out.
func (t *Teller) breakdown(term *model.Term, named []string, all int, micro int64) string {
	parts, rest := t.parts(term, named, micro)
	switch {
	case len(named) > 0 && t.m.Grid != nil:
		return t.T("set.names", t.list(page.CleanAll(named), "and"))
	case all == 1 && len(named) > 0 && len(t.m.Trees) > 0:
		return t.T("set.average.one", t.signed(micro-rest))
	case len(named) > 0 && len(t.m.Trees) > 0:
		return t.T("set.average", t.list(parts, "and"))
	case t.m.Grid != nil || len(t.m.Trees) > 0:
		return "."
	}
	own := int64(term.MicroPoints[1]) // of any list, which centres the items
	if more := all - len(named); more > 0 && !slight(rest-own) {
		parts = append(parts, t.N("others", int64(more), t.signed(rest-own)))
	}
	if !slight(own) {
		parts = append(parts, t.T("own."+kindOf(term), t.signed(own)))
	}
	if len(parts) == 0 {
		return "."
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
	if len(items) >= namedItems {
		value, more = cutMore(value)
		items = strings.Split(value, ", ")
	}
	return items, more
}

// cutMore takes "+2", for two more, off the end of a set.
func cutMore(value string) (head string, more int) {
	if at := strings.LastIndex(value, " +"); at >= 0 {
		if n, err := strconv.Atoi(value[at+2:]); err == nil && n > 0 {
			return value[:at], n
		}
	}
	return value, 0
}
