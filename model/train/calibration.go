package train

import (
	"fmt"

	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
)

// sampleOf returns the log lifts of o as calibration wants them; it is cross-fitted on the folds of the first repeat.
func sampleOf(f *evaluate.Frame, o *evaluate.OutOfFold) *calibrate.Sample {
	return &calibrate.Sample{LogLift: o.Mean(), Repeats: o.Score, Customer: f.Customer, Weights: f.Weights, Keys: f.Keys, Fold: o.Fold[0], Seed: f.Seed}
}

// supported says in words that lifts were lowered to what the customers support.
func supported(r *calibrate.Report) []string {
	switch s := r.Support; {
	case s == nil:
		return []string{"no account has a lift: fewer than ten customers support none"}
	case s.Lowered && s.Predicted < s.Observed.High*(1-1e-3):
		return []string{fmt.Sprintf("lifts were lowered, slope %.2f instead of %.2f: so few accounts cannot show a lift above %.0f", r.Slope, s.Asked, s.Most)}
	case s.Lowered:
		return []string{fmt.Sprintf("lifts were lowered, slope %.2f instead of %.2f: the %d customers of the strongest %.2f %% of the pool support a mean lift of up to %.1f", r.Slope, s.Asked, s.Customers, 100*s.PoolShare, s.Observed.High)}
	}
	return nil
}
