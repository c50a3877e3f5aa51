package evaluate_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// ranked returns a frame of 150 customers and 1,500 pool accounts, the latter of
// weight 4, and margins whose mean over repeats is a good ranking; apart is the
// standard deviation of a repeat about it, in points.
func ranked(repeats int, apart float64) (*evaluate.Frame, *evaluate.OutOfFold) {
	rng := rand.New(rand.NewPCG(8, 8))
	f := &evaluate.Frame{Seed: 5}
	var truth []float64
	for i := range 1650 {
		customer, w := i < 150, 4.0
		m := 10 * rng.NormFloat64()
		if customer {
			w = 1
			m += 12
		}
		f.Customer, f.Weights, f.Keys = append(f.Customer, customer), append(f.Weights, w), append(f.Keys, uint64(i))
		truth = append(truth, m)
	}
	o := &evaluate.OutOfFold{}
	for range repeats {
		var s []float64
		for _, m := range truth {
			s = append(s, math.Round((m+apart*rng.NormFloat64())*model.Micro))
		}
		o.Score = append(o.Score, s)
	}
	return f, o
}

func grades(t *testing.T) *model.Grades {
	t.Helper()
	g, err := model.NewGrades("A-F", []int64{25_000_000, 15_000_000, 5_000_000, 0, -10_000_000})
	if err != nil {
		t.Fatal(err)
	}
	return &g
}

