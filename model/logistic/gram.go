package logistic

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// gramColumns is how many columns a design has at most for their products to be
// kept. A sweep then costs columns², whatever the rows; where the rows have fewer
// entries than that, it is they that are swept.
const gramColumns = 1200

// A gram holds the products of all columns, weighted by curvature, the
// intercept projected out: Xᵀ(H − hhᵀ/Σh)X.
type gram struct {
	n     int
	value []float64 // n × n
	slope []float64 // of the model where its direction leads, without the penalty
	upper []float64 // scratch: of newton
}

func newGram(n int) *gram { return &gram{n: n, value: make([]float64, n*n), slope: make([]float64, n)} }

// fill stores the products under the rows' curvatures h.
func (g *gram) fill(q *quadratic) {
	clear(g.value)
	x := q.x
	inParallel(len(x.features), func() func(int) {
		w := &crossing{gram: g, q: q, left: make([]float64, 256)}
		return func(i int) {
			a := len(x.features) - 1 - i // those with the most pairs first
			w.own(a)
			for b := range a {
				w.pair(a, b)
			}
		}
	})
	for i := range g.n {
		row := g.value[i*g.n : (i+1)*g.n]
		c := q.couple[i] / max(q.all, 1e-300)
		for j := range i + 1 {
			row[j] -= c * q.couple[j]
			g.value[j*g.n+i] = row[j]
		}
	}
}

// A crossing is at work on some of the products.
type crossing struct {
	*gram
	q     *quadratic
	table []float64 // sums of curvatures by two slots
	left  []float64 // by slot of one feature: those times a column of the other
}

// own stores the products of one feature's columns.
func (g *crossing) own(k int) {
	f := &g.q.x.features[k]
	for i := range f.columns {
		a := &f.columns[i]
		w := g.q.weight[k].of(a)
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
		g.crossItems(f, f)
	}
}

// pair stores the products of the columns of features a and b, a > b.
func (g *crossing) pair(a, b int) {
	fa, fb := &g.q.x.features[a], &g.q.x.features[b]
	if fa.coded > 0 && fb.coded > 0 {
		g.crossCodes(fa, fb)
	}
	if fa.items > 0 && fb.coded > 0 {
		g.crossMixed(fa, fb, false)
	}
	if fb.items > 0 && fa.coded > 0 {
		g.crossMixed(fb, fa, true)
	}
	if fa.items > 0 && fb.items > 0 {
		g.crossItems(fa, fb)
	}
}

// scratch returns n zeros.
func (g *crossing) scratch(n int) []float64 {
	if cap(g.table) < n {
		g.table = make([]float64, n)
	}
	t := g.table[:n]
	clear(t)
	return t
}

func (g *crossing) crossCodes(a, b *feature) {
	stride := b.slots
	t := g.scratch(a.slots * stride)
	cb := b.codes
	for i, c := range a.codes {
		t[int(c)*stride+int(cb[i])] += g.q.h[i]
	}
	for j := range b.coded {
		cj := &b.columns[j]
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
func (g *crossing) crossMixed(a, b *feature, transposed bool) {
	stride := b.slots
	t := g.scratch(a.items * stride)
	start := a.offsets[0]
	for i, end := range a.offsets[1:] {
		if start < end {
			h, c := g.q.h[i], int(b.codes[i])
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
func (g *crossing) crossItems(a, b *feature) {
	for i, h := range g.q.h {
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
}

// begin puts the direction back to none but the intercept's own.
func (g *gram) begin(q *quadratic, p *point) {
	clear(q.direction)
	shift := p.gradient[g.n] / max(q.all, 1e-300)
	for j := range g.slope {
		g.slope[j] = p.gradient[j] - shift*q.couple[j]
	}
}

// end gives the intercept the direction that follows from the others'.
func (g *gram) end(q *quadratic, p *point) {
	q.direction[g.n] = -(p.gradient[g.n] + dot(q.couple, q.direction[:g.n])) / max(q.all, 1e-300)
}

// descend minimises the quadratic model around p under the penalty by coordinate
// descent, until a sweep falls less than part of what all did, or least. What is
// left then is a valley along which it creeps; Newton's method goes down it at
// once, where that costs less than a pass over the rows.
func (g *gram) descend(q *quadratic, p *point, pen penalty, part, least float64) {
	g.begin(q, p)
	direct := g.n*g.n*g.n/6 <= len(p.residual)*len(q.x.features)
	var fell float64
	for range 500 {
		now := g.sweep(q, p, pen)
		fell += now
		if now <= least || now <= part*fell {
			if now > least && direct {
				g.newton(q, p, pen)
			}
			break
		}
	}
	g.end(q, p)
}

// sweep moves every coefficient once, and returns by how much the model fell.
func (g *gram) sweep(q *quadratic, p *point, pen penalty) float64 {
	n := g.n
	var fell float64
	for j := range n {
		at := p.beta[j] + q.direction[j]
		h := g.value[j*n+j]
		to := pen.nearest(q.x, j, at, g.slope[j], h)
		d := to - at
		if d == 0 {
			continue
		}
		fell += -d*(g.slope[j]+h*d/2) + pen.of(q.x, j, at) - pen.of(q.x, j, to)
		g.move(q, j, d)
	}
	return fell
}

func (g *gram) move(q *quadratic, j int, d float64) {
	q.direction[j] += d
	blas64.Axpy(d, blas64.Vector{N: g.n, Inc: 1, Data: g.value[j*g.n : (j+1)*g.n]}, blas64.Vector{N: g.n, Inc: 1, Data: g.slope})
}

// newton moves the coefficients that nothing holds to where they minimise the
// model together. It reports whether it could: not where one would cross its
// centre or bound, or the columns are not independent.
func (g *gram) newton(q *quadratic, p *point, pen penalty) bool {
	at := func(j int) float64 { return p.beta[j] + q.direction[j] }
	var free []int
	for j := range g.n {
		if !pen.holds(q.x, j, at(j)) {
			free = append(free, j)
		}
	}
	n := len(free)
	if n == 0 {
		return true
	}
	if cap(g.upper) < n*n {
		g.upper = make([]float64, n*n)
	}
	m := blas64.Symmetric{Uplo: blas.Upper, N: n, Stride: n, Data: g.upper[:n*n]}
	step := make([]float64, n)
	for a, i := range free {
		for b := a; b < n; b++ {
			m.Data[a*n+b] = g.value[i*g.n+free[b]]
		}
		m.Data[a*n+a] += pen.l2
		step[a] = -g.slope[i] - pen.slope(q.x, i, at(i))
	}
	t, ok := lapack64.Potrf(m)
	if !ok {
		return false
	}
	lapack64.Potrs(t, blas64.General{Rows: n, Cols: 1, Stride: 1, Data: step})
	for a, j := range free {
		if pen.crosses(q.x, j, at(j), at(j)+step[a]) {
			return false
		}
	}
	for a, j := range free {
		g.move(q, j, step[a])
	}
	return true
}
