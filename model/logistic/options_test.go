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
	for name, change := range map[string]func(o *logistic.Options){
		"Penalties": func(o *logistic.Options) { o.Penalties = []float64{200, 2} },
		"Pool":      func(o *logistic.Options) { o.Pool = 1 },
	} {
		o := logistic.DefaultOptions()
		change(&o)
		if reflect.DeepEqual(fit(o), usual) {
			t.Errorf("%s changes nothing", name)
		}
	}
	// The parts decide which of many penalties is best.
	var path []float64
	for p := 300.0; p > 1; p *= 0.9 {
		path = append(path, p)
	}
	seen := map[float64]bool{}
	for _, parts := range []int{2, 3, 5, 8} {
		seen[fit(logistic.Options{Penalties: path, Parts: parts, Pool: 20}).Scores[1][1]] = true
	}
	if len(seen) < 2 {
		t.Error("Parts changes nothing")
	}
}

func TestValidate(t *testing.T) {
	if err := logistic.DefaultOptions().Validate(); err != nil {
		t.Errorf("the default options: %v", err)
	}
	err := logistic.Options{Penalties: []float64{1, 1, -1}, Parts: 1}.Validate()
	if err == nil {
		t.Fatal("bad options are valid")
	}
	for _, want := range []string{"penalty 1 is 1", "penalty 2 is -1", "parts is 1", "pool is 0"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	err = logistic.Options{Parts: 2, Pool: 1}.Validate()
	if err == nil || !strings.Contains(err.Error(), "no penalties") {
		t.Errorf("no penalties: %v", err)
	}
	if _, err := (logistic.Learner{}).Fit(t.Context(), readExpected(t).data()); err == nil {
		t.Error("the zero options fit")
	}
}
