package audit_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/audit"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model/metrics"
)

// TestEveryLimitDecides moves each limit until its test changes sides.
func TestEveryLimitDecides(t *testing.T) {
	f := facts(t, 3)
	clean := build(t, f)
	for _, x := range []struct {
		test string
		set  func(*project.AuditLimits)
	}{
		{"icp_age", func(l *project.AuditLimits) { l.ReviewMonths = 0 }},
		{"duplicates", func(l *project.AuditLimits) { l.Duplicates = .001 }},
		{"stale_records", func(l *project.AuditLimits) { l.StaleRecords = .1 }},
		{"stale_records", func(l *project.AuditLimits) { l.StaleMonths = 6 }},
		{"missing_data", func(l *project.AuditLimits) { l.Coverage = .99 }},
		{"domain_errors", func(l *project.AuditLimits) { l.DomainErrors = .01 }},
		{"segments_unvalidated", func(l *project.AuditLimits) { l.Unsupported = -1 }},
		{"no_decision_role", func(l *project.AuditLimits) { l.DecisionRole = .5 }},
		{"clicks_not_intent", func(l *project.AuditLimits) { l.IntentAUC = .9 }},
		{"clicks_not_intent", func(l *project.AuditLimits) { l.Intent = 1.1 }},
		{"wrong_audience", func(l *project.AuditLimits) { l.WrongAudience = .1 }},
		{"wins_unexplained", func(l *project.AuditLimits) { l.Explained = .999 }},
		{"wins_by_being_first", func(l *project.AuditLimits) { l.FirstGap = -.5 }},
		{"buyers_leave", func(l *project.AuditLimits) { l.Retention = .999 }},
		{"accounts_unaudited", func(l *project.AuditLimits) { l.Audited = 1.1 }},
	} {
		if debt(clean, x.test) != nil {
			t.Errorf("%s fails as it is", x.test)
		}
		f.Settings.Limits = project.DefaultAuditLimits()
		x.set(&f.Settings.Limits)
		if debt(build(t, f), x.test) == nil {
			t.Errorf("%s passes whatever its limit", x.test)
		}
	}
	f.Settings.Limits = project.DefaultAuditLimits()
	f.ModelAsOf = "2024-11-30" // 7 months: medium, or high where that is overdue
	for months, want := range map[float64]string{12: audit.Medium, 7: audit.High, 6.5: audit.High} {
		f.Settings.Limits.OverdueMonths = months
		if d := debt(build(t, f), "icp_age"); d == nil || d.Severity != want && months != 7 {
			t.Errorf("overdue from %g months: %+v, want %s", months, d, want)
		}
	}
	f.ModelAsOf = "2020-01-01"
	f.Settings.Limits.Releases = 50
	if debt(build(t, f), "product_changed") != nil {
		t.Error("product_changed fails below its limit of releases")
	}
}

// TestScore is worked by hand: 100 times the failed weight over the computable.
func TestScore(t *testing.T) {
	f := facts(t, 4, sample.Unexplained, sample.Neglect)
	a := build(t, f)
	n := float64(len(a.Debts) + len(a.Passed))
	want := 100 * float64(len(a.Debts)) / n
	if a.Score == nil || *a.Score < want-.06 || *a.Score > want+.06 || len(a.Debts) < 2 {
		t.Fatalf("score %v of %d debts in %g tests, want %.1f", *a.Score, len(a.Debts), n, want)
	}
	f.Settings.Weights = map[string]float64{"wins_unexplained": 3, "duplicates": 0}
	b := build(t, f)
	// Two more weights on a test that fails, and one test less, which passed.
	want = 100 * float64(len(a.Debts)+2) / (n + 2 - 1)
	if *b.Score < want-.06 || *b.Score > want+.06 || len(b.LeftOut) != 1 || b.LeftOut[0].ID != "duplicates" {
		t.Errorf("score %v, want %.1f; left out %v", *b.Score, want, b.LeftOut)
	}
	f.Settings.Weights = map[string]float64{}
	for _, id := range project.AuditTests {
		f.Settings.Weights[id] = 0
	}
	if c := build(t, f); c.Score != nil || len(c.LeftOut) != len(project.AuditTests) {
		t.Errorf("score %v of no test", c.Score)
	}
}

// TestHostileTexts keeps texts of tables and files as texts.
func TestHostileTexts(t *testing.T) {
	const evil = "<script>alert(1)</script>\n## =1+1 \x1b[31m|x|\u202e"
	f := facts(t, 5, sample.Stale, sample.Grid)
	f.Name, f.Version = evil, evil
	for i := range f.Base.Segments {
		f.Base.Segments[i] = evil
	}
	f.Grid[0].Feature = evil
	if err := f.Events.Release(activity.Release{Date: 20_200 * 86400, Name: evil, Major: true}); err != nil {
		t.Fatal(err)
	}
	a := build(t, f)
	var html, md bytes.Buffer
	if err := audit.WriteHTML(&html, a); err != nil {
		t.Fatal(err)
	}
	if err := audit.WriteMarkdown(&md, a); err != nil {
		t.Fatal(err)
	}
	text, err := audit.Text(a)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html.String(), "<script>alert") || strings.Contains(md.String(), "<script>") || strings.Contains(md.String(), "\n## =") {
		t.Error("markup of the base is markup of the page")
	}
	for _, bad := range []string{"\x1b", "\u202e", "\n## ="} {
		if strings.Contains(text, bad) || strings.Contains(md.String(), bad) {
			t.Errorf("%q comes through", bad)
		}
	}
}

// TestSmallBases takes bases of nothing and of one account.
func TestSmallBases(t *testing.T) {
	f := facts(t, 6)
	for _, add := range []func(*audit.Base){
		func(*audit.Base) {},
		func(b *audit.Base) { b.Add(audit.Account{Domain: "acme.com", Grade: -1, Segment: -1}) },
	} {
		f.Base = &audit.Base{Grades: []string{"A", "B", "C"}, Top: 1, SizedBy: "size", SegmentedBy: "segment", Segments: []string{"x"}}
		add(f.Base)
		f.Base.Seal()
		f.Events = audit.NewEvents(f.Base, 20_269)
		f.AUC = &metrics.Interval{}
		*f.Data = *facts(t, 6).Data
		f.Data.Rows, f.Data.Scorable, f.Data.Features = 0, 0, nil
		a := build(t, f)
		if len(a.Debts) > 0 || !slices.ContainsFunc(a.NotComputable, func(x audit.Test) bool { return x.ID == "duplicates" }) {
			t.Errorf("%s", told(a))
		}
	}
}
