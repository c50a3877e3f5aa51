package train_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/grid"
	"github.com/icpfit/icpfit/model/train"
)

// A base of margins, as Cut sees it: no features, the pool's quantiles in the
// model, base points 50.
type base struct {
	*evaluate.Frame
	model   *model.Model
	margins []float64
}

// newBase makes a base of a pool and of customers at these points.
func newBase(pool, customers []float64, weight float64) *base {
	b := &base{&evaluate.Frame{}, &model.Model{BasePoints: 50}, nil}
	var values []int64
	for i, p := range slices.Concat(pool, customers) {
		margin := math.Round((p - 50) * model.Micro)
		b.margins = append(b.margins, margin)
		b.Customer = append(b.Customer, i >= len(pool))
		w := 1.0
		if i < len(pool) {
			w = weight
			values = append(values, int64(margin))
		}
		b.Weights = append(b.Weights, w)
	}
	b.model.Quantiles = model.Quantiles(values, nil)
	return b
}

func (b *base) cut(o train.GradeOptions) (model.Grades, error) {
	if o.Scale == "" {
		o.Scale = "A-F"
	}
	if o.On == "" {
		o.On = "fit"
	}
	return train.Cut(b.Frame, b.model, b.margins, o)
}

// shares returns the share of the pool's weight and of the customers at or above
// each cut.
func (b *base) shares(g model.Grades) (pool, customers []float64) {
	for _, c := range g.Cuts {
		var total, above [2]float64
		for i, m := range b.margins {
			class := 0
			if b.Customer[i] {
				class = 1
			}
			total[class] += b.Weights[i]
			if m >= float64(c.Margin) {
				above[class] += b.Weights[i]
			}
		}
		pool, customers = append(pool, above[0]/total[0]), append(customers, above[1]/max(total[1], 1))
	}
	return pool, customers
}

// even returns n points evenly spread from low to high.
func even(n int, low, high float64) (out []float64) {
	for i := range n {
		out = append(out, low+(high-low)*float64(i)/float64(n-1))
	}
	return out
}

// graded returns the points of so many customers, A to F by lift, each grade's
// evenly spread over it; the pool is taken to end at 85 points.
func graded(counts ...int) (out []float64) {
	ends := []float64{85, 80, 70, 60, 50, 40, 20}
	for i, n := range counts {
		if n > 0 {
			out = append(out, even(n+2, ends[i+1], ends[i])[1:n+1]...)
		}
	}
	return out
}

// usual is a base of 5,000 pool accounts and 200 customers, whose share doubles
// every ten points.
func usual() *base { return newBase(even(5000, 20, 85), graded(60, 72, 36, 18, 9, 5), 10) }

