package metrics_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// leakExpected is testdata/leak.json, made by scripts/reference/leak_expected.py
// with the versions of scikit-learn, confidenceinterval and optbinning that it
// names.
type leakExpected struct {
	Areas []struct {
		Name               string
		Margin             []float64
		Customer           []bool
		Group              []int
		AUC, Error, Within float64
	}
	Informations []struct {
		Name            string
		Customers, Pool []float64
		IV              float64
	}
}

func readLeak(t *testing.T) (e leakExpected) {
	t.Helper()
	data, err := os.ReadFile("testdata/leak.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestAreaReference compares AUC and standard error with another program's
// DeLong, and the mean of groups with scikit-learn's.
func TestAreaReference(t *testing.T) {
	for _, c := range readLeak(t).Areas {
		r, err := metrics.Rank(c.Margin, c.Customer, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := r.Area()
		if math.Abs(a.Value-c.AUC) > 1e-12 || math.Abs(a.Error-c.Error) > 1e-6 { // theirs is in 32 bits
			t.Errorf("%s: AUC %v ± %v, want %v ± %v", c.Name, a.Value, a.Error, c.AUC, c.Error)
		}
		groups := make([][]int32, 4)
		for i, g := range c.Group {
			groups[g] = append(groups[g], int32(i))
		}
		w, err := metrics.Within(c.Margin, c.Customer, nil, nil, groups, 200, 1)
		if err != nil || math.Abs(w.Value-c.Within) > 1e-12 || !(w.Low < w.Value && w.Value < w.High) {
			t.Errorf("%s: AUC within %+v (%v), want %v", c.Name, w, err, c.Within)
		}
	}
}

// TestAreaWeights checks that an account given twice as a group is weight 2 and
// says nothing more, and that two that only look alike do.
func TestAreaWeights(t *testing.T) {
	margins, customer := exponential(60, 400, 5)
	n := len(margins)
	var keys []uint64
	for i := range 2 * n {
		keys = append(keys, uint64(i%n))
	}
	area := func(m []float64, c []bool, w []float64, k []uint64) metrics.Area {
		r, err := metrics.Rank(m, c, w, k)
		if err != nil {
			t.Fatal(err)
		}
		return r.Area()
	}
	twice, both := append(append([]float64{}, margins...), margins...), append(append([]bool{}, customer...), customer...)
	once, together, apart := area(margins, customer, nil, nil), area(twice, both, nil, keys), area(twice, both, nil, nil)
	if math.Abs(once.Value-together.Value) > 1e-12 || math.Abs(once.Error-together.Error) > 1e-12 {
		t.Errorf("%+v once, %+v twice as a group", once, together)
	}
	if math.Abs(apart.Error*math.Sqrt2/once.Error-1) > 0.02 {
		t.Errorf("%+v once, %+v as twice as many; want the error less by √2", once, apart)
	}
	one := area([]float64{2, 1, 0}, []bool{true, false, false}, nil, nil)
	if !math.IsInf(one.Error, 1) || one.Low() != 0 || one.High() != 1 {
		t.Errorf("of one customer: %+v, want no certainty", one)
	}
}

// TestWithinErases checks that what only tells groups apart ranks nothing within
// them, though it ranks overall; that groups without a class do not count; and
// that rows may be in no group, or in several.
func TestWithinErases(t *testing.T) {
	margins := []float64{3, 3, 3, 3, 1, 1, 1, 1, 2}
	customer := []bool{true, true, true, false, true, false, false, false, true}
	groups := [][]int32{{0, 1, 2, 3}, {4, 5, 6, 7}, {8}}
	w, err := metrics.Within(margins, customer, nil, nil, groups, 50, 1)
	if err != nil || w.Value != 0.5 {
		t.Errorf("within %+v (%v), want 0.5", w, err)
	}
	// Row 4 in both groups: below the one pool account of the first. By hand
	// (3 × ½ + 0 + ½) / 5.
	w, err = metrics.Within(margins, customer, nil, nil, [][]int32{{0, 1, 2, 3, 4}, {4, 5, 6, 7}}, 50, 1)
	if err != nil || math.Abs(w.Value-0.4) > 1e-12 {
		t.Errorf("within %+v (%v), want 0.4", w, err)
	}
	if _, err := metrics.Within(margins, customer, nil, nil, [][]int32{{8}, {}}, 50, 1); !errors.Is(err, metrics.ErrOneClass) {
		t.Errorf("no group with both classes: %v", err)
	}
}

// TestInformationReference compares information values with optbinning's.
func TestInformationReference(t *testing.T) {
	for _, c := range readLeak(t).Informations {
		v := metrics.InformationValue(c.Customers, c.Pool, [2]float64{sum(c.Pool), sum(c.Customers)})
		if math.Abs(v.Value-c.IV) > 1e-6 { // its table has rounded weights of evidence
			t.Errorf("%s: information %v, want %v", c.Name, v.Value, c.IV)
		}
	}
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}

// TestInformationNull compares mean and spread over 2,000 draws with Null and
// Error: without information the mean is Null; with it, the standard deviation is
// Error.
func TestInformationNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, shares []float64) []float64 {
		counts := make([]float64, len(shares))
		for range n {
			u, at := rng.Float64(), 0
			for u >= shares[at] && at < len(shares)-1 {
				u -= shares[at]
				at++
			}
			counts[at]++
		}
		return counts
	}
	even := []float64{0.2, 0.2, 0.2, 0.2, 0.2}
	for _, customers := range [][]float64{even, {0.5, 0.2, 0.1, 0.1, 0.1}} {
		var mean, square, null, deviation float64
		const draws = 2000
		for range draws {
			v := metrics.InformationValue(draw(300, customers), draw(3000, even), [2]float64{3000, 300})
			mean += v.Value / draws
			square += v.Value * v.Value / draws
			null, deviation = v.Null, deviation+v.Error/draws
		}
		spread := math.Sqrt(square - mean*mean)
		if &customers[0] == &even[0] && math.Abs(mean/null-1) > 0.08 {
			t.Errorf("without information the mean is %v, want %v", mean, null)
		}
		if &customers[0] != &even[0] && math.Abs(deviation/spread-1) > 0.08 {
			t.Errorf("the deviation is %v, its estimate %v", spread, deviation)
		}
	}
}

// TestInformationEmpty checks bins without a class: half an account stands there,
// 1/200 of the customers by hand.
func TestInformationEmpty(t *testing.T) {
	v := metrics.InformationValue([]float64{0, 100}, []float64{500, 500}, [2]float64{1000, 100})
	want := (0.005-0.5)*math.Log(0.01) + (1-0.5)*math.Log(2)
	if math.Abs(v.Value-want) > 1e-12 {
		t.Errorf("information %v, want %v", v.Value, want)
	}
	if v := metrics.InformationValue([]float64{0}, []float64{5}, [2]float64{5, 0}); v.Excess() != 0 || !math.IsInf(v.Error, 1) {
		t.Errorf("no customers: %+v", v)
	}
}
