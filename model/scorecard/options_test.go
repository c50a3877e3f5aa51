package scorecard_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/scorecard"
)

// data has a number on which customers rise and a category, a third of whose
// values is rare.
func data() model.Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := model.Data{Monotone: []int{0, 0}, Learn: []bool{false, false}, Seed: 1}
	d.Table = &bin.Table{Columns: make([]bin.Column, 2), Binnings: []bin.Binning{
		{Feature: "n", Kind: features.Number, Edges: []float64{1, 2, 3, 4, 5, 6, 7}},
		{Feature: "c", Kind: features.Category, Values: []string{"a", "b", "c"}, Labels: []string{"A", "B", "C"}},
	}}
	for i := range 2000 {
		customer := i < 100
		n, c := 1+rng.IntN(8), 1+rng.IntN(2)
		if rng.IntN(50) == 0 {
			c = 3
		}
		if customer {
			n = max(n, 1+rng.IntN(8))
		}
		d.Table.Columns[0].Codes = append(d.Table.Columns[0].Codes, uint8(n))
		d.Table.Columns[1].Codes = append(d.Table.Columns[1].Codes, uint8(c))
		d.Customer, d.Weights, d.Keys = append(d.Customer, customer), append(d.Weights, 1), append(d.Keys, model.Mix(uint64(i), 1))
		d.Table.Rows++
	}
	return d
}

func fit(t *testing.T, o scorecard.Options, d model.Data) *model.Fit {
	t.Helper()
	f, err := scorecard.Learner{Options: o}.Fit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestOptions checks that each option changes the result.
func TestOptions(t *testing.T) {
	usual := fit(t, scorecard.DefaultOptions(), data())
	for name, change := range map[string]func(o *scorecard.Options){
		"Bags":      func(o *scorecard.Options) { o.Bags = 3 },
		"Smoothing": func(o *scorecard.Options) { o.Smoothing = 20 },
		"Rounds":    func(o *scorecard.Options) { o.Rounds = 2 },
		"Rate":      func(o *scorecard.Options) { o.Rate = 0.05 },
		"L2":        func(o *scorecard.Options) { o.L2 = 50 },
		"Ridge":     func(o *scorecard.Options) { o.Ridge = 100 },
		"MinLeaf":   func(o *scorecard.Options) { o.MinLeaf = 800 },
		"Pool":      func(o *scorecard.Options) { o.Pool = 2 },
	} {
		o := scorecard.DefaultOptions()
		change(&o)
		if reflect.DeepEqual(fit(t, o, data()), usual) {
			t.Errorf("%s changes nothing", name)
		}
	}
	// At the full step the best round comes early; a look every 120 misses it.
	o := scorecard.DefaultOptions()
	o.Rate, o.L2, o.Ridge = 1, 0, 0.1
	often := fit(t, o, data())
	if o.Every = 120; reflect.DeepEqual(fit(t, o, data()), often) {
		t.Error("Every changes nothing")
	}
	d := data()
	d.Seed = 2
	if reflect.DeepEqual(fit(t, scorecard.DefaultOptions(), d), usual) {
		t.Error("the seed changes nothing")
	}
}

func TestValidate(t *testing.T) {
	if err := scorecard.DefaultOptions().Validate(); err != nil {
		t.Errorf("the default options: %v", err)
	}
	err := scorecard.Options{Smoothing: -1, Rate: 1.5, L2: -1, MinLeaf: -1}.Validate()
	if err == nil {
		t.Fatal("bad options are valid")
	}
	for _, want := range []string{"bags is 0", "smoothing is -1", "rounds is 0", "every is 0", "rate is 1.5", "l2 is -1", "ridge is 0", "min_leaf is -1", "pool is 0"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if _, err := (scorecard.Learner{}).Fit(t.Context(), data()); err == nil {
		t.Error("the zero options fit")
	}
}

// TestSpread checks the error bars: as many as scores, above 0 where bags can
// differ, and wider for the value that few accounts have.
func TestSpread(t *testing.T) {
	f := fit(t, scorecard.DefaultOptions(), data())
	if len(f.Spread) != 2 || len(f.Spread[1]) != 5 {
		t.Fatalf("spreads %v", f.Spread)
	}
	for slot, s := range f.Spread[0][1:] {
		if !(s > 0) {
			t.Errorf("bin %d has spread %v, want above 0", slot+1, s)
		}
	}
}
