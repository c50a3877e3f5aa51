package logistic

import (
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// sampleRows is how many rows the quadratic model of the loss is made of at
// most, if there are more: its gradient is that of all rows, so that it leads to
// the same minimum, in a step or two more.
const sampleRows = 1 << 15

// A quadratic is the second-order model of the loss around a point, and its
// minimiser under the penalty. Only the products of different features' columns
// are of a sample of rows.
type quadratic struct {
	x      *design // of the sample alone
	rows   []int32 // of the sample, in the whole design
	factor float64 // what a row of it stands for
	whole  bool    // all rows in use are in it

	h, q   []float64 // by row: curvature; curvature × margin of the direction
	weight []cells   // sums of curvatures by slot, of all rows
	beyond []cells   // those less the sample's
	moved  []cells   // scores of the direction by slot
	g      cells     // scratch
	lists  []lists
	square []float64 // by column: its second derivative, the intercept following
	couple []float64 // by column: the cross derivative with the intercept
	all    float64   // that of the intercept

	direction []float64
	gram      *gram // nil where there are too many columns
}

// lists hold, for each item of a set, the rows that have it.
type lists struct{ start, rows []int32 }

func newQuadratic(x *design, weight []float64) *quadratic {
	q := &quadratic{}
	q.rows, q.factor = x.sample(weight)
	q.whole = q.factor == 1
	q.x = x.selected(q.rows, q.factor)
	q.h, q.q = make([]float64, len(q.rows)), make([]float64, len(q.rows))
	q.weight, q.moved = x.newCells(), x.newCells()
	if !q.whole {
		q.beyond = x.newCells()
	}
	q.square, q.couple, q.direction = make([]float64, x.cols), make([]float64, x.cols), make([]float64, x.cols+1)
	if x.cols <= gramColumns && x.cols*x.cols <= q.x.entries() {
		q.gram = newGram(x.cols)
		return q
	}
	q.lists = make([]lists, len(x.features))
	largest := 0
	for _, k := range x.sets {
		q.lists[k] = q.x.features[k].byItem()
		largest = max(largest, x.features[k].items)
	}
	q.g.item = make([]float64, largest)
	return q
}

// sample returns the rows to make the model of, and what each stands for.
func (x *design) sample(weight []float64) (rows []int32, factor float64) {
	used := 0
	for _, w := range weight {
		if w > 0 {
			used++
		}
	}
	share := min(1, sampleRows/float64(used))
	rows = make([]int32, 0, used)
	for i, w := range weight {
		if w > 0 && (share == 1 || model.Uniform(x.key[i], sampleRows) < share) {
			rows = append(rows, int32(i))
		}
	}
	return rows, 1 / share
}

// selected returns x with some of its rows, each standing for factor.
func (x *design) selected(rows []int32, factor float64) *design {
	out := *x
	out.label, out.weight, out.key = make([]float64, len(rows)), make([]float64, len(rows)), make([]uint64, len(rows))
	for i, r := range rows {
		out.label[i], out.weight[i], out.key[i] = x.label[r], factor*x.weight[r], x.key[r]
	}
	out.features = make([]feature, len(x.features))
	for k := range x.features {
		f := x.features[k]
		f.take(&bin.Column{Codes: f.codes, Offsets: f.offsets, Items: f.list}, rows)
		out.features[k] = f
	}
	return &out
}

// entries returns how many values of slots the rows have: what a sweep over them
// looks at.
func (x *design) entries() int {
	n := len(x.label) * len(x.dense)
	for _, k := range x.sets {
		n += len(x.features[k].list)
	}
	return n
}

func (f *feature) byItem() lists {
	l := lists{start: make([]int32, f.items+1), rows: make([]int32, len(f.list))}
	for _, item := range f.list {
		l.start[item+1]++
	}
	for i := range f.items {
		l.start[i+1] += l.start[i]
	}
	next := append([]int32(nil), l.start...)
	for i := range f.codes {
		for _, item := range f.list[f.offsets[i]:f.offsets[i+1]] {
			l.rows[next[item]] = int32(i)
			next[item]++
		}
	}
	return l
}

// around sets the model up at p.
func (q *quadratic) around(p *point) {
	for i, r := range q.rows {
		q.h[i] = p.curvature[r] * q.factor
	}
	q.all = p.curvatures(q.weight)
	if !q.whole {
		q.enclose()
	}
	for k := range q.x.features {
		f := &q.x.features[k]
		for i := range f.columns {
			j := &f.columns[i]
			w := q.weight[k].of(j)
			var square, couple float64
			for s, v := range j.value {
				square += w[s] * v * v
				couple += w[s] * v
			}
			if !q.whole {
				couple -= dot(j.value, q.beyond[k].of(j))
			}
			q.square[f.first+i] = max(0, square-couple*couple/max(q.all, 1e-300))
			q.couple[f.first+i] = couple
		}
	}
	if q.gram != nil {
		q.gram.fill(q)
	}
}

// descend finds the direction to the model's minimum around p under the penalty.
func (q *quadratic) descend(p *point, pen penalty, part, least float64) {
	if q.gram != nil {
		q.gram.descend(q, p, pen, part, least)
		return
	}
	clear(q.q)
	clearCells(q.moved)
	clear(q.direction)
	q.direction[q.x.cols] = -p.gradient[q.x.cols] / max(q.all, 1e-300)
	var fell float64
	for range 200 {
		now := q.sweep(p, pen)
		fell += now
		if now <= part*fell || now <= least {
			return
		}
	}
}

// enclose makes the curvature of a slot at least that of all rows in it: a rare
// slot may be absent from the sample, and a step there would have no end.
func (q *quadratic) enclose() {
	clearCells(q.beyond)
	q.x.gather(q.beyond, q.h, 0)
	var sum float64
	for _, h := range q.h {
		sum += h
	}
	q.all = max(q.all, sum)
	for k := range q.weight {
		for s, v := range q.beyond[k].code {
			q.beyond[k].code[s] = max(0, q.weight[k].code[s]-v)
			q.weight[k].code[s] = max(q.weight[k].code[s], v)
		}
		for s, v := range q.beyond[k].item {
			q.beyond[k].item[s] = max(0, q.weight[k].item[s]-v)
			q.weight[k].item[s] = max(q.weight[k].item[s], v)
		}
	}
}

// sweep moves every coefficient once to where it minimises the model under the
// penalty, the intercept following and the others given, and returns by how much
// the model fell.
func (q *quadratic) sweep(p *point, pen penalty) float64 {
	var fell float64
	for _, k := range q.x.dense {
		fell += q.codes(p, pen, k)
	}
	for _, k := range q.x.sets {
		fell += q.items(p, pen, k)
	}
	return fell
}

// move moves the direction of column j, given the derivative of the model along
// it but for the intercept's part, and returns by how much it does and the model
// and penalty fall.
func (q *quadratic) move(p *point, pen penalty, j int, g float64) (d, fell float64) {
	g += q.couple[j] * q.direction[q.x.cols]
	at := p.beta[j] + q.direction[j]
	to := pen.nearest(q.x, j, at, g, q.square[j])
	d = to - at
	if d == 0 {
		return 0, 0
	}
	q.direction[j] += d
	q.direction[q.x.cols] -= d * q.couple[j] / max(q.all, 1e-300)
	return d, -d*(g+q.square[j]*d/2) + pen.of(q.x, j, at) - pen.of(q.x, j, to)
}

// codes moves the columns of feature k that go by code.
func (q *quadratic) codes(p *point, pen penalty, k int) float64 {
	f := &q.x.features[k]
	g := &q.g.code
	*g = p.sums[k].code
	for i, c := range f.codes {
		g[c] += q.q[i]
	}
	if !q.whole {
		for s, v := range q.beyond[k].code {
			g[s] += v * q.moved[k].code[s]
		}
	}
	w := &q.weight[k].code
	var change [256]float64
	var fell float64
	n := 0
	for range 10 {
		var now float64
		n = 0
		for i := range f.columns {
			j := &f.columns[i]
			if j.item {
				break
			}
			n++
			slots := g[j.from : j.from+len(j.value)]
			d, by := q.move(p, pen, f.first+i, dot(j.value, slots))
			if d == 0 {
				continue
			}
			now += by
			for s, v := range j.value {
				slots[s] += w[j.from+s] * v * d
				change[j.from+s] += v * d
			}
		}
		fell += now
		if n == 1 || now <= 1e-3*fell {
			break
		}
	}
	if fell == 0 {
		return 0
	}
	for s, v := range change {
		q.moved[k].code[s] += v
	}
	for i, c := range f.codes {
		q.q[i] += q.h[i] * change[c]
	}
	return fell
}

// items moves the columns of feature k that go by item.
func (q *quadratic) items(p *point, pen penalty, k int) float64 {
	f := &q.x.features[k]
	l := &q.lists[k]
	var fell float64
	for i := range f.columns {
		j := &f.columns[i]
		if !j.item {
			continue
		}
		rows := l.rows[l.start[j.from]:l.start[j.from+1]]
		g := p.sums[k].item[j.from]
		for _, r := range rows {
			g += q.q[r]
		}
		if !q.whole {
			g += q.beyond[k].item[j.from] * q.moved[k].item[j.from]
		}
		d, by := q.move(p, pen, f.first+i, j.value[0]*g)
		if d == 0 {
			continue
		}
		fell += by
		d *= j.value[0]
		q.moved[k].item[j.from] += d
		for _, r := range rows {
			q.q[r] += q.h[r] * d
		}
	}
	return fell
}
