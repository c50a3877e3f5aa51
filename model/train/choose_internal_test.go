package train

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// ranked returns what is measured of a candidate on labels, some of whose places
// a seed draws: better ones rank with more of the truth.
func ranked(t *testing.T, f *evaluate.Frame, scores []float64) measured {
	t.Helper()
	r, err := metrics.Rank(scores, f.Customer, f.Weights, f.Keys)
	if err != nil {
		t.Fatal(err)
	}
	return measured{summary: r.Summarise(nil), replicates: r.Bootstrap(replicatesPaired, nil, 1)}
}

// guessed returns 3,000 accounts whose log lift is known, and a guess at it.
func guessed(seed uint64) (rng *rand.Rand, f *evaluate.Frame, truth, base []float64) {
	rng = rand.New(rand.NewPCG(seed, seed))
	truth = make([]float64, 3000)
	for i := range truth {
		truth[i] = 2 * rng.NormFloat64()
	}
	return rng, bernoulli(rng, truth, -3), truth, noisy(rng, truth, 1)
}

// TestPick checks the choice on rankings whose worth is known: the best, the
// simpler one on a tie, and what prefer: table gives up.
func TestPick(t *testing.T) {
	rng, f, truth, base := guessed(2)
	slightly := slices.Clone(base)
	for i := range slightly {
		slightly[i] = 0.985*base[i] + 0.015*truth[i]
	}
	plans := []plan{{name: "simple", kind: Table, members: []int{0}}, {name: "blend", kind: Blended, members: []int{0, 1}}}
	for _, tt := range []struct {
		name   string
		blend  []float64
		prefer string
		want   int
	}{
		{"far better", noisy(rng, truth, 0.2), "accuracy", 1},
		{"the same", slices.Clone(base), "accuracy", 0},
		{"worse", noisy(rng, truth, 3), "accuracy", 0},
		{"a little better", slightly, "accuracy", 1},
		{"the same, and a table is preferred", slices.Clone(base), "table", 0},
		{"far better, though a table is preferred", noisy(rng, truth, 0.2), "table", 1},
	} {
		x := &field{f: f, plans: plans, measured: []measured{ranked(t, f, base), ranked(t, f, tt.blend)}}
		if got := x.all().pick(tt.prefer); got != tt.want {
			t.Errorf("%s: %s is chosen; AUC %.4f and %.4f", tt.name, plans[got].name, x.measured[0].summary.AUC, x.measured[1].summary.AUC)
		}
	}
}

// TestPickBlend checks that a blend is taken before its parts unless one is
// clearly better, and a smaller blend never for the sake of a larger one that is
// clearly worse.
func TestPickBlend(t *testing.T) {
	rng, f, truth, base := guessed(5)
	var slightly []float64
	for { // better by luck, and by less than a standard error
		slightly = noisy(rng, base, 0.1)
		x := &field{f: f, plans: make([]plan, 2), measured: []measured{ranked(t, f, base), ranked(t, f, slightly)}}
		if b := x.all().behind(0, 1); b > 0 && b < beyond {
			break
		}
	}
	good, bad := noisy(rng, truth, 0.3), noisy(rng, truth, 3)
	plans := []plan{
		{name: "table", kind: Table, members: []int{0}},
		{name: "boosted", kind: Trees, members: []int{1}},
		{name: "trees", kind: Trees, members: []int{1, 2}},
		{name: "blend", kind: Blended, members: []int{0, 1, 2}},
	}
	for _, tt := range []struct {
		name                         string
		table, boosted, trees, blend []float64
		want                         string
	}{
		{"a part is a little better", bad, slightly, bad, base, "blend"},
		{"a part is far better", bad, good, bad, base, "boosted"},
		{"a part is far better, and with another still", bad, good, good, base, "trees"},
		{"a part is a little better, with another far worse", bad, slightly, bad, bad, "boosted"},
		{"a table is as good", base, bad, bad, base, "table"},
	} {
		x := &field{f: f, plans: plans}
		for _, s := range [][]float64{tt.table, tt.boosted, tt.trees, tt.blend} {
			x.measured = append(x.measured, ranked(t, f, s))
		}
		if got := plans[x.all().pick("accuracy")].name; got != tt.want {
			t.Errorf("%s: %s is chosen, want %s", tt.name, got, tt.want)
		}
	}
}

// noisy returns scores with normal noise of that deviation.
func noisy(rng *rand.Rand, v []float64, deviation float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] += deviation * rng.NormFloat64()
	}
	return out
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

// TestStack checks weights on log lifts whose truth is known: the halves of the
// truth get weights of about 1, noise next to none, and members of other scales
// the weights that go with them.
func TestStack(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const n = 40_000
	a, b, noise, truth := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		a[i], b[i], noise[i] = rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
		truth[i] = a[i] + b[i]
	}
	f := bernoulli(rng, truth, -2)
	weights := func(use []bool, lifts ...[]float64) []float64 {
		w, err := stack(f, lifts, use)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	w := weights(nil, a, b, noise)
	if math.Abs(w[0]-1) > 0.1 || math.Abs(w[1]-1) > 0.1 || w[2] > 0.1 || w[2] < 0 {
		t.Errorf("weights %v, want 1, 1 and 0", w)
	}
	tenfold := slices.Clone(a)
	for i := range tenfold {
		tenfold[i] *= 10
	}
	if x := weights(nil, tenfold, b, noise); math.Abs(x[0]-w[0]/10) > 1e-9 || math.Abs(x[1]-w[1]) > 1e-9 {
		t.Errorf("weights %v, of the first member ten times as large %v", w, x)
	}
	for i := range noise { // ranks backwards
		noise[i] = -a[i]
	}
	if w := weights(nil, truth, noise); w[1] != 0 || math.Abs(w[0]-1) > 0.1 {
		t.Errorf("weights %v, want 1 and 0", w)
	}
	// Sixty accounts cannot tell blends apart: the shares stay near equal.
	few := make([]bool, n)
	for i := range 60 {
		few[i] = true
	}
	if w := weights(few, a, b); w[0] < w[1]/3 || w[1] < w[0]/3 {
		t.Errorf("weights by 60 accounts are %v, want about the same", w)
	}
	if w := weights(nil, noise); w[0] != 1 {
		t.Errorf("the only member has weight %v", w[0])
	}
}

func TestSimplex(t *testing.T) {
	got := simplex(3, 2)
	want := [][]float64{{0, 0, 1}, {0, 0.5, 0.5}, {0, 1, 0}, {0.5, 0, 0.5}, {0.5, 0.5, 0}, {1, 0, 0}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("simplex(3, 2) = %v, want %v", got, want)
	}
	if n := len(simplex(4, steps)); n != 35 { // 7 choose 3
		t.Errorf("%d points of four members, want 35", n)
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
	sums := func() []float64 {
		o, err := blended(f, scores, p)
		if err != nil {
			t.Fatal(err)
		}
		return o.Score[0]
	}
	before := sums()
	for i, x := range fold {
		if x == 2 {
			f.Customer[i] = !f.Customer[i]
		}
	}
	after := sums()
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
