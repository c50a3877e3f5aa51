package evaluate_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/metrics"
)

// TestDeal checks that groups are never split, that groups with customers and
// without are dealt evenly, and that the order of rows does not matter.
func TestDeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(t, "rows")
		f := &evaluate.Frame{Seed: rapid.Uint64().Draw(t, "seed")}
		for range n {
			f.Keys = append(f.Keys, rapid.Uint64Range(0, 60).Draw(t, "key"))
			f.Customer = append(f.Customer, rapid.Bool().Draw(t, "customer"))
		}
		repeat := rapid.IntRange(0, 3).Draw(t, "repeat")
		fold := f.Deal(repeat)
		of, customer := map[uint64]uint8{}, map[uint64]bool{}
		for i, k := range f.Keys {
			if before, ok := of[k]; ok && before != fold[i] {
				t.Fatalf("group %d is in folds %d and %d", k, before, fold[i])
			}
			of[k] = fold[i]
			customer[k] = customer[k] || f.Customer[i]
		}
		var counts [2][evaluate.Folds]int
		for k, x := range of {
			class := 0
			if customer[k] {
				class = 1
			}
			counts[class][x]++
		}
		for class, c := range counts {
			if slices.Max(c[:])-slices.Min(c[:]) > 1 {
				t.Fatalf("class %d is dealt %v", class, c)
			}
		}
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		other := &evaluate.Frame{Seed: f.Seed}
		for _, i := range order {
			other.Keys, other.Customer = append(other.Keys, f.Keys[i]), append(other.Customer, f.Customer[i])
		}
		for to, x := range other.Deal(repeat) {
			if x != fold[order[to]] {
				t.Fatal("folds depend on the order of rows")
			}
		}
	})
	f := &evaluate.Frame{Keys: []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, Customer: make([]bool, 12)}
	if slices.Equal(f.Deal(0), f.Deal(1)) {
		t.Error("repeats have the same folds")
	}
	before := f.Deal(0)
	if f.Seed = 9; slices.Equal(f.Deal(0), before) {
		t.Error("seeds have the same folds")
	}
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestRepeats(t *testing.T) {
	last := math.MaxInt
	for _, n := range []int{0, 50, 299, 300, 499, 500, 1_000_000} {
		r := evaluate.Repeats(n)
		if r < 1 || r > last {
			t.Errorf("%d customers have %d repeats after %d", n, r, last)
		}
		last = r
	}
}

// spy is a learner that notes the keys and the vocabulary of each fit, and
// scores its keys' rows so that a leak would show.
type spy struct {
	mu   sync.Mutex
	fits [][]uint64
	vocs [][]string
}

func (*spy) Name() string { return "spy" }

func (s *spy) Fit(_ context.Context, d model.Data) (*model.Fit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fits = append(s.fits, slices.Clone(d.Keys))
	s.vocs = append(s.vocs, d.Table.Binnings[0].Values)
	f := &model.Fit{}
	for i := range d.Table.Binnings {
		f.Scores = append(f.Scores, make([]float64, d.Table.Binnings[i].Slots()))
	}
	return f, nil
}

// frame has a category, given by row, as its only feature.
func frame(values []string, customer []bool, keys []uint64) *evaluate.Frame {
	c := datasets.Column{Field: datasets.Field{Name: "c", Type: datasets.Category}}
	codes := map[string]int32{}
	for _, v := range values {
		if _, ok := codes[v]; !ok {
			codes[v] = int32(len(c.Dictionary))
			c.Dictionary = append(c.Dictionary, v)
		}
		c.Codes = append(c.Codes, codes[v])
	}
	return &evaluate.Frame{
		Batch:    &datasets.Batch{Rows: len(values), Columns: []datasets.Column{c}},
		Specs:    []features.Spec{{Name: "c", Pillar: features.Firmographic, Kind: features.Category, Column: "c"}},
		Customer: customer, Weights: slices.Repeat([]float64{1}, len(values)), Keys: keys, Seed: 1,
		Bins: bin.Options{NumberBins: 10, MinRows: 1, Categories: 250, Items: 10},
	}
}

