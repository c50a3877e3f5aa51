package sample

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"github.com/icpfit/icpfit/datasets"
)

// Source returns the account table as its export has it: text, messy, one row
// an account. The cells are written as they are read; nothing is kept. Any
// number of readers may be open at a time.
func (b *Base) Source() datasets.Source {
	s := &source{name: "sample accounts", rows: b.Options.Accounts}
	for i := range table {
		s.fields = append(s.fields, datasets.Field{Name: table[i].name, Type: datasets.Text})
	}
	s.open = func() func([]byte, int, int) []byte { return b.cells().cell }
	return s
}

// Customers returns the list of customers as the company keeps it, in columns
// domain, won_at and name: every customer of the base, some twice, and some
// companies that are not in the base. Options.Customers of the distinct domains
// are found in Source.
func (b *Base) Customers() datasets.Source {
	list := b.listing()
	s := &source{name: "sample customers", rows: len(list)}
	for _, name := range []string{"domain", "won_at", "name"} {
		s.fields = append(s.fields, datasets.Field{Name: name, Type: datasets.Text})
	}
	cell := func(dst []byte, row, col int) []byte {
		switch col {
		case 0:
			return append(dst, list[row].domain...)
		case 1:
			return appendDay(dst, list[row].won)
		default:
			return append(dst, list[row].name...)
		}
	}
	s.open = func() func([]byte, int, int) []byte { return cell }
	return s
}

// A source serves a table whose cells a function writes.
type source struct {
	name   string
	fields []datasets.Field
	rows   int
	open   func() func(dst []byte, row, col int) []byte
}

// Name implements datasets.Source.
func (s *source) Name() string { return s.name }

// Open implements datasets.Source.
func (s *source) Open(ctx context.Context) (datasets.Reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &reader{source: s, cell: s.open()}, nil
}

type reader struct {
	*source
	cell func(dst []byte, row, col int) []byte
	next int
	err  error // the first, which stays
}

// Schema implements datasets.Reader.
func (r *reader) Schema() []datasets.Field { return r.fields }

// Read implements datasets.Reader.
func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if r.err == nil {
		r.err = ctx.Err()
	}
	n := min(datasets.BatchRows, r.rows-r.next)
	if r.err == nil && n == 0 {
		r.err = io.EOF
	}
	if r.err != nil {
		return r.err
	}
	dst.Rows, dst.First = n, int64(r.next)
	for col := range dst.Columns {
		c := &dst.Columns[col]
		for i := range n {
			c.Data = r.cell(c.Data, r.next+i, col)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
	}
	r.next += n
	return nil
}

// Close implements datasets.Reader.
func (r *reader) Close() error {
	r.err = fmt.Errorf("read %s: %w", r.name, fs.ErrClosed)
	return nil
}
