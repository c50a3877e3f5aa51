package model

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model/bin"
)

// MostNodes is how many nodes the trees of a model may have together: with that
// many, scoring takes some 500 MB.
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

// A forest applies the trees of a model to binned batches. Conditions that
// stand at several nodes are looked up once a batch, 64 accounts a word.
type forest struct {
	conditions []condition
	bits       [][]uint64 // by condition: the accounts that go right
	nodes      []flatNode // of all trees, one after the other
	roots      []int32
	items      [][]int32 // by feature that is a set: condition of an item, -1 none
}

// A condition is what an account is asked at a node.
type condition struct {
	feature int32
	right   [bin.MaxCodes]bool // by code; unused for a set
}

type flatNode struct {
	condition            int32 // -1: a leaf
	feature              int32
	left, right, missing int32
	points               int32
}

// newForest lays out the trees of m, which must be valid.
func newForest(m *Model) *forest {
	f := &forest{items: make([][]int32, len(m.Terms))}
	index := map[string]int32{}
	for _, t := range m.Trees {
		base := int32(len(f.nodes))
		f.roots = append(f.roots, base)
		for i := range t {
			n := &t[i]
			flat := flatNode{condition: -1, feature: n.Feature, points: n.MicroPoints}
			if !n.Leaf() {
				flat.condition = f.condition(index, &n.Node, &m.Terms[n.Feature].Binning)
				flat.left, flat.right, flat.missing = base+n.Left, base+n.Right, base+n.Missing
			}
			f.nodes = append(f.nodes, flat)
		}
	}
	f.bits = make([][]uint64, len(f.conditions))
	return f
}

// condition returns the number of a node's condition, a new one where it is the first.
func (f *forest) condition(index map[string]int32, n *Node, b *bin.Binning) int32 {
	key := fmt.Sprint(n.Feature, n.At, n.In)
	if c, ok := index[key]; ok {
		return c
	}
	number := int32(len(f.conditions))
	index[key] = number
	c := condition{feature: n.Feature}
	switch {
	case b.IsSet():
		if f.items[n.Feature] == nil {
			f.items[n.Feature] = make([]int32, b.Slots())
			for i := range f.items[n.Feature] {
				f.items[n.Feature][i] = -1
			}
		}
		f.items[n.Feature][n.At] = number
	case b.Ordered():
		for code := int(n.At) + 1; code < bin.MaxCodes; code++ {
			c.right[code] = true
		}
	default:
		for code := range c.right {
			c.right[code] = true
		}
		for _, code := range n.In {
			c.right[code] = false
		}
	}
	f.conditions = append(f.conditions, c)
	return number
}

// ask answers every condition for the n accounts of columns.
func (f *forest) ask(columns []bin.Column, n int) {
	words := (n + 63) / 64
	for c := range f.conditions {
		f.bits[c] = zeroed(f.bits[c], words)
		column := &columns[f.conditions[c].feature]
		if column.Offsets != nil {
			continue
		}
		right, bits := &f.conditions[c].right, f.bits[c]
		for i, code := range column.Codes[:n] {
			if right[code] {
				bits[i>>6] |= 1 << (i & 63)
			}
		}
	}
	for k, conditions := range f.items {
		if conditions == nil {
			continue
		}
		column := &columns[k]
		for i := range n {
			for _, item := range column.Items[column.Offsets[i]:column.Offsets[i+1]] {
				if c := conditions[2+int(item)]; c >= 0 {
					f.bits[c][i>>6] |= 1 << (i & 63)
				}
			}
		}
	}
}

// add adds the trees' shares to the contributions, by feature and account.
func (f *forest) add(dst [][]int32, unknown [][]bool, columns []bin.Column, n int) {
	f.ask(columns, n)
	for _, root := range f.roots {
		for i := range n {
			node := &f.nodes[root]
			word, bit := i>>6, uint(i&63)
			for node.condition >= 0 {
				next := node.left
				switch {
				case unknown[node.feature][i]:
					next = node.missing
				case f.bits[node.condition][word]>>bit&1 == 1:
					next = node.right
				}
				child := &f.nodes[next]
				dst[node.feature][i] += child.points - node.points
				node = child
			}
		}
	}
}
