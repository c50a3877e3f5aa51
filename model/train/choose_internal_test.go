package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/model/evaluate"
)

// TestDifference checks the paired comparison: a learner is not apart from
// itself, from one that differs by chance, or from one better on a few accounts
// only, and is from one that is a little better on all.
func TestDifference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var losses, w []float64
	for range 500 {
		losses, w = append(losses, rng.ExpFloat64()), append(w, 1+rng.Float64())
	}
	with := func(change func(i int) float64) []float64 {
		out := slices.Clone(losses)
		for i := range out {
			out[i] += change(i)
		}
		return out
	}
	for _, tt := range []struct {
		name  string
		other []float64
		want  bool
	}{
		{"itself", losses, false},
		{"noise", with(func(int) float64 { return rng.NormFloat64() / 10 }), false},
		{"one account", with(func(i int) float64 { return map[bool]float64{true: 50}[i == 3] }), false},
		{"a little on all", with(func(int) float64 { return 0.02 + rng.NormFloat64()/20 }), true},
		{"the same on all", with(func(int) float64 { return 0.001 }), true},
	} {
		x := &field{f: &evaluate.Frame{Weights: w}, measured: []measured{{losses: losses}, {losses: tt.other}}}
		mean, se := x.difference(0, 1)
		if got := math.Abs(mean) > 1.96*se; got != tt.want {
			t.Errorf("%s: apart is %v, want %v", tt.name, got, tt.want)
		}
		if back, _ := x.difference(1, 0); back != -mean {
			t.Errorf("%s: differences %v and %v", tt.name, mean, back)
		}
	}
}

// TestPick checks the choice by loss alone, on made-up losses: the least, the
// simpler one on a tie, and what prefer: table gives up.
func TestPick(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	base := make([]float64, 400)
	for i := range base {
		base[i] = rng.ExpFloat64()
	}
	noisy := func(by float64) []float64 {
		out := slices.Clone(base)
		for i := range out {
			out[i] += by + (rng.Float64()-0.5)/10
		}
		return out
	}
	plans := []plan{{name: "simple", kind: Table}, {name: "blend", kind: Blended}}
	for _, tt := range []struct {
		name   string
		blend  []float64
		prefer string
		want   int
	}{
		{"far better", noisy(-0.1), "accuracy", 1},
		{"better", noisy(-0.002), "accuracy", 1},
		{"the same", slices.Clone(base), "accuracy", 0},
		{"worse", noisy(0.1), "accuracy", 0},
		{"better, but a table is preferred", noisy(-0.002), "table", 0},
		{"far better, though a table is preferred", noisy(-0.1), "table", 1},
	} {
		x := &field{f: &evaluate.Frame{Weights: slices.Repeat([]float64{1}, len(base))}, plans: plans}
		for _, l := range [][]float64{base, tt.blend} {
			x.measured = append(x.measured, measured{losses: l, loss: weighted(l, x.f.Weights)})
		}
		if got := x.pick(tt.prefer); got != tt.want {
			t.Errorf("%s: %s is chosen", tt.name, plans[got].name)
		}
	}
}

// bernoulli returns a frame whose labels follow a log lift, by row.
func bernoulli(rng *rand.Rand, lift []float64, prior float64) *evaluate.Frame {
	f := &evaluate.Frame{Seed: 1}
	for i, l := range lift {
		f.Customer = append(f.Customer, rng.Float64() < 1/(1+math.Exp(-prior-l)))
		f.Weights, f.Keys = append(f.Weights, 1), append(f.Keys, uint64(i))
	}
	return f
}

// TestStack checks weights on log lifts whose truth is known: two halves of the
// truth get weight 1 each, noise gets none, and with a handful of customers the
// weights stay near an equal share.
func TestStack(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const n = 60_000
	a, b, noise, truth := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		a[i], b[i], noise[i] = rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
		truth[i] = a[i] + b[i]
	}
	f := bernoulli(rng, truth, -2)
	w := stack(f, [][]float64{a, b, noise}, nil)
	if math.Abs(w[0]-1) > 0.06 || math.Abs(w[1]-1) > 0.06 || w[2] > 0.06 || w[2] < 0 {
		t.Errorf("weights %v, want 1, 1 and 0", w)
	}
	// A member that ranks backwards is left out, not turned round.
	for i := range noise {
		noise[i] = -a[i]
	}
	if w := stack(f, [][]float64{truth, noise}, nil); w[1] != 0 || math.Abs(w[0]-1) > 0.05 {
		t.Errorf("weights %v, want 1 and 0", w)
	}
	few := make([]bool, n)
	for i := range 60 {
		few[i] = true
	}
	if w := stack(f, [][]float64{a, b, noise}, few); math.Abs(w[0]-1.0/3) > 0.5 || w[0] == 1.0/3 {
		t.Errorf("weights of 60 accounts are %v, want near a third", w)
	}
	if w := stack(f, [][]float64{noise}, nil); w[0] != 1 {
		t.Errorf("the only member has weight %v", w[0])
	}
}

// TestBlendedIsOutOfFold checks that a fold's weights do not look at its labels:
// turning the labels of one fold round leaves its scores as they were.
func TestBlendedIsOutOfFold(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const n = 500
	a, b := make([]float64, n), make([]float64, n)
	for i := range n {
		a[i], b[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	f := bernoulli(rng, a, -1)
	fold := make([]uint8, n)
	for i := range fold {
		fold[i] = uint8(i % evaluate.Folds)
	}
	scores := []*evaluate.OutOfFold{{Fold: [][]uint8{fold}, Score: [][]float64{a}}, {Fold: [][]uint8{fold}, Score: [][]float64{b}}}
	p := plan{members: []int{0, 1}}
	before := blended(f, scores, p).Score[0]
	for i, x := range fold {
		if x == 2 {
			f.Customer[i] = !f.Customer[i]
		}
	}
	after := blended(f, scores, p).Score[0]
	changed := false
	for i, x := range fold {
		if x == 2 && math.Abs(before[i]-after[i]) > 1e-12 {
			t.Fatalf("row %d is scored %v, then %v: its own label counts", i, before[i], after[i])
		}
		changed = changed || x != 2 && before[i] != after[i]
	}
	if !changed {
		t.Error("labels make no difference to any fold; this test cannot fail")
	}
}

// TestCurveFit checks the fit of a learning curve on points of a known one.
func TestCurveFit(t *testing.T) {
	c := &Curve{}
	var se []float64
	for _, n := range []int{50, 100, 200, 400} {
		p := CurvePoint{Customers: n}
		p.AUC.Value = 0.9 - 1.5/math.Sqrt(float64(n))
		c.Points, se = append(c.Points, p), append(se, 0.02)
	}
	c.fit(se)
	if want := 1.5 * (1/math.Sqrt(400) - 1/math.Sqrt(800)); math.Abs(c.Ceiling-0.9) > 1e-9 || math.Abs(c.Slope-1.5) > 1e-9 || math.Abs(c.Doubled.Value-want) > 1e-9 {
		t.Errorf("%+v, want ceiling 0.9, slope 1.5, doubled %v", c, want)
	}
	if !(c.Doubled.Low < c.Doubled.Value && c.Doubled.Value < c.Doubled.High) {
		t.Errorf("doubled %+v", c.Doubled)
	}
}
