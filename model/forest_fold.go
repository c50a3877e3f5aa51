package model

import "github.com/icpfit/icpfit/model/bin"

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
