package model

import "github.com/icpfit/icpfit/model/bin"

// TreesMost returns the most micro-points that the trees can add to row i of
// columns, one for each term of the fit, if the terms marked in free may have any
// value; with none free, what they add.
func (m *Model) TreesMost(columns []bin.Column, i int, free []bool) int64 {
	var sum int64
	for _, t := range m.Trees {
		sum += int64(m.most(t, 0, columns, i, free))
	}
	return sum
}

func (m *Model) most(t PointTree, at int32, columns []bin.Column, i int, free []bool) int32 {
	for !t[at].Leaf() {
		n := &t[at].Node
		if free[n.Feature] {
			best := max(m.most(t, n.Left, columns, i, free), m.most(t, n.Right, columns, i, free))
			if n.third() {
				best = max(best, m.most(t, n.Missing, columns, i, free))
			}
			return best
		}
		at = n.next(&m.Terms[n.Feature].Binning, &columns[n.Feature], i)
	}
	return t[at].MicroPoints
}
