package compare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A Segment counts accounts by the values of a category that both models use.
type Segment struct {
	Feature string         `json:"feature"`
	Values  []SegmentValue `json:"values"` // most accounts first; together the whole base
}

// A SegmentValue counts the accounts with one value. Any other stands for values
// that neither model knows.
type SegmentValue struct {
	Value    string `json:"value"`
	Accounts int64  `json:"accounts"`
	A        Flow   `json:"a"`
	AB       Flow   `json:"a_or_b"`
}

// ShareBefore returns the share of the accounts that the champion grades A or B.
func (v *SegmentValue) ShareBefore() float64 { return ratio(v.AB.Before, v.Accounts) }

// ShareAfter returns that of the challenger.
func (v *SegmentValue) ShareAfter() float64 { return ratio(v.AB.After, v.Accounts) }

func ratio(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// A vocabulary numbers the values of a category that one of two models knows:
// their number is bounded, whatever the base holds. 0 is a missing value, 1 any
// other.
type vocabulary struct {
	feature string
	index   map[string]int // by folded value
	labels  []string
}

// vocabularies returns those of the categories that both models use, in the order
// of the challenger's features.
func vocabularies(a, b *model.Model) []vocabulary {
	var out []vocabulary
	for i := range b.Terms {
		theirs := &b.Terms[i]
		at := slices.IndexFunc(a.Terms, func(t model.Term) bool { return t.Feature == theirs.Feature })
		if theirs.Kind != features.Category || at < 0 {
			continue
		}
		v := vocabulary{feature: theirs.Feature, index: map[string]int{}, labels: []string{"unknown", "any other"}}
		for _, t := range []*model.Term{theirs, &a.Terms[at]} {
			for k, value := range t.Values {
				if _, ok := v.index[value]; !ok {
					v.index[value] = len(v.labels)
					v.labels = append(v.labels, page.Clean(t.Labels[k]))
				}
			}
		}
		out = append(out, v)
	}
	return out
}

// number returns the number of a value.
func (v *vocabulary) number(text string) int {
	if n, ok := v.index[bin.Fold(text)]; ok {
		return n
	}
	return 1
}

// A segmenter counts the rows of one reader by the values of a category, and adds
// up what others counted.
type segmenter struct {
	of     *vocabulary
	counts []SegmentValue // by number of the value
	seen   []int          // by code of the reader's dictionary: its number
	column *datasets.Column
}

func newSegmenter(v *vocabulary) *segmenter {
	return &segmenter{of: v, counts: make([]SegmentValue, len(v.labels))}
}

// start takes the column of a batch.
func (s *segmenter) start(b *datasets.Batch) {
	s.column = b.Column(s.of.feature)
	for len(s.seen) < len(s.column.Dictionary) {
		s.seen = append(s.seen, s.of.number(s.column.Dictionary[len(s.seen)]))
	}
}

// add counts row i, whose grades' places are given.
func (s *segmenter) add(i, before, after int) {
	at := 0
	if code := s.column.Codes[i]; code >= 0 {
		at = s.seen[code]
	}
	v := &s.counts[at]
	v.Accounts++
	v.A.add(before < 1, after < 1, 1)
	v.AB.add(before < 2, after < 2, 1)
}

// merge adds the counts of another segmenter of the same category.
func (s *segmenter) merge(part *segmenter) {
	for i := range part.counts {
		s.counts[i].Accounts += part.counts[i].Accounts
		s.counts[i].A.merge(part.counts[i].A)
		s.counts[i].AB.merge(part.counts[i].AB)
	}
}

// segment returns the values that an account has.
func (s *segmenter) segment() Segment {
	out := Segment{Feature: s.of.feature, Values: []SegmentValue{}}
	for i, v := range s.counts {
		if v.Value = s.of.labels[i]; v.Accounts > 0 {
			out.Values = append(out.Values, v)
		}
	}
	slices.SortFunc(out.Values, func(a, b SegmentValue) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), strings.Compare(a.Value, b.Value))
	})
	return out
}
