package report_test

import (
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/report"
)

// TestWins checks recent wins on the fixture: acme.com was won on 2026-01-15, after the
// model's 2026-01-01, and has 50 + 10 + 12 + (10 − 1) = 81 points: an A.
func TestWins(t *testing.T) {
	in := input(t, base(), now())
	in.Customers = writeCustomers(t, base())
	r, page, md, _ := build(t, in)
	w := r.Wins
	if !w.Computable || w.Since != trained || w.Won != 1 || w.Scored != 1 || w.Top != 1 || w.Grades[0] != (report.WonGrade{Grade: "A", Won: 1, Share: 1, Pool: 0.2}) {
		t.Errorf("wins %+v", w)
	}
	// Wilson's interval of 1 of 1 (scipy 1.17.1, binomtest, proportion_ci, method wilson).
	if c := w.Captured; c == nil || c.Value != 1 || math.Abs(c.Low-0.2065493) > 1e-6 || c.High != 1 {
		t.Errorf("captured %+v", c)
	}
	// Of the customers out of fold, 25 % are A and 25 % B; of the five prospects with a
	// grade, one is A and two are B.
	if e := w.Expected; e == nil || e.Value != 0.5 || math.Abs(e.Low-0.45) > 1e-12 || math.Abs(*w.Pool-0.6) > 1e-12 {
		t.Errorf("expected %+v, pool %v", e, *w.Pool)
	}
	if want := "1 customer was won after 1 January 2026, which the model had not seen; as it was known before the win, 1 is A or B: 100.0% (20.7–100.0). Of the prospects, 60.0% are."; !strings.Contains(strings.ReplaceAll(md, "\\", ""), want) {
		t.Errorf("the report does not say %q:\n%s", want, md)
	}
	if row := tableOf(t, page, "Are recent wins captured?")[1]; row[0] != "A" || row[1] != "1" {
		t.Errorf("row %q", row)
	}
	drawnCharts(t, page)

	in.Model.AsOf = "2026-01-15" // the day of the win is not after it
	if err := in.Model.Seal(); err != nil {
		t.Fatal(err)
	}
	in.Evaluation = nil
	writeGrades(t, in.Grades, in.Model.Version, now())
	if r, _, md, _ = build(t, in); !r.Wins.Computable || r.Wins.Won != 0 || r.Wins.Captured != nil || !strings.Contains(md, "No customer was won after 15 January 2026") {
		t.Errorf("wins %+v", r.Wins)
	}
}
