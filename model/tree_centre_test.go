package model_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// The features of drawn data: one of each way to split.
var drawnBinnings = []bin.Binning{
	{Feature: "n", Kind: features.Number, Edges: []float64{1, 2, 3}},
	{Feature: "c", Kind: features.Category, Values: []string{"a", "b"}, Labels: []string{"A", "B"}},
	{Feature: "s", Kind: features.Set, Items: []string{"x", "y", "z"}, Labels: []string{"X", "Y", "Z"}},
}

// drawData draws up to 60 accounts, one at least in the pool.
func drawData(t *rapid.T) *model.Data {
	d := &model.Data{Table: &bin.Table{Binnings: drawnBinnings, Columns: make([]bin.Column, 3)}, Monotone: make([]int, 3)}
	for range drawnBinnings {
		d.Learn = append(d.Learn, rapid.Bool().Draw(t, "learn"))
	}
	items := &d.Table.Columns[2]
	items.Offsets = []int32{0}
	d.Table.Rows = rapid.IntRange(1, 60).Draw(t, "rows")
	for i := range d.Table.Rows {
		d.Customer = append(d.Customer, i > 0 && rapid.IntRange(0, 3).Draw(t, "customer") == 0)
		d.Weights = append(d.Weights, float64(rapid.IntRange(1, 3).Draw(t, "weight")))
		d.Keys = append(d.Keys, uint64(i))
		for k := range drawnBinnings {
			c := &d.Table.Columns[k]
			code := rapid.IntRange(0, min(drawnBinnings[k].Slots()-1, 4)).Draw(t, "code")
			if k == 2 {
				code = min(code, 1)
				for item := range 3 {
					if code == 1 && rapid.Bool().Draw(t, "has") {
						items.Items = append(items.Items, uint16(item))
					}
				}
				items.Offsets = append(items.Offsets, int32(len(items.Items)))
			}
			c.Codes = append(c.Codes, uint8(code))
		}
	}
	return d
}

// drawTree draws a tree of up to 5 levels, children after their parents.
func drawTree(t *rapid.T, learn []bool) *model.Tree {
	tree := &model.Tree{}
	leaf := func() int32 {
		tree.Nodes = append(tree.Nodes, model.Node{})
		tree.Values = append(tree.Values, rapid.Float64Range(-3, 3).Draw(t, "value"))
		return int32(len(tree.Nodes) - 1)
	}
	var grow func(at int32, depth int)
	grow = func(at int32, depth int) {
		if depth == 0 || rapid.IntRange(0, 3).Draw(t, "stop") == 0 {
			return
		}
		n := model.Node{Feature: int32(rapid.IntRange(0, 2).Draw(t, "feature"))}
		switch n.Feature {
		case 0:
			n.At = int32(rapid.IntRange(1, 4).Draw(t, "at"))
		case 1:
			n.In = []int32{int32(rapid.IntRange(1, 3).Draw(t, "in"))}
		default:
			n.At = int32(rapid.IntRange(2, 4).Draw(t, "item"))
		}
		n.Left, n.Right = leaf(), leaf()
		n.Missing = n.Left
		if !learn[n.Feature] || rapid.Bool().Draw(t, "third") {
			n.Missing = leaf()
		}
		tree.Nodes[at] = n
		for child := n.Left; child <= max(n.Right, n.Missing); child++ {
			grow(child, depth-1)
		}
	}
	grow(leaf(), 5)
	return tree
}

// path returns the nodes that row i passes, from the definition of a split.
func path(tree *model.Tree, table *bin.Table, i int) []int32 {
	at := []int32{0}
	for {
		n := tree.Nodes[at[len(at)-1]]
		if n.Leaf() {
			return at
		}
		c := table.Columns[n.Feature]
		next := n.Right
		switch {
		case c.Codes[i] == 0:
			next = n.Missing
		case n.Feature == 0 && int32(c.Codes[i]) <= n.At,
			n.Feature == 1 && slices.Contains(n.In, int32(c.Codes[i])),
			n.Feature == 2 && !slices.Contains(c.Items[c.Offsets[i]:c.Offsets[i+1]], uint16(n.At-2)):
			next = n.Left
		}
		at = append(at, next)
	}
}

