package logistic_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/logistic"
)

// lifts are the log lifts by slot that draw makes customers by.
var lifts = [][]float64{
	{0, -1, -0.4, 0.1, 0.5, 0.9},
	{0, 0.7, -0.6, 0.3, 0},
	{0, -0.4, 0.4},
	{0, 0, 0.6, -0.7, 0.5},
}

// draw returns accounts, a fifteenth of them customers by the lifts, and the
// log lift of each.
func draw(customers int, seed uint64) (model.Data, []float64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	d := readShape()
	var truth []float64
	counts := [2]int{}
	for counts[0] < 15*customers || counts[1] < customers {
		codes := [4]uint8{uint8(rng.IntN(6)), uint8(rng.IntN(5)), uint8(rng.IntN(3)), 1}
		lift := 0.0
		for k, c := range codes {
			lift += lifts[k][c]
		}
		var items []uint16
		for item := range uint16(3) {
			if rng.IntN(3) == 0 {
				items = append(items, item)
				lift += lifts[3][2+item]
			}
		}
		customer := counts[0] == 15*customers
		if customer && rng.Float64() > math.Exp(lift-3.1) { // the greatest lift is 3.1
			continue
		}
		if customer {
			counts[1]++
		} else {
			counts[0]++
		}
		for k, c := range codes {
			d.Table.Columns[k].Codes = append(d.Table.Columns[k].Codes, c)
		}
		set := &d.Table.Columns[3]
		set.Items = append(set.Items, items...)
		set.Offsets = append(set.Offsets, int32(len(set.Items)))
		d.Customer, d.Weights = append(d.Customer, customer), append(d.Weights, 1)
		d.Keys = append(d.Keys, model.Mix(uint64(len(truth)), 4))
		truth = append(truth, lift)
	}
	d.Table.Rows = len(truth)
	return d, truth
}

func readShape() model.Data {
	t := &bin.Table{Columns: make([]bin.Column, 4), Binnings: []bin.Binning{
		{Feature: "size", Kind: features.Number, Edges: []float64{5, 20, 100, 1000}},
		{Feature: "sector", Kind: features.Category, Values: []string{"a", "b", "c"}, Labels: []string{"a", "b", "c"}},
		{Feature: "hiring", Kind: features.Flag},
		{Feature: "tools", Kind: features.Set, Items: []string{"x", "y", "z"}, Labels: []string{"x", "y", "z"}},
	}}
	t.Columns[3].Offsets = []int32{0}
	return model.Data{Table: t, Monotone: make([]int, 4), Learn: make([]bool, 4), Seed: 1}
}

// times returns the lifts times f.
func times(f float64) [][]float64 {
	out := make([][]float64, len(lifts))
	for k, s := range lifts {
		for _, v := range s {
			out[k] = append(out[k], f*v)
		}
	}
	return out
}

// fidelity returns the correlation of a fit's margins with the truth.
func fidelity(t *testing.T, l logistic.Learner, train, test model.Data, truth []float64) float64 {
	t.Helper()
	f, err := l.Fit(t.Context(), train)
	if err != nil {
		t.Fatal(err)
	}
	n := float64(len(truth))
	var a, b, ab, aa, bb float64
	for i, y := range truth {
		x := f.Margin(test.Table, i)
		a, b, ab, aa, bb = a+x, b+y, ab+x*y, aa+x*x, bb+y*y
	}
	return (ab - a*b/n) / math.Sqrt((aa-a*a/n)*(bb-b*b/n))
}

// TestPriorHelps checks that with few customers a true prior is better than none,
// also one of half the size, and that with many customers a wrong one
// does not matter.
func TestPriorHelps(t *testing.T) {
	l := logistic.Learner{Options: logistic.DefaultOptions()}
	test, truth := draw(300, 99)
	var none, true1, half float64
	for seed := range uint64(5) {
		d, _ := draw(20, seed)
		none += fidelity(t, l, d, test, truth) / 5
		d.Prior = times(1)
		true1 += fidelity(t, l, d, test, truth) / 5
		d.Prior = times(0.5)
		half += fidelity(t, l, d, test, truth) / 5
	}
	if true1 < none+0.05 || half < none+0.05 {
		t.Errorf("20 customers: correlation with the truth %.3f with a true prior, %.3f with half of it, %.3f without", true1, half, none)
	}
	d, _ := draw(3000, 7)
	without := fidelity(t, l, d, test, truth)
	d.Prior = times(-1)
	if r := fidelity(t, l, d, test, truth); r < without-0.02 || r < 0.97 {
		t.Errorf("3,000 customers: correlation with the truth %.3f with a wrong prior, %.3f without", r, without)
	}
}

// TestPriorAlone checks that under an endless penalty the scores are the prior's.
func TestPriorAlone(t *testing.T) {
	d, _ := draw(50, 1)
	d.Prior = times(1)
	d.Learn[0] = true
	for _, alpha := range []float64{0, 0.5} {
		f, err := at(alpha, 1e12).Fit(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for k, s := range f.Scores {
			for slot, v := range s {
				if slot == 0 && !d.Learn[k] {
					continue // the pool's average
				}
				if math.Abs(v-lifts[k][slot]) > 1e-6 {
					t.Errorf("alpha %v: feature %d, slot %d scores %v, want %v", alpha, k, slot, v, lifts[k][slot])
				}
			}
		}
	}
}

// TestPriorSigned checks that the sign holds of the score, not of what is added
// to the prior: a prior against the sign is levelled; one with it, but far too
// steep, comes down to the truth.
func TestPriorSigned(t *testing.T) {
	d, _ := draw(2000, 2)
	d.Prior = times(0)
	d.Monotone[0] = 1
	for name, prior := range map[string][]float64{"against": {0, 4, 2, 0, -2, -4}, "steep": {0, -8, -4, 0, 4, 8}} {
		d.Prior[0] = prior
		f, err := at(0, 1).Fit(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		s := f.Scores[0]
		for slot := 2; slot < len(s); slot++ {
			if s[slot] < s[slot-1] {
				t.Errorf("%s: the scores fall: %v", name, s)
			}
		}
		if rise := s[5] - s[1]; math.Abs(rise-1.9) > 0.4 { // lifts rise by 1.9
			t.Errorf("%s: the scores rise by %v, the truth by 1.9", name, rise)
		}
	}
	d.Prior[0] = []float64{0, 4, 2, 0, -2, -4}
	f, err := at(0, 1e12).Fit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if s := f.Scores[0]; math.Abs(s[5]-s[1]) > 1e-6 {
		t.Errorf("a prior against the sign scores %v under an endless penalty, want it level", s)
	}
}

func TestPriorRefused(t *testing.T) {
	for want, change := range map[string]func(d *model.Data){
		"3 priors":             func(d *model.Data) { d.Prior = d.Prior[:3] },
		"feature 1 has 2":      func(d *model.Data) { d.Prior[1] = []float64{0, 1} },
		"slot 2 is NaN":        func(d *model.Data) { d.Prior[2][2] = math.NaN() },
		"feature 0, slot 1 is": func(d *model.Data) { d.Prior[0][1] = math.Inf(1) },
	} {
		d, _ := draw(10, 3)
		d.Prior = times(1)
		change(&d)
		_, err := logistic.Learner{Options: logistic.DefaultOptions()}.Fit(t.Context(), d)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %q", err, want)
		}
	}
}
