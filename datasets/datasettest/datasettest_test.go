package datasettest_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// memory is a source that holds its table, with a fault that a test may plant.
type memory struct {
	table datasettest.Table
	opens int
	fault func(r *reader, dst *datasets.Batch, err error) error // behind each Read
	begin func(ctx context.Context, m *memory, r *reader) error // at each Open
	close func(r *reader) error
}

func (m *memory) Name() string { return "memory" }

func (m *memory) Open(ctx context.Context) (datasets.Reader, error) {
	m.opens++
	r := &reader{memory: m, rows: m.table.Rows}
	for _, name := range m.table.Header {
		r.fields = append(r.fields, datasets.Field{Name: name})
	}
	if m.begin != nil {
		if err := m.begin(ctx, m, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

type reader struct {
	*memory
	fields []datasets.Field
	rows   [][]string // not yet read
	first  int64
	err    error
	closed int
	deaf   bool // to contexts
}

func (r *reader) Schema() []datasets.Field { return r.fields }

func (r *reader) Close() error {
	r.closed++
	if r.memory.close != nil {
		return r.memory.close(r)
	}
	if r.err == nil {
		r.err = errors.New("closed")
	}
	return nil
}

func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	err := r.read(ctx, dst)
	if r.fault != nil {
		err = r.fault(r, dst, err)
	}
	return err
}

func (r *reader) read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if r.err == nil && !r.deaf {
		r.err = ctx.Err()
	}
	if r.err == nil && len(r.rows) == 0 {
		r.err = io.EOF
	}
	if r.err != nil {
		return r.err
	}
	n := min(len(r.rows), datasets.BatchRows)
	for _, row := range r.rows[:n] {
		for c := range dst.Columns {
			col := &dst.Columns[c]
			col.Data = append(col.Data, row[c]...)
			col.Offsets = append(col.Offsets, int32(len(col.Data)))
		}
	}
	dst.Rows, dst.First = n, r.first
	r.rows, r.first = r.rows[n:], r.first+int64(n)
	return nil
}

func TestGoodSourcePasses(t *testing.T) {
	datasettest.TestSource(t, func(_ *testing.T, table datasettest.Table) datasets.Source {
		return &memory{table: table}
	})
}

// TestBadSourcesAreCaught plants a fault in a good source; each must be found,
// by the check that is meant for it.
func TestBadSourcesAreCaught(t *testing.T) {
	behind := func(do func(r *reader, dst *datasets.Batch)) func(*reader, *datasets.Batch, error) error {
		return func(r *reader, dst *datasets.Batch, err error) error {
			if err == nil {
				do(r, dst)
			}
			return err
		}
	}
	for _, tt := range []struct {
		name, want string
		plant      func(m *memory)
	}{
		{"last row lost", "read: 9999 rows; want 10000", func(m *memory) { m.table.Rows = m.table.Rows[:len(m.table.Rows)-1] }},
		{"row added", "read: 10001 rows; want 10000", func(m *memory) { m.table.Rows = append(m.table.Rows, m.table.Rows[0]) }},
		{"cell changed", `row 0, column "domain" is "Company-0.example"`, func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Data[0] = 'C' })
		}},
		{"column renamed", "columns are", func(m *memory) { m.table.Header = append([]string{"Domain"}, m.table.Header[1:]...) }},
		{"first always 0", "batch starts at row 0; want 4096", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.First = 0 })
		}},
		{"empty batch", "batch has 0 rows", func(m *memory) {
			m.fault = behind(func(r *reader, b *datasets.Batch) { b.Prepare(r.fields) })
		}},
		{"batch too large", "batch has 4097 rows", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Rows++ })
		}},
		{"offset short", "4096 offsets for 4096 rows", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) {
				b.Columns[2].Offsets = b.Columns[2].Offsets[:len(b.Columns[2].Offsets)-1]
			})
		}},
		{"offsets fall", "rising false", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Offsets[1] = 1 << 20 })
		}},
		{"data behind the last cell", "offsets from 0", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Data = append(b.Columns[0].Data, 'x') })
		}},
		{"broken text", "not UTF-8", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Data[0] = 0xff })
		}},
		{"slices of another type", "1 numbers for 4096 rows", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Numbers = append(b.Columns[0].Numbers, 1) })
		}},
		{"batch of another schema", `the schema has "domain"`, func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Columns[0].Type = datasets.Number })
		}},
		{"lines out of order", "lines from 1, in order", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Lines = append(make([]int64, b.Rows-1), 5) })
		}},
		{"line missing", "4095 line numbers", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) { b.Lines = make([]int64, b.Rows-1) })
		}},
		{"schema changes", "schema changed", func(m *memory) {
			m.begin = func(_ context.Context, m *memory, r *reader) error {
				if m.opens == 3 {
					r.fields[0].Children = []datasets.Field{{Name: "new"}}
				}
				return nil
			}
		}},
		{"new memory each time", "new memory", func(m *memory) {
			m.fault = behind(func(_ *reader, b *datasets.Batch) {
				b.Columns[1].Data = append([]byte(nil), b.Columns[1].Data...)
			})
		}},
		{"rest of an old batch", "read again into a used batch", func(m *memory) {
			m.fault = func(_ *reader, b *datasets.Batch, err error) error {
				if m.opens == 2 && err == nil {
					b.Columns[0].Null = append(b.Columns[0].Null, true)
				}
				return err
			}
		}},
		{"second pass empty", "read again into a used batch: 0 rows", func(m *memory) {
			m.begin = func(_ context.Context, m *memory, r *reader) error {
				if m.opens > 1 {
					r.rows = nil
				}
				return nil
			}
		}},
		{"readers share their place", "read twice at once", func(m *memory) {
			m.begin = func(_ context.Context, m *memory, r *reader) error {
				if m.opens == 6 {
					r.rows = r.rows[datasets.BatchRows:]
				}
				return nil
			}
		}},
		{"end once only", "behind the last row: 0 rows", func(m *memory) {
			ended := map[*reader]bool{}
			m.fault = func(r *reader, _ *datasets.Batch, err error) error {
				if errors.Is(err, io.EOF) && ended[r] {
					return nil
				}
				ended[r] = errors.Is(err, io.EOF)
				return err
			}
		}},
		{"rows with the end", "read gave 1808 rows and error EOF", func(m *memory) { // 10,000 less two batches
			m.fault = func(r *reader, _ *datasets.Batch, err error) error {
				if len(r.rows) == 0 {
					return io.EOF
				}
				return err
			}
		}},
		{"deaf to contexts", "cancel: before the first batch", func(m *memory) {
			m.begin = func(_ context.Context, _ *memory, r *reader) error { r.deaf = true; return nil }
		}},
		{"deaf behind the first batch", "cancel: behind the first batch", func(m *memory) {
			m.begin = func(ctx context.Context, _ *memory, r *reader) error { r.deaf = true; return ctx.Err() }
		}},
		{"another error for a cancelled open", "open with a cancelled context gave", func(m *memory) {
			m.begin = func(ctx context.Context, _ *memory, _ *reader) error {
				if ctx.Err() != nil {
					return errors.New("busy")
				}
				return nil
			}
		}},
		{"goes on behind an error", "want every error to be final", func(m *memory) {
			m.fault = func(r *reader, _ *datasets.Batch, err error) error {
				if errors.Is(err, context.Canceled) {
					r.err = nil
				}
				return err
			}
		}},
		{"second close is an error", "second close", func(m *memory) {
			m.close = func(r *reader) error {
				if r.closed > 1 {
					return errors.New("already closed")
				}
				return nil
			}
		}},
		{"reads when closed", "read behind close", func(m *memory) { m.close = func(*reader) error { return nil } }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := datasettest.Accounts(10_000)
			m := &memory{table: table}
			tt.plant(m)
			err := datasettest.Check(t.Context(), m, table)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestItems(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want []string
		ok   bool
	}{
		{"", nil, false}, {"[]", nil, true}, {"[a]", []string{"a"}, true}, {"[a|b]", []string{"a", "b"}, true}, {"a|b", nil, false},
	} {
		got, ok := datasettest.Items(tt.cell)
		if strings.Join(got, "|") != strings.Join(tt.want, "|") || len(got) != len(tt.want) || ok != tt.ok {
			t.Errorf("Items(%q) = %q, %v; want %q, %v", tt.cell, got, ok, tt.want, tt.ok)
		}
	}
}
