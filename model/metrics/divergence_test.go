package metrics_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// TestDivergenceReference compares with Evidently's PSI and scipy's distances,
// made by scripts/reference/divergence_expected.py with the versions that the file
// names. An empty bin is to Evidently a share of at most 0.0001, which is less than
// half a row here: its PSI is greater then.
func TestDivergenceReference(t *testing.T) {
	text, err := os.ReadFile("testdata/divergence.json")
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Levels []float64
		Cases  []struct {
			Name             string
			Expected, Actual []float64
			PSI, JS, KS      float64
			PSIEmpty         *float64 `json:"psi_empty"`
			Limit            []float64
			KSLimit          []float64 `json:"ks_limit"`
		}
	}
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	for _, c := range e.Cases {
		near := func(what string, got float64, err error, want, within float64) {
			t.Helper()
			if err != nil || math.Abs(got-want) > within {
				t.Errorf("%s: %s %v, %v, want %v", c.Name, what, got, err, want)
			}
		}
		psi, err := metrics.PSI(c.Expected, c.Actual)
		if c.PSIEmpty == nil {
			near("PSI", psi, err, c.PSI, 1e-12)
		} else if err != nil || !(psi < *c.PSIEmpty) {
			t.Errorf("%s: PSI %v, %v; want less than Evidently's %v", c.Name, psi, err, *c.PSIEmpty)
		}
		js, err := metrics.JensenShannon(c.Expected, c.Actual)
		near("JS", js, err, c.JS, 1e-12)
		ks, err := metrics.KolmogorovSmirnov(c.Expected, c.Actual)
		near("KS", ks, err, c.KS, 1e-12)
		bins := 0
		var n, m float64
		for i := range c.Expected {
			n, m = n+c.Expected[i], m+c.Actual[i]
			if c.Expected[i] > 0 || c.Actual[i] > 0 {
				bins++
			}
		}
		for i, level := range e.Levels {
			near("limit", metrics.PSILimit(bins, n, m, level), nil, c.Limit[i], 1e-9*c.Limit[i])
			near("KS limit", metrics.KolmogorovSmirnovLimit(n, m, level), nil, c.KSLimit[i], 1e-3*c.KSLimit[i]) // the first term of its series
		}
	}
	if len(e.Cases) < 7 {
		t.Errorf("%d cases", len(e.Cases))
	}
}

// FuzzJensenShannon checks laws: from 0 to √ln 2, symmetric, 0 for a sample
// against itself, and that distances of cumulated shares are within [0, 1].
func FuzzJensenShannon(f *testing.F) {
	f.Add([]byte{50, 50, 40, 60})
	f.Add([]byte{0, 255, 255, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		half := len(b) / 2
		e, a := make([]float64, half), make([]float64, half)
		for i := range half {
			e[i], a[i] = float64(b[i]), float64(b[half+i])
		}
		ea, err := metrics.JensenShannon(e, a)
		if err != nil {
			return // no histograms
		}
		ae, _ := metrics.JensenShannon(a, e)
		ee, _ := metrics.JensenShannon(e, e)
		ks, err := metrics.KolmogorovSmirnov(e, a)
		if !(ea >= 0) || ea > math.Sqrt(math.Ln2)+1e-12 || math.Abs(ea-ae) > 1e-12 || ee > 1e-7 || err != nil || !(ks >= 0) || ks > 1+1e-12 {
			t.Errorf("JS(e,a) = %v, JS(a,e) = %v, JS(e,e) = %v, KS %v, %v for e=%v a=%v", ea, ae, ee, ks, err, e, a)
		}
	})
}

// TestDivergenceErrors checks that what is not two histograms is an error.
func TestDivergenceErrors(t *testing.T) {
	for name, h := range map[string][2][]float64{
		"lengths": {{1, 2}, {1}}, "negative": {{1, -2}, {1, 1}}, "NaN": {{1, 2}, {math.NaN(), 1}}, "infinite": {{math.Inf(1), 2}, {1, 1}}, "no rows": {{0, 0}, {1, 1}}, "nothing": {{}, {}},
	} {
		for what, of := range map[string]func(e, a []float64) (float64, error){"JS": metrics.JensenShannon, "KS": metrics.KolmogorovSmirnov} {
			if got, err := of(h[0], h[1]); !errors.Is(err, metrics.ErrBins) || got != 0 {
				t.Errorf("%s of %s: %v, %v, want ErrBins", what, name, got, err)
			}
		}
	}
}
