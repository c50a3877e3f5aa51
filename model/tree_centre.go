package model

import (
	"math"
	"slices"
)

// Centre derives the values of the inner nodes from those of the leaves: the
// value of a node is the mean of the leaves below it over the pool accounts of d
// that reach them. The difference of a node's value and its child's is then what
// the node's feature adds to an account that goes there, against the average
// pool account that got as far; it sums to 0 over the pool, and along a path to
// the leaf's value.
//
// Where a feature may not learn from what is missing and a split gives that a
// child of its own, being unknown must add nothing. The value of such a node is
// the mean over the pool accounts whose value is known, and all leaves below the
// missing child are moved, by the same amount, to where their mean is that value
// too. What is known then adds 0 on average as well.
//
// A node that no pool account reaches has the plain mean of its children.
// Centring what is centred changes nothing. It is an error of the caller's if t
// was not validated against the features of d.
func (t *Tree) Centre(d *Data) {
	pool := make([]float64, len(t.Nodes))
	for i, customer := range d.Customer {
		if !customer {
			pool[t.Leaf(d.Table, i)] += d.Weights[i]
		}
	}
	t.CentreOn(pool, d.Learn)
}

// CentreOn is Centre for those who know the weight of the pool accounts in each
// leaf: pool has one entry a node, of which those of the leaves count. learn says
// which features may learn from what is missing.
func (t *Tree) CentreOn(pool []float64, learn []bool) {
	weights := slices.Clone(pool)
	for at := len(t.Nodes) - 1; at >= 0; at-- {
		if n := &t.Nodes[at]; !n.Leaf() {
			weights[at] = weights[n.Left] + weights[n.Right]
			if n.third() {
				weights[at] += weights[n.Missing]
			}
		}
	}
	if t.average(weights, learn, true) {
		t.average(weights, learn, false) // of leaves that no longer move
	}
}

// third reports whether missing values have a child of their own.
func (n *Node) third() bool { return n.Missing != n.Left && n.Missing != n.Right }

// neutral reports whether being unknown must add nothing at the node.
func (n *Node) neutral(learn []bool) bool { return !n.Leaf() && n.third() && !learn[n.Feature] }

// settled is the distance below which a subtree counts as being in its place: it
// is rounding.
const settled = 1e-12

// average gives inner nodes their values, children first. If it may shift, it
// moves the subtrees of missing values to the value of their parent, and reports
// whether it did.
func (t *Tree) average(weights []float64, learn []bool, shift bool) (shifted bool) {
	for at := len(t.Nodes) - 1; at >= 0; at-- {
		n := &t.Nodes[at]
		if n.Leaf() {
			continue
		}
		children := []int32{n.Left, n.Right, n.Missing}
		if !n.third() {
			children = children[:2]
		}
		if n.neutral(learn) {
			children = children[:2]
		}
		t.Values[at] = t.mean(children, weights)
		if !n.neutral(learn) {
			continue
		}
		far := t.Values[at] - t.Values[n.Missing]
		if shift && math.Abs(far) > settled*(1+math.Abs(t.Values[at])) {
			t.shift(n.Missing, far)
			shifted = true
		}
		for same := n; same.neutral(learn); same = &t.Nodes[same.Missing] {
			t.Values[same.Missing] = t.Values[at]
		}
	}
	return shifted
}

// mean returns the weighted mean of the values of nodes, or the plain one where
// they have no weight.
func (t *Tree) mean(nodes []int32, weights []float64) float64 {
	var sum, total, plain float64
	for _, at := range nodes {
		sum += weights[at] * t.Values[at]
		total += weights[at]
		plain += t.Values[at]
	}
	if total == 0 {
		return plain / float64(len(nodes))
	}
	return sum / total
}

// shift adds to the values of the node and of all nodes below it.
func (t *Tree) shift(at int32, by float64) {
	t.Values[at] += by
	if n := &t.Nodes[at]; !n.Leaf() {
		t.shift(n.Left, by)
		t.shift(n.Right, by)
		if n.third() {
			t.shift(n.Missing, by)
		}
	}
}
