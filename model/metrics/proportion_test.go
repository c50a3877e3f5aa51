package metrics_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// TestProportions compares with statsmodels: testdata/proportion.json, made by
// scripts/reference/proportion_expected.py, names its version.
func TestProportions(t *testing.T) {
	text, err := os.ReadFile("testdata/proportion.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Wilson []struct {
			K, N, Low, High float64
		}
		Difference []struct {
			A, B      [2]float64
			Low, High float64
		}
		Least []struct {
			P, N1, N2 float64
			Rate      *float64
		}
		Clustered []struct {
			Hits, Trials []float64
			Effect       float64
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want, by float64) {
		t.Helper()
		if math.Abs(got-want) > by {
			t.Errorf("%s is %v, statsmodels has %v", what, got, want)
		}
	}
	for _, w := range want.Wilson {
		got, ok := metrics.Wilson(w.K, w.N)
		if !ok || got.Value != w.K/w.N {
			t.Errorf("%v of %v: %v, %v", w.K, w.N, got, ok)
		}
		near("low", got.Low, w.Low, 1e-12)
		near("high", got.High, w.High, 1e-12)
	}
	for _, w := range want.Difference {
		got, ok := metrics.RateDifference(w.A[0], w.A[1], w.B[0], w.B[1])
		if !ok {
			t.Errorf("%v: no difference", w)
		}
		near("low", got.Low, w.Low, 1e-12)
		near("high", got.High, w.High, 1e-12)
	}
	for _, w := range want.Least {
		got, ok := metrics.LeastRate(w.P, w.N1, w.N2)
		if ok != (w.Rate != nil) {
			t.Errorf("least rate %+v: %v, %v", w, got, ok)
		}
		if w.Rate != nil {
			near("least rate", got, *w.Rate, 1e-5) // statsmodels counts the other tail too, which is below 1e-6 here
		}
	}
	for _, w := range want.Clustered {
		near("design effect", metrics.DesignEffect(w.Hits, w.Trials), w.Effect, 1e-9)
	}
}

// TestProportionsOfNothing: no trials, no rate.
func TestProportionsOfNothing(t *testing.T) {
	for _, bad := range [][2]float64{{0, 0}, {-1, 5}, {6, 5}, {math.NaN(), 5}, {1, math.NaN()}} {
		if i, ok := metrics.Wilson(bad[0], bad[1]); ok {
			t.Errorf("%v has the rate %v", bad, i)
		}
		if i, ok := metrics.RateDifference(1, 2, bad[0], bad[1]); ok {
			t.Errorf("%v has the difference %v", bad, i)
		}
	}
	if _, ok := metrics.LeastRate(0.5, 0, 5); ok {
		t.Error("nothing tells rates apart")
	}
	if _, ok := metrics.LeastRate(math.NaN(), 5, 5); ok {
		t.Error("a rate that is none was told apart")
	}
	if e := metrics.DesignEffect([]float64{3}, []float64{4}); e != 1 {
		t.Errorf("one cluster: %v", e)
	}
	if e := metrics.DesignEffect([]float64{1, 0, 1, 0}, []float64{1, 1, 1, 1}); e != 1 {
		t.Errorf("independent trials: %v", e)
	}
}
