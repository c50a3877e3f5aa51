package report_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/predict"
	"github.com/icpfit/icpfit/model/train"
)

const (
	asOf    = "2026-02-02"
	before  = "2026-02-01"
	trained = "2026-01-01"
)

var specs = []features.Spec{
	{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees"},
	{Name: "industry", Pillar: features.Firmographic, Kind: features.Category, Column: "industry"},
	{Name: "technologies", Pillar: features.Technographic, Kind: features.Set, Column: "tech"},
}

// base holds the accounts of the fixture: id, name, website, employees,
// industry, technologies. acme.com is the customer; the pool is globex.fr,
// initech.com, hooli.com, umbrella.co.uk, vide.fr and gros.fr.
func base() [][]string {
	return [][]string{
		{"id", "name", "website", "employees", "industry", "tech"},
		{"1", "Acme", "acme.com", "150", "Software", "HubSpot"},
		{"2", "Globex", "globex.fr", "50", "Retail", "SAP"},
		{"3", "Initech", "initech.com", "200", "Software", "HubSpot|SAP"},
		{"4", "Hooli", "hooli.com", "300", "Software", "HubSpot"},
		{"5", "Umbrella", "umbrella.co.uk", "", "Retail", ""},
		{"6", "Nowhere", "", "80", "Software", ""},
		{"7", "Acme again", "acme.com", "150", "", ""},
		{"8", "Mail", "someone@gmail.com", "10", "", ""},
		{"9", "Vide", "vide.fr", "", "", ""},
		{"10", "Gros", "gros.fr", "500", "Software", "HubSpot"},
	}
}

// A gradeRow is a row of a grade table; what it leaves out is null.
type gradeRow struct {
	domain, id          string
	customer            bool
	grade               string
	points              float64
	cause, causeFeature string
	reason, fix         string
	cut                 string // grade by the model, where one was given by hand
	explored            bool
	previous            string // grade of the night before, as the table has it
	reasons             []report.Reason
}

func now() []gradeRow {
	return []gradeRow{
		{domain: "acme.com", id: "1", customer: true, grade: "A", points: 85},
		{domain: "globex.fr", id: "2", grade: "F", points: 30, cause: "data", causeFeature: "industry"},
		{domain: "initech.com", id: "3", grade: "B", points: 72, cause: "data", causeFeature: "technologies", reasons: []report.Reason{
			{Feature: "industry", Value: "Software", MicroPoints: 12_000_000},
			{Feature: "technologies", Value: "none", MicroPoints: -1_250_000},
		}},
		{domain: "hooli.com", id: "4", grade: "A", points: 90, cause: "new", reasons: []report.Reason{{Feature: "employees", Value: "1,300", MicroPoints: 6_240_000}}},
		{domain: "umbrella.co.uk", id: "5", grade: "E", points: 44},
		{id: "6", reason: "NO_DOMAIN", fix: "add the company's website"},
		{domain: "acme.com", id: "7", customer: true, reason: "DUPLICATE_OF", fix: "merge it"},
		{id: "8", reason: "FREE_MAIL_DOMAIN", fix: "replace it"},
		{domain: "vide.fr", id: "9", reason: "LOW_COVERAGE_FIRMO", fix: "add industry: would be B or better with 82 %", cause: "data"},
		{domain: "gros.fr", id: "10", grade: "B", points: 71},
	}
}

func nightBefore() []gradeRow {
	return []gradeRow{
		{domain: "acme.com", id: "1", customer: true, grade: "A", points: 85},
		{domain: "globex.fr", id: "2", grade: "D", points: 52},
		{domain: "initech.com", id: "3", grade: "C", points: 61},
		{domain: "umbrella.co.uk", id: "5", grade: "E", points: 44},
		{id: "6", reason: "NO_DOMAIN"},
		{domain: "acme.com", id: "7", customer: true, reason: "DUPLICATE_OF"},
		{id: "8", reason: "FREE_MAIL_DOMAIN"},
		{domain: "vide.fr", id: "9", grade: "F", points: 35},
		{domain: "gros.fr", id: "10", grade: "B", points: 70},
		{domain: "old.com", id: "11", grade: "C", points: 60},
	}
}

// newModel returns a sealed model with round numbers.
func newModel(t *testing.T) *model.Model {
	t.Helper()
	m := &model.Model{
		Format: 1, Name: "main", AsOf: trained, Learner: "scorecard", Missing: "neutral", Customers: 20, Pool: 100, Specs: specs, BasePoints: 50,
		Terms: []model.Term{{
			Binning:     bin.Binning{Feature: "employees", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{100}},
			MicroPoints: []int32{0, -5e6, 10e6}, Spread: []int32{0, 1e6, 2e6}, Customers: []int{2, 3, 15}, Pool: []int{20, 40, 40},
		}, {
			Binning:     bin.Binning{Feature: "industry", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"software", "retail"}, Labels: []string{"Software", "Retail"}},
			MicroPoints: []int32{0, 12e6, -4e6, -2e6}, Customers: []int{1, 15, 2, 2}, Pool: []int{10, 30, 30, 30},
		}, {
			Binning:     bin.Binning{Feature: "technologies", Pillar: features.Technographic, Kind: features.Set, Items: []string{"sap", "hubspot"}, Labels: []string{"SAP", "HubSpot"}},
			MicroPoints: []int32{0, -1e6, -8e6, 10e6}, Customers: []int{5, 15, 1, 12}, Pool: []int{50, 50, 30, 20},
		}},
	}
	var err error
	m.Grades, err = model.NewGrades("A-F", []int64{30e6, 20e6, 10e6, 0, -10e6})
	if err != nil {
		t.Fatal(err)
	}
	m.Grades.Method, m.Grades.On, m.Grades.Notes = "lift", "fit", []string{"A starts at 80.0 points"}
	if err := m.Seal(); err != nil {
		t.Fatal(err)
	}
	return m
}