// TestCentre checks on any tree that the value of each inner node is the pool's
// mean of the leaves below it, that missing values add nothing where they must
// not, nor known ones on average, and that nothing else has moved.
func TestCentre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawData(t)
		tree := drawTree(t, d.Learn)
		before := slices.Clone(tree.Values)
		tree.Centre(d)

		sum, weight := make([]float64, len(tree.Nodes)), make([]float64, len(tree.Nodes))
		known, mean := make([]float64, len(tree.Nodes)), make([]float64, len(tree.Nodes))
		for i, customer := range d.Customer {
			if customer {
				continue
			}
			p := path(tree, d.Table, i)
			leaf := p[len(p)-1]
			if got := tree.Leaf(d.Table, i); got != leaf {
				t.Fatalf("row %d ends in leaf %d, want %d", i, got, leaf)
			}
			for step, at := range p {
				weight[at] += d.Weights[i]
				sum[at] += d.Weights[i] * tree.Values[leaf]
				if n := tree.Nodes[at]; !n.Leaf() && d.Table.Columns[n.Feature].Codes[i] != 0 {
					known[at] += d.Weights[i]
					mean[at] += d.Weights[i] * (tree.Values[p[step+1]] - tree.Values[at])
				}
			}
		}
		for at, n := range tree.Nodes {
			if n.Leaf() {
				continue
			}
			neutral := !d.Learn[n.Feature] && n.Missing != n.Left && n.Missing != n.Right
			// Where nobody in the pool has a known value, the mean of the
			// children stands in, to which the missing child was moved.
			if weight[at] > 0 && math.Abs(sum[at]/weight[at]-tree.Values[at]) > 1e-9 {
				t.Errorf("node %d has value %v, want the pool's mean %v", at, tree.Values[at], sum[at]/weight[at])
			}
			if neutral && tree.Values[n.Missing] != tree.Values[at] {
				t.Errorf("node %d: missing values add %v, want 0", at, tree.Values[n.Missing]-tree.Values[at])
			}
			if neutral && math.Abs(mean[at]) > 1e-9*max(1, known[at]) {
				t.Errorf("node %d: known values add %v on average, want 0", at, mean[at]/known[at])
			}
		}
		moved(t, tree, d, before)

		again := slices.Clone(tree.Values)
		if tree.Centre(d); !slices.Equal(tree.Values, again) {
			t.Errorf("centring twice goes from %v to %v", again, tree.Values)
		}
	})
}

// moved checks that leaves outside of missing children of neutral splits stay,
// and that others move as far as those beside them.
func moved(t *rapid.T, tree *model.Tree, d *model.Data, before []float64) {
	var visit func(at int32, by float64) float64
	visit = func(at int32, by float64) float64 { // returns how far the first leaf has moved
		n := tree.Nodes[at]
		if n.Leaf() {
			far := tree.Values[at] - before[at]
			if !math.IsNaN(by) && math.Abs(far-by) > 1e-9 {
				t.Errorf("leaf %d moves by %v, want %v", at, far, by)
			}
			return far
		}
		left := visit(n.Left, by)
		visit(n.Right, left)
		switch {
		case n.Missing == n.Left || n.Missing == n.Right:
		case d.Learn[n.Feature]:
			visit(n.Missing, left)
		default:
			visit(n.Missing, math.NaN())
		}
		return left
	}
	visit(0, 0)
}

// TestCentreByHand works one tree out: 4 pool accounts of code 1, 1 of code 2
// and 5 of unknown value; the leaves are 1, 6 and, for the unknown, split by c
// into 10 (2 accounts) and 20 (3). The value known is (4×1 + 1×6)/5 = 2; the mean
// of the unknown is 16, so they go down by 14.
func TestCentreByHand(t *testing.T) {
	d := &model.Data{Table: &bin.Table{Binnings: drawnBinnings[:2], Columns: make([]bin.Column, 2), Rows: 11}, Monotone: make([]int, 2), Learn: make([]bool, 2)}
	d.Table.Columns[0].Codes = []uint8{1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 2}
	d.Table.Columns[1].Codes = []uint8{1, 2, 1, 2, 1, 1, 1, 2, 2, 2, 2}
	for i := range d.Table.Rows {
		d.Customer, d.Weights, d.Keys = append(d.Customer, i == 10), append(d.Weights, 1), append(d.Keys, 0)
	}
	tree := &model.Tree{
		Nodes:  []model.Node{{At: 1, Left: 1, Right: 2, Missing: 3}, {}, {}, {Feature: 1, In: []int32{1}, Left: 4, Right: 5, Missing: 6}, {}, {}, {}},
		Values: []float64{0, 1, 6, 0, 10, 20, 0},
	}
	tree.Centre(d)
	for at, want := range []float64{2, 1, 6, 2, -4, 6, 2} {
		if math.Abs(tree.Values[at]-want) > 1e-12 {
			t.Errorf("node %d has value %v, want %v", at, tree.Values[at], want)
		}
	}
}
