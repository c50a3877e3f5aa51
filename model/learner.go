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
	Customer []bool    // true: customer; false: pool
	Weights  []float64 // finite, > 0
	Keys     []uint64  // of the account's group: what is sampled together
	Monotone []int     // +1 more is better, -1 less is better, 0 either
	Learn    []bool    // the missing bin carries a score of its own; else the pool's average
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
	if limit >= float64(len(d.Keys)) { // there is a customer
		return 1
	}
	var groups [2]map[uint64]bool
	for class := range groups {
		groups[class] = map[uint64]bool{}
	}
	for i, k := range d.Keys {
		class := 0
		if d.Customer[i] {
			class = 1
		}
		groups[class][k] = true
	}
	return min(1, limit*float64(len(groups[1]))/float64(max(1, len(groups[0]))))
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

// A Fit is a learner's result on the log-odds scale: a table of additive
// scores, and trees whose values are added to it. A learner of trees alone has
// a table of zeros.
type Fit struct {
	Intercept float64
	Scores    [][]float64 // by feature and slot
	Spread    [][]float64 // standard deviation over bags, same shape; nil where there are none
	Trees     []Tree
}

// Margin returns the log odds of one row of t.
func (f *Fit) Margin(t *bin.Table, row int) float64 {
	m := f.Intercept
	for k := range t.Columns {
		c, s := &t.Columns[k], f.Scores[k]
		m += s[c.Codes[row]]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[row]:c.Offsets[row+1]] {
				m += s[2+int(item)]
			}
		}
	}
	for j := range f.Trees {
		m += f.Trees[j].Values[f.Trees[j].Leaf(t, row)]
	}
	return m
}

// Recentre moves the intercept to where the customers expected by f are as
// many as there are in d: the one-dimensional maximum of the likelihood, by
// Newton's method.
func (f *Fit) Recentre(d *Data) {
	margins := make([]float64, d.Table.Rows)
	for i := range margins {
		margins[i] = f.Margin(d.Table, i) - f.Intercept
	}
	f.RecentreOn(d, margins)
}

// RecentreOn is Recentre for those who know the margins without the intercept.
func (f *Fit) RecentreOn(d *Data, margins []float64) {
	for range 50 {
		var g, h float64
		for i, m := range margins {
			p := 1 / (1 + math.Exp(-m-f.Intercept))
			y := 0.0
			if d.Customer[i] {
				y = 1
			}
			g += d.Weights[i] * (y - p)
			h += d.Weights[i] * p * (1 - p)
		}
		step := max(-1, min(1, g/max(h, 1e-12)))
		f.Intercept += step
		if math.Abs(step) < 1e-12 {
			return
		}
	}
}

// Neutralise gives the missing bin of every feature that may not learn one the
// average score of the pool's known values: then being unknown says nothing.
// Where no pool account has a known value, being known would say it all: the
// feature then scores 0 throughout.
func (f *Fit) Neutralise(d *Data) {
	for k := range d.Table.Columns {
		if d.Learn[k] {
			continue
		}
		known, mean := f.poolMean(d, k)
		if known > 0 {
			f.Scores[k][0] = mean
		} else {
			clear(f.Scores[k])
		}
	}
}

// poolMean returns the weight of the pool accounts whose value of feature k is
// known, and their mean score.
func (f *Fit) poolMean(d *Data, k int) (known, mean float64) {
	c, s := &d.Table.Columns[k], f.Scores[k]
	var sum float64
	for i, code := range c.Codes {
		if d.Customer[i] || code == 0 {
			continue
		}
		w := d.Weights[i]
		known += w
		sum += w * s[code]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				sum += w * s[2+int(item)]
			}
		}
	}
	if known == 0 {
		return 0, 0
	}
	return known, sum / known
}
