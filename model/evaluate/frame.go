// Package evaluate measures learners out of fold and chooses between them.
//
// Every learned step, binning included, happens inside the fold: a fold's
// accounts are scored by a model that has not seen them. All figures come from
// those scores; grades of accounts that were trained on are never used.
package evaluate

import (
	"context"
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A Frame holds the accounts to learn from, in memory: customers and a sample
// of the pool.
type Frame struct {
	Batch    *datasets.Batch // one column a spec, by name
	Specs    []features.Spec // of the fit
	AsOf     int32           // date of the feature table
	Customer []bool          // by row
	Weights  []float64       // by row; a sampled pool account stands for several
	Keys     []uint64        // by row: the account's group, the accounts of one ultimate parent
	WonAt    []int32         // by row: the day a customer was won, datasets.MissingDay where unknown; nil: of none
	Learn    bool            // missing bins carry scores
	Seed     uint64
	Bins     bin.Options
	Group    *Grouping // within which to rank; nil: the pool as a whole
	Written  *Written  // grid that people wrote; nil: there is none
}

// Totals returns the number of customers and of pool rows.
func (f *Frame) Totals() (customers, pool int) {
	for _, c := range f.Customer {
		if c {
			customers++
		} else {
			pool++
		}
	}
	return customers, pool
}

// Data returns what a learner sees of some rows: their columns, binned by these
// rows alone. Invalid options of binning are an error. Within groups, the pool is
// matched to the customers; see Grouping. A grid that people wrote is its prior.
func (f *Frame) Data(rows []int32) (*model.Data, error) {
	if err := f.Bins.Validate(); err != nil {
		return nil, err
	}
	rows, weights := f.taking(rows)
	binnings := make([]bin.Binning, len(f.Specs))
	for k, spec := range f.Specs {
		binnings[k] = bin.Fit(spec, f.Batch.Column(spec.Name), rows, f.AsOf, f.Bins)
	}
	table := bin.Bin(binnings, f.Batch, f.AsOf)
	d := f.data(table.Select(rows), rows, weights)
	d.Prior = f.beliefs(d, rows)
	return d, nil
}

// Fit fits a learner on some rows.
func (f *Frame) Fit(ctx context.Context, l model.Learner, rows []int32) (*model.Fit, *model.Data, error) {
	d, err := f.Data(rows)
	if err != nil {
		return nil, nil, err
	}
	fit, err := l.Fit(ctx, *d)
	if err != nil {
		return nil, nil, err
	}
	return fit, d, nil
}

// data gives the rows of a table their labels, weights and policies.
func (f *Frame) data(t *bin.Table, rows []int32, weights []float64) *model.Data {
	d := &model.Data{Table: t, Seed: f.Seed}
	for _, r := range rows {
		d.Customer = append(d.Customer, f.Customer[r])
		d.Weights = append(d.Weights, weights[r])
		d.Keys = append(d.Keys, f.Keys[r])
	}
	for _, s := range f.Specs {
		d.Monotone = append(d.Monotone, s.Monotone)
		learn := f.Learn
		if s.Missing != "" {
			learn = s.Missing == "learn"
		}
		d.Learn = append(d.Learn, learn)
	}
	return d
}

// All returns the numbers of all rows.
func (f *Frame) All() []int32 {
	rows := make([]int32, f.Batch.Rows)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// PoolWeight returns how many pool accounts the frame's stand for.
func (f *Frame) PoolWeight() float64 {
	var sum float64
	for i, c := range f.Customer {
		if !c {
			sum += f.Weights[i]
		}
	}
	return sum
}

// customerWeight returns the weight of the customers.
func (f *Frame) customerWeight() float64 {
	var sum float64
	for i, c := range f.Customer {
		if c {
			sum += f.Weights[i]
		}
	}
	return sum
}

// Prior returns the log odds of being a customer of an account of the frame of
// which nothing is known: what turns a log lift into log odds.
func (f *Frame) Prior() float64 { return math.Log(f.customerWeight() / f.PoolWeight()) }
