package parquetfile

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// stripe is how many rows are put at a time: they fit the first-level cache, and
// pages end close to their size.
const stripe = 1024

// Definition levels of the three levels of a list: the row is missing, its list
// is empty, an item is missing, an item is there. A list of structs has one
// more, a missing struct, which is never written.
const (
	defEmpty = 1
	defItem  = 3
)

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

// levels returns the definition levels of n cells more.
func (k *chunk) levels(n int) []byte {
	k.def = slices.Grow(k.def, n)[:len(k.def)+n]
	return k.def[len(k.def)-n:]
}

// putSet puts rows of a set. Items that are missing or empty are left out.
func (k *chunk) putSet(c *datasets.Column, from, to int) error {
	first := int(c.Offsets[from])
	k.items = slices.Grow(k.items[:0], int(c.Offsets[to])-first)[:int(c.Offsets[to])-first]
	if err := k.values.put(c, first, int(c.Offsets[to]), k.items, 0); err != nil {
		return err
	}
	for i := from; i < to; i++ {
		there := 0
		for _, level := range k.items[int(c.Offsets[i])-first : int(c.Offsets[i+1])-first] {
			if level == 0 {
				continue
			}
			k.rep, k.def = append(k.rep, byte(min(1, there))), append(k.def, defItem)
			there++
		}
		if there == 0 {
			k.putEmpty(isNull(c, i))
		}
	}
	return nil
}

// putEmpty puts a row without items.
func (k *chunk) putEmpty(missing bool) {
	level := byte(defEmpty)
	if missing {
		level = 0
	}
	k.rep, k.def = append(k.rep, 0), append(k.def, level)
}

// putList puts rows of a list: the cells of one child. They lie side by side, so
// they are put at once, and only rows without any cut in.
func (k *chunk) putList(c, child *datasets.Column, from, to int) error {
	for i := from; i < to; {
		if c.Offsets[i] == c.Offsets[i+1] || isNull(c, i) {
			k.putEmpty(isNull(c, i))
			i++
			continue
		}
		run := i
		for i < to && c.Offsets[i] < c.Offsets[i+1] && !isNull(c, i) {
			i++
		}
		first, end := int(c.Offsets[run]), int(c.Offsets[i])
		if err := k.values.put(child, first, end, k.levels(end-first), defItem); err != nil {
			return err
		}
		k.rep = slices.Grow(k.rep, end-first)[:len(k.rep)+end-first]
		rep := k.rep[len(k.rep)-(end-first):]
		fill(rep, 1)
		for _, at := range c.Offsets[run:i] {
			rep[int(at)-first] = 0
		}
	}
	return nil
}
