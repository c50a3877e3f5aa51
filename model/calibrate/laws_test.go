package calibrate

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model"
)

// drawnSample draws a small sample with ties, weights and groups.
func drawnSample(t *rapid.T) *Sample {
	n := rapid.IntRange(2, 60).Draw(t, "rows")
	s := &Sample{Seed: 1}
	for i := range n {
		s.LogLift = append(s.LogLift, float64(rapid.IntRange(-6, 6).Draw(t, "lift"))/2)
		s.Customer = append(s.Customer, i == 0 || i > 1 && rapid.Bool().Draw(t, "customer"))
		s.Weights = append(s.Weights, float64(rapid.IntRange(1, 3).Draw(t, "weight")))
		s.Keys, s.Fold = append(s.Keys, uint64(i/2)), append(s.Fold, uint8(i/2%3))
	}
	return s
}

// pick returns the sample of these rows.
func pick(s *Sample, rows []int) *Sample {
	out := &Sample{Seed: s.Seed}
	for _, i := range rows {
		out.LogLift, out.Customer, out.Weights = append(out.LogLift, s.LogLift[i]), append(out.Customer, s.Customer[i]), append(out.Weights, s.Weights[i])
		out.Keys, out.Fold = append(out.Keys, s.Keys[i]), append(out.Fold, s.Fold[i])
	}
	return out
}

// repeated returns each row as often as it weighs.
func repeated(s *Sample) *Sample {
	var rows []int
	for i, w := range s.Weights {
		rows = append(rows, slices.Repeat([]int{i}, int(w))...)
	}
	out := pick(s, rows)
	for i := range out.Weights {
		out.Weights[i] = 1
	}
	return out
}

// TestWeightsAreRepeats checks that a row of weight 2 is a row given twice, for
// every method, and that the order of rows does not matter.
func TestWeightsAreRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawnSample(t)
		order := make([]int, len(s.LogLift))
		for i := range order {
			order[i] = i
		}
		for name, o := range map[string]*Sample{"repeated": repeated(s), "in another order": pick(s, rapid.Permutation(order).Draw(t, "order"))} {
			for _, slope := range []float64{0, 0.7, 1} {
				if a, b := s.at(slope).Shift, o.at(slope).Shift; math.Abs(a-b) > 1e-6*(1+math.Abs(a)) {
					t.Fatalf("%s: shift %v, not %v", name, b, a)
				}
			}
			if a, b := s.Error(s.odds(s.LogLift)), o.Error(o.odds(o.LogLift)); s.customers() == o.customers() && math.Abs(a.Value-b.Value) > 1e-9 {
				t.Fatalf("%s: ECE %v, not %v", name, b.Value, a.Value)
			}
			v, w := fitVennAbers(s.LogLift, s.Customer, s.Weights), fitVennAbers(o.LogLift, o.Customer, o.Weights)
			for x := -3.25; x <= 3.5; x += 0.25 {
				a0, a1 := v.Probabilities(x)
				b0, b1 := w.Probabilities(x)
				if math.Abs(a0-b0) > 1e-9 || math.Abs(a1-b1) > 1e-9 {
					t.Fatalf("%s: Venn–Abers at %v is %v, %v, not %v, %v", name, x, b0, b1, a0, a1)
				}
			}
		}
	})
}

// TestVennAbersBySteps checks Venn–Abers against its definition: isotonic
// regression of the sample with the account in it, once with each label.
func TestVennAbersBySteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawnSample(t)
		v := fitVennAbers(s.LogLift, s.Customer, s.Weights)
		var y []float64
		for _, c := range s.Customer {
			y = append(y, float64(class(c)))
		}
		for x := -3.25; x <= 3.25; x += 0.25 {
			p0, p1 := v.Probabilities(x)
			for label, got := range []float64{p0, p1} {
				fit := Isotonic(append(slices.Clone(s.LogLift), x), append(slices.Clone(y), float64(label)), append(slices.Clone(s.Weights), 1))
				if want := fit[len(fit)-1]; math.Abs(got-want) > 1e-9 {
					t.Fatalf("at %v with label %d: %v, want %v", x, label, got, want)
				}
			}
			if logOdds, width := v.LogOdds(x); !(width >= -1e-12 && width <= 1) || math.IsNaN(logOdds) || math.IsInf(logOdds, 0) {
				t.Fatalf("at %v: log odds %v, width %v", x, logOdds, width)
			}
		}
	})
}

