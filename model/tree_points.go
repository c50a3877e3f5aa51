package model

import (
	"math"

	"github.com/icpfit/icpfit/model/bin"
)

// MostNodes is how many nodes the trees of a model may have together: with that
// many, scoring on two processors takes some 550 MB.
const MostNodes = 1 << 20

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
	nodes := 0
	for _, t := range m.Trees {
		nodes += len(t)
	}
	if nodes > MostNodes {
		f.check(false, "the trees have %d nodes; want at most %d", nodes, MostNodes)
		return
	}
	binning := func(feature int) *bin.Binning { return &m.Terms[feature].Binning }
	for i, t := range m.Trees {
		if err := validateTree(t.nodes(), binning, len(m.Terms)); err != nil {
			f.check(false, "tree %d: %w", i, err)
			continue
		}
		f.check(t[0].MicroPoints == 0, "tree %d: the root has %d micro-points; want 0", i, t[0].MicroPoints)
	}
	if len(f.errs) > 0 {
		return
	}
	for k, most := range m.treeReach() {
		most += m.Terms[k].reach()
		f.check(most <= math.MaxInt32, "feature %q of an account can earn %d micro-points; want at most %d", m.Terms[k].Feature, most, math.MaxInt32)
	}
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

// treeReach returns the most that all trees together can add to each feature,
// either way.
func (m *Model) treeReach() []int64 {
	most := make([]int64, len(m.Terms))
	for _, t := range m.Trees {
		for feature, r := range t.reach() {
			most[feature] += r
		}
	}
	return most
}

// reach returns the most that each feature can add along a path, either way.
func (t PointTree) reach() map[int32]int64 {
	type step struct {
		node, feature int32
		sum           int64 // of the feature at the node, or where leave is set before it
		leave         bool
	}
	most, sums := map[int32]int64{}, map[int32]int64{} // by feature, at the node visited
	stack := []step{{feature: -1}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.leave {
			sums[s.feature] = s.sum
			continue
		}
		if s.feature >= 0 {
			stack = append(stack, step{feature: s.feature, sum: sums[s.feature], leave: true})
			sums[s.feature] = s.sum
			most[s.feature] = max(most[s.feature], s.sum, -s.sum)
		}
		n := &t[s.node]
		if n.Leaf() {
			continue
		}
		children := [...]int32{n.Left, n.Right, n.Missing}
		for i, child := range children {
			if i == 2 && (child == n.Left || child == n.Right) {
				continue
			}
			stack = append(stack, step{node: child, feature: n.Feature, sum: sums[n.Feature] + int64(t[child].MicroPoints) - int64(n.MicroPoints)})
		}
	}
	return most
}