func TestCutByLift(t *testing.T) {
	g, err := usual().cut(train.GradeOptions{Method: "lift", Hysteresis: 2})
	if err != nil {
		t.Fatal(err)
	}
	// Lifts 8, 4, 2, 1, ½ are 80, 70, 60, 50 and 40 points.
	for i, want := range []int64{30, 20, 10, 0, -10} {
		if got := g.Cuts[i].Margin; got != want*model.Micro {
			t.Errorf("%s starts at margin %d, want %d", g.Cuts[i].Grade, got, want*model.Micro)
		}
	}
	if g.Method != "lift" || g.On != "fit" || g.Hysteresis != 2 || len(g.Notes) != 0 {
		t.Errorf("grades %+v", g)
	}
	g, err = usual().cut(train.GradeOptions{Method: "lift", Scale: "A-D", Cuts: []float64{16, 4, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{40, 20, 0} {
		if got := g.Cuts[i].Margin; got != want*model.Micro {
			t.Errorf("with cuts of one's own, %s starts at %d, want %d", g.Cuts[i].Grade, got, want*model.Micro)
		}
	}
}

// TestCutByLiftGuards checks that a grade which claims a lift needs ten customers
// out of fold, that its accounts go to the next grade then, and that no more
// than a tenth of the pool is A.
func TestCutByLiftGuards(t *testing.T) {
	few := newBase(even(5000, 20, 85), graded(9, 60, 30, 15, 8, 4), 1)
	g, err := few.cut(train.GradeOptions{Method: "lift"})
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "A is empty: only 9 customers") {
		t.Errorf("notes %q", g.Notes)
	}
	if got := g.Index(40 * model.Micro); g.Cuts[got].Grade != "B" {
		t.Errorf("an account of 90 points is graded %s, want B", g.Cuts[got].Grade)
	}

	// Nobody from 60 to 70 points: C is empty, and its accounts are D.
	gap := newBase(even(5000, 20, 85), graded(50, 60, 0, 20, 5, 4), 1)
	if g, err = gap.cut(train.GradeOptions{Method: "lift"}); err != nil {
		t.Fatal(err)
	}
	if got := g.Cuts[g.Index(15*model.Micro)].Grade; got != "D" || len(g.Notes) != 1 {
		t.Errorf("an account of 65 points is graded %s, notes %q, want D", got, g.Notes)
	}
	if got := g.Cuts[g.Index(20*model.Micro)].Grade; got != "B" {
		t.Errorf("an account of 70 points is graded %s, want B", got)
	}

	many := newBase(even(5000, 20, 120), slices.Concat(even(100, 110.5, 120), even(100, 71, 109), even(12, 61, 69), graded(0, 0, 0, 6, 3, 2)), 1)
	if g, err = many.cut(train.GradeOptions{Method: "lift"}); err != nil {
		t.Fatal(err)
	}
	pool, _ := many.shares(g)
	if pool[0] > 0.1 || pool[0] < 0.098 || len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "more than 10 % of the pool") {
		t.Errorf("%v of the pool are A, notes %q", pool[0], g.Notes)
	}
	// The model ranks backwards: nobody is promised anything.
	none := newBase(even(5000, 20, 85), even(200, 20, 49), 1)
	if g, err = none.cut(train.GradeOptions{Method: "lift"}); err != nil {
		t.Fatal(err)
	}
	if got := g.Cuts[g.Index(math.MaxInt64-1)].Grade; got != "F" || len(g.Notes) != 5 {
		t.Errorf("where no customer is above average the best grade is %s, notes %q, want F", got, g.Notes)
	}
}

// TestCutByLiftMerges checks that neighbours with lifts out of fold in the wrong
// order, or surely less than half as much again apart, become one grade: the
// letter that their joint lift earns. Few customers that look near are noted.
func TestCutByLiftMerges(t *testing.T) {
	for _, tt := range []struct {
		name  string
		base  *base
		empty string
		note  string
	}{
		{"wrong order", newBase(even(5000, 20, 85), graded(80, 30, 50, 15, 8, 4), 10), "B", "B is empty, its accounts are C: lifts of 1.04 and 1.74 out of fold are in the wrong order"},
		{"too near", newBase(even(5000, 20, 85), graded(4000, 1100, 1000, 300, 150, 50), 10), "B", "B is empty, its accounts are C: lifts of 1.08 and 0.99 out of fold are too near"},
		{"near by chance", newBase(even(5000, 20, 85), graded(80, 40, 30, 15, 8, 4), 10), "", "B and C can hardly be told apart: lifts of 1.47 and 1.10 out of fold"},
		// A and B hold 5 % of the pool each, with 80 and 90 of 180 customers: together an A.
		{"A takes in B", newBase(slices.Concat(even(50, 81, 89), even(50, 71, 79), even(900, 20, 39)), slices.Concat(even(80, 81, 89), even(90, 71, 79), even(10, 20, 39)), 1), "B", "B is empty, its accounts are A: lifts of 8.89 and 10.00 out of fold are in the wrong order"},
		// D and E hold a tenth of the pool each, with 13 % and 15 % of the customers.
		{"earns the better letter", newBase(slices.Concat(even(500, 50, 59), even(500, 40, 49), even(4000, 20, 39)), slices.Concat(even(26, 51, 58), even(30, 41, 48), even(104, 21, 38), even(40, 61, 69)), 1), "E", "E is empty, its accounts are D: lifts of 1.30 and 1.50 out of fold are in the wrong order"},
	} {
		g, err := tt.base.cut(train.GradeOptions{Method: "lift"})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(g.Notes, "\n"), tt.note) {
			t.Errorf("%s: notes %q, want %q", tt.name, g.Notes, tt.note)
		}
		if tt.empty == "" && len(g.Notes) != 1 {
			t.Errorf("%s: notes %q, want one", tt.name, g.Notes)
		}
		for _, m := range tt.base.margins {
			if got := g.Cuts[g.Index(int64(m))].Grade; got == tt.empty {
				t.Fatalf("%s: an account with margin %v is %s", tt.name, m, got)
			}
		}
	}
}

