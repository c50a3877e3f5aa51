package train

import (
	"fmt"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Holdout measures a model on accounts that took no part in its training.
type Holdout struct {
	Customers int `json:"customers"`
	Pool      int `json:"pool"`
	evaluate.Measurement
}

// MeasureHoldout scores the held-out accounts f with m. It returns nil where
// they hold no known customers: then there is nothing to measure.
func MeasureHoldout(f *evaluate.Frame, m *model.Model) (*Holdout, error) {
	customers, pool := f.Totals()
	if customers == 0 || pool == 0 {
		return nil, nil
	}
	var s model.Scores
	if err := model.NewScorer(m, f.AsOf).Score(&s, f.Batch); err != nil {
		return nil, fmt.Errorf("holdout: %w", err)
	}
	margins := make([]float64, s.Rows)
	for i, v := range s.Margin {
		margins[i] = float64(v)
	}
	measured, err := f.Measure(&evaluate.OutOfFold{Score: [][]float64{margins}}, &m.Grades, m.BasePoints)
	if err != nil {
		return nil, fmt.Errorf("holdout: %w", err)
	}
	return &Holdout{customers, pool, *measured}, nil
}

// Brief returns the metrics that command lines print.
func Brief(m *evaluate.Measurement) map[string]metrics.Interval {
	out := map[string]metrics.Interval{}
	for _, name := range []string{"auc", "capture_10", "lift_10"} {
		out[name] = m.Metrics[name]
	}
	return out
}
