package evaluate

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// Replicates is the number of bootstrap replicates behind every interval.
const Replicates = 1000

// A GradeRow says what a grade holds, out of fold.
type GradeRow struct {
	Grade     string           `json:"grade"`
	Tier      int32            `json:"tier"`
	Points    *float64         `json:"points"`     // least points; null for the last grade, and for one that no account can reach
	Accounts  float64          `json:"accounts"`   // of the pool, in weight: how many they stand for
	PoolShare float64          `json:"pool_share"` // of the pool
	Captured  metrics.Interval `json:"captured"`   // share of the customers
	Lift      metrics.Interval `json:"lift"`       // captured share over pool share
	Customers int              `json:"customers"`  // out of fold, in this grade
	Predicted float64          `json:"predicted"`  // mean lift the model gives the pool's accounts here
}

// A Measurement holds what a learner reaches out of fold. Keys of Metrics: auc,
// and capture_K and lift_K for K in 1, 2, 5, 10, 20, 50 (percent of the pool).
type Measurement struct {
	Metrics map[string]metrics.Interval `json:"metrics"`
	Grades  []GradeRow                  `json:"grades,omitempty"`
}

// Measure returns the metrics of the mean margins, with intervals from the
// cluster bootstrap, widened by the spread between repeats. o holds margins;
// grades, if not nil, are those of a model with these base points.
func (f *Frame) Measure(o *OutOfFold, grades *model.Grades, base float64) (*Measurement, error) {
	mean := o.Mean()
	var cuts metrics.Bands
	if grades != nil {
		for _, c := range grades.Cuts[:len(grades.Cuts)-1] {
			cuts = append(cuts, float64(c.Margin))
		}
	}
	r, err := metrics.Rank(mean, f.Customer, f.Weights, f.Keys)
	if err != nil {
		return nil, err
	}
	value := r.Summarise(cuts)
	replicates := r.Bootstrap(Replicates, cuts, f.Seed)
	spread, err := f.spread(o, replicates)
	if err != nil {
		return nil, err
	}
	m := &Measurement{Metrics: map[string]metrics.Interval{}}
	column := make([]float64, len(replicates))
	interval := func(v float64, of func(s *metrics.Summary) float64, lowest, highest float64) metrics.Interval {
		for i := range replicates {
			column[i] = of(&replicates[i])
		}
		out := metrics.Percentile(v, column, spread)
		out.Low, out.High = max(out.Low, lowest), min(out.High, highest)
		return out
	}
	m.Metrics["auc"] = interval(value.AUC, func(s *metrics.Summary) float64 { return s.AUC }, 0, 1)
	for k, share := range metrics.Shares {
		c := interval(value.Capture[k], func(s *metrics.Summary) float64 { return s.Capture[k] }, 0, 1)
		percent := fmt.Sprintf("%.0f", 100*share)
		m.Metrics["capture_"+percent] = c
		m.Metrics["lift_"+percent] = metrics.Interval{Value: c.Value / share, Low: c.Low / share, High: c.High / share}
	}
	if grades == nil {
		return m, nil
	}
	for i, c := range grades.Cuts {
		row := m.band(value, interval, i)
		row.Grade, row.Tier = c.Grade, c.Tier
		if i < len(cuts) && c.Margin != math.MaxInt64 {
			points := base + cuts[i]/model.Micro
			row.Points = &points
		}
		m.Grades = append(m.Grades, row)
	}
	f.fill(m.Grades, mean, cuts, base)
	return m, nil
}

func (m *Measurement) band(value metrics.Summary, interval func(float64, func(*metrics.Summary) float64, float64, float64) metrics.Interval, i int) GradeRow {
	lift := func(s *metrics.Summary) float64 {
		if s.Pool[i] == 0 {
			return 0
		}
		return s.Customers[i] / s.Pool[i]
	}
	return GradeRow{
		PoolShare: value.Pool[i],
		Captured:  interval(value.Customers[i], func(s *metrics.Summary) float64 { return s.Customers[i] }, 0, 1),
		Lift:      interval(lift(&value), lift, 0, math.Inf(1)),
	}
}

// fill counts customers and pool accounts and averages predicted lift by grade.
func (f *Frame) fill(rows []GradeRow, margins, cuts []float64, base float64) {
	weight := make([]float64, len(rows))
	for i, m := range margins {
		band := 0
		for band < len(cuts) && m < cuts[band] {
			band++
		}
		if f.Customer[i] {
			rows[band].Customers++
			continue
		}
		rows[band].Predicted += f.Weights[i] * model.Lift(base+m/model.Micro)
		weight[band] += f.Weights[i]
	}
	for i := range rows {
		rows[i].Accounts = weight[i]
		if weight[i] > 0 {
			rows[i].Predicted /= weight[i]
		}
	}
}

// spread returns by how much intervals widen for what training anew with other
// folds changes: √(1 + variance between repeats / variance of the bootstrap),
// on the AUC.
func (f *Frame) spread(o *OutOfFold, replicates []metrics.Summary) (float64, error) {
	if len(o.Score) < 2 {
		return 1, nil
	}
	var repeats, boot []float64
	for _, l := range o.Score {
		r, err := metrics.Rank(l, f.Customer, f.Weights, nil)
		if err != nil {
			return 0, err
		}
		repeats = append(repeats, r.Summarise(nil).AUC)
	}
	for i := range replicates {
		boot = append(boot, replicates[i].AUC)
	}
	if v := variance(boot); v > 0 {
		return math.Sqrt(1 + variance(repeats)/v), nil
	}
	return 1, nil
}

func variance(v []float64) float64 {
	var sum, squares float64
	for _, x := range v {
		sum += x
	}
	mean := sum / float64(len(v))
	for _, x := range v {
		squares += (x - mean) * (x - mean)
	}
	return squares / float64(len(v)-1)
}

// LogLosses returns each row's log loss out of fold.
func (f *Frame) LogLosses(logLift []float64) []float64 {
	prior := f.Prior()
	out := make([]float64, len(logLift))
	for i, l := range logLift {
		out[i] = metrics.Loss(l+prior, f.Customer[i])
	}
	return out
}
