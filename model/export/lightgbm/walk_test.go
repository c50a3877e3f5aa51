package lightgbm_test

import (
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/export/lightgbm"
)

// raw applies a model as tree.h of LightGBM does (NumericalDecision,
// CategoricalDecision); TestReference compares it with LightGBM.
func raw(b *lightgbm.Booster, row []float64) (sum float64) {
	for i := range b.Trees {
		t := &b.Trees[i]
		at := int32(0)
		if len(t.Splits) == 0 {
			at = ^0
		}
		for at >= 0 {
			s := &t.Splits[at]
			if left(s, row[s.Feature]) {
				at = s.Left
			} else {
				at = s.Right
			}
		}
		sum += t.Leaves[^at]
	}
	return sum
}

func left(s *lightgbm.Split, v float64) bool {
	if s.Categories != nil {
		if math.IsNaN(v) || int(v) < 0 || int(v)/32 >= len(s.Categories) {
			return false
		}
		return s.Categories[int(v)/32]>>(int(v)%32)&1 == 1
	}
	if math.IsNaN(v) && s.Missing != lightgbm.MissingNaN {
		v = 0
	}
	if math.IsNaN(v) || s.Missing == lightgbm.MissingZero && math.Abs(v) <= 1e-35 {
		return s.DefaultLeft
	}
	return v <= s.Threshold
}

// matrix makes a model's matrix of a batch as the package's comment says.
func matrix(t fataler, x *lightgbm.Matrix, batch *datasets.Batch, asOf int32) [][]float64 {
	t.Helper()
	out := make([][]float64, batch.Rows)
	for _, m := range x.Columns {
		c := batch.Column(m.Feature)
		for i := range out {
			v := math.NaN()
			if !c.Missing(i) {
				v = cell(t, m, c, i, asOf)
			}
			out[i] = append(out[i], v)
		}
	}
	return out
}

func cell(t fataler, m lightgbm.Column, c *datasets.Column, i int, asOf int32) float64 {
	t.Helper()
	switch m.As {
	case "number":
		return c.Numbers[i]
	case "age":
		return float64(asOf - c.Days[i])
	case "flag":
		return float64(c.Flags[i])
	case "known":
		return 1
	case "code":
		for code, v := range m.Values {
			if v == bin.Fold(c.Dictionary[c.Codes[i]]) {
				return float64(code)
			}
		}
		return float64(len(m.Values))
	case "item":
		for _, code := range c.Items(i) {
			if bin.Fold(c.Dictionary[code]) == *m.Item {
				return 1
			}
		}
		return 0
	}
	t.Fatalf("column %q holds %q", m.Name, m.As)
	return 0
}

// table is a feature table of one feature of each kind.
var specs = []features.Spec{
	{Name: "size", Pillar: features.Firmographic, Kind: features.Number},
	{Name: "funded", Pillar: features.Firmographic, Kind: features.Date},
	{Name: "hiring", Pillar: features.Firmographic, Kind: features.Flag},
	{Name: "sector", Pillar: features.Firmographic, Kind: features.Category},
	{Name: "tools", Pillar: features.Technographic, Kind: features.Set},
	{Name: "about us", Pillar: features.Technographic, Kind: features.Words},
	{Name: "visits", Pillar: features.Intent, Kind: features.Number},
}

// A cells is one account: nil is unknown.
type cells struct {
	size   float64
	funded *int32 // age
	hiring int8
	sector *string
	sets   [2][]string // tools, about us
}

const today = 20_000

// batchOf makes a batch of accounts.
func batchOf(rows []cells) *datasets.Batch {
	b := &datasets.Batch{Rows: len(rows)}
	for _, s := range specs[:6] {
		b.Columns = append(b.Columns, datasets.Column{Field: datasets.Field{Name: s.Name, Type: s.Kind.Type()}})
	}
	c := b.Columns
	c[4].Offsets, c[5].Offsets = []int32{0}, []int32{0}
	for _, r := range rows {
		c[0].Numbers = append(c[0].Numbers, r.size)
		day := datasets.MissingDay
		if r.funded != nil {
			day = today - *r.funded
		}
		c[1].Days, c[2].Flags = append(c[1].Days, day), append(c[2].Flags, r.hiring)
		code := int32(-1)
		if r.sector != nil {
			code = word(&c[3], *r.sector)
		}
		c[3].Codes = append(c[3].Codes, code)
		for k, items := range r.sets {
			set := &c[4+k]
			for _, item := range items {
				set.Codes = append(set.Codes, word(set, item))
			}
			set.Offsets, set.Null = append(set.Offsets, int32(len(set.Codes))), append(set.Null, items == nil)
		}
	}
	return b
}

// word returns the code of a text in the dictionary of c.
func word(c *datasets.Column, text string) int32 {
	for code, t := range c.Dictionary {
		if t == text {
			return int32(code)
		}
	}
	c.Dictionary = append(c.Dictionary, text)
	return int32(len(c.Dictionary) - 1)
}

func says(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// A fataler is a test of testing or of rapid.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}