// TestOutOfFold checks that no fold's groups, and none of their values, take
// part in the fit that scores it, and that every row is scored once a repeat.
func TestOutOfFold(t *testing.T) {
	var values []string
	var customer []bool
	var keys []uint64
	for i := range 200 {
		values = append(values, strconv.Itoa(i/2)) // each group has a value of its own
		customer, keys = append(customer, i%20 < 2), append(keys, uint64(i/2))
	}
	f := frame(values, customer, keys)
	s := &spy{}
	ticks := 0
	var mu sync.Mutex
	all, err := f.CrossValidate(t.Context(), []model.Learner{s}, 2, func() { mu.Lock(); defer mu.Unlock(); ticks++ })
	if err != nil {
		t.Fatal(err)
	}
	out := all[0]
	if ticks != 2*evaluate.Folds || len(s.fits) != ticks || len(out.Fold) != 2 || len(out.Score) != 2 {
		t.Fatalf("%d ticks, %d fits, %d repeats", ticks, len(s.fits), len(out.Fold))
	}
	for n, trained := range s.fits {
		left := map[uint64]bool{}
		for _, k := range keys {
			left[k] = true
		}
		for _, k := range trained {
			delete(left, k)
		}
		// The groups left out are exactly one fold of one repeat.
		found := false
		for _, fold := range out.Fold {
			for x := range uint8(evaluate.Folds) {
				test := map[uint64]bool{}
				for i, k := range keys {
					if fold[i] == x {
						test[k] = true
					}
				}
				found = found || reflect.DeepEqual(test, left)
			}
		}
		if !found {
			t.Errorf("fit %d has not left one fold out", n)
		}
		for i, k := range keys {
			if left[k] && slices.Contains(s.vocs[n], bin.Fold(values[i])) {
				t.Fatalf("fit %d knows value %q of a group left out", n, values[i])
			}
		}
	}
}

// auc returns the out-of-fold AUC.
func auc(t *testing.T, f *evaluate.Frame, l model.Learner) float64 {
	t.Helper()
	o, err := f.CrossValidate(t.Context(), []model.Learner{l}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := metrics.Rank(o[0].Mean(), f.Customer, f.Weights, f.Keys)
	if err != nil {
		t.Fatal(err)
	}
	return r.Summarise(nil).AUC
}

// TestNoLeak checks a value that only tells which group an account is of, and
// labels that groups share. Folds by group make nothing of it; folds by account,
// which the keys would allow if they were the accounts', would.
func TestNoLeak(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var values []string
	var customer []bool
	var groups, accounts []uint64
	for g := range 120 {
		class := rng.IntN(4) == 0
		for range 5 {
			accounts = append(accounts, uint64(len(accounts)))
			values, customer, groups = append(values, string(rune('a'+g))), append(customer, class), append(groups, uint64(g))
		}
	}
	l := logistic.Learner{Options: logistic.DefaultOptions()}
	if a := auc(t, frame(values, customer, groups), l); math.Abs(a-0.5) > 0.1 {
		t.Errorf("AUC %.3f out of fold by group, want about 0.5", a)
	}
	if a := auc(t, frame(values, customer, accounts), l); a < 0.9 {
		t.Errorf("AUC %.3f out of fold by account; this test cannot find a leak", a)
	}
	// Labels at random: nothing to find, with either.
	rng.Shuffle(len(customer), func(i, j int) { customer[i], customer[j] = customer[j], customer[i] })
	if a := auc(t, frame(values, customer, accounts), l); math.Abs(a-0.5) > 0.08 {
		t.Errorf("AUC %.3f of labels at random, want about 0.5", a)
	}
}

// TestCrossValidateProcessors checks the same scores on one processor and two.
func TestCrossValidateProcessors(t *testing.T) {
	var values []string
	var customer []bool
	var keys []uint64
	for i := range 400 {
		values = append(values, string(rune('a'+i%7)))
		customer, keys = append(customer, i%9 == 0), append(keys, uint64(i))
	}
	f := frame(values, customer, keys)
	var results [2][]*evaluate.OutOfFold
	for n := range results {
		before := runtime.GOMAXPROCS(n + 1)
		var err error
		if results[n], err = f.CrossValidate(t.Context(), []model.Learner{logistic.Learner{Options: logistic.DefaultOptions()}}, 1, nil); err != nil {
			t.Fatal(err)
		}
		runtime.GOMAXPROCS(before)
	}
	if !reflect.DeepEqual(results[0], results[1]) {
		t.Error("scores depend on the number of processors")
	}
}

// failing is a learner that fails.
type failing struct{ spy }

var errFailing = errors.New("no fit")

func (*failing) Fit(context.Context, model.Data) (*model.Fit, error) { return nil, errFailing }

func TestCrossValidateFails(t *testing.T) {
	f := frame([]string{"a", "b", "a", "b", "c", "c"}, []bool{true, true, true, false, false, false}, []uint64{1, 2, 3, 4, 5, 6})
	if _, err := f.CrossValidate(t.Context(), []model.Learner{&failing{}}, 1, nil); !errors.Is(err, errFailing) {
		t.Errorf("a failing learner: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.CrossValidate(ctx, []model.Learner{logistic.Learner{Options: logistic.DefaultOptions()}}, 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	f.Bins = bin.Options{}
	if _, err := f.CrossValidate(t.Context(), []model.Learner{&spy{}}, 1, nil); err == nil {
		t.Error("invalid options of binning are accepted")
	}
}
