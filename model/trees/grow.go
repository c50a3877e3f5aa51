package trees

import (
	"math"
	"slices"
	"sort"

	"github.com/icpfit/icpfit/model"
)

// A grower grows trees on a table, leaf by leaf: the leaf whose best split saves
// the most loss is split next.
type grower struct {
	t        *table
	limits   limits
	workers  int
	units    units
	perUnit  float64 // hessian of one unit
	heldUnit float64 // units of the weight 1 of a customer
	bounded  bool    // some feature has a sign: leaves have bounds

	rows   []int32 // taking part, in the order of the leaves; ascending within each
	gh     []int64 // packed gradients, aligned with rows
	others []int32 // rows that do not take part, in the order of the leaves
	sides  []side
	spare  []int32
	spares []int64
	free   []*histogram

	tree   model.Tree
	leaves []*leaf
}

// A leaf is a leaf of the tree so far.
type leaf struct {
	node            int32
	rows, others    span
	depth           int
	sums            sums
	weight, pool    float64 // of all its rows, and of those that are pool accounts
	low, high       float64 // bounds of its value
	newton          float64 // what would be its best value
	free, value     float64 // what it is, without its bounds and within
	histogram, held *histogram
	best            split
}

// A span is a run of rows.
type span struct{ from, to int }

func (s span) len() int { return s.to - s.from }

func newGrower(t *table, o limits, workers int) *grower {
	g := &grower{t: t, limits: o, workers: workers}
	for _, f := range t.features {
		g.bounded = g.bounded || f.sign != 0
	}
	var held float64
	for _, w := range t.weights[:t.customers] {
		held += w
	}
	_, e := math.Frexp(held)
	g.heldUnit = math.Ldexp(1, min(10, 31-e))
	n := t.rows()
	g.sides, g.spare, g.spares = make([]side, n), make([]int32, n), make([]int64, n)
	return g
}

// grow grows a tree on the rows that take part, whose packed gradients are in gh.
// choose looks for the best split of a leaf.
func (g *grower) grow(u units, choose func(l *leaf) split) {
	g.units, g.perUnit = u, 1/u.h
	g.tree, g.leaves = model.Tree{}, g.leaves[:0]
	root := &leaf{rows: span{0, len(g.rows)}, others: span{0, len(g.others)}, low: math.Inf(-1), high: math.Inf(1)}
	for _, v := range g.gh {
		a, b := unpack(v)
		root.sums.g, root.sums.h = root.sums.g+a, root.sums.h+b
	}
	g.weigh(root)
	root.newton = g.newton(root, g.limits.l2)
	root.free, root.value = root.newton, root.newton
	g.addNode(root)
	g.leaves = append(g.leaves, root)
	if g.limits.leaves > 1 {
		g.sum(root)
		root.best = choose(root)
	}
	for splits := 1; splits < g.limits.leaves; splits++ {
		var next *leaf
		for _, l := range g.leaves {
			if l.best.gain > 0 && (next == nil || l.best.gain > next.best.gain) {
				next = l
			}
		}
		if next == nil {
			break
		}
		g.split(next, splits+1 == g.limits.leaves, choose)
	}
	for _, l := range g.leaves {
		g.tree.Values[l.node] = l.value
		g.release(l)
	}
}

func (g *grower) addNode(l *leaf) {
	l.node = int32(len(g.tree.Nodes))
	g.tree.Nodes = append(g.tree.Nodes, model.Node{})
	g.tree.Values = append(g.tree.Values, 0)
}

// weigh sets the weights of a leaf's rows, and of its customers in units.
func (g *grower) weigh(l *leaf) {
	rows := g.rows[l.rows.from:l.rows.to]
	customers := sort.Search(len(rows), func(i int) bool { return int(rows[i]) >= g.t.customers })
	if g.t.ones {
		l.weight, l.pool = float64(len(rows)), float64(len(rows)-customers)
		l.sums.held = int64(float64(customers) * g.heldUnit)
		return
	}
	l.sums.held = 0
	for i, r := range rows {
		w := g.t.weights[r]
		l.weight += w
		if i >= customers {
			l.pool += w
		} else {
			l.sums.held += g.heldUnits(w)
		}
	}
}

func (g *grower) heldUnits(weight float64) int64 { return int64(weight*g.heldUnit + 0.5) }

// newton returns the value that lowers the loss of a leaf's rows most, by one
// step of Newton's method.
func (g *grower) newton(l *leaf, l2 float64) float64 {
	return -float64(l.sums.g) / g.units.g / (float64(l.sums.h)*g.perUnit + l2)
}

