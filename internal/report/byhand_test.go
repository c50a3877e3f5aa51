package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/predict"
)

// TestCausesAddUp checks that the causes count what the migration matrix shows:
// every account whose grade is another one, gone ones among them.
func TestCausesAddUp(t *testing.T) {
	r, _, _, _ := build(t, input(t, base(), now()))
	var causes, moved int64
	for _, c := range r.Causes {
		causes += c.Accounts
	}
	none := func(grade string) bool { return grade == "unscored" || grade == "new" || grade == "gone" }
	for i, from := range r.Migration.From {
		for k, to := range r.Migration.To {
			if from != to && !(none(from) && none(to)) {
				moved += r.Migration.Counts[i][k]
			}
		}
	}
	// By hand: globex D to F, initech C to B, hooli new, vide F to none, old.com gone.
	if causes != 5 || moved != 5 {
		t.Errorf("%d changes by cause, %d in the matrix; want 5", causes, moved)
	}
}

// TestByHand checks what becomes of overrides, and the exploration slice.
func TestByHand(t *testing.T) {
	rows := now()
	rows[1].cut, rows[1].cause = "D", "override"                                                                         // globex.fr is F by hand
	rows[4].grade, rows[4].points, rows[4].reason, rows[4].fix, rows[4].cause = "", 0, "EXCLUDED", "lift it", "override" // umbrella.co.uk
	rows[9].explored = true
	in := input(t, base(), rows)
	file := "domain,grade,author,reason,expires\n" +
		"globex.fr,F,Ann,<b>closed</b>,2026-03-01\n" +
		"umbrella.co.uk,exclude,Bob,in court,\n" +
		"vide.fr,A,Ann,known to be good,\n" +
		"hooli.com,C,Ann,over,2026-02-01\n" +
		"hoolli.com,C,Ann,a slip,\n"
	var err error
	if in.Overrides, err = predict.ReadOverrides(strings.NewReader(file), "overrides.csv", asOf, &in.Model.Grades); err != nil {
		t.Fatal(err)
	}
	in.Unknown = in.Overrides.List[4:]
	r, page, md, _ := build(t, in)
	want := []report.Override{
		{Domain: "globex.fr", Grade: "F", CutGrade: "D", Author: "Ann", Reason: "<b>closed</b>", Expires: "2026-03-01", Status: report.InForce},
		{Domain: "umbrella.co.uk", Grade: "exclude", Author: "Bob", Reason: "in court", Status: report.Excluded},
		{Domain: "vide.fr", Grade: "A", Author: "Ann", Reason: "known to be good", Status: report.WithoutEffect},
		{Domain: "hooli.com", Grade: "C", Author: "Ann", Reason: "over", Expires: "2026-02-01", Status: report.Expired},
		{Domain: "hoolli.com", Grade: "C", Author: "Ann", Reason: "a slip", Status: report.Unknown},
	}
	if d := cmp.Diff(want, r.Overrides); d != "" {
		t.Errorf("overrides (-want +got):\n%s", d)
	}
	explored := report.Exploration{Total: 1, Accounts: []report.Explored{{Domain: "gros.fr", AccountID: "10", Name: "Gros", Grade: "B", Points: 71}}}
	if d := cmp.Diff(explored, r.Exploration); d != "" {
		t.Errorf("exploration (-want +got):\n%s", d)
	}
	if strings.Contains(page, "<b>closed") || !strings.Contains(page, "&lt;b&gt;closed") {
		t.Error("a reason is not escaped in the page")
	}
	if !strings.Contains(md, "without effect") || !strings.Contains(md, "in court") {
		t.Error("report.md lacks the overrides")
	}
}
