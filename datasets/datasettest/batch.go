package datasettest

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

// checkBatch checks the form of a batch that a Read returned without an error;
// before is the number of rows read before it.
func checkBatch(b *datasets.Batch, fields []datasets.Field, before int64) error {
	switch {
	case b.Rows < 1 || b.Rows > datasets.BatchRows:
		return fmt.Errorf("batch has %d rows; want 1 to %d", b.Rows, datasets.BatchRows)
	case b.First != before:
		return fmt.Errorf("batch starts at row %d; want %d", b.First, before)
	case len(b.Columns) != len(fields):
		return fmt.Errorf("batch has %d columns; the schema has %d", len(b.Columns), len(fields))
	case len(b.Lines) != 0 && len(b.Lines) != b.Rows:
		return fmt.Errorf("batch has %d line numbers for %d rows; want one a row, or none", len(b.Lines), b.Rows)
	}
	for i, line := range b.Lines {
		if line < 1 || i > 0 && line < b.Lines[i-1] {
			return fmt.Errorf("row %d is at line %d; want lines from 1, in order", b.First+int64(i), line)
		}
	}
	for i := range b.Columns {
		if err := checkColumn(&b.Columns[i], fields[i], b.Rows); err != nil {
			return fmt.Errorf("column %q: %w", fields[i].Name, err)
		}
	}
	return nil
}

// checkColumn checks that the slices of c's type have the right lengths and
// values, and that the others are empty.
func checkColumn(c *datasets.Column, f datasets.Field, rows int) error {
	if c.Name != f.Name || c.Type != f.Type {
		return fmt.Errorf("batch has %q of type %v; the schema has %q of type %v", c.Name, c.Type, f.Name, f.Type)
	}
	want := map[string]int{}
	switch c.Type {
	case datasets.Text:
		want["offsets"], want["data"] = rows+1, len(c.Data)
	case datasets.Number:
		want["numbers"] = rows
	case datasets.Integer:
		want["integers"], want["null"] = rows, len(c.Null)
	case datasets.Date:
		want["days"] = rows
	case datasets.Flag:
		want["flags"] = rows
	case datasets.Category:
		want["codes"] = rows
	case datasets.Set:
		want["offsets"], want["codes"], want["null"] = rows+1, len(c.Codes), len(c.Null)
	case datasets.List:
		want["offsets"], want["null"] = rows+1, len(c.Null)
	default:
		return fmt.Errorf("unknown type %v", c.Type)
	}
	for _, s := range []struct {
		name string
		n    int
	}{
		{"data", len(c.Data)},
		{"offsets", len(c.Offsets)},
		{"numbers", len(c.Numbers)},
		{"integers", len(c.Integers)},
		{"days", len(c.Days)},
		{"flags", len(c.Flags)},
		{"codes", len(c.Codes)},
		{"null", len(c.Null)},
	} {
		if s.n != want[s.name] {
			return fmt.Errorf("%d %s for %d rows of type %v; want %d", s.n, s.name, rows, c.Type, want[s.name])
		}
	}
	if len(c.Null) != 0 && len(c.Null) != rows {
		return fmt.Errorf("%d null marks for %d rows; want one a row, or none", len(c.Null), rows)
	}
	return checkValues(c, f, rows)
}

// checkValues checks offsets, codes, flags, text and children.
func checkValues(c *datasets.Column, f datasets.Field, rows int) error {
	switch c.Type {
	case datasets.Text:
		if err := checkOffsets(c.Offsets, len(c.Data)); err != nil {
			return err
		}
		for i := range rows {
			if !utf8.Valid(c.Cell(i)) {
				return fmt.Errorf("row %d of the batch is not UTF-8: %q", i, c.Cell(i))
			}
		}
	case datasets.Flag:
		for i, v := range c.Flags {
			if v < -1 || v > 1 {
				return fmt.Errorf("row %d of the batch has flag %d; want -1, 0 or 1", i, v)
			}
		}
	case datasets.Category:
		return checkCodes(c.Codes, -1, len(c.Dictionary))
	case datasets.Set:
		return errors.Join(checkOffsets(c.Offsets, len(c.Codes)), checkCodes(c.Codes, 0, len(c.Dictionary)))
	case datasets.List:
		if len(c.Children) != len(f.Children) {
			return fmt.Errorf("%d children; the schema has %d", len(c.Children), len(f.Children))
		}
		items := int(c.Offsets[rows])
		if err := checkOffsets(c.Offsets, items); err != nil {
			return err
		}
		for i := range c.Children {
			if err := checkColumn(&c.Children[i], f.Children[i], items); err != nil {
				return fmt.Errorf("%s: %w", f.Children[i].Name, err)
			}
		}
	}
	return nil
}

func checkOffsets(offsets []int32, n int) error {
	if offsets[0] != 0 || int(offsets[len(offsets)-1]) != n || !slices.IsSorted(offsets) {
		return fmt.Errorf("offsets from %d to %d, rising %v; want from 0 to %d, rising",
			offsets[0], offsets[len(offsets)-1], slices.IsSorted(offsets), n)
	}
	return nil
}

func checkCodes(codes []int32, least int32, entries int) error {
	for i, code := range codes {
		if code < least || int(code) >= entries {
			return fmt.Errorf("code %d at %d; want from %d to %d", code, i, least, entries-1)
		}
	}
	return nil
}
