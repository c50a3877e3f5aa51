package train

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// A shapes collects the features' shapes of several fits, at the bins of one
// model.
type shapes struct {
	f       *evaluate.Frame
	m       *model.Model
	columns []bin.Column
	fits    int
	effects [][][]float64 // by feature, slot and fit: micro-points; nil: no account is in the slot
	knows   [][]int       // by feature and slot: how many fits know it
}

func newShapes(f *evaluate.Frame, m *model.Model, fits int) *shapes {
	s := &shapes{f: f, m: m, fits: fits, columns: make([]bin.Column, len(m.Terms)), effects: make([][][]float64, len(m.Terms)), knows: make([][]int, len(m.Terms))}
	for k := range m.Terms {
		t := &m.Terms[k]
		bin.NewApplier(&t.Binning, f.AsOf).Apply(&s.columns[k], f.Batch.Column(t.Feature), f.Batch.Rows)
		s.effects[k], s.knows[k] = make([][]float64, t.Slots()), make([]int, t.Slots())
	}
	return s
}

// add takes the shapes of a fit, given its number, that was scored on all rows;
// fits come in any order. Its bins are its own: the effect of a bin of the model is
// the mean contribution over the accounts in it, and that of an item the one it has
// in the fit, 0 where the fit does not know it.
func (s *shapes) add(fit int, m *model.Model, scores *model.Scores) {
	for k := range s.m.Terms {
		t := &s.m.Terms[k]
		if t.IsSet() {
			s.addItems(fit, k, &m.Terms[k])
			continue
		}
		sum, weight := make([]float64, t.Slots()), make([]float64, t.Slots())
		for i, code := range s.columns[k].Codes {
			sum[code] += s.f.Weights[i] * float64(scores.Contributions[k][i])
			weight[code] += s.f.Weights[i]
		}
		for slot := range sum {
			if weight[slot] > 0 {
				s.put(fit, k, slot, sum[slot]/weight[slot])
				s.knows[k][slot]++
			}
		}
	}
}

func (s *shapes) addItems(fit, k int, other *model.Term) {
	t := &s.m.Terms[k]
	at := map[string]int{}
	for i, item := range other.Items {
		at[item] = 2 + i
	}
	for slot := range s.effects[k] {
		v := 0.0
		switch shape := other.Shape(); {
		case slot < 2:
			v = float64(shape[slot])
			s.knows[k][slot]++
		case at[t.Items[slot-2]] > 0:
			v = float64(shape[at[t.Items[slot-2]]])
			s.knows[k][slot]++
		}
		s.put(fit, k, slot, v)
	}
}

func (s *shapes) put(fit, k, slot int, effect float64) {
	if s.effects[k][slot] == nil {
		s.effects[k][slot] = make([]float64, s.fits)
	}
	s.effects[k][slot][fit] = effect
}

// set stores the spread of m's terms: the standard error of each slot's effect by
// the delete-a-group jackknife,
//
//	se² = (G−1)/G Σ_g (e_g − ē)²
//
// where e_g is the effect in the fit without fold g. Such fits share most of their
// accounts, so they differ less than fits of fresh ones would: the plain standard
// deviation is too small, and (G−1)/G in place of 1/(G−1) makes up for it. What
// no fold shows, such as customers of a kind not seen yet, is not in it. Of an
// item that is too rare for every fold's vocabulary nothing is shown at all: its
// spread is as large as its effect.
//
// Kott, "The delete-a-group jackknife", Journal of Official Statistics 17 (2001).
func (s *shapes) set(m *model.Model) {
	for k := range m.Terms {
		t := &m.Terms[k]
		t.Spread = make([]int32, t.Slots())
		for slot, e := range s.effects[k] {
			se := jackknife(e)
			if s.knows[k][slot] == 0 {
				se = math.Abs(float64(m.Terms[k].MicroPoints[slot]))
			}
			t.Spread[slot] = int32(min(math.MaxInt32, math.Round(se)))
		}
	}
}

// jackknife returns the standard error of a figure from its values without one
// group each.
func jackknife(v []float64) float64 {
	g := float64(len(v))
	if g < 2 {
		return 0
	}
	var mean, squares float64
	for _, x := range v {
		mean += x / g
	}
	for _, x := range v {
		squares += (x - mean) * (x - mean)
	}
	return math.Sqrt((g - 1) / g * squares)
}
