package evaluate_test

import (
	"math"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/metrics"
)

// listed returns a base from three lists with their numbers of customers and
// pool accounts, a feature that only tells the list, and one that tells customers
// from pool alike in all.
func listed() *evaluate.Frame {
	f := &evaluate.Frame{Batch: &datasets.Batch{}, Learn: true, Seed: 1, Bins: bin.DefaultOptions()}
	source := datasets.Column{Field: datasets.Field{Name: "source", Type: datasets.Category}, Dictionary: []string{"A", "a ", "B", "C", "D"}}
	trace := datasets.Column{Field: datasets.Field{Name: "trace", Type: datasets.Number}}
	size := datasets.Column{Field: datasets.Field{Name: "size", Type: datasets.Number}}
	for code, n := range [][2]int{{100, 300}, {60, 100}, {40, 2000}, {5, 400}, {0, 600}} {
		for class, rows := range [2]int{n[1], n[0]} {
			for i := range rows {
				f.Customer, f.Weights = append(f.Customer, class == 1), append(f.Weights, 1+float64(1-class))
				f.Keys = append(f.Keys, model.Mix(uint64(len(f.Keys)), 3))
				source.Codes = append(source.Codes, int32(code))
				trace.Numbers = append(trace.Numbers, float64(max(code, 1)))
				size.Numbers = append(size.Numbers, float64(i*37%100+30*class))
				f.Batch.Rows++
			}
		}
	}
	f.Batch.Columns = []datasets.Column{source, trace, size}
	for _, name := range []string{"trace", "size"} {
		f.Specs = append(f.Specs, features.Spec{Name: name, Pillar: features.Firmographic, Kind: features.Number, Column: name})
	}
	return f
}

var sourceSpec = features.Spec{Name: "source", Pillar: features.Firmographic, Kind: features.Category, Column: "source"}

// TestMatched checks weights by hand. Customers: A 160 (in two spellings), B 40,
// C 5, which is less than 20 and so a group by itself only because it is the one
// such; D has none. The pool weighs 2 a row, 6,800 in all.
func TestMatched(t *testing.T) {
	f := listed()
	f.Group = f.GroupBy(sourceSpec)
	if f.Group.Groups != 3 || len(f.Group.Parts) != 2 || f.Group.Parts[0].Label != "a" || f.Group.Parts[0].Customers != 160 || len(f.Group.Parts[0].Rows) != 560 {
		t.Fatalf("%d groups, parts %+v", f.Group.Groups, f.Group.Parts)
	}
	w := f.Matched(f.All())
	codes := f.Batch.Columns[0].Codes
	for i, v := range w {
		want := f.Weights[i]
		if !f.Customer[i] {
			want = []float64{160. / 205 * 6800 / 400, 160. / 205 * 6800 / 400, 40. / 205 * 6800 / 2000, 5. / 205 * 6800 / 400, 0}[codes[i]]
		}
		if math.Abs(v-want) > 1e-9 {
			t.Fatalf("row %d of list %d has weight %v, want %v", i, codes[i], v, want)
		}
	}
	if rows := f.All()[:400]; f.Matched(rows)[500] != 0 { // what is not given takes no part
		t.Error("a row that was not given takes part")
	}
}

// TestGroupOfSets checks that a set's groups are its combinations, whatever
// their order and case, and its parts the items.
func TestGroupOfSets(t *testing.T) {
	f := listed()
	sets := datasets.Column{Field: datasets.Field{Name: "lists", Type: datasets.Set}, Dictionary: []string{"x", "Y", "X"}, Offsets: []int32{0}}
	for i := range f.Batch.Rows {
		sets.Codes = append(sets.Codes, [][]int32{{0, 1}, {1, 2}, {0}, {}}[i%4]...)
		sets.Offsets, sets.Null = append(sets.Offsets, int32(len(sets.Codes))), append(sets.Null, i%4 == 3)
	}
	f.Batch.Columns = append(f.Batch.Columns, sets)
	g := f.GroupBy(features.Spec{Name: "lists", Kind: features.Set})
	if g.Groups != 3 || len(g.Parts) != 3 || g.Parts[0].Label != "unknown" || g.Parts[1].Label != "x" || g.Parts[2].Label != "y" {
		t.Fatalf("%d groups, parts %+v", g.Groups, g.Parts)
	}
	if g.Of[0] != g.Of[1] || g.Of[0] == g.Of[2] || g.Cells[3] != -1 {
		t.Errorf("groups %v, cells %v", g.Of[:4], g.Cells[:4])
	}
	if n := len(g.Parts[1].Rows); n != (3*f.Batch.Rows+3)/4 {
		t.Errorf("x has %d rows of %d, want three of four", n, f.Batch.Rows)
	}
}

// TestWithinGroups checks that what only tells the groups apart gets no points,
// that what tells customers within them keeps its, and that the model is stated
// against the whole pool.
func TestWithinGroups(t *testing.T) {
	l := logistic.Learner{Options: logistic.DefaultOptions()}
	spread := map[bool]float64{}
	for _, grouped := range []bool{false, true} {
		f := listed()
		if grouped {
			f.Group = f.GroupBy(sourceSpec)
		}
		fit, d, err := f.Fit(t.Context(), l, f.All())
		if err != nil {
			t.Fatal(err)
		}
		whole := f.Whole(fit, d)
		if whole.Table.Rows != f.Batch.Rows {
			t.Errorf("%d rows, want all %d", whole.Table.Rows, f.Batch.Rows)
		}
		_, pool := whole.Totals()
		_, matched := d.Totals()
		if math.Abs(pool-matched) > 1e-6 || math.Abs(pool-f.PoolWeight()) > 1e-6 {
			t.Errorf("the pool weighs %v as learned from, %v as stated, %v as it is", matched, pool, f.PoolWeight())
		}
		span := func(s []float64) float64 { return math.Abs(s[len(s)-1] - s[1]) }
		spread[grouped] = span(fit.Scores[0])
		if span(fit.Scores[1]) < 0.5 {
			t.Errorf("grouped %t: size spans %v, want it to keep its points", grouped, span(fit.Scores[1]))
		}
		scores, err := f.Score(t.Context(), l, 1)
		if err != nil {
			t.Fatal(err)
		}
		g := f.GroupBy(sourceSpec)
		within, err := metrics.Within(scores.Mean(), f.Customer, f.Weights, f.Keys, [][]int32{g.Parts[0].Rows, g.Parts[1].Rows}, 100, 1)
		// Sizes 0 to 99 and 30 to 129: a customer's is the greater with probability 1 − 0.7²/2 = 0.755.
		if err != nil || math.Abs(within.Value-0.75) > 0.05 {
			t.Errorf("grouped %t: AUC within %+v (%v), want 0.75", grouped, within, err)
		}
	}
	if spread[true] > spread[false]/10 {
		t.Errorf("what tells the list spans %v within groups and %v without; want less than a tenth", spread[true], spread[false])
	}
}
