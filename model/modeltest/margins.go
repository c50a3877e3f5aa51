package modeltest

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// margins returns the margins of all rows of d.
func margins(f *model.Fit, d model.Data) []float64 {
	out := make([]float64, d.Table.Rows)
	for i := range out {
		out[i] = f.Margin(d.Table, i)
	}
	return out
}

// across returns the margins of row i of d with each of the codes of feature k;
// of a set, with nothing known, no item, and one item each.
func across(f *model.Fit, d model.Data, k, i int) []float64 {
	table := d.Table.Select([]int32{int32(i)})
	b, c := &table.Binnings[k], &table.Columns[k]
	var out []float64
	for slot := range b.Slots() {
		c.Codes[0] = uint8(slot)
		if b.IsSet() {
			c.Codes[0] = uint8(min(slot, 1))
			*c = bin.Column{Codes: c.Codes, Offsets: []int32{0, 0}}
			if slot > 1 {
				c.Items, c.Offsets[1] = []uint16{uint16(slot - 2)}, 1
			}
		}
		out = append(out, f.Margin(table, 0))
	}
	return out
}

// contributions returns what each feature adds to each row of d against the
// average pool account, by feature and row: the score of its cell less the pool's
// mean, and the steps between the values of the nodes that split on it.
func contributions(f *model.Fit, d model.Data) [][]float64 {
	out := make([][]float64, len(d.Table.Columns))
	_, pool := d.Totals()
	for k := range out {
		out[k] = make([]float64, d.Table.Rows)
		c, s := &d.Table.Columns[k], f.Scores[k]
		var mean float64
		for i, code := range c.Codes {
			out[k][i] = s[code]
			if c.Offsets != nil {
				for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
					out[k][i] += s[2+item]
				}
			}
			if !d.Customer[i] {
				mean += d.Weights[i] * out[k][i] / pool
			}
		}
		for i := range out[k] {
			out[k][i] -= mean
		}
	}
	for j := range f.Trees {
		t := &f.Trees[j]
		parents := parents(t)
		for i := range d.Table.Rows {
			for at := t.Leaf(d.Table, i); at != 0; at = parents[at] {
				out[t.Nodes[parents[at]].Feature][i] += t.Values[at] - t.Values[parents[at]]
			}
		}
	}
	return out
}

// parents returns the parent of each node.
func parents(t *model.Tree) []int32 {
	out := make([]int32, len(t.Nodes))
	for at, n := range t.Nodes {
		if !n.Leaf() {
			out[n.Left], out[n.Right], out[n.Missing] = int32(at), int32(at), int32(at)
		}
	}
	return out
}

// sound returns a fault of a tree that nobody could walk, whose values are not
// finite, or that is not centred on d.
func sound(t *model.Tree, d model.Data) error {
	if len(t.Nodes) == 0 || len(t.Values) != len(t.Nodes) {
		return fmt.Errorf("%d nodes with %d values", len(t.Nodes), len(t.Values))
	}
	for at, n := range t.Nodes {
		if !finite(t.Values[at]) {
			return fmt.Errorf("node %d has value %v", at, t.Values[at])
		}
		if n.Leaf() {
			continue
		}
		if int(n.Feature) >= len(d.Table.Columns) {
			return fmt.Errorf("node %d splits feature %d of %d", at, n.Feature, len(d.Table.Columns))
		}
		for _, child := range []int32{n.Left, n.Right, n.Missing} {
			if child <= int32(at) || int(child) >= len(t.Nodes) {
				return fmt.Errorf("node %d of %d has child %d", at, len(t.Nodes), child)
			}
		}
	}
	again := model.Tree{Nodes: t.Nodes, Values: slices.Clone(t.Values)}
	again.Centre(&d)
	for at, v := range again.Values {
		if math.Abs(v-t.Values[at]) > rounding {
			return fmt.Errorf("node %d has value %v, but %v centred on the pool", at, t.Values[at], v)
		}
	}
	return nil
}
