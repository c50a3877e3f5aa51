// Package baseline holds what a learner must beat to be worth having: the best
// single feature, and the size of the company alone.
//
// Both score the bins of one feature by their smoothed log density ratio,
//
//	ln( (P_b + ½) / (P + ½·bins) ) − ln( (U_b + ½·U/P) / (U + ½·bins·U/P) )
//
// where P_b and U_b are the weights of the customers and of the pool in bin b:
// half a customer, and the pool that goes with it, is added to every bin. Items
// of a set are scored one by one and added.
package baseline

import (
	"context"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Single ranks by the one feature that ranks best alone where it is fitted.
type Single struct{}

// Name returns "single feature".
func (Single) Name() string { return "single feature" }

// Fit scores the bins of the feature whose bins rank the rows of d best. The
// choice is part of the fit: out of fold it is made anew in every fold.
func (Single) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	best, highest := 0, 0.0
	for k := range d.Table.Columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		auc, err := alone(&d, k)
		if err != nil {
			return nil, err
		}
		if auc > highest {
			best, highest = k, auc
		}
	}
	return fit(&d, best), nil
}

// alone returns the AUC of feature k on the rows it is fitted on.
func alone(d *model.Data, k int) (float64, error) {
	r, err := metrics.Rank(fit(d, k).Margins(d.Table), d.Customer, d.Weights, nil)
	if err != nil {
		return 0, err
	}
	return r.Summarise(nil).AUC, nil
}

// A Named ranks by the feature of that name.
type Named struct{ Label, Feature string }

// Name returns the label.
func (n Named) Name() string { return n.Label }

// Fit scores the bins of the feature, which must be one of d's.
func (n Named) Fit(_ context.Context, d model.Data) (*model.Fit, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	for k := range d.Table.Binnings {
		if d.Table.Binnings[k].Feature == n.Feature {
			return fit(&d, k), nil
		}
	}
	return nil, fmt.Errorf("baseline: no feature %q", n.Feature)
}

// fit returns a table in which only feature k has scores.
func fit(d *model.Data, k int) *model.Fit {
	f := &model.Fit{Scores: make([][]float64, len(d.Table.Columns))}
	for j := range f.Scores {
		f.Scores[j] = make([]float64, d.Table.Binnings[j].Slots())
	}
	c := &d.Table.Columns[k]
	slots := len(f.Scores[k])
	in := [2][]float64{make([]float64, slots), make([]float64, slots)} // pool, customers
	for i, code := range c.Codes {
		class := 0
		if d.Customer[i] {
			class = 1
		}
		in[class][code] += d.Weights[i]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				in[class][2+int(item)] += d.Weights[i]
			}
		}
	}
	customers, pool := d.Totals()
	for slot := range slots {
		f.Scores[k][slot] = math.Log((in[1][slot]+0.5)/(customers+0.5*float64(slots))) -
			math.Log((in[0][slot]+0.5*pool/customers)/(pool+0.5*float64(slots)*pool/customers))
	}
	f.Neutralise(d)
	f.Recentre(d)
	return f
}
