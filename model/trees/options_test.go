package trees_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/trees"
)

// data has two numbers on which customers rise, together more than each alone, and
// a category of ten values, the first of which customers prefer.
func data() model.Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := model.Data{Monotone: make([]int, 3), Learn: make([]bool, 3), Seed: 1}
	d.Table = &bin.Table{Columns: make([]bin.Column, 3), Binnings: []bin.Binning{
		{Feature: "n", Kind: features.Number, Edges: make([]float64, 14)},
		{Feature: "m", Kind: features.Number, Edges: make([]float64, 14)},
		{Feature: "c", Kind: features.Category, Values: make([]string, 9)},
	}}
	for i := range 3000 {
		n, m, c := rng.IntN(15), rng.IntN(15), rng.IntN(10)
		margin := 0.1*float64(n+m-18) + 0.02*float64((n-7)*(m-7)) - 1
		if c < 3 {
			margin += 0.8
		}
		for k, code := range []int{n, m, c} {
			if rng.IntN(12) == 0 {
				code = -1
			}
			d.Table.Columns[k].Codes = append(d.Table.Columns[k].Codes, uint8(1+code))
		}
		d.Customer = append(d.Customer, rng.Float64() < 1/(1+math.Exp(-margin)))
		d.Weights, d.Keys = append(d.Weights, 1), append(d.Keys, model.Mix(uint64(i), 1))
		d.Table.Rows++
	}
	return d
}

