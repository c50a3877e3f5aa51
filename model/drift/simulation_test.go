package drift_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/drift"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/trees"
)

// frame generates a base of clean columns, a fifth of the cells empty.
func frame(t testing.TB, accounts int, seed uint64) *evaluate.Frame {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Seed = accounts, max(accounts/40, 5), 0, seed
	b, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return modeltest.Frame(b, 0.2)
}

// learn returns a small model of trees on a frame, with its experience.
func learn(t testing.TB, f *evaluate.Frame) *model.Model {
	t.Helper()
	customers, pool := f.Totals()
	o := trees.DefaultOptions(customers)
	o.Rounds, o.Bags = 20, 1
	fit, d, err := f.Fit(t.Context(), trees.Learner{Options: o}, f.All())
	if err != nil {
		t.Fatal(err)
	}
	m := &model.Model{Format: model.Format, Name: "main", AsOf: "2025-06-30", Learner: "trees", Missing: "neutral", Customers: customers, Pool: pool, Specs: f.Specs}
	if err := m.SetFit(fit, f.Whole(fit, d), model.Calibration{Slope: 1}); err != nil {
		t.Fatal(err)
	}
	s, scores := score(t, m, f)
	mask := poolOf(f)
	var margins []int64
	for i, in := range mask {
		if in && scores.Known[i] {
			margins = append(margins, scores.Margin[i])
		}
	}
	m.Quantiles = model.Quantiles(margins, nil)
	if m.Grades, err = model.NewGrades("A-F", []int64{m.Margin(80), m.Margin(70), m.Margin(60), m.Margin(50), m.Margin(40)}); err != nil {
		t.Fatal(err)
	}
	m.Grades.Method, m.Grades.On = "lift", "fit"
	m.Experience = drift.Experience(m, s, scores, f.Batch, f.AsOf, mask)
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	return m
}

func score(t testing.TB, m *model.Model, f *evaluate.Frame) (*model.Scorer, *model.Scores) {
	t.Helper()
	var scores model.Scores
	s := model.NewScorer(m, f.AsOf)
	if err := s.Score(&scores, f.Batch); err != nil {
		t.Fatal(err)
	}
	return s, &scores
}

func poolOf(f *evaluate.Frame) []bool {
	mask := make([]bool, len(f.Customer))
	for i, c := range f.Customer {
		mask[i] = !c
	}
	return mask
}

// tally counts the pool of f, in nights of so many rows each.
func tally(t testing.TB, m *model.Model, f *evaluate.Frame, rows int) []*model.Tally {
	t.Helper()
	s, scores := score(t, m, f)
	c := drift.NewCounter(m, f.AsOf)
	pool := poolOf(f)
	var out []*model.Tally
	for from := 0; from+rows <= len(pool); from += rows {
		mask := make([]bool, len(pool))
		copy(mask[from:from+rows], pool[from:from+rows])
		one := drift.NewTally(m)
		c.Count(one, s, scores, f.Batch, mask)
		out = append(out, one)
	}
	return out
}

// tables returns all comparisons of a night.
func tables(d *drift.Drift) map[string]*drift.Table {
	out := map[string]*drift.Table{"novelty": d.Novelty.Table}
	if d.Score != nil {
		out["score"], out["score overnight"] = d.Score.Bands, d.Score.Night
	}
	for i := range d.Features {
		f := &d.Features[i]
		out[f.Feature+" values"], out[f.Feature+" coverage"], out[f.Feature+" new"] = f.Values, f.Known, f.New
		out[f.Feature+" values overnight"], out[f.Feature+" coverage overnight"] = f.NightValues, f.NightKnown
	}
	return out
}

