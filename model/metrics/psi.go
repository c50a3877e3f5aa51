package metrics

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ErrBins is returned for what is not two histograms over the same bins.
var ErrBins = errors.New("metrics: want two histograms over the same bins")

// PSI returns the population stability index of two histograms,
//
//	PSI = Σ (aᵢ − eᵢ) ln(aᵢ/eᵢ)
//
// where eᵢ and aᵢ are the shares of expected and actual in bin i. This is the
// Jeffreys divergence [1], in nats: 0 if the shares agree, without upper bound.
// Of customers against the pool, over the bins of a feature, the same sum is
// called the feature's information value.
//
// expected and actual hold row counts, or weights, one per bin, in the same bin
// order; their totals may differ. A bin empty in one of them counts as half a row
// there, which keeps the result finite; bins empty in both say nothing and are
// left out. PSI returns an error wrapping ErrBins if the lengths differ, a count
// is negative or not finite, or a total is zero.
//
// With no drift at all, PSI still averages about (bins−1)(1/n + 1/m) for
// totals n and m [2]. The customary limits 0.10 and 0.25 ignore this; on small
// samples compare with PSINoise first.
//
// [1] Jeffreys, "An invariant form for the prior probability in estimation
// problems", Proceedings of the Royal Society A 186 (1946).
//
// [2] Yurdakul and Naranjo, "Statistical properties of the population
// stability index", Journal of Risk Model Validation (2020).
func PSI(expected, actual []float64) (float64, error) {
	if len(expected) != len(actual) {
		return 0, fmt.Errorf("%w: %d bins and %d", ErrBins, len(expected), len(actual))
	}
	var n, m, sumE, sumA float64
	for i := range expected {
		e, a := expected[i], actual[i]
		if !(e >= 0) || !(a >= 0) || math.IsInf(e, 0) || math.IsInf(a, 0) {
			return 0, fmt.Errorf("%w: bin %d holds %v and %v; want finite numbers of at least 0", ErrBins, i, e, a)
		}
		n, m = n+e, m+a
		if e > 0 || a > 0 {
			sumE, sumA = sumE+filled(e), sumA+filled(a)
		}
	}
	if n == 0 || m == 0 {
		return 0, fmt.Errorf("%w: one has no rows", ErrBins)
	}
	var sum float64
	for i := range expected {
		if e, a := expected[i], actual[i]; e > 0 || a > 0 {
			e, a = filled(e)/sumE, filled(a)/sumA
			sum += (a - e) * math.Log(a/e)
		}
	}
	return sum, nil
}

// filled counts an empty bin as half a row.
func filled(n float64) float64 {
	if n == 0 {
		return 0.5
	}
	return n
}

// PSINoise returns the mean of PSI over samples of n and m rows of one
// population, (bins−1)(1/n + 1/m), and the limit that chance exceeds in 5 of 100
// such pairs: (1/n + 1/m) times PSI has the χ² distribution with bins−1 degrees
// of freedom. bins are those that any row fell into. Both are 0 for one bin.
func PSINoise(bins int, n, m float64) (mean, limit float64) {
	if bins < 2 {
		return 0, 0
	}
	scale := 1/n + 1/m
	return float64(bins-1) * scale, distuv.ChiSquared{K: float64(bins - 1)}.Quantile(0.95) * scale
}
