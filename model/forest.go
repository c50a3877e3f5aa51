package model

import (
	"fmt"

	"github.com/icpfit/icpfit/model/bin"
)

// A forest walks trees over binned batches. Conditions that stand at several
// nodes are looked up once a batch, 64 accounts a word.
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
}

// newForest returns an empty forest over so many features.
func newForest(features int) *forest { return &forest{items: make([][]int32, features)} }

// plant adds a tree, which must be valid for features binned so.
func (f *forest) plant(nodes []Node, index map[string]int32, binning func(feature int32) *bin.Binning) {
	base := int32(len(f.nodes))
	f.roots = append(f.roots, base)
	for i := range nodes {
		n := &nodes[i]
		flat := flatNode{condition: -1, feature: n.Feature}
		if !n.Leaf() {
			flat.condition = f.condition(index, n, binning(n.Feature))
			flat.left, flat.right, flat.missing = base+n.Left, base+n.Right, base+n.Missing
		}
		f.nodes = append(f.nodes, flat)
	}
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
	f.bits = append(f.bits, nil)
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

// next returns the child of an inner node that account i goes to.
func (f *forest) next(n *flatNode, columns []bin.Column, i int) int32 {
	switch {
	case columns[n.feature].Codes[i] == 0:
		return n.missing
	case f.bits[n.condition][i>>6]>>(i&63)&1 == 1:
		return n.right
	default:
		return n.left
	}
}

// contribute adds to dst, by feature and account, what each node's feature
// adds; points has the value of every node.
func (f *forest) contribute(dst [][]int32, points []int32, columns []bin.Column, n int) {
	f.ask(columns, n)
	for _, root := range f.roots {
		for i := range n {
			at := root
			for node := &f.nodes[at]; node.condition >= 0; node = &f.nodes[at] {
				child := f.next(node, columns, i)
				dst[node.feature][i] += points[child] - points[at]
				at = child
			}
		}
	}
}

// sum adds to dst, by account, the values of the leaves.
func (f *forest) sum(dst, values []float64, columns []bin.Column, n int) {
	f.ask(columns, n)
	for _, root := range f.roots {
		for i := range n {
			at := root
			for node := &f.nodes[at]; node.condition >= 0; node = &f.nodes[at] {
				at = f.next(node, columns, i)
			}
			dst[i] += values[at]
		}
	}
}
