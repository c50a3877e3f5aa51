package model_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model"
)

// cuts returns descending margins, a million apart, for a scale.
func cuts(scale string) []int64 {
	var out []int64
	for i := range len(model.Scales[scale]) - 1 {
		out = append(out, int64(3-i)*10_000_000)
	}
	return out
}

// TestGradeAtCuts checks every cut of every scale: a margin on it earns the
// grade, one below it the next.
func TestGradeAtCuts(t *testing.T) {
	want := map[string][]string{"A-F": {"A", "B", "C", "D", "E", "F"}, "A-D+F": {"A", "B", "C", "D", "F"}, "A-D": {"A", "B", "C", "D"}}
	tiers := map[string]int32{"A": 1, "B": 1, "C": 2, "D": 2, "E": 3, "F": 3}
	if len(model.Scales) != len(want) {
		t.Fatalf("%d scales, want %d", len(model.Scales), len(want))
	}
	for scale, names := range model.Scales {
		if !slices.Equal(names, want[scale]) {
			t.Errorf("scale %s is %v, want %v", scale, names, want[scale])
		}
		g, err := model.NewGrades(scale, cuts(scale))
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range g.Cuts {
			if c.Grade != names[i] || c.Tier != tiers[c.Grade] {
				t.Errorf("%s: cut %d is %+v", scale, i, c)
			}
			if i == len(g.Cuts)-1 {
				break
			}
			if at, below := g.Index(c.Margin), g.Index(c.Margin-1); at != i || below != i+1 {
				t.Errorf("%s: a margin on the cut of %s is grade %d, one below it %d", scale, c.Grade, at, below)
			}
		}
		if got := g.Index(math.MinInt64); got != len(g.Cuts)-1 {
			t.Errorf("%s: the least margin is grade %d", scale, got)
		}
		if got := g.Index(math.MaxInt64); got != 0 {
			t.Errorf("%s: the greatest margin is grade %d", scale, got)
		}
	}
}

func TestNewGradesRefuses(t *testing.T) {
	for _, tt := range []struct {
		scale   string
		margins []int64
		want    string
	}{
		{"A-Z", cuts("A-F"), `scale is "A-Z"`},
		{"A-F", cuts("A-D"), "3 cuts; scale A-F wants 5"},
		{"A-D", []int64{1, 2, 0}, "B starts at 2, above A at 1"},
	} {
		if _, err := model.NewGrades(tt.scale, tt.margins); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %v: %v, want %q", tt.scale, tt.margins, err, tt.want)
		}
	}
	g := model.Grades{}
	if g.Validate() == nil {
		t.Error("no cuts are valid")
	}
	g, err := model.NewGrades("A-D", []int64{5, 5, 5}) // equal cuts leave grades empty
	if err != nil || g.Index(5) != 0 || g.Index(4) != 3 {
		t.Errorf("equal cuts: %v", err)
	}
	for _, h := range []float64{math.NaN(), -1, math.Inf(1), 1e13} {
		if g.Hysteresis = h; g.Validate() == nil {
			t.Errorf("a hysteresis of %v is valid", h)
		}
	}
}

// TestKeep checks hysteresis of one point at the cut between B and C, 10 points,
// from both sides, and where there is nothing to keep.
func TestKeep(t *testing.T) {
	g, err := model.NewGrades("A-D", []int64{20_000_000, 10_000_000, 0})
	if err != nil {
		t.Fatal(err)
	}
	g.Hysteresis = 1
	const a, b, c, d = 0, 1, 2, 3
	for _, tt := range []struct {
		margin   int64
		previous string
		want     int
	}{
		{10_000_000, "", b}, {9_999_999, "", c}, {10_000_000, "E", b}, {10_000_000, "nonsense", b}, // unknown: as cut
		{10_000_000, "C", c}, {10_999_999, "C", c}, {11_000_000, "C", b}, // up by a whole point
		{9_999_999, "B", b}, {9_000_000, "B", b}, {8_999_999, "B", c}, // down by more than one
		{10_500_000, "B", b}, {9_500_000, "C", c}, // no border passed
		{20_500_000, "C", b}, {21_000_000, "C", a}, // up two: the better of them not yet
		{-500_000, "B", c}, {-1_000_001, "B", d}, // down two
		{5_000_000, "A", c}, {25_000_000, "D", a}, // far
	} {
		if got := g.Keep(tt.margin, tt.previous); got != tt.want {
			t.Errorf("Keep(%d, %q) = %d, want %d", tt.margin, tt.previous, got, tt.want)
		}
	}
	g.Hysteresis = 0
	if got := g.Keep(10_000_000, "C"); got != b {
		t.Errorf("without hysteresis a margin on the cut keeps grade %d", got)
	}
}

