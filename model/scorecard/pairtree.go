package scorecard

import (
	"slices"

	"github.com/icpfit/icpfit/model"
)

// tree returns a tree whose leaves are the cells of the pair's table. It cuts
// the groups of feature a in halves down to one, then those of b. A missing
// value goes to a third child: its own row or column where that may be learned,
// else a leaf with its parent's value, the pool's average below it, so that what
// is not known adds nothing. What the table still says of one feature alone
// moves to its scores.
func (p *pair) tree(f *model.Fit, d *model.Data, a, b *grouping) model.Tree {
	t := &treeBuilder{pair: p, a: a, b: b, d: d}
	t.weigh()
	t.purify(f)
	t.byA(1, a.n()+1, true)
	t.tree.Centre(d)
	return t.tree
}

type treeBuilder struct {
	*pair
	a, b   *grouping
	d      *model.Data
	weight []float64 // of the pool, by cell
	tree   model.Tree
}

// weigh sums up the pool's weight by cell.
func (t *treeBuilder) weigh() {
	cols := t.b.n() + 1
	t.weight = make([]float64, len(t.table))
	ca, cb := t.d.Table.Columns[t.pair.a].Codes, t.d.Table.Columns[t.pair.b].Codes
	for i, w := range t.d.Weights {
		if !t.d.Customer[i] {
			t.weight[int(t.a.of[ca[i]])*cols+int(t.b.of[cb[i]])] += w
		}
	}
}

// purify moves the pool's means along rows and columns of the known cells to
// the scores of the features, until next to nothing is left of them.
func (t *treeBuilder) purify(f *model.Fit) {
	cols := t.b.n() + 1
	along := func(g *grouping, scores []float64, at int, cells []int) {
		var sum, weight float64
		for _, c := range cells {
			sum += t.weight[c] * t.table[c]
			weight += t.weight[c]
		}
		if weight == 0 {
			return
		}
		for _, c := range cells {
			t.table[c] -= sum / weight
		}
		for _, code := range g.codes[at] {
			scores[code] += sum / weight
		}
	}
	for range 20 {
		for i := t.a.from; i <= t.a.n(); i++ {
			var cells []int
			for j := t.b.from; j < cols; j++ {
				cells = append(cells, i*cols+j)
			}
			along(t.a, f.Scores[t.pair.a], i, cells)
		}
		for j := t.b.from; j < cols; j++ {
			var cells []int
			for i := t.a.from; i <= t.a.n(); i++ {
				cells = append(cells, i*cols+j)
			}
			along(t.b, f.Scores[t.pair.b], j, cells)
		}
	}
}

// add appends a leaf and returns its number.
func (t *treeBuilder) add(value float64) int32 {
	t.tree.Nodes, t.tree.Values = append(t.tree.Nodes, model.Node{}), append(t.tree.Values, value)
	return int32(len(t.tree.Nodes) - 1)
}

// byA adds the subtree of groups [lo, hi) of feature a and all of b.
func (t *treeBuilder) byA(lo, hi int, first bool) int32 {
	if hi-lo == 1 {
		return t.byB(lo, 1, t.b.n()+1, true)
	}
	at, middle := t.add(0), (lo+hi)/2
	left, right := t.byA(lo, middle, false), t.byA(middle, hi, false)
	missing := left // none come here
	switch {
	case first && t.a.from == 0:
		missing = t.byB(0, 1, t.b.n()+1, true)
	case first:
		missing = t.add(0)
	}
	t.tree.Nodes[at] = t.split(t.pair.a, t.a, lo, middle, left, right, missing)
	return at
}

// byB adds the subtree of group i of feature a and groups [lo, hi) of b.
func (t *treeBuilder) byB(i, lo, hi int, first bool) int32 {
	at := t.add(t.table[i*(t.b.n()+1)+lo])
	if hi-lo == 1 {
		return at
	}
	middle := (lo + hi) / 2
	left, right := t.byB(i, lo, middle, false), t.byB(i, middle, hi, false)
	missing := left // none come here
	switch {
	case first && t.b.from == 0:
		missing = t.add(t.table[i*(t.b.n()+1)])
	case first:
		missing = t.add(0)
	}
	t.tree.Nodes[at] = t.split(t.pair.b, t.b, lo, middle, left, right, missing)
	return at
}

// split returns a node that splits a feature between groups lo and up to, not
// with, middle, and those from middle on.
func (t *treeBuilder) split(feature int, g *grouping, lo, middle int, left, right, missing int32) model.Node {
	n := model.Node{Feature: int32(feature), Left: left, Right: right, Missing: missing}
	if t.d.Table.Binnings[feature].Ordered() {
		below := g.codes[middle-1]
		n.At = below[len(below)-1]
	} else {
		n.In = slices.Concat(g.codes[lo:middle]...)
		slices.Sort(n.In)
	}
	return n
}
