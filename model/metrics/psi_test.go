package metrics_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

func ExamplePSI() {
	// Accounts per grade, A to D, when the model was fitted and today.
	fitted := []float64{100, 300, 400, 200}
	today := []float64{180, 310, 330, 180}

	psi, err := metrics.PSI(fitted, today)
	if err != nil {
		log.Fatal(err)
	}
	noise, limit := metrics.PSINoise(4, 1000, 1000), metrics.PSILimit(4, 1000, 1000, 0.05)
	fmt.Printf("PSI %.3f; chance alone averages %.3f and rarely passes %.3f\n", psi, noise, limit)
	// Output: PSI 0.063; chance alone averages 0.006 and rarely passes 0.016
}

// TestPSI checks values worked by hand from the definition, in closed form.
func TestPSI(t *testing.T) {
	for _, tt := range []struct {
		name             string
		expected, actual []float64
		want             float64
	}{
		{"same counts", []float64{7, 3}, []float64{7, 3}, 0},
		{"same shares", []float64{7, 3}, []float64{70, 30}, 0},
		{"ten points move", []float64{50, 50}, []float64{40, 60}, 0.1 * math.Log(1.5)},
		{"order of samples", []float64{40, 60}, []float64{50, 50}, 0.1 * math.Log(1.5)},
		{"empty bin is half a row", []float64{19, 0}, []float64{1, 1}, (19/19.5 - 0.5) * math.Log(38)},
		{"empty in both", []float64{50, 0, 50}, []float64{40, 0, 60}, 0.1 * math.Log(1.5)},
		{"weights", []float64{12.5, 12.5}, []float64{0.4, 0.6}, 0.1 * math.Log(1.5)},
		{"one bin", []float64{5}, []float64{9}, 0},
	} {
		got, err := metrics.PSI(tt.expected, tt.actual)
		if err != nil || math.Abs(got-tt.want) > 1e-14 {
			t.Errorf("%s: %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	for name, h := range map[string][2][]float64{
		"lengths":  {{1, 2}, {1}},
		"negative": {{1, -2}, {1, 1}},
		"NaN":      {{1, 2}, {math.NaN(), 1}},
		"infinite": {{math.Inf(1), 2}, {1, 1}},
		"no rows":  {{0, 0}, {1, 1}},
		"nothing":  {{}, {}},
	} {
		if got, err := metrics.PSI(h[0], h[1]); !errors.Is(err, metrics.ErrBins) || got != 0 {
			t.Errorf("%s: %v, %v, want ErrBins", name, got, err)
		}
	}
}

// FuzzPSI checks laws: PSI is finite, never negative, symmetric, and zero for a
// sample against itself.
func FuzzPSI(f *testing.F) {
	f.Add([]byte{50, 50, 40, 60})
	f.Add([]byte{0, 255, 255, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		half := len(b) / 2
		e, a := make([]float64, half), make([]float64, half)
		for i := range half {
			e[i], a[i] = float64(b[i]), float64(b[half+i])
		}
		ea, err := metrics.PSI(e, a)
		if err != nil {
			return // no histograms: TestPSI has these
		}
		ae, _ := metrics.PSI(a, e)
		ee, _ := metrics.PSI(e, e)
		if !(ea >= 0) || math.IsInf(ea, 0) || math.Abs(ea-ae) > 1e-12 || ee != 0 {
			t.Errorf("PSI(e,a) = %v, PSI(a,e) = %v, PSI(e,e) = %v for e=%v a=%v", ea, ae, ee, e, a)
		}
	})
}

// TestPSINoise draws equal samples: PSI averages what PSINoise says to 5 %, and
// passes PSILimit in 5 of 100 draws.
func TestPSINoise(t *testing.T) {
	const draws, n, m, bins = 4000, 800, 2000, 6
	rng := rand.New(rand.NewPCG(1, 1))
	fill := func(rows int) []float64 {
		out := make([]float64, bins)
		for range rows {
			out[rng.IntN(bins)]++
		}
		return out
	}
	mean, limit := metrics.PSINoise(bins, n, m), metrics.PSILimit(bins, n, m, 0.05)
	var sum float64
	passed := 0
	for range draws {
		psi, err := metrics.PSI(fill(n), fill(m))
		if err != nil {
			t.Fatal(err)
		}
		sum += psi / draws
		if psi > limit {
			passed++
		}
	}
	if math.Abs(sum/mean-1) > 0.05 {
		t.Errorf("PSI of equal samples averages %v, want %v", sum, mean)
	}
	if share := float64(passed) / draws; math.Abs(share-0.05) > 0.012 { // standard error 0.0034
		t.Errorf("%v of equal samples pass the limit, want 0.05", share)
	}
	if mean, limit := metrics.PSINoise(1, 10, 10), metrics.PSILimit(1, 10, 10, 0.05); mean != 0 || limit != 0 {
		t.Errorf("one bin has noise %v, limit %v", mean, limit)
	}
}
