package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// contest returns a field of n accounts, every fifth a customer, and plans of
// which each has scores of its own.
func contest(t *testing.T, n int, scores ...[]float64) *field {
	t.Helper()
	f := &evaluate.Frame{Seed: 1}
	fold := make([]uint8, n)
	for i := range n {
		f.Customer = append(f.Customer, i%5 == 0)
		f.Weights, f.Keys = append(f.Weights, 1), append(f.Keys, uint64(i))
		fold[i] = uint8(i / 5 % evaluate.Folds)
	}
	x := &field{f: f}
	for i, s := range scores {
		x.plans = append(x.plans, plan{kind: Trees, members: []int{i}})
		m := ranked(t, f, s)
		m.scores = &evaluate.OutOfFold{Fold: [][]uint8{fold}, Score: [][]float64{s}}
		x.measured = append(x.measured, m)
	}
	return x
}

// nestedAUC returns the area under the scores of the choice made inside and of the
// plan that all rows choose.
func nestedAUC(t *testing.T, x *field) (inside, chosen float64) {
	t.Helper()
	at := x.all().pick("accuracy")
	o, err := x.nested(at, "accuracy")
	if err != nil {
		t.Fatal(err)
	}
	r, err := metrics.Rank(o.Score[0], x.f.Customer, x.f.Weights, x.f.Keys)
	if err != nil {
		t.Fatal(err)
	}
	return r.Summarise(nil).AUC, x.measured[at].summary.AUC
}

// TestNestedNoise checks the estimate where the truth is known to be ½: the best
// of eight random rankings looks better, and with the choice inside it does not.
func TestNestedNoise(t *testing.T) {
	const draws, n = 40, 1000
	rng := rand.New(rand.NewPCG(6, 6))
	var inside, chosen float64
	for range draws {
		scores := make([][]float64, 8)
		for p := range scores {
			scores[p] = noisy(rng, make([]float64, n), 1)
		}
		a, b := nestedAUC(t, contest(t, n, scores...))
		inside, chosen = inside+a/draws, chosen+b/draws
	}
	// An AUC of 200 against 800 has a standard error of 0.023, a mean of 40 0.0036.
	if math.Abs(inside-0.5) > 0.011 {
		t.Errorf("mean AUC %.4f with the choice inside, want 0.5", inside)
	}
	if chosen < 0.52 {
		t.Errorf("mean AUC %.4f of the best of eight: this test cannot fail", chosen)
	}
}

// TestNestedSure checks that where all folds choose alike, the scores are the
// chosen plan's.
func TestNestedSure(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	good := make([]float64, 500)
	for i := range good {
		good[i] = rng.NormFloat64()
		if i%5 == 0 {
			good[i] += 3
		}
	}
	x := contest(t, len(good), noisy(rng, make([]float64, len(good)), 1), good)
	o, err := x.nested(1, "accuracy")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.Score[0], good) {
		t.Error("the scores are not those of the plan that is far better")
	}
}

// TestNestedIsOutOfFold checks that the plan of a fold does not depend on the
// labels in it.
func TestNestedIsOutOfFold(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	a, b := noisy(rng, make([]float64, 500), 1), noisy(rng, make([]float64, 500), 1)
	x := contest(t, 500, a, b)
	scores := func() []float64 {
		o, err := x.nested(0, "accuracy")
		if err != nil {
			t.Fatal(err)
		}
		return o.Score[0]
	}
	before := scores()
	fold := x.measured[0].scores.Fold[0]
	for k := range uint8(evaluate.Folds) {
		for turn := range 2 { // and back
			for i, at := range fold {
				if at == k {
					x.f.Customer[i] = !x.f.Customer[i]
				}
			}
			if turn == 1 {
				continue
			}
			for i, s := range scores() {
				if fold[i] == k && s != before[i] {
					t.Fatalf("row %d of fold %d is scored %v, then %v: its own label counts", i, k, before[i], s)
				}
			}
		}
	}
	if slices.Equal(before, a) {
		t.Error("all folds choose the first plan; this test cannot fail")
	}
}

// TestReorder checks an order by hand, with two rows tied.
func TestReorder(t *testing.T) {
	values := []float64{10, 99, 30, 20, 40, 99}
	reorder(values, []float64{4, 0, 1, 2, 2, 0}, []int32{0, 2, 3, 4})
	if want := []float64{40, 99, 10, 25, 25, 99}; !slices.Equal(values, want) {
		t.Errorf("%v, want %v", values, want)
	}
}

func TestSure(t *testing.T) {
	for _, tt := range []struct{ got, want metrics.Interval }{
		{metrics.Interval{Value: 0.7, Low: 0.65, High: 0.75}, metrics.Interval{Value: 0.7, Low: 0.65, High: 0.75}},
		{metrics.Interval{Value: 0.55, Low: 0.51, High: 0.59}, metrics.Interval{Value: 0.55, Low: 0.49, High: 0.59}},
		{metrics.Interval{Value: 0.45, Low: 0.41, High: 0.49}, metrics.Interval{Value: 0.45, Low: 0.39, High: 0.49}},
	} {
		if got := sure(tt.got); math.Abs(got.Low-tt.want.Low) > 1e-12 || got.Value != tt.want.Value || got.High != tt.want.High {
			t.Errorf("sure(%v) = %v, want %v", tt.got, got, tt.want)
		}
	}
}
