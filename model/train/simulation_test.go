//go:build simulation

// The simulations take minutes to an hour, so they stand behind a build tag;
// scripts/bench/intervals.sh runs them.

package train

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"sync"
	"testing"

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
func base(t testing.TB, accounts, customers int, signal float64, seed uint64) (*evaluate.Frame, *sample.Base) {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Signal, o.Seed = accounts, customers, 0, signal, seed
	b, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return modeltest.Frame(b, 0.2), b
}

// A world is a million accounts of the truth that all bases are drawn from, with
// the chance of each to be a customer where share of them are: customers are
// drawn without replacement by exp(log lift), so it is 1 − exp(−c·exp(log lift)).
type world struct {
	frame  *evaluate.Frame
	chance []float64
}

func newWorld(t testing.TB, accounts int, share float64) *world {
	f, b := base(t, accounts, 0, 1, 987_654)
	w := &world{frame: f, chance: make([]float64, f.Batch.Rows)}
	low, high := 0.0, 10.0
	for range 100 {
		c := (low + high) / 2
		var sum float64
		for i, l := range b.LogLift {
			w.chance[i] = -math.Expm1(-c * math.Exp(l))
			sum += w.chance[i]
		}
		if sum < share*float64(accounts) {
			low = c
		} else {
			high = c
		}
	}
	return w
}

// truth returns AUC, capture@10 % and the lift of the accounts at or above cut
// of scores of the world's accounts.
func (w *world) truth(scores []float64, cut float64) ([3]float64, error) {
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
// models on a million fresh accounts.
func TestSimulatedIntervals(t *testing.T) {
	bases, fresh := number(t, "ICPFIT_BASES", 400), number(t, "ICPFIT_FRESH", 1_000_000)
	const accounts, customers = 8000, 300
	w := newWorld(t, fresh, float64(customers)/accounts)
	names := [3]string{"auc", "capture_10", "lift of grade A"}
	var covered, low, high [3]int
	measured := 0
	for seed := range uint64(bases) {
		f, _ := base(t, accounts, customers, 1, seed)
		got, want, err := simulate(t, w, f)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			continue // nobody is A
		}
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
	}
	for k, name := range names {
		share := float64(covered[k]) / float64(measured)
		fmt.Printf("%-16s covered in %5.1f %% of %d bases (truth below %d, above %d)\n", name, 100*share, measured, low[k], high[k])
		if share < 0.91 || share > 0.99 {
			t.Errorf("%s: covered in %.1f %%, want 91 to 99", name, 100*share)
		}
	}
}

// simulate measures the logistic learner on f out of fold, and its fold models
// on the world.
func simulate(t *testing.T, w *world, f *evaluate.Frame) (got []metrics.Interval, want [3]float64, err error) {
	l := logistic.Learner{Options: logistic.DefaultOptions()}
	customers, _ := f.Totals()
	repeats := evaluate.Repeats(customers)
	all, err := f.CrossValidate(t.Context(), []model.Learner{l}, repeats, nil)
	if err != nil {
		return nil, want, err
	}
	scores := all[0]
	r, err := calibrate.Calibrate(sampleOf(f, scores))
	if err != nil {
		return nil, want, err
	}
	c := r.Calibration
	fit, d, err := f.Fit(t.Context(), l, f.All())
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

	// As a margin, log lift is (cut points − 50) / PointsPerE, uncalibrated.
	lift := ((m.Points(cut)-50)/model.PointsPerE - c.Shift) / c.Slope
	var mu sync.Mutex
	var wait sync.WaitGroup
	slots := make(chan struct{}, 2)
	models := 0
	for repeat := range repeats {
		fold := f.Deal(repeat)
		for k := range uint8(evaluate.Folds) {
			wait.Add(1)
			slots <- struct{}{}
			go func() {
				defer func() { <-slots; wait.Done() }()
				figures, e := foldTruth(t, w, f, l, fold, k, lift)
				mu.Lock()
				defer mu.Unlock()
				err = errors.Join(err, e)
				for i, v := range figures {
					want[i] += v
				}
				models++
			}()
		}
	}
	wait.Wait()
	for i := range want {
		want[i] /= float64(models)
	}
	return got, want, err
}

func foldTruth(t *testing.T, w *world, f *evaluate.Frame, l model.Learner, fold []uint8, k uint8, cut float64) ([3]float64, error) {
	var train []int32
	for i, x := range fold {
		if x != k {
			train = append(train, int32(i))
		}
	}
	fit, d, err := f.Fit(t.Context(), l, train)
	if err != nil {
		return [3]float64{}, err
	}
	scores := fit.Margins(bin.Bin(d.Table.Binnings, w.frame.Batch, w.frame.AsOf))
	customers, pool := d.Totals()
	for i := range scores {
		scores[i] -= math.Log(customers / pool)
	}
	return w.truth(scores, cut)
}

// TestSimulatedNothing checks that bases without signal leave no model, nearly
// always, though auto looks at many candidates.
func TestSimulatedNothing(t *testing.T) {
	bases := number(t, "ICPFIT_NOTHING", 100)
	nothing, below := 0, 0
	for seed := range uint64(bases) {
		f, _ := base(t, 4000, 250, 0, 5000+seed)
		r, err := Run(t.Context(), f, Options{
			Name: "main", AsOf: "2025-06-30", SpecHash: "abc", Learner: "auto", Prefer: "accuracy", TestFrom: datasets.MissingDay,
			Grades: GradeOptions{Scale: "A-F", Method: "lift", On: "fit", Hysteresis: 1},
		})
		if err != nil && !errors.Is(err, ErrNothingLearned) {
			t.Fatal(err)
		}
		auc := r.Evaluation.Metrics["auc"]
		if err != nil && r.Model == nil && r.Evaluation.Verdict == NothingLearned {
			nothing++
		} else {
			fmt.Printf("seed %d: %s, AUC %.3f (%.3f to %.3f)\n", seed, r.Evaluation.Learner, auc.Value, auc.Low, auc.High)
		}
		if auc.Low <= 0.5 {
			below++
		}
	}
	fmt.Printf("nothing learned in %d of %d bases without signal; the interval reaches 0.5 in %d\n", nothing, bases, below)
	if 100*nothing < 95*bases || 100*below < 95*bases {
		t.Errorf("nothing learned in %d, low at most 0.5 in %d of %d; want 95 %%", nothing, below, bases)
	}
}
