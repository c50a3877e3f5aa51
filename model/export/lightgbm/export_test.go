package lightgbm_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/export/lightgbm"
)

// drawModel draws a model with a table over every kind of feature, and trees
// whose nodes ask everything that a node can.
func drawModel(t *rapid.T) *model.Model {
	m := &model.Model{Format: model.Format, Version: "v", Missing: "learn", BasePoints: rapid.Float64Range(20, 60).Draw(t, "base")}
	points := rapid.Custom(func(t *rapid.T) int32 {
		if rapid.Bool().Draw(t, "none") {
			return 0
		}
		return rapid.Int32Range(-30_000_000, 30_000_000).Draw(t, "points")
	})
	for _, s := range specs[:6] {
		b := bin.Binning{Feature: s.Name, Pillar: s.Pillar, Kind: s.Kind}
		edges := rapid.SampledFrom([][]float64{nil, {0}, {-2.5, 0, 3}, {-1e300, -5e-324, 7, 100.25, 1e300}}).Draw(t, "edges")
		values := rapid.SampledFrom([][]string{nil, {"tech"}, {"tech", "b2b saas, cloud", "€:[x]"}}).Draw(t, "values")
		switch s.Kind {
		case features.Number, features.Date:
			b.Edges = edges
		case features.Category:
			b.Values, b.Labels = values, values
		case features.Set, features.Words:
			b.Items, b.Labels = values, values
		}
		term := model.Term{Binning: b}
		for slot := range b.Slots() {
			term.MicroPoints = append(term.MicroPoints, points.Draw(t, "slot"))
			term.Customers, term.Pool = append(term.Customers, slot), append(term.Pool, 3*slot)
		}
		m.Terms = append(m.Terms, term)
	}
	for range rapid.IntRange(0, 3).Draw(t, "trees") {
		var tree model.PointTree
		growNode(t, m, &tree, rapid.IntRange(0, 4).Draw(t, "depth"))
		tree[0].MicroPoints = 0
		m.Trees = append(m.Trees, tree)
	}
	return m
}

// growNode adds a node with all below it and returns its number.
func growNode(t *rapid.T, m *model.Model, tree *model.PointTree, depth int) int32 {
	at := int32(len(*tree))
	*tree = append(*tree, model.PointNode{MicroPoints: rapid.Int32Range(-9_000_000, 9_000_000).Draw(t, "points")})
	k := rapid.IntRange(0, 5).Draw(t, "feature")
	b := &m.Terms[k].Binning
	if depth == 0 || b.IsSet() && len(b.Items) == 0 {
		return at
	}
	n := model.Node{Feature: int32(k)}
	switch {
	case b.IsSet():
		n.At = int32(rapid.IntRange(2, b.Slots()-1).Draw(t, "item"))
	case b.Ordered():
		n.At = int32(rapid.IntRange(1, b.Slots()-1).Draw(t, "at"))
	default:
		for code := 1; code < b.Slots(); code++ {
			if rapid.Bool().Draw(t, "in") || code == b.Slots()-1 && n.In == nil {
				n.In = append(n.In, int32(code))
			}
		}
	}
	n.Left = growNode(t, m, tree, depth-1)
	n.Right = growNode(t, m, tree, depth-1)
	switch rapid.IntRange(0, 2).Draw(t, "missing") {
	case 0:
		n.Missing = n.Left
	case 1:
		n.Missing = n.Right
	default:
		n.Missing = growNode(t, m, tree, depth-1)
	}
	(*tree)[at].Node = n
	return at
}

// drawCells draws an account: at edges, next to them, infinite, unseen, empty, unknown.
func drawCells(t *rapid.T) cells {
	c := cells{size: math.NaN(), hiring: int8(rapid.IntRange(-1, 1).Draw(t, "hiring"))}
	if rapid.Bool().Draw(t, "sized") {
		c.size = rapid.SampledFrom([]float64{0, math.Copysign(0, -1), -2.5, 3, 7, 100.25, 1e300, -1e300, -5e-324, math.Inf(1), math.Inf(-1), 42}).Draw(t, "size")
		switch rapid.IntRange(0, 2).Draw(t, "beside") {
		case 1:
			c.size = math.Nextafter(c.size, math.Inf(1))
		case 2:
			c.size = math.Nextafter(c.size, math.Inf(-1))
		}
	}
	if rapid.Bool().Draw(t, "dated") {
		age := rapid.Int32Range(-10, 300).Draw(t, "age")
		c.funded = &age
	}
	texts := []string{"Tech", " tech", "B2B SaaS, Cloud", "€:[x]", "farming"}
	if rapid.Bool().Draw(t, "in a sector") {
		text := rapid.SampledFrom(texts).Draw(t, "sector")
		c.sector = &text
	}
	for k := range c.sets {
		if rapid.Bool().Draw(t, "set") {
			c.sets[k] = append([]string{}, rapid.SliceOfN(rapid.SampledFrom(texts), 0, 3).Draw(t, "items")...)
		}
	}
	return c
}

// TestExportScores checks the law of exporting: read back and applied to the
// matrix, the raw score is the logarithm of the lift, for any model and account.
// Numbers of at most 1e-35 are 0 to LightGBM, so they are left out.
func TestExportScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		text, x, err := lightgbm.Export(m)
		if err != nil {
			t.Fatal(err)
		}
		b, err := lightgbm.Read(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		rows := rapid.SliceOfN(rapid.Custom(drawCells), 1, 8).Draw(t, "accounts")
		for i := range rows {
			if v := math.Abs(rows[i].size); v > 0 && v < 1e-35 {
				rows[i].size = 0
			}
		}
		batch := batchOf(rows)
		var s model.Scores
		if err := model.NewScorer(m, today).Score(&s, batch); err != nil {
			t.Fatal(err)
		}
		for i, row := range matrix(t, x, batch, today) {
			got, want := raw(b, row), math.Log(model.Lift(m.Points(s.Margin[i])))
			if math.Abs(got-want) > 1e-9 {
				t.Fatalf("account %d has raw score %v, want %v; matrix %v of\n%s", i, got, want, row, text)
			}
		}
	})
}

// TestExportRefuses checks that a written grid is refused, with its reason.
func TestExportRefuses(t *testing.T) {
	_, _, err := lightgbm.Export(&model.Model{Grid: &model.Grid{Mode: "sum"}})
	if !errors.Is(err, lightgbm.ErrWrittenGrid) {
		t.Errorf("%v, want ErrWrittenGrid", err)
	}
}

// TestQuote checks names against Python's urllib.parse.quote(text, safe="") (3.13).
func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"aws": "aws", "Google Analytics": "Google%20Analytics", "c++": "c%2B%2B", "a=b:c,[d]{e}\"%": "a%3Db%3Ac%2C%5Bd%5D%7Be%7D%22%25",
		"é€": "%C3%A9%E2%82%AC", "_.-~": "_.-~", "": "", "a/b\n": "a%2Fb%0A",
	} {
		if got := lightgbm.Quote(text); got != want {
			t.Errorf("Quote(%q) = %s, want %s", text, got, want)
		}
	}
	if got := lightgbm.Indicator("my tools", "c++"); got != "my%20tools=c%2B%2B" {
		t.Errorf("indicator %s", got)
	}
}