// setting reads how much to simulate from the environment: ICPFIT_DRIFT_NIGHTS,
// ICPFIT_DRIFT_MODELS, ICPFIT_DRIFT_PLANTED.
func setting(t testing.TB, name string, otherwise int) int {
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

// wilson returns the 95 % interval of a share (Wilson 1927).
func wilson(k, n int) (low, high float64) {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	centre, half := (p+z*z/(2*m))/(1+z*z/m), z/(1+z*z/m)*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return centre - half, centre + half
}

// TestNightsWithoutChange draws nights from the very population that was trained
// on, each independent of all others and of the training, which is the worst case:
// at most one in twenty may raise any alarm, and, whatever the floor of 0.10, at
// most one in twenty may show any drift beyond chance. A tenth of the nights
// follows on the same model, then another is trained.
func TestNightsWithoutChange(t *testing.T) {
	nights, models := setting(t, "ICPFIT_DRIFT_NIGHTS", 200), setting(t, "ICPFIT_DRIFT_MODELS", 2)
	accounts := 10_000
	if testing.Short() {
		nights, models, accounts = 200, 1, 3_000
	}
	for _, rows := range []int{accounts, 1000, 300} {
		if rows > accounts {
			continue
		}
		alarmed, moved, compared := 0, 0, 0
		which := map[string]int{}
		done := 0
		for k := range models {
			m := learn(t, frame(t, 20_000, uint64(1000+k)))
			var before *model.Tally
			for seed := uint64(0); done < nights*(k+1)/models; seed++ {
				for _, now := range tally(t, m, frame(t, accounts, 10_000*uint64(k+1)+seed), rows) {
					if done == nights*(k+1)/models {
						break
					}
					done++
					d := drift.Compare(m, before, now)
					before, compared = now, d.Tables
					anyAlarm, anyMoved := false, false
					for name, table := range tables(d) {
						if table.Moved() {
							anyMoved = true
							which[name]++
						}
						anyAlarm = anyAlarm || table.Alarm()
					}
					if anyAlarm {
						alarmed++
					}
					if anyMoved {
						moved++
					}
				}
			}
		}
		low, high := wilson(alarmed, nights)
		mlow, mhigh := wilson(moved, nights)
		t.Logf("%6d accounts, %d comparisons a night: %d of %d nights raise an alarm, %.1f %% (%.1f–%.1f); %d go beyond chance, %.1f %% (%.1f–%.1f) %v",
			rows, compared, alarmed, nights, 100*float64(alarmed)/float64(nights), 100*low, 100*high, moved, 100*float64(moved)/float64(nights), 100*mlow, 100*mhigh, which)
		if float64(alarmed) > 0.05*float64(nights) || float64(moved) > 0.05*float64(nights) {
			t.Errorf("%d accounts: %d of %d nights raise an alarm, %d go beyond chance; want at most 5 %%", rows, alarmed, nights, moved)
		}
	}
}

// TestHalfDeviation shifts one numeric feature of 10,000 accounts by half of its
// standard deviation, on its own scale or on that of its logarithm: at least 95 %
// must be found, as drift of that feature and of no other.
func TestHalfDeviation(t *testing.T) {
	nights := setting(t, "ICPFIT_DRIFT_PLANTED", 20)
	if testing.Short() {
		nights = 3
	}
	m := learn(t, frame(t, 20_000, 1000))
	found, others, planted := map[string]int{}, 0, 0
	for seed := range uint64(nights) {
		f := frame(t, 10_000, 50_000+seed)
		for _, spec := range f.Specs {
			if spec.Kind != features.Number {
				continue
			}
			for _, scale := range []string{"own scale", "logarithm"} {
				c := f.Batch.Column(spec.Name)
				kept := slices.Clone(c.Numbers)
				if !shiftBy(c, scale == "logarithm", 0.5) {
					continue
				}
				planted++
				d := drift.Compare(m, nil, tally(t, m, f, f.Batch.Rows)[0])
				for i := range d.Features {
					alarm := slices.Contains(d.Features[i].Alarms(), drift.Values)
					switch {
					case d.Features[i].Feature == spec.Name && alarm:
						found[spec.Name+", "+scale]++
					case alarm:
						others++
					}
				}
				c.Numbers = kept
			}
		}
	}
	var names []string
	all := 0
	for name, n := range found {
		names = append(names, fmt.Sprintf("%s: %d of %d", name, n, nights))
		all += n
	}
	slices.Sort(names)
	low, high := wilson(all, planted)
	t.Logf("10000 accounts: %d of %d shifts of half a standard deviation found, %.1f %% (%.1f–%.1f): %s; %d alarms of other features",
		all, planted, 100*float64(all)/float64(planted), 100*low, 100*high, strings.Join(names, "; "), others)
	if float64(all) < 0.95*float64(planted) || others > planted/20 || planted == 0 {
		t.Errorf("%d of %d found, %d alarms of other features", all, planted, others)
	}
}

// shiftBy adds so many standard deviations to the known values of a column, of
// their logarithms where asked; it is false where one is not above 0.
func shiftBy(c *datasets.Column, log bool, by float64) bool {
	var n, sum, squares float64
	for i, v := range c.Numbers {
		if math.IsNaN(v) {
			continue
		}
		if log {
			if v <= 0 {
				return false
			}
			v = math.Log(v)
			c.Numbers[i] = v
		}
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	step := by * math.Sqrt(squares/n-sum/n*sum/n)
	for i := range c.Numbers {
		c.Numbers[i] += step
		if log {
			c.Numbers[i] = math.Exp(c.Numbers[i])
		}
	}
	return true
}
