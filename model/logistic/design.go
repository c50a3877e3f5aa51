package logistic

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A design is a sparse standardised matrix, held by column. Columns are
// numbered over features and slots; slots that carry no coefficient have
// column -1. An ordered feature has one dense column, whose value is that of
// the row's slot.
type design struct {
	cols   int
	rows   [][]int32   // by column: the rows with an entry
	value  [][]float64 // by column: the entries
	label  []float64
	weight []float64
	key    []uint64
	sign   []int8 // by column: of the coefficients allowed; 0: any

	column [][]int32   // by feature and slot
	scale  [][]float64 // what one unit of the slot's coefficient adds
}

// rareSpread is the least spread by which an indicator is divided: below it,
// dividing would undo the penalty on rare values.
const rareSpread = 0.1

// newDesign lays out d's features; at most limit pool rows a customer are kept,
// weighted up to stand for the rest.
func newDesign(d *model.Data, limit float64) *design {
	use, factor := d.SamplePool(d.PoolShare(limit), d.Seed)
	x := &design{}
	var rows []int32
	for i := range d.Customer {
		if !use[i] {
			continue
		}
		w, y := d.Weights[i]*factor, 0.0
		if d.Customer[i] {
			w, y = d.Weights[i], 1
		}
		rows = append(rows, int32(i))
		x.label, x.weight = append(x.label, y), append(x.weight, w)
		x.key = append(x.key, model.Mix(d.Keys[i], d.Seed+1))
	}
	for k := range d.Table.Columns {
		x.layOut(&d.Table.Binnings[k], share(d, k), d.Learn[k], int8(d.Monotone[k]))
	}
	x.rows, x.value = make([][]int32, x.cols), make([][]float64, x.cols)
	for i, r := range rows {
		for k := range d.Table.Columns {
			c := &d.Table.Columns[k]
			x.add(i, k, int(c.Codes[r]))
			if c.Offsets != nil {
				for _, item := range c.Items[c.Offsets[r]:c.Offsets[r+1]] {
					x.add(i, k, 2+int(item))
				}
			}
		}
	}
	return x
}

func (x *design) add(row, k, slot int) {
	if c := x.column[k][slot]; c >= 0 {
		x.rows[c] = append(x.rows[c], int32(row))
		x.value[c] = append(x.value[c], x.scale[k][slot])
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

// layOut gives columns to the slots of one feature, whose monotone sign is that
// of its slope.
func (x *design) layOut(b *bin.Binning, share []float64, learn bool, sign int8) {
	column, scale := make([]int32, len(share)), make([]float64, len(share))
	next := func(sign int8) int32 {
		x.sign = append(x.sign, sign)
		x.cols++
		return int32(x.cols - 1)
	}
	indicator := func(slot int, sign int8) {
		column[slot] = next(sign)
		scale[slot] = 1 / max(rareSpread, math.Sqrt(share[slot]*(1-share[slot])))
	}
	for slot := range share {
		column[slot] = -1
	}
	if learn && share[0] > 0 {
		indicator(0, 0)
	}
	switch b.Kind {
	case features.Number, features.Date:
		slope(b.Edges, share, scale)
		c := next(sign)
		for slot := 1; slot < len(share); slot++ {
			column[slot] = c
		}
	case features.Flag:
		indicator(2, sign)
	case features.Category:
		for slot := 1; slot < len(share); slot++ {
			indicator(slot, 0)
		}
	default:
		for slot := 2; slot < len(share); slot++ {
			indicator(slot, 0)
		}
	}
	x.column, x.scale = append(x.column, column), append(x.scale, scale)
}

// slope stores the standardised logarithm of the middle of every known bin.
func slope(edges, share, scale []float64) {
	signed := func(v float64) float64 { return math.Copysign(math.Log1p(math.Abs(v)), v) }
	var mean, known float64
	for slot := 1; slot < len(scale); slot++ {
		switch {
		case len(edges) == 0:
		case slot == 1:
			scale[slot] = signed(edges[0])
		case slot == len(edges)+1:
			scale[slot] = signed(edges[len(edges)-1])
		default:
			scale[slot] = (signed(edges[slot-2]) + signed(edges[slot-1])) / 2
		}
		mean += share[slot] * scale[slot]
		known += share[slot]
	}
	if known == 0 {
		return
	}
	mean /= known
	var variance float64
	for slot := 1; slot < len(scale); slot++ {
		scale[slot] -= mean
		variance += share[slot] * scale[slot] * scale[slot] / known
	}
	if variance == 0 {
		return
	}
	for slot := 1; slot < len(scale); slot++ {
		scale[slot] /= math.Sqrt(variance)
	}
}

// without returns which rows take part when one of n parts is left out. Parts
// follow the accounts' keys.
func (x *design) without(part, n int) []bool {
	use := make([]bool, len(x.label))
	for i, k := range x.key {
		use[i] = int(k%uint64(n)) != part
	}
	return use
}

func logLoss(margin, label float64) float64 {
	if label == 1 {
		margin = -margin
	}
	if margin > 30 {
		return margin
	}
	return math.Log1p(math.Exp(margin))
}

// fit turns coefficients into scores by slot. A missing bin that may not be
// learned scores the pool's average.
func (x *design) fit(d *model.Data, beta []float64) *model.Fit {
	f := &model.Fit{Intercept: beta[x.cols], Scores: make([][]float64, len(x.column))}
	for k, column := range x.column {
		s := make([]float64, len(column))
		for slot, c := range column {
			if c >= 0 {
				s[slot] = beta[c] * x.scale[k][slot]
			}
		}
		f.Scores[k] = s
	}
	f.Neutralise(d)
	return f
}
