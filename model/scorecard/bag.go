package scorecard

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A bag is one additive model being boosted on all parts but one.
//
// It keeps each row's odds, exp(margin), and multiplies them when a score
// moves: no exponential is taken per row.
type bag struct {
	o    Options
	d    *model.Data
	rng  *rand.Rand
	bias float64

	round               int       // done
	order               []int     // of the features, shuffled every round
	label, weight, odds []float64 // one a row of the bag
	columns             []column
	scores              [][]float64

	left      []int32 // rows of the part left out
	snapshots []snapshot
}

// A column is a feature as the bag's rows have it.
type column struct {
	codes    []uint8
	postings [][]int32 // set: the rows that have each item
	share    []float64 // of the known pool weight: by code, or by item for a set
	slots    int       // codes in use: 2 for a set
}

type snapshot struct {
	scores [][]float64
	loss   float64 // summed weighted log loss on the part left out
}

// cell holds the sums over the rows of one code.
type cell struct{ gradient, hessian, weight float64 }

// newBag returns the bag that leaves a part out, or nil where what is left has
// no customers or no pool.
func newBag(d *model.Data, o Options, parts []int, share float64, index int) *bag {
	b := &bag{o: o, d: d, rng: rand.New(rand.NewPCG(d.Seed, uint64(index)))}
	rows, ok := b.sample(parts, share, index)
	if !ok {
		return nil
	}
	t := d.Table
	b.columns = make([]column, len(t.Columns))
	b.scores = make([][]float64, len(t.Columns))
	for k := range t.Columns {
		b.columns[k] = b.newColumn(&t.Columns[k], &t.Binnings[k], rows)
		b.scores[k] = make([]float64, t.Binnings[k].Slots())
		b.order = append(b.order, k)
	}
	return b
}

// sample picks the bag's rows: all customers of the other parts and a share of
// the pool, weighted up to stand for the rest. ok
// is false where one of the classes has none.
func (b *bag) sample(parts []int, share float64, index int) (rows []int32, ok bool) {
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
		w, label := b.d.Weights[i], 0.0
		if b.d.Customer[i] {
			p, label = p+w, 1
		} else {
			w *= factor
			u += w
		}
		rows = append(rows, int32(i))
		b.weight, b.label = append(b.weight, w), append(b.label, label)
	}
	if p == 0 || u == 0 {
		return nil, false
	}
	b.bias = math.Log(p / u)
	b.odds = slices.Repeat([]float64{p / u}, len(rows))
	return rows, true
}

func (b *bag) newColumn(c *bin.Column, binning *bin.Binning, rows []int32) column {
	col := column{codes: make([]uint8, len(rows)), slots: binning.Slots()}
	if binning.IsSet() {
		col.slots = 2
		col.postings = make([][]int32, len(binning.Items))
		col.share = make([]float64, len(binning.Items))
	} else {
		col.share = make([]float64, col.slots)
	}
	var known float64
	for i, r := range rows {
		code := c.Codes[r]
		col.codes[i] = code
		var w float64
		if b.label[i] == 0 && code != 0 {
			w = b.weight[i]
			known += w
		}
		if !binning.IsSet() {
			col.share[code] += w
			continue
		}
		for _, item := range c.Items[c.Offsets[r]:c.Offsets[r+1]] {
			col.postings[item] = append(col.postings[item], int32(i))
			col.share[item] += w
		}
	}
	for i := range col.share {
		col.share[i] /= max(known, math.SmallestNonzeroFloat64)
	}
	return col
}

// run boosts up to a round and takes a snapshot there.
func (b *bag) run(ctx context.Context, last int) error {
	for ; b.round < last; b.round++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.rng.Shuffle(len(b.order), func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
		for _, k := range b.order {
			b.visit(k)
		}
	}
	b.snapshot()
	return nil
}

func (b *bag) snapshot() {
	s := snapshot{scores: make([][]float64, len(b.scores))}
	for k, v := range b.scores {
		s.scores[k] = slices.Clone(v)
	}
	fit := model.Fit{Intercept: b.bias, Scores: b.scores}
	for _, r := range b.left {
		m := fit.Margin(b.d.Table, int(r))
		if b.d.Customer[r] {
			m = -m
		}
		s.loss += b.d.Weights[r] * math.Log1p(math.Exp(m))
	}
	b.snapshots = append(b.snapshots, s)
}
