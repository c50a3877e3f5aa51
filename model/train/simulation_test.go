//go:build simulation

// The simulations take minutes to an hour, so they stand behind a build tag;
// scripts/bench/intervals.sh runs them.

package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/modeltest"
)

// number reads a setting of the script.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// base returns a generated base and its frame, a fifth of the cells empty.
func base(accounts, customers int, signal float64, seed uint64) (*evaluate.Frame, *sample.Base, error) {
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Signal, o.Seed = accounts, customers, 0, signal, seed
	b, err := sample.Generate(o)
	if err != nil {
		return nil, nil, err
	}
	return modeltest.Frame(b, 0.2), b, nil
}

// eachBase calls of with the numbers below n, several at a time.
func eachBase(t *testing.T, n int, of func(seed uint64) error) {
	t.Helper()
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for seed := range uint64(n) {
		g.Go(func() error { return of(seed) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A world is a million accounts of the truth that all bases are drawn from, in
// slices, with the chance of each to be a customer where share of them are:
// customers are drawn without replacement by exp(log lift), so it is
// 1 − exp(−c·exp(log lift)).
type world []slice

type slice struct {
	frame  *evaluate.Frame
	chance []float64
}

func newWorld(t testing.TB, accounts, slices int, share float64) world {
	t.Helper()
	w := make(world, slices)
	for i := range w {
		f, b, err := base(accounts/slices, 0, 1, 987_654+uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		w[i] = slice{f, chances(b.LogLift, share)}
	}
	return w
}

// chances returns each account's chance to be a customer where share of them are.
func chances(logLift []float64, share float64) []float64 {
	out := make([]float64, len(logLift))
	low, high := 0.0, 10.0
	for range 100 {
		c := (low + high) / 2
		var sum float64
		for i, l := range logLift {
			out[i] = -math.Expm1(-c * math.Exp(l))
			sum += out[i]
		}
		if sum < share*float64(len(out)) {
			low = c
		} else {
			high = c
		}
	}
	return out
}

// truth returns AUC, capture@10 % and the lift of the accounts at or above cut
// of scores of the slice's accounts.
func (w *slice) truth(scores []float64, cut float64) ([3]float64, error) {
	n := len(scores)
	margins, customer, weight := make([]float64, 2*n), make([]bool, 2*n), make([]float64, 2*n)
	for i, s := range scores {
		margins[i], customer[i], weight[i] = s, true, max(w.chance[i], 1e-12)
		margins[n+i], weight[n+i] = s, max(1-w.chance[i], 1e-12)
	}
	r, err := metrics.Rank(margins, customer, weight, nil)
	if err != nil {
		return [3]float64{}, err
	}
	s := r.Summarise(metrics.Bands{cut})
	return [3]float64{s.AUC, s.Capture[3], s.Customers[0] / s.Pool[0]}, nil
}

// TestSimulatedIntervals checks on generated bases that the 95 % intervals hold
// the truth about as often as they say: the mean of the figures of the fold
// models, each on a tenth of a million fresh accounts.
func TestSimulatedIntervals(t *testing.T) {
	bases, fresh := number(t, "ICPFIT_BASES", 400), number(t, "ICPFIT_FRESH", 1_000_000)
	const accounts, customers = 8000, 300
	w := newWorld(t, fresh, evaluate.Folds*evaluate.Repeats(customers), float64(customers)/accounts)
	names := [3]string{"auc", "capture_10", "lift of grade A"}
	var covered, low, high [3]int
	measured := 0
	var mu sync.Mutex
	eachBase(t, bases, func(seed uint64) error {
		f, _, err := base(accounts, customers, 1, seed)
		if err != nil {
			return err
		}
		got, want, err := simulate(t.Context(), w, f)
		if err != nil || got == nil { // nobody is A
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		measured++
		for k, v := range got {
			switch {
			case want[k] < v.Low:
				low[k]++
			case want[k] > v.High:
				high[k]++
			default:
				covered[k]++
			}
		}
		return nil
	})
	for k, name := range names {
		share := float64(covered[k]) / float64(measured)
		fmt.Printf("%-16s covered in %5.1f %% of %d bases (truth below %d, above %d)\n", name, 100*share, measured, low[k], high[k])
		if share < 0.91 || share > 0.99 {
			t.Errorf("%s: covered in %.1f %%, want 91 to 99", name, 100*share)
		}
	}
}

// A recorder keeps what a learner fits.
type recorder struct {
	model.Learner
	mu   sync.Mutex
	kept []recorded
}

type recorded struct {
	fit      *model.Fit
	binnings []bin.Binning
	prior    float64 // log odds in the rows fitted
}

func (r *recorder) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	fit, err := r.Learner.Fit(ctx, d)
	if err != nil {
		return nil, err
	}
	customers, pool := d.Totals()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, recorded{fit, d.Table.Binnings, math.Log(customers / pool)})
	return fit, nil
}

// simulate measures the logistic learner on f out of fold, and its fold models
// on the world.
func simulate(ctx context.Context, w world, f *evaluate.Frame) (got []metrics.Interval, want [3]float64, err error) {
	l := &recorder{Learner: logistic.Learner{Options: logistic.DefaultOptions()}}
	customers, _ := f.Totals()
	all, err := f.CrossValidate(ctx, []model.Learner{l}, evaluate.Repeats(customers), nil)
	if err != nil {
		return nil, want, err
	}
	scores, models := all[0], l.kept
	r, err := calibrate.Calibrate(sampleOf(f, scores))
	if err != nil {
		return nil, want, err
	}
	c := r.Calibration
	fit, d, err := f.Fit(ctx, l.Learner, f.All())
	if err != nil {
		return nil, want, err
	}
	m := &model.Model{Format: model.Format, Name: "main", AsOf: "2025-06-30", Missing: "neutral", Specs: f.Specs}
	if err := m.SetFit(fit, d, c); err != nil {
		return nil, want, err
	}
	if err := setQuantiles(f, m); err != nil {
		return nil, want, err
	}
	margins := scores.Margins(c, m.BasePoints)
	if m.Grades, err = Cut(f, m, margins.Mean(), GradeOptions{Scale: "A-F", Method: "lift", On: "fit"}); err != nil {
		return nil, want, err
	}
	cut := m.Grades.Cuts[0].Margin
	if cut == math.MaxInt64 {
		return nil, want, nil
	}
	measured, err := f.Measure(margins, &m.Grades, m.BasePoints)
	if err != nil {
		return nil, want, err
	}
	got = []metrics.Interval{measured.Metrics["auc"], measured.Metrics["capture_10"], measured.Grades[0].Lift}

	if len(models) != len(w) {
		return nil, want, fmt.Errorf("%d fold models, %d slices of the world", len(models), len(w))
	}
	// As a margin, log lift is (cut points − 50) / PointsPerE, uncalibrated.
	lift := ((m.Points(cut)-50)/model.PointsPerE - c.Shift) / c.Slope
	for i, fold := range models {
		world := &w[i]
		scores := fold.fit.Margins(bin.Bin(fold.binnings, world.frame.Batch, world.frame.AsOf))
		for i := range scores {
			scores[i] -= fold.prior
		}
		figures, err := world.truth(scores, lift)
		if err != nil {
			return nil, want, err
		}
		for i, v := range figures {
			want[i] += v / float64(len(models))
		}
	}
	return got, want, nil
}

// TestSimulatedNothing checks that bases without signal leave no model, nearly
// always, though auto looks at many candidates.
func TestSimulatedNothing(t *testing.T) {
	bases := number(t, "ICPFIT_NOTHING", 100)
	nothing, below := 0, 0
	var mu sync.Mutex
	eachBase(t, bases, func(seed uint64) error {
		f, _, err := base(4000, 250, 0, 5000+seed)
		if err != nil {
			return err
		}
		r, err := Run(t.Context(), f, Options{
			Name: "main", AsOf: "2025-06-30", SpecHash: "abc", Learner: "auto", Prefer: "accuracy", TestFrom: datasets.MissingDay,
			Grades: GradeOptions{Scale: "A-F", Method: "lift", On: "fit", Hysteresis: 1},
		})
		if err != nil && !errors.Is(err, ErrNothingLearned) {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		auc := r.Evaluation.Metrics["auc"]
		if err != nil && r.Model == nil && r.Evaluation.Verdict == NothingLearned {
			nothing++
		}
		if auc.Low <= 0.5 {
			below++
		} else {
			fmt.Printf("seed %d: %s, %s, AUC %.3f (%.3f to %.3f)\n", seed, r.Evaluation.Verdict, r.Evaluation.Learner, auc.Value, auc.Low, auc.High)
		}
		return nil
	})
	fmt.Printf("nothing learned in %d of %d bases without signal; the interval reaches 0.5 in %d\n", nothing, bases, below)
	if 100*nothing < 95*bases || 100*below < 95*bases {
		t.Errorf("nothing learned in %d, low at most 0.5 in %d of %d; want 95 %%", nothing, below, bases)
	}
}
