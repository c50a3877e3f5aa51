package drift

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// bandCount is how many bands, of equal shares of the pool trained on, scores are
// compared by.
const bandCount = 20

// A Score is how the points of the pool drifted. Shift and Mean are of all
// accounts of the pool, the rest of those that are scored.
type Score struct {
	Bands    *Table    // twentieths of the pool trained on, by the model's pool quantiles; nil: too few accounts
	Night    *Table    // the same against the night before; nil: none
	KS       float64   // Kolmogorov–Smirnov distance, at the model's pool quantiles, a thousandth of the pool apart
	KSChance float64   // what chance passes at Level
	Shift    *Estimate // points by which the average account moved: the sum of those of the features

	Mean   [3]float64 // points of the average account then, before and now; NaN: none
	Scored [3]int64   // accounts
}

// sides returns the three tallies that are compared; before may be nil.
func sides(then, before, now *model.Tally) [3]*model.Tally {
	return [3]*model.Tally{Then: then, Before: before, Now: now}
}

// score compares the points of two pools, and with that of the night before.
func (l *limits) score(m *model.Model, then, before, now *model.Tally) *Score {
	a, c := numbers(then.Cells), numbers(now.Cells)
	ks, err := metrics.KolmogorovSmirnov(a, c)
	if err != nil { // nothing was scored
		return nil
	}
	s := &Score{KS: ks, KSChance: metrics.KolmogorovSmirnovLimit(float64(then.Scored), float64(now.Scored), Level)}
	s.Bands = l.add(newTable(bands(a, a), bands(a, c)), 1)
	if before != nil {
		s.Night = l.add(newTable(bands(a, numbers(before.Cells)), bands(a, c)), 1)
	}
	s.Shift = difference(whole(then), whole(now))
	for i, t := range sides(then, before, now) {
		s.Mean[i] = math.NaN()
		if t == nil {
			continue
		}
		s.Scored[i] = t.Scored
		if t.Accounts > 0 {
			s.Mean[i] = m.BasePoints + whole(t).mean()
		}
	}
	return s
}

// whole returns the moments of the margins.
func whole(t *model.Tally) moments { return moments{float64(t.Accounts), t.Margin, t.Squares} }

// bands sums cells into bandCount bands that hold equal shares of reference, as
// far as its cells allow.
func bands(reference, cells []float64) []float64 {
	var total float64
	for _, n := range reference {
		total += n
	}
	out := make([]float64, bandCount)
	below, band := 0.0, 0
	for i, n := range cells {
		out[band] += n
		below += reference[i]
		for band < bandCount-1 && below >= total*float64(band+1)/bandCount {
			band++
		}
	}
	return out
}

func numbers(counts []int64) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out
}

// A Grade is the share of the scored pool that the model grades so, without
// hysteresis and without decisions by hand: then, before and now; NaN: not known.
type Grade struct {
	Grade string
	Share [3]float64
}

func grades(m *model.Model, of [3]*model.Tally) []Grade {
	out := make([]Grade, len(m.Grades.Cuts))
	for i := range out {
		out[i].Grade = m.Grades.Cuts[i].Grade
		for side, t := range of {
			out[i].Share[side] = math.NaN()
			if t != nil && t.Scored > 0 {
				out[i].Share[side] = float64(t.Grades[i]) / float64(t.Scored)
			}
		}
	}
	return out
}

// A Novelty counts the accounts outside the experience: those of the scored pool
// that have at least one value which is new to the model. Values that were too
// rare in the training to have a bin are new as well, so it is not 0 then.
type Novelty struct {
	Share [3]float64 // then, before and now; NaN: not known
	Table *Table     // nil: nothing to compare
}

func (l *limits) novelty(of [3]*model.Tally) Novelty {
	var n Novelty
	for side, t := range of {
		n.Share[side] = math.NaN()
		if t != nil && t.Scored > 0 {
			n.Share[side] = float64(t.Outside) / float64(t.Scored)
		}
	}
	cells := func(t *model.Tally) []float64 { return numbers([]int64{t.Outside, t.Scored - t.Outside}) }
	n.Table = l.add(newTable(cells(of[Then]), cells(of[Now])), 1)
	return n
}
