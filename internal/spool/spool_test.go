package spool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/spool"
)

// file returns table as a Parquet source, in row groups of so many rows.
func file(t *testing.T, table datasettest.Table, group int) datasets.Source {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "accounts.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	var b datasets.Batch
	var fields []datasets.Field
	for _, h := range table.Header {
		fields = append(fields, datasets.Field{Name: h})
	}
	o := parquetfile.DefaultOptions()
	o.RowGroupRows = group
	w, err := parquetfile.NewWriter(f, fields, o)
	if err != nil {
		t.Fatal(err)
	}
	b.Prepare(fields)
	for _, row := range table.Rows {
		for k, cell := range row {
			c := &b.Columns[k]
			c.Data = append(c.Data, cell...)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
		b.Rows++
	}
	if err := errors.Join(w.Write(&b), w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return parquetfile.New(f.Name())
}

// weak is a source that fails in its first passes, after some batches.
type weak struct {
	datasets.Source
	fails   int
	batches int
	err     error
	opens   int
}

func (w *weak) Open(ctx context.Context) (datasets.Reader, error) {
	w.opens++
	r, err := w.Source.Open(ctx)
	if err != nil || w.opens > w.fails {
		return r, err
	}
	if w.batches == 0 {
		return nil, errors.Join(w.err, r.Close())
	}
	return &weakReader{r, w, 0}, nil
}

type weakReader struct {
	datasets.Reader
	w    *weak
	read int
}

func (r *weakReader) Read(ctx context.Context, dst *datasets.Batch) error {
	if r.read++; r.read > r.w.batches {
		dst.Rows = 0
		return r.w.err
	}
	return r.Reader.Read(ctx, dst)
}

func options() spool.Options {
	o := spool.DefaultOptions()
	o.Wait = time.Millisecond
	return o
}

func TestCopyIsASource(t *testing.T) {
	for _, n := range []int{0, 1, 5000} {
		table := datasettest.Accounts(n)
		c, err := spool.Rows(t.Context(), file(t, table, 1000), filepath.Join(t.TempDir(), "copy"), options())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if c.Rows != int64(n) {
			t.Errorf("%d rows, want %d", c.Rows, n)
		}
		if err := datasettest.Check(t.Context(), c, table); err != nil && n > 0 {
			t.Error(err)
		}
		if got, err := datasettest.Read(t.Context(), c); err != nil || len(got.Rows) != n {
			t.Errorf("%d rows, %v; want %d", len(got.Rows), err, n)
		}
	}
}

// TestSum checks that the hash depends on the rows, and on nothing else.
func TestSum(t *testing.T) {
	sum := func(table datasettest.Table, group int) string {
		c, err := spool.Rows(t.Context(), file(t, table, group), filepath.Join(t.TempDir(), "copy"), options())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.Sum
	}
	base := sum(datasettest.Accounts(5000), 5000)
	for _, group := range []int{7, 1000, 4096} {
		if got := sum(datasettest.Accounts(5000), group); got != base {
			t.Errorf("in groups of %d the hash is another", group)
		}
	}
	seen := map[string]string{base: "the base"}
	for name, change := range map[string]func(*datasettest.Table){
		"a row less":        func(t *datasettest.Table) { t.Rows = t.Rows[:4999] },
		"rows in new order": func(t *datasettest.Table) { t.Rows[3], t.Rows[4] = t.Rows[4], t.Rows[3] },
		"a cell":            func(t *datasettest.Table) { t.Rows[3][1] += "x" },
		"a cell's border":   func(t *datasettest.Table) { t.Rows[3][1], t.Rows[4][1] = "ab", "c" },
		"and another":       func(t *datasettest.Table) { t.Rows[3][1], t.Rows[4][1] = "a", "bc" },
		"a name":            func(t *datasettest.Table) { t.Header[2] = "heads" },
	} {
		table := datasettest.Accounts(5000)
		change(&table)
		got := sum(table, 5000)
		if other := seen[got]; other != "" {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[got] = name
	}
}

// TestUnavailable checks that a source that goes away is read again from its
// start, and that nothing is left of a copy that could not be made.
func TestUnavailable(t *testing.T) {
	gone := fmt.Errorf("accounts.query: %w", datasets.ErrUnavailable)
	wrong := fmt.Errorf("accounts.query: %w", datasets.ErrShape)
	for _, tt := range []struct {
		fails, batches int
		err            error
		opens          int
		ok             bool
	}{
		{0, 0, nil, 1, true},
		{1, 0, gone, 2, true},
		{2, 1, gone, 3, true},
		{3, 1, gone, 3, false},
		{9, 0, gone, 3, false},
		{1, 1, wrong, 1, false},
		{1, 1, context.Canceled, 1, false},
	} {
		folder, table, again := t.TempDir(), datasettest.Accounts(5000), 0
		src := &weak{Source: file(t, table, 1000), fails: tt.fails, batches: tt.batches, err: tt.err}
		o := options()
		o.Again = func(error) { again++ }
		c, err := spool.Rows(t.Context(), src, filepath.Join(folder, "copy"), o)
		if (err == nil) != tt.ok || src.opens != tt.opens || again != tt.opens-1 {
			t.Errorf("%+v: %d opens, %d again, %v", tt, src.opens, again, err)
		}
		if err != nil && !errors.Is(err, tt.err) {
			t.Errorf("%+v: %v", tt, err)
		}
		if c != nil && err == nil {
			if err := datasettest.Check(t.Context(), c, table); err != nil {
				t.Errorf("%+v: %v", tt, err)
			}
			c.Close()
		}
		if left, _ := os.ReadDir(folder); len(left) != 0 {
			t.Errorf("%+v: %v is left", tt, left)
		}
	}
}

// TestStopped ends a run between two tries: the error is the context's, whatever
// cancelled it.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	folder := t.TempDir()
	src := &weak{Source: file(t, datasettest.Accounts(100), 100), fails: 9, err: datasets.ErrUnavailable}
	o := options()
	o.Again = func(error) { cancel(errors.New("stopped by a signal")) }
	if _, err := spool.Rows(ctx, src, filepath.Join(folder, "copy"), o); !errors.Is(err, context.Canceled) || src.opens != 1 {
		t.Errorf("%d opens, %v", src.opens, err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}
