package train_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/scorecard"
)

// few is a base of so many customers, ten times as many companies.
func few(t *testing.T, customers int, seed uint64) (*evaluate.Frame, *sample.Base) {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Seed = 10*customers, customers, 0, seed
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return modeltest.Frame(base, 0), base
}

// trueSlope fits a learner, calibrates it out of fold, and returns the slope of
// the true log lift on the predicted one over the companies of another base.
func trueSlope(t *testing.T, l model.Learner, customers int, seed uint64) float64 {
	t.Helper()
	f, _ := few(t, customers, seed)
	o, err := f.Score(t.Context(), l, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := calibrate.Calibrate(&calibrate.Sample{LogLift: o.Mean(), Repeats: o.Score, Customer: f.Customer, Weights: f.Weights, Keys: f.Keys, Fold: o.Fold[0]})
	if err != nil {
		t.Fatal(err)
	}
	fit, d, err := f.Fit(t.Context(), l, f.All())
	if err != nil {
		t.Fatal(err)
	}
	other, base := few(t, customers, seed+1000)
	table := bin.Bin(d.Table.Binnings, other.Batch, other.AsOf)
	ours, pool := d.Totals()
	var predicted, density []float64
	row := 0
	for i, of := range base.DuplicateOf {
		if of >= 0 {
			continue
		}
		predicted = append(predicted, r.Shift+r.Slope*(fit.Margin(table, row)-math.Log(ours/pool)))
		density = append(density, math.Exp(base.LogLift[i]))
		row++
	}
	truth := againstPool(density, customers)
	_, slope := stat.LinearRegression(predicted, truth, nil, false)
	return slope
}

// againstPool returns the log odds of companies of being one of so many customers
// rather than left in the pool. Customers are drawn one by one, in proportion to
// density, without replacement; that is the order of arrival of exponential
// clocks, so that a company is drawn with probability 1 − exp(−λ density), λ such
// that the expected number is that of the customers. Up to a constant these are
// the log lifts against the pool, from which the customers are gone.
func againstPool(density []float64, customers int) []float64 {
	low, high := 0.0, 10.0
	for range 60 {
		middle, expected := (low+high)/2, 0.0
		for _, d := range density {
			expected -= math.Expm1(-middle * d)
		}
		if expected < float64(customers) {
			low = middle
		} else {
			high = middle
		}
	}
	out := make([]float64, len(density))
	for i, d := range density {
		out[i] = math.Log(math.Expm1(low * d))
	}
	return out
}

// TestTrueSlope checks what calibration is for: on generated bases, whose true log
// lift is known, it rises with the predicted one as 1 to 1, to a tenth on the
// average over bases; one base with 300 customers strays by about a tenth.
func TestTrueSlope(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains several models")
	}
	for _, l := range []model.Learner{
		logistic.Learner{Options: logistic.DefaultOptions()},
		scorecard.Learner{Options: scorecard.DefaultOptions()},
	} {
		var sum float64
		const bases = 4
		for seed := range uint64(bases) {
			slope := trueSlope(t, l, 300, 40+seed)
			if slope < 0.75 || slope > 1.3 {
				t.Errorf("%s, base %d: slope %.3f", l.Name(), seed, slope)
			}
			sum += slope / bases
		}
		t.Logf("%s: mean slope %.3f", l.Name(), sum)
		if sum < 0.9 || sum > 1.1 {
			t.Errorf("%s: mean slope %.3f, want 0.9 to 1.1", l.Name(), sum)
		}
	}
}