// TestKeepLaws checks that the same margin keeps its grade, that a better margin
// never earns a worse grade from the same previous one, that a kept grade is
// between the previous and the one the margin is cut to, and that beyond the
// hysteresis it is the latter.
func TestKeepLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]string{"A-F", "A-D+F", "A-D"}).Draw(t, "scale")
		n := len(model.Scales[scale])
		margins := rapid.SliceOfN(rapid.Map(rapid.Int64Range(-50, 50), func(v int64) int64 { return v * 100_000 }), n-1, n-1).Draw(t, "cuts")
		slices.Sort(margins)
		slices.Reverse(margins)
		g, err := model.NewGrades(scale, margins)
		if err != nil {
			t.Fatal(err)
		}
		g.Hysteresis = rapid.Float64Range(0, 3).Draw(t, "hysteresis")
		before := rapid.IntRange(0, n-1).Draw(t, "previous")
		margin := rapid.Int64Range(-9_000_000, 9_000_000).Draw(t, "margin")
		kept, cut := g.Keep(margin, g.Cuts[before].Grade), g.Index(margin)
		if again := g.Keep(margin, g.Cuts[kept].Grade); again != kept {
			t.Fatalf("grade %d kept, then %d", kept, again)
		}
		if kept < min(before, cut) || kept > max(before, cut) {
			t.Fatalf("from grade %d, cut %d: kept %d", before, cut, kept)
		}
		if kept > 0 && g.Cuts[kept].Margin == g.Cuts[kept-1].Margin {
			t.Fatalf("grade %d is kept, which the cuts leave empty", kept)
		}
		if better := g.Keep(margin+rapid.Int64Range(0, 2_000_000).Draw(t, "more"), g.Cuts[before].Grade); better > kept {
			t.Fatalf("from grade %d a better margin gets grade %d, not %d", before, better, kept)
		}
		slack := int64(math.Round(g.Hysteresis * model.Micro))
		if g.Index(margin-slack) == cut && g.Index(margin+slack) == cut && kept != cut {
			t.Fatalf("margin is clear of all borders, but grade %d is kept, not %d", kept, cut)
		}
	})
}

// TestKeepNights follows an account over many nights. While its margin stays
// within twice the hysteresis its grade moves one way only, so that it never
// comes back to a grade it has left; a night without a change of data changes no
// grade; and a grade moves only where the margin passed its border by the
// hysteresis.
func TestKeepNights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]string{"A-F", "A-D+F", "A-D"}).Draw(t, "scale")
		n := len(model.Scales[scale])
		margins := rapid.SliceOfN(rapid.Int64Range(-5_000_000, 5_000_000), n-1, n-1).Draw(t, "cuts")
		slices.Sort(margins)
		slices.Reverse(margins)
		g, err := model.NewGrades(scale, margins)
		if err != nil {
			t.Fatal(err)
		}
		slack := rapid.Int64Range(0, 2_000_000).Draw(t, "slack")
		g.Hysteresis = float64(slack) / model.Micro
		least := rapid.Int64Range(-8_000_000, 8_000_000).Draw(t, "least margin")
		held := rapid.SampledFrom(append(slices.Clone(model.Scales[scale]), "")).Draw(t, "first grade")
		up, down := false, false
		for night := range 20 {
			margin := least + rapid.Int64Range(0, 2*slack).Draw(t, "margin")
			at := g.Keep(margin, held)
			now := g.Cuts[at].Grade
			if again := g.Cuts[g.Keep(margin, now)].Grade; again != now {
				t.Fatalf("night %d: %s, and without a change %s", night, now, again)
			}
			if night > 0 && now != held {
				before := slices.Index(model.Scales[scale], held)
				if at < before && margin < g.Cuts[before-1].Margin+slack || at > before && margin >= g.Cuts[before].Margin-slack {
					t.Fatalf("night %d: from %s to %s at margin %d, slack %d, cuts %v", night, held, now, margin, slack, margins)
				}
				up, down = up || at < before, down || at > before
			}
			if up && down {
				t.Fatalf("night %d: up and down within %d of %d", night, 2*slack, least)
			}
			held = now
		}
	})
}

// TestKeepEmpty checks that a grade that new cuts leave empty is not kept.
func TestKeepEmpty(t *testing.T) {
	g, err := model.NewGrades("A-D", []int64{10_000_000, 10_000_000, 0}) // nobody is B
	if err != nil {
		t.Fatal(err)
	}
	g.Hysteresis = 1
	for margin, want := range map[int64]int{10_500_000: 0, 9_500_000: 2} {
		if got := g.Keep(margin, "B"); got != want {
			t.Errorf("an account of grade B with margin %d gets grade %d, want %d", margin, got, want)
		}
	}
}
