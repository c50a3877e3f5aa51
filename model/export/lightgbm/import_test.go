package lightgbm_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/export/lightgbm"
)

// columns are those of scripts/reference/lightgbm_expected.py.
var columns = []string{"size", "funded", "hiring", "sector=tech", "sector=b2b%20saas%2C%20cloud", "tools=aws", "tools=google%20analytics", "tools=c%2B%2B"}

// account returns the account whose matrix has the row.
func account(row []float64) cells {
	c := cells{size: row[0], hiring: -1}
	if !math.IsNaN(row[1]) {
		age := int32(max(-1e9, min(1e9, row[1])))
		c.funded = &age
	}
	if !math.IsNaN(row[2]) {
		c.hiring = int8(row[2])
	}
	if !math.IsNaN(row[3]) {
		text := "Farming"
		if row[3] == 1 {
			text = "Tech"
		} else if row[4] == 1 {
			text = "b2b SaaS, cloud "
		}
		c.sector = &text
	}
	if !math.IsNaN(row[5]) {
		c.sets[0] = []string{}
		for i, item := range []string{"AWS", "Google Analytics", "C++"} {
			if row[5+i] == 1 {
				c.sets[0] = append(c.sets[0], item)
			}
		}
	}
	return c
}

// margins returns what an imported model gives rows.
func margins(t fataler, x *lightgbm.Imported, rows [][]float64) []float64 {
	t.Helper()
	var accounts []cells
	for _, row := range rows {
		accounts = append(accounts, account(row))
	}
	table := bin.Bin(x.Binnings, batchOf(accounts), today)
	fit := &model.Fit{Trees: x.Trees}
	for k := range x.Binnings {
		fit.Scores = append(fit.Scores, make([]float64, x.Binnings[k].Slots()))
	}
	out := make([]float64, len(rows))
	for i := range out {
		out[i] = fit.Margin(table, i)
	}
	return out
}

// TestReference checks, for models and raw scores by LightGBM 4.7.0
// (testdata/expected.json, by scripts/reference/lightgbm_expected.py), that an
// imported model gives the log odds, and that the tests' own reading of the
// format gives the raw score.
func TestReference(t *testing.T) {
	var expected struct {
		Columns []string
		Models  []struct {
			Name, Text string
			Rows       [][]string
			Raw        []float64
		}
	}
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Models) != 6 || strings.Join(expected.Columns, " ") != strings.Join(columns, " ") {
		t.Fatalf("%d models over %v", len(expected.Models), expected.Columns)
	}
	for _, m := range expected.Models {
		b, err := lightgbm.Read([]byte(m.Text))
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		x, err := lightgbm.Import(b, specs)
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		var rows [][]float64
		for _, texts := range m.Rows {
			var row []float64
			for _, text := range texts {
				v, err := strconv.ParseFloat(text, 64)
				if err != nil {
					t.Fatal(err)
				}
				row = append(row, v)
			}
			rows = append(rows, row)
		}
		odds := 1.0 // a raw score's worth in log odds; LightGBM does not average it
		switch m.Name {
		case "sigmoid 2":
			odds = 2
		case "random forest":
			odds = 0.1
		}
		for i, got := range margins(t, x, rows) {
			if math.Abs(got-odds*m.Raw[i]) > 1e-12 {
				t.Errorf("%s: row %d has log odds %v, want %v", m.Name, i, got, odds*m.Raw[i])
			}
			if walked := raw(b, rows[i]); math.Abs(walked-m.Raw[i]) > 1e-12 {
				t.Errorf("%s: row %d has raw score %v, want %v", m.Name, i, walked, m.Raw[i])
			}
		}
	}
}

// drawBooster draws a LightGBM model over columns, with thresholds that
// LightGBM seldom writes: below 0, at 0 and 1 and infinite of a flag or indicator.
func drawBooster(t *rapid.T) *lightgbm.Booster {
	b := &lightgbm.Booster{Features: columns, Infos: columns, Objective: "binary", Sigmoid: 1}
	for range rapid.IntRange(1, 3).Draw(t, "trees") {
		tree := lightgbm.Tree{}
		growSplit(t, &tree, rapid.IntRange(0, 5).Draw(t, "depth"))
		tree.Counts = make([]int, len(tree.Leaves))
		for i := range tree.Counts {
			tree.Counts[i] = 1
		}
		b.Trees = append(b.Trees, tree)
	}
	return b
}

