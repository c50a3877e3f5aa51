package model_test

import (
	"math"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// TestCompose works a composition out by hand: a table, a tree that splits the
// number, below it the category on one side and the number again, and below those
// the set.
func TestCompose(t *testing.T) {
	m := &model.Model{Terms: []model.Term{
		{Binning: drawnBinnings[0], MicroPoints: []int32{0, 1e6, 1e6, -2e6, -2e6}},
		{Binning: drawnBinnings[1], MicroPoints: []int32{0, 0, 0, 0}},
		{Binning: drawnBinnings[2], MicroPoints: []int32{0, -1e6, 3e6, 0, 0}},
	}}
	point := func(micro int32, n model.Node) model.PointNode { return model.PointNode{Node: n, MicroPoints: micro} }
	m.Trees = []model.PointTree{{
		point(0, model.Node{Feature: 0, At: 2, Left: 1, Right: 2, Missing: 1}),
		point(4e6, model.Node{Feature: 0, At: 1, Left: 3, Right: 4, Missing: 4}),
		point(-2e6, model.Node{Feature: 1, In: []int32{1}, Left: 5, Right: 6, Missing: 6}),
		point(5e6, model.Node{}),
		point(3e6, model.Node{}),
		point(1e6, model.Node{Feature: 2, At: 2, Left: 7, Right: 8, Missing: 7}),
		point(-5e6, model.Node{}),
		point(0, model.Node{}),
		point(7e6, model.Node{}),
	}}
	table := &bin.Table{Rows: 2, Binnings: drawnBinnings, Columns: []bin.Column{
		{Codes: []uint8{1, 3}},
		{Codes: []uint8{2, 1}},
		{Codes: []uint8{0, 1}, Offsets: []int32{0, 0, 1}, Items: []uint16{0}},
	}}
	// The first account, of weight 3: the number gives 1 in the table, and in the
	// tree 4 and then 1 more. The second, of weight 1: the number gives -2 in the
	// table and -2 in the tree, the category 3 below it, the set -1 + 3 in the table
	// and 6 below both.
	c := m.Compose(table, []float64{3, 1})
	want := []model.Parts{
		{Feature: "n", Table: (3*1 + 2) / 4., Alone: (3*5 + 2) / 4.},
		{Feature: "c", Together: 3 / 4.},
		{Feature: "s", Table: 2 / 4., Together: 6 / 4.},
	}
	for k, w := range want {
		if got := c.Features[k]; got.Feature != w.Feature || !near(got.Table, w.Table) || !near(got.Alone, w.Alone) || !near(got.Together, w.Together) {
			t.Errorf("parts %+v, want %+v", got, w)
		}
	}
	if len(c.Pairs) != 1 || c.Pairs[0].Features != [2]string{"n", "c"} || !near(c.Pairs[0].Points, 3/4.) || !near(c.Deeper, 6/4.) {
		t.Errorf("pairs %+v and %v deeper, want n and c with 0.75, and 1.5", c.Pairs, c.Deeper)
	}
	if s := c.Shares; !near(s.Table, 1.75/8.25) || !near(s.Alone, 4.25/8.25) || !near(s.Together, 2.25/8.25) || c.Accounts != 2 {
		t.Errorf("shares %+v of %d accounts", s, c.Accounts)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// TestComposeOneAccount holds the parts of single accounts against what the scorer
// gives their features: of a model without splits below other features, the parts
// sum to the contribution.
func TestComposeOneAccount(t *testing.T) {
	g := generate(t)
	m := g.made(t)
	var s model.Scores
	if err := model.NewScorer(m, g.frame.AsOf).Score(&s, g.frame.Batch); err != nil {
		t.Fatal(err)
	}
	for _, row := range []int32{0, 17, 900} {
		c := m.Compose(g.data.Table.Select([]int32{row}), []float64{2.5})
		for k := range m.Terms {
			if got, want := c.Features[k].Table, math.Abs(float64(s.Contributions[k][row]))/model.Micro; !near(got, want) {
				t.Errorf("row %d: %s gives %v points, want %v", row, m.Terms[k].Feature, got, want)
			}
		}
		if c.Shares.Table != 1 || len(c.Pairs) != 0 || c.Deeper != 0 {
			t.Errorf("a table alone has %+v", c)
		}
	}
	if c := m.Compose(g.data.Table.Select(nil), nil); c.Accounts != 0 || c.Shares != (model.PartShares{}) {
		t.Errorf("no account has %+v", c)
	}
}
