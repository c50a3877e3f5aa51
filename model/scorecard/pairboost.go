package scorecard

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// pairRounds is the most rounds over the pairs, pairEvery how many lie between
// looks at the part left out.
const pairRounds, pairEvery = 60, 4

// A pairBoost boosts the pairs that one bag chose, from the bag's best scores on.
type pairBoost struct {
	bag     *bag
	grouped map[int]*grouping
	codes   map[int][]uint8 // groups of the bag's rows, by feature
	pairs   []pair
	margins []float64 // of the part left out, without pairs

	losses [][]float64   // by look and row left out; look 0 is without pairs
	tables [][][]float64 // by look and pair
}

// newPairBoost ranks the pairs of a bag as FAST [1] does: by the best cut of
// each feature, into four quadrants.
//
// [1] Lou, Caruana, Gehrke, Hooker, "Accurate intelligible models with pairwise
// interactions", KDD 2013.
func newPairBoost(b *bag, grouped map[int]*grouping, limit int) *pairBoost {
	p := &pairBoost{bag: b, grouped: grouped, codes: map[int][]uint8{}}
	b.restart()
	var in []int
	for k, g := range grouped {
		in = append(in, k)
		codes := make([]uint8, len(b.rows))
		for i, code := range b.columns[k].codes {
			codes[i] = g.of[code]
		}
		p.codes[k] = codes
	}
	slices.Sort(in)
	type ranked struct {
		pair
		gain float64
	}
	var all []ranked
	for i, a := range in {
		for _, k := range in[i+1:] {
			q := pair{a: a, b: k}
			c := p.cross(&q)
			all = append(all, ranked{q, c.gain})
		}
	}
	slices.SortStableFunc(all, func(x, y ranked) int { return cmp.Compare(y.gain, x.gain) })
	for _, r := range all[:min(limit, len(all))] {
		r.table = make([]float64, (grouped[r.a].n()+1)*(grouped[r.b].n()+1))
		p.pairs = append(p.pairs, r.pair)
	}
	return p
}

// restart sets the odds to those of the best scores.
func (b *bag) restart() {
	for i := range b.odds {
		b.odds[i] = math.Exp(b.bias)
	}
	for k := range b.columns {
		col := &b.columns[k]
		b.wait(col, b.kept[k][:len(col.weight)])
		b.settle()
		for item, rows := range col.postings {
			factor := math.Exp(b.kept[k][2+item])
			for _, i := range rows {
				b.odds[i] *= factor
			}
		}
	}
}

// run boosts the pairs, each once a round, and returns the losses on the part
// left out, look by look.
func (p *pairBoost) run(ctx context.Context) (looks []float64, err error) {
	b := p.bag
	for k := range b.scores {
		copy(b.scores[k], b.kept[k])
	}
	p.margins = b.marginsLeftOut()
	looks = append(looks, p.look())
	for round := 1; round <= pairRounds; round++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for j := range p.pairs {
			p.step(&p.pairs[j])
		}
		if round%pairEvery == 0 {
			looks = append(looks, p.look())
		}
	}
	return looks, nil
}

// look keeps the tables and the losses on the part left out, and returns their sum.
func (p *pairBoost) look() (sum float64) {
	b := p.bag
	losses := make([]float64, len(b.left))
	var tables [][]float64
	for _, q := range p.pairs {
		tables = append(tables, slices.Clone(q.table))
	}
	for i, r := range b.left {
		m := p.margins[i]
		for _, q := range p.pairs {
			ga, gb := p.grouped[q.a], p.grouped[q.b]
			m += q.table[int(ga.of[b.d.Table.Columns[q.a].Codes[r]])*(gb.n()+1)+int(gb.of[b.d.Table.Columns[q.b].Codes[r]])]
		}
		if b.d.Customer[r] {
			m = -m
		}
		losses[i] = b.d.Weights[r] * logOnePlusExp(m)
		sum += losses[i]
	}
	p.losses, p.tables = append(p.losses, losses), append(p.tables, tables)
	return sum
}

// A cross cuts both features of a pair, into four quadrants: groups up to i and
// up to j, and above.
type cross struct {
	i, j   int
	gain   float64
	values [2][2]float64 // what the quadrants gain
}