func measure(t *testing.T, f *evaluate.Frame, o *evaluate.OutOfFold, g *model.Grades) *evaluate.Measurement {
	t.Helper()
	m, err := f.Measure(o, g, 48)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMeasureGrades checks the grade table: shares sum to one, lift is one share
// over the other, least points are those of the cuts, and the predicted lift is
// the pool's mean.
func TestMeasureGrades(t *testing.T) {
	f, o := ranked(1, 0)
	g := grades(t)
	m := measure(t, f, o, g)
	if len(m.Grades) != 6 {
		t.Fatalf("%d grades, want 6", len(m.Grades))
	}
	var pool, captured float64
	customers := 0
	for i, row := range m.Grades {
		pool, captured, customers = pool+row.PoolShare, captured+row.Captured.Value, customers+row.Customers
		if math.Abs(row.Accounts-6000*row.PoolShare) > 1e-9 { // 1,500 of weight 4
			t.Errorf("%s holds %v accounts, %v of the pool", row.Grade, row.Accounts, row.PoolShare)
		}
		if row.Grade != g.Cuts[i].Grade || row.Tier != g.Cuts[i].Tier {
			t.Errorf("row %d is of grade %s, tier %d", i, row.Grade, row.Tier)
		}
		if want := row.Captured.Value / row.PoolShare; math.Abs(row.Lift.Value-want) > 1e-12 {
			t.Errorf("%s: lift %v, want %v", row.Grade, row.Lift.Value, want)
		}
		if i < 5 && *row.Points != 48+float64(g.Cuts[i].Margin)/1e6 {
			t.Errorf("%s starts at %v points", row.Grade, *row.Points)
		}
		for _, x := range []metrics.Interval{row.Captured, row.Lift} {
			if !(x.Low <= x.Value && x.Value <= x.High && x.Low >= 0) {
				t.Errorf("%s: interval %+v", row.Grade, x)
			}
		}
		if row.Captured.High > 1 {
			t.Errorf("%s captures up to %v", row.Grade, row.Captured.High)
		}
		low, high := math.Inf(-1), math.Inf(1)
		if i < 5 {
			low = 48 + float64(g.Cuts[i].Margin)/1e6
		}
		if i > 0 {
			high = 48 + float64(g.Cuts[i-1].Margin)/1e6
		}
		if row.Predicted < model.Lift(low) || row.Predicted > model.Lift(high) {
			t.Errorf("%s predicts lift %v, outside of its cuts %v to %v", row.Grade, row.Predicted, model.Lift(low), model.Lift(high))
		}
	}
	if math.Abs(pool-1) > 1e-12 || math.Abs(captured-1) > 1e-12 || customers != 150 {
		t.Errorf("grades hold %v of the pool, %v of the customers, %d of 150", pool, captured, customers)
	}
	if last := m.Grades[5]; last.Points != nil {
		t.Errorf("the last grade starts at %v points, want none", *last.Points)
	}
}

// TestMeasureMetrics checks which metrics there are, that lift is capture over
// share, and that a frame without grades is measured too.
func TestMeasureMetrics(t *testing.T) {
	f, o := ranked(1, 0)
	m := measure(t, f, o, nil)
	if m.Grades != nil || len(m.Metrics) != 13 {
		t.Errorf("%d metrics, grades %v", len(m.Metrics), m.Grades)
	}
	for name, share := range map[string]float64{"1": 0.01, "2": 0.02, "5": 0.05, "10": 0.1, "20": 0.2, "50": 0.5} {
		c, l := m.Metrics["capture_"+name], m.Metrics["lift_"+name]
		if !(c.Value > share) || math.Abs(c.Value/share-l.Value) > 1e-12 || math.Abs(c.High/share-l.High) > 1e-12 || math.Abs(c.Low/share-l.Low) > 1e-12 {
			t.Errorf("capture_%s %+v, lift %+v", name, c, l)
		}
	}
	if a := m.Metrics["auc"]; !(a.Low < a.Value && a.Value < a.High && a.Low > 0.7 && a.High < 0.9) {
		t.Errorf("auc %+v; margins 12 apart with standard deviation 10 have 0.80", a)
	}
	if again := measure(t, f, o, nil); !reflect.DeepEqual(m, again) {
		t.Error("measured twice, the intervals differ")
	}
	f.Seed++
	if other := measure(t, f, o, nil); other.Metrics["auc"].Low == m.Metrics["auc"].Low {
		t.Error("another seed has the same interval")
	}
}

// TestMeasureSpread checks that repeats that agree leave an interval as it is
// and that repeats which differ widen it, by √(1 + variance of the repeats over
// that of the bootstrap).
func TestMeasureSpread(t *testing.T) {
	f, one := ranked(1, 0)
	width := func(o *evaluate.OutOfFold) float64 {
		a := measure(t, f, o, nil).Metrics["auc"]
		return a.High - a.Low
	}
	same := &evaluate.OutOfFold{Score: [][]float64{one.Score[0], one.Score[0], one.Score[0]}}
	if a, b := width(one), width(same); a != b {
		t.Errorf("repeats that agree have width %v, one alone %v", b, a)
	}
	_, apart := ranked(4, 8)
	mean := &evaluate.OutOfFold{Score: [][]float64{apart.Mean()}}
	var aucs []float64
	var sum float64
	for _, s := range apart.Score {
		a := measure(t, f, &evaluate.OutOfFold{Score: [][]float64{s}}, nil).Metrics["auc"].Value
		aucs, sum = append(aucs, a), sum+a
	}
	var between float64
	for _, a := range aucs {
		between += (a - sum/4) * (a - sum/4) / 3
	}
	alone := width(mean)
	sd := alone / 2 / 1.96
	if got, want := width(apart)/alone, math.Sqrt(1+between/sd/sd); math.Abs(got/want-1) > 0.05 {
		t.Errorf("repeats that differ widen by %v, want %v", got, want)
	}
}

func TestMeasureRefuses(t *testing.T) {
	f, o := ranked(1, 0)
	o.Score[0][3] = math.NaN()
	if _, err := f.Measure(o, nil, 50); err == nil {
		t.Error("a NaN margin is measured")
	}
	f, o = ranked(1, 0)
	clear(f.Customer)
	if _, err := f.Measure(o, nil, 50); err == nil {
		t.Error("a pool without customers is measured")
	}
}
