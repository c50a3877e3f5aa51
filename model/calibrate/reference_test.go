package calibrate

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// A golden case of testdata/expected.json, made by
// scripts/reference/calibration_expected.py with the versions of scikit-learn,
// scipy, betacal and venn-abers that it names.
type golden struct {
	Name         string
	Lift         []float64
	Customer     []bool
	Weight       []float64
	Slope, Shift float64
	SE           float64 `json:"slope_se"`
	EnteredSlope float64 `json:"entered_slope"`
	EnteredShift float64 `json:"entered_shift"`
	Beta         struct{ A, B, C float64 }
	VennAbers    struct{ Grid, P0, P1 []float64 } `json:"venn_abers"`
	Isotonic     []float64
	LogLoss      float64 `json:"log_loss"`
	Brier        float64
	Bins         int
	ECE          float64
	Noise        float64 `json:"ece_noise"`
	Band         *struct {
		Customers, Pool int
		Lift, Low, High float64
	}
}

func (g *golden) sample() *Sample {
	s := &Sample{LogLift: g.Lift, Customer: g.Customer, Weights: g.Weight, Seed: 1, Fold: make([]uint8, len(g.Lift))}
	for i := range g.Lift {
		s.Keys, s.Fold[i] = append(s.Keys, uint64(i)), uint8(i%5)
	}
	return s
}

func goldens(t *testing.T) []golden {
	t.Helper()
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected struct{ Cases []golden }
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Cases) < 10 {
		t.Fatalf("%d cases, want 10", len(expected.Cases))
	}
	return expected.Cases
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
}

// TestReference compares with the optimum by scikit-learn and scipy.
func TestReference(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			s := g.sample()
			l := s.Fit()
			near(t, "slope", l.Slope.Value, g.Slope, 1e-8)
			near(t, "slope alone", Slope(s.LogLift, s.Customer, s.Weights), g.Slope, 1e-8)
			near(t, "shift", l.Shift.Value, g.Shift, 1e-8)
			near(t, "upper bound of the slope", l.Slope.High, g.Slope+1.96*g.SE, 1e-7)
			near(t, "slope entered", l.Calibration.Slope, g.EnteredSlope, 1e-8)
			near(t, "shift entered", l.Calibration.Shift, g.EnteredShift, 1e-8)
			logOdds := s.odds(s.LogLift)
			b := fitBeta(logOdds, s.Customer, s.Weights)
			near(t, "a", b.A, g.Beta.A, 1e-6)
			near(t, "b", b.B, g.Beta.B, 1e-6)
			near(t, "c", b.C, g.Beta.C, 1e-6)
			near(t, "log loss", metrics.LogLoss(logOdds, s.Customer, s.Weights), g.LogLoss, 1e-12)
			near(t, "Brier", metrics.Brier(logOdds, s.Customer, s.Weights), g.Brier, 1e-12)
		})
	}
}

// TestStepsReference compares Venn–Abers with venn-abers and isotonic regression
// with scikit-learn's.
func TestStepsReference(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			v := fitVennAbers(g.Lift, g.Customer, g.Weight)
			for i, at := range g.VennAbers.Grid {
				p0, p1 := v.Probabilities(at)
				near(t, "p0", p0, g.VennAbers.P0[i], 1e-12)
				near(t, "p1", p1, g.VennAbers.P1[i], 1e-12)
			}
			y := make([]float64, len(g.Lift))
			for i, c := range g.Customer {
				if c {
					y[i] = 1
				}
			}
			for i, p := range Isotonic(g.Lift, y, g.Weight) {
				near(t, "isotonic", p, g.Isotonic[i], 1e-12)
			}
		})
	}
}

// TestErrorReference compares the calibration error with numpy's, and its noise
// with the mean over labels drawn anew, which the closed form meets to 5 %.
func TestErrorReference(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			s := g.sample()
			e := s.Error(s.odds(s.LogLift))
			near(t, "ECE", e.Value, g.ECE, 1e-12)
			near(t, "noise", e.Noise, g.Noise, 0.05*g.Noise)
			if e.Bins != g.Bins || !(e.Low <= e.Value && e.Value <= e.High && e.Low >= 0) {
				t.Errorf("%+v, want %d bins and an interval around the value", e, g.Bins)
			}
		})
	}
}

// TestBandReference compares the strongest band's lift with scipy's relative risk.
func TestBandReference(t *testing.T) {
	for _, g := range goldens(t) {
		if g.Band == nil {
			continue // weighted: scipy counts rows
		}
		t.Run(g.Name, func(t *testing.T) {
			b, ok := g.sample().strongest()
			if !ok || b.support.Customers != g.Band.Customers || len(b.lifts) != g.Band.Pool {
				t.Fatalf("%+v, want %+v", b, g.Band)
			}
			near(t, "lift", b.support.Observed.Value, g.Band.Lift, 1e-12*g.Band.Lift)
			near(t, "low", b.support.Observed.Low, g.Band.Low, 1e-4*g.Band.Low) // 1.96 for 1.95996
			near(t, "high", b.support.Observed.High, g.Band.High, 1e-4*g.Band.High)
		})
	}
}
