// Package modeltest holds the checks that every learner must pass.
//
// A learner's own test is one line, beside those of its options:
//
//	func TestLearner(t *testing.T) { modeltest.TestLearner(t, logistic.Learner{Options: logistic.DefaultOptions()}) }
//
//	modeltest.go   the suite
//	laws.go        what holds of any fit: determinism, weights, order, neutrality
//	refuse.go      what a learner refuses
//	recover.go     planted truths that must be found, and noise that must not
//	planted.go     the data
//	margins.go     what a fit, of whatever form, makes of accounts and their cells
package modeltest

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/icpfit/icpfit/model"
)

// Least is the least correlation of the margins with planted truths.
type Least struct {
	Planted   float64 // 2,000 customers, an additive truth
	Generated float64 // a generated base, with a peak and an interaction
	Heavy     float64 // 1,000 customers, and a pool each account of which stands for 500
}

// Smooth is what learners reach that can express an additive truth.
var Smooth = Least{Planted: 0.97, Generated: 0.9, Heavy: 0.95}

// A check is one thing that holds of every learner; it returns the fault.
type check struct {
	name string
	run  func(ctx context.Context, l model.Learner) error
}

// with returns a check that knows the least correlations.
func with(least Least, run func(ctx context.Context, l model.Learner, least Least) error) func(context.Context, model.Learner) error {
	return func(ctx context.Context, l model.Learner) error { return run(ctx, l, least) }
}

func checks(least Least) []check {
	return []check{
		{"same input, same fit", same},
		{"leaves its arguments alone", unchanged},
		{"weight 2 is the row twice", twice},
		{"order of rows", permuted},
		{"number of processors", processors},
		{"neutral missing bin", neutral},
		{"learned missing bin", learned},
		{"known to customers only", customersOnly},
		{"constant and empty features", constant},
		{"infinite numbers", infinite},
		{"monotone sign", monotone},
		{"intercept", intercept},
		{"a pool that stands for more", with(least, heavyPool)},
		{"few customers", few},
		{"one class", oneClass},
		{"bad weights", badWeights},
		{"wrong lengths", lengths},
		{"cancelled", cancelled},
		{"planted truth", with(least, recovers)},
		{"generated base", with(least, recoversSample)},
		{"no signal", noise},
	}
}

// TestLearner runs the checks that every learner must pass.
func TestLearner(t *testing.T, l model.Learner) {
	t.Helper()
	TestLearnerOf(t, l, Smooth)
}

// TestLearnerOf is TestLearner for learners whose margins follow a truth less
// closely: it is for them to say why.
func TestLearnerOf(t *testing.T, l model.Learner, least Least) {
	t.Helper()
	if l.Name() == "" {
		t.Error("the learner has no name")
	}
	for _, c := range checks(least) {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(t.Context(), l); err != nil {
				t.Error(err)
			}
		})
	}
}

// fit returns the fit of d, which must succeed and have finite scores of the
// shape of d's binnings.
func fit(ctx context.Context, l model.Learner, d model.Data) (*model.Fit, error) {
	f, err := l.Fit(ctx, d)
	if err != nil {
		return nil, err
	}
	if len(f.Scores) != len(d.Table.Binnings) {
		return nil, fmt.Errorf("scores of %d features, want %d", len(f.Scores), len(d.Table.Binnings))
	}
	for k, s := range f.Scores {
		if want := d.Table.Binnings[k].Slots(); len(s) != want || f.Spread != nil && len(f.Spread[k]) != want {
			return nil, fmt.Errorf("feature %d has %d scores, want %d", k, len(s), want)
		}
		for slot, v := range s {
			if !finite(v) {
				return nil, fmt.Errorf("feature %d, slot %d scores %v", k, slot, v)
			}
		}
	}
	for j := range f.Trees {
		if err := sound(&f.Trees[j], d); err != nil {
			return nil, fmt.Errorf("tree %d: %w", j, err)
		}
	}
	if !finite(f.Intercept) {
		return nil, fmt.Errorf("the intercept is %v", f.Intercept)
	}
	return f, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// fits returns the fits of two forms of the same data and how far their margins
// are apart.
func fits(ctx context.Context, l model.Learner, a, b model.Data) (x, y *model.Fit, far float64, err error) {
	if x, err = fit(ctx, l, a); err != nil {
		return nil, nil, 0, err
	}
	if y, err = fit(ctx, l, b); err != nil {
		return nil, nil, 0, err
	}
	other := margins(y, a)
	for i, m := range margins(x, a) {
		far = max(far, math.Abs(m-other[i]))
	}
	return x, y, far, nil
}
