package logistic

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// wide returns accounts with two numbers that go together, a category, a flag and
// a set of many items.
func wide(rows, items int) *model.Data {
	rng := rand.New(rand.NewPCG(8, uint64(items)))
	t := &bin.Table{Rows: rows, Binnings: []bin.Binning{
		{Kind: features.Number, Edges: []float64{1, 3, 9, 27, 81}},
		{Kind: features.Number, Edges: []float64{2, 4, 8, 16, 32}},
		{Kind: features.Category, Values: []string{"a", "b"}},
		{Kind: features.Flag},
		{Kind: features.Set, Items: make([]string, items)},
	}, Columns: make([]bin.Column, 5)}
	d := &model.Data{Table: t, Monotone: []int{0, -1, 0, 1, 0}, Learn: []bool{true, false, true, false, true}, Seed: 2}
	t.Columns[4].Offsets = []int32{0}
	for i := range rows {
		a := rng.IntN(7)
		codes := []int{a, min(6, max(0, a+rng.IntN(3)-1)), rng.IntN(4), rng.IntN(3), 1}
		for k, c := range codes {
			t.Columns[k].Codes = append(t.Columns[k].Codes, uint8(c))
		}
		s := &t.Columns[4]
		for item := rng.IntN(40); item < items; item += 1 + rng.IntN(items/2) {
			s.Items = append(s.Items, uint16(item))
		}
		s.Offsets = append(s.Offsets, int32(len(s.Items)))
		margin := -2 + 0.3*float64(a) - 0.5*float64(codes[2])
		d.Customer = append(d.Customer, rng.Float64() < 1/(1+math.Exp(-margin)))
		d.Weights, d.Keys = append(d.Weights, 0.5+rng.Float64()), append(d.Keys, model.Mix(uint64(i), 6))
	}
	return d
}

// entry returns a row's entry in column j of a feature, from the definition.
func (f *feature) entry(i int, j *column) float64 {
	if !j.item {
		if s := int(f.codes[i]) - j.from; s >= 0 && s < len(j.value) {
			return j.value[s]
		}
		return 0
	}
	for _, item := range f.list[f.offsets[i]:f.offsets[i+1]] {
		if int(item) == j.from {
			return j.value[0]
		}
	}
	return 0
}

// TestOptimum checks the conditions of a minimum (Karush, Kuhn and Tucker) on the
// gradient from its definition, where products of columns are kept, where there
// are too many, and where they are of a sample of rows.
func TestOptimum(t *testing.T) {
	for name, d := range map[string]*model.Data{"few columns": wide(1200, 20), "many columns": wide(900, gramColumns+1), "many rows": wide(sampleRows+9000, 20)} {
		for _, alpha := range []float64{0, 0.5} {
			x := newDesign(d, 1e9, 0)
			s := newSolver(x, x.weight)
			if (s.q.gram == nil) != (name == "many columns") || s.q.whole == (name == "many rows") {
				t.Fatalf("%s: not the way that is to be tested", name)
			}
			pen := choice{alpha: alpha, lambda: 20}.penalty()
			if err := s.descend(t.Context(), pen, enough, 100); err != nil {
				t.Fatal(err)
			}
			if err := s.polish(t.Context(), pen); err != nil {
				t.Fatal(err)
			}
			if off := s.violation(pen); off > 1e-5 {
				t.Errorf("%s, alpha %v: the gradient is off by %v", name, alpha, off)
			}
		}
	}
}

// violation returns how far the gradient is from that of a minimum.
func (s *solver) violation(pen penalty) float64 {
	x := s.p.x
	gradient := make([]float64, x.cols+1)
	for i := range x.label {
		m := s.beta[x.cols]
		for k := range x.features {
			f := &x.features[k]
			for n := range f.columns {
				m += s.beta[f.first+n] * f.entry(i, &f.columns[n])
			}
		}
		r := x.weight[i] * (1/(1+math.Exp(-m)) - x.label[i])
		gradient[x.cols] += r
		for k := range x.features {
			f := &x.features[k]
			for n := range f.columns {
				gradient[f.first+n] += r * f.entry(i, &f.columns[n])
			}
		}
	}
	worst := math.Abs(gradient[x.cols])
	for j, g := range gradient[:x.cols] {
		b := s.beta[j]
		g += pen.l2 * b
		off := math.Abs(g + math.Copysign(pen.l1, b))
		if b == 0 {
			off = max(0, math.Abs(g)-pen.l1)
			if sign := float64(x.sign[j]); sign != 0 {
				off = max(0, -sign*g-pen.l1)
			}
		}
		worst = max(worst, off)
	}
	return worst
}

// TestKnots checks them by hand: quantiles 1/5 to 4/5 of the shares.
func TestKnots(t *testing.T) {
	for _, tt := range []struct {
		share []float64
		want  []int
	}{
		{[]float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, []int{0, 1, 3, 5, 7, 9}},
		{[]float64{0.9, 0.05, 0.05}, []int{0, 2}}, // all quantiles in the first
		{[]float64{0.05, 0.9, 0.05}, []int{0, 1, 2}},
		{[]float64{1}, []int{0}},
	} {
		got := knots(tt.share)
		if len(got) != len(tt.want) {
			t.Errorf("knots(%v) = %v, want %v", tt.share, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("knots(%v) = %v, want %v", tt.share, got, tt.want)
			}
		}
	}
}

// TestSearch checks that looking at every fourth penalty, then about the best, ends
// where looking at all of them ends, or beside it: losses of
// neighbours differ by little more than what a descent leaves undone.
func TestSearch(t *testing.T) {
	same, solved := 0, 0
	for rows := 500; rows < 1500; rows += 200 {
		d := wide(rows, 30)
		o := DefaultOptions()
		for _, alpha := range []float64{0, 0.5, 1} {
			x := newDesign(d, 1e9, 0)
			var steepest float64
			for _, g := range newSolver(x, x.weight).p.gradient[:x.cols] {
				steepest = max(steepest, math.Abs(g))
			}
			var ends [2]int
			var losses [2]float64
			for i, every := range []int{1, stride} {
				w := walk{x: x, parts: x.parts(o.Parts), alpha: alpha, path: o.path(alpha, steepest)}
				if err := w.search(t.Context(), every); err != nil {
					t.Fatal(err)
				}
				ends[i], losses[i] = rule(w.parts, false)
				for _, loss := range w.parts[0].loss {
					if every == stride && !math.IsNaN(loss) {
						solved++
					}
				}
			}
			if math.Abs(losses[1]-losses[0]) > 1e-3*losses[0] || max(ends[0]-ends[1], ends[1]-ends[0]) > 2 {
				t.Errorf("%d rows, alpha %v: ends at %d with a loss of %v; all penalties end at %d with %v", rows, alpha, ends[1], losses[1], ends[0], losses[0])
			}
			if ends[0] == ends[1] {
				same++
			}
		}
	}
	if same < 8 || solved > 15*25 {
		t.Errorf("of 15 paths %d end at the same penalty; %d penalties were solved", same, solved)
	}
}
