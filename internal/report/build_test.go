package report_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
)

// All expected figures of these tests are counted by hand from the fixture.

func TestBuildCounts(t *testing.T) {
	r, _, _, _ := build(t, input(t, base(), now()))
	if diff := cmp.Diff(report.Base{Accounts: 10, Scored: 6, Unscored: 4, Top: 4, Entered: 2, Up: 1, Down: 1}, r.Base); diff != "" {
		t.Error(diff)
	}
	var accounts, prospects []int64
	for _, g := range r.Grades {
		accounts, prospects = append(accounts, g.Accounts), append(prospects, g.Prospects)
	}
	if diff := cmp.Diff([]int64{2, 2, 0, 0, 1, 1}, accounts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{1, 2, 0, 0, 1, 1}, prospects); diff != "" {
		t.Error(diff)
	}
	if g := r.Grades[1]; *g.From != 70 || g.Share != 0.2 || g.Captured.Value != 0.25 || *g.PoolShare != 0.05 || g.Lift.Value != 5 || g.Tier != 1 {
		t.Errorf("grade B: %+v", g)
	}
	if g := r.Grades[5]; g.From != nil {
		t.Errorf("the last grade starts at %v", *g.From)
	}
	var reasons []string
	for _, u := range r.Unscored {
		reasons = append(reasons, u.Reason)
		if u.Accounts != 1 || u.Share != 0.1 || u.Meaning == "" || u.Fix == "" {
			t.Errorf("unscored: %+v", u)
		}
	}
	if diff := cmp.Diff([]string{"NO_DOMAIN", "FREE_MAIL_DOMAIN", "DUPLICATE_OF", "LOW_COVERAGE_FIRMO"}, reasons); diff != "" {
		t.Error(diff)
	}
	if want := "add employees: would be C or better with 50%"; r.Unscored[3].Fix != want {
		t.Errorf("fix %q, want %q", r.Unscored[3].Fix, want)
	}
	if r.Model.AgeDays != 32 || r.Model.Status != "fresh" || r.Model.DueOn != "2026-07-01" {
		t.Errorf("model %+v", r.Model)
	}
	if _, ok := r.Metrics["log_loss"]; ok || len(r.Metrics) != 3 || len(r.Definitions) != 3 {
		t.Errorf("metrics %v, definitions %v", r.Metrics, r.Definitions)
	}
}

func TestBuildChanges(t *testing.T) {
	r, _, _, _ := build(t, input(t, base(), now()))
	want := report.Migration{
		From: []string{"A", "B", "C", "D", "E", "F", "unscored", "new"},
		To:   []string{"A", "B", "C", "D", "E", "F", "unscored", "gone"},
		Counts: [][]int64{
			{1, 0, 0, 0, 0, 0, 0, 0}, // acme
			{0, 1, 0, 0, 0, 0, 0, 0}, // gros
			{0, 1, 0, 0, 0, 0, 0, 1}, // initech; old is gone
			{0, 0, 0, 0, 0, 1, 0, 0}, // globex
			{0, 0, 0, 0, 1, 0, 0, 0}, // umbrella
			{0, 0, 0, 0, 0, 0, 1, 0}, // vide
			{0, 0, 0, 0, 0, 0, 2, 0}, // 6 and 8
			{1, 0, 0, 0, 0, 0, 0, 0}, // hooli
		},
	}
	if diff := cmp.Diff(want, r.Migration); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]report.Cause{{Cause: "data", Accounts: 3}, {Cause: "gone", Accounts: 1}, {Cause: "new", Accounts: 1}}, r.Causes); diff != "" {
		t.Error(diff)
	}
	movers := report.Movers{
		Up: []report.Mover{
			{Domain: "initech.com", AccountID: "3", Name: "Initech", From: "C", To: "B", PointsBefore: 61, Points: 72, Cause: "data", CauseFeature: "technologies"},
			{Domain: "gros.fr", AccountID: "10", Name: "Gros", From: "B", To: "B", PointsBefore: 70, Points: 71},
		},
		Down: []report.Mover{{Domain: "globex.fr", AccountID: "2", Name: "Globex", From: "D", To: "F", PointsBefore: 52, Points: 30, Cause: "data", CauseFeature: "industry"}},
	}
	if diff := cmp.Diff(movers, r.Movers); diff != "" {
		t.Error(diff)
	}
	lift := func(v float64) *float64 { return &v }
	// Shares of the customers and of the pool where the feature is known: 15 of 18 and 40
	// of 80; 15 of 19 and 30 of 90; 1 of 15 and 30 of 50.
	calls := report.CallList{Rule: report.Entered, Total: 2, Accounts: []report.Call{
		{Domain: "hooli.com", AccountID: "4", Name: "Hooli", Grade: "A", Tier: 1, Points: 90, Lift: lift(16), Unknown: []string{}, Reasons: []report.Reason{
			{Feature: "employees", Value: "1,300", MicroPoints: 6_240_000, Text: "employees 1,300: +6.2", Sentence: "Employees: 1,300; 83% of our customers have over 100, against 50% of other accounts."},
		}},
		{Domain: "initech.com", AccountID: "3", Name: "Initech", Grade: "B", Tier: 1, Previous: "C", Points: 72, Lift: lift(math.Exp2(2.2)), Unknown: []string{}, Reasons: []report.Reason{
			{Feature: "industry", Value: "Software", MicroPoints: 12_000_000, Text: "industry Software: +12.0", Sentence: "Industry: Software, like 79% of our customers, against 33% of other accounts."},
			{Feature: "technologies", Value: "none", MicroPoints: -1_250_000, Text: "technologies none: −1.2", Sentence: "Technologies: SAP, like 7% of our customers, against 60% of other accounts; and 1 more."},
		}},
	}}
	if diff := cmp.Diff(calls, r.CallList); diff != "" {
		t.Error(diff)
	}
}