// TestCutByLiftConstraints checks, on any base, what grades by lift must show out
// of fold: lifts that fall from grade to grade, ten customers behind what claims
// more than the average, at most a tenth of the pool in A, a note where the lifts
// of neighbours are too near. It checks the table that is published, and that cuts
// of one's own stay.
func TestCutByLiftConstraints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBase(rapid.SliceOfN(rapid.Float64Range(10, 110), 20, 300).Draw(t, "pool"), rapid.SliceOfN(rapid.Float64Range(10, 110), 1, 80).Draw(t, "customers"), float64(rapid.IntRange(1, 5).Draw(t, "weight")))
		for i := range b.margins {
			b.Keys = append(b.Keys, uint64(i))
		}
		scale := rapid.SampledFrom([]string{"A-F", "A-D+F", "A-D"}).Draw(t, "scale")
		g, err := b.cut(train.GradeOptions{Scale: scale, Method: "lift"})
		if err != nil {
			t.Fatal(err)
		}
		measured, err := b.Measure(&evaluate.OutOfFold{Score: [][]float64{b.margins}}, &g, b.model.BasePoints)
		if err != nil {
			t.Fatal(err)
		}
		before := math.Inf(1)
		for i, row := range measured.Grades {
			if row.PoolShare == 0 && row.Customers == 0 {
				continue
			}
			lift := row.Captured.Value / row.PoolShare
			if before < lift*(1-1e-9) {
				t.Fatalf("%s has lift %v after %v", row.Grade, lift, before)
			}
			if before < 1.5*lift*(1-1e-9) && !strings.Contains(strings.Join(g.Notes, "\n"), "and "+row.Grade+" can hardly be told apart") {
				t.Fatalf("%s has lift %v after %v, notes %q", row.Grade, lift, before, g.Notes)
			}
			if i < 3 && row.Customers < 10 && i < len(measured.Grades)-1 {
				t.Fatalf("%s rests on %d customers", row.Grade, row.Customers)
			}
			if i == 0 && row.PoolShare > 0.1+1e-9 {
				t.Fatalf("A holds %v of the pool", row.PoolShare)
			}
			before = lift
		}
		own := []float64{6, 3, 2, 1, 0.3}[:len(g.Cuts)-1]
		if g, err = b.cut(train.GradeOptions{Scale: scale, Method: "lift", Cuts: own}); err != nil {
			t.Fatal(err)
		}
		for i, lift := range own {
			if g.Cuts[i].Margin != b.model.Margin(50+10*math.Log2(lift)) {
				t.Fatalf("%s starts at %d, not at a lift of %v", g.Cuts[i].Grade, g.Cuts[i].Margin, lift)
			}
		}
	})
}

// TestCutMergesAcross checks that a grade without any account between two that are
// merged is merged with them: no grade starts above a better one.
func TestCutMergesAcross(t *testing.T) {
	points := func(c, e, f int) []float64 { // of C, of E and of F; nobody is D
		return slices.Concat(slices.Repeat([]float64{62}, c), slices.Repeat([]float64{45}, e), slices.Repeat([]float64{20}, f))
	}
	b := newBase(points(200, 300, 9500), points(30, 60, 10), 1)
	g, err := b.cut(train.GradeOptions{Method: "lift"})
	if err != nil {
		t.Fatal(err)
	}
	for i, letter := range []string{"C", "D", "E"} {
		if c := g.Cuts[2+i]; c.Grade != letter || c.Margin != b.model.Margin(40) {
			t.Errorf("%s starts at %d, want all of C, D and E at %d", c.Grade, c.Margin, b.model.Margin(40))
		}
	}
	if notes := strings.Join(g.Notes, "\n"); !strings.Contains(notes, "E is empty, its accounts are C: lifts of 15.00 and 20.00") {
		t.Errorf("notes %q", notes)
	}
}

