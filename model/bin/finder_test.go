package bin_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/model/bin"
)

// TestFinder compares a finder with its definition, for values that lie apart,
// many in one stretch, and at both ends of the range.
func TestFinder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(1<<40, 1<<40+300), rapid.SampledFrom([]uint64{0, 1, math.MaxUint64 - 1, math.MaxUint64}))
		values := rapid.SliceOfN(value, 0, 300).Draw(t, "values")
		slices.Sort(values)
		f := bin.NewFinder(values)
		for _, v := range append(rapid.SliceOf(value).Draw(t, "others"), values...) {
			want := 0
			for _, have := range values {
				if have < v {
					want++
				}
			}
			if got := f.Below(v); got != want {
				t.Fatalf("%d of %v are below %d, want %d", got, values, v, want)
			}
		}
	})
}
