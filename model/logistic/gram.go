package logistic

import "gonum.org/v1/gonum/blas/blas64"

// gramColumns is how many columns a design has at most for their products to be
// kept. A sweep then costs columns², whatever the rows.
const gramColumns = 1200

// A gram holds the products of all columns, weighted by curvature, the
// intercept projected out: Xᵀ(H − hhᵀ/Σh)X.
type gram struct {
	n     int
	value []float64 // n × n
	table []float64 // scratch: sums by two slots
	left  []float64 // scratch
}

func newGram(n int) *gram { return &gram{n: n, value: make([]float64, n*n)} }

// fill stores the products under the rows' curvatures h.
func (g *gram) fill(q *quadratic) {
	clear(g.value)
	x := q.x
	for a := range x.features {
		g.own(q, a)
		for b := range a {
			g.pair(q, a, b)
		}
	}
	for i := range g.n {
		row := g.value[i*g.n : (i+1)*g.n]
		c := q.couple[i] / max(q.all, 1e-300)
		for j := range i + 1 {
			row[j] -= c * q.couple[j]
			g.value[j*g.n+i] = row[j]
		}
	}
}

// own stores the products of one feature's columns.
func (g *gram) own(q *quadratic, k int) {
	f := &q.x.features[k]
	for i := range f.columns {
		a := &f.columns[i]
		w := q.weight[k].of(a)
		for j := range i + 1 {
			b := &f.columns[j]
			if a.item != b.item {
				continue
			}
			var sum float64
			for s, v := range a.value {
				if t := a.from + s - b.from; t >= 0 && t < len(b.value) {
					sum += v * b.value[t] * w[s]
				}
			}
			g.value[(f.first+i)*g.n+f.first+j] = sum
		}
	}
	if f.items > 0 {
		g.crossItems(q, f, f)
	}
}

// pair stores the products of the columns of features a and b, a > b.
func (g *gram) pair(q *quadratic, a, b int) {
	fa, fb := &q.x.features[a], &q.x.features[b]
	if fa.coded > 0 && fb.coded > 0 {
		g.crossCodes(q, fa, fb)
	}
	if fa.items > 0 && fb.coded > 0 {
		g.crossMixed(q, fa, fb, false)
	}
	if fb.items > 0 && fa.coded > 0 {
		g.crossMixed(q, fb, fa, true)
	}
	if fa.items > 0 && fb.items > 0 {
		g.crossItems(q, fa, fb)
	}
}

// scratch returns n zeros.
func (g *gram) scratch(n int) []float64 {
	if cap(g.table) < n {
		g.table = make([]float64, n)
	}
	t := g.table[:n]
	clear(t)
	return t
}

func (g *gram) crossCodes(q *quadratic, a, b *feature) {
	stride := b.slots
	t := g.scratch(a.slots * stride)
	cb := b.codes
	for i, c := range a.codes {
		t[int(c)*stride+int(cb[i])] += q.h[i]
	}
	for j := range b.coded {
		cj := &b.columns[j]
		if cap(g.left) < 256 {
			g.left = make([]float64, 256)
		}
		left := g.left[:a.slots]
		for s := range left {
			left[s] = dot(cj.value, t[s*stride+cj.from:][:len(cj.value)])
		}
		for i := range a.coded {
			ci := &a.columns[i]
			g.value[(a.first+i)*g.n+b.first+j] = dot(ci.value, left[ci.from:][:len(ci.value)])
		}
	}
}

// crossMixed stores the products of the items of set a with the coded columns of
// b, or their transpose.
func (g *gram) crossMixed(q *quadratic, a, b *feature, transposed bool) {
	stride := b.slots
	t := g.scratch(a.items * stride)
	start := a.offsets[0]
	for i, end := range a.offsets[1:] {
		if start < end {
			h, c := q.h[i], int(b.codes[i])
			for _, item := range a.list[start:end] {
				t[int(item)*stride+c] += h
			}
		}
		start = end
	}
	for i := a.coded; i < len(a.columns); i++ {
		ci := &a.columns[i]
		for j := range b.coded {
			cj := &b.columns[j]
			v := ci.value[0] * dot(cj.value, t[ci.from*stride+cj.from:][:len(cj.value)])
			if transposed {
				g.value[(b.first+j)*g.n+a.first+i] = v
			} else {
				g.value[(a.first+i)*g.n+b.first+j] = v
			}
		}
	}
}

// crossItems stores the products of the items of two sets, or of one with itself.
func (g *gram) crossItems(q *quadratic, a, b *feature) {
	for i, h := range q.h {
		own := b.list[b.offsets[i]:b.offsets[i+1]]
		for _, item := range a.list[a.offsets[i]:a.offsets[i+1]] {
			row := g.value[(a.first+a.coded+int(item))*g.n+b.first+b.coded:]
			for _, other := range own {
				if a == b && other >= item {
					break
				}
				row[other] += h
			}
		}
	}
	for i := a.coded; i < len(a.columns); i++ {
		row := g.value[(a.first+i)*g.n:]
		for j := b.coded; j < len(b.columns); j++ {
			if a == b && j >= i {
				break
			}
			row[b.first+j] *= a.columns[i].value[0] * b.columns[j].value[0]
		}
	}
	if a == b && a.coded > 0 { // coded: only the missing bin, in which there are no items
		return
	}
}

// descend minimises the quadratic model around p under the penalty by coordinate
// descent, until a sweep falls less than part of what all did, or least. It
// stores the direction and returns the fall.
func (g *gram) descend(q *quadratic, p *point, pen penalty, part, least float64) float64 {
	n := g.n
	slope := g.scratch(n)
	shift := p.gradient[n] / max(q.all, 1e-300)
	for j := range slope {
		slope[j] = p.gradient[j] - shift*q.couple[j]
	}
	clear(q.direction)
	var fell float64
	for range 1000 {
		var now float64
		for j := range n {
			at := p.beta[j] + q.direction[j]
			h := g.value[j*n+j]
			to := pen.nearest(q.x, j, at, slope[j], h)
			d := to - at
			if d == 0 {
				continue
			}
			now += -d*(slope[j]+h*d/2) + pen.of(q.x, j, at) - pen.of(q.x, j, to)
			q.direction[j] += d
			blas64.Axpy(d, blas64.Vector{N: n, Inc: 1, Data: g.value[j*n : (j+1)*n]}, blas64.Vector{N: n, Inc: 1, Data: slope})
		}
		fell += now
		if now <= part*fell || now <= least {
			break
		}
	}
	q.direction[n] = -shift - dot(q.couple, q.direction[:n])/max(q.all, 1e-300)
	return fell
}
