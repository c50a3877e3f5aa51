package train

import (
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
)

// sampleOf returns the log lifts of o as calibration wants them; it is cross-fitted on the folds of the first repeat.
func sampleOf(f *evaluate.Frame, o *evaluate.OutOfFold) *calibrate.Sample {
	return &calibrate.Sample{LogLift: o.Mean(), Repeats: o.Score, Customer: f.Customer, Weights: f.Weights, Keys: f.Keys, Fold: o.Fold[0], Seed: f.Seed}
}
