package evaluate_test

import (
	"math"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// TestMargins checks the scale: lift 1 is 50 points, doubling is ten more.
func TestMargins(t *testing.T) {
	o := &evaluate.OutOfFold{Score: [][]float64{{0, math.Ln2, -1}, {math.Ln2, math.Ln2, 1}}}
	got := o.Margins(model.Calibration{Slope: 2, Shift: math.Ln2}, 45)
	want := [][]float64{{15e6, 35e6, math.Round((15 - 20/math.Ln2) * 1e6)}, {35e6, 35e6, math.Round((15 + 20/math.Ln2) * 1e6)}}
	for r := range want {
		for i := range want[r] {
			if got.Score[r][i] != want[r][i] {
				t.Errorf("repeat %d, row %d: margin %v, want %v", r, i, got.Score[r][i], want[r][i])
			}
		}
	}
	if mean := o.Mean(); mean[0] != math.Ln2/2 || mean[1] != math.Ln2 || mean[2] != 0 {
		t.Errorf("mean %v", mean)
	}
}

// TestLogLosses checks losses worked by hand: with as many customers as pool a
// log lift of ln 3 says 3 in 4.
func TestLogLosses(t *testing.T) {
	f := &evaluate.Frame{Customer: []bool{true, false, true, false}, Weights: []float64{1, 0.5, 1, 1.5}}
	got := f.LogLosses([]float64{math.Log(3), math.Log(3), 0, -800})
	want := []float64{-math.Log(0.75), -math.Log(0.25), math.Ln2, 0}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-15 {
			t.Errorf("row %d: loss %v, want %v", i, got[i], want[i])
		}
	}
	if got := f.LogLosses([]float64{-800, 0, 0, 0})[0]; got != 800 {
		t.Errorf("a customer at log lift -800 costs %v, want 800", got)
	}
}
