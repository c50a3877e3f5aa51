package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A grove is a model of trees alone over features of each kind, with cells to score.
type grove struct {
	model *model.Model
	table *bin.Table
	r     *rand.Rand
}

// newGrove draws the cells of so many accounts.
func newGrove(rows int) *grove {
	r := rand.New(rand.NewPCG(uint64(rows), 1))
	texts := func(n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprint("v", i))
		}
		return out
	}
	g := &grove{model: &model.Model{}, table: &bin.Table{Rows: rows}, r: r}
	g.table.Binnings = []bin.Binning{
		{Feature: "most", Kind: features.Number, Edges: ascending(254)}, // all 256 codes
		{Feature: "few", Kind: features.Number, Edges: ascending(2)},
		{Feature: "flag", Kind: features.Flag},
		{Feature: "category", Kind: features.Category, Values: texts(20), Labels: texts(20)},
		{Feature: "set", Kind: features.Set, Items: texts(30), Labels: texts(30)},
	}
	for k := range g.table.Binnings {
		b := &g.table.Binnings[k]
		b.Pillar = features.Firmographic
		c := bin.Column{Codes: make([]uint8, rows)}
		for i := range c.Codes {
			if c.Codes[i] = uint8(r.IntN(b.Slots())); b.IsSet() {
				c.Codes[i] = min(c.Codes[i], 1)
			}
		}
		if b.IsSet() {
			c.Offsets = []int32{0}
			for _, code := range c.Codes {
				for item := range b.Items {
					if code != 0 && r.IntN(2) == 0 {
						c.Items = append(c.Items, uint16(item))
					}
				}
				c.Offsets = append(c.Offsets, int32(len(c.Items)))
			}
		}
		g.table.Columns = append(g.table.Columns, c)
		g.model.Terms = append(g.model.Terms, model.Term{Binning: *b, MicroPoints: make([]int32, b.Slots())})
	}
	return g
}

// grow adds a tree with so many inner nodes, of which a random leaf is split next
// or, in a chain, the newest.
func (g *grove) grow(inner int, chain bool) {
	t := model.PointTree{{}}
	leaves := []int32{0}
	for range inner {
		pick := len(leaves) - 1
		if !chain {
			pick = g.r.IntN(len(leaves))
		}
		at := leaves[pick]
		leaves = slices.Delete(leaves, pick, pick+1)
		n := g.condition()
		child := func() int32 {
			t = append(t, model.PointNode{MicroPoints: int32(g.r.IntN(5) - 2)}) // sums are often the same
			leaves = append(leaves, int32(len(t)-1))
			return leaves[len(leaves)-1]
		}
		n.Left, n.Right = child(), child()
		switch g.r.IntN(3) {
		case 0:
			n.Missing = n.Left
		case 1:
			n.Missing = n.Right
		default:
			n.Missing = child()
		}
		t[at].Node = n
	}
	g.model.Trees = append(g.model.Trees, t)
}

// condition draws what a node asks.
func (g *grove) condition() model.Node {
	k := g.r.IntN(len(g.table.Binnings))
	b := &g.table.Binnings[k]
	n := model.Node{Feature: int32(k), At: int32(1 + g.r.IntN(b.Slots()-1))}
	switch {
	case b.IsSet():
		n.At = max(n.At, 2)
	case !b.Ordered():
		n.At = 0
		for code := 1; code < b.Slots(); code++ {
			if g.r.IntN(2) == 0 || code == 1 {
				n.In = append(n.In, int32(code))
			}
		}
	}
	return n
}

// walk returns by feature what the trees give row i, node after node.
func (g *grove) walk(i int) []int32 {
	sums := make([]int32, len(g.table.Binnings))
	for _, t := range g.model.Trees {
		at := int32(0)
		for n := &t[0]; !n.Leaf(); n = &t[at] {
			c := &g.table.Columns[n.Feature]
			code, next := int32(c.Codes[i]), n.Right
			switch {
			case code == 0:
				next = n.Missing
			case n.In != nil && slices.Contains(n.In, code),
				n.In == nil && c.Offsets == nil && code <= n.At,
				c.Offsets != nil && !slices.Contains(c.Items[c.Offsets[i]:c.Offsets[i+1]], uint16(n.At-2)):
				next = n.Left
			}
			sums[n.Feature] += t[next].MicroPoints - n.MicroPoints
			at = next
		}
	}
	return sums
}

// TestForest checks that the trees give each feature of each account what walking
// them one node at a time does, in batches about as long as a word, as what is
// worked on at once, as a block, and longer.
func TestForest(t *testing.T) {
	for _, rows := range []int{1, 63, 64, 65, 256, 257, 2048, 2049, 5000} {
		g := newGrove(rows)
		for inner := range 30 {
			g.grow(inner, false)
		}
		g.grow(700, true) // more nodes of a feature than a share has
		g.grow(700, false)
		s := model.NewScorer(g.model, 20_000)
		var scores model.Scores
		for range 2 { // the second time nothing of the first is left
			s.ScoreBins(&scores, g.table.Columns, rows)
			for i := range rows {
				for k, want := range g.walk(i) {
					if got := scores.Contributions[k][i]; got != want {
						t.Fatalf("%d rows, row %d: %s is given %d, want %d", rows, i, g.table.Binnings[k].Feature, got, want)
					}
				}
			}
		}
	}
}

// BenchmarkForest scores forests as they are imported: of small trees and of large.
func BenchmarkForest(b *testing.B) {
	for _, inner := range []int{7, 30} {
		b.Run(fmt.Sprintf("leaves=%d", inner+1), func(b *testing.B) {
			const rows = 4096
			g := newGrove(rows)
			for range 300 {
				g.grow(inner, false)
			}
			s := model.NewScorer(g.model, 20_000)
			var scores model.Scores
			b.ReportAllocs()
			for b.Loop() {
				s.ScoreBins(&scores, g.table.Columns, rows)
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
