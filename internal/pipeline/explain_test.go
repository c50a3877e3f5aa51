package pipeline_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

const demoDate = "2026-01-31"

// demo makes a graded project.
func demo(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "demo")
	if _, err := pipeline.Demo(t.Context(), pipeline.DemoOptions{Folder: folder, Accounts: 2_000, AsOf: demoDate, Lang: "en", Author: "test"}); err != nil {
		t.Fatal(err)
	}
	return folder
}

func open(t *testing.T, folder string) *pipeline.Run {
	t.Helper()
	r, err := pipeline.Open(folder, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// writtenGrid is a grid over features of a demo base.
const writtenGrid = `
grid:
  mode: MODE
  criteria:
    - {feature: industry, values: {Software: 25, Fintech: 20}, otherwise: 3}
    - {feature: employees, ranges: [{from: 50, to: 500, points: 20}, {from: 500, points: 7}]}
    - {feature: technologies, values: {HubSpot: 11, Shopify: 5, Snowflake: 9}}
    - {feature: hiring, values: {yes: 13}}
`

// TestExactExplanations checks, for every row of a base, a learned table, a table
// with trees and both modes of a written grid: the contributions of the features sum to the
// margin of the grade table, and the margin's grade is the table's. Explain says
// the same of single accounts.
func TestExactExplanations(t *testing.T) {
	folder := demo(t)
	r := open(t, folder)
	checkExact(t, r)
	t.Run("trees", func(t *testing.T) {
		if testing.Short() {
			t.Skip("learns trees, too long with the race detector")
		}
		out, err := r.Train(t.Context(), pipeline.TrainOptions{Learner: "trees"})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := r.Model(out.Version); err != nil || len(m.Trees) == 0 || len(m.Terms) == 0 {
			t.Fatalf("%d trees, %v; this test wants some", len(m.Trees), err)
		}
		if _, err := r.Promote(out.Version, "test", "trees"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Predict(t.Context(), "", ""); err != nil {
			t.Fatal(err)
		}
		checkExact(t, r)
	})
	for _, mode := range []string{"sum", "pillars"} {
		t.Run(mode, func(t *testing.T) {
			addGrid(t, folder, mode)
			r := open(t, folder)
			out, err := r.Train(t.Context(), pipeline.TrainOptions{Learner: "grid"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Promote(out.Version, "test", mode); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Predict(t.Context(), "", ""); err != nil {
				t.Fatal(err)
			}
			checkExact(t, r)
		})
	}
}

func addGrid(t *testing.T, folder, mode string) {
	t.Helper()
	path := filepath.Join(folder, "icpfit.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), "\ngrid:")
	if err := os.WriteFile(path, []byte(before+strings.Replace(writtenGrid, "MODE", mode, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}

// checkExact compares the grade table with the scorer and with Explain.
func checkExact(t *testing.T, r *pipeline.Run) {
	t.Helper()
	version, err := r.Champion()
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Model(version)
	if err != nil {
		t.Fatal(err)
	}
	table, grades := loadAccounts(t, r, m), loadGrades(t, r)
	if table.Rows != grades.Rows {
		t.Fatalf("%d accounts, %d grades", table.Rows, grades.Rows)
	}
	day, err := pipeline.ParseDay(demoDate)
	if err != nil {
		t.Fatal(err)
	}
	var s model.Scores
	if err := model.NewScorer(m, day).Score(&s, table); err != nil {
		t.Fatal(err)
	}
	scored := 0
	for i := range table.Rows {
		if !checkRow(t, m, &s, grades, i) {
			continue
		}
		if scored++; scored%50 == 1 {
			checkExplain(t, r, grades, i)
		}
	}
	if scored < table.Rows*3/4 {
		t.Errorf("only %d of %d rows are scored", scored, table.Rows)
	}
}

// checkRow checks one row of the grade table, and reports whether it is scored.
func checkRow(t *testing.T, m *model.Model, s *model.Scores, grades *datasets.Batch, i int) bool {
	t.Helper()
	margin, grade, reason := grades.Column("margin"), category(grades, "grade", i), category(grades, "unscored_reason", i)
	if grade == "" {
		if reason == "" || !margin.Missing(i) || category(grades, "unscored_fix", i) == "" {
			t.Errorf("row %d has no grade, reason %q, margin missing %t", i, reason, margin.Missing(i))
		}
		return false
	}
	var sum int64
	byFeature := map[string]int64{}
	for k := range m.Terms {
		c := int64(s.Contributions[k][i])
		sum += c
		byFeature[m.Terms[k].Feature] = c
	}
	if margin.Missing(i) || margin.Integers[i] != sum {
		t.Errorf("row %d: contributions sum to %d, the table's margin is %d", i, sum, margin.Integers[i])
	}
	if want := m.Grades.Cuts[m.Grades.Index(sum)].Grade; grade != want || reason != "" {
		t.Errorf("row %d: grade %q, reason %q; the cuts say %q", i, grade, reason, want)
	}
	reasons := grades.Column("reasons")
	from, to := reasons.Offsets[i], reasons.Offsets[i+1]
	if from == to {
		t.Errorf("row %d is scored without a reason", i)
	}
	for at := from; at < to; at++ {
		feature := reasons.Children[0].Dictionary[reasons.Children[0].Codes[at]]
		if got := reasons.Children[2].Integers[at]; got != byFeature[feature] {
			t.Errorf("row %d: reason %s is %d, the contribution %d", i, feature, got, byFeature[feature])
		}
	}
	return true
}

func checkExplain(t *testing.T, r *pipeline.Run, grades *datasets.Batch, i int) {
	t.Helper()
	domain := string(grades.Column("domain").Cell(i))
	e, _, err := r.Explain(t.Context(), domain, "en")
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, f := range e.Features {
		sum += f.MicroPoints
	}
	if e.Margin == nil || *e.Margin != sum || sum != grades.Column("margin").Integers[i] {
		t.Errorf("explain %s: features sum to %d, margin %v, table %d", domain, sum, e.Margin, grades.Column("margin").Integers[i])
	}
	if want := category(grades, "grade", i); e.Grade == nil || *e.Grade != want {
		t.Errorf("explain %s: grade %v, table %q", domain, e.Grade, want)
	}
	if e.Points == nil || *e.Points != grades.Column("points").Numbers[i] {
		t.Errorf("explain %s: points %v, table %v", domain, e.Points, grades.Column("points").Numbers[i])
	}
	if e.Customer != (grades.Column("customer").Flags[i] == 1) || len(e.History) != 1 || e.History[0].Grade != category(grades, "grade", i) {
		t.Errorf("explain %s: customer %t, history %+v", domain, e.Customer, e.History)
	}
	for _, f := range e.Features {
		if f.Sentence == "" {
			t.Errorf("explain %s: %s has no sentence", domain, f.Feature)
		}
	}
	for _, similar := range e.Similar {
		if similar.Domain == domain || similar.Distance < 0 {
			t.Errorf("explain %s: similar %+v", domain, similar)
		}
	}
}

func category(b *datasets.Batch, column string, i int) string {
	c := b.Column(column)
	if c.Codes[i] < 0 {
		return ""
	}
	return c.Dictionary[c.Codes[i]]
}

func loadAccounts(t *testing.T, r *pipeline.Run, m *model.Model) *datasets.Batch {
	t.Helper()
	table, err := features.OpenTable(r.Project.Features(features.AccountsTable, demoDate))
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	columns := []string{"domain"}
	for _, s := range m.Specs {
		columns = append(columns, s.Name)
	}
	all, err := table.Load(t.Context(), columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// loadGrades reads the grade table, which has one row group of one batch.
func loadGrades(t *testing.T, r *pipeline.Run) *datasets.Batch {
	t.Helper()
	f, err := parquetfile.OpenFile(filepath.Join(r.Project.Grades(demoDate), "part-0000.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Group(0, predict.Fields)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all, more datasets.Batch
	if err := rows.Read(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	if err := rows.Read(context.Background(), &more); !errors.Is(err, io.EOF) || f.Groups() != 1 {
		t.Fatalf("the base has more than one batch (%v); make it smaller", err)
	}
	return &all
}
