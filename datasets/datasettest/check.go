package datasettest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// Check returns the first way in which src breaks the contract of
// datasets.Source, or does not hold want. Types of columns are not compared.
func Check(ctx context.Context, src datasets.Source, want Table) error {
	for _, check := range []struct {
		name string
		run  func(context.Context, datasets.Source, Table) error
	}{
		{"read", checkRows},
		{"read again into a used batch", checkReuse},
		{"read twice at once", checkTwoReaders},
		{"end", checkEnd},
		{"cancel", checkCancel},
		{"close", checkClose},
	} {
		if err := check.run(ctx, src, want); err != nil {
			return fmt.Errorf("%s: %s: %w", src.Name(), check.name, err)
		}
	}
	return nil
}

func checkRows(ctx context.Context, src datasets.Source, want Table) error {
	got, err := Read(ctx, src)
	if err != nil {
		return err
	}
	return equal(got, want)
}

// equal compares headers and cells.
func equal(got, want Table) error {
	if !slices.Equal(got.Header, want.Header) {
		return fmt.Errorf("columns are %q; want %q", got.Header, want.Header)
	}
	for i := range min(len(got.Rows), len(want.Rows)) {
		for c := range want.Header {
			if g, w := got.Rows[i][c], want.Rows[i][c]; g != w {
				return fmt.Errorf("row %d, column %q is %.80q; want %.80q", i, want.Header[c], g, w)
			}
		}
	}
	if len(got.Rows) != len(want.Rows) {
		return fmt.Errorf("%d rows; want %d", len(got.Rows), len(want.Rows))
	}
	return nil
}

// checkReuse reads into a batch that another source has used, then once more:
// nothing old may show, the schema stays, and the memory is the same.
func checkReuse(ctx context.Context, src datasets.Source, want Table) error {
	batch := usedBatch(len(want.Header))
	var memory []any
	var fields []datasets.Field
	for pass := range 3 {
		r, err := src.Open(ctx)
		if err != nil {
			return err
		}
		schema := r.Schema()
		got, err := readAll(ctx, r, batch)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
		if err := equal(got, want); err != nil {
			return err
		}
		if pass > 0 && !sameFields(fields, schema) {
			return fmt.Errorf("schema changed from %v to %v", fields, schema)
		}
		if now := addresses(batch); pass == 1 {
			memory = now
		} else if pass == 2 && !slices.Equal(memory, now) {
			return errors.New("a batch of the same size was given new memory; want that of the batch passed in")
		}
		fields = schema
	}
	return nil
}

// usedBatch returns a batch with rows of other types in as many columns.
func usedBatch(columns int) *datasets.Batch {
	b := &datasets.Batch{Rows: 3, First: 99, Lines: []int64{7, 8, 9}}
	for i := range columns {
		b.Columns = append(b.Columns, datasets.Column{
			Field:   datasets.Field{Name: fmt.Sprint("old ", i), Type: datasets.Set},
			Data:    []byte("old"),
			Offsets: []int32{0, 1, 2, 3}, Codes: []int32{0, 0, 0}, Null: []bool{true, true, true},
			Numbers: []float64{1, 2, 3}, Integers: []int64{1, 2, 3}, Days: []int32{1, 2, 3}, Flags: []int8{1, 1, 1},
			Dictionary: []string{"old"},
		})
	}
	return b
}

func sameFields(a, b []datasets.Field) bool {
	return slices.EqualFunc(a, b, func(x, y datasets.Field) bool {
		return x.Name == y.Name && x.Type == y.Type && sameFields(x.Children, y.Children)
	})
}

// addresses returns where the slices of b are kept.
func addresses(b *datasets.Batch) []any {
	var at []any
	for i := range b.Columns {
		c := &b.Columns[i]
		at = append(at, address(c.Data), address(c.Offsets), address(c.Numbers), address(c.Integers),
			address(c.Days), address(c.Flags), address(c.Codes), address(c.Null))
	}
	return at
}

func address[T any](s []T) *T {
	if cap(s) == 0 {
		return nil
	}
	return &s[:1][0]
}

// checkTwoReaders reads two passes in turns.
func checkTwoReaders(ctx context.Context, src datasets.Source, want Table) (err error) {
	var readers [2]datasets.Reader
	for i := range readers {
		if readers[i], err = src.Open(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, readers[i].Close()) }()
	}
	var batches [2]datasets.Batch
	var rows [2]int
	for range 2 + len(want.Rows) {
		for i, r := range readers {
			err := r.Read(ctx, &batches[i])
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			rows[i] += batches[i].Rows
		}
		if batches[0].Rows == 0 && batches[1].Rows == 0 {
			break
		}
	}
	if n := len(want.Rows); rows != [2]int{n, n} {
		return fmt.Errorf("%d and %d rows; want %d in both", rows[0], rows[1], n)
	}
	return nil
}

// checkEnd reads behind the last row.
func checkEnd(ctx context.Context, src datasets.Source, _ Table) (err error) {
	r, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var batch datasets.Batch
	if _, err := readAll(ctx, r, &batch); err != nil {
		return err
	}
	for range 2 {
		if err := r.Read(ctx, &batch); !errors.Is(err, io.EOF) || batch.Rows != 0 {
			return fmt.Errorf("behind the last row: %d rows and error %w; want none and io.EOF", batch.Rows, err)
		}
	}
	return nil
}

// checkCancel gives up before the first batch, and behind it.
func checkCancel(ctx context.Context, src datasets.Source, _ Table) error {
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if r, err := src.Open(cancelled); err == nil {
		if err := errors.Join(checkGivenUp(ctx, cancelled, r), r.Close()); err != nil {
			return fmt.Errorf("before the first batch: %w", err)
		}
	} else if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("open with a cancelled context gave %w; want context.Canceled", err)
	}

	late, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := src.Open(late)
	if err != nil {
		return err
	}
	var batch datasets.Batch
	err = r.Read(late, &batch)
	cancel()
	if err == nil {
		err = checkGivenUp(ctx, late, r)
	}
	if err := errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("behind the first batch: %w", err)
	}
	return nil
}

// checkGivenUp reads with a cancelled context; the error is final.
func checkGivenUp(ctx, cancelled context.Context, r datasets.Reader) error {
	var batch datasets.Batch
	if err := r.Read(cancelled, &batch); !errors.Is(err, context.Canceled) || batch.Rows != 0 {
		return fmt.Errorf("read with a cancelled context gave %d rows and error %w; want none and context.Canceled", batch.Rows, err)
	}
	if err := r.Read(ctx, &batch); err == nil || batch.Rows != 0 {
		return fmt.Errorf("read went on with %d rows behind an error; want every error to be final", batch.Rows)
	}
	return nil
}

// checkClose closes a reader twice, early, and reads from it.
func checkClose(ctx context.Context, src datasets.Source, _ Table) error {
	r, err := src.Open(ctx)
	if err != nil {
		return err
	}
	for _, when := range []string{"first", "second"} {
		if err := r.Close(); err != nil {
			return fmt.Errorf("%s close gave %w; want nil", when, err)
		}
	}
	var batch datasets.Batch
	if err := r.Read(ctx, &batch); err == nil || errors.Is(err, io.EOF) || batch.Rows != 0 {
		return fmt.Errorf("read behind close gave %d rows and error %w; want an error other than io.EOF", batch.Rows, err)
	}
	return nil
}
