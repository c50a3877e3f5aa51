package model

import "github.com/icpfit/icpfit/model/bin"

// A share is what a feature adds at some nodes of a tree. The children of these
// nodes are regions of accounts, one within another or apart, and what an account
// earns depends on the innermost it is in. So the different earnings have a code
// each, and an account's code is read from as many planes as it has bits: a plane
// has a bit an account, and the flips turn over those of regions whose code differs
// in it from that of the region around.
type share struct {
	from, to int32 // its flips
	more     int32 // where those begin that are not the first of their plane
	feature  int32
	tray     int32 // where its octet is filled
	lane     int32 // where its octet is kept until it is added
	stack    int32
	full     bool // its octet is, with this share
	adds     bool // so is the stack
}

// A flip turns over, in a plane, the accounts that come to a node.
type flip struct{ node, plane int32 }

// shareNodes is how many nodes a share has at most: with three children each, their
// regions and the rest have at most 256 codes, so eight planes hold them.
const shareNodes = 85

// A region is the accounts that come to a child of a share's node; the first one of
// a share is the whole tree.
type region struct {
	node   int32
	within int32 // the region around it
	sum    int32 // what the feature adds up to here
	code   int
	split  bool // by the share: the regions within it leave no account over
}

// A shareMaker finds the regions of a tree's shares.
type shareMaker struct {
	inner    []*flatNode // by number in the tree; nil: a leaf
	share    []int       // by number in the tree, of nodes that are not folded
	features []int32     // by share
	regions  [][]region  // by share: those around others first
}

// newShareMaker deals the nodes of a tree that are not folded into shares.
func newShareMaker(nodes []flatNode, size int32) *shareMaker {
	m := &shareMaker{inner: make([]*flatNode, size), share: make([]int, size)}
	open, members := map[int32]int{}, map[int32]int{} // by feature: its last share; its nodes so far
	for i := range nodes {
		n := &nodes[i]
		m.inner[n.at] = n
		if n.folded {
			continue
		}
		if members[n.feature]%shareNodes == 0 {
			open[n.feature] = len(m.regions)
			m.features, m.regions = append(m.features, n.feature), append(m.regions, []region{{}})
		}
		members[n.feature]++
		m.share[n.at] = open[n.feature]
	}
	return m
}

// walk fills the regions. points has the value of every node.
func (m *shareMaker) walk(points []int32) {
	type step struct {
		at     int32
		share  int // -1: the region of no share begins
		region int32
		leave  bool
	}
	within := make([]int32, len(m.regions)) // by share: the innermost region around the node visited
	stack := []step{{share: -1}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.share >= 0 {
			stack = append(stack, step{share: s.share, region: within[s.share], leave: true})
			within[s.share] = s.region
		}
		if s.leave {
			stack = stack[:len(stack)-1]
			continue
		}
		n := m.inner[s.at]
		if n == nil {
			continue
		}
		g := m.share[s.at]
		for _, child := range n.children() {
			next := step{at: child, share: -1}
			if !n.folded {
				next.share, next.region = g, m.add(g, within[g], child, points[child]-points[s.at])
			}
			stack = append(stack, next)
		}
		if !n.folded {
			around := &m.regions[g][within[g]]
			around.split = around.split || around.node == s.at
		}
	}
}

// add appends a region to share g.
func (m *shareMaker) add(g int, within, node, points int32) int32 {
	m.regions[g] = append(m.regions[g], region{node: node, within: within, sum: m.regions[g][within].sum + points})
	return int32(len(m.regions[g]) - 1)
}

// children returns the children of n, each once.
func (n *flatNode) children() []int32 {
	if n.missing == n.left || n.missing == n.right {
		return []int32{n.left, n.right}
	}
	return []int32{n.left, n.right, n.missing}
}

// code gives regions of the same sum the same code, and returns the sums by code.
// Accounts in no region have code 0 and earn nothing.
func code(regions []region) []int32 {
	sums, codes := []int32{0}, map[int32]int{0: 0}
	for i := range regions {
		r := &regions[i]
		if r.split {
			r.code = regions[r.within].code // of nobody
			continue
		}
		number, ok := codes[r.sum]
		if !ok {
			number = len(sums)
			codes[r.sum], sums = number, append(sums, r.sum)
		}
		r.code = number
	}
	return sums
}

// shareOut makes the shares of all nodes that are not folded. points has the value
// of every node.
func (f *forest) shareOut(points []int32) {
	p := newPacker(f)
	for i := range f.trees {
		t := &f.trees[i]
		t.firstShare = int32(len(f.shares))
		m := newShareMaker(f.nodes[t.from:t.to], t.size)
		m.walk(points[t.base : t.base+t.size])
		for g, regions := range m.regions {
			p.pack(m.features[g], regions, code(regions))
		}
		t.lastShare = int32(len(f.shares))
	}
	p.finish()
}

// contribute adds to dst, by feature and account, what each node's feature adds
// that is not folded. shareOut must have been called.
func (f *forest) contribute(dst [][]int32, columns []bin.Column, n int) {
	f.walk(columns, n, func(t *flatTree, from, to int) {
		for i := t.firstShare; i < t.lastShare; i++ {
			f.take(&f.shares[i], dst, from, to)
		}
	})
}

// take flips the planes of a share for the accounts from one on. Where that fills
// its octet, and this its stack, the stack is added to dst.
func (f *forest) take(s *share, dst [][]int32, from, to int) {
	used := usedWords(to - from)
	desk := f.desks[s.feature]
	planes := &desk.trays[s.tray]
	for _, flip := range f.flips[s.from:s.more] {
		copy(planes[flip.plane][:used], f.reach[flip.node][:used])
	}
	for _, flip := range f.flips[s.more:s.to] {
		planes[flip.plane].turn(&f.reach[flip.node], used)
	}
	if !s.full {
		return
	}
	planes.bytes(&desk.lanes[s.lane], used)
	if s.adds {
		f.stacks[s.stack].add(dst[s.feature][from:to], &desk.lanes)
	}
}
