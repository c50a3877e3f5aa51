package train_test

import (
	"math"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/grid"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/modeltest"
)

// right is a grid that knows some of the truth, and wrong one that has it
// backwards.
var (
	right = []grid.Criterion{
		{Feature: "industry", Values: []grid.ValuePoints{{Value: "Software", Points: 25}, {Value: "Financial technology", Points: 25}, {Value: "E-commerce", Points: 25}}, Otherwise: 5},
		{Feature: "employees", Ranges: []grid.Range{{From: 50, To: 500, Points: 20}}},
		{Feature: "technologies", Values: []grid.ValuePoints{{Value: "HubSpot", Points: 10}, {Value: "Snowflake", Points: 10}}},
	}
	wrong = []grid.Criterion{
		{Feature: "industry", Values: []grid.ValuePoints{{Value: "Software", Points: 0}}, Otherwise: 25},
		{Feature: "employees", Ranges: []grid.Range{{From: 50, To: 500, Points: 0}}, Otherwise: 20},
	}
)

// believed gives f a grid.
func believed(t *testing.T, f *evaluate.Frame, mode string, criteria []grid.Criterion) {
	t.Helper()
	terms, scaling, used, err := grid.New(mode, criteria, f.Specs)
	if err != nil {
		t.Fatal(err)
	}
	var s model.Scores
	if err := model.NewScorer(&model.Model{Terms: terms, Grid: scaling, Specs: used}, f.AsOf).Score(&s, f.Batch); err != nil {
		t.Fatal(err)
	}
	f.Written = &evaluate.Written{Terms: scaling.Weighted(terms)}
	for _, m := range s.Margin {
		f.Written.Margins = append(f.Written.Margins, float64(m))
	}
}

// outOfFold returns the AUC of logistic regression on one deal of folds.
func outOfFold(t *testing.T, f *evaluate.Frame) float64 {
	t.Helper()
	scores, err := f.CrossValidate(t.Context(), []model.Learner{logistic.Learner{Options: logistic.DefaultOptions()}}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := metrics.Rank(scores[0].Mean(), f.Customer, f.Weights, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Summarise(nil).AUC
}

// TestBelief checks that with 30 customers a grid that knows some of the truth
// helps, on the mean of four bases in either mode, and that a grid by which
// customers rank last is not believed.
func TestBelief(t *testing.T) {
	gain := map[string]float64{}
	const bases = 4
	for seed := range uint64(bases) {
		o := sample.DefaultOptions()
		o.Accounts, o.Customers, o.Mess, o.Seed = 1500, 30, 0, seed+1
		base, err := sample.Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		f := modeltest.Frame(base, 0.2)
		without := outOfFold(t, f)
		for _, mode := range []string{grid.Sum, grid.Pillars} {
			believed(t, f, mode, right)
			gain[mode] += (outOfFold(t, f) - without) / bases
		}
		believed(t, f, grid.Sum, wrong)
		if got := outOfFold(t, f); got != without {
			t.Errorf("base %d: a grid that ranks customers last moves the AUC from %.4f to %.4f", seed, without, got)
		}
	}
	for mode, g := range gain {
		if !(g > 0.005) {
			t.Errorf("%s: a grid that is half right adds %+.4f to the AUC, want more than 0.005", mode, g)
		}
	}
	t.Logf("added to the AUC: %v", gain)
}

// TestBeliefs checks a prior by hand: of the values of industry, the points of
// each times one factor, and nothing for features that no grid names.
func TestBeliefs(t *testing.T) {
	f, _ := generated(t, 1, 9)
	believed(t, f, grid.Sum, right)
	d, err := f.Data(f.All())
	if err != nil {
		t.Fatal(err)
	}
	for k, s := range f.Specs {
		b, prior := &d.Table.Binnings[k], d.Prior[k]
		switch s.Name {
		case "industry":
			points := map[string]float64{"software": 25, "financial technology": 25, "e-commerce": 25}
			unit := prior[1+slices.Index(b.Values, "software")] / 25
			if !(unit > 0) {
				t.Fatalf("%v of %v; want more than 0 for software", prior, b.Values)
			}
			for i, v := range b.Values {
				want, ok := points[v]
				if !ok {
					want = 5
				}
				if math.Abs(prior[i+1]-want*unit) > 1e-6*unit {
					t.Errorf("%s: %v, want %v times %v", v, prior[i+1], want, unit)
				}
			}
		case "employees", "technologies":
			if prior == nil || b.Kind == features.Set && prior[1] != 0 || slices.Max(prior) <= 0 {
				t.Errorf("%s: %v, want points above 0", s.Name, prior)
			}
		default:
			if prior != nil {
				t.Errorf("%s is in no grid, and has %v", s.Name, prior)
			}
		}
	}
}
