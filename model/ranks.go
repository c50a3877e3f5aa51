package model

import (
	"slices"

	"github.com/icpfit/icpfit/model/bin"
)

// Ranks tell where margins stand among the quantiles of a pool, as Percentile does,
// for many margins.
type Ranks struct {
	marks   []int64 // distinct quantiles
	finder  *bin.Finder
	at      []float64 // by mark: the percentile of a margin equal to it
	between []float64 // by mark: of margins below it and above the one before; then of those above all
}

// NewRanks returns the ranks among ascending quantiles.
func NewRanks(quantiles []int64) *Ranks {
	r := &Ranks{marks: slices.Compact(slices.Clone(quantiles))}
	ordered := make([]uint64, len(r.marks))
	for i, v := range r.marks {
		ordered[i] = order(v)
	}
	r.finder = bin.NewFinder(ordered)
	for i, v := range r.marks {
		r.at = append(r.at, Percentile(quantiles, v))
		below := 0.0
		if i > 0 {
			below = Percentile(quantiles, v-1) // unused where the mark before is v-1
		}
		r.between = append(r.between, below)
	}
	r.between = append(r.between, 100)
	if len(quantiles) < 2 {
		r.between = slices.Repeat([]float64{50}, len(r.between))
	}
	return r
}

// order maps numbers to ones without sign in the same order.
func order(v int64) uint64 { return uint64(v) ^ 1<<63 }

// Cell returns how many of the distinct quantiles are below v.
func (r *Ranks) Cell(v int64) int { return r.finder.Below(order(v)) }

// Percentile is that of v among the quantiles.
func (r *Ranks) Percentile(v int64) float64 {
	cell := r.Cell(v)
	if cell < len(r.marks) && r.marks[cell] == v {
		return r.at[cell]
	}
	return r.between[cell]
}
