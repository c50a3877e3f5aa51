package datasettest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// Read returns all rows of src as text, checking every batch on the way.
func Read(ctx context.Context, src datasets.Source) (table Table, err error) {
	r, err := src.Open(ctx)
	if err != nil {
		return Table{}, err
	}
	defer func() {
		if cerr := r.Close(); err == nil {
			err = cerr
		}
	}()
	var batch datasets.Batch
	return readAll(ctx, r, &batch)
}

// readAll reads r to its end through batch.
func readAll(ctx context.Context, r datasets.Reader, batch *datasets.Batch) (Table, error) {
	var t Table
	for _, f := range r.Schema() {
		t.Header, t.Types = append(t.Header, f.Name), append(t.Types, f.Type)
	}
	for {
		err := r.Read(ctx, batch)
		switch {
		case err != nil && batch.Rows != 0:
			return t, fmt.Errorf("read gave %d rows and error %w; want one or the other", batch.Rows, err)
		case errors.Is(err, io.EOF):
			return t, nil
		case err != nil:
			return t, err
		}
		if err := checkBatch(batch, r.Schema(), int64(len(t.Rows))); err != nil {
			return t, err
		}
		for i := range batch.Rows {
			cells := make([]string, len(batch.Columns))
			for k := range batch.Columns {
				cells[k] = render(&batch.Columns[k], i)
			}
			t.Rows = append(t.Rows, cells)
		}
	}
}

// render returns row i of c in the text form of Table.
func render(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return ""
	}
	switch c.Type {
	case datasets.Text:
		return string(c.Cell(i))
	case datasets.Number:
		return strconv.FormatFloat(c.Numbers[i], 'f', -1, 64)
	case datasets.Integer:
		return strconv.FormatInt(c.Integers[i], 10)
	case datasets.Date:
		return time.Unix(int64(c.Days[i])*86400, 0).UTC().Format(time.DateOnly)
	case datasets.Flag:
		return strconv.FormatBool(c.Flags[i] == 1)
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	case datasets.Set:
		var items []string
		for _, code := range c.Items(i) {
			items = append(items, c.Dictionary[code])
		}
		return "[" + strings.Join(items, "|") + "]"
	case datasets.List:
		var items []string
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			var fields []string
			for n := range c.Children {
				fields = append(fields, c.Children[n].Name+":"+render(&c.Children[n], int(k)))
			}
			items = append(items, "{"+strings.Join(fields, "|")+"}")
		}
		return "[" + strings.Join(items, "|") + "]"
	}
	return fmt.Sprintf("%v?", c.Type)
}
