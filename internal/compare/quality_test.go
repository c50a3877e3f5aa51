package compare_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/compare"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// own draws every account by itself.
func own(hash uint64) uint64 { return hash }

// version returns a version that scored accounts out of fold, with the hashes
// given and margins of one repeat; A from 10 points over the base.
func version(t *testing.T, customer []bool, keys []uint64, margins ...[]float64) *compare.Measured {
	t.Helper()
	g, err := model.NewGrades("A-D", []int64{10 * model.Micro, 5 * model.Micro, 0})
	if err != nil {
		t.Fatal(err)
	}
	g.On = "fit"
	m := &compare.Measured{Model: &model.Model{Version: "2026-01-31-00000000", AsOf: "2026-01-31", Grades: g, BasePoints: 50}}
	m.Frame = &evaluate.Frame{Customer: customer, Keys: keys}
	m.Margins = &evaluate.OutOfFold{}
	for range keys {
		m.Frame.Weights = append(m.Frame.Weights, 1)
	}
	for _, scores := range margins {
		fold := make([]uint8, len(keys))
		for i := range fold {
			fold[i] = uint8(i % evaluate.Folds)
		}
		m.Margins.Fold, m.Margins.Score = append(m.Margins.Fold, fold), append(m.Margins.Score, scores)
	}
	return m
}

// planted are accounts with a signal, of which a version sees as much as gain.
type planted struct {
	customer []bool
	keys     []uint64
	signal   []float64
	r        *rand.Rand
}

func plant(seed uint64, customers, pool int) *planted {
	p := &planted{r: rand.New(rand.NewPCG(seed, 1))}
	for i := range customers + pool {
		p.customer, p.keys = append(p.customer, i < customers), append(p.keys, p.r.Uint64())
		s := p.r.NormFloat64()
		if i < customers {
			s++
		}
		p.signal = append(p.signal, s)
	}
	return p
}

func (p *planted) margins(gain float64) []float64 {
	out := make([]float64, len(p.signal))
	for i, s := range p.signal {
		out[i] = math.Round(model.Micro * (10*gain*s + 5*p.r.NormFloat64()))
	}
	return out
}