// cross returns the best cut of a pair. The quadrants' values are pure: with u
// the Newton step of a quadrant and w its Hessian, both with the penalty L2,
//
//	c = u₀₀ - u₀₁ - u₁₀ + u₁₁,  value = ± c / (w Σ 1/w),  gain = c² / Σ 1/w
//
// so that Σ w · value is 0 along both features: what either has to say alone is
// left to its own scores. The cut after group 0 tells missing from known, where
// that may be learned; missing values have no part in the others.
func (p *pairBoost) cross(q *pair) (best cross) {
	ga, gb := p.grouped[q.a], p.grouped[q.b]
	sums := p.sums(q)
	for i := ga.from; i < ga.n(); i++ {
		for j := gb.from; j < gb.n(); j++ {
			// Where low groups start: the cut after group 0 has no others below.
			a0, b0 := min(i, 1), min(j, 1)
			c, ok := p.bag.contrast([2][2]cell{
				{sums.within(a0, i, b0, j), sums.within(a0, i, j+1, gb.n())},
				{sums.within(i+1, ga.n(), b0, j), sums.within(i+1, ga.n(), j+1, gb.n())},
			})
			if ok && c.gain > best.gain {
				c.i, c.j = i, j
				best = c
			}
		}
	}
	return best
}

// A cumulative table holds sums over all groups up to (i, j), at (i+1, j+1).
type cumulative [groups + 2][groups + 2]cell

// sums returns the cumulative sums of a pair.
func (p *pairBoost) sums(q *pair) *cumulative {
	var s cumulative
	b := p.bag
	ca, cb := p.codes[q.a], p.codes[q.b]
	for i, o := range b.odds {
		prob := o / (1 + o)
		w := b.weight[i]
		c := &s[ca[i]+1][cb[i]+1]
		c.gradient -= w * prob
		if b.label[i] {
			c.gradient += w
		}
		c.hessian += w * prob * (1 - prob)
		c.weight += w
	}
	for i := 1; i < len(s); i++ {
		for j := 1; j < len(s); j++ {
			s[i][j].add(s[i-1][j].minus(s[i-1][j-1]))
			s[i][j].add(s[i][j-1])
		}
	}
	return &s
}

// within returns the sums over groups i0 to i1 and j0 to j1.
func (s *cumulative) within(i0, i1, j0, j1 int) cell {
	low, high := s[i0][j1+1].minus(s[i0][j0]), s[i1+1][j1+1].minus(s[i1+1][j0])
	return high.minus(low)
}

// contrast returns what the quadrants of a cut gain; false where one of them
// holds too little.
func (b *bag) contrast(quadrants [2][2]cell) (c cross, ok bool) {
	var common, inverse float64
	for r := range 2 {
		for s := range 2 {
			x := quadrants[r][s]
			if x.weight < b.o.MinLeaf {
				return c, false
			}
			u := x.gradient / (x.hessian + b.o.L2)
			if r != s {
				u = -u
			}
			common += u
			inverse += 1 / (x.hessian + b.o.L2)
		}
	}
	for r := range 2 {
		for s := range 2 {
			c.values[r][s] = common / ((quadrants[r][s].hessian + b.o.L2) * inverse)
			if r != s {
				c.values[r][s] *= -1
			}
		}
	}
	c.gain = common * common / inverse
	return c, true
}

// step moves the table of a pair by its best cut.
func (p *pairBoost) step(q *pair) {
	c := p.cross(q)
	if c.gain == 0 {
		return
	}
	ga, gb := p.grouped[q.a], p.grouped[q.b]
	cols := gb.n() + 1
	factor := slices.Repeat([]float64{1}, len(q.table))
	for i := min(c.i, 1); i <= ga.n(); i++ {
		for j := min(c.j, 1); j <= gb.n(); j++ {
			r, s := 0, 0
			if i > c.i {
				r = 1
			}
			if j > c.j {
				s = 1
			}
			by := p.bag.o.Rate * c.values[r][s]
			q.table[i*cols+j] += by
			factor[i*cols+j] = math.Exp(by)
		}
	}
	ca, cb := p.codes[q.a], p.codes[q.b]
	for i := range p.bag.odds {
		p.bag.odds[i] *= factor[int(ca[i])*cols+int(cb[i])]
	}
}
