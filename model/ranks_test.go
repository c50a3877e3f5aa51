package model_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model"
)

// TestRanks checks that ranks agree with Percentile and with the cells of a tally,
// at, below and above every quantile.
func TestRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.Int64Range(-1e7, 1e7), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
		quantiles := rapid.SliceOfN(value, 0, 50).Draw(t, "quantiles")
		slices.Sort(quantiles)
		ranks := model.NewRanks(quantiles)
		marks := (&model.Model{Quantiles: quantiles}).Marks()
		for _, q := range append(quantiles, 0) {
			for _, v := range []int64{q, max(q, math.MinInt64+1) - 1, min(q, math.MaxInt64-1) + 1} {
				if got, want := ranks.Percentile(v), model.Percentile(quantiles, v); got != want {
					t.Fatalf("percentile of %d among %v is %v, want %v", v, quantiles, got, want)
				}
				if want, _ := slices.BinarySearch(marks, v); ranks.Cell(v) != want {
					t.Fatalf("cell of %d among %v is %d, want %d", v, marks, ranks.Cell(v), want)
				}
			}
		}
	})
}
