package leak_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/modeltest"
)

// twoLists returns a generated base from two lists, named in a column: a rich
// one, which has 80 % of the customers and 30 % of the pool, and a poor one, in
// which three columns are empty.
func twoLists(t *testing.T) *evaluate.Frame {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 3000, 300, 0
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	f := modeltest.Frame(base, 0)
	list := datasets.Column{Field: datasets.Field{Name: "list", Type: datasets.Category}, Dictionary: []string{"poor", "rich"}}
	var seen [2]int
	for i, customer := range f.Customer {
		class, rich := 0, 0
		if customer {
			class = 1
		}
		if seen[class]%10 < []int{3, 8}[class] {
			rich = 1
		}
		seen[class]++
		list.Codes = append(list.Codes, int32(rich))
		if rich == 0 {
			f.Batch.Column("founded").Numbers[i] = math.NaN()
			f.Batch.Column("annual_revenue").Numbers[i] = math.NaN()
			f.Batch.Column("technologies").Null[i] = true
		}
	}
	f.Batch.Columns = append(f.Batch.Columns, list)
	f.Learn = true
	return f
}

// TestCoverage checks what is said of a base whose empty cells tell the list: the
// AUC of the pattern alone is ½ + (0.8 − 0.3)/2 (out of fold a little less, since
// folds differ in what they learn of the same pattern), and a ranking that owes much to
// it is worth within it what it is worth without.
func TestCoverage(t *testing.T) {
	f := twoLists(t)
	r := screened(t, f)
	if got := r.Coverage.AUC; math.Abs(got.Value-0.75) > 0.02 || !(got.Low < 0.75 && got.High > 0.75) {
		t.Errorf("the pattern alone has an AUC of %+v, want 0.75", got)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	own, scores := make([]float64, f.Batch.Rows), make([]float64, f.Batch.Rows)
	lists := make([][]int32, 2)
	for i, code := range f.Batch.Column("list").Codes {
		own[i] = rng.NormFloat64()
		if f.Customer[i] {
			own[i]++
		}
		scores[i] = own[i] + 3*float64(code)
		lists[code] = append(lists[code], int32(i))
	}
	if err := r.Judge(t.Context(), quick(), scores, 0.9); err != nil {
		t.Fatal(err)
	}
	want, err := metrics.Within(own, f.Customer, nil, nil, lists, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Coverage.Within; w == nil || math.Abs(w.Value-want.Value) > 1e-12 || !(w.Low < w.Value && w.Value < w.High) || math.Abs(r.Coverage.Equal-1) > 1e-12 {
		t.Errorf("within %+v of %v, want %v", w, r.Coverage.Equal, want.Value)
	}
	learn, neutral := r.Coverage.Settings[0], r.Coverage.Settings[1]
	if len(r.Coverage.Settings) != 2 || learn.Missing != "learn" || !learn.InUse || neutral.InUse || learn.AUC.Value < neutral.AUC.Value+0.01 || math.Abs(learn.Within-neutral.Within) > 0.02 {
		t.Errorf("settings %+v", r.Coverage.Settings)
	}
	at := slices.IndexFunc(r.Warnings, func(w leak.Warning) bool { return w.Feature == "" })
	if at < 0 || r.Warnings[at].Code != leak.Missingness || !strings.Contains(r.Warnings[at].Message, "missing: neutral AUC 0.") || !strings.Contains(r.Warnings[at].Message, "model.group") {
		t.Errorf("warnings %+v", r.Warnings)
	}
	for _, name := range []string{"founded", "annual_revenue", "technologies"} {
		if !slices.ContainsFunc(r.Warnings, func(w leak.Warning) bool { return w.Code == leak.Missingness && w.Feature == name }) {
			t.Errorf("no warning of %s", name)
		}
	}
}

// TestCoverageInGroups checks that ranking within the lists takes the pattern's
// worth away, and that the report says what the lists and the ranking are worth.
func TestCoverageInGroups(t *testing.T) {
	f := twoLists(t)
	f.Group = f.GroupBy(features.Spec{Name: "list", Kind: features.Category})
	r := judged(t, f)
	if got := r.Coverage.AUC; !(got.Low <= 0.5 && got.High >= 0.5) {
		t.Errorf("within lists the pattern alone has an AUC of %+v, want 0.5", got)
	}
	if len(r.Warnings) != 1 || r.Warnings[0].Code != leak.Parity || r.Warnings[0].Feature != "list" {
		t.Errorf("warnings %+v, want that of the lists", r.Warnings)
	}
	g := r.Group
	if math.Abs(g.AUC.Value-0.75) > 0.02 || g.LeftOut != 0 || len(g.Parts) != 2 || g.Parts[0].Label != "poor" || g.Parts[0].Customers != 60 || g.Parts[1].Customers != 240 {
		t.Errorf("group %+v", g)
	}
	mean := (60*g.Parts[0].AUC + 240*g.Parts[1].AUC) / 300
	if g.Within == nil || math.Abs(g.Within.Value-mean) > 1e-12 || g.Within.Value < 0.7 || !(g.Within.Low < mean && mean < g.Within.High) {
		t.Errorf("AUC within %+v, want %v", g.Within, mean)
	}
}

// TestStrataOfRarePatterns checks that where hardly any two accounts have the
// same cells empty, those are compared whose pattern predicts as much.
func TestStrataOfRarePatterns(t *testing.T) {
	f := generated(t, 9)
	for _, name := range []string{"founded", "annual_revenue"} {
		c := f.Batch.Column(name)
		for i := range f.Customer {
			if !f.Customer[i] && i%2 == 0 {
				c.Numbers[i] = math.NaN()
			}
		}
	}
	f.Learn = true
	r := judged(t, f)
	w := r.Coverage.Within
	if w == nil || r.Coverage.Equal > 0.8 || !(w.Value > 0.6 && w.Value < 0.95) {
		t.Errorf("coverage %+v", r.Coverage)
	}
}
