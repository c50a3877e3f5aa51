package logistic

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Rows go through in shards, whose sums are added in their order: the result
// does not depend on how many processors there are. Within a shard, tiles stay
// in the nearest cache.
const (
	shardRows = 1 << 14
	tileRows  = 1 << 11
)

// shards returns how many shards the rows have.
func (x *design) shards() int { return (len(x.label) + shardRows - 1) / shardRows }

// each calls do for every shard's rows.
func (x *design) each(do func(shard, from, to int)) {
	inParallel(x.shards(), func() func(int) {
		return func(s int) { do(s, s*shardRows, min((s+1)*shardRows, len(x.label))) }
	})
}

// inParallel does n pieces of work, each of which leaves its result in a place of
// its own, on all processors; every worker has what worker returns for itself.
func inParallel(n int, worker func() func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		do := worker()
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// margins adds the scores of t to the margins of rows from, from+1, ….
func (x *design) margins(dst []float64, t []cells, from int) {
	to := from + len(dst)
	k := 0
	for ; k+4 <= len(x.dense); k += 4 {
		a, b, c, d := x.dense[k], x.dense[k+1], x.dense[k+2], x.dense[k+3]
		ta, tb, tc, td := &t[a].code, &t[b].code, &t[c].code, &t[d].code
		ca, cb, cc, cd := x.features[a].codes[from:to], x.features[b].codes[from:to], x.features[c].codes[from:to], x.features[d].codes[from:to]
		for i := range dst {
			dst[i] += ta[ca[i]] + tb[cb[i]] + (tc[cc[i]] + td[cd[i]])
		}
	}
	for ; k < len(x.dense); k++ {
		ta, ca := &t[x.dense[k]].code, x.features[x.dense[k]].codes[from:to]
		for i := range dst {
			dst[i] += ta[ca[i]]
		}
	}
	for _, k := range x.sets {
		f, table := &x.features[k], t[k].item
		start := f.offsets[from]
		for i, end := range f.offsets[from+1 : to+1] {
			for _, item := range f.list[start:end] {
				dst[i] += table[item]
			}
			start = end
		}
	}
}

// gather adds r, of rows from, from+1, …, to the sums of the slots they are in.
func (x *design) gather(sums []cells, r []float64, from int) {
	to := from + len(r)
	k := 0
	for ; k+4 <= len(x.dense); k += 4 {
		a, b, c, d := x.dense[k], x.dense[k+1], x.dense[k+2], x.dense[k+3]
		sa, sb, sc, sd := &sums[a].code, &sums[b].code, &sums[c].code, &sums[d].code
		ca, cb, cc, cd := x.features[a].codes[from:to], x.features[b].codes[from:to], x.features[c].codes[from:to], x.features[d].codes[from:to]
		for i, v := range r {
			sa[ca[i]] += v
			sb[cb[i]] += v
			sc[cc[i]] += v
			sd[cd[i]] += v
		}
	}
	for ; k < len(x.dense); k++ {
		sa, ca := &sums[x.dense[k]].code, x.features[x.dense[k]].codes[from:to]
		for i, v := range r {
			sa[ca[i]] += v
		}
	}
	for _, k := range x.sets {
		f, s := &x.features[k], sums[k].item
		start := f.offsets[from]
		for i, end := range f.offsets[from+1 : to+1] {
			v := r[i]
			for _, item := range f.list[start:end] {
				s[item] += v
			}
			start = end
		}
	}
}

// A point holds the loss and its derivatives at one beta, whose last entry is
// the intercept.
type point struct {
	x      *design
	weight []float64 // by row; 0: left out

	beta      []float64
	loss      float64   // of the rows in use, without penalty
	outside   float64   // of the rows left out
	gradient  []float64 // of loss, by column; the last is the intercept's
	residual  []float64 // by row: weight × (p − y)
	curvature []float64 // by row: weight × p (1 − p)

	table []cells
	sums  []cells // of residuals by slot
	part  [][]cells
	total [][3]float64 // by shard: loss, outside, residuals
}

func newPoint(x *design, weight []float64) *point {
	n := len(x.label)
	p := &point{
		x: x, weight: weight, beta: make([]float64, x.cols+1), gradient: make([]float64, x.cols+1),
		residual: make([]float64, n), curvature: make([]float64, n),
		table: x.newCells(), sums: x.newCells(), total: make([][3]float64, x.shards()),
	}
	for range x.shards() {
		p.part = append(p.part, x.newCells())
	}
	return p
}

// at moves p to beta.
func (p *point) at(beta []float64) {
	copy(p.beta, beta)
	p.x.tables(p.table, beta)
	p.x.each(func(shard, from, to int) {
		clearCells(p.part[shard])
		p.total[shard] = [3]float64{}
		for ; from < to; from += tileRows {
			p.tile(shard, from, min(from+tileRows, to))
		}
	})
	p.loss, p.outside = 0, 0
	p.gradient[p.x.cols] = 0
	for _, t := range p.total {
		p.loss += t[0]
		p.outside += t[1]
		p.gradient[p.x.cols] += t[2]
	}
	p.x.sum(p.sums, p.part)
	p.x.project(p.gradient, p.sums)
}

// sum adds up the shards' cells.
func (x *design) sum(dst []cells, part [][]cells) {
	clearCells(dst)
	for _, c := range part {
		for k := range dst {
			dst[k].add(&c[k])
		}
	}
}

func (p *point) tile(shard, from, to int) {
	var margins [tileRows]float64
	m := margins[:to-from]
	for i := range m {
		m[i] = p.beta[p.x.cols]
	}
	p.x.margins(m, p.table, from)
	label, all, weight := p.x.label[from:to], p.x.weight[from:to], p.weight[from:to]
	residual, curvature := p.residual[from:to], p.curvature[from:to]
	var used, left logSum
	var loss, outside, sum float64
	for i, m := range m {
		away := math.Abs(m)
		odds := math.Exp(-away)
		prob := 1 / (1 + odds)
		if m < 0 {
			prob = odds / (1 + odds)
		}
		if (label[i] == 1) != (m < 0) {
			away = 0
		}
		w := weight[i]
		if w > 0 {
			loss += w * away
			used.add(w, 1+odds)
		} else {
			outside += all[i] * away
			left.add(all[i], 1+odds)
		}
		r := w * (prob - label[i])
		residual[i] = r
		sum += r
		curvature[i] = w * prob * (1 - prob)
	}
	t := &p.total[shard]
	t[0], t[1], t[2] = t[0]+loss+used.end(), t[1]+outside+left.end(), t[2]+sum
	p.x.gather(p.part[shard], residual, from)
}

// curvatures stores the sums of the rows' curvatures by slot, and returns that
// of all rows.
func (p *point) curvatures(dst []cells) float64 {
	p.x.each(func(shard, from, to int) {
		clearCells(p.part[shard])
		p.total[shard] = [3]float64{}
		for ; from < to; from += tileRows {
			c := p.curvature[from:min(from+tileRows, to)]
			for _, v := range c {
				p.total[shard][0] += v
			}
			p.x.gather(p.part[shard], c, from)
		}
	})
	p.x.sum(dst, p.part)
	var sum float64
	for _, t := range p.total {
		sum += t[0]
	}
	return sum
}

// times stores the product of the Hessian of the loss with v. table, residual
// and sums are used up: only at gives them back.
func (p *point) times(dst, v []float64) {
	x := p.x
	for k := range x.features {
		clear(p.table[k].code[:])
		clear(p.table[k].item)
		x.addTo(&p.table[k], &x.features[k], v)
	}
	x.each(func(shard, from, to int) {
		clearCells(p.part[shard])
		p.total[shard] = [3]float64{}
		var margins [tileRows]float64
		for ; from < to; from += tileRows {
			end := min(from+tileRows, to)
			m := margins[:end-from]
			for i := range m {
				m[i] = v[x.cols]
			}
			x.margins(m, p.table, from)
			var sum float64
			for i, c := range p.curvature[from:end] {
				m[i] *= c
				sum += m[i]
			}
			p.total[shard][0] += sum
			x.gather(p.part[shard], m, from)
		}
	})
	x.sum(p.sums, p.part)
	x.project(dst, p.sums)
	dst[x.cols] = 0
	for _, t := range p.total {
		dst[x.cols] += t[0]
	}
}

// A logSum is Σ w log v of numbers from 1 to 2. Those of the same weight that
// follow each other are multiplied first: a logarithm costs as much as looking up
// twenty scores.
type logSum struct {
	sum, weight, product float64
	n                    int
}

func (l *logSum) add(w, v float64) {
	if w != l.weight || l.n == 1000 {
		l.sum = l.end()
		l.weight, l.product, l.n = w, 1, 0
	}
	l.product *= v
	l.n++
}

func (l *logSum) end() float64 {
	if l.n == 0 {
		return l.sum
	}
	return l.sum + l.weight*math.Log(l.product)
}
