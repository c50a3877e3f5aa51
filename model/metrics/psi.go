package metrics

import (
	"errors"
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
// samples compare with PSINoise or PSILimit first.
//
// [1] Jeffreys, "An invariant form for the prior probability in estimation
// problems", Proceedings of the Royal Society A 186 (1946).
//
// [2] Yurdakul and Naranjo, "Statistical properties of the population
// stability index", Journal of Risk Model Validation (2020).
func PSI(expected, actual []float64) (float64, error) {
	if _, _, err := totals(expected, actual); err != nil {
		return 0, err
	}
	var sumE, sumA float64
	for i := range expected {
		if e, a := expected[i], actual[i]; e > 0 || a > 0 {
			sumE, sumA = sumE+filled(e), sumA+filled(a)
		}
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

// PSINoise returns what PSI averages over samples of n and m rows of one
// population, (bins−1)(1/n + 1/m). bins are those that any row fell into; of one
// bin there is no noise.
func PSINoise(bins int, n, m float64) float64 {
	return float64(max(0, bins-1)) * (1/n + 1/m)
}

// PSILimit returns what PSI passes with probability level over samples of n and m
// rows of one population: PSI over (1/n + 1/m) has, for large samples, the χ²
// distribution with bins−1 degrees of freedom. It is 0 for one bin.
//
// The samples must be independent. Two that share rows, such as a base tonight
// and a sample of it a month ago, differ by less.
func PSILimit(bins int, n, m, level float64) float64 {
	if bins < 2 {
		return 0
	}
	return distuv.ChiSquared{K: float64(bins - 1)}.Quantile(1-level) * (1/n + 1/m)
}
