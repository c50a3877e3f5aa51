package model

import (
	"fmt"
	"math/bits"

	"github.com/icpfit/icpfit/model/bin"
)

// A forest sends 64 accounts at a time through trees: a word has one bit an
// account. The words of a condition are made once a block, however many nodes
// share it, and a node is a few ands a word.
type forest struct {
	conditions []condition
	of         [][]int32  // by feature: its conditions
	items      [][]int32  // by feature that is a set: condition of an item, -1 none
	nodes      []flatNode // the inner nodes of all trees, one tree after the other
	trees      []flatTree

	rights  []words // by condition: the accounts that go right
	missing []words // by feature: those whose value is unknown
	reach   []words // by node of a tree: those that come to it
	tables  [][]int32
}

// blockWords is how many words are sent through all trees before the next: the
// accounts' sums stay in the nearest memory.
const blockWords = 16

type words [blockWords]uint64

// A condition is what an account is asked at a node.
type condition struct {
	feature int32
	at      int32   // ordered: right are the codes above it
	in      []int32 // category: right are all codes but these
	ordered bool
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
}

// newForest returns an empty forest over so many features.
func newForest(features int) *forest {
	return &forest{items: make([][]int32, features), of: make([][]int32, features), missing: make([]words, features)}
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
	key := fmt.Sprint(n.Feature, n.At, n.In)
	if c, ok := index[key]; ok {
		return c
	}
	number := int32(len(f.conditions))
	index[key] = number
	c := condition{feature: n.Feature, at: n.At, in: n.In, ordered: b.Ordered()}
	if b.IsSet() {
		if f.items[n.Feature] == nil {
			f.items[n.Feature] = make([]int32, b.Slots())
			for i := range f.items[n.Feature] {
				f.items[n.Feature][i] = -1
			}
		}
		f.items[n.Feature][n.At] = number
	} else {
		f.of[n.Feature] = append(f.of[n.Feature], number)
	}
	f.conditions = append(f.conditions, c)
	f.rights = append(f.rights, words{})
	return number
}

// fold moves what depends on one feature alone out of the trees: the first split
// of each tree, and those of the same feature right below it, become a table by
// code. points has the value of every node.
func (f *forest) fold(points []int32) {
	f.tables = make([][]int32, len(f.items))
	for _, t := range f.trees {
		nodes := f.nodes[t.from:t.to]
		if len(nodes) == 0 || f.items[nodes[0].feature] != nil {
			continue
		}
		feature := nodes[0].feature
		if f.tables[feature] == nil {
			f.tables[feature] = make([]int32, bin.MaxCodes)
		}
		reached := map[int32]*[bin.MaxCodes]bool{0: new([bin.MaxCodes]bool)}
		for code := range reached[0] {
			reached[0][code] = true
		}
		for i := range nodes {
			n := &nodes[i]
			codes, ok := reached[n.at]
			if !ok || n.feature != feature {
				continue
			}
			n.folded = true
			for _, child := range []int32{n.left, n.right, n.missing} {
				reached[child] = new([bin.MaxCodes]bool)
			}
			for code, here := range codes {
				if !here {
					continue
				}
				child := n.child(f.conditions[n.condition].right(uint8(code)), code == 0)
				reached[child][code] = true
				f.tables[feature][code] += points[t.base+child] - points[t.base+n.at]
			}
		}
	}
}

// right tells where a known code of a feature that is no set goes.
func (c *condition) right(code uint8) bool {
	if c.ordered {
		return int32(code) > c.at
	}
	for _, in := range c.in {
		if int32(code) == in {
			return false
		}
	}
	return true
}

