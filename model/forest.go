package model

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/icpfit/icpfit/model/bin"
)

// A forest sends 64 accounts at a time through trees: a word has one bit an
// account. The words of a condition are made once a block, however many nodes
// share it, and a node is a few ands a word.
//
// What the nodes add is not added node by node, which waits for every account. The
// first splits of trees are folded into a table by code; of the others, what a
// feature adds in a tree is a share, whose planes tell where each account goes in
// it. Eight planes of a feature, of some trees, are an octet: a byte an account,
// whose 256 sums are known beforehand.
type forest struct {
	conditions []condition
	bits       []int        // by feature: of its codes
	of         [][]int32    // by feature: its conditions
	items      [][][2]int32 // by feature that is a set and slot: the conditions where unknown is left, and right; -1 none
	nodes      []flatNode   // the inner nodes of all trees, one tree after the other
	trees      []flatTree

	rights  []words // by condition: the accounts that go right
	missing []words // by feature: those whose value is unknown
	reach   []words // by node of a tree: those that come to it

	tables [][]int32 // by feature: what folded nodes add, by code
	shares []share   // of the other nodes, one tree after the other
	flips  []flip
	stacks []*stack
	desks  []*desk // by feature; nil: no shares
}

// A condition is what an account is asked at a node.
type condition struct {
	at      int32 // ordered: right are the codes above it
	ordered bool
	unknown bool    // right are unknown values too
	in      []int32 // category: right are all codes but these
}

// A flatNode is an inner node. Its children are numbered within the tree.
type flatNode struct {
	at                   int32
	condition            int32
	feature              int32
	left, right, missing int32
	folded               bool // what it adds stands in the tables
}

type flatTree struct {
	base     int32 // of its nodes among those of all trees, leaves included
	size     int32 // nodes, leaves included
	from, to int32 // its inner nodes among nodes
	leaves   []int32

	firstShare, lastShare int32
}

// newForest returns an empty forest over so many features.
func newForest(features int) *forest {
	return &forest{items: make([][][2]int32, features), of: make([][]int32, features), bits: make([]int, features), missing: make([]words, features)}
}

// plant adds a tree, which must be valid for features binned so.
func (f *forest) plant(nodes []Node, index map[string]int32, binning func(feature int32) *bin.Binning) {
	t := flatTree{size: int32(len(nodes)), from: int32(len(f.nodes))}
	if n := len(f.trees); n > 0 {
		t.base = f.trees[n-1].base + f.trees[n-1].size
	}
	for i := range nodes {
		n := &nodes[i]
		if n.Leaf() {
			t.leaves = append(t.leaves, int32(i))
			continue
		}
		f.nodes = append(f.nodes, flatNode{
			at: int32(i), condition: f.condition(index, n, binning(n.Feature)), feature: n.Feature,
			left: n.Left, right: n.Right, missing: n.Missing,
		})
	}
	t.to = int32(len(f.nodes))
	f.trees = append(f.trees, t)
	for len(f.reach) < len(nodes) {
		f.reach = append(f.reach, words{})
	}
}

// condition returns the number of a node's condition, a new one where it is the first.
func (f *forest) condition(index map[string]int32, n *Node, b *bin.Binning) int32 {
	unknown := n.Missing == n.Right
	key := fmt.Sprint(n.Feature, n.At, n.In, unknown)
	if c, ok := index[key]; ok {
		return c
	}
	number := int32(len(f.conditions))
	index[key] = number
	f.of[n.Feature] = append(f.of[n.Feature], number)
	f.bits[n.Feature] = bits.Len(uint(b.Slots() - 1))
	f.conditions = append(f.conditions, condition{at: n.At, in: n.In, ordered: b.Ordered(), unknown: unknown})
	f.rights = append(f.rights, words{})
	if !b.IsSet() {
		return number
	}
	if f.items[n.Feature] == nil {
		f.items[n.Feature] = slices.Repeat([][2]int32{{-1, -1}}, b.Slots())
	}
	side := 0
	if unknown {
		side = 1
	}
	f.items[n.Feature][n.At][side] = number
	return number
}

// ask answers every condition for the accounts from one on, at most a block.
func (f *forest) ask(columns []bin.Column, from, to int) {
	for k := range f.missing {
		if f.items[k] != nil {
			f.askItems(k, &columns[k], from, to)
		} else if len(f.of[k]) > 0 {
			f.askCodes(k, columns[k].Codes[from:to])
		}
	}
}