// TestCutNotes checks that cuts which people chose are obeyed, and that the notes
// say what they do not show.
func TestCutNotes(t *testing.T) {
	b := newBase(even(5000, 20, 85), graded(9, 60, 70, 15, 8, 4), 1)
	for _, tt := range []struct {
		o    train.GradeOptions
		want []string
	}{
		{train.GradeOptions{Method: "lift", Cuts: []float64{8, 4, 2, 1, 0.5}}, []string{"A rests on 9 customers", "A has a lift of 0.70 out of fold, less than B with 2.35", "B has a lift of 2.35 out of fold, less than C with 2.74"}},
		{train.GradeOptions{Method: "quantile", Cuts: []float64{0.2, 0.3, 0.5, 0.6, 0.8}}, []string{"A holds 20.0 % of the pool, more than 10 %"}},
		{train.GradeOptions{Method: "score", Cuts: []float64{78, 74, 72, 71, 20}}, []string{"B and C can hardly be told apart"}},
	} {
		g, err := b.cut(tt.o)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(strings.Join(g.Notes, "\n"), want) {
				t.Errorf("%s: notes %q, want %q", tt.o.Method, g.Notes, want)
			}
		}
	}
	if g, err := usual().cut(train.GradeOptions{Method: "lift", Cuts: []float64{8, 4, 2, 1, 0.5}}); err != nil || len(g.Notes) != 0 {
		t.Errorf("cuts that show what they must: notes %q, %v", g.Notes, err)
	}
	b.model.Grid = &model.Grid{}
	g, err := b.cut(train.GradeOptions{Method: "lift"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range g.Notes {
		if !strings.Contains(n, "less than") {
			t.Errorf("a written grid, which claims an order alone: %q", n)
		}
	}
}

func TestCutByScore(t *testing.T) {
	g, err := usual().cut(train.GradeOptions{Method: "score"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{30, 15, 0, -15, -30} { // 80, 65, 50, 35, 20
		if got := g.Cuts[i].Margin; got != want*model.Micro {
			t.Errorf("%s starts at %d, want %d", g.Cuts[i].Grade, got, want*model.Micro)
		}
	}
}

// TestCutByQuantile checks that the shares of the pool at or above are those
// asked for, to a tenth of a percent, on a base without ties.
func TestCutByQuantile(t *testing.T) {
	b := usual()
	for _, levels := range [][]float64{nil, {0.01, 0.05, 0.1, 0.5, 0.99}} {
		g, err := b.cut(train.GradeOptions{Method: "quantile", Cuts: levels})
		if err != nil {
			t.Fatal(err)
		}
		if levels == nil {
			levels = []float64{0.02, 0.10, 0.30, 0.60, 0.80}
		}
		pool, _ := b.shares(g)
		for i, want := range levels {
			if math.Abs(pool[i]-want) > 0.001 {
				t.Errorf("%v of the pool are %s or better, want %v", pool[i], g.Cuts[i].Grade, want)
			}
		}
	}
}

// TestCutByQuantileTies checks that accounts tied at a cut stay below it: never
// more than were asked for.
func TestCutByQuantileTies(t *testing.T) {
	b := newBase(slices.Concat(slices.Repeat([]float64{30}, 600), slices.Repeat([]float64{60}, 400)), even(50, 30, 90), 1)
	g, err := b.cut(train.GradeOptions{Method: "quantile"})
	if err != nil {
		t.Fatal(err)
	}
	pool, _ := b.shares(g)
	for i, most := range []float64{0.02, 0.10, 0.30, 0.60, 0.80} {
		if pool[i] > most {
			t.Errorf("%v of the pool are %s or better, want at most %v", pool[i], g.Cuts[i].Grade, most)
		}
	}
	if pool[3] != 0.4 {
		t.Errorf("%v of the pool are D or better, want the 40 %% that fit into 60 %%", pool[3])
	}
	if len(g.Notes) == 0 || !strings.Contains(g.Notes[0], "A is empty") {
		t.Errorf("notes %q, want that A is empty", g.Notes)
	}
}

// TestCutByCapture checks that at least the share of the customers asked for is
// at or above, and not one customer more than it takes.
func TestCutByCapture(t *testing.T) {
	b := usual()
	g, err := b.cut(train.GradeOptions{Method: "capture"})
	if err != nil {
		t.Fatal(err)
	}
	_, customers := b.shares(g)
	for i, want := range []float64{0.30, 0.60, 0.80, 0.90, 0.97} {
		if customers[i] < want-1e-9 || customers[i] > want+1./200 {
			t.Errorf("%v of the customers are %s or better, want %v", customers[i], g.Cuts[i].Grade, want)
		}
	}
	if _, err := newBase(even(100, 20, 80), nil, 1).cut(train.GradeOptions{Method: "capture"}); err == nil {
		t.Error("capture without customers is cut")
	}
}

// TestCutByCapacity checks that sales gets no more accounts than it can work, of
// 50,000 that 5,000 of the sample stand for, and no fewer than leave room for
// one more of the sample.
func TestCutByCapacity(t *testing.T) {
	b := usual()
	asked := []float64{25, 120, 1000, 10_000, 49_000}
	g, err := b.cut(train.GradeOptions{Method: "capacity", Cuts: asked})
	if err != nil {
		t.Fatal(err)
	}
	pool, _ := b.shares(g)
	for i, want := range asked {
		if got := 50_000 * pool[i]; got > want+1e-6 || got <= want-10 {
			t.Errorf("%v accounts are %s or better, want %v", got, g.Cuts[i].Grade, want)
		}
	}
	if _, err := b.cut(train.GradeOptions{Method: "capacity"}); err == nil || !strings.Contains(err.Error(), "grades.cuts") {
		t.Errorf("capacity without cuts: %v", err)
	}
	if _, err := newBase(nil, even(10, 20, 80), 1).cut(train.GradeOptions{Method: "capacity", Cuts: asked}); err == nil {
		t.Error("capacity without a pool is cut")
	}
	// Fewer than the sample can tell: nobody is A, and the notes say so.
	g, err = b.cut(train.GradeOptions{Method: "capacity", Cuts: []float64{3, 120, 1000, 10_000, 49_000}})
	if err != nil {
		t.Fatal(err)
	}
	if pool, _ := b.shares(g); pool[0] != 0 || len(g.Notes) == 0 || !strings.Contains(g.Notes[0], "A is empty") {
		t.Errorf("%v of the pool are A, notes %q", pool[0], g.Notes)
	}
}

// TestCutLaws checks, on bases with ties and for every method and scale, that
// cuts descend, that the last grade has none, and that every margin has a grade.
func TestCutLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := func(name string, least int) []float64 {
			return rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 60), func(i int) float64 { return 20 + 1.25*float64(i) }), least, 80).Draw(t, name)
		}
		b := newBase(points("pool", 1), points("customers", 1), rapid.SampledFrom([]float64{1, 7.5}).Draw(t, "weight"))
		o := train.GradeOptions{
			Scale: rapid.SampledFrom([]string{"A-F", "A-D+F", "A-D"}).Draw(t, "scale"), Method: rapid.SampledFrom(train.Methods).Draw(t, "method"), Hysteresis: 1,
		}
		n := len(model.Scales[o.Scale]) - 1
		if o.Method == "capacity" {
			o.Cuts = []float64{5, 10, 20, 200, 1000}[:n]
		}
		g, err := b.cut(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Validate(); err != nil {
			t.Fatal(err)
		}
		pool, _ := b.shares(g)
		if !slices.IsSorted(pool) || pool[n] != 1 {
			t.Fatalf("grades hold %v of the pool, cumulated", pool)
		}
		for i, want := range map[string][]float64{"quantile": {0.02, 0.10, 0.30, 0.60, 0.80}}[o.Method] {
			if i < n && pool[i] > want+1/float64(len(b.margins))+0.001 {
				t.Fatalf("%v of the pool are above cut %d, want %v", pool[i], i, want)
			}
		}
	})
}

