package report

import (
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/page"
)

func TestDecide(t *testing.T) {
	p, _ := page.NewPrinter("en", catalogue)
	feature := func(importance, then, now float64, alarm bool) Drift {
		return Drift{Feature: "employees", Importance: importance, KnownThen: &then, Known: &now, Alarm: alarm}
	}
	ok := feature(0.5, 0.8, 0.8, false)
	below := func(v float64) float64 { return math.Nextafter(v, 0) }
	above := func(v float64) float64 { return math.Nextafter(v, 1) }
	for _, tt := range []struct {
		name string
		e    evidence
		want Action
		why  string
	}{
		{"nothing wrong", evidence{rows: 100, drift: []Drift{ok}}, Keep, ""},
		{"no rows", evidence{}, Keep, ""},
		{"half of the coverage left", evidence{rows: 100, drift: []Drift{feature(0.1, 0.8, 0.4, false)}}, Keep, ""},
		{"less than half left", evidence{rows: 100, drift: []Drift{feature(0.1, 0.8, below(0.4), false)}}, FixData, "employees was known for 80.0% of the pool at training and is for 40.0% now"},
		{"of a weak feature", evidence{rows: 100, drift: []Drift{feature(below(0.1), 0.8, 0.1, false)}}, Keep, ""},
		{"nothing known at training", evidence{rows: 100, drift: []Drift{feature(0.5, 0, 0, false)}}, Keep, ""},
		{"20 % unscored", evidence{rows: 100, lowCoverage: 20}, Keep, ""},
		{"more than 20 % unscored", evidence{rows: 100, lowCoverage: 21}, FixData, "21.0% of the accounts"},
		{"20 % drifted", evidence{rows: 100, drift: []Drift{feature(0.2, 1, 1, true)}}, Keep, ""},
		{"more than 20 % drifted", evidence{rows: 100, drift: []Drift{feature(above(0.2), 1, 1, true)}}, Retrain, "20.0% of the points"},
		{"two drifted", evidence{rows: 100, drift: []Drift{feature(0.15, 1, 1, true), feature(0.15, 1, 1, true), ok}}, Retrain, "30.0% of the points"},
		{"12 months old", evidence{rows: 100, trained: "2025-01-31", asOf: "2026-01-31"}, Keep, ""},
		{"a day older", evidence{rows: 100, trained: "2025-01-31", asOf: "2026-02-01"}, Retrain, "31 January 2025"},
		{"data before model", evidence{rows: 100, lowCoverage: 50, trained: "2020-01-01", asOf: "2026-01-01"}, FixData, "50.0%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.e.trained == "" {
				tt.e.trained, tt.e.asOf = "2026-01-01", "2026-01-02"
			}
			got, why := decide(tt.e, p)
			if got != tt.want || (tt.why == "") != (len(why) == 0) || !strings.Contains(strings.Join(why, "\n"), tt.why) {
				t.Errorf("decide = %s %q, want %s because %q", got, why, tt.want, tt.why)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	for _, tt := range []struct{ asOf, want string }{
		{"2026-01-15", fresh},
		{"2026-07-14", fresh},
		{"2026-07-15", due}, // 6 months
		{"2027-01-15", due}, // 12 months
		{"2027-01-16", overdue},
	} {
		if got := status("2026-01-15", tt.asOf); got != tt.want {
			t.Errorf("status on %s is %s, want %s", tt.asOf, got, tt.want)
		}
	}
}

func TestPSI(t *testing.T) {
	// Closed forms of the definition; the quantiles of χ² are from the usual
	// table: 3.841 for 1 degree of freedom, 16.919 for 9.
	ten := []float64{20, 20, 20, 20, 20, 20, 20, 20, 20, 20}
	for _, tt := range []struct {
		name             string
		expected, actual []float64
		psi, limit       float64
	}{
		{"same shares", []float64{700, 300}, []float64{7000, 3000}, 0, 0.10},
		{"ten points move", []float64{50000, 50000}, []float64{40000, 60000}, 0.1 * math.Log(1.5), 0.10},
		{"empty bin is half a row", []float64{19, 0}, []float64{1, 1}, (19/19.5 - 0.5) * math.Log(38), 3.841 * (1./19 + 1./2)},
		{"empty in both", []float64{700, 0, 300}, []float64{70000, 0, 30000}, 0, 0.10},
		{"small samples", ten, ten, 0, 16.919 * (2. / 200)},
		{"one bin", []float64{5}, []float64{7}, 0, 0.10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, limit := psi(tt.expected, tt.actual)
			if got == nil || math.Abs(*got-tt.psi) > 1e-12 || math.Abs(*limit-tt.limit) > 1e-3 {
				t.Errorf("psi = %v, limit %v, want %v and %v", *got, *limit, tt.psi, tt.limit)
			}
		})
	}
	if got, limit := psi([]float64{0, 0}, []float64{1, 2}); got != nil || limit != nil {
		t.Errorf("psi without rows = %v, %v", got, limit)
	}
}