// split makes a node of a leaf, and leaves of its sides. After the last split
// nothing more is asked of them.
func (g *grower) split(l *leaf, last bool, choose func(l *leaf) split) {
	s := l.best
	children := g.children(l)
	g.values(l, children)
	node := model.Node{Feature: s.feature, At: s.at, In: s.in}
	for _, c := range children {
		g.addNode(c)
	}
	node.Left, node.Right = children[0].node, children[1].node
	node.Missing = []int32{node.Left, node.Right, children[len(children)-1].node}[s.missing]
	g.tree.Nodes[l.node] = node

	var grown []*leaf
	for _, c := range children {
		if !last && g.divisible(c, s.missing == third && c == children[2]) {
			grown = append(grown, c)
		}
	}
	g.histograms(l, children, grown)
	parallel(g.workers, len(grown), func(i int) { grown[i].best = choose(grown[i]) })
	for i, other := range g.leaves {
		if other == l {
			g.leaves[i] = children[0]
		}
	}
	g.leaves = append(g.leaves, children[1:]...)
}

// divisible reports whether a leaf may be split. The leaves below a missing child
// move together when the tree is centred; where values are bounded, they might
// leave their bounds, so such a child is not split.
func (g *grower) divisible(l *leaf, missing bool) bool {
	if missing && !(math.IsInf(l.low, -1) && math.IsInf(l.high, 1)) {
		return false
	}
	return l.depth < g.limits.depth && l.rows.len() > 1 && float64(l.sums.h)*g.perUnit >= 2*g.limits.leastHessian
}

// children returns the leaves that the best split of l makes: left, right and,
// where they have a place of their own, missing.
func (g *grower) children(l *leaf) []*leaf {
	s := &l.best
	n := 2
	if s.missing == third {
		n = 3
	}
	rows := g.part(g.rows, g.gh, l.rows, s)
	others := g.part(g.others, nil, l.others, s)
	totals := []sums{s.left, s.right, l.sums.minus(s.left).minus(s.right)}
	children := make([]*leaf, n)
	for i := range children {
		c := &leaf{rows: rows[i], others: others[i], depth: l.depth + 1, sums: totals[i], low: l.low, high: l.high}
		g.weigh(c)
		c.newton = g.newton(c, g.limits.l2+s.l2)
		children[i] = c
	}
	return children
}

// values gives the children of l their values. By default they differ from l's as
// their best values do. Where missing values must say nothing, those of the known
// differ from their pool's mean instead, so that what is between known and missing
// accounts is left to features that may tell it, and the missing child has l's.
// Steps may be shrunk, the more the fewer rows they start from [1].
//
// [1] Agarwal et al., "Hierarchical shrinkage: improving the accuracy and
// interpretability of tree-based methods", ICML 2022.
func (g *grower) values(l *leaf, children []*leaf) {
	a, b := children[0], children[1]
	centre := l.newton
	if len(children) == 3 {
		centre = (a.newton + b.newton) / 2
		if pool := a.pool + b.pool; pool > 0 {
			centre = (a.pool*a.newton + b.pool*b.newton) / pool
		}
		children[2].free, children[2].value = l.free, l.value
	}
	h := float64(l.sums.h) * g.perUnit
	for _, c := range children[:2] {
		c.free = l.free + (c.newton-centre)*h/(h+g.limits.shrink)
		c.value = max(l.low, min(l.high, c.free))
	}
	if sign := g.t.features[l.best.feature].sign; sign != 0 {
		middle := (a.value + b.value) / 2
		if sign < 0 {
			a, b = b, a
		}
		a.high, b.low = min(a.high, middle), max(b.low, middle)
	}
}

// histograms gives the leaves that may grow further their sums: those of the
// largest child are what the others leave of l's.
func (g *grower) histograms(l *leaf, children, grown []*leaf) {
	if len(grown) == 0 {
		g.release(l)
		return
	}
	largest := grown[0]
	for _, c := range grown {
		if c.rows.len() > largest.rows.len() {
			largest = c
		}
	}
	if rest := l.rows.len() - largest.rows.len(); rest > largest.rows.len() {
		for _, c := range grown {
			g.sum(c)
		}
		g.release(l)
		return
	}
	largest.histogram, largest.held = l.histogram, l.held
	l.histogram, l.held = nil, nil
	for _, c := range children {
		if c == largest {
			continue
		}
		g.sum(c)
		largest.histogram.subtract(g.t, c.histogram)
		if largest.held != nil {
			largest.held.subtract(g.t, c.held)
		}
	}
	for _, c := range children {
		if !slices.Contains(grown, c) {
			g.release(c)
		}
	}
}

// sum adds up a leaf's histograms.
func (g *grower) sum(l *leaf) {
	rows, gh := g.rows[l.rows.from:l.rows.to], g.gh[l.rows.from:l.rows.to]
	l.histogram = g.histogram(rows, gh)
	if g.limits.leastHeld == 0 {
		return
	}
	customers := sort.Search(len(rows), func(i int) bool { return int(rows[i]) >= g.t.customers })
	held := g.spares[:customers]
	for i, r := range rows[:customers] {
		held[i] = g.heldUnits(g.t.weights[r])
	}
	l.held = g.histogram(rows[:customers], held)
}

// release gives the histograms of a leaf back.
func (g *grower) release(l *leaf) {
	for _, h := range []*histogram{l.histogram, l.held} {
		if h != nil {
			g.free = append(g.free, h)
		}
	}
	l.histogram, l.held = nil, nil
}
