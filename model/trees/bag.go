package trees

import (
	"context"
	"math"

	"github.com/icpfit/icpfit/model"
)

// A bag is one sequence of trees, boosted on all parts but one.
type bag struct {
	*table
	o       Options
	seed    uint64
	grower  *grower
	units   units
	bias    float64
	margins []float64 // by row of the table
	trees   []model.Tree

	left        []int32 // rows of d that are left out
	leftMargins []float64
	losses      []float64 // summed weighted log loss of the rows left out, by look
}

// newBag returns the bag that leaves a part out (-1: none), or nil where what is
// left has no customers or no pool.
func newBag(d *model.Data, o Options, parts []int, part int, share float64, workers int) *bag {
	b := &bag{o: o, seed: model.Mix(d.Seed, uint64(part+2))}
	use, _ := d.SamplePool(share, b.seed)
	var rows [2][]int32
	for i, customer := range d.Customer {
		switch {
		case !use[i]:
		case parts != nil && parts[i] == part:
			b.left = append(b.left, int32(i))
		case customer:
			rows[0] = append(rows[0], int32(i))
		default:
			rows[1] = append(rows[1], int32(i))
		}
	}
	if len(rows[0]) == 0 || len(rows[1]) == 0 {
		return nil
	}
	b.table = newTable(d, append(rows[0], rows[1]...), o.OneHot)
	var customers, pool float64
	for i, w := range b.weights {
		if i < b.customers {
			customers += w
		} else {
			pool += w
		}
	}
	b.bias = math.Log(customers / pool)
	b.units = newUnits(customers, pool)
	b.margins, b.leftMargins = constant(b.bias, len(b.source)), constant(b.bias, len(b.left))
	b.grower = newGrower(b.table, o.limits(), workers)
	return b
}

func constant(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// run grows trees up to a number of them, and looks at the part left out.
func (b *bag) run(ctx context.Context, last int) error {
	for len(b.trees) < last {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.round(uint64(len(b.trees)))
	}
	var loss float64
	for i, r := range b.left {
		m := b.leftMargins[i]
		if b.d.Customer[r] {
			m = -m
		}
		loss += b.d.Weights[r] * math.Log1p(math.Exp(m))
	}
	b.losses = append(b.losses, loss)
	return nil
}

// round grows one tree and moves the margins by it.
func (b *bag) round(round uint64) {
	g, seed := b.grower, model.Mix(b.seed, round)
	b.sample(seed)
	if cap(g.gh) < len(g.rows) {
		g.gh = make([]int64, b.rows())
	}
	g.gh = g.gh[:len(g.rows)]
	b.units = b.gradients(g.gh, g.rows, b.margins, seed, b.units, g.workers)
	c := b.choose(seed)
	g.grow(b.units, func(l *leaf) split { return g.find(l, c) })
	t := g.finish(b.o.Rate)
	g.apply(&t, b.margins)
	for i, r := range b.left {
		b.leftMargins[i] += t.Values[t.Leaf(b.d.Table, int(r))]
	}
	b.trees = append(b.trees, t)
}

// sample draws the rows that take part in a round, group by group.
func (b *bag) sample(seed uint64) {
	g := b.grower
	g.rows, g.others = g.rows[:0], g.others[:0]
	for i, key := range b.keys {
		if b.o.Rows == 1 || model.Uniform(key, seed^rowSalt) < b.o.Rows {
			g.rows = append(g.rows, int32(i))
		} else {
			g.others = append(g.others, int32(i))
		}
	}
}

// Salts keep draws of one seed apart.
const (
	rowSalt    = 0x6a09e667f3bcc908
	columnSalt = 0xbb67ae8584caa73b
)

// choose draws the columns that a tree may split on.
func (b *bag) choose(seed uint64) []int32 {
	var drawn []int32
	for i := range b.columns {
		if b.o.Columns == 1 || model.Uniform(uint64(i), seed^columnSalt) < b.o.Columns {
			drawn = append(drawn, int32(i))
		}
	}
	return drawn
}

// finish returns the tree that was grown, its values centred and shrunk.
func (g *grower) finish(rate float64) model.Tree {
	t := g.tree
	pool := make([]float64, len(t.Nodes))
	for _, l := range g.leaves {
		pool[l.node] = l.pool + g.outside(l)
		t.Values[l.node] *= rate
	}
	t.CentreOn(pool, g.t.d.Learn)
	return t
}

// outside returns the weight of the pool accounts of a leaf that take no part.
func (g *grower) outside(l *leaf) (pool float64) {
	for _, r := range g.others[l.others.from:l.others.to] {
		if int(r) >= g.t.customers {
			pool += g.t.weights[r]
		}
	}
	return pool
}

// apply adds the leaves' values to the margins of their rows.
func (g *grower) apply(t *model.Tree, margins []float64) {
	workers := g.workers
	if len(margins) < fewRows {
		workers = 1
	}
	parallel(workers, len(g.leaves), func(i int) {
		l := g.leaves[i]
		v := t.Values[l.node]
		for _, r := range g.rows[l.rows.from:l.rows.to] {
			margins[r] += v
		}
		for _, r := range g.others[l.others.from:l.others.to] {
			margins[r] += v
		}
	})
}
