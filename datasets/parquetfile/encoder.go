package parquetfile

import "github.com/icpfit/icpfit/datasets"

// stripe is how many rows are put at a time: they fit the first-level cache, and
// pages end close to their size.
const stripe = 1024

// An encoder turns one column of batches into the pages of its column chunks.
// Only lists have more than one.
type encoder []*chunk

// write appends rows from to to of a column.
func (e encoder) write(c *datasets.Column, from, to int) error {
	for i, k := range e {
		cells := c
		if c.Type == datasets.List {
			cells = &c.Children[i]
		}
		if err := k.write(c, cells, from, to); err != nil {
			return err
		}
	}
	return nil
}

// write appends rows from to to of a column: its own cells, or those of a child.
func (k *chunk) write(c, cells *datasets.Column, from, to int) error {
	if k.copied != nil {
		return nil
	}
	k.complete = false
	if words, ok := k.values.(*wordValues); ok {
		words.begin(cells.Dictionary)
	}
	for ; from < to; from += stripe {
		end := min(to, from+stripe)
		var err error
		switch c.Type {
		case datasets.Set:
			err = k.putSet(c, from, end)
		case datasets.List:
			err = k.putList(c, cells, from, end)
		default:
			err = k.values.put(c, from, end, k.levels(end-from), 0)
		}
		if err != nil {
			return err
		}
		k.rows += end - from
		if k.full() {
			if err := k.endPage(); err != nil {
				return err
			}
		}
	}
	return nil
}
