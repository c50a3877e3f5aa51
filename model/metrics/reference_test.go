package metrics_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// expected is testdata/expected.json, made by scripts/reference/metrics_expected.py
// with the versions of scikit-learn and numpy that it names.
type expected struct {
	Cases []struct {
		Name      string    `json:"name"`
		Margin    []float64 `json:"margin"`
		Customer  []bool    `json:"customer"`
		Weight    []float64 `json:"weight"`
		AUC       float64   `json:"auc"`
		Capture   []float64 `json:"capture"`
		Quantiles []float64 `json:"quantiles"`
	} `json:"cases"`
}

func readExpected(t *testing.T) expected {
	t.Helper()
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestReference compares AUC with scikit-learn's roc_auc_score and capture with
// its definition in exact arithmetic.
func TestReference(t *testing.T) {
	for _, c := range readExpected(t).Cases {
		t.Run(c.Name, func(t *testing.T) {
			r, err := metrics.Rank(c.Margin, c.Customer, c.Weight, nil)
			if err != nil {
				t.Fatal(err)
			}
			s := r.Summarise(nil)
			if math.Abs(s.AUC-c.AUC) > 1e-12 {
				t.Errorf("AUC %v, want %v", s.AUC, c.AUC)
			}
			for k, want := range c.Capture {
				if math.Abs(s.Capture[k]-want) > 1e-12 {
					t.Errorf("capture at %v is %v, want %v", metrics.Shares[k], s.Capture[k], want)
				}
			}
		})
	}
}

// TestQuantilesReference compares the pool quantiles that models keep with
// numpy's, method inverted_cdf, with weights.
func TestQuantilesReference(t *testing.T) {
	for _, c := range readExpected(t).Cases {
		t.Run(c.Name, func(t *testing.T) {
			var values []int64
			var weights []float64
			for i, m := range c.Margin {
				if !c.Customer[i] {
					values, weights = append(values, int64(math.Round(m*model.Micro))), append(weights, c.Weight[i])
				}
			}
			q := model.Quantiles(values, weights)
			for i, want := range c.Quantiles {
				if got := q[10*i]; got != int64(math.Round(want*model.Micro)) {
					t.Errorf("quantile %d %% is %d, want %v", i, got, want*model.Micro)
				}
			}
		})
	}
}