func TestCutTiers(t *testing.T) {
	g, err := usual().cut(train.GradeOptions{Method: "lift", Tiers: map[string]int{"A": 1, "B": 2, "F": 4}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int32{1, 2, 2, 2, 3, 4} {
		if g.Cuts[i].Tier != want {
			t.Errorf("%s is of tier %d, want %d", g.Cuts[i].Grade, g.Cuts[i].Tier, want)
		}
	}
}

func TestCutRefuses(t *testing.T) {
	b := usual()
	for name, tt := range map[string]struct {
		o    train.GradeOptions
		want string
	}{
		"scale":              {train.GradeOptions{Scale: "A-Z", Method: "lift"}, `scale is "A-Z"`},
		"method":             {train.GradeOptions{Method: "magic"}, `method is "magic"`},
		"number of cuts":     {train.GradeOptions{Method: "score", Cuts: []float64{80, 60}}, "2 cuts; scale A-F wants 5"},
		"lift 0":             {train.GradeOptions{Method: "lift", Cuts: []float64{8, 4, 2, 1, 0}}, "cut 5 by lift is 0"},
		"NaN":                {train.GradeOptions{Method: "score", Cuts: []float64{80, math.NaN(), 2, 1, 0}}, "cut 2 by score is NaN"},
		"infinite":           {train.GradeOptions{Method: "score", Cuts: []float64{math.Inf(1), 4, 2, 1, 0}}, "is +Inf"},
		"rising":             {train.GradeOptions{Method: "score", Cuts: []float64{20, 35, 50, 65, 80}}, "B starts at"},
		"falling shares":     {train.GradeOptions{Method: "quantile", Cuts: []float64{0.8, 0.6, 0.3, 0.1, 0.02}}, "B starts at"},
		"hysteresis":         {train.GradeOptions{Method: "lift", Hysteresis: -1}, "hysteresis is -1"},
		"lift on priority":   {train.GradeOptions{Method: "lift", On: "priority"}, "a priority has no lift"},
		"capture on it":      {train.GradeOptions{Method: "capture", On: "priority"}, "want score or quantile"},
		"capacity on it":     {train.GradeOptions{Method: "capacity", On: "priority", Cuts: []float64{1, 2, 3, 4, 5}}, "want score or quantile"},
		"negative capacity":  {train.GradeOptions{Method: "capacity", Cuts: []float64{-1, 2, 3, 4, 5}}, "is -1"},
		"on something else":  {train.GradeOptions{Method: "lift", On: "luck"}, `on is "luck"`},
		"a share of nothing": {train.GradeOptions{Method: "quantile", Cuts: []float64{0, 0.1, 0.2, 0.3, 0.4}}, "is 0"},
	} {
		if _, err := b.cut(tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	b.model.Quantiles = nil
	if _, err := b.cut(train.GradeOptions{Method: "quantile"}); err == nil || !strings.Contains(err.Error(), "no quantiles") {
		t.Errorf("without quantiles: %v", err)
	}
	if _, err := b.cut(train.GradeOptions{Method: "lift"}); err != nil {
		t.Errorf("by lift, without quantiles: %v", err)
	}
}

// TestCutOnPriority checks cuts on priority: by score they are priorities, by
// quantile shares of the pool.
func TestCutOnPriority(t *testing.T) {
	l := result(t)
	m := *l.result.Model
	o := train.GradeOptions{Scale: "A-F", Method: "score", On: "priority"}
	g, err := train.Cut(l.frame, &m, l.result.OutOfFold.Mean(), o)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range grid.Cuts {
		if g.Cuts[i].Margin != int64(want*model.Micro) {
			t.Errorf("%s starts at priority %v, want %v", g.Cuts[i].Grade, g.Cuts[i].Margin, want)
		}
	}
	o.Method = "quantile"
	if g, err = train.Cut(l.frame, &m, l.result.OutOfFold.Mean(), o); err != nil {
		t.Fatal(err)
	}
	var s model.Scores
	if err := model.NewScorer(&m, l.frame.AsOf).Score(&s, l.frame.Batch); err != nil {
		t.Fatal(err)
	}
	above, pool := make([]float64, 5), 0.0
	for i := range s.Rows {
		if l.frame.Customer[i] || !s.Known[i] {
			continue
		}
		pool++
		p := int64(math.Round(m.RowPriority(&s, i) * model.Micro))
		for k := g.Index(p); k < 5; k++ {
			above[k]++
		}
	}
	for k, want := range []float64{0.02, 0.10, 0.30, 0.60, 0.80} {
		if got := above[k] / pool; math.Abs(got-want) > 0.002 {
			t.Errorf("%v of the pool are %s or better by priority, want %v", got, g.Cuts[k].Grade, want)
		}
	}
}
