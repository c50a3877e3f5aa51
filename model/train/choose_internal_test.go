package train

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestApart checks the paired comparison: a learner is not apart from itself,
// from one that differs by chance, or from one better on a few accounts only,
// and is from one that is a little better on all.
func TestApart(t *testing.T) {
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
		if got := apart(losses, tt.other, w); got != tt.want {
			t.Errorf("%s: apart is %v, want %v", tt.name, got, tt.want)
		}
		if a, b := apart(losses, tt.other, w), apart(tt.other, losses, w); a != b {
			t.Errorf("%s: apart one way only", tt.name)
		}
	}
}