func TestBuildFirstNight(t *testing.T) {
	in := input(t, base(), now())
	in.Previous, in.PreviousAsOf = "", ""
	r, page, md, js := build(t, in)
	if !r.FirstNight || len(r.Movers.Up)+len(r.Movers.Down)+len(r.Causes)+len(r.Migration.Counts) != 0 || r.Base.Entered != 0 {
		t.Errorf("changes on the first night: %+v %+v %+v", r.Movers, r.Causes, r.Migration)
	}
	var names []string
	for _, c := range r.CallList.Accounts {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"Hooli", "Initech", "Gros"}, names); diff != "" || r.CallList.Rule != report.Best || r.CallList.Total != 3 {
		t.Errorf("%s; rule %s, total %d", diff, r.CallList.Rule, r.CallList.Total)
	}
	for name, text := range map[string]string{"html": page, "md": md} {
		if !strings.Contains(strings.ToLower(text), "first night") {
			t.Errorf("%s does not say that this is the first night", name)
		}
	}
	if strings.Contains(string(js), "null,\n  \"causes\"") || !strings.Contains(string(js), `"movers": {`) {
		t.Error("empty lists are not written as lists")
	}
}

func TestImportance(t *testing.T) {
	r, _, _, _ := build(t, input(t, base(), now()))
	// Σ pool share × |points|: .4·5 + .4·10; .3·12 + .3·4 + .3·2; items only: .3·8 + .2·10.
	for i, want := range []report.Importance{
		{Feature: "employees", Pillar: "firmographic", Points: 6, Share: 6 / 15.8},
		{Feature: "industry", Pillar: "firmographic", Points: 5.4, Share: 5.4 / 15.8},
		{Feature: "technologies", Pillar: "technographic", Points: 4.4, Share: 4.4 / 15.8},
	} {
		got := r.Importance[i]
		if got.Feature != want.Feature || got.Pillar != want.Pillar || math.Abs(got.Points-want.Points) > 1e-9 || math.Abs(got.Share-want.Share) > 1e-9 {
			t.Errorf("importance %+v, want %+v", got, want)
		}
	}
}

