package predict_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/predict"
	"github.com/icpfit/icpfit/model/train"
)

var specs = []features.Spec{
	{Name: "industry", Pillar: features.Firmographic, Kind: features.Category, Column: "industry"},
	{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees", Parser: "range"},
	{Name: "country", Pillar: features.Firmographic, Kind: features.Category, Column: "country", Parser: "country"},
	{Name: "founded", Pillar: features.Firmographic, Kind: features.Number, Column: "founded", Parser: "year"},
	{Name: "hiring", Pillar: features.Firmographic, Kind: features.Flag, Column: "hiring"},
	{Name: "funded", Pillar: features.Firmographic, Kind: features.Date, Column: "last_funding_date"},
	{Name: "technologies", Pillar: features.Technographic, Kind: features.Set, Column: "technologies"},
	{Name: "visits", Pillar: features.Intent, Kind: features.Number, Column: "web_visits_90d"},
}

// A night is a base of two row groups, its feature tables, and a model trained
// on them.
type night struct {
	folder   string
	base     *sample.Base
	accounts *features.Table
	all      *datasets.Batch // the whole accounts table
	frame    *evaluate.Frame
	model    *model.Model
}

var tonight struct {
	sync.Once
	night
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if tonight.accounts != nil {
		_ = tonight.accounts.Close()
	}
	if tonight.folder != "" {
		_ = os.RemoveAll(tonight.folder)
	}
	os.Exit(code)
}

func setUp(t testing.TB) *night {
	t.Helper()
	tonight.Do(func() { tonight.err = tonight.make() })
	if tonight.err != nil {
		t.Fatal(tonight.err)
	}
	return &tonight.night
}

func (n *night) make() error {
	o := sample.DefaultOptions()
	o.Accounts, o.Customers = 36_000, 500
	var err error
	if n.folder, err = os.MkdirTemp("", "predict"); err != nil {
		return err
	}
	if n.base, err = sample.Generate(o); err != nil {
		return err
	}
	if n.accounts, err = build(n.folder, n.base, n.base.Source(), specs); err != nil {
		return err
	}
	if n.all, err = n.accounts.Load(context.Background(), names(n.accounts), nil); err != nil {
		return err
	}
	return n.train()
}

func names(t *features.Table) []string {
	var out []string
	for _, f := range t.Fields {
		out = append(out, f.Name)
	}
	return out
}

// build makes the feature tables of a source below folder and opens that of
// the accounts.
func build(folder string, base *sample.Base, source datasets.Source, specs []features.Spec) (_ *features.Table, err error) {
	ctx := context.Background()
	customers, err := features.LoadCustomers(ctx, base.Customers(), features.CustomerColumns{Domain: "domain", WonAt: "won_at"})
	if err != nil {
		return nil, err
	}
	in := features.Input{
		Accounts: source, Domain: "website", ID: "id", Name: "company_name", Modified: "last_modified_date",
		Specs: specs, Customers: customers, AsOf: base.Options.AsOf,
	}
	var accounts, best bytes.Buffer
	if _, err := features.Build(ctx, in, features.Output{Accounts: &accounts, Customers: &best}); err != nil {
		return nil, err
	}
	for name, text := range map[string][]byte{"accounts": accounts.Bytes(), "customers": best.Bytes()} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, name, "part-0.parquet"), text, 0o600); err != nil {
			return nil, err
		}
	}
	return features.OpenTable(filepath.Join(folder, "accounts"))
}

// train learns from the customers and a part of the pool.
func (n *night) train() error {
	columns := []string{"domain"}
	for _, s := range specs {
		columns = append(columns, s.Name)
	}
	f := &evaluate.Frame{AsOf: n.base.Options.AsOf, Seed: 1, Bins: bin.DefaultOptions()}
	var keys []features.Row
	var err error
	f.Batch, err = n.accounts.Load(context.Background(), columns, func(r features.Row) bool {
		keep := r.Reason == "" && (r.Customer || r.Number%10 == 0)
		if keep {
			keys = append(keys, r)
		}
		return keep
	})
	if err != nil {
		return err
	}
	for _, r := range keys {
		w := 10.0
		if r.Customer {
			w = 1
		}
		f.Customer, f.Weights, f.Keys = append(f.Customer, r.Customer), append(f.Weights, w), append(f.Keys, r.Hash)
	}
	f.Specs = specs[:len(specs)-1]
	n.frame = f
	result, err := train.Run(context.Background(), f, train.Options{
		Name: "main", AsOf: n.accounts.AsOf, SpecHash: n.accounts.SpecHash, Learner: "logistic", Intent: specs[len(specs)-1:],
		Grades: train.GradeOptions{Scale: "A-F", Method: "lift", On: "fit", Hysteresis: 1},
	})
	if err == nil {
		n.model = result.Model
	}
	return err
}

// grade runs predict and returns its file, its summary and its rows.
func grade(t testing.TB, in predict.Input) ([]byte, *predict.Summary, *datasets.Batch) {
	t.Helper()
	file, _, sum := run(t, in)
	return file, sum, read(t, file, predict.Fields)
}

// run runs predict and returns its two files and its summary.
func run(t testing.TB, in predict.Input) (grades, changes []byte, _ *predict.Summary) {
	t.Helper()
	var out, changed bytes.Buffer
	sum, err := predict.Run(t.Context(), in, &out, &changed)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), changed.Bytes(), sum
}

// input is tonight's.
func (n *night) input() predict.Input {
	return predict.Input{Model: n.model, Accounts: n.accounts, AsOf: n.base.Options.AsOf, Scratch: temporary("")}
}

// read reads a table as one batch, with the columns as declared.
func read(t testing.TB, file []byte, fields []datasets.Field) *datasets.Batch {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part-0.parquet")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	out := &datasets.Batch{}
	out.Prepare(fields)
	for g := range f.Groups() {
		r, err := f.Group(g, fields)
		if err != nil {
			t.Fatal(err)
		}
		for {
			var b datasets.Batch
			if err := r.Read(t.Context(), &b); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			join(out, &b)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// join adds the rows of b to a. datasets.Concat has no lists.
func join(a, b *datasets.Batch) {
	for i := range a.Columns {
		x, y := &a.Columns[i], &b.Columns[i]
		if x.Type != datasets.List {
			*x = datasets.Concat(&datasets.Batch{Rows: a.Rows, Columns: []datasets.Column{*x}}, &datasets.Batch{Rows: b.Rows, Columns: []datasets.Column{*y}}).Columns[0]
			continue
		}
		children := func(c *datasets.Column) *datasets.Batch {
			return &datasets.Batch{Rows: int(c.Offsets[len(c.Offsets)-1]), Columns: c.Children}
		}
		last := x.Offsets[len(x.Offsets)-1]
		merged := datasets.Concat(children(x), children(y))
		for len(x.Null) < a.Rows {
			x.Null = append(x.Null, false)
		}
		for row := range b.Rows {
			x.Offsets = append(x.Offsets, last+y.Offsets[row+1])
			x.Null = append(x.Null, y.Missing(row))
		}
		x.Children = merged.Columns
	}
	a.Rows += b.Rows
}

// text returns a cell of a category or text column, "" where it is null.
func text(b *datasets.Batch, name string, i int) string {
	c := b.Column(name)
	switch {
	case c.Missing(i):
		return ""
	case c.Type == datasets.Category:
		return c.Dictionary[c.Codes[i]]
	default:
		return string(c.Cell(i))
	}
}
