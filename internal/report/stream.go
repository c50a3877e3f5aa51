package report

import (
	"context"
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// A place is where a row is: part and row group of a grade table, and the row's
// number in its file.
type place struct {
	part, group int
	row         int64
}

// A visitor is shown the batches of row groups. start is called before the
// batches of each: dictionaries begin anew.
type visitor interface {
	start(part, group int)
	batch(b *datasets.Batch) error
}

// stream shows v the columns of these fields of all part files.
func stream(ctx context.Context, parts []string, fields []datasets.Field, v visitor) error {
	for i, path := range parts {
		if err := streamFile(ctx, path, i, nil, fields, v); err != nil {
			return err
		}
	}
	return nil
}

// streamFile shows v the row groups of one file; nil means all of them.
func streamFile(ctx context.Context, path string, part int, groups []int, fields []datasets.Field, v visitor) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if groups == nil {
		for g := range f.Groups() {
			groups = append(groups, g)
		}
	}
	for _, g := range groups {
		r, err := f.Group(g, fields)
		if err != nil {
			return err
		}
		v.start(part, g)
		if err := datasets.Drain(ctx, r, v.batch); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// A coder maps the texts of a category column to small numbers, each text once.
type coder struct {
	of   func(text string) int
	seen []int // by code of the reader's dictionary
}

func (c *coder) reset() { c.seen = c.seen[:0] }

// at returns the number of row i, -1 where it is missing.
func (c *coder) at(col *datasets.Column, i int) int {
	code := col.Codes[i]
	if code < 0 {
		return -1
	}
	for len(c.seen) <= int(code) {
		c.seen = append(c.seen, c.of(col.Dictionary[len(c.seen)]))
	}
	return c.seen[code]
}

// A register numbers texts in the order in which they are first met.
type register struct {
	names []string
	index map[string]int
}

func (r *register) number(text string) int {
	n, ok := r.index[text]
	if !ok {
		if r.index == nil {
			r.index = map[string]int{}
		}
		n = len(r.names)
		r.index[text] = n
		r.names = append(r.names, text)
	}
	return n
}

// name returns the text of a number, "" for -1.
func (r *register) name(n int) string {
	if n < 0 {
		return ""
	}
	return r.names[n]
}

// count adds one to counts[n], growing it.
func count(counts *[]int64, n int) {
	for len(*counts) <= n {
		*counts = append(*counts, 0)
	}
	(*counts)[n]++
}
