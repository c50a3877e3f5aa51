package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/nearest"
)

// namedValues is how many values of a change are named.
const namedValues = 4

// Nearest puts an answer into words; nil is nil.
func (t *Teller) Nearest(a *nearest.Answer) *Nearest {
	if a == nil {
		return nil
	}
	out := &Nearest{Grade: a.Grade, Searched: a.Searched, Unknown: []Way{}, Any: []Way{}}
	for _, w := range a.Unknown {
		out.Unknown = append(out.Unknown, t.way(w, a.Grade))
	}
	for _, w := range a.Any {
		out.Any = append(out.Any, t.way(w, a.Grade))
	}
	switch {
	case len(a.Unknown)+len(a.Any) > 0:
	case a.Searched == 0:
		out.None = t.T("near.nothing", a.Grade)
	default:
		out.None = t.N("near.none", int64(a.Searched), a.Grade)
	}
	return out
}

func (t *Teller) way(w nearest.Way, grade string) Way {
	var out Way
	var verbs, conditions []string
	for _, c := range w.Changes {
		change, condition := t.change(c)
		out.Changes = append(out.Changes, change)
		conditions = append(conditions, condition)
		verb := "near.find"
		if c.Known {
			verb = "near.check"
		}
		verbs = append(verbs, t.T(verb, t.Name(change.Feature)))
	}
	out.Sentence = sentence(t.T("near.way", t.list(verbs, "and"), grade, t.list(conditions, "and")))
	return out
}

// change returns a change, and the condition in words.
func (t *Teller) change(c nearest.Change) (Change, string) {
	term := &t.m.Terms[c.Term]
	out := Change{Feature: term.Feature, Known: c.Known}
	label := t.labels[c.Term]
	slots := slices.Clone(c.Slots)
	ordered := term.Kind == features.Number || term.Kind == features.Date
	if !ordered {
		slices.SortStableFunc(slots, func(a, b int) int { return cmp.Compare(term.Pool[b], term.Pool[a]) })
	}
	for i := 0; i < len(slots); {
		first, last := slots[i], slots[i]
		for i++; ordered && i < len(slots) && slots[i] == last+1; i++ {
			last = slots[i]
		}
		out.Values = append(out.Values, label.Slots(first, last))
	}
	named := out.Values[:min(len(out.Values), namedValues)]
	text := t.list(named, "or")
	if more := len(out.Values) - len(named); more > 0 {
		text = t.N("near.more", int64(more), strings.Join(named, ", "))
	}
	key := "near.value"
	if term.IsSet() {
		key = "near.item"
	}
	text = t.T(key, t.Name(term.Feature), text)
	if c.Share >= 0 {
		share := c.Share
		out.Share = &share
		key = "near.share"
		if term.IsSet() && len(c.Slots) > 1 {
			key = "near.commonest"
		}
		text += " " + t.T(key, t.Percent(share))
	}
	return out, text
}

// Label names a slot of a term.
func (t *Teller) Label(k, slot int) string { return t.labels[k].Slots(slot, slot) }

// Alike says what a similar customer and the account share.
func (t *Teller) Alike(s *Similar) string {
	if len(s.Shared) == 0 {
		return t.T("alike.none")
	}
	var parts []string
	for _, v := range s.Shared {
		parts = append(parts, t.Name(v.Feature)+" "+page.Clean(v.Value)+" ("+t.signed(v.MicroPoints)+")")
	}
	return t.list(parts, "and")
}