func TestShapes(t *testing.T) {
	in := input(t, base(), now())
	r, _, _, _ := build(t, in)
	spread := func(v float64) *float64 { return &v }
	want := []page.ShapeBin{
		{Label: "unknown", Spread: spread(0), Customers: 2, Pool: 20, Few: true},
		{Label: "up to 100", Points: -5, Spread: spread(1), Customers: 3, Pool: 40, Few: true},
		{Label: "over 100", Points: 10, Spread: spread(2), Customers: 15, Pool: 40},
	}
	bins := func(s page.Shape) []page.ShapeBin {
		var out []page.ShapeBin // without what only charts use
		for _, b := range s.Bins {
			out = append(out, page.ShapeBin{Label: b.Label, Points: b.Points, Spread: b.Spread, Customers: b.Customers, Pool: b.Pool, Few: b.Few})
		}
		return out
	}
	opt := cmp.AllowUnexported(page.ShapeBin{})
	if diff := cmp.Diff(want, bins(r.Shapes[0]), opt); diff != "" {
		t.Error(diff)
	}
	want = []page.ShapeBin{{Label: "HubSpot", Points: 10, Customers: 12, Pool: 20}, {Label: "SAP", Points: -8, Customers: 1, Pool: 30, Few: true}}
	if diff := cmp.Diff(want, bins(r.Shapes[2]), opt); diff != "" {
		t.Error(diff)
	}

	// Neighbours with the same points are one bin, as sure as the least sure of them.
	term := &in.Model.Terms[0]
	term.Edges, term.MicroPoints, term.Spread = []float64{50, 100, 1500}, []int32{0, -5e6, -5e6, 10e6, 10e6}, []int32{0, 1, 1, 2, 3}
	term.Customers, term.Pool = []int{0, 2, 3, 7, 8}, []int{20, 10, 30, 20, 20}
	in.Pool = tally(t, in.Model, in.Accounts)
	r, _, _, _ = build(t, in)
	var labels []string
	for _, b := range r.Shapes[0].Bins {
		labels = append(labels, b.Label)
	}
	if diff := cmp.Diff([]string{"unknown", "up to 100", "over 100"}, labels); diff != "" {
		t.Error(diff)
	}
	if b := r.Shapes[0].Bins[2]; *b.Spread != 3e-6 {
		t.Errorf("joined bin has spread %v", *b.Spread)
	}
	if b := r.Shapes[0].Bins[1]; b.Customers != 5 || b.Pool != 40 || b.Few {
		t.Errorf("joined bin %+v", b)
	}
}

func TestWrittenGrid(t *testing.T) {
	in := input(t, base(), now())
	in.Model.Grid = &model.Grid{Mode: "sum", Maximum: []int32{20e6, 60e6, 20e6}}
	for i := range in.Model.Terms {
		clear(in.Model.Terms[i].Pool)
		clear(in.Model.Terms[i].Customers)
	}
	r, page, md, js := build(t, in)
	for name, text := range map[string]string{"html": page, "md": md, "json": string(js)} {
		if strings.Contains(text, ">Lift<") || strings.Contains(text, "| Lift |") || strings.Contains(text, `"lift":`) || strings.Contains(text, "lift_10") {
			t.Errorf("%s shows a lift of a written grid", name)
		}
	}
	if r.Importance[0].Feature != "industry" || r.Importance[0].Points != 60 {
		t.Errorf("importance %+v", r.Importance[0]) // 60 of 100 points at most
	}
	for _, d := range r.Drift {
		if d.PSI != nil || d.Alarm || d.Points != nil {
			t.Errorf("drift without a training pool: %+v", d)
		}
	}
}

func TestJSONKeys(t *testing.T) {
	_, _, _, js := build(t, input(t, base(), now()))
	var top map[string]json.RawMessage
	if err := json.Unmarshal(js, &top); err != nil {
		t.Fatal(err)
	}
	// The keys that other programs rely on.
	for _, key := range []string{"headline", "action", "grades", "migration", "causes", "movers", "unscored", "coverage", "drift", "warnings"} {
		if v, ok := top[key]; !ok || string(v) == "null" {
			t.Errorf("no %q in report.json", key)
		}
	}
	var drift []map[string]any
	if err := json.Unmarshal(top["drift"], &drift); err != nil {
		t.Fatal(err)
	}
	for _, d := range drift {
		for _, key := range []string{"feature", "psi", "limit", "alarm", "points"} {
			if _, ok := d[key]; !ok {
				t.Errorf("no %q in drift of %v", key, d["feature"])
			}
		}
	}
	again, _, _, _ := build(t, input(t, base(), now()))
	if other, err := again.JSON(); err != nil || string(other) != string(js) {
		t.Errorf("the same night gives another report.json (%v)", err)
	}
}