func measure(t *testing.T, a, b *compare.Measured, group func(uint64) uint64) *compare.Quality {
	t.Helper()
	q, err := compare.Measure(a, b, group, 1)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestIdentical compares a version with one that scores alike: every difference
// is 0, exactly, and none is shown.
func TestIdentical(t *testing.T) {
	p := plant(1, 100, 400)
	first, second := p.margins(1), p.margins(1)
	q := measure(t, version(t, p.customer, p.keys, first, second), version(t, p.customer, p.keys, first, second), own)
	if q.Verdict != compare.NoDifferenceShown || !strings.Contains(q.Sentence, "both rank these accounts alike") {
		t.Errorf("%s: %s", q.Verdict, q.Sentence)
	}
	for _, f := range []*compare.Figure{q.AUC, q.Capture, q.LiftA} {
		if f == nil || f.Difference != (metrics.Interval{}) || f.Shown != 0 || f.Champion != f.Challenger {
			t.Errorf("%+v", f)
		}
	}
	if c := q.OutOfFold; c.A.Enter+c.A.Leave+c.AB.Enter+c.AB.Leave != 0 || c.A.Before != c.A.After {
		t.Errorf("customers move: %+v", c)
	}
	if !q.SameFolds || q.Customers != 100 || q.Pool != 400 || q.LeftOut != 0 || q.Repeats != 2 || len(q.Notes) != 0 {
		t.Errorf("%+v", q)
	}
}

// TestPlanted compares versions of which one sees more of the signal, and the
// other way round: the differences are each other's with the sign changed.
func TestPlanted(t *testing.T) {
	p := plant(2, 200, 1000)
	weak, strong := version(t, p.customer, p.keys, p.margins(0.4)), version(t, p.customer, p.keys, p.margins(2))
	up, down := measure(t, weak, strong, own), measure(t, strong, weak, own)
	if up.Verdict != compare.Better || down.Verdict != compare.Worse {
		t.Errorf("%s: %s\n%s: %s", up.Verdict, up.Sentence, down.Verdict, down.Sentence)
	}
	for i, f := range []*compare.Figure{up.AUC, up.Capture, up.LiftA} {
		d, back := f.Difference, []*compare.Figure{down.AUC, down.Capture, down.LiftA}[i].Difference
		if d.Value != -back.Value || d.Low != -back.High || d.High != -back.Low {
			t.Errorf("figure %d: %+v and back %+v", i, d, back)
		}
		if math.Abs(d.Value-(f.Challenger.Value-f.Champion.Value)) > 1e-12 || !(d.Low <= d.Value && d.Value <= d.High) {
			t.Errorf("figure %d: %+v", i, f)
		}
	}
	if up.OutOfFold.A.Enter != down.OutOfFold.A.Leave || up.OutOfFold.A.Before != down.OutOfFold.A.After {
		t.Errorf("%+v and back %+v", up.OutOfFold, down.OutOfFold)
	}
	if up.Widened != 1.5 { // Nadeau and Bengio's √(1 + 5·(1/5)/(4/5))
		t.Errorf("widened by %v", up.Widened)
	}
}

// TestAlike compares versions that see as much of the signal, each with noise of
// its own: all but one of 20 such pairs must come out without a difference,
// since nothing of what the correction is for is in them.
func TestAlike(t *testing.T) {
	shown := 0
	for seed := range uint64(20) {
		p := plant(100+seed, 60, 300)
		q := measure(t, version(t, p.customer, p.keys, p.margins(1)), version(t, p.customer, p.keys, p.margins(1)), own)
		if q.Verdict != compare.NoDifferenceShown {
			shown++
		}
		if q.AUC.Shown < q.AUC.Difference.High-q.AUC.Difference.Value {
			t.Errorf("least shown %v is less than half an interval: %+v", q.AUC.Shown, q.AUC.Difference)
		}
	}
	if shown > 1 {
		t.Errorf("a difference is shown in %d of 20 pairs without any", shown)
	}
}

// TestReference compares differences with those of scikit-learn, and their
// intervals with those of scipy's bootstrap on 20 times as many draws
// (scripts/reference/compare_expected.py; versions in the file). A quantile of
// 1,000 draws errs by 2 % of the interval's width; capture comes in steps of a
// customer. What is learned in folds has wider intervals: here there is one fold.
func TestReference(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name            string       `json:"name"`
			Margins         [2][]float64 `json:"margins"`
			Customer        []bool       `json:"customer"`
			Group           []uint64     `json:"group"`
			AUC             float64      `json:"auc"`
			AUCInterval     [2]float64   `json:"auc_interval"`
			Capture         float64      `json:"capture_10"`
			CaptureInterval [2]float64   `json:"capture_10_interval"`
			DeLong          float64      `json:"delong"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(text, &file); err != nil || len(file.Cases) != 3 {
		t.Fatalf("%d cases, %v", len(file.Cases), err)
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			keys := make([]uint64, len(c.Group))
			customers := 0.0
			for i := range keys {
				keys[i] = uint64(i)
				if c.Customer[i] {
					customers++
				}
			}
			var sides [2]*compare.Measured
			for i, margins := range c.Margins {
				sides[i] = version(t, c.Customer, keys, margins)
				clear(sides[i].Margins.Fold[0])
			}
			q := measure(t, sides[0], sides[1], func(key uint64) uint64 { return c.Group[key] })
			if q.Widened != 1 {
				t.Fatalf("widened by %v", q.Widened)
			}
			check := func(name string, got metrics.Interval, value float64, want [2]float64, step float64) {
				within := 0.07*(want[1]-want[0]) + 1.001*step
				if math.Abs(got.Value-value) > 1e-9 || math.Abs(got.Low-want[0]) > within || math.Abs(got.High-want[1]) > within {
					t.Errorf("%s: %+v, want %v %v", name, got, value, want)
				}
			}
			check("AUC", q.AUC.Difference, c.AUC, c.AUCInterval, 0)
			check("capture", q.Capture.Difference, c.Capture, c.CaptureInterval, 1/customers)
			// 1.4295 is (1.960 + 0.842) / 1.960; half an interval is 1.960 standard errors.
			if se := q.AUC.Shown / 1.4295 / 1.96; math.Abs(se-c.DeLong) > 0.07*c.DeLong {
				t.Errorf("standard error %v, DeLong's is %v", se, c.DeLong)
			}
		})
	}
}

// TestOrder compares measurements whose rows come in other orders: accounts are
// matched by domain, so nothing changes.
func TestOrder(t *testing.T) {
	p := plant(3, 80, 300)
	a, b := p.margins(1), p.margins(1.2)
	want := measure(t, version(t, p.customer, p.keys, a), version(t, p.customer, p.keys, b), own)
	order := p.r.Perm(len(a))
	customer, keys, margins := make([]bool, len(a)), make([]uint64, len(a)), make([]float64, len(a))
	for to, from := range order {
		customer[to], keys[to], margins[to] = p.customer[from], p.keys[from], b[from]
	}
	got := measure(t, version(t, p.customer, p.keys, a), version(t, customer, keys, margins), own)
	if got.SameFolds || len(got.Notes) != 1 || !strings.HasPrefix(got.Notes[0], "measured on other folds") {
		t.Errorf("folds were dealt by row: %+v", got)
	}
	got.SameFolds, got.Notes = want.SameFolds, want.Notes
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestShared compares measurements that share a part of their accounts.
func TestShared(t *testing.T) {
	p := plant(4, 100, 400)
	a, b := p.margins(1), p.margins(1)
	relabelled := append([]bool(nil), p.customer...)
	relabelled[5], relabelled[450] = false, true
	full := version(t, p.customer, p.keys, a, a)
	part := version(t, relabelled[:460], p.keys[:460], b[:460])
	part.Model.AsOf = "2025-12-31"
	part.Model.Terms = []model.Term{{}}
	part.Model.Terms[0].Feature = "sector"
	q := measure(t, full, part, own)
	if q.Customers != 99 || q.Pool != 359 || q.LeftOut != 2 || q.Repeats != 1 || q.Verdict != compare.NoDifferenceShown {
		t.Errorf("%+v", q)
	}
	for _, want := range []string{
		"measured on feature tables of other dates: 2026-01-31 and 2025-12-31",
		"only the challenger has sector",
		"of the champion's 100 customers and 400 pool accounts, 99 and 359 are shared",
		"of the challenger's 100 customers and 360 pool accounts, 99 and 359 are shared",
		"left out: 2 accounts that are customers of one measurement and pool of the other",
		"measured with 2 and 1 repeats of cross-validation: the first 1 of both are compared",
	} {
		if !strings.Contains(strings.Join(q.Notes, "\n"), want) {
			t.Errorf("notes %q lack %q", q.Notes, want)
		}
	}
	// What is left out does not count: the same accounts alone give the same figures.
	customer, keys := append([]bool(nil), p.customer...), append([]uint64(nil), p.keys...)
	keys[5], keys[450] = 1, 2
	alone := measure(t, version(t, customer, keys, a), version(t, p.customer[:460], p.keys[:460], b[:460]), own)
	if !reflect.DeepEqual(alone.AUC, q.AUC) || !reflect.DeepEqual(alone.OutOfFold, q.OutOfFold) {
		t.Errorf("%+v, want %+v", alone.AUC, q.AUC)
	}
}

// TestNotComparable: without accounts that both scored unseen there is no figure,
// and a reason.
func TestNotComparable(t *testing.T) {
	p := plant(5, 100, 400)
	whole := version(t, p.customer, p.keys, p.margins(1))
	imported := &compare.Measured{Model: whole.Model, Imported: true}
	bare := &compare.Measured{Model: whole.Model}
	few := version(t, p.customer[:9], p.keys[:9], p.margins(1)[:9])
	for _, tt := range []struct {
		a, b *compare.Measured
		want string
	}{
		{whole, imported, "the challenger 2026-01-31-00000000 was imported without a holdout"},
		{imported, whole, "the champion 2026-01-31-00000000 was imported without a holdout"},
		{bare, whole, "the champion 2026-01-31-00000000 was made of a base without customers"},
		{whole, few, "only 9 customers and 0 pool accounts were scored out of fold by both, 10 and 50 wanted"},
	} {
		q := measure(t, tt.a, tt.b, own)
		if q.Verdict != compare.NotComparable || !strings.HasPrefix(q.Sentence, "Not comparable: ") || !strings.Contains(q.Sentence, tt.want) || q.AUC != nil || q.OutOfFold != nil {
			t.Errorf("%+v, want %q", q, tt.want)
		}
	}
}

// TestPriority: grades cut on priority are not those of margins out of fold.
func TestPriority(t *testing.T) {
	p := plant(6, 50, 200)
	a, b := version(t, p.customer, p.keys, p.margins(1)), version(t, p.customer, p.keys, p.margins(1))
	b.Model.Grades.On = "priority"
	q := measure(t, a, b, own)
	if q.AUC == nil || q.LiftA != nil || q.OutOfFold != nil || len(q.Notes) != 1 || !strings.Contains(q.Notes[0], "priority") {
		t.Errorf("%+v", q)
	}
}

// TestEmptyA: no lift is made of a grade that holds nobody.
func TestEmptyA(t *testing.T) {
	p := plant(7, 50, 200)
	a, b := version(t, p.customer, p.keys, p.margins(1)), version(t, p.customer, p.keys, p.margins(1))
	b.Model.Grades.Cuts[0].Margin = math.MaxInt64
	q := measure(t, a, b, own)
	if q.LiftA != nil || q.OutOfFold.A.After != 0 || q.OutOfFold.A.Leave != q.OutOfFold.A.Before || len(q.Notes) != 1 || !strings.Contains(q.Notes[0], "too few") {
		t.Errorf("%+v", q)
	}
	if _, err := json.Marshal(q); err != nil {
		t.Error(err)
	}
}

// TestTrained: what a version has learned from is what it scored out of fold, of
// the customers.
func TestTrained(t *testing.T) {
	m := version(t, []bool{true, false, true}, []uint64{7, 8, 9}, []float64{0, 0, 0})
	if got := m.Trained(); !reflect.DeepEqual(got, map[uint64]bool{7: true, 9: true}) {
		t.Errorf("%v", got)
	}
	if got := m.Accounts(); len(got) != 3 {
		t.Errorf("%v", got)
	}
	m.Model.Grid = &model.Grid{}
	if got := m.Trained(); got == nil || len(got) != 0 {
		t.Errorf("a written grid: %v", got)
	}
	m.Imported = true
	if got := m.Trained(); got != nil {
		t.Errorf("imported: %v", got)
	}
}
