package model_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

var nan = math.NaN()

// TestScoreMemory checks that a Scores used before, for more rows, leaves
// nothing behind, and that a scorer can go on to another reader.
func TestScoreMemory(t *testing.T) {
	m := tiny(t)
	scorer := model.NewScorer(m, 20_000)
	var s, fresh model.Scores
	long := datasets.Concat(base(), base())
	if err := scorer.Score(&s, long); err != nil {
		t.Fatal(err)
	}
	scorer.NewReader()
	other := base()
	other.Columns[2].Dictionary = []string{"Farming", "Tech", "Retail"} // codes of another reader
	if err := scorer.Score(&s, other); err != nil {
		t.Fatal(err)
	}
	if err := model.NewScorer(m, 20_000).Score(&fresh, other); err != nil {
		t.Fatal(err)
	}
	if s.Rows != 4 || !slices.Equal(s.Margin, fresh.Margin) || !slices.Equal(s.Known, fresh.Known) || !slices.Equal(s.Pillars[2], fresh.Pillars[2]) {
		t.Errorf("margins %v and %v", s.Margin, fresh.Margin)
	}
}

// TestScoreSplit checks that an account's score does not depend on its batch.
func TestScoreSplit(t *testing.T) {
	m := tiny(t)
	var whole model.Scores
	if err := model.NewScorer(m, 20_000).Score(&whole, base()); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		one := row(base(), i)
		var s model.Scores
		if err := model.NewScorer(m, 20_000).Score(&s, one); err != nil {
			t.Fatal(err)
		}
		if s.Margin[0] != whole.Margin[i] {
			t.Errorf("row %d alone has margin %d, in its batch %d", i, s.Margin[0], whole.Margin[i])
		}
	}
}

// row returns row i of b as a batch.
func row(b *datasets.Batch, i int) *datasets.Batch {
	out := &datasets.Batch{Rows: 1}
	for _, c := range b.Columns {
		one := datasets.Column{Field: c.Field, Dictionary: c.Dictionary}
		switch c.Type {
		case datasets.Number:
			one.Numbers = c.Numbers[i : i+1]
		case datasets.Date:
			one.Days = c.Days[i : i+1]
		case datasets.Flag:
			one.Flags = c.Flags[i : i+1]
		case datasets.Category:
			one.Codes = c.Codes[i : i+1]
		default:
			one.Codes, one.Null = c.Items(i), c.Null[i:i+1]
			one.Offsets = []int32{0, int32(len(one.Codes))}
		}
		out.Columns = append(out.Columns, one)
	}
	return out
}

func TestScoreRefuses(t *testing.T) {
	m := tiny(t)
	for _, k := range []int{0, 1, 3, 5} {
		b := base()
		name := b.Columns[k].Name
		b.Columns[k].Name = "other"
		var s model.Scores
		err := model.NewScorer(m, 0).Score(&s, b)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without column %s: %v", name, err)
		}
		b.Columns[k].Name, b.Columns[k].Type = name, datasets.Integer
		err = model.NewScorer(m, 0).Score(&s, b)
		if err == nil || !strings.Contains(err.Error(), "integer") {
			t.Errorf("column %s as integers: %v", name, err)
		}
	}
}

// TestColumns checks that a model asks for the columns of its fit and signals.
func TestColumns(t *testing.T) {
	b := base()
	for _, f := range tiny(t).Columns() {
		if c := b.Column(f.Name); c == nil || c.Type != f.Type {
			t.Errorf("column %s of type %s is not in the base", f.Name, f.Type)
		}
	}
}

// TestHugeSet checks that the points of a set end at its limit rather than
// wrap round.
func TestHugeSet(t *testing.T) {
	for _, sign := range []int32{1, -1} {
		b := bin.Binning{Feature: "s", Pillar: features.Technographic, Kind: features.Set, Items: []string{"a", "b"}, Labels: []string{"a", "b"}}
		m := &model.Model{Terms: []model.Term{{Binning: b, MicroPoints: []int32{0, 0, sign * 2_000_000_000, sign * 2_000_000_000}}}}
		c := datasets.Column{Field: datasets.Field{Name: "s", Type: datasets.Set}, Dictionary: b.Items, Codes: []int32{0, 1}, Offsets: []int32{0, 2}}
		var s model.Scores
		if err := model.NewScorer(m, 0).Score(&s, &datasets.Batch{Rows: 1, Columns: []datasets.Column{c}}); err != nil {
			t.Fatal(err)
		}
		if want := int64(sign) * math.MaxInt32; s.Margin[0] != want || int64(s.Contributions[0][0]) != want {
			t.Errorf("margin %d, contribution %d, want %d", s.Margin[0], s.Contributions[0][0], want)
		}
	}
}

