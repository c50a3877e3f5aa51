package features_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A memory is a source of texts: a header, then rows. It hands out batches of
// step rows.
type memory struct {
	header []string
	rows   [][]string
	step   int
}

func (m memory) Name() string { return "accounts.csv" }

func (m memory) Open(context.Context) (datasets.Reader, error) {
	r := &memoryReader{memory: m}
	for _, name := range m.header {
		r.fields = append(r.fields, datasets.Field{Name: name})
	}
	return r, nil
}

type memoryReader struct {
	memory
	fields []datasets.Field
	at     int
}

func (r *memoryReader) Schema() []datasets.Field { return r.fields }
func (r *memoryReader) Close() error             { return nil }

func (r *memoryReader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.at == len(r.rows) {
		return io.EOF
	}
	dst.First = int64(r.at)
	for range min(r.step, len(r.rows)-r.at) {
		for k := range r.fields {
			c := &dst.Columns[k]
			c.Data = append(c.Data, r.rows[r.at][k]...)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
		dst.Lines = append(dst.Lines, int64(r.at)+2)
		dst.Rows++
		r.at++
	}
	return nil
}

// typed is a source of one batch of typed columns.
type typed struct{ columns []datasets.Column }

func (s typed) Name() string { return "accounts.parquet" }

func (s typed) Open(context.Context) (datasets.Reader, error) { return &typedReader{typed: s}, nil }

type typedReader struct {
	typed
	done bool
}

func (r *typedReader) Close() error { return nil }

func (r *typedReader) Schema() []datasets.Field {
	var fields []datasets.Field
	for _, c := range r.columns {
		fields = append(fields, c.Field)
	}
	return fields
}

func (r *typedReader) Read(_ context.Context, dst *datasets.Batch) error {
	if r.done {
		return io.EOF
	}
	r.done = true
	*dst = datasets.Batch{Columns: slices.Clone(r.columns), Rows: len(r.columns[0].Offsets) - 1}
	return nil
}

// text makes a text column.
func text(name string, cells ...string) datasets.Column {
	c := datasets.Column{Field: datasets.Field{Name: name}, Offsets: []int32{0}}
	for _, cell := range cells {
		c.Data = append(c.Data, cell...)
		c.Offsets = append(c.Offsets, int32(len(c.Data)))
	}
	return c
}

// spec makes a spec whose column has the name of the feature.
func spec(name string, kind features.Kind) features.Spec {
	return features.Spec{Name: name, Pillar: features.Firmographic, Kind: kind, Column: name}
}

// listOf makes a list of customers of one column.
func listOf(t testing.TB, domains ...string) *features.Customers {
	t.Helper()
	list := memory{header: []string{"domain"}, step: 100}
	for _, d := range domains {
		list.rows = append(list.rows, []string{d})
	}
	c, err := features.LoadCustomers(t.Context(), list, features.CustomerColumns{Domain: "domain"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// domainNo returns one of many domains.
func domainNo(i int) string { return fmt.Sprintf("company-%d.com", i) }
