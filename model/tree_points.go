package model

import (
	"math"

	"github.com/icpfit/icpfit/model/bin"
)

// A PointNode is a node of a model's tree with its value.
type PointNode struct {
	Node
	MicroPoints int32 `json:"micro_points"` // 0 at the root: the tree's mean is in the base points
}

// A PointTree adds to the margin of an account the micro-points of the leaf it
// reaches. The difference between a node's and its child's is what the node's
// feature adds, so the features' shares sum to the leaf's exactly.
type PointTree []PointNode

// pointTree converts t, which must be centred; its mean goes to the base.
func (t *Tree) pointTree(slope float64) (PointTree, error) {
	out := make(PointTree, len(t.Nodes))
	for i, v := range t.Values {
		p, err := microPoints((v - t.Values[0]) * slope)
		if err != nil {
			return nil, err
		}
		out[i] = PointNode{t.Nodes[i], p}
	}
	return out, nil
}

// nodes returns the tree without its values.
func (t PointTree) nodes() []Node {
	out := make([]Node, len(t))
	for i := range t {
		out[i] = t[i].Node
	}
	return out
}

// validateTrees checks that every tree can be walked, and that no account's sum
// of differences can overflow a feature's 32 bits.
func (m *Model) validateTrees(f *faults) {
	binning := func(feature int) *bin.Binning { return &m.Terms[feature].Binning }
	for i, t := range m.Trees {
		if err := validateTree(t.nodes(), binning, len(m.Terms)); err != nil {
			f.check(false, "tree %d: %w", i, err)
			continue
		}
		f.check(t[0].MicroPoints == 0, "tree %d: the root has %d micro-points; want 0", i, t[0].MicroPoints)
	}
	if len(*f) > 0 {
		return
	}
	var most int64
	for k := range m.Terms {
		most = max(most, m.Terms[k].reach())
	}
	most += m.treeReach()
	f.check(most <= math.MaxInt32, "a feature of an account can earn %d micro-points; want at most %d", most, math.MaxInt32)
}

// reach returns the most that the term can add, either way; a set's items are
// clamped when they are summed.
func (t *Term) reach() int64 {
	if t.IsSet() {
		return 0
	}
	var most int64
	for _, p := range t.MicroPoints {
		most = max(most, gap(p, 0))
	}
	return most
}

// treeReach returns the most that all trees together can add to one feature.
func (m *Model) treeReach() (most int64) {
	for _, t := range m.Trees {
		most += t.reach()
	}
	return most
}

// reach returns the most that one feature can add along a path, either way.
func (t PointTree) reach() int64 {
	sum := make([]int64, len(t)) // of absolute differences from the root
	var most int64
	for at := range t {
		n := &t[at]
		most = max(most, sum[at])
		if n.Leaf() {
			continue
		}
		for _, child := range [...]int32{n.Left, n.Right, n.Missing} {
			sum[child] = sum[at] + gap(n.MicroPoints, t[child].MicroPoints)
		}
	}
	return most
}
