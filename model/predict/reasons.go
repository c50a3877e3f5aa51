package predict

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// Reasons is how many reasons a scored row has at most.
const Reasons = 5

// reasons collects the strongest contributions of each row.
type reasons struct {
	m       *model.Model
	display []*model.Display // by feature of the fit
	columns []*datasets.Column
	feature texts
	value   texts

	offsets  []int32
	features []int32
	values   []int32
	micro    []int64
}

func newReasons(m *model.Model, asOf int32) *reasons {
	r := &reasons{m: m, columns: make([]*datasets.Column, len(m.Terms))}
	for k := range m.Terms {
		r.display = append(r.display, model.NewDisplay(m.Specs[k], &m.Terms[k]))
	}
	r.reset()
	return r
}

func (r *reasons) reset() {
	r.feature.reset()
	r.value.reset()
	for _, d := range r.display {
		d.NewReader()
	}
}

func (r *reasons) start(batch *datasets.Batch, s *model.Scores) {
	for k := range r.columns {
		r.columns[k] = batch.Column(r.m.Terms[k].Feature)
	}
	r.offsets = append(r.offsets[:0], 0)
	r.features, r.values, r.micro = r.features[:0], r.values[:0], r.micro[:0]
}

// none closes a row without reasons.
func (r *reasons) none() { r.offsets = append(r.offsets, int32(len(r.features))) }

// add appends the strongest contributions of row i, by absolute value, ties in
// the order of the features: of the known features, and of unknown ones that
// carry points.
func (r *reasons) add(s *model.Scores, i int) {
	var top [Reasons]struct {
		strength int32
		k        int
	}
	n := 0
	for k, c := range s.Contributions {
		strength := c[i]
		if strength < 0 {
			strength = -strength
		}
		if strength == 0 && s.Unknown[k][i] {
			continue
		}
		if n == Reasons && strength <= top[n-1].strength {
			continue
		}
		if n < Reasons {
			n++
		}
		at := n - 1
		for at > 0 && strength > top[at-1].strength {
			top[at] = top[at-1]
			at--
		}
		top[at].strength, top[at].k = strength, k
	}
	for _, t := range top[:n] {
		r.features = append(r.features, r.feature.code(r.m.Terms[t.k].Feature))
		text := "unknown"
		if !s.Unknown[t.k][i] {
			text = r.display[t.k].Value(r.columns[t.k], i)
		}
		r.values = append(r.values, r.value.code(text))
		r.micro = append(r.micro, int64(s.Contributions[t.k][i]))
	}
	r.none()
}

func (r *reasons) finish(dst *datasets.Column) {
	dst.Offsets = append(dst.Offsets[:0], r.offsets...)
	dst.Children[0].Codes = append(dst.Children[0].Codes, r.features...)
	dst.Children[0].Dictionary = r.feature.list
	dst.Children[1].Codes = append(dst.Children[1].Codes, r.values...)
	dst.Children[1].Dictionary = r.value.list
	dst.Children[2].Integers = append(dst.Children[2].Integers, r.micro...)
	dst.Null = slices.Grow(dst.Null[:0], len(r.offsets))
	for i := range len(r.offsets) - 1 {
		dst.Null = append(dst.Null, r.offsets[i] == r.offsets[i+1])
	}
}
