package model

import (
	"fmt"

	"github.com/icpfit/icpfit/model/bin"
)

// A Node is one node of a tree. Left 0 makes it a leaf; else it splits the
// accounts that reach it by one feature:
//
//	number, date, flag   left: a code of at most At; right: a greater one
//	category             left: a code of In; right: any other
//	set, words           left: lacks the item whose slot is At; right: has it
//
// An account whose value is unknown goes to Missing, which is Left, Right or a
// third child. Children come after their parent.
type Node struct {
	Feature int32   `json:"feature"` // index into the terms; 0 for a leaf
	At      int32   `json:"at,omitempty"`
	In      []int32 `json:"in,omitempty"` // ascending
	Left    int32   `json:"left,omitempty"`
	Right   int32   `json:"right,omitempty"`
	Missing int32   `json:"missing,omitempty"`
}

// Leaf reports whether the node has no children.
func (n *Node) Leaf() bool { return n.Left == 0 }

// A Tree adds to the log odds of an account the value of the leaf it reaches.
// Node 0 is the root. Values has one entry a node; Centre derives those of the
// inner nodes from the leaves', so that the difference of the values of a node
// and its child is what the node's feature adds.
type Tree struct {
	Nodes  []Node
	Values []float64
}

// Leaf returns the node that row i of t ends in.
func (t *Tree) Leaf(table *bin.Table, i int) int32 {
	at := int32(0)
	for !t.Nodes[at].Leaf() {
		n := &t.Nodes[at]
		at = n.next(&table.Binnings[n.Feature], &table.Columns[n.Feature], i)
	}
	return at
}

// next returns the child that row i of c goes to.
func (n *Node) next(b *bin.Binning, c *bin.Column, i int) int32 {
	code := c.Codes[i]
	if code == 0 {
		return n.Missing
	}
	if n.left(b, c, i, int32(code)) {
		return n.Left
	}
	return n.Right
}

func (n *Node) left(b *bin.Binning, c *bin.Column, i int, code int32) bool {
	switch {
	case c.Offsets != nil:
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			if 2+int32(item) == n.At {
				return false
			}
		}
		return true
	case b.Ordered():
		return code <= n.At
	default:
		for _, in := range n.In {
			if in == code {
				return true
			}
		}
		return false
	}
}

// validate checks what walking a tree over features binned so relies on.
func validateTree(nodes []Node, binning func(feature int) *bin.Binning, features int) error {
	n := int32(len(nodes))
	if n == 0 {
		return fmt.Errorf("no nodes; want at least a root")
	}
	parents := make([]int, n)
	for at := range nodes {
		node := &nodes[at]
		if node.Leaf() {
			if node.Right != 0 || node.Missing != 0 {
				return fmt.Errorf("node %d has no left child, but others", at)
			}
			continue
		}
		if node.Feature < 0 || int(node.Feature) >= features {
			return fmt.Errorf("node %d splits feature %d of %d", at, node.Feature, features)
		}
		for _, child := range []int32{node.Left, node.Right, node.Missing} {
			if child <= int32(at) || child >= n {
				return fmt.Errorf("node %d has child %d; want one after it, below %d", at, child, n)
			}
		}
		if node.Left == node.Right {
			return fmt.Errorf("node %d has child %d twice", at, node.Left)
		}
		parents[node.Left]++
		parents[node.Right]++
		if node.Missing != node.Left && node.Missing != node.Right {
			parents[node.Missing]++
		}
		if err := node.validate(binning(int(node.Feature))); err != nil {
			return fmt.Errorf("node %d: %w", at, err)
		}
	}
	for at, p := range parents[1:] {
		if p != 1 {
			return fmt.Errorf("node %d has %d parents; want 1", at+1, p)
		}
	}
	return nil
}

// validate checks the condition of a split on a feature binned so.
func (n *Node) validate(b *bin.Binning) error {
	slots := int32(b.Slots())
	switch {
	case b.IsSet():
		if n.At < 2 || n.At >= slots || n.In != nil {
			return fmt.Errorf("splits set %q at slot %d; want an item, 2 to %d", b.Feature, n.At, slots-1)
		}
	case b.Ordered():
		if n.At < 1 || n.At >= slots || n.In != nil {
			return fmt.Errorf("splits %q at code %d; want 1 to %d", b.Feature, n.At, slots-1)
		}
	default:
		if len(n.In) == 0 || n.At != 0 {
			return fmt.Errorf("splits category %q without codes", b.Feature)
		}
		for i, c := range n.In {
			if c < 1 || c >= slots || i > 0 && c <= n.In[i-1] {
				return fmt.Errorf("splits category %q by codes %v; want ascending ones, 1 to %d", b.Feature, n.In, slots-1)
			}
		}
	}
	return nil
}