func growSplit(t *rapid.T, tree *lightgbm.Tree, depth int) int32 {
	if depth == 0 || rapid.IntRange(0, 4).Draw(t, "leaf") == 0 {
		tree.Leaves = append(tree.Leaves, rapid.Float64Range(-3, 3).Draw(t, "value"))
		return ^int32(len(tree.Leaves) - 1)
	}
	at := int32(len(tree.Splits))
	s := lightgbm.Split{
		Feature: int32(rapid.IntRange(0, len(columns)-1).Draw(t, "column")), DefaultLeft: rapid.Bool().Draw(t, "left"),
		Missing: rapid.SampledFrom([]int{lightgbm.MissingNone, lightgbm.MissingNaN}).Draw(t, "missing"),
	}
	s.Threshold = rapid.SampledFrom([]float64{1e-35, 0.5, 0, 1, -0.5, 2, math.Inf(1)}).Draw(t, "of 0 and 1")
	if s.Feature < 2 {
		s.Threshold = rapid.SampledFrom([]float64{-3, 0, 1.5, 100, 1e300, math.Inf(1)}).Draw(t, "threshold")
	}
	tree.Splits = append(tree.Splits, s)
	l := growSplit(t, tree, depth-1)
	r := growSplit(t, tree, depth-1)
	tree.Splits[at].Left, tree.Splits[at].Right = l, r
	return at
}

func drawRow(t *rapid.T) []float64 {
	row := make([]float64, len(columns))
	nan := func(from, to int) {
		if rapid.IntRange(0, 2).Draw(t, "unknown") == 0 {
			for i := from; i < to; i++ {
				row[i] = math.NaN()
			}
		}
	}
	row[0] = rapid.SampledFrom([]float64{-3, math.Nextafter(-3, 0), 0, 1.5, 7, 100, math.Nextafter(100, 101), math.Inf(1), math.Inf(-1)}).Draw(t, "size")
	row[1] = float64(rapid.IntRange(-5, 200).Draw(t, "age"))
	row[2] = float64(rapid.IntRange(0, 1).Draw(t, "hiring"))
	if sector := rapid.IntRange(0, 2).Draw(t, "sector"); sector < 2 {
		row[3+sector] = 1
	}
	for i := 5; i < 8; i++ {
		row[i] = float64(rapid.IntRange(0, 1).Draw(t, "item"))
	}
	nan(0, 1)
	nan(1, 2)
	nan(2, 3)
	nan(3, 5)
	nan(5, 8)
	return row
}

// TestImportDecides checks the law of importing: any LightGBM model, written
// and read, gives any account its raw score.
func TestImportDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBooster(t)
		text := b.Encode()
		read, err := lightgbm.Read(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		x, err := lightgbm.Import(read, specs)
		if err != nil {
			for i := range b.Trees {
				if len(b.Trees[i].Splits) > 0 {
					t.Fatalf("%v in\n%s", err, text)
				}
			}
			return // no tree splits on anything
		}
		rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 8).Draw(t, "rows")
		for i, got := range margins(t, x, rows) {
			if want := raw(b, rows[i]); math.Abs(got-want) > 1e-12 {
				t.Fatalf("row %v has %v, want %v; of\n%s", rows[i], got, want, text)
			}
		}
	})
}

// oneSplit is a model of one split.
func oneSplit(column string, s lightgbm.Split) *lightgbm.Booster {
	s.Left, s.Right = ^0, ^1
	return &lightgbm.Booster{Features: []string{column, "unused"}, Objective: "binary", Sigmoid: 1, Trees: []lightgbm.Tree{{Splits: []lightgbm.Split{s}, Leaves: []float64{1, 2}, Counts: []int{1, 1}}}}
}

