package logistic_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/logistic"
)

// TestOptions checks that each option changes the result.
func TestOptions(t *testing.T) {
	d := readExpected(t).data()
	fit := func(o logistic.Options) *model.Fit {
		f, err := logistic.Learner{Options: o}.Fit(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	usual := fit(logistic.DefaultOptions())
	others := map[string]*model.Fit{}
	for name, change := range map[string]func(o *logistic.Options){
		"Alphas":    func(o *logistic.Options) { o.Alphas = []float64{1} },
		"Penalties": func(o *logistic.Options) { o.Penalties = []float64{200, 2} },
		"Path":      func(o *logistic.Options) { o.Path = 4 },
		"Least":     func(o *logistic.Options) { o.Least = 5 },
		"OneSE":     func(o *logistic.Options) { o.OneSE = true },
		"Pool":      func(o *logistic.Options) { o.Pool, o.Floor = 1, 0 },
		"Floor":     func(o *logistic.Options) { o.Pool, o.Floor = 1, 300 },
	} {
		o := logistic.DefaultOptions()
		change(&o)
		f := fit(o)
		if reflect.DeepEqual(f, usual) {
			t.Errorf("%s changes nothing", name)
		}
		others[name] = f
	}
	if reflect.DeepEqual(others["Pool"], others["Floor"]) {
		t.Error("Floor changes nothing")
	}
	// The parts decide which of many penalties is best.
	seen := map[float64]bool{}
	for _, parts := range []int{2, 3, 5, 8} {
		o := logistic.DefaultOptions()
		o.Parts = parts
		seen[fit(o).Scores[1][1]] = true
	}
	if len(seen) < 2 {
		t.Error("Parts changes nothing")
	}
}

// TestOneSE checks that the rule takes a stronger penalty: scores nearer to 0.
func TestOneSE(t *testing.T) {
	d := readExpected(t).data()
	size := func(oneSE bool) float64 {
		o := logistic.DefaultOptions()
		o.OneSE = oneSE
		f, err := logistic.Learner{Options: o}.Fit(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, s := range f.Scores {
			for _, v := range s {
				sum += v * v
			}
		}
		return sum
	}
	if best, strong := size(false), size(true); strong >= best {
		t.Errorf("scores have squares of %v by one standard error, of %v without", strong, best)
	}
}

func TestValidate(t *testing.T) {
	if err := logistic.DefaultOptions().Validate(); err != nil {
		t.Errorf("the default options: %v", err)
	}
	err := logistic.Options{Alphas: []float64{0.5, 2}, Penalties: []float64{1, 1, -1}, Parts: 1, Floor: -1}.Validate()
	if err == nil {
		t.Fatal("bad options are valid")
	}
	for _, want := range []string{"alpha 1 is 2", "penalty 1 is 1", "penalty 2 is -1", "parts is 1", "pool is 0", "floor is -1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	err = logistic.Options{Parts: 2, Pool: 1}.Validate()
	for _, want := range []string{"no alphas", "path is 0", "least is 0"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	err = logistic.Options{Alphas: []float64{0}, Penalties: []float64{}, Parts: 2, Pool: 1}.Validate()
	if err == nil || !strings.Contains(err.Error(), "no penalties") {
		t.Errorf("no penalties: %v", err)
	}
	if _, err := (logistic.Learner{}).Fit(t.Context(), readExpected(t).data()); err == nil {
		t.Error("the zero options fit")
	}
}
