package train

import (
	"context"
	"fmt"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// A Temporal is what a model of the customers won before a day says of those won
// later: closer to its use than folds dealt at random, since the next customers
// are won later too.
type Temporal struct {
	From      string `json:"from"`      // customers won on that day or later are tested
	Trained   int    `json:"trained"`   // customers won before
	Customers int    `json:"customers"` // tested
	Pool      int    `json:"pool"`      // tested: half of the pool; the other half is trained on
	evaluate.Measurement
}

// later measures a plan on the customers won last; nil where too few are dated.
// The weights are those of the folds, in which later customers have a part.
func later(ctx context.Context, f *evaluate.Frame, ls []model.Learner, weights []float64, from int32) (*Temporal, error) {
	s := f.SplitByTime(from)
	if s == nil {
		return nil, nil
	}
	lifts, err := f.Later(ctx, ls, s)
	if err != nil {
		return nil, fmt.Errorf("train: temporal: %w", err)
	}
	sum := make([]float64, len(s.Test))
	for m, w := range weights {
		for i, l := range lifts[m] {
			sum[i] += w * l
		}
	}
	measured, err := f.Rows(s.Test).Measure(&evaluate.OutOfFold{Score: [][]float64{sum}}, nil, 0)
	if err != nil {
		return nil, fmt.Errorf("train: temporal: %w", err)
	}
	return &Temporal{From: s.Day(), Trained: s.Customers[0], Customers: s.Customers[1], Pool: len(s.Test) - s.Customers[1], Measurement: *measured}, nil
}
