package parquetfile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// A run is a stretch of one page's levels that belongs to the rows wanted.
type run struct{ def, rep []byte }

// nextRun returns the next levels of the chunk's lists, up to where the row
// after the n-th starts, or nothing if that is the next thing. A row may go on
// in the next page, so the caller asks again until a run is empty; *rows counts
// the rows started.
func nextRun(cur *cursor, rows *int, n int) (run, error) {
	more, err := cur.more()
	if err != nil || !more {
		return run{}, err
	}
	p := &cur.page
	if *rows == 0 && p.rep[p.pos] != 0 {
		return run{}, errors.New("a list starts in the middle of a row")
	}
	end := p.pos
	for ; end < p.levels; end++ {
		if p.rep[end] == 0 {
			if *rows == n {
				break
			}
			*rows++
		}
		if p.def[end] > cur.leaf.maxDef {
			return run{}, fmt.Errorf("definition level %d, the most is %d", p.def[end], cur.leaf.maxDef)
		}
	}
	r := run{p.def[p.pos:end], p.rep[p.pos:end]}
	p.pos = end
	return r, nil
}

// eachRun calls visit for the runs of the next n rows.
func eachRun(cur *cursor, n int, visit func(run) error) error {
	rows := 0
	for {
		r, err := nextRun(cur, &rows, n)
		if err != nil {
			return err
		}
		if len(r.def) == 0 {
			break
		}
		if err := visit(r); err != nil {
			return err
		}
	}
	if rows != n {
		return fmt.Errorf("%d rows fewer than its row group declares", n-rows)
	}
	return nil
}

// itemLevels copies the levels that stand for an item, those above outer.
func (c *columnReader) itemLevels(r run) []byte {
	c.items = c.items[:0]
	for _, d := range r.def {
		if d > c.column.outer {
			c.items = append(c.items, d)
		}
	}
	return c.items
}

// startRow appends a row to a set or list. The caller moves its end later.
func (c *columnReader) startRow(dst *datasets.Column, level byte) {
	dst.Null = append(dst.Null, level < c.column.outer)
	dst.Offsets = append(dst.Offsets, dst.Offsets[len(dst.Offsets)-1])
}

func (c *columnReader) readSet(dst *datasets.Column, n int) error {
	cur := c.cursors[0]
	return eachRun(cur, n, func(r run) error {
		items := c.itemLevels(r)
		c.scratch.Codes = c.scratch.Codes[:0]
		if err := c.fillers[0].fill(&c.scratch, &cur.page, items, cur.leaf.maxDef, len(items)); err != nil {
			return err
		}
		codes := c.scratch.Codes
		for i, level := range r.def {
			if r.rep[i] == 0 {
				c.startRow(dst, level)
			}
			if level <= c.column.outer {
				continue
			}
			if codes[0] >= 0 { // null and empty items are dropped
				dst.Codes = append(dst.Codes, codes[0])
				dst.Offsets[len(dst.Offsets)-1]++
			}
			codes = codes[1:]
		}
		return checkItems(dst)
	})
}

// checkItems bounds what one batch holds of one column.
func checkItems(dst *datasets.Column) error {
	if n := dst.Offsets[len(dst.Offsets)-1]; n > maxItems {
		return fmt.Errorf("%d rows hold more than %d items", len(dst.Offsets)-1, maxItems)
	}
	return nil
}

// readList reads each child by itself; all must agree on the rows' lengths.
func (c *columnReader) readList(dst *datasets.Column, n int) error {
	var offsets []int32 // of the first child
	var nulls []bool
	for k, cur := range c.cursors {
		child := &dst.Children[k]
		dst.Offsets, dst.Null = dst.Offsets[:1], dst.Null[:0]
		err := eachRun(cur, n, func(r run) error {
			items := c.itemLevels(r)
			for i, level := range r.def {
				if r.rep[i] == 0 {
					c.startRow(dst, level)
				}
				if level > c.column.outer {
					dst.Offsets[len(dst.Offsets)-1]++
				}
			}
			if err := checkItems(dst); err != nil {
				return err
			}
			return c.fillers[k].fill(child, &cur.page, items, cur.leaf.maxDef, len(items))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", cur.leaf.name, err)
		}
		if child.Type == datasets.Category {
			child.Dictionary = slices.Clip(c.words[k].words)
		}
		if k == 0 {
			offsets, nulls = slices.Clone(dst.Offsets), slices.Clone(dst.Null)
		} else if !slices.Equal(offsets, dst.Offsets) || !slices.Equal(nulls, dst.Null) {
			return fmt.Errorf("%s: its lists differ in length from those of %s", cur.leaf.name, c.cursors[0].leaf.name)
		}
	}
	return nil
}