func newEvaluation(m *model.Model) *train.Evaluation {
	interval := func(v float64) metrics.Interval { return metrics.Interval{Value: v, Low: v * 0.9, High: v * 1.1} }
	e := &train.Evaluation{
		Version: m.Version, Verdict: train.Learned, Learner: m.Learner,
		Warnings: []leak.Warning{{Code: leak.Purity, Feature: "technologies", Value: 80, Message: "technologies = HubSpot is held by 12 customers"}},
		Measurement: evaluate.Measurement{Metrics: map[string]metrics.Interval{
			"auc": interval(0.85), "capture_10": interval(0.5), "lift_10": interval(5), "log_loss": interval(0.2),
		}},
	}
	for i, g := range []string{"A", "B", "C", "D", "E", "F"} {
		pool, captured := []float64{0.02, 0.05, 0.1, 0.2, 0.3, 0.33}[i], []float64{0.25, 0.25, 0.2, 0.15, 0.1, 0.05}[i]
		e.Grades = append(e.Grades, evaluate.GradeRow{Grade: g, PoolShare: pool, Captured: interval(captured), Lift: interval(captured / pool)})
	}
	return e
}

// dayOf returns days since 1970-01-01.
func dayOf(date string) int32 {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return int32(d.Unix() / 86400)
}

// input writes the fixture's tables into a new folder and returns the input of
// its report.
func input(t *testing.T, accounts [][]string, grades []gradeRow) report.Input {
	t.Helper()
	m := newModel(t)
	folder := t.TempDir()
	in := report.Input{
		Name: "main", AsOf: asOf, PreviousAsOf: before, Model: m, Evaluation: newEvaluation(m),
		Accounts: filepath.Join(folder, "accounts"), Grades: filepath.Join(folder, "now"), Previous: filepath.Join(folder, "before"),
	}
	in.Audit = writeAccounts(t, in.Accounts, accounts)
	writeGrades(t, in.Grades, m.Version, grades)
	writeGrades(t, in.Previous, m.Version, nightBefore())
	in.Pool = tally(t, m, in.Accounts)
	return in
}

