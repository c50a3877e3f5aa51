package explain

import (
	"cmp"
	"math"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A Reason is what one feature of one account is told from.
type Reason struct {
	Term        int
	Value       string      // as model.Display writes it
	Items       []string    // of a set, as the source writes them, each once
	Column      *bin.Column // of the feature, whose first row is the account's
	MicroPoints int64
}

// Reason returns a feature's sentences: its value, what it does to the points, and
// how common such a value is among customers and among other accounts.
func (t *Teller) Reason(r Reason) string {
	term := &t.m.Terms[r.Term]
	name := t.Feature(term.Feature)
	code := int(r.Column.Codes[0])
	switch {
	case code == 0 && r.MicroPoints == 0:
		return t.T("unknown.none", name)
	case code == 0:
		return t.T("unknown", name) + " " + t.effect(r.MicroPoints) + t.compared(t.unknown(term))(r.MicroPoints)
	case term.IsSet():
		return t.set(&r, term, name)
	}
	return t.T("value", name, t.value(term, r.Value)) + " " + t.effect(r.MicroPoints) + t.compared(t.common(r.Term, code))(r.MicroPoints)
}

// value writes a value that model.Display wrote in English.
func (t *Teller) value(term *model.Term, text string) string {
	if term.Kind == features.Date {
		return t.Date(text)
	}
	if term.Kind == features.Category && t.m.Specs[t.term[term.Feature]].Parser == "country" {
		return t.Country(page.Clean(text))
	}
	return t.Value(term.Kind, text)
}

// common says how common a slot is where the feature is known, and whether it is
// more (1) or less (-1) so among customers; "" where the model holds no counts.
func (t *Teller) common(k, slot int) (clause string, more int) {
	term := &t.m.Terms[k]
	first, last := about(term, slot)
	customers, all := counts(term, term.Customers, first, last)
	pool, rest := counts(term, term.Pool, first, last)
	if all == 0 || rest == 0 {
		return "", 0
	}
	label, kind := t.labels[k].About(first, last), string(term.Kind)
	switch {
	case term.IsSet():
		kind = kindOf(term)
	case term.Kind == features.Category && slot > len(term.Values):
		kind = "other"
	case term.Kind == features.Category || term.Kind == features.Flag, first == last && t.oneYear(k, slot):
		kind = "same"
	case last-first+2 == term.Slots():
		return "", 0 // every known value is worth the same
	}
	args := []any{t.share(customers, all), t.share(pool, rest)}
	if kind != "other" && kind != "same" {
		args = []any{args[0], label, args[1]}
	}
	return t.T("common."+kind, args...), cmp.Compare(customers*rest, pool*all)
}

// oneYear reports whether a bin holds a single year.
func (t *Teller) oneYear(k, slot int) bool {
	low, high := t.m.Terms[k].Bounds(slot)
	return t.m.Specs[k].Parser == "year" && math.Floor(high)-math.Floor(low) == 1
}

// unknown says how often a feature is unknown, as common does.
func (t *Teller) unknown(term *model.Term) (clause string, more int) {
	sum := func(counts []int) (all int) {
		for slot, n := range counts {
			if slot < 2 || !term.IsSet() {
				all += n
			}
		}
		return all
	}
	all, rest := sum(term.Customers), sum(term.Pool)
	if all == 0 || rest == 0 {
		return "", 0
	}
	return t.T("common.unknown", t.share(term.Customers[0], all), t.share(term.Pool[0], rest)), cmp.Compare(term.Customers[0]*rest, term.Pool[0]*all)
}

func (t *Teller) share(part, all int) string { return t.Percent(float64(part) / float64(all)) }

// compared joins a comparison to an effect: one that says the opposite does not
// explain it, and is not said as if it did.
func (t *Teller) compared(clause string, more int) func(micro int64) string {
	return func(micro int64) string {
		switch {
		case clause == "" || slight(micro):
			return "."
		case more > 0 && micro < 0, more < 0 && micro > 0:
			return t.T("joint.yet", clause)
		}
		return t.T("joint", clause)
	}
}

// alike returns the first and last of the neighbouring bins of a number or date
// that are worth the same as a slot; of anything else, the slot.
func alike(term *model.Term, slot int) (first, last int) {
	first, last = slot, slot
	if term.Kind != features.Number && term.Kind != features.Date {
		return first, last
	}
	shape := term.Shape()
	for first > 1 && shape[first-1] == shape[slot] {
		first--
	}
	for last < len(shape)-1 && shape[last+1] == shape[slot] {
		last++
	}
	return first, last
}

// about returns the first and last of the neighbouring bins of a number or date that
// are worth about the same as a slot, at least half and at most twice as much: bins
// are narrow where there are many customers, and of a narrow one too few are known.
// Of anything else it returns the slot.
func about(term *model.Term, slot int) (first, last int) {
	first, last = alike(term, slot)
	if term.Kind != features.Number && term.Kind != features.Date {
		return first, last
	}
	shape := term.Shape()
	here := int64(shape[slot])
	same := func(at int) bool {
		there := int64(shape[at])
		return here > 0 == (there > 0) && 2*max(here, -here) >= max(there, -there) && 2*max(there, -there) >= max(here, -here)
	}
	for first > 1 && same(first-1) {
		first--
	}
	for last < len(shape)-1 && same(last+1) {
		last++
	}
	return first, last
}

// counts returns how many accounts of those whose value is known have one of the
// slots from first to last.
func counts(term *model.Term, n []int, first, last int) (part, known int) {
	if term.IsSet() {
		return n[first], n[1]
	}
	for slot := 1; slot < len(n); slot++ {
		if known += n[slot]; slot >= first && slot <= last {
			part += n[slot]
		}
	}
	return part, known
}

// Brief writes a reason of a grade table in one line. Of a set it names what its
// items are worth by themselves.
func (t *Teller) Brief(feature, value string, micro int64) string {
	name, text := t.Name(feature), page.Clean(value)
	k, ok := t.term[feature]
	if !ok {
		return t.T("brief", name, text, t.signed(micro))
	}
	term := &t.m.Terms[k]
	items, more := shown(value)
	if !term.IsSet() || len(items)+more < 2 || len(t.m.Trees) > 0 || t.m.Grid != nil {
		if more > 0 && term.IsSet() {
			text = t.T("brief.more", page.Clean(strings.Join(items, ", ")), t.Count(int64(more)))
			return t.T("brief", name, text, t.signed(micro))
		}
		return t.T("brief", name, t.value(term, value), t.signed(micro))
	}
	parts, rest := t.parts(term, items, micro)
	if more > 0 {
		parts = append(parts, t.N("others", int64(more), t.signed(rest)))
	}
	return t.T("brief.set", name, t.signed(micro), strings.Join(parts, ", "))
}