func TestBuildErrors(t *testing.T) {
	bad := func(change func(r *gradeRow)) []gradeRow {
		rows := now()
		change(&rows[0])
		return rows
	}
	for _, tt := range []struct {
		name   string
		grades []gradeRow
		change func(in *report.Input)
		want   string
		is     error
	}{
		{"unknown grade", bad(func(r *gradeRow) { r.grade = "Z" }), nil, "row 1 has a grade that the model does not give", datasets.ErrShape},
		{"no points", bad(func(r *gradeRow) { r.points = math.Inf(1) }), nil, "or no points", datasets.ErrShape},
		{"two faults", nil, func(in *report.Input) { in.AsOf, in.PreviousAsOf = "today", "" }, "previous as of", nil},
		{"other model", nil, func(in *report.Input) { in.Model.Version = "2026-01-01-00000000"; in.Evaluation = nil }, "were made by model", nil},
		{"other evaluation", nil, func(in *report.Input) { in.Evaluation.Version = "x" }, "the evaluation is of model x", nil},
		{"other audit", nil, func(in *report.Input) { in.Audit.AsOf = before }, "the audit is of " + before, nil},
		{"other accounts", nil, func(in *report.Input) { in.AsOf, in.Audit = before, nil }, "want the accounts table of " + before, nil},
		{"language", nil, func(in *report.Input) { in.Lang = "de" }, `language is "de"`, nil},
		{"no model", nil, func(in *report.Input) { in.Model = nil }, "no model", nil},
		{"counts", nil, func(in *report.Input) { in.Model.Terms[0].Pool = nil }, "0 pool counts", nil},
		{"no grades", nil, func(in *report.Input) { in.Grades = t.TempDir() }, "no part files", nil},
		{"no folder", nil, func(in *report.Input) { in.Previous = filepath.Join(in.Previous, "x") }, "previous night", os.ErrNotExist},
		{"another model's pool", nil, func(in *report.Input) { in.Pool.Features[1].Slots = nil }, `feature "industry": 0 slots; want 4`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.grades == nil {
				tt.grades = now()
			}
			in := input(t, base(), tt.grades)
			if tt.change != nil {
				tt.change(&in)
			}
			_, err := report.Build(t.Context(), in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q in it", err, tt.want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %v is not %v", err, tt.is)
			}
		})
	}
}

func TestNothingGraded(t *testing.T) {
	var rows []gradeRow
	for _, r := range now() {
		rows = append(rows, gradeRow{domain: r.domain, id: r.id, reason: "LOW_COVERAGE_FIRMO"})
	}
	in := input(t, base(), rows)
	in.Evaluation, in.Audit = nil, nil
	r, page, _, _ := build(t, in)
	if r.Action != report.FixData || r.Base.Scored != 0 || len(r.CallList.Accounts) != 0 || len(r.ActionReasons) != 1 {
		t.Errorf("action %s %q, base %+v", r.Action, r.ActionReasons, r.Base)
	}
	if !strings.Contains(page, "Fix the data") || !strings.Contains(page, "No prospect reached A or B since 1 February 2026.") {
		t.Error("the page does not say that nothing is graded")
	}
}

// Grades cut on priority were not measured out of fold, and a grade that no
// account can have starts nowhere.
func TestGradesWithoutMeasure(t *testing.T) {
	in := input(t, base(), now())
	in.Model.Grades.On = "priority"
	in.Model.Grades.Cuts[0].Margin = math.MaxInt64
	in.Model.Grades.Cuts[1].Margin = 70 * model.Micro
	r, _, _, _ := build(t, in)
	if a, b := r.Grades[0], r.Grades[1]; a.From != nil || a.Captured != nil || b.Lift != nil || *b.From != 70 {
		t.Errorf("grades %+v %+v", a, b)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := report.Build(ctx, input(t, base(), now())); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
