package explain

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// Pitch writes a reason as one short sentence that can be repeated to a customer: the
// value, and how common it is among customers where that speaks for the points. Of a
// set it names the item that weighs most in the direction of the points, of words the
// word; how many more there are comes last, since no share is theirs.
func (t *Teller) Pitch(r Reason) string {
	term := &t.m.Terms[r.Term]
	name, value, slot := t.Feature(term.Feature), t.value(term, r.Value), int(r.Column.Codes[0])
	if term.IsSet() && slot != 0 && len(r.Items) > 0 {
		return t.pitchItem(r, term, name)
	}
	switch {
	case slot == 0:
		return t.T("pitch", name, t.T("value.unknown"))
	case term.IsSet():
		return t.T("pitch", name, t.T("value.none"))
	}
	if term.Kind == features.Number && r.MicroPoints != 0 {
		value = t.Value(term.Kind, whole(r.Value))
	}
	first, last := around(term, slot, r.MicroPoints)
	ours, theirs, ok := t.sides(term, first, last, r.MicroPoints)
	ranged := term.Kind == features.Number || term.Kind == features.Date
	switch {
	case !ok,
		ranged && last-first+2 == term.Slots(), // every known value is worth the same
		term.Kind == features.Category && slot > len(term.Values):
		return t.T("pitch", name, value)
	}
	if ranged {
		key := "pitch.range"
		if term.Kind == features.Number && t.m.Specs[r.Term].Parser != "year" {
			key = "pitch.have"
		}
		return t.T(key, name, value, ours, t.labels[r.Term].About(first, last), theirs)
	}
	return t.T("pitch.same", name, value, ours, theirs)
}

// pitchItem is Pitch of a reason of a set or of words that has items.
func (t *Teller) pitchItem(r Reason, term *model.Term, name string) string {
	item, slot := heaviest(term, r.Items, r.MicroPoints)
	alone, same := "pitch", "pitch.same"
	if term.Kind == features.Words {
		alone, same = "pitch.words", "pitch.words.same"
	}
	said := t.T(alone, name, page.Clean(item))
	if slot != 0 {
		if ours, theirs, ok := t.sides(term, slot, slot, r.MicroPoints); ok {
			said = t.T(same, name, page.Clean(item), ours, theirs)
		}
	}
	if more := len(r.Items) - 1; more > 0 && term.Kind != features.Words {
		return t.N("pitch.rest", int64(more), strings.TrimSuffix(said, "."))
	}
	return said
}

// sides returns the shares of customers and of other accounts in slots first to last
// of a term, among those where it is known; false where nobody is, where the points
// are slight, and where the shares do not explain them.
func (t *Teller) sides(term *model.Term, first, last int, micro int64) (ours, theirs string, ok bool) {
	customers, all := counts(term, term.Customers, first, last)
	pool, rest := counts(term, term.Pool, first, last)
	more := cmp.Compare(customers*rest, pool*all)
	if all == 0 || rest == 0 || slight(micro) || more == 0 || more > 0 != (micro > 0) {
		return "", "", false
	}
	return t.Whole(float64(customers) / float64(all)), t.Whole(float64(pool) / float64(rest)), true
}

// Bare writes no more than a feature and its value, in the language of the teller.
func (t *Teller) Bare(feature, value string) string {
	return t.T("pitch", t.Feature(feature), value)
}

// around returns the first and last of the neighbouring bins of a number or date that
// speak for the same as the slot: bins are narrow where there are many customers, and
// a narrow one holds few of them. Of anything else it returns the slot.
func around(term *model.Term, slot int, micro int64) (first, last int) {
	first, last = alike(term, slot)
	if term.Kind != features.Number && term.Kind != features.Date {
		return first, last
	}
	shape := term.Shape()
	same := func(at int) bool { return shape[at] != 0 && shape[at] > 0 == (micro > 0) }
	for same(slot) && first > 1 && same(first-1) {
		first--
	}
	for same(slot) && last < len(shape)-1 && same(last+1) {
		last++
	}
	return first, last
}

// whole drops the decimals of a number from 10 on: 30.5 is the middle of a range of
// whole employees.
func whole(text string) string {
	at := strings.IndexByte(text, '.')
	if at < 2 || text[0] == '-' {
		return text
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil {
		return text
	}
	return bin.Short(math.Round(v))
}

// heaviest returns the item that adds most to points of that sign, and its slot, 0
// where the model knows none of the items.
func heaviest(term *model.Term, items []string, micro int64) (item string, slot int) {
	slots, sign := slotsOf(term), int64(1)
	if micro < 0 {
		sign = -1
	}
	item = items[0]
	var most int64
	for _, it := range items {
		at, ok := slots[bin.Fold(it)]
		if !ok {
			continue
		}
		if worth := sign * int64(term.Shape()[at]); slot == 0 || worth > most {
			item, slot, most = it, at, worth
		}
	}
	return item, slot
}
