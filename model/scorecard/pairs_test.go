package scorecard_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/scorecard"
)

// crossed has ten features of eight codes, an eighth of them missing. The log
// lift of an account is ±strength, as the first two are on the same side of the
// middle or not, plus the third's own part. Feature 1 is a category.
func crossed(customers, pool int, strength float64) (model.Data, []float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	const n = 10
	d := model.Data{Monotone: make([]int, n), Learn: make([]bool, n), Seed: 1, Table: &bin.Table{Columns: make([]bin.Column, n)}}
	for k := range n {
		b := bin.Binning{Feature: fmt.Sprint(k), Kind: features.Number, Edges: []float64{1, 2, 3, 4, 5, 6, 7}}
		if k == 1 {
			b = bin.Binning{Feature: "1", Kind: features.Category, Values: []string{"a", "b", "c", "d", "e", "f", "g"}}
			b.Labels = b.Values
		}
		d.Table.Binnings = append(d.Table.Binnings, b)
	}
	var lifts []float64
	for counts := [2]int{}; counts[0] < pool || counts[1] < customers; {
		var codes [n]uint8
		for k := range codes {
			codes[k] = uint8(rng.IntN(9))
		}
		lift := 0.0
		if codes[0] > 0 && codes[1] > 0 {
			lift = strength
			if codes[0] > 4 != (codes[1] > 4) {
				lift = -strength
			}
		}
		if codes[2] > 0 {
			lift += 0.1 * (float64(codes[2]) - 4.5)
		}
		if counts[0] == pool && rng.Float64() > math.Exp(lift-strength-0.35) {
			continue
		}
		class := 0
		if counts[0] == pool {
			class = 1
		}
		counts[class]++
		for k, c := range codes {
			d.Table.Columns[k].Codes = append(d.Table.Columns[k].Codes, c)
		}
		d.Customer, d.Weights = append(d.Customer, class == 1), append(d.Weights, 1)
		d.Keys = append(d.Keys, model.Mix(uint64(len(lifts)), 1))
		lifts = append(lifts, lift)
	}
	d.Table.Rows = len(lifts)
	return d, lifts
}

func correlation(f *model.Fit, d *model.Data, truth []float64) float64 {
	margins := make([]float64, len(truth))
	for i := range margins {
		margins[i] = f.Margin(d.Table, i)
	}
	return pearson(margins, truth)
}

func pearson(a, b []float64) float64 {
	var n, x, y, xx, yy, xy float64
	for i := range a {
		n, x, y, xx, yy, xy = n+1, x+a[i], y+b[i], xx+a[i]*a[i], yy+b[i]*b[i], xy+a[i]*b[i]
	}
	return (xy - x*y/n) / math.Sqrt((xx-x*x/n)*(yy-y*y/n))
}

// TestPair checks that an interaction is found where there is one, by its two
// features, and makes up for what the table cannot say.
func TestPair(t *testing.T) {
	d, lifts := crossed(1500, 6000, 0.7)
	f := fit(t, scorecard.DefaultOptions(), d)
	if len(f.Trees) != 1 {
		t.Fatalf("%d pairs, want 1", len(f.Trees))
	}
	for _, n := range f.Trees[0].Nodes {
		if !n.Leaf() && n.Feature != 0 && n.Feature != 1 {
			t.Errorf("the pair splits feature %d, want 0 and 1", n.Feature)
		}
	}
	if r := correlation(f, &d, lifts); r < 0.9 {
		t.Errorf("correlation with the planted log lift is %.3f, want 0.9", r)
	}
	o := scorecard.DefaultOptions()
	o.Pairs = 0
	if g := fit(t, o, d); len(g.Trees) != 0 || correlation(g, &d, lifts) > 0.6 {
		t.Errorf("without pairs: %d trees, correlation %.3f", len(g.Trees), correlation(g, &d, lifts))
	}
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	if !reflect.DeepEqual(fit(t, scorecard.DefaultOptions(), d), f) {
		t.Error("fits on one and more processors differ")
	}
}

// TestNoPair checks where there must be none: nothing crosses, too few
// customers, or a feature has a monotone sign, which a pair could break.
func TestNoPair(t *testing.T) {
	additive, _ := crossed(1500, 6000, 0)
	small, _ := crossed(499, 6000, 0.7)
	signed, _ := crossed(1500, 6000, 0.7)
	signed.Monotone[0] = 1
	for name, d := range map[string]model.Data{"additive": additive, "few customers": small, "monotone": signed} {
		if f := fit(t, scorecard.DefaultOptions(), d); len(f.Trees) != 0 {
			t.Errorf("%s: %d pairs, want none", name, len(f.Trees))
		}
	}
}

// TestPairMissing checks what is unknown in a pair: neutral, it adds what the
// pool's known values add on average; learned, it may tell customers.
func TestPairMissing(t *testing.T) {
	d, _ := crossed(1500, 6000, 0.7)
	f := fit(t, scorecard.DefaultOptions(), d)
	tree := &f.Trees[0]
	value := func(i int) float64 { return tree.Values[tree.Leaf(d.Table, i)] }
	var known, weight float64
	first := tree.Nodes[0].Feature
	for i, code := range d.Table.Columns[first].Codes {
		if !d.Customer[i] && code != 0 {
			known += value(i)
			weight++
		}
	}
	for i, code := range d.Table.Columns[first].Codes {
		if code == 0 && math.Abs(value(i)-known/weight) > 1e-9 {
			t.Fatalf("an unknown value adds %v, known ones on average %v", value(i), known/weight)
		}
	}
	for i := range d.Customer { // customers are found where feature 0 is unknown and feature 1 above the middle, or neither
		unknown, high := d.Table.Columns[0].Codes[i] == 0, d.Table.Columns[1].Codes[i] > 4
		d.Customer[i] = i%2 == 0 && unknown == high || i%16 == 0
	}
	for k := range d.Learn {
		d.Learn[k] = true
	}
	f = fit(t, scorecard.DefaultOptions(), d)
	if len(f.Trees) == 0 {
		t.Fatal("no pair, though it matters where a value is missing")
	}
}
