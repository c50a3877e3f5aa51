package drift

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// slots are how many accounts are in each slot of a term.
type slots struct {
	by           []float64 // by slot
	total, known float64
	set          bool
}

func counts(t *model.Term, by []int64) *slots {
	s := &slots{by: make([]float64, len(by)), set: t.IsSet()}
	for i, n := range by {
		s.by[i] = float64(n)
		if !s.set || i < 2 {
			s.total += float64(n)
		}
	}
	s.known = s.total - s.by[0]
	return s
}

func (s *slots) coverage() []float64 { return []float64{s.by[0], s.known} }

// has returns the table of an item: the accounts that have it and those, of the
// known, that have it not.
func (s *slots) has(item int) []float64 { return []float64{s.by[item], s.known - s.by[item]} }

// values compares the known values. Of a set it is the table of the item that
// moved most, which is the greatest of as many as could be compared.
func (l *limits) values(then, now *slots) (t *Table, item int) {
	if then.known == 0 || now.known == 0 {
		return nil, 0
	}
	if !then.set {
		return l.add(newTable(then.by[1:], now.by[1:]), 1), 0
	}
	items := 0
	for slot := 2; slot < len(then.by); slot++ {
		one := newTable(then.has(slot), now.has(slot))
		if one.Cells < 2 {
			continue
		}
		if items++; t == nil || one.PSI > t.PSI {
			t, item = one, slot
		}
	}
	return l.add(t, items), item
}

// largest returns the slot whose share of the accounts changed most, and its share
// then and now; of a set an item, or missing rather than known, which mirrors it.
// It is −1 where none changed.
func largest(then, now *slots) (slot int, was, is float64) {
	slot = -1
	most := 0.0
	for i := range then.by {
		if then.set && i == 1 {
			continue
		}
		a, b := then.by[i]/then.total, now.by[i]/now.total
		if change := math.Abs(b - a); change > most {
			slot, was, is, most = i, a, b, change
		}
	}
	return slot, was, is
}

// outside returns how many accounts had a value that is new to m's feature k, NaN
// where it was not counted.
func outside(m *model.Model, t *model.Tally, k int) float64 {
	term := &m.Terms[k]
	switch {
	case m.Experience != nil:
		return float64(t.Features[k].Outside)
	case term.Kind == features.Category:
		return float64(t.Features[k].Slots[1+len(term.Values)])
	}
	return math.NaN()
}

// shift returns by how many points feature k moved the average account: its mean
// contribution now less that of the training, ± 1.96 standard errors of
// independent samples. Of a model that has kept no experience it is known where
// contributions follow from the slots, without an interval for a set.
func shift(m *model.Model, k int, then, now *model.Tally) *Estimate {
	a, b := &then.Features[k], &now.Features[k]
	n, c := counts(&m.Terms[k], a.Slots).total, counts(&m.Terms[k], b.Slots).total
	if n == 0 || c == 0 {
		return nil
	}
	if m.Experience == nil {
		if len(m.Trees) > 0 || m.Grid != nil {
			return nil
		}
		if m.Terms[k].IsSet() {
			return linear(m.Terms[k].MicroPoints, a.Slots, b.Slots, n, c)
		}
		a.MicroPoints, a.Squares = sums(m.Terms[k].MicroPoints, a.Slots)
	}
	return difference(moments{n, a.MicroPoints, a.Squares}, moments{c, b.MicroPoints, b.Squares})
}

// linear returns the change of each slot's share times its points.
func linear(points []int32, then, now []int64, n, m float64) *Estimate {
	var d float64
	for slot, p := range points {
		d += (float64(now[slot])/m - float64(then[slot])/n) * float64(p) / model.Micro
	}
	return &Estimate{d, math.NaN(), math.NaN()}
}

// sums returns the summed contributions and their squares, as a tally has them, of
// slots that alone decide them.
func sums(points []int32, slots []int64) (sum, squares int64) {
	for slot, n := range slots {
		v := int64(points[slot])
		h := v / perHundredth
		sum += n * v
		squares += n * h * h
	}
	return sum, squares
}

// moments are the sums of n contributions, and of their squares.
type moments struct {
	n            float64
	sum, squares int64
}

func (m moments) mean() float64 { return float64(m.sum) / model.Micro / m.n }

// errorSquared returns the squared standard error of the mean, in points².
func (m moments) errorSquared() float64 {
	return max(0, float64(m.squares)/1e4/m.n-m.mean()*m.mean()) / m.n
}

// difference returns the difference of two means.
func difference(then, now moments) *Estimate {
	d := now.mean() - then.mean()
	half := 1.96 * math.Sqrt(then.errorSquared()+now.errorSquared())
	return &Estimate{d, d - half, d + half}
}
