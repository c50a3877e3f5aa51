package logistic

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// rareSpread is the least spread by which an indicator is divided: below it,
// dividing would undo the penalty on rare values.
const rareSpread = 0.1

// ramps is how many ramps a number has at most, beside its slope: one between
// each two of the knots at the pool's quantiles 1/ramps, 2/ramps, ….
const ramps = 5

// layOut gives f its columns.
func (f *feature) layOut(b *bin.Binning) {
	share := f.share
	if f.learn && share[0] > 0 {
		f.indicator(0, share)
	}
	switch b.Kind {
	case features.Number, features.Date:
		f.curve(middles(b.Edges), share)
	case features.Flag:
		f.indicator(2, share)
	case features.Category:
		for slot := 1; slot < len(share); slot++ {
			f.indicator(slot, share)
		}
	default:
		for slot := 2; slot < len(share); slot++ {
			f.columns = append(f.columns, column{item: true, from: slot - 2, value: []float64{1 / spread(share[slot])}})
		}
	}
}

// spread returns what an indicator is divided by.
func spread(share float64) float64 { return max(rareSpread, math.Sqrt(share*(1-share))) }

// indicator adds the column that is 1, divided by its spread, in one slot.
func (f *feature) indicator(slot int, share []float64) {
	f.columns = append(f.columns, column{from: slot, value: []float64{1 / spread(share[slot])}})
}

// middles returns the middle of every known bin on the logarithm of the size,
// with the sign kept; the end bins are as their one edge.
func middles(edges []float64) []float64 {
	signed := func(v float64) float64 { return math.Copysign(math.Log1p(math.Abs(v)), v) }
	out := make([]float64, len(edges)+1)
	for i := range out {
		if len(edges) > 0 {
			out[i] = (signed(edges[max(0, i-1)]) + signed(edges[min(i, len(edges)-1)])) / 2
		}
	}
	return out
}

// curve adds the columns of a number or date: a slope, and ramps that rise
// between two knots and are level elsewhere. Their sum has any slope between two
// knots; the penalty pulls each part's to the whole's, and where all have one
// sign, it rises or falls throughout.
func (f *feature) curve(middle, share []float64) {
	share = share[1:]
	f.slope(middle, share)
	knots := knots(share)
	if len(knots) < 3 {
		return
	}
	for i, low := range knots[:len(knots)-1] {
		v := make([]float64, len(middle))
		for s := range v {
			v[s] = max(middle[low], min(middle[s], middle[knots[i+1]]))
		}
		f.slope(v, share)
	}
}

// knots returns the first and the last slot and those that hold the quantiles
// between, ascending.
func knots(share []float64) []int {
	var known, below float64
	for _, p := range share {
		known += p
	}
	out := []int{0}
	next := 1
	for s, p := range share {
		below += p
		held := false
		for next < ramps && below >= known*float64(next)/ramps {
			next, held = next+1, true
		}
		if held && s > 0 {
			out = append(out, s)
		}
	}
	if last := len(share) - 1; out[len(out)-1] < last {
		out = append(out, last)
	}
	return out
}

// slope adds v, one value a known slot, as a column, centred and divided by its
// spread over the known pool. One that does not vary there is left out.
func (f *feature) slope(v, share []float64) {
	var mean, known float64
	for s, p := range share {
		mean += p * v[s]
		known += p
	}
	if known == 0 {
		return
	}
	mean /= known
	var variance float64
	out := make([]float64, len(v))
	for s, p := range share {
		out[s] = v[s] - mean
		variance += p * out[s] * out[s] / known
	}
	if variance < 1e-12 {
		return
	}
	for s := range out {
		out[s] /= math.Sqrt(variance)
	}
	f.columns = append(f.columns, column{from: 1, value: out})
}
