package model_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// drawnColumn draws the cells of a number, a category or a set.
func drawnColumn(t *rapid.T, b *bin.Binning, rows int) bin.Column {
	c := bin.Column{}
	if !b.IsSet() {
		for range rows {
			c.Codes = append(c.Codes, uint8(rapid.IntRange(0, b.Slots()-1).Draw(t, "code")))
		}
		return c
	}
	c.Offsets = []int32{0}
	for range rows {
		known := rapid.Bool().Draw(t, "known")
		c.Codes = append(c.Codes, 0)
		for item := range b.Items {
			if known && rapid.Bool().Draw(t, "has") {
				c.Items = append(c.Items, uint16(item))
			}
		}
		if known {
			c.Codes[len(c.Codes)-1] = 1
		}
		c.Offsets = append(c.Offsets, int32(len(c.Items)))
	}
	return c
}

// TestPart checks what a part is for: with other cells of its feature a row's
// margin moves by as much as the part does, whatever the other features hold.
func TestPart(t *testing.T) {
	binnings := []bin.Binning{
		{Feature: "n", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{1, 2}},
		{Feature: "c", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"a", "b"}, Labels: []string{"A", "B"}},
		{Feature: "s", Pillar: features.Technographic, Kind: features.Set, Items: []string{"x", "y"}, Labels: []string{"X", "Y"}},
	}
	trees := []model.Tree{
		{Nodes: []model.Node{{Feature: 0, At: 1, Left: 1, Right: 2, Missing: 1}, {}, {Feature: 2, At: 3, Left: 3, Right: 4, Missing: 5}, {}, {}, {}}, Values: []float64{0, -1, 0, 0.5, 2, -0.25}},
		{Nodes: []model.Node{{Feature: 1, In: []int32{1, 3}, Left: 1, Right: 2, Missing: 2}, {}, {}}, Values: []float64{0, 0.75, -0.5}},
	}
	rapid.Check(t, func(t *rapid.T) {
		const rows = 20
		table := &bin.Table{Rows: rows, Binnings: binnings}
		fit := &model.Fit{Intercept: -1, Trees: trees}
		for k := range binnings {
			table.Columns = append(table.Columns, drawnColumn(t, &binnings[k], rows))
			scores := make([]float64, binnings[k].Slots())
			for slot := range scores {
				scores[slot] = float64(rapid.IntRange(-8, 8).Draw(t, "score")) / 4
			}
			fit.Scores = append(fit.Scores, scores)
		}
		k := rapid.IntRange(0, len(binnings)-1).Draw(t, "feature")
		other := drawnColumn(t, &binnings[k], rows)
		part := fit.Part(table, k)
		was, is := part.Margins(&table.Columns[k]), part.Margins(&other)
		before := fit.Margins(table)
		table.Columns[k] = other
		for i, after := range fit.Margins(table) { // quarters: sums are exact
			if got := before[i] - was[i] + is[i]; math.Abs(got-after) > 0 {
				t.Fatalf("row %d, feature %d: %v, want %v", i, k, got, after)
			}
		}
	})
}
