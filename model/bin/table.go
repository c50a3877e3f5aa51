package bin

import (
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A Column holds one binned feature. Codes has one byte a row; for a set it
// tells missing (0) from known (1), and Items holds, for the rows
// [Offsets[i], Offsets[i+1]), the ascending distinct indices into the
// binning's Items that the row has.
type Column struct {
	Codes   []uint8
	Offsets []int32
	Items   []uint16
}

// A Table is a feature table after binning: one column a binning.
type Table struct {
	Rows     int
	Binnings []Binning
	Columns  []Column
}

// An Applier maps columns of batches to codes. It remembers the codes of a
// dictionary, which a reader only ever extends, so a value is looked up once.
// It is not safe for concurrent use.
type Applier struct {
	b      *Binning
	asOf   int32
	lookup map[string]int32 // folded value to code or item
	seen   []int32          // at i+1 the code or item of dictionary entry i, -1 for none; first that of a missing category
	ages   []float64        // of a column of dates
	edges  *Finder          // of their ranks
}

// NewApplier returns an applier of b for tables of that date.
func NewApplier(b *Binning, asOf int32) *Applier {
	a := &Applier{b: b, asOf: asOf, seen: []int32{0}}
	ranks := make([]uint64, len(b.Edges))
	for i, e := range b.Edges {
		ranks[i] = rank(e)
	}
	a.edges = NewFinder(ranks)
	switch {
	case b.Kind == features.Category:
		a.lookup = make(map[string]int32, len(b.Values))
		for i, v := range b.Values {
			a.lookup[v] = int32(i + 1)
		}
	case b.IsSet():
		a.lookup = make(map[string]int32, len(b.Items))
		for i, v := range b.Items {
			a.lookup[v] = int32(i)
		}
	}
	return a
}

// NewReader forgets the dictionary: call it when columns come from another reader.
func (a *Applier) NewReader() { a.seen = append(a.seen[:0], 0) }

func (a *Applier) extend(dictionary []string) {
	other := int32(-1)
	if a.b.Kind == features.Category {
		other = int32(1 + len(a.b.Values))
	}
	for _, text := range dictionary[len(a.seen)-1:] {
		code, ok := a.lookup[Fold(text)]
		if !ok {
			code = other
		}
		a.seen = append(a.seen, code)
	}
}

// Apply stores the codes of c, which has rows rows, in dst.
func (a *Applier) Apply(dst *Column, c *datasets.Column, rows int) {
	dst.Codes = grow(dst.Codes, rows)
	switch a.b.Kind {
	case features.Number:
		a.numbers(dst.Codes, c.Numbers[:rows])
	case features.Date:
		a.ages = grow(a.ages, rows)
		for i, d := range c.Days[:rows] {
			a.ages[i] = math.NaN()
			if d != datasets.MissingDay {
				a.ages[i] = float64(a.asOf - d)
			}
		}
		a.numbers(dst.Codes, a.ages)
	case features.Flag:
		codes := dst.Codes[:rows]
		for i, f := range c.Flags[:rows] {
			codes[i] = uint8(f + 1)
		}
	case features.Category:
		a.extend(c.Dictionary)
		codes, seen := dst.Codes[:rows], a.seen
		for i, code := range c.Codes[:rows] {
			codes[i] = uint8(seen[code+1])
		}
	default:
		a.applySet(dst, c, rows)
	}
}

// numbers is Binning.Number for a column.
func (a *Applier) numbers(dst []uint8, values []float64) {
	dst = dst[:len(values)]
	for i, v := range values {
		known := uint8(0)
		if v == v {
			known = 1
		}
		dst[i] = uint8(1+a.edges.Below(rank(v))) & -known
	}
}

// rank numbers floats in their order: rank(a) < rank(b) where a < b, and equal
// where they are, for all but NaN.
func rank(v float64) uint64 {
	b := math.Float64bits(v + 0) // -0 becomes 0
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

func (a *Applier) applySet(dst *Column, c *datasets.Column, rows int) {
	a.extend(c.Dictionary)
	dst.Offsets = append(dst.Offsets[:0], 0)
	dst.Items = dst.Items[:0]
	for i := range rows {
		known := !c.Missing(i)
		dst.Codes[i] = 0
		if known {
			dst.Codes[i] = 1
			start := len(dst.Items)
			for _, code := range c.Items(i) {
				if item := a.seen[code+1]; item >= 0 {
					dst.Items = insert(dst.Items, start, uint16(item))
				}
			}
		}
		dst.Offsets = append(dst.Offsets, int32(len(dst.Items)))
	}
}

// insert adds item to the ascending distinct run items[start:].
func insert(items []uint16, start int, item uint16) []uint16 {
	at := len(items)
	for at > start && items[at-1] > item {
		at--
	}
	if at > start && items[at-1] == item {
		return items
	}
	items = append(items, 0)
	copy(items[at+1:], items[at:])
	items[at] = item
	return items
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Bin applies binnings to the columns of one batch, by name.
func Bin(binnings []Binning, batch *datasets.Batch, asOf int32) *Table {
	t := &Table{Rows: batch.Rows, Binnings: binnings, Columns: make([]Column, len(binnings))}
	for i := range binnings {
		NewApplier(&binnings[i], asOf).Apply(&t.Columns[i], batch.Column(binnings[i].Feature), batch.Rows)
	}
	return t
}

// Select returns the table of the given rows, in that order.
func (t *Table) Select(rows []int32) *Table {
	out := &Table{Rows: len(rows), Binnings: t.Binnings, Columns: make([]Column, len(t.Columns))}
	for k := range t.Columns {
		src, dst := &t.Columns[k], &out.Columns[k]
		dst.Codes = make([]uint8, len(rows))
		for i, r := range rows {
			dst.Codes[i] = src.Codes[r]
		}
		if !t.Binnings[k].IsSet() {
			continue
		}
		dst.Offsets = make([]int32, 1, len(rows)+1)
		for _, r := range rows {
			dst.Items = append(dst.Items, src.Items[src.Offsets[r]:src.Offsets[r+1]]...)
			dst.Offsets = append(dst.Offsets, int32(len(dst.Items)))
		}
	}
	return out
}
