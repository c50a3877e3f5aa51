package model

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model/bin"
)

// A Learner fits scores to binned accounts.
//
// Fit returns one score a slot of every feature, in log odds of being a
// customer rather than a pool account, or an error: ErrOneClass when there are
// no customers or no pool, ctx.Err() when the caller gave up. It does not
// change its arguments, and the same arguments give the same scores, whatever
// the number of processors.
type Learner interface {
	Name() string
	Fit(ctx context.Context, d Data) (*Fit, error)
}

// Data is what a learner sees. Customer, Weights and Keys have one entry a
// row; Monotone and Learn one a feature.
type Data struct {
	Table    *bin.Table
	Customer []bool      // true: customer; false: pool
	Weights  []float64   // finite, > 0
	Keys     []uint64    // of the account's group: what is sampled together
	Monotone []int       // +1 more is better, -1 less is better, 0 either
	Learn    []bool      // the missing bin carries a score of its own; else the pool's average
	Prior    [][]float64 // by feature and slot: log odds held likely beforehand; nil, or nil of a feature: none
	Seed     uint64
}

// ErrOneClass is returned by learners when all rows are customers, or none is.
var ErrOneClass = errors.New("one class only; want customers and a pool")

// Validate reports what no learner can use.
func (d *Data) Validate() error {
	rows, cols := d.Table.Rows, len(d.Table.Columns)
	if len(d.Customer) != rows || len(d.Weights) != rows || len(d.Keys) != rows {
		return fmt.Errorf("model: %d rows with %d labels, %d weights, %d keys; want the same number", rows, len(d.Customer), len(d.Weights), len(d.Keys))
	}
	if len(d.Monotone) != cols || len(d.Learn) != cols {
		return fmt.Errorf("model: %d features with %d signs, %d policies; want the same number", cols, len(d.Monotone), len(d.Learn))
	}
	if d.Prior != nil && len(d.Prior) != cols {
		return fmt.Errorf("model: %d features with %d priors; want the same number, or none", cols, len(d.Prior))
	}
	for k, prior := range d.Prior {
		if want := d.Table.Binnings[k].Slots(); prior != nil && len(prior) != want {
			return fmt.Errorf("model: prior of feature %d has %d slots; want %d", k, len(prior), want)
		}
		for slot, v := range prior {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("model: prior of feature %d, slot %d is %v; want a finite number", k, slot, v)
			}
		}
	}
	for i, w := range d.Weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return fmt.Errorf("model: weight of row %d is %v; want finite and above 0", i, w)
		}
	}
	if c, p := d.Totals(); c == 0 || p == 0 {
		return fmt.Errorf("model: %w", ErrOneClass)
	}
	return nil
}

// PoolShare returns the share of the pool to sample for at most limit groups of
// the pool a group of customers, at most 1. Groups are counted, not weights: a
// row with weight 2 is a row given twice, and a pool that was sampled before is
// not sampled for that again.
func (d *Data) PoolShare(limit float64) float64 {
	groups := func(customer bool) (n, rows int) {
		seen := map[uint64]bool{}
		for i, k := range d.Keys {
			if d.Customer[i] == customer {
				seen[k] = true
				rows++
			}
		}
		return len(seen), rows
	}
	customers, rows := groups(true)
	if most := limit * float64(customers); float64(len(d.Keys)-rows) <= most {
		return 1 // no more groups than rows
	}
	pool, _ := groups(false)
	return min(1, limit*float64(customers)/float64(max(1, pool)))
}

// SamplePool returns which rows take part when a share of the pool does: all
// customers, and the pool groups whose hash with seed says so. The weights of
// the sampled pool rows are to be multiplied by factor, to stand for the rest.
// Where the sample would be empty, all rows take part.
func (d *Data) SamplePool(share float64, seed uint64) (use []bool, factor float64) {
	use = make([]bool, len(d.Keys))
	sampled := false
	for i, k := range d.Keys {
		use[i] = d.Customer[i] || share == 1 || Uniform(k, seed) < share
		sampled = sampled || use[i] && !d.Customer[i]
	}
	if !sampled {
		for i := range use {
			use[i] = true
		}
		return use, 1
	}
	return use, 1 / share
}

// Totals returns the weight of the customers and of the pool.
func (d *Data) Totals() (customers, pool float64) {
	for i, c := range d.Customer {
		if c {
			customers += d.Weights[i]
		} else {
			pool += d.Weights[i]
		}
	}
	return customers, pool
}
