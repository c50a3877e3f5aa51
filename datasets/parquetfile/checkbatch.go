package parquetfile

import (
	"fmt"

	"github.com/icpfit/icpfit/datasets"
)

// checkBatch returns an error unless b has these fields, and slices of the
// right lengths: a fault of the caller that would break the file.
func checkBatch(b *datasets.Batch, fields []datasets.Field) error {
	if len(b.Columns) != len(fields) {
		return fmt.Errorf("write parquet: a batch of %d columns for a file of %d", len(b.Columns), len(fields))
	}
	for i, f := range fields {
		c := &b.Columns[i]
		if c.Name != f.Name || c.Type != f.Type || len(c.Children) != len(f.Children) {
			return fmt.Errorf("write parquet: a batch has %v column %q where the file has %v %q", c.Type, c.Name, f.Type, f.Name)
		}
		if err := checkColumn(c, b.Rows); err != nil {
			return fmt.Errorf("write parquet: column %q: %w", c.Name, err)
		}
		for k, child := range f.Children {
			got := &c.Children[k]
			if got.Name != child.Name || got.Type != child.Type {
				return fmt.Errorf("write parquet: column %q: child %v %q where the file has %v %q", c.Name, got.Type, got.Name, child.Type, child.Name)
			}
			if err := checkColumn(got, int(c.Offsets[b.Rows])); err != nil {
				return fmt.Errorf("write parquet: column %q: child %q: %w", c.Name, child.Name, err)
			}
		}
	}
	return nil
}

// checkColumn checks the lengths of a column's slices, and its codes.
func checkColumn(c *datasets.Column, rows int) error {
	have := map[datasets.Type]int{
		datasets.Text: len(c.Offsets) - 1, datasets.Number: len(c.Numbers), datasets.Integer: len(c.Integers), datasets.Date: len(c.Days),
		datasets.Flag: len(c.Flags), datasets.Category: len(c.Codes), datasets.Set: len(c.Offsets) - 1, datasets.List: len(c.Offsets) - 1,
	}[c.Type]
	if have != rows || len(c.Null) != 0 && len(c.Null) != rows {
		return fmt.Errorf("%d cells and %d nulls in a batch of %d rows", have, len(c.Null), rows)
	}
	end := map[datasets.Type]int{datasets.Text: len(c.Data), datasets.Set: len(c.Codes)}
	if n, ok := end[c.Type]; ok && int(c.Offsets[rows]) != n {
		return fmt.Errorf("its offsets end at %d, its cells at %d", c.Offsets[rows], n)
	}
	most := uint32(len(c.Dictionary))
	for _, code := range c.Codes {
		if uint32(code+1) > most { // below -1, it is a large number
			return fmt.Errorf("code %d of a dictionary of %d", code, len(c.Dictionary))
		}
	}
	return nil
}
