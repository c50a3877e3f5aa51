package trees

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// lanes is the number of features whose codes share a word.
const lanes = 8

// A table holds the rows that trees are grown on, customers first, laid out for
// histograms. The codes of eight features stand in one word, which is read once
// for eight sums, and the words of a row stand together: the rows of a deep leaf
// lie far apart, and each is then fetched from memory once. Items of all sets are
// numbered through, and each row lists those it has.
type table struct {
	d         *model.Data
	source    []int32  // the row of d of each row
	customers int      // rows below are customers
	blocks    int      // words a row
	words     []uint64 // by row and block of eight features
	offsets   []int32
	items     []int32   // of row i: items[offsets[i]:offsets[i+1]]
	weights   []float64 // of d
	keys      []uint64  // of d
	whole     bool      // weights are whole numbers, and so few that their sums are exact
	ones      bool      // weights are all 1
	features  []feature
	itemOf    []int32  // the feature of each item
	columns   []column // what may be split on
}

// A column is what a tree may or may not split on, as if it were a flag or a
// number of its own: an ordered feature, one value of a category, one item of a
// set, or a category of many values as a whole.
type column struct {
	feature int32
	at      int32 // category: code, -1 for the whole; set: number of the item
}

// A feature is what a search for splits asks of one.
type feature struct {
	kind   kind
	slots  int // dense codes: 2 for a set
	base   int // set: number of its first item
	learn  bool
	sign   int8
	usable bool
}

type kind uint8

const (
	ordered kind = iota
	category
	set
)

// mostWeight bounds the sum of whole weights, each of which may add one unit to
// a packed sum; see gradients.
const mostWeight = 1 << 28

// newTable lays out the given rows of d. Customers must come first. Of categories
// of up to oneHot codes each value is a column.
func newTable(d *model.Data, rows []int32, oneHot int) *table {
	t := &table{d: d, source: rows, whole: true, ones: true}
	var total float64
	for i, r := range rows {
		if d.Customer[r] {
			t.customers = i + 1
		}
		w := d.Weights[r]
		t.weights, t.keys = append(t.weights, w), append(t.keys, d.Keys[r])
		t.whole = t.whole && w == math.Trunc(w)
		t.ones = t.ones && w == 1
		total += w
	}
	t.whole = t.whole && total < mostWeight
	for k := range d.Table.Columns {
		t.features = append(t.features, t.feature(k))
	}
	for k := range t.features {
		t.layOutColumns(int32(k), oneHot)
	}
	t.layOutCodes()
	t.layOutItems()
	return t
}

// layOutColumns adds the columns of feature k.
func (t *table) layOutColumns(k int32, oneHot int) {
	f := &t.features[k]
	from, to := 0, 1 // one column
	switch {
	case !f.usable:
		return
	case f.kind == set:
		from, to = f.base, f.base+len(t.d.Table.Binnings[k].Items)
	case f.kind == category && f.slots <= oneHot:
		from, to = 0, f.slots
		if !f.learn {
			from = 1
		}
	case f.kind == category:
		from, to = -1, 0
	}
	for at := from; at < to; at++ {
		t.columns = append(t.columns, column{feature: k, at: int32(at)})
	}
}

func (t *table) rows() int { return len(t.source) }

// feature describes feature k, and numbers its items.
func (t *table) feature(k int) feature {
	b, codes := &t.d.Table.Binnings[k], t.d.Table.Columns[k].Codes
	f := feature{slots: b.Slots(), learn: t.d.Learn[k], usable: true}
	switch {
	case b.IsSet():
		f.kind, f.slots, f.base = set, 2, len(t.itemOf)
		for range b.Items {
			t.itemOf = append(t.itemOf, int32(k))
		}
	case b.Kind == features.Category:
		f.kind = category
	default:
		f.sign = int8(t.d.Monotone[k])
	}
	if !f.learn { // what only customers have says that they have it
		f.usable = false
		for _, r := range t.source[t.customers:] {
			f.usable = f.usable || codes[r] != 0
		}
	}
	return f
}

func (t *table) layOutCodes() {
	t.blocks = (len(t.features) + lanes - 1) / lanes
	t.words = make([]uint64, t.blocks*t.rows())
	for from := 0; from < t.rows(); from += tile {
		source := t.source[from:min(from+tile, t.rows())]
		for k := range t.features {
			codes, at := t.d.Table.Columns[k].Codes, from*t.blocks+k/lanes
			for _, r := range source {
				t.words[at] |= uint64(codes[r]) << (8 * (k % lanes))
				at += t.blocks
			}
		}
	}
}

func (t *table) layOutItems() {
	if len(t.itemOf) == 0 {
		return
	}
	t.offsets = make([]int32, 1, t.rows()+1)
	for _, r := range t.source {
		for k := range t.features {
			f, c := &t.features[k], &t.d.Table.Columns[k]
			if f.kind != set {
				continue
			}
			for _, item := range c.Items[c.Offsets[r]:c.Offsets[r+1]] {
				t.items = append(t.items, int32(f.base+int(item)))
			}
		}
		t.offsets = append(t.offsets, int32(len(t.items)))
	}
}

// has reports whether row i has the item.
func (t *table) has(i, item int32) bool {
	for _, j := range t.items[t.offsets[i]:t.offsets[i+1]] {
		if j >= item {
			return j == item
		}
	}
	return false
}