func fit(t *testing.T, l model.Learner, d model.Data) *model.Fit {
	t.Helper()
	f, err := l.Fit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// quick returns options that fit fast, under which every option matters.
func quick() trees.Options {
	o := trees.DefaultOptions(200)
	o.Bags, o.Rounds, o.Pool, o.LeastRows = 2, 60, 1.5, 5
	return o
}

// TestOptions checks that each option changes the result.
func TestOptions(t *testing.T) {
	usual := fit(t, trees.Learner{Options: quick()}, data())
	for name, change := range map[string]func(o *trees.Options){
		"Bags":         func(o *trees.Options) { o.Bags = 3 },
		"Pool":         func(o *trees.Options) { o.Pool = 0.5 },
		"Rounds":       func(o *trees.Options) { o.Rounds = 2 },
		"Every":        func(o *trees.Options) { o.Rate, o.Every = 1, 60 },
		"Rate":         func(o *trees.Options) { o.Rate = 0.1 },
		"Leaves":       func(o *trees.Options) { o.Leaves = 3 },
		"Depth":        func(o *trees.Options) { o.Depth = 2 },
		"L2":           func(o *trees.Options) { o.L2 = 50 },
		"LeastHessian": func(o *trees.Options) { o.LeastHessian = 60 },
		"LeastRows":    func(o *trees.Options) { o.LeastRows = 300 },
		"LeastHeld":    func(o *trees.Options) { o.LeastHeld = 60 },
		"Columns":      func(o *trees.Options) { o.Columns = 1 },
		"Rows":         func(o *trees.Options) { o.Rows = 1 },
		"OneHot":       func(o *trees.Options) { o.OneHot = 4 },
		"CatSmooth":    func(o *trees.Options) { o.OneHot, o.CatSmooth = 4, 100 },
		"CatL2":        func(o *trees.Options) { o.OneHot, o.CatL2 = 4, 100 },
	} {
		before, o := quick(), quick()
		switch name { // those that matter together with others only
		case "Every":
			before.Rate = 1
		case "CatSmooth", "CatL2":
			before.OneHot = 4
		}
		if change(&o); before != quick() {
			usual := fit(t, trees.Learner{Options: before}, data())
			if reflect.DeepEqual(fit(t, trees.Learner{Options: o}, data()), usual) {
				t.Errorf("%s changes nothing", name)
			}
			continue
		}
		if reflect.DeepEqual(fit(t, trees.Learner{Options: o}, data()), usual) {
			t.Errorf("%s changes nothing", name)
		}
	}
	d := data()
	d.Seed = 2
	if reflect.DeepEqual(fit(t, trees.Learner{Options: quick()}, d), usual) {
		t.Error("the seed changes nothing")
	}
}

// TestForestOptions checks that each option changes the result. The share of the
// columns does so where missing values are learned from, and there only.
func TestForestOptions(t *testing.T) {
	quick := func() trees.ForestOptions {
		o := trees.DefaultForestOptions(200)
		o.Trees, o.Pool, o.Columns = 20, 1.5, 1 // all columns would leave nothing to draw
		return o
	}
	learned := data()
	for k := range learned.Learn {
		learned.Learn[k] = true
	}
	usual := fit(t, trees.Forest{Options: quick()}, learned)
	for name, change := range map[string]func(o *trees.ForestOptions){
		"Trees":     func(o *trees.ForestOptions) { o.Trees = 10 },
		"Pool":      func(o *trees.ForestOptions) { o.Pool = 0.5 },
		"Rows":      func(o *trees.ForestOptions) { o.Rows = 0.5 },
		"Columns":   func(o *trees.ForestOptions) { o.Columns = 2 },
		"Share":     func(o *trees.ForestOptions) { o.Share = 1 },
		"Leaves":    func(o *trees.ForestOptions) { o.Leaves = 8 },
		"Depth":     func(o *trees.ForestOptions) { o.Depth = 3 },
		"LeastRows": func(o *trees.ForestOptions) { o.LeastRows = 40 },
		"Shrink":    func(o *trees.ForestOptions) { o.Shrink = 0 },
	} {
		o := quick()
		change(&o)
		if reflect.DeepEqual(fit(t, trees.Forest{Options: o}, learned), usual) {
			t.Errorf("%s changes nothing", name)
		}
	}
	all := quick()
	all.Share = 1
	if !reflect.DeepEqual(fit(t, trees.Forest{Options: all}, data()), fit(t, trees.Forest{Options: quick()}, data())) {
		t.Error("Share changes a forest that does not learn from missing values")
	}
}

func TestValidate(t *testing.T) {
	for _, customers := range []int{0, 200, 2000, 5000} {
		if err := trees.DefaultOptions(customers).Validate(); err != nil {
			t.Errorf("the default options for %d customers: %v", customers, err)
		}
		if err := trees.DefaultForestOptions(customers).Validate(); err != nil {
			t.Errorf("the default options of a forest for %d customers: %v", customers, err)
		}
	}
	err := trees.Options{Rate: 1.5, L2: -1, LeastHessian: math.NaN(), LeastRows: -1, LeastHeld: -1, OneHot: -1, CatSmooth: -1, CatL2: math.Inf(1)}.Validate()
	for _, want := range []string{
		"bags is 0", "pool is 0", "rounds is 0", "every is 0", "rate is 1.5", "leaves is 0", "depth is 0", "l2 is -1", "least_hessian is NaN",
		"least_rows is -1", "least_held is -1", "columns is 0", "rows is 0", "one_hot is -1", "cat_smooth is -1", "cat_l2 is +Inf",
	} {
		if err == nil || !strings.Contains(err.Error(), "trees: "+want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	err = trees.ForestOptions{Rows: 1, Share: 1.5, LeastRows: -1, Shrink: -1}.Validate()
	for _, want := range []string{"trees is 0", "pool is 0", "rows is 1", "columns is 0", "share is 1.5", "leaves is 0", "depth is 0", "least_rows is -1", "shrink is -1"} {
		if err == nil || !strings.Contains(err.Error(), "forest: "+want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	for _, l := range []model.Learner{trees.Learner{}, trees.Forest{}} {
		if _, err := l.Fit(t.Context(), data()); err == nil {
			t.Errorf("the zero options of %s fit", l.Name())
		}
	}
}
