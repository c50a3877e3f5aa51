package calibrate

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model/metrics"
)

// A Sample holds accounts scored out of fold, one entry a row.
type Sample struct {
	LogLift  []float64   // as learned, the mean over repeats; finite
	Repeats  [][]float64 // by repeat and row, for the slope; nil where LogLift is of one
	Customer []bool
	Weights  []float64 // finite and above 0
	Keys     []uint64  // of the account's group
	Fold     []uint8   // for cross-fitting; accounts of one group share one
	Seed     uint64    // of the bootstrap
}

// Validate reports what cannot be calibrated: slices of different lengths, a
// score that is not finite, a weight that is not above 0, and one class alone.
func (s *Sample) Validate() error {
	n := len(s.LogLift)
	if len(s.Customer) != n || len(s.Weights) != n || len(s.Keys) != n || len(s.Fold) != n {
		return fmt.Errorf("calibrate: %d scores, %d labels, %d weights, %d keys, %d folds; want the same number", n, len(s.Customer), len(s.Weights), len(s.Keys), len(s.Fold))
	}
	for r, lifts := range s.repeats() {
		if len(lifts) != n {
			return fmt.Errorf("calibrate: repeat %d has %d scores; want %d", r, len(lifts), n)
		}
		for i, l := range lifts {
			if math.IsNaN(l) || math.IsInf(l, 0) {
				return fmt.Errorf("calibrate: log lift %d is %v; want a finite number", i, l)
			}
		}
	}
	for i := range s.LogLift {
		if w := s.Weights[i]; !(w > 0) || math.IsInf(w, 0) {
			return fmt.Errorf("calibrate: weight %d is %v; want finite and above 0", i, w)
		}
	}
	if customers, pool := s.totals(); customers == 0 || pool == 0 {
		return fmt.Errorf("calibrate: %w", metrics.ErrOneClass)
	}
	return nil
}

// repeats returns the scores that the slope is fitted to.
func (s *Sample) repeats() [][]float64 {
	if s.Repeats == nil {
		return [][]float64{s.LogLift}
	}
	return s.Repeats
}

// totals returns the weight of the customers and of the pool.
func (s *Sample) totals() (customers, pool float64) {
	for i, c := range s.Customer {
		if c {
			customers += s.Weights[i]
		} else {
			pool += s.Weights[i]
		}
	}
	return customers, pool
}

// customers returns the number of customers, whatever they weigh: what a rule
// about the size of the sample goes by.
func (s *Sample) customers() int {
	n := 0
	for _, c := range s.Customer {
		if c {
			n++
		}
	}
	return n
}

// prior returns the log odds of a customer in the sample.
func (s *Sample) prior() float64 {
	customers, pool := s.totals()
	return math.Log(customers / pool)
}

// subset returns the rows for which use is true.
func (s *Sample) subset(use func(row int) bool) *Sample {
	out := &Sample{Seed: s.Seed}
	if s.Repeats != nil {
		out.Repeats = make([][]float64, len(s.Repeats))
	}
	for i := range s.LogLift {
		if use(i) {
			for r := range s.Repeats {
				out.Repeats[r] = append(out.Repeats[r], s.Repeats[r][i])
			}
			out.LogLift, out.Customer, out.Weights = append(out.LogLift, s.LogLift[i]), append(out.Customer, s.Customer[i]), append(out.Weights, s.Weights[i])
			out.Keys, out.Fold = append(out.Keys, s.Keys[i]), append(out.Fold, s.Fold[i])
		}
	}
	return out
}

// logistic returns 1 / (1 + exp(−x)), exact in both tails.
func logistic(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

// logit is the inverse of logistic: ±Inf at 0 and 1.
func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }
