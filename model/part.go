package model

import "github.com/icpfit/icpfit/model/bin"

// A Part is what one feature has a part in of a fit's margins: its scores in the
// table, and the trees that split by it. What is left does not change with the
// feature, so a margin with another value in its cell is the margin, less the
// part, plus the part with that value.
type Part struct {
	feature int
	scores  []float64
	columns []bin.Column
	trees   *forest
	values  []float64 // of the trees' nodes
}

// Part returns the part of feature k, for the rows of t.
func (f *Fit) Part(t *bin.Table, k int) *Part {
	p := &Part{feature: k, scores: f.Scores[k], columns: append([]bin.Column(nil), t.Columns...), trees: newForest(len(t.Columns))}
	index := map[string]int32{}
	for i := range f.Trees {
		if splits(f.Trees[i].Nodes, k) {
			p.trees.plant(f.Trees[i].Nodes, index, func(feature int32) *bin.Binning { return &t.Binnings[feature] })
			p.values = append(p.values, f.Trees[i].Values...)
		}
	}
	return p
}

func splits(nodes []Node, k int) bool {
	for i := range nodes {
		if !nodes[i].Leaf() && int(nodes[i].Feature) == k {
			return true
		}
	}
	return false
}

// Margins returns the part of every row when c holds the feature's cells, which
// must be as many as the rows of the table.
func (p *Part) Margins(c *bin.Column) []float64 {
	out := make([]float64, len(c.Codes))
	for i, code := range c.Codes {
		out[i] = p.scores[code]
	}
	if c.Offsets != nil {
		for i := range out {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				out[i] += p.scores[2+int(item)]
			}
		}
	}
	if len(p.values) > 0 {
		p.columns[p.feature] = *c
		p.trees.sum(out, p.values, p.columns, len(out))
	}
	return out
}