// TestImportRefuses checks that what cannot be taken is refused, by name, and
// where icpfit's limits are.
func TestImportRefuses(t *testing.T) {
	for name, want := range map[string]string{
		"Column_0":      `column "Column_0": no feature of icpfit.yaml is called so`,
		"sector":        `column "sector": a category has one column of 0 and 1 a value, named sector=VALUE`,
		"tools":         `column "tools": a set has one column of 0 and 1 a value, named tools=VALUE`,
		"about%20us":    `a words has one column of 0 and 1 a value, named about%20us=VALUE`,
		"size=3":        `column "size=3": a number is a column of its own, named size`,
		"visits":        `column "visits": a signal of intent is scored beside the fit`,
		"tools:aws":     `no feature of icpfit.yaml is called so`,
		"sectors=tech":  `no feature of icpfit.yaml is called so`,
		"Size":          `no feature of icpfit.yaml is called so`,
		"hiring=yes":    `a flag is a column of its own`,
		"funded_age":    `no feature`,
		"tools=":        "",
		"about us=x":    "",
		"sector=no%zzt": "",
	} {
		_, err := lightgbm.Import(oneSplit(name, lightgbm.Split{Threshold: 0.5}), specs)
		if want == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		} else if want != "" {
			says(t, name, err, want)
		}
	}
	for what, tt := range map[string]struct {
		split lightgbm.Split
		want  string
	}{
		"codes":        {lightgbm.Split{Categories: []uint32{3}}, `tree 0 splits column "size" by LightGBM's category codes`},
		"zero missing": {lightgbm.Split{Missing: lightgbm.MissingZero}, "zero_as_missing=false"},
		"unknown rule": {lightgbm.Split{Missing: 3}, "does not know"},
		"-inf":         {lightgbm.Split{Threshold: math.Inf(-1)}, "at -inf"},
	} {
		_, err := lightgbm.Import(oneSplit("size", tt.split), specs)
		says(t, what, err, tt.want)
	}
	b := oneSplit("size", lightgbm.Split{})
	b.Objective = "regression"
	_, err := lightgbm.Import(b, specs)
	says(t, "regression", err, "want binary or cross_entropy")
	b.Objective, b.Trees[0] = "binary", lightgbm.Tree{Leaves: []float64{1}}
	_, err = lightgbm.Import(b, specs)
	says(t, "a constant", err, "no tree splits on anything")
}

// TestImportLimits checks how many edges, values and nodes there may be.
func TestImportLimits(t *testing.T) {
	many := func(n int, column func(i int) string, threshold func(i int) float64) *lightgbm.Booster {
		b := &lightgbm.Booster{Objective: "binary", Sigmoid: 1}
		for i := range n {
			one := oneSplit(column(i), lightgbm.Split{Feature: int32(len(b.Features)), Threshold: threshold(i)})
			b.Features, b.Trees = append(b.Features, one.Features...), append(b.Trees, one.Trees...)
		}
		return b
	}
	size := func(int) string { return "size" }
	at := func(i int) float64 { return float64(i) }
	sector := func(i int) string { return fmt.Sprintf("sector=s%d", i) }
	half := func(int) float64 { return 0.5 }
	for what, tt := range map[string]struct {
		b    *lightgbm.Booster
		want string
	}{
		"254 edges":  {many(254, size, at), ""},
		"255 edges":  {many(255, size, at), `feature "size": the trees split it at 255 values; want at most 254: train with max_bin=255`},
		"254 values": {many(254, sector, half), ""},
		"255 values": {many(255, sector, half), `feature "sector": the trees ask for 255 values; want at most 254`},
		"items":      {many(70_000, func(i int) string { return fmt.Sprintf("tools=t%d", i) }, half), `feature "tools": the trees ask for 70000 items; want at most 65534`},
	} {
		_, err := lightgbm.Import(tt.b, specs)
		if tt.want == "" && err != nil {
			t.Errorf("%s: %v", what, err)
		} else if tt.want != "" {
			says(t, what, err, tt.want)
		}
	}
	// Known is told from unknown by sets again and again: each time what follows
	// is there twice, so the nodes double with every set.
	var sets []features.Spec
	chain := lightgbm.Tree{Leaves: []float64{0}}
	b := &lightgbm.Booster{Objective: "binary", Sigmoid: 1}
	for i := range int32(40) {
		name := fmt.Sprintf("set%d", i)
		sets = append(sets, features.Spec{Name: name, Pillar: features.Firmographic, Kind: features.Set})
		b.Features = append(b.Features, name+"=x")
		left := i + 1
		if i == 39 {
			left = ^0
		}
		chain.Splits = append(chain.Splits, lightgbm.Split{Feature: i, Threshold: math.Inf(1), Missing: lightgbm.MissingNaN, Left: left, Right: ^(i + 1)})
		chain.Leaves = append(chain.Leaves, 1)
	}
	b.Trees = []lightgbm.Tree{chain}
	_, err := lightgbm.Import(b, sets)
	says(t, "doubling", err, "train with fewer leaves or rounds")
}