func (n *flatNode) child(right, missing bool) int32 {
	switch {
	case missing:
		return n.missing
	case right:
		return n.right
	default:
		return n.left
	}
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

// askCodes sorts the accounts of each word by code; a condition is then the
// union of the codes on its side.
func (f *forest) askCodes(k int, codes []uint8) {
	for w := 0; len(codes) > 0; w++ {
		var by [bin.MaxCodes]uint64
		n := min(64, len(codes))
		top := uint8(0)
		for i, code := range codes[:n] {
			by[code] |= 1 << i
			top = max(top, code)
		}
		codes = codes[n:]
		f.missing[k][w] = by[0]
		if f.conditions[f.of[k][0]].ordered {
			for code := int(top) - 1; code >= 0; code-- {
				by[code] |= by[code+1] // those of a code or a greater one
			}
		}
		all := ^uint64(0) >> (64 - n)
		for _, number := range f.of[k] {
			c := &f.conditions[number]
			right := all
			switch {
			case !c.ordered:
				for _, code := range c.in {
					right &^= by[code]
				}
			case int(c.at)+1 < len(by):
				right = by[c.at+1]
			default:
				right = 0
			}
			f.rights[number][w] = right
		}
	}
}

func (f *forest) askItems(k int, column *bin.Column, from, to int) {
	conditions := f.items[k]
	f.missing[k] = words{}
	for _, c := range conditions {
		if c >= 0 {
			f.rights[c] = words{}
		}
	}
	for i := from; i < to; i++ {
		at, bit := (i-from)>>6, uint64(1)<<((i-from)&63)
		if column.Codes[i] == 0 {
			f.missing[k][at] |= bit
		}
		for _, item := range column.Items[column.Offsets[i]:column.Offsets[i+1]] {
			if c := conditions[2+int(item)]; c >= 0 {
				f.rights[c][at] |= bit
			}
		}
	}
}

// start fills reach for n accounts at the root.
func (f *forest) start(n int) {
	root := &f.reach[0]
	*root = words{}
	for w := range (n + 63) / 64 {
		root[w] = ^uint64(0)
	}
	if n&63 != 0 {
		root[n>>6] = 1<<(n&63) - 1
	}
}

// split sends the accounts of a node to its children, in so many words.
func (f *forest) split(n *flatNode, used int) {
	here, right, missing := &f.reach[n.at], &f.rights[n.condition], &f.missing[n.feature]
	l, r := &f.reach[n.left], &f.reach[n.right]
	switch n.missing {
	case n.left:
		for w := range used {
			x := here[w] & right[w] &^ missing[w]
			l[w], r[w] = here[w]&^x, x
		}
	case n.right:
		for w := range used {
			x := here[w] & (right[w] | missing[w])
			l[w], r[w] = here[w]&^x, x
		}
	default:
		m := &f.reach[n.missing]
		for w := range used {
			known := here[w] &^ missing[w]
			l[w], r[w], m[w] = known&^right[w], known&right[w], here[w]&missing[w]
		}
	}
}

// contribute adds to dst, by feature and account, what each node's feature
// adds; points has the value of every node, and fold must have been called.
func (f *forest) contribute(dst [][]int32, points []int32, columns []bin.Column, n int) {
	for k, table := range f.tables {
		if table == nil {
			continue
		}
		for i, code := range columns[k].Codes[:n] {
			dst[k][i] += table[code]
		}
	}
	for from := 0; from < n; from += 64 * blockWords {
		to := min(n, from+64*blockWords)
		used := (to - from + 63) / 64
		f.ask(columns, from, to)
		for t := range f.trees {
			tree := &f.trees[t]
			f.start(to - from)
			values := points[tree.base : tree.base+tree.size]
			for i := tree.from; i < tree.to; i++ {
				node := &f.nodes[i]
				f.split(node, used)
				if node.folded {
					continue
				}
				sums, before := dst[node.feature][from:to], values[node.at]
				addInts(sums, &f.reach[node.left], used, values[node.left]-before)
				addInts(sums, &f.reach[node.right], used, values[node.right]-before)
				if node.missing != node.left && node.missing != node.right {
					addInts(sums, &f.reach[node.missing], used, values[node.missing]-before)
				}
			}
		}
	}
}

// addInts adds v to the accounts of so many words.
func addInts(sums []int32, rows *words, used int, v int32) {
	if v == 0 {
		return
	}
	for w, x := range rows[:used] {
		part := sums[64*w:]
		for ; x != 0; x &= x - 1 {
			part[bits.TrailingZeros64(x)] += v
		}
	}
}

// sum adds to dst, by account, the values of the leaves.
func (f *forest) sum(dst, values []float64, columns []bin.Column, n int) {
	for from := 0; from < n; from += 64 * blockWords {
		to := min(n, from+64*blockWords)
		used := (to - from + 63) / 64
		f.ask(columns, from, to)
		for t := range f.trees {
			tree := &f.trees[t]
			f.start(to - from)
			for i := tree.from; i < tree.to; i++ {
				f.split(&f.nodes[i], used)
			}
			for _, leaf := range tree.leaves {
				v := values[tree.base+leaf]
				for w, x := range f.reach[leaf][:used] {
					part := dst[from+64*w:]
					for ; x != 0; x &= x - 1 {
						part[bits.TrailingZeros64(x)] += v
					}
				}
			}
		}
	}
}