// TestIsotonicLaws checks that the fit never falls, keeps the weighted mean, is a
// projection, and turns round with its arguments.
func TestIsotonicLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "rows")
		x, y, w := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			x[i], y[i], w[i] = float64(rapid.IntRange(0, 9).Draw(t, "x")), rapid.Float64Range(-5, 5).Draw(t, "y"), float64(rapid.IntRange(1, 4).Draw(t, "w"))
		}
		fit := Isotonic(x, y, w)
		again := Isotonic(x, fit, w)
		turned := Isotonic(negative(x), negative(y), w)
		var before, after float64
		for i := range n {
			before, after = before+w[i]*y[i], after+w[i]*fit[i]
			if math.Abs(again[i]-fit[i]) > 1e-9 || math.Abs(turned[i]+fit[i]) > 1e-9 {
				t.Fatalf("fit %v, again %v, turned round %v", fit, again, turned)
			}
			for j := range n {
				if x[i] < x[j] && fit[i] > fit[j]+1e-12 || x[i] == x[j] && fit[i] != fit[j] {
					t.Fatalf("at %v the fit is %v, at %v it is %v", x[i], fit[i], x[j], fit[j])
				}
			}
		}
		if math.Abs(before-after) > 1e-9 {
			t.Fatalf("the mean moves from %v to %v", before, after)
		}
	})
}

func negative(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = -v[i]
	}
	return out
}

// TestEntersWithinBounds checks, on any sample, that what enters the points has a
// slope of at least 0 and no higher than the fit's rule says, that the strongest
// band is not promised more than was seen there, that no account exceeds the
// most, and that the expected customers are as many as there are.
func TestEntersWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawnSample(t)
		r, err := Calibrate(s)
		if err != nil {
			t.Fatal(err)
		}
		if !(r.Slope >= 0) || r.Slope > max(1, s.Fit().Calibration.Slope) || math.IsInf(r.Shift, 0) || math.IsNaN(r.Shift) {
			t.Fatalf("%+v", r.Calibration)
		}
		if r.Support != nil && r.Slope > 0 {
			if r.Support.Predicted > r.Support.Observed.High*(1+1e-9) {
				t.Fatalf("slope %v: %+v", r.Slope, r.Support)
			}
			if most := math.Exp(r.Shift + r.Slope*slices.Max(s.LogLift)); most > r.Support.Most*(1+1e-9) {
				t.Fatalf("an account has lift %v, most %v", most, r.Support.Most)
			}
		}
		customers, _ := s.totals()
		var expected float64
		for i, m := range s.odds(apply(r.Calibration, s.LogLift)) {
			expected += s.Weights[i] * logistic(m)
		}
		if s.Fit().Slope.High < 1e6 && math.Abs(expected-customers) > 1e-3*customers {
			t.Fatalf("%v customers expected, %v there", expected, customers)
		}
		if model.Lift(50+model.PointsPerE*r.Shift) <= 0 {
			t.Fatalf("shift %v", r.Shift)
		}
	})
}

// TestSlopeUnit checks that scores in another unit have the slope of that unit:
// grids are written in points, up to thousands.
func TestSlopeUnit(t *testing.T) {
	s := drawn(3000, 0.8, 3)
	want := Slope(s.LogLift, s.Customer, s.Weights)
	for _, unit := range []float64{1e-6, 0.1, 50, 1e6} {
		scores := make([]float64, len(s.LogLift))
		for i, l := range s.LogLift {
			scores[i] = unit * l
		}
		if got := unit * Slope(scores, s.Customer, s.Weights); !(math.Abs(got-want) < 1e-8) {
			t.Errorf("in units of %v the slope is %v, want %v", unit, got, want)
		}
	}
	if got := Slope(make([]float64, len(s.LogLift)), s.Customer, s.Weights); got != 0 {
		t.Errorf("scores of 0 have slope %v", got)
	}
}