// askCodes answers each condition for the 64 accounts of a word at a time.
func (f *forest) askCodes(k int, codes []uint8) {
	ordered := f.conditions[f.of[k][0]].ordered
	for w := 0; len(codes) > 0; w++ {
		var bytes [64]uint8 // accounts that are not there have an unknown value
		n := copy(bytes[:], codes)
		codes = codes[n:]
		var by [bin.MaxCodes]uint64
		unknown := sortCodes(&by, &bytes, f.bits[k], ordered)
		f.missing[k][w] = unknown
		for _, number := range f.of[k] {
			c := &f.conditions[number]
			right := by[uint8(c.at)]
			if !ordered {
				right = ^unknown
				for _, code := range c.in {
					right &^= by[uint8(code)]
				}
			}
			if c.unknown {
				right |= unknown
			}
			f.rights[number][w] = right
		}
	}
}

func (f *forest) askItems(k int, column *bin.Column, from, to int) {
	f.missing[k] = words{}
	for _, c := range f.of[k] {
		f.rights[c] = words{}
	}
	for i := from; i < to; i++ {
		at, bit := (i-from)>>6, bitOf[(i-from)&63]
		if column.Codes[i] == 0 {
			f.missing[k][at] |= bit
		}
		for _, item := range column.Items[column.Offsets[i]:column.Offsets[i+1]] {
			for _, c := range f.items[k][2+int(item)] {
				if c >= 0 {
					f.rights[c][at] |= bit
				}
			}
		}
	}
	for _, c := range f.of[k] {
		if f.conditions[c].unknown {
			for w, x := range f.missing[k] {
				f.rights[c][w] |= x
			}
		}
	}
}

// start fills reach for n accounts at the root.
func (f *forest) start(n int) {
	root := &f.reach[0]
	*root = words{}
	for w := range n / 64 {
		root[w] = ^uint64(0)
	}
	for _, bit := range bitOf[:n%64] {
		root[n/64] |= bit
	}
}

// split sends the accounts of a node to its children, in so many words.
func (f *forest) split(n *flatNode, used int) {
	here, right := &f.reach[n.at], &f.rights[n.condition]
	l, r := &f.reach[n.left], &f.reach[n.right]
	for w := 0; w < used; w += 4 {
		h, c, l, r := (*[4]uint64)(here[w:]), (*[4]uint64)(right[w:]), (*[4]uint64)(l[w:]), (*[4]uint64)(r[w:])
		x0, x1, x2, x3 := h[0]&c[0], h[1]&c[1], h[2]&c[2], h[3]&c[3]
		r[0], r[1], r[2], r[3] = x0, x1, x2, x3
		l[0], l[1], l[2], l[3] = h[0]^x0, h[1]^x1, h[2]^x2, h[3]^x3
	}
	if n.missing == n.left || n.missing == n.right {
		return
	}
	m, missing := &f.reach[n.missing], &f.missing[n.feature]
	for w := range used {
		m[w] = here[w] & missing[w]
		l[w] ^= m[w]
	}
}

// walk sends n accounts through all trees, a block after the other, and calls of
// with each tree when reach says who came where in it.
func (f *forest) walk(columns []bin.Column, n int, of func(t *flatTree, from, to int)) {
	for from := 0; from < n; from += 64 * blockWords {
		to := min(n, from+64*blockWords)
		used := usedWords(to - from)
		f.ask(columns, from, to)
		for t := range f.trees {
			tree := &f.trees[t]
			f.start(to - from)
			for i := tree.from; i < tree.to; i++ {
				f.split(&f.nodes[i], used)
			}
			of(tree, from, to)
		}
	}
}

// sum adds to dst, by account, the values of the leaves.
func (f *forest) sum(dst, values []float64, columns []bin.Column, n int) {
	f.walk(columns, n, func(t *flatTree, from, to int) {
		for _, leaf := range t.leaves {
			v := values[t.base+leaf]
			for w, x := range f.reach[leaf][:usedWords(to-from)] {
				for ; x != 0; x &= x - 1 {
					dst[from+64*w+accountOf(bits.TrailingZeros64(x))] += v
				}
			}
		}
	})
}
