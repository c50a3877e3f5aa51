package logistic

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A design is a matrix with one row an account, held as what it is made of: a
// row's entry in a column is the column's value of the row's slot. Products
// with it go by slot: scores are looked up by code, and sums of rows by code are
// projected on the columns.
type design struct {
	features []feature
	dense    []int // features whose columns go by code
	sets     []int // features with items
	cols     int
	label    []float64
	weight   []float64
	key      []uint64
	seed     uint64
	sign     []int8    // by column: of the coefficients allowed; 0: any
	centre   []float64 // by column: what the penalty pulls to
}

// A feature holds the columns made of one feature, numbered from first.
type feature struct {
	codes   []uint8
	offsets []int32 // of a set: by row, into list
	list    []uint16
	items   int
	slots   int // that go by code

	first   int
	columns []column
	coded   int       // the first columns, which go by code; the others go by item
	share   []float64 // by slot: of the pool's weight
	learn   bool      // the missing bin may have a score of its own
	prior   *cells    // scores that hold without any coefficient; nil: none
}

// A column has a value for some slots that follow each other, and 0 for others.
type column struct {
	item  bool // slots are those of items, numbered from 0
	from  int
	value []float64
}

// newDesign lays out d's features; of the pool, at most limit groups a customer's
// or floor in all are kept, weighted up to stand for the rest.
func newDesign(d *model.Data, limit, floor float64) *design {
	customers := map[uint64]bool{}
	for i, k := range d.Keys {
		if d.Customer[i] {
			customers[k] = true
		}
	}
	use, factor := d.SamplePool(d.PoolShare(max(limit, floor/float64(len(customers)))), d.Seed)
	x := &design{seed: d.Seed}
	n := 0
	for _, u := range use {
		if u {
			n++
		}
	}
	rows := make([]int32, 0, n)
	x.label, x.weight, x.key = make([]float64, 0, n), make([]float64, 0, n), make([]uint64, 0, n)
	for i := range d.Customer {
		if !use[i] {
			continue
		}
		w, y := d.Weights[i]*factor, 0.0
		if d.Customer[i] {
			w, y = d.Weights[i], 1
		}
		rows = append(rows, int32(i))
		x.label, x.weight, x.key = append(x.label, y), append(x.weight, w), append(x.key, d.Keys[i])
	}
	shares := make([][]float64, len(d.Table.Columns))
	inParallel(len(shares), func() func(int) { return func(k int) { shares[k] = share(d, k) } })
	for k := range d.Table.Columns {
		x.addFeature(d, k, shares[k], rows)
	}
	return x
}

// addFeature lays out feature k.
func (x *design) addFeature(d *model.Data, k int, share []float64, rows []int32) {
	b := &d.Table.Binnings[k]
	f := feature{first: x.cols, share: share, learn: d.Learn[k], slots: b.Slots()}
	f.take(&d.Table.Columns[k], rows)
	if b.IsSet() {
		f.items, f.slots = len(b.Items), 2
	}
	f.layOut(b)
	for f.coded < len(f.columns) && !f.columns[f.coded].item {
		f.coded++
	}
	var sign int8
	if b.Ordered() {
		sign = int8(d.Monotone[k])
	}
	for i := range f.columns {
		x.centre = append(x.centre, 0)
		if f.columns[i].from == 0 && !f.columns[i].item { // the missing bin has no order
			x.sign = append(x.sign, 0)
		} else {
			x.sign = append(x.sign, sign)
		}
	}
	x.cols += len(f.columns)
	if d.Prior != nil && d.Prior[k] != nil {
		f.centreOn(x.centre[f.first:], d.Prior[k], sign)
	}
	if f.items > 0 {
		x.sets = append(x.sets, k)
	}
	if f.prior != nil || f.coded > 0 {
		x.dense = append(x.dense, k)
	}
	x.features = append(x.features, f)
}

// take copies rows of a column.
func (f *feature) take(c *bin.Column, rows []int32) {
	if len(rows) == len(c.Codes) {
		f.codes, f.offsets, f.list = c.Codes, c.Offsets, c.Items
		return
	}
	f.codes = make([]uint8, len(rows))
	for i, r := range rows {
		f.codes[i] = c.Codes[r]
	}
	if c.Offsets == nil {
		return
	}
	f.offsets, f.list = make([]int32, 1, len(rows)+1), nil
	for _, r := range rows {
		f.list = append(f.list, c.Items[c.Offsets[r]:c.Offsets[r+1]]...)
		f.offsets = append(f.offsets, int32(len(f.list)))
	}
}

// share returns the share of the pool's weight in each slot of a feature.
func share(d *model.Data, k int) []float64 {
	s := make([]float64, d.Table.Binnings[k].Slots())
	c := &d.Table.Columns[k]
	var total float64
	for i, code := range c.Codes {
		if d.Customer[i] {
			continue
		}
		w := d.Weights[i]
		total += w
		s[code] += w
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				s[2+int(item)] += w
			}
		}
	}
	for i := range s {
		s[i] /= total
	}
	return s
}

// fit turns coefficients into scores by slot. A missing bin that may not be
// learned scores the pool's average; a feature that no pool account has a value
// of, 0 throughout: being known would say it all.
func (x *design) fit(beta []float64) *model.Fit {
	out := &model.Fit{Intercept: beta[x.cols], Scores: make([][]float64, len(x.features))}
	table := x.newCells()
	x.tables(table, beta)
	for k := range x.features {
		f := &x.features[k]
		s := make([]float64, len(f.share))
		copy(s, table[k].code[:f.slots])
		copy(s[f.slots:], table[k].item)
		if !f.learn {
			if f.known() == 0 {
				clear(s)
			} else {
				s[0] = f.mean(s)
			}
		}
		out.Scores[k] = s
	}
	return out
}

// known returns the share of the pool whose value is known.
func (f *feature) known() float64 {
	if f.items > 0 {
		return f.share[1]
	}
	var sum float64
	for _, p := range f.share[1:f.slots] {
		sum += p
	}
	return sum
}

// mean returns the pool's mean of scores by slot over its known values; 0 where
// there are none.
func (f *feature) mean(score []float64) float64 {
	known := f.known()
	if known == 0 {
		return 0
	}
	return dot(f.share[1:], score[1:]) / known
}

// logOdds returns the intercept of a model without features.
func logOdds(y, w []float64) float64 {
	var customers, pool float64
	for i, v := range w {
		customers += v * y[i]
		pool += v * (1 - y[i])
	}
	return math.Log(customers / pool)
}