// tally counts the pool of an accounts table as grading it does.
func tally(t *testing.T, m *model.Model, folder string) *model.Tally {
	t.Helper()
	table, err := features.OpenTable(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	s, err := predict.Run(t.Context(), predict.Input{Model: m, Accounts: table, AsOf: dayOf(asOf)}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return s.Pool
}

func create(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func writeAccounts(t *testing.T, folder string, rows [][]string) *features.Audit {
	t.Helper()
	audit, table, _ := buildTables(t, rows)
	create(t, folder, "part-0.parquet", table)
	return audit
}

// writeCustomers writes the customers table of the fixture and returns its folder.
func writeCustomers(t *testing.T, rows [][]string) string {
	t.Helper()
	_, _, customers := buildTables(t, rows)
	folder := t.TempDir()
	create(t, folder, "part-0.parquet", customers)
	return folder
}

// buildTables makes the tables of accounts and of customers. acme.com was won on
// 2026-01-15.
func buildTables(t *testing.T, rows [][]string) (audit *features.Audit, accounts, chosen []byte) {
	t.Helper()
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	source := csvfile.New(create(t, t.TempDir(), "accounts.csv", text.Bytes()), csvfile.DefaultOptions())
	list := csvfile.New(create(t, t.TempDir(), "customers.csv", []byte("domain,won_at\nacme.com,2026-01-15\nlost.com,2026-01-15\n")), csvfile.DefaultOptions())
	customers, err := features.LoadCustomers(t.Context(), list, features.CustomerColumns{Domain: "domain", WonAt: "won_at"})
	if err != nil {
		t.Fatal(err)
	}
	var table, other bytes.Buffer
	audit, err = features.Build(t.Context(), features.Input{
		Accounts: source, Domain: "website", ID: "id", Name: "name", Specs: specs, Customers: customers, AsOf: dayOf(asOf),
	}, features.Output{Accounts: &table, Customers: &other})
	if err != nil {
		t.Fatal(err)
	}
	return audit, table.Bytes(), other.Bytes()
}

// writeGrades writes two parts of a grade table, with the columns that a report
// reads and one that it does not.
func writeGrades(t *testing.T, folder, version string, rows []gradeRow) {
	t.Helper()
	half := len(rows) / 2
	for i, part := range [][]gradeRow{rows[:half], rows[half:]} {
		var file bytes.Buffer
		b := gradeBatch(part, version)
		var fields []datasets.Field
		for _, c := range b.Columns {
			fields = append(fields, c.Field)
		}
		w, err := parquetfile.NewWriter(&file, fields, parquetfile.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		create(t, folder, "part-"+string(rune('0'+i))+".parquet", file.Bytes())
	}
	create(t, folder, "_manifest.json", []byte("{}"))
}

func gradeBatch(rows []gradeRow, version string) *datasets.Batch {
	b := &datasets.Batch{Rows: len(rows)}
	text := func(name string, of func(r gradeRow) string) {
		c := datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Text}, Offsets: []int32{0}}
		for _, r := range rows {
			c.Data = append(c.Data, of(r)...)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
		b.Columns = append(b.Columns, c)
	}
	category := func(name string, of func(r gradeRow) string) {
		c := datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Category}}
		for _, r := range rows {
			addCode(&c, of(r))
		}
		b.Columns = append(b.Columns, c)
	}
	text("domain", func(r gradeRow) string { return r.domain })
	text("account_id", func(r gradeRow) string { return r.id })
	customer := datasets.Column{Field: datasets.Field{Name: "customer", Type: datasets.Flag}}
	points := datasets.Column{Field: datasets.Field{Name: "points", Type: datasets.Number}}
	for _, r := range rows {
		customer.Flags = append(customer.Flags, map[bool]int8{true: 1}[r.customer])
		if r.grade == "" {
			r.points = math.NaN()
		}
		points.Numbers = append(points.Numbers, r.points)
	}
	b.Columns = append(b.Columns, customer, points)
	category("grade", func(r gradeRow) string { return r.grade })
	category("cause", func(r gradeRow) string { return r.cause })
	category("cause_feature", func(r gradeRow) string { return r.causeFeature })
	category("unscored_reason", func(r gradeRow) string { return r.reason })
	category("unscored_fix", func(r gradeRow) string { return r.fix })
	category("model_version", func(gradeRow) string { return version })
	category("cut_grade", func(r gradeRow) string {
		if r.cut == "" {
			return r.grade
		}
		return r.cut
	})
	flag := func(name string, of func(r gradeRow) bool) {
		c := datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Flag}}
		for _, r := range rows {
			c.Flags = append(c.Flags, map[bool]int8{true: 1}[of(r)])
		}
		b.Columns = append(b.Columns, c)
	}
	flag("overridden", func(r gradeRow) bool { return r.cut != "" })
	flag("exploration", func(r gradeRow) bool { return r.explored })
	category("previous_grade", func(r gradeRow) string { return r.previous })
	category("extra", func(gradeRow) string { return "x" })
	b.Columns = append(b.Columns, reasonsColumn(rows))
	return b
}

// addCode appends a text, "" for missing, to a category column.
func addCode(c *datasets.Column, text string) {
	if text == "" {
		c.Codes = append(c.Codes, -1)
		return
	}
	for code, known := range c.Dictionary {
		if known == text {
			c.Codes = append(c.Codes, int32(code))
			return
		}
	}
	c.Codes = append(c.Codes, int32(len(c.Dictionary)))
	c.Dictionary = append(c.Dictionary, text)
}

func reasonsColumn(rows []gradeRow) datasets.Column {
	children := []datasets.Field{{Name: "feature", Type: datasets.Category}, {Name: "value", Type: datasets.Text}, {Name: "micro_points", Type: datasets.Integer}}
	c := datasets.Column{Field: datasets.Field{Name: "reasons", Type: datasets.List, Children: children}, Offsets: []int32{0}}
	for _, f := range children {
		c.Children = append(c.Children, datasets.Column{Field: f})
	}
	value := &c.Children[1]
	value.Offsets = []int32{0}
	for _, r := range rows {
		for _, reason := range r.reasons {
			addCode(&c.Children[0], reason.Feature)
			value.Data = append(value.Data, reason.Value...)
			value.Offsets = append(value.Offsets, int32(len(value.Data)))
			c.Children[2].Integers = append(c.Children[2].Integers, reason.MicroPoints)
		}
		c.Offsets = append(c.Offsets, int32(len(value.Offsets)-1))
		c.Null = append(c.Null, r.reasons == nil)
	}
	return c
}

// build makes the report and its three texts.
func build(t *testing.T, in report.Input) (r *report.Report, page, md string, js []byte) {
	t.Helper()
	r, err := report.Build(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var h, m bytes.Buffer
	if err := report.WriteHTML(&h, r); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteMarkdown(&m, r); err != nil {
		t.Fatal(err)
	}
	if js, err = r.JSON(); err != nil {
		t.Fatal(err)
	}
	return r, h.String(), m.String(), js
}
