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
// with the versions of scikit-learn, numpy, scipy and optbinning that it names.
type expected struct {
	Bootstrap struct {
		Margin   []float64  `json:"margin"`
		Customer []bool     `json:"customer"`
		AUC      [2]float64 `json:"auc"`
		Capture  [2]float64 `json:"capture_10"`
	} `json:"bootstrap"`
	Histograms []struct {
		Name      string    `json:"name"`
		Customers []float64 `json:"customers"`
		Pool      []float64 `json:"pool"`
		IV        float64   `json:"iv"`
	} `json:"histograms"`
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

// TestBootstrapReference compares the percentile intervals of many replicates
// with those of scipy.stats.bootstrap: the two draws differ by a hundredth of an
// interval's width, and capture comes in steps of a customer.
func TestBootstrapReference(t *testing.T) {
	e := readExpected(t).Bootstrap
	r, err := metrics.Rank(e.Margin, e.Customer, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	replicates := r.Bootstrap(20_000, nil, 1)
	auc, capture := make([]float64, len(replicates)), make([]float64, len(replicates))
	for i := range replicates {
		auc[i], capture[i] = replicates[i].AUC, replicates[i].Capture[3]
	}
	value := r.Summarise(nil)
	for _, tt := range []struct {
		name           string
		got            metrics.Interval
		want           [2]float64
		tolerance, one float64
	}{
		{"AUC", metrics.Percentile(value.AUC, auc, 1), e.AUC, 0.02, 0},
		{"capture", metrics.Percentile(value.Capture[3], capture, 1), e.Capture, 0.02, 1. / 60},
	} {
		within := tt.tolerance*(tt.want[1]-tt.want[0]) + tt.one*1.001
		if math.Abs(tt.got.Low-tt.want[0]) > within || math.Abs(tt.got.High-tt.want[1]) > within {
			t.Errorf("%s: %+v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

// TestInformationValueReference compares PSI of customers against the pool with
// optbinning's information value.
func TestInformationValueReference(t *testing.T) {
	for _, h := range readExpected(t).Histograms {
		got, err := metrics.PSI(h.Pool, h.Customers)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-h.IV) > 1e-12 || len(h.Pool) < 5 {
			t.Errorf("%s: %v over %d bins, want %v", h.Name, got, len(h.Pool), h.IV)
		}
	}
}
