package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Z95 is how many standard errors a two-sided 95 % interval reaches either way: the
// normal quantile of 97.5 %.
const Z95 = 1.959963984540054

// PowerFactor is by what the standard error of a difference is multiplied to get
// the true difference that data like these would show at 5 %, two-sided, 4 times
// in 5.
var PowerFactor = Z95 + distuv.UnitNormal.Quantile(0.8)

// Wilson returns k of n with its 95 % score interval [1]. n may be less than the
// number of trials where these belong together, see DesignEffect; k shrinks with
// it. It returns false where n is not above 0 or k is not in [0, n].
//
// [1] Wilson, "Probable inference, the law of succession, and statistical
// inference", Journal of the American Statistical Association 22 (1927).
func Wilson(k, n float64) (Interval, bool) {
	if !(n > 0 && k >= 0 && k <= n) {
		return Interval{}, false
	}
	p, z2 := k/n, Z95*Z95
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := Z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	i := Interval{p, centre - half, centre + half}
	if k == 0 {
		i.Low = 0 // exactly, whatever rounding leaves
	}
	if k == n {
		i.High = 1
	}
	return i, true
}

// RateDifference returns k1/n1 − k2/n2 with its 95 % interval, Newcombe's tenth
// method [1], which is made of the two score intervals. It returns false where
// Wilson does.
//
// [1] Newcombe, "Interval estimation for the difference between independent
// proportions", Statistics in Medicine 17 (1998).
func RateDifference(k1, n1, k2, n2 float64) (Interval, bool) {
	a, ok := Wilson(k1, n1)
	b, also := Wilson(k2, n2)
	if !ok || !also {
		return Interval{}, false
	}
	d := a.Value - b.Value
	return Interval{
		Value: d,
		Low:   d - math.Hypot(a.Value-a.Low, b.High-b.Value),
		High:  d + math.Hypot(a.High-a.Value, b.Value-b.Low),
	}, true
}

// LeastRate returns the smallest rate above p that n1 trials would tell from a
// rate of p in n2 others at 5 %, two-sided, 4 times in 5: by Cohen's h, the
// difference of arcsines [1]. It returns false where not even 1 would be told
// apart, and where there are no trials.
//
// [1] Cohen, "Statistical power analysis for the behavioral sciences", second
// edition (1988), chapter 6.
func LeastRate(p, n1, n2 float64) (float64, bool) {
	if !(p >= 0 && p <= 1 && n1 > 0 && n2 > 0) {
		return 0, false
	}
	at := math.Asin(math.Sqrt(p)) + PowerFactor*math.Sqrt(1/n1+1/n2)/2
	if at > math.Pi/2 {
		return 0, false
	}
	return math.Pow(math.Sin(at), 2), true
}

// DesignEffect returns by how much the variance of a rate is that of independent
// trials, where trials come in clusters: hits and trials hold a cluster's each.
// It is the variance of the ratio by linearisation over p(1−p)/n, at least 1; 1
// too where there are fewer than two clusters, where each holds one trial, or
// where the rate is 0 or 1.
func DesignEffect(hits, trials []float64) float64 {
	k, n := 0.0, 0.0
	for i := range trials {
		k, n = k+hits[i], n+trials[i]
	}
	m := float64(len(trials))
	if m < 2 || n == m || !(k > 0 && k < n) {
		return 1
	}
	p, sum := k/n, 0.0
	for i := range trials {
		r := hits[i] - p*trials[i]
		sum += r * r
	}
	variance := sum * m / (m - 1) / (n * n)
	return math.Max(1, variance/(p*(1-p)/n))
}
