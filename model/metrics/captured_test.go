package metrics_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model/metrics"
)

// TestCaptured checks an example worked by hand: of a pool of weight 4 a list of
// a quarter holds weight 1. The first pool account, of weight ½, is on it whole;
// the two tied next, of 1 each, share the ½ that is left: a quarter each, and so
// does the customer tied with them.
func TestCaptured(t *testing.T) {
	got, err := metrics.Captured([]float64{9, 8, 5, 5, 5, 1, 0}, []bool{true, false, false, true, false, false, true}, []float64{1, 0.5, 1, 1, 1, 1.5, 1}, 0.25)
	if want := []float64{1, 1, 0.25, 0.25, 0.25, 0, 0}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if got, err := metrics.Captured([]float64{1, 2}, []bool{true, false}, nil, 1); err != nil || !slices.Equal(got, []float64{0, 1}) {
		t.Errorf("below the whole pool: %v, %v", got, err)
	}
	if _, err := metrics.Captured([]float64{1, 2}, []bool{true, true}, nil, 0.1); !errors.Is(err, metrics.ErrOneClass) {
		t.Errorf("without a pool: %v", err)
	}
	for _, share := range []float64{0, -1, 1.01, math.NaN()} {
		if _, err := metrics.Captured([]float64{1, 2}, []bool{true, false}, nil, share); err == nil {
			t.Errorf("share %v is taken", share)
		}
	}
}

// TestCapturedIsCapture checks that the mean over the customers is the capture
// that Summarise gives.
func TestCapturedIsCapture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "rows")
		margins, customer, weights := make([]float64, n), make([]bool, n), make([]float64, n)
		for i := range n {
			margins[i] = float64(rapid.IntRange(0, 9).Draw(t, "margin"))
			customer[i] = i == 0 || i > 1 && rapid.Bool().Draw(t, "customer")
			weights[i] = rapid.Float64Range(0.1, 3).Draw(t, "weight")
		}
		r, err := metrics.Rank(margins, customer, weights, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Summarise(nil)
		for k, share := range metrics.Shares {
			in, err := metrics.Captured(margins, customer, weights, share)
			if err != nil {
				t.Fatal(err)
			}
			var held, all float64
			for i := range in {
				if customer[i] {
					held, all = held+weights[i]*in[i], all+weights[i]
				}
			}
			if math.Abs(held/all-s.Capture[k]) > 1e-12 {
				t.Fatalf("share %v: %v, want %v", share, held/all, s.Capture[k])
			}
		}
	})
}
