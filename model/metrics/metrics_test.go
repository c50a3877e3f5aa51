package metrics_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model/metrics"
)

func summary(t rapid.TB, margins []float64, customer []bool, weights []float64, bands metrics.Bands) metrics.Summary {
	r, err := metrics.Rank(margins, customer, weights, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Summarise(bands)
}

// TestByHand checks rankings small enough to count.
func TestByHand(t *testing.T) {
	for _, tt := range []struct {
		name     string
		margins  []float64
		customer []bool
		auc      float64
		capture  float64 // at 50 %
	}{
		{"above", []float64{2, 1}, []bool{true, false}, 1, 1},
		{"below", []float64{1, 2}, []bool{true, false}, 0, 0},
		{"tied", []float64{1, 1}, []bool{true, false}, 0.5, 0.5},
		{"one of two pairs", []float64{3, 2, 1}, []bool{false, true, false}, 0.5, 0},
		{"half of the pool above a customer", []float64{4, 3, 2, 1}, []bool{false, true, true, false}, 0.5, 0},
		{"infinite margins", []float64{math.Inf(1), math.Inf(-1)}, []bool{true, false}, 1, 1},
	} {
		s := summary(t, tt.margins, tt.customer, nil, nil)
		if s.AUC != tt.auc || s.Capture[5] != tt.capture {
			t.Errorf("%s: AUC %v, capture at 50 %% %v, want %v and %v", tt.name, s.AUC, s.Capture[5], tt.auc, tt.capture)
		}
	}
}

// TestBands checks that a margin on a border belongs to the band above it.
func TestBands(t *testing.T) {
	border := 2.0
	below := math.Nextafter(border, 0)
	s := summary(t, []float64{3, border, below, 1, border, below}, []bool{true, true, true, false, false, false}, nil, metrics.Bands{3, border})
	for i, want := range []float64{1. / 3, 1. / 3, 1. / 3} {
		if s.Customers[i] != want {
			t.Errorf("band %d holds %v of the customers, want %v", i, s.Customers[i], want)
		}
	}
	for i, want := range []float64{0, 1. / 3, 2. / 3} {
		if math.Abs(s.Pool[i]-want) > 1e-15 {
			t.Errorf("band %d holds %v of the pool, want %v", i, s.Pool[i], want)
		}
	}
	// Two borders at one margin leave the band between them empty.
	s = summary(t, []float64{2, 1}, []bool{true, false}, nil, metrics.Bands{2, 2})
	if s.Customers[0] != 1 || s.Customers[1] != 0 {
		t.Errorf("bands at equal borders hold %v, want the first to take all", s.Customers)
	}
}

func TestRankRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	both := []bool{true, false}
	for name, err := range map[string]error{
		"NaN margin":      third(metrics.Rank([]float64{1, nan}, both, nil, nil)),
		"labels":          third(metrics.Rank([]float64{1, 2}, both[:1], nil, nil)),
		"weights":         third(metrics.Rank([]float64{1, 2}, both, []float64{1}, nil)),
		"keys":            third(metrics.Rank([]float64{1, 2}, both, nil, []uint64{1})),
		"NaN weight":      third(metrics.Rank([]float64{1, 2}, both, []float64{1, nan}, nil)),
		"infinite weight": third(metrics.Rank([]float64{1, 2}, both, []float64{1, inf}, nil)),
		"weight 0":        third(metrics.Rank([]float64{1, 2}, both, []float64{1, 0}, nil)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, customer := range [][]bool{{true, true}, {false, false}, {}} {
		if _, err := metrics.Rank(make([]float64, len(customer)), customer, nil, nil); !errors.Is(err, metrics.ErrOneClass) {
			t.Errorf("labels %v: %v, want ErrOneClass", customer, err)
		}
	}
}

func third(_ *metrics.Ranking, err error) error { return err }

// TestLaws checks that metrics stay in [0, 1], that turning a ranking round
// turns its AUC round, that capture grows with the list, that bands sum to one,
// that no metric depends on the order of rows, and that weight 2 is the row
// twice.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "rows")
		margins, weights, customer := make([]float64, n), make([]float64, n), make([]bool, n)
		for i := range n {
			margins[i] = float64(rapid.IntRange(-5, 5).Draw(t, "margin"))
			weights[i] = float64(rapid.IntRange(1, 3).Draw(t, "weight"))
			customer[i] = i == 0 || i > 1 && rapid.Bool().Draw(t, "customer")
		}
		bands := metrics.Bands{3, 0, -2}
		s := summary(t, margins, customer, weights, bands)
		turned := slices.Clone(margins)
		for i := range turned {
			turned[i] = -turned[i]
		}
		if o := summary(t, turned, customer, weights, nil); math.Abs(s.AUC+o.AUC-1) > 1e-12 || !(s.AUC >= 0 && s.AUC <= 1+1e-12) {
			t.Fatalf("AUC %v, turned round %v", s.AUC, o.AUC)
		}
		before := 0.0
		for _, c := range s.Capture {
			if c < before-1e-12 || c > 1+1e-12 {
				t.Fatalf("captures %v", s.Capture)
			}
			before = c
		}
		for _, shares := range [][]float64{s.Customers, s.Pool} {
			sum := 0.0
			for _, x := range shares {
				sum += x
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Fatalf("bands hold %v", shares)
			}
		}
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		if o := summary(t, pick(margins, order), pick(customer, order), pick(weights, order), bands); !near(s, o) {
			t.Fatalf("permuted rows: %v, then %v", s, o)
		}
		var repeated []int
		for i, w := range weights {
			repeated = append(repeated, slices.Repeat([]int{i}, int(w))...)
		}
		if o := summary(t, pick(margins, repeated), pick(customer, repeated), nil, bands); !near(s, o) {
			t.Fatalf("weighted rows: %v, repeated ones: %v", s, o)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func pick[T any](from []T, order []int) []T {
	var out []T
	for _, i := range order {
		out = append(out, from[i])
	}
	return out
}

func near(a, b metrics.Summary) bool {
	x := slices.Concat([]float64{a.AUC}, a.Capture, a.Customers, a.Pool)
	y := slices.Concat([]float64{b.AUC}, b.Capture, b.Customers, b.Pool)
	for i := range x {
		if math.Abs(x[i]-y[i]) > 1e-11 {
			return false
		}
	}
	return true
}

// exponential draws the margins of customers with mean 3 and of the pool with
// mean 1, so that the AUC is 3/4.
func exponential(customers, pool int, seed uint64) (margins []float64, customer []bool) {
	rng := rand.New(rand.NewPCG(seed, 9))
	for i := range customers + pool {
		mean := 1.0
		if i < customers {
			mean = 3
		}
		margins, customer = append(margins, mean*rng.ExpFloat64()), append(customer, i < customers)
	}
	return margins, customer
}

func TestBootstrapProcessors(t *testing.T) {
	margins, customer := exponential(50, 500, 1)
	r, err := metrics.Rank(margins, customer, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var results [2][]metrics.Summary
	for i, n := range []int{1, 3} {
		before := runtime.GOMAXPROCS(n)
		results[i] = r.Bootstrap(50, metrics.Bands{1}, 7)
		runtime.GOMAXPROCS(before)
	}
	if !reflect.DeepEqual(results[0], results[1]) {
		t.Error("the bootstrap depends on the number of processors")
	}
	if other := r.Bootstrap(50, metrics.Bands{1}, 8); reflect.DeepEqual(results[0], other) {
		t.Error("the bootstrap does not depend on the seed")
	}
}

// halfWidths returns the half widths of the intervals of AUC and capture_10.
func halfWidths(t *testing.T, margins []float64, customer []bool, keys []uint64) (auc, capture float64, s metrics.Summary) {
	t.Helper()
	r, err := metrics.Rank(margins, customer, nil, keys)
	if err != nil {
		t.Fatal(err)
	}
	s = r.Summarise(nil)
	replicates := r.Bootstrap(2000, nil, 11)
	var a, c []float64
	for _, x := range replicates {
		a, c = append(a, x.AUC), append(c, x.Capture[3])
	}
	i, j := metrics.Percentile(s.AUC, a, 1), metrics.Percentile(s.Capture[3], c, 1)
	if !(i.Low < i.Value && i.Value < i.High && j.Low < j.Value && j.Value < j.High) {
		t.Errorf("intervals %v and %v do not hold their values", i, j)
	}
	return (i.High - i.Low) / 2, (j.High - j.Low) / 2, s
}

// TestBootstrapWidth compares the widths of intervals with closed forms: of the
// AUC, the standard error of Hanley and McNeil (1982), whose Q1 and Q2 are exact
// for exponential margins; of the capture, Wilson's interval of the customers' proportion, whose width all but
// comes from them: the pool is a hundred times larger.
func TestBootstrapWidth(t *testing.T) {
	const customers, pool = 200, 20_000
	margins, customer := exponential(customers, pool, 2)
	auc, capture, s := halfWidths(t, margins, customer, nil)

	a := s.AUC
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	hanley := 1.96 * math.Sqrt((a*(1-a)+(customers-1)*(q1-a*a)+(pool-1)*(q2-a*a))/(customers*pool))
	if math.Abs(auc/hanley-1) > 0.15 {
		t.Errorf("AUC %.4f ± %.4f; Hanley and McNeil ± %.4f", a, auc, hanley)
	}
	const z = 1.96
	c, n := s.Capture[3], float64(customers)
	wilson := z / (1 + z*z/n) * math.Sqrt(c*(1-c)/n+z*z/(4*n*n))
	if math.Abs(capture/wilson-1) > 0.15 {
		t.Errorf("capture %.4f ± %.4f; Wilson ± %.4f", c, capture, wilson)
	}
}

// TestBootstrapClusters checks that accounts of one group are drawn together:
// an account given twice under one key adds nothing, under two it seems to.
func TestBootstrapClusters(t *testing.T) {
	margins, customer := exponential(150, 1500, 3)
	n := len(margins)
	margins, customer = append(margins, margins...), append(customer, customer...)
	var grouped []uint64
	for i := range margins {
		grouped = append(grouped, uint64(i%n))
	}
	once, _, _ := halfWidths(t, margins[:n], customer[:n], nil)
	together, _, _ := halfWidths(t, margins, customer, grouped)
	apart, _, _ := halfWidths(t, margins, customer, nil)
	if math.Abs(together/once-1) > 0.05 {
		t.Errorf("width %.4f of accounts, %.4f of accounts given twice as a group", once, together)
	}
	if math.Abs(apart*math.Sqrt2/once-1) > 0.1 {
		t.Errorf("width %.4f of accounts, %.4f of twice as many; want less by √2", once, apart)
	}
}

// TestPercentile checks ranks: of 1,001 replicates 0 to 1000 the bounds are the
// 25th and the 975th above the least.
func TestPercentile(t *testing.T) {
	replicates := make([]float64, 1001)
	for i := range replicates {
		replicates[i] = float64(1000 - i)
	}
	got := metrics.Percentile(500, replicates, 1)
	if got != (metrics.Interval{Value: 500, Low: 25, High: 975}) {
		t.Errorf("interval %v, want 25 to 975", got)
	}
	if got = metrics.Percentile(500, replicates, 2); got != (metrics.Interval{Value: 500, Low: -450, High: 1450}) {
		t.Errorf("interval %v at spread 2, want twice as wide", got)
	}
}
