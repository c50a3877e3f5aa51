package lightgbm

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// tree makes a tree over binned features of one over the columns of a matrix.
func (m *importer) tree(t *Tree) (*model.Tree, error) {
	scale := m.Sigmoid
	if m.Average {
		scale /= float64(len(m.Trees))
	}
	c := &converter{importer: m, from: t, scale: scale, known: map[int]bool{}}
	if len(t.Splits) == 0 {
		c.leaf(t.Leaves[0])
	} else {
		c.node(0)
	}
	return &c.to, c.err
}

// A converter makes one tree, from the root down.
type converter struct {
	*importer
	from  *Tree
	to    model.Tree
	scale float64
	known map[int]bool // sets of which it is settled whether they are known
	err   error
}

// errNodes refuses trees that would take too much memory.
var errNodes = fmt.Errorf("the trees have over %d nodes together; train with fewer leaves or rounds", mostNodes)

func (c *converter) add(n model.Node, value float64) int32 {
	if c.nodes++; c.nodes > mostNodes {
		c.err = errNodes
		return 0
	}
	c.to.Nodes, c.to.Values = append(c.to.Nodes, n), append(c.to.Values, value)
	return int32(len(c.to.Nodes) - 1)
}

func (c *converter) leaf(value float64) int32 {
	if v := value * c.scale; !math.IsInf(v, 0) {
		return c.add(model.Node{}, v)
	}
	c.err = errors.New("a leaf's value is out of range")
	return 0
}

// node adds a split or leaf of the tree with all below it, and returns its
// number. An inner node has the mean of its known children's values: what it is
// worth by itself is found when the tree is centred on the accounts.
func (c *converter) node(at int32) int32 {
	if c.err != nil {
		return 0
	}
	if at < 0 {
		return c.leaf(c.from.Leaves[^at])
	}
	s := &c.from.Splits[at]
	src := &c.columns[s.Feature]
	b := &c.out.Binnings[src.feature]
	n := model.Node{Feature: int32(src.feature)}
	left, right, missing := s.Left, s.Right, s.missing()
	if !b.IsSet() {
		switch {
		case b.Kind == features.Category:
			n.In, left, right = c.category(s, src.value)
		case b.Kind == features.Flag:
			n.At, left, right = flag(s)
		case math.IsInf(s.Threshold, 1):
			n.At = int32(len(b.Edges)) + 1
		default:
			n.At = int32(sort.SearchFloat64s(b.Edges, s.Threshold)) + 1
		}
		return c.split(n, left, right, missing)
	}
	known, decided := c.known[src.feature]
	n.At = int32(c.values[b.Feature][src.value]) // left: lacks it
	switch always, sure := s.always(); {
	case decided && !known:
		return c.node(missing)
	case !sure:
		return c.split(n, left, right, missing)
	case decided || always == missing:
		return c.node(always)
	default:
		return c.knownSet(n, src.feature, always, missing)
	}
}

// missing returns the child that LightGBM sends NaN to.
func (s *Split) missing() int32 {
	left := s.DefaultLeft
	if s.Missing == MissingNone {
		left = 0 <= s.Threshold
	}
	if left {
		return s.Left
	}
	return s.Right
}

// always returns the child that both 0 and 1 go to, if it is one.
func (s *Split) always() (child int32, sure bool) {
	switch {
	case s.Threshold < 0:
		return s.Right, true
	case s.Threshold >= 1:
		return s.Left, true
	}
	return 0, false
}

// flag returns the code up to which a flag goes left.
func flag(s *Split) (at, left, right int32) {
	switch always, sure := s.always(); {
	case !sure:
		return 1, s.Left, s.Right
	case always == s.Right:
		return 2, s.Right, s.Left
	}
	return 2, s.Left, s.Right
}

// category returns the codes that go left by the indicator of one value.
func (c *converter) category(s *Split, value string) (in []int32, left, right int32) {
	b := &c.out.Binnings[c.columns[s.Feature].feature]
	always, sure := s.always()
	if !sure {
		return []int32{int32(c.values[b.Feature][value])}, s.Right, s.Left
	}
	for code := 1; code < b.Slots(); code++ {
		in = append(in, int32(code))
	}
	if always == s.Right {
		return in, s.Right, s.Left
	}
	return in, s.Left, s.Right
}

// split adds a node, then its children, which are different ones of LightGBM's
// node; missing is one of them.
func (c *converter) split(n model.Node, left, right, missing int32) int32 {
	at := c.add(n, 0)
	l := c.node(left)
	r := c.node(right)
	if c.err != nil {
		return 0
	}
	node := &c.to.Nodes[at]
	node.Left, node.Right, node.Missing = l, r, l
	if missing == right {
		node.Missing = r
	}
	c.to.Values[at] = (c.to.Values[l] + c.to.Values[r]) / 2
	return at
}

// knownSet adds a node that tells a known set from an unknown one. There is none
// that does only that, so it asks for an item, and what follows for known sets
// is there twice. Below it splits that ask the same again are left out.
func (c *converter) knownSet(n model.Node, feature int, known, missing int32) int32 {
	at := c.add(n, 0)
	c.known[feature] = true
	l := c.node(known)
	r := c.node(known)
	c.known[feature] = false
	m := c.node(missing)
	delete(c.known, feature)
	if c.err != nil {
		return 0
	}
	node := &c.to.Nodes[at]
	node.Left, node.Right, node.Missing = l, r, m
	c.to.Values[at] = c.to.Values[l]
	return at
}
