package scorecard

import (
	"math"
	"math/rand/v2"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A bag is one additive model being boosted on all parts but one.
//
// It keeps each row's odds, exp(margin), and multiplies them when a score
// moves: no exponential is taken per row. A step on a feature of codes is not
// multiplied in at once but on the way through the rows that the next feature's
// sums need anyway.
type bag struct {
	o    Options
	d    *model.Data
	rng  *rand.Rand
	bias float64

	rows         []int32 // of the data, in the bag
	left         []int32 // of the part left out
	label        []bool  // by row of the bag: a customer
	weight, odds []float64
	columns      []column
	scores, kept [][]float64 // now, and at the best look
	boosted      schedule
	waiting      step // not yet in the odds
}

// A column is a feature as the bag's rows have it.
type column struct {
	codes     []uint8
	customers []float64 // weight of the customers, by code
	weight    []float64 // of all accounts, by code
	share     []float64 // of the known pool weight: by code, or by item for a set
	postings  [][]int32 // set: the rows that have each item
	wins      []float64 // set: weight of the customers, by item
}

// A step multiplies the odds of rows of a code by its factor.
type step struct {
	codes  []uint8
	factor [bin.MaxCodes]float64
}

// newBag returns the bag that leaves a part out, or nil where what is left has
// no customers or no pool.
func newBag(d *model.Data, o Options, parts []int, share float64, index int) *bag {
	b := &bag{o: o, d: d, rng: rand.New(rand.NewPCG(d.Seed, uint64(index)))}
	if !b.sample(parts, share, index) {
		return nil
	}
	t := d.Table
	b.columns = make([]column, len(t.Columns))
	b.scores, b.kept = make([][]float64, len(t.Columns)), make([][]float64, len(t.Columns))
	for k := range t.Columns {
		b.columns[k] = b.newColumn(&t.Columns[k], &t.Binnings[k])
		b.scores[k] = make([]float64, t.Binnings[k].Slots())
		b.kept[k] = make([]float64, t.Binnings[k].Slots())
	}
	b.boosted = newSchedule(len(t.Columns))
	return b
}

// sample picks the bag's rows: all customers of the other parts and a share of
// the pool, weighted up to stand for the rest. It returns false where one of
// the classes has none.
func (b *bag) sample(parts []int, share float64, index int) bool {
	use, factor := b.d.SamplePool(share, b.d.Seed+uint64(index)+1)
	var p, u float64
	for i, part := range parts {
		if part == index {
			b.left = append(b.left, int32(i))
			continue
		}
		if !use[i] {
			continue
		}
		w := b.d.Weights[i]
		if b.d.Customer[i] {
			p += w
		} else {
			w *= factor
			u += w
		}
		b.rows = append(b.rows, int32(i))
		b.weight, b.label = append(b.weight, w), append(b.label, b.d.Customer[i])
	}
	if p == 0 || u == 0 {
		return false
	}
	b.bias = math.Log(p / u)
	b.odds = make([]float64, len(b.rows))
	for i := range b.odds {
		b.odds[i] = p / u
	}
	return true
}

func (b *bag) newColumn(c *bin.Column, binning *bin.Binning) column {
	slots, shares := binning.Slots(), binning.Slots()
	set := binning.IsSet()
	if set {
		slots, shares = 2, len(binning.Items)
	}
	col := column{codes: make([]uint8, len(b.rows)), customers: make([]float64, slots), weight: make([]float64, slots), share: make([]float64, shares)}
	if set {
		col.postings, col.wins = make([][]int32, shares), make([]float64, shares)
	}
	var known float64
	for i, r := range b.rows {
		code, w := c.Codes[r], b.weight[i]
		col.codes[i] = code
		col.weight[code] += w
		pool, won := 0.0, 0.0
		if b.label[i] {
			won = w
		} else if code != 0 {
			pool = w
		}
		known += pool
		col.customers[code] += won
		if !set {
			col.share[code] += pool
			continue
		}
		for _, item := range c.Items[c.Offsets[r]:c.Offsets[r+1]] {
			col.postings[item] = append(col.postings[item], int32(i))
			col.wins[item] += won
			col.share[item] += pool
		}
	}
	for i := range col.share {
		col.share[i] /= max(known, math.SmallestNonzeroFloat64)
	}
	return col
}

// marginsLeftOut returns the margins of the part left out.
func (b *bag) marginsLeftOut() []float64 {
	fit := model.Fit{Intercept: b.bias, Scores: b.scores}
	margins := make([]float64, len(b.left))
	for i, r := range b.left {
		margins[i] = fit.Margin(b.d.Table, int(r))
	}
	return margins
}

// lossLeftOut returns the weighted log loss on the part left out.
func (b *bag) lossLeftOut() (loss float64) {
	for i, m := range b.marginsLeftOut() {
		r := b.left[i]
		if b.d.Customer[r] {
			m = -m
		}
		loss += b.d.Weights[r] * logOnePlusExp(m)
	}
	return loss
}

// logOnePlusExp returns log(1 + exp(m)), whatever the size of m.
func logOnePlusExp(m float64) float64 { return max(m, 0) + math.Log1p(math.Exp(-math.Abs(m))) }

// keep remembers the scores as the best.
func (b *bag) keep() {
	for k, v := range b.scores {
		copy(b.kept[k], v)
	}
}

// wait leaves a step on a column to be multiplied into the odds later; what
// waits already is multiplied in first.
func (b *bag) wait(col *column, moves []float64) {
	b.settle()
	b.waiting.codes = col.codes
	for j, m := range moves {
		b.waiting.factor[j] = math.Exp(m)
	}
}

// settle multiplies the waiting step into the odds.
func (b *bag) settle() {
	if b.waiting.codes == nil {
		return
	}
	f := &b.waiting.factor
	odds := b.odds[:len(b.waiting.codes)]
	for i, code := range b.waiting.codes {
		odds[i] *= f[code]
	}
	b.waiting.codes = nil
}

// A cell holds the sums over the rows of one code.
type cell struct{ gradient, hessian, weight float64 }

func (c *cell) add(x cell) {
	c.gradient += x.gradient
	c.hessian += x.hessian
	c.weight += x.weight
}

func (c cell) minus(x cell) cell {
	return cell{c.gradient - x.gradient, c.hessian - x.hessian, c.weight - x.weight}
}

// newton returns the Newton step of sums that hold their penalty.
func (c cell) newton() float64 { return c.gradient / c.hessian }

// gain returns what that step takes off twice the log loss.
func (c cell) gain() float64 { return c.gradient * c.gradient / c.hessian }

// sum stores the gradients and Hessians of the log loss by code of a column:
// with p = odds / (1 + odds) and y = 1 for customers, Σ w(y - p) and Σ w p(1 - p).
// Σ wy never changes. A step that waits is multiplied in on the way.
func (b *bag) sum(col *column, dst []cell) {
	type expected struct{ p, h float64 }
	var acc [2][bin.MaxCodes]expected // two, so that equal codes in a row do not wait for each other
	n := len(col.codes)
	codes, odds, weight := col.codes, b.odds[:n], b.weight[:n]
	if b.waiting.codes == nil {
		for i, code := range codes {
			p := odds[i] / (1 + odds[i])
			q := weight[i] * p
			a := &acc[i&1][code]
			a.p += q
			a.h += q * (1 - p)
		}
	} else {
		f, from := &b.waiting.factor, b.waiting.codes[:n]
		for i, code := range codes {
			o := odds[i] * f[from[i]]
			odds[i] = o
			p := o / (1 + o)
			q := weight[i] * p
			a := &acc[i&1][code]
			a.p += q
			a.h += q * (1 - p)
		}
		b.waiting.codes = nil
	}
	for j := range dst {
		dst[j] = cell{
			gradient: col.customers[j] - (acc[0][j].p + acc[1][j].p),
			hessian:  acc[0][j].h + acc[1][j].h,
			weight:   col.weight[j],
		}
	}
}