// TestPriority checks the weights 0.4, 0.3, 0.3 and that the weight of what is
// unknown goes to the others in proportion: by hand.
func TestPriority(t *testing.T) {
	for _, tt := range []struct {
		pillars []float64
		want    float64
	}{
		{[]float64{100, 100, 100}, 100},
		{[]float64{100, 0, 0}, 40},
		{[]float64{0, 100, 50}, 45},
		{[]float64{nan, 80, 40}, 60},
		{[]float64{70, nan, nan}, 70},
		{[]float64{100, nan, 30}, (40 + 9) / 0.7},
	} {
		if got := model.Priority(tt.pillars); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("Priority(%v) = %v, want %v", tt.pillars, got, tt.want)
		}
	}
	if got := model.Priority([]float64{nan, nan, nan}); !math.IsNaN(got) {
		t.Errorf("of nothing known, Priority = %v, want NaN", got)
	}
}

// TestPillarScore checks percentiles by pillar and NaN where a pillar is unknown.
func TestPillarScore(t *testing.T) {
	m := tiny(t)
	var s model.Scores
	if err := model.NewScorer(m, 20_000).Score(&s, base()); err != nil {
		t.Fatal(err)
	}
	if got := m.PillarScore(&s, 0, 0); got != 100 { // above all quantiles
		t.Errorf("firmographic of row 0 is %v, want 100", got)
	}
	if got := m.PillarScore(&s, 0, 2); math.Abs(got-33.75) > 0.051 { // -3.25 between -10 and 10 points
		t.Errorf("firmographic of row 2 is %v, want 33.75", got)
	}
	if got := m.PillarScore(&s, 2, 3); got != 50 {
		t.Errorf("intent of row 3 is %v, want 50: the middle of three quantiles", got)
	}
	for p := range 3 {
		if got := m.PillarScore(&s, p, 1); !math.IsNaN(got) {
			t.Errorf("pillar %d of an unknown account is %v, want NaN", p, got)
		}
	}
	if got, want := m.RowPriority(&s, 3), 0.4*m.PillarScore(&s, 0, 3)+0.3*m.PillarScore(&s, 1, 3)+0.3*50; math.Abs(got-want) > 1e-12 {
		t.Errorf("priority %v, want %v", got, want)
	}
	delete(m.PillarQuantiles, "technographic")
	if got := m.PillarScore(&s, 1, 0); got != 50 {
		t.Errorf("a pillar without quantiles scores %v, want 50", got)
	}
}

// TestQuantileLaws checks the quantiles a model keeps: 1,001 ascending values of
// the sample, the ends of it first and last; with at least a share of the weight
// at or below each, and less than it below.
func TestQuantileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-50, 50), 1, 40).Draw(t, "values")
		weights := make([]float64, len(values))
		var total float64
		for i := range weights {
			weights[i] = float64(rapid.IntRange(1, 4).Draw(t, "weight"))
			total += weights[i]
		}
		before := slices.Clone(values)
		q := model.Quantiles(values, weights)
		if !slices.Equal(values, before) {
			t.Fatal("values have changed")
		}
		if len(q) != 1001 || !slices.IsSorted(q) || q[0] != slices.Min(values) || q[1000] != slices.Max(values) {
			t.Fatalf("%d quantiles from %d to %d", len(q), q[0], q[len(q)-1])
		}
		for step, v := range q {
			var below, at float64
			for i, x := range values {
				if x < v {
					below += weights[i]
				}
				if x <= v {
					at += weights[i]
				}
			}
			want := total * float64(step) / 1000
			if at < want-1e-9 || step > 0 && below >= want+1e-9 {
				t.Fatalf("quantile %d is %d: %v of %v below it, %v at or below", step, v, below, total, at)
			}
		}
	})
	if model.Quantiles(nil, nil) != nil {
		t.Error("no values have quantiles")
	}
	if a, b := model.Quantiles([]int64{3, 1, 2}, nil), model.Quantiles([]int64{3, 1, 2}, []float64{1, 1, 1}); !slices.Equal(a, b) {
		t.Error("no weights differ from weights of one")
	}
}

// TestPercentileLaws checks that a percentile is in [0, 100], never falls as the
// value rises, is 0 and 100 beyond the ends, and is exact on distinct quantiles.
func TestPercentileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-30, 30), 1, 30).Draw(t, "values")
		q := model.Quantiles(values, nil)
		last := 0.0
		for v := int64(-32); v <= 32; v++ {
			p := model.Percentile(q, v)
			if p < last || p > 100 {
				t.Fatalf("Percentile(%d) = %v after %v", v, p, last)
			}
			last = p
		}
		if low, high := model.Percentile(q, -32), model.Percentile(q, 32); low != 0 || high != 100 {
			t.Fatalf("beyond the ends: %v and %v", low, high)
		}
	})
	q := []int64{10, 20, 30, 30, 40}
	for v, want := range map[int64]float64{9: 0, 10: 0, 15: 12.5, 20: 25, 30: 62.5, 40: 100, 41: 100} {
		if got := model.Percentile(q, v); got != want {
			t.Errorf("Percentile(%d) = %v, want %v", v, got, want)
		}
	}
	for _, q := range [][]int64{nil, {7}} {
		if got := model.Percentile(q, 7); got != 50 {
			t.Errorf("Percentile of %v is %v, want 50", q, got)
		}
	}
}
