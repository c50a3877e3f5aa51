package metrics

import (
	"fmt"
	"math"
)

// JensenShannon returns the Jensen–Shannon distance of two histograms [1],
//
//	JS = √(½ Σ eᵢ ln(eᵢ/mᵢ) + ½ Σ aᵢ ln(aᵢ/mᵢ)),   mᵢ = (eᵢ + aᵢ)/2
//
// where eᵢ and aᵢ are the shares of expected and actual in bin i: 0 if they
// agree, √ln 2 = 0.83 if they have no bin in common. Unlike PSI it needs no rule
// for empty bins. It is a metric [2]. For histograms that are near each other
// JS² is PSI/8: both are then multiples of the same χ².
//
// The arguments and errors are those of PSI.
//
// [1] Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions
// on Information Theory 37 (1991).
//
// [2] Endres and Schindelin, "A new metric for probability distributions", IEEE
// Transactions on Information Theory 49 (2003).
func JensenShannon(expected, actual []float64) (float64, error) {
	n, m, err := totals(expected, actual)
	if err != nil {
		return 0, err
	}
	var sum float64
	for i := range expected {
		e, a := expected[i]/n, actual[i]/m
		middle := (e + a) / 2
		for _, p := range [2]float64{e, a} {
			if p > 0 {
				sum += p * math.Log(p/middle) / 2
			}
		}
	}
	return math.Sqrt(max(0, sum)), nil
}

// KolmogorovSmirnov returns the greatest distance between the cumulative shares
// of two histograms over the same ordered bins, from 0 to 1. The arguments and
// errors are those of PSI.
func KolmogorovSmirnov(expected, actual []float64) (float64, error) {
	n, m, err := totals(expected, actual)
	if err != nil {
		return 0, err
	}
	var e, a, most float64
	for i := range expected {
		e, a = e+expected[i], a+actual[i]
		most = max(most, math.Abs(e/n-a/m))
	}
	return most, nil
}

// KolmogorovSmirnovLimit returns what the distance of samples of n and m rows of
// one population passes with probability at most level,
//
//	√(−½ ln(level/2) (1/n + 1/m))
//
// for large samples (Smirnov 1948); of binned values, which have fewer places to
// differ at, less often.
func KolmogorovSmirnovLimit(n, m, level float64) float64 {
	return math.Sqrt(-math.Log(level/2) / 2 * (1/n + 1/m))
}

// totals returns the sums of two histograms, or an error that wraps ErrBins.
func totals(expected, actual []float64) (n, m float64, err error) {
	if len(expected) != len(actual) {
		return 0, 0, fmt.Errorf("%w: %d bins and %d", ErrBins, len(expected), len(actual))
	}
	for i := range expected {
		e, a := expected[i], actual[i]
		if !(e >= 0) || !(a >= 0) || math.IsInf(e, 0) || math.IsInf(a, 0) {
			return 0, 0, fmt.Errorf("%w: bin %d holds %v and %v; want finite numbers of at least 0", ErrBins, i, e, a)
		}
		n, m = n+e, m+a
	}
	if n == 0 || m == 0 {
		return 0, 0, fmt.Errorf("%w: one has no rows", ErrBins)
	}
	return n, m, nil
}
