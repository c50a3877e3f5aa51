package evaluate_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// TestCalibrateReference compares with testdata/expected.json, made by
// scripts/reference/calibration_expected.py with the versions of scikit-learn
// and scipy that it names.
func TestCalibrateReference(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		Cases []struct {
			Name        string
			Slope       float64
			Shift       float64
			Lift        []float64
			Customer    []bool
			Weight      []float64
			CalledRight bool `json:"kept"`
		}
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	for _, c := range expected.Cases {
		f := &evaluate.Frame{Customer: c.Customer, Weights: c.Weight}
		got := f.Calibrate(c.Lift)
		if math.Abs(got.Slope-c.Slope) > 1e-8 || math.Abs(got.Shift-c.Shift) > 1e-8 {
			t.Errorf("%s: %+v, want slope %v, shift %v", c.Name, got, c.Slope, c.Shift)
		}
	}
}

// drawn draws customers of log odds −2.5 + slope × lift.
func drawn(n int, slope float64, seed uint64) (*evaluate.Frame, []float64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	f := &evaluate.Frame{}
	var lifts []float64
	for range n {
		lift := 1.5 * rng.NormFloat64()
		lifts = append(lifts, lift)
		f.Customer = append(f.Customer, rng.Float64() < 1/(1+math.Exp(2.5-slope*lift)))
		f.Weights = append(f.Weights, 1)
	}
	return f, lifts
}

// TestCalibratePlanted checks planted slopes: 1 is left alone, others are found,
// and one below 0, which is noise, becomes 0.
func TestCalibratePlanted(t *testing.T) {
	alone := 0
	for seed := range uint64(20) {
		f, lifts := drawn(2000, 1, seed)
		if f.Calibrate(lifts).Slope == 1 {
			alone++
		}
	}
	if alone < 17 { // 19 expected; below 17 has a chance of 2 %
		t.Errorf("a right slope is left alone in %d of 20 cases, want 19", alone)
	}
	f, lifts := drawn(20_000, 0.5, 1)
	if got := f.Calibrate(lifts); math.Abs(got.Slope-0.5) > 0.05 {
		t.Errorf("planted slope 0.5, found %v", got.Slope)
	}
	for _, slope := range []float64{-0.5, -2} {
		f, lifts = drawn(5000, slope, 2)
		if got := f.Calibrate(lifts); got.Slope != 0 || math.Abs(got.Shift) > 1e-9 {
			t.Errorf("planted slope %v: %+v, want slope 0 and shift 0", slope, got)
		}
	}
}

// TestCalibrateExtremes checks that scores which part the classes entirely, all
// tied, or huge, give finite numbers.
func TestCalibrateExtremes(t *testing.T) {
	for name, of := range map[string]func(customer bool, i int) float64{
		"apart":       func(c bool, _ int) float64 { return map[bool]float64{true: 1, false: -1}[c] },
		"far apart":   func(c bool, _ int) float64 { return map[bool]float64{true: 30, false: -30}[c] },
		"very far":    func(c bool, _ int) float64 { return map[bool]float64{true: 900, false: -900}[c] },
		"backwards":   func(c bool, _ int) float64 { return map[bool]float64{true: -30, false: 30}[c] },
		"barely":      func(c bool, i int) float64 { return map[bool]float64{true: 1e-9, false: 0}[c] + float64(i) },
		"tied":        func(bool, int) float64 { return 2 },
		"zero":        func(bool, int) float64 { return 0 },
		"huge spread": func(_ bool, i int) float64 { return float64(i%7-3) * 200 },
	} {
		f := &evaluate.Frame{}
		var lifts []float64
		for i := range 300 {
			customer := i%10 == 0
			f.Customer, f.Weights = append(f.Customer, customer), append(f.Weights, 1)
			lifts = append(lifts, of(customer, i))
		}
		c := f.Calibrate(lifts)
		for _, v := range []float64{c.Slope, c.Shift} {
			if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 2000 {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if !(c.Slope >= 0) {
			t.Errorf("%s: slope %v", name, c.Slope)
		}
	}
}

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
