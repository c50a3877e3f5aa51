package model_test

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/modeltest"
)

// generated is a frame of a generated base and a fit on it.
type generated struct {
	frame *evaluate.Frame
	fit   *model.Fit
	data  *model.Data
}

var fitted = sync.OnceValues(func() (*generated, error) {
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 4000, 300, 0
	base, err := sample.Generate(o)
	if err != nil {
		return nil, err
	}
	g := &generated{frame: modeltest.Frame(base, 0.2)}
	g.frame.Specs[1].Missing = "learn"
	for i := range g.frame.Weights { // a sampled pool, unevenly
		g.frame.Weights[i] = 1 + float64(i%3)/2
	}
	learner := logistic.Learner{Options: logistic.Options{Alphas: []float64{0}, Penalties: []float64{3}, Parts: 2, Pool: 100}}
	g.fit, g.data, err = g.frame.Fit(context.Background(), learner, g.frame.All())
	return g, err
})

func generate(t testing.TB) *generated {
	t.Helper()
	g, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// calibration is one that changes both slope and shift.
var calibration = model.Calibration{Slope: 0.8, Shift: 0.3}

// made returns the model of the fit with that calibration.
func (g *generated) made(t testing.TB) *model.Model {
	t.Helper()
	m := tiny(t)
	m.Intent, m.Specs = nil, g.frame.Specs
	if err := m.SetFit(g.fit, g.data, calibration); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTermsCentred checks, through the scorer, that each feature's contributions
// average 0 over the pool: within the rounding of a micro-point, for a set of
// one an item.
func TestTermsCentred(t *testing.T) {
	g := generate(t)
	m := g.made(t)
	var s model.Scores
	if err := model.NewScorer(m, g.frame.AsOf).Score(&s, g.frame.Batch); err != nil {
		t.Fatal(err)
	}
	for k := range m.Terms {
		var sum, weight float64
		for i, c := range s.Contributions[k] {
			if !g.frame.Customer[i] {
				sum += g.frame.Weights[i] * float64(c)
				weight += g.frame.Weights[i]
			}
		}
		allowed := 0.5
		if m.Terms[k].IsSet() {
			allowed += 0.5 * float64(len(m.Terms[k].Items))
		}
		if mean := sum / weight; math.Abs(mean) > allowed {
			t.Errorf("%s: the pool's mean is %v micro-points, want 0", m.Terms[k].Feature, mean)
		}
		if m.Terms[k].MicroPoints[0] != 0 && !g.data.Learn[k] {
			t.Errorf("%s: the missing bin has %d micro-points, want 0", m.Terms[k].Feature, m.Terms[k].MicroPoints[0])
		}
	}
	if m.Terms[1].MicroPoints[0] == 0 {
		t.Errorf("%s may learn its missing bin, which has 0 points", m.Terms[1].Feature)
	}
}

// TestMargins checks that contributions sum to the margin exactly, for every
// account, and that points are the calibrated log lift of the fit, in tens of
// doublings, within the rounding of each feature.
func TestMargins(t *testing.T) {
	g := generate(t)
	m := g.made(t)
	var s model.Scores
	if err := model.NewScorer(m, g.frame.AsOf).Score(&s, g.frame.Batch); err != nil {
		t.Fatal(err)
	}
	customers, pool := g.data.Totals()
	for i := range s.Rows {
		var sum int64
		for _, c := range s.Contributions {
			sum += int64(c[i])
		}
		if sum != s.Margin[i] {
			t.Fatalf("row %d: contributions sum to %d, margin %d", i, sum, s.Margin[i])
		}
		lift := g.fit.Margin(g.data.Table, i) - math.Log(customers/pool)
		want := 50 + 10*math.Log2(math.Exp(calibration.Shift+calibration.Slope*lift))
		if got := m.Points(s.Margin[i]); math.Abs(got-want) > 30*0.5e-6 {
			t.Fatalf("row %d has %v points, by the fit %v", i, got, want)
		}
	}
}

// TestTermsCounts checks that a term's counts are those of its column.
func TestTermsCounts(t *testing.T) {
	g := generate(t)
	for k, term := range g.made(t).Terms {
		var customers, pool int
		for slot := range term.Slots() {
			if !term.IsSet() || slot < 2 {
				customers, pool = customers+term.Customers[slot], pool+term.Pool[slot]
			}
		}
		if customers != 300 || pool != g.frame.Batch.Rows-300 {
			t.Errorf("%s counts %d customers and %d of the pool", term.Feature, customers, pool)
		}
		missing := 0
		for i := range g.frame.Batch.Rows {
			if g.frame.Batch.Column(term.Feature).Missing(i) {
				missing++
			}
		}
		if got := term.Customers[0] + term.Pool[0]; got != missing {
			t.Errorf("feature %d: %d missing, want %d", k, got, missing)
		}
	}
}

// TestTermsRefuse checks that scores beyond what an int32 of micro-points holds
// are an error.
func TestTermsRefuse(t *testing.T) {
	g := generate(t)
	for _, v := range []float64{200, -200, math.NaN(), math.Inf(1)} {
		fit := &model.Fit{}
		for _, s := range g.fit.Scores {
			fit.Scores = append(fit.Scores, make([]float64, len(s)))
		}
		fit.Scores[0][len(fit.Scores[0])-1] = v
		if err := tiny(t).SetFit(fit, g.data, model.Calibration{Slope: 1}); err == nil || !strings.Contains(err.Error(), "does not fit") {
			t.Errorf("a score of %v: %v", v, err)
		}
	}
}

// TestImportance checks mean absolute points worked by hand.
func TestImportance(t *testing.T) {
	m := tiny(t)
	size := m.Terms[0] // 0, -2, 5, 1 points
	size.Pool = []int{50, 25, 20, 5}
	if got, want := size.Importance(), 0.25*2+0.2*5+0.05*1; math.Abs(got-want) > 1e-12 {
		t.Errorf("importance %v, want %v", got, want)
	}
	tools := m.Terms[4] // items 4, -4.5, 0.6
	tools.Pool = []int{20, 80, 40, 10, 0}
	if got, want := tools.Importance(), 0.4*4+0.1*4.5; math.Abs(got-want) > 1e-12 {
		t.Errorf("importance of a set %v, want %v", got, want)
	}
	if got := m.Terms[1].Importance(); got != 0 {
		t.Errorf("importance without a pool %v, want 0", got)
	}
}

// TestSamplePool checks that all customers take part, that a share of the
// pool's groups does, whole, and that the weights stand for the rest.
func TestSamplePool(t *testing.T) {
	d := &model.Data{}
	for i := range 10_000 {
		d.Customer = append(d.Customer, i < 100)
		d.Keys = append(d.Keys, model.Mix(uint64(i/2), 9)) // pairs
	}
	share := d.PoolShare(10)
	if want := 500.0 / 4950; math.Abs(share-want) > 1e-12 {
		t.Errorf("share %v, want %v", share, want)
	}
	use, factor := d.SamplePool(share, 1)
	pool := 0
	for i, u := range use {
		if d.Customer[i] && !u {
			t.Fatal("a customer is left out")
		}
		if u != use[i^1] {
			t.Fatal("a group is torn apart")
		}
		if u && !d.Customer[i] {
			pool++
		}
	}
	if pool < 870 || pool > 1130 { // 1,000 ± 3 standard deviations of a sum of pairs
		t.Errorf("%d of the pool, want about 1000", pool)
	}
	if math.Abs(factor*share-1) > 1e-12 {
		t.Errorf("factor %v for a share of %v", factor, share)
	}
	if got := d.PoolShare(1000); got != 1 {
		t.Errorf("share %v where all are wanted", got)
	}
	for _, share := range []float64{1, 1e-9} { // all, and so few that there are none
		use, factor := d.SamplePool(share, 1)
		for _, u := range use {
			if !u || factor != 1 {
				t.Fatalf("share %v leaves rows out, or weighs them by %v", share, factor)
			}
		}
	}
}
