package calibrate

import (
	"slices"
	"sort"
)

// VennAbers is an inductive Venn–Abers predictor. To an account it gives two
// probabilities: what isotonic regression says of it when it joins the sample
// with label 0, and with label 1. Whatever the learner, one of the two is
// calibrated; how far they lie apart says how little the sample knows of such
// accounts.
//
// Both are computed once for every different score of the sample, in
// O(n log n); an account then costs one binary search.
//
// Vovk, Petej and Fedorova, "Large-scale probabilistic predictors with and
// without guarantees of validity", NIPS (2015), algorithms 1 to 4, here with
// weights: the account that joins weighs 1.
type VennAbers struct {
	scores []float64 // different ones, ascending
	p0, p1 []float64 // of an account at that score
}

// fitVennAbers fits it to the labels of a sample.
func fitVennAbers(scores []float64, customer []bool, weights []float64) *VennAbers {
	v := &VennAbers{}
	var total, won []float64
	for _, i := range ascending(scores) {
		if n := len(v.scores); n == 0 || v.scores[n-1] != scores[i] {
			v.scores, total, won = append(v.scores, scores[i]), append(total, 0), append(won, 0)
		}
		at := len(v.scores) - 1
		total[at] += weights[i]
		if customer[i] {
			won[at] += weights[i]
		}
	}
	v.p1 = joined(total, won)
	// With scores and labels turned round, label 0 is label 1.
	for i := range won {
		won[i] = total[i] - won[i]
	}
	slices.Reverse(total)
	slices.Reverse(won)
	v.p0 = joined(total, won)
	slices.Reverse(v.p0)
	for i := range v.p0 {
		v.p0[i] = 1 - v.p0[i]
	}
	return v
}

// joined returns for every cell what isotonic regression gives a row of weight 1
// and label 1 that joins the cell, where cells have these weights, won of them
// with label 1.
//
// The fit is the slope of the greatest convex minorant of the cumulative sums
// P₀, P₁, … A row that joins cell i moves P₀ … Pᵢ₋₁ by (−1, −1) against the rest;
// the slope wanted is that of the bridge from the points moved to those that are
// not. As i grows the bridge's left end moves to the newest point that lies
// below it, its right end along the convex chain of what is right of it: both
// only forwards.
func joined(total, won []float64) []float64 {
	n := len(total)
	x, y := make([]float64, n+1), make([]float64, n+1)
	for i := range n {
		x[i+1], y[i+1] = x[i]+total[i], y[i]+won[i]
	}
	// next[j] follows j on the convex chain of the points from j on.
	next := make([]int, n+1)
	for j := n - 1; j >= 1; j-- {
		k := j + 1
		for k < n && (y[k]-y[j])*(x[next[k]]-x[j]) >= (y[next[k]]-y[j])*(x[k]-x[j]) {
			k = next[k]
		}
		next[j] = k
	}
	out := make([]float64, n)
	left, right, slope := 0, 1, 0.0
	for i := 1; i <= n; i++ {
		lx, ly := x[i-1]-1, y[i-1]-1
		if i == 1 || ly < y[left]-1+(lx-(x[left]-1))*slope {
			left, right = i-1, max(right, i)
			rise := func(k int) float64 { return (y[k] - ly) / (x[k] - lx) }
			for right < n && rise(next[right]) <= rise(right) {
				right = next[right]
			}
			slope = rise(right)
		}
		out[i-1] = slope
	}
	return out
}

// Probabilities returns the two probabilities of a score. Between two scores of
// the sample, label 0 counts as at the lower and label 1 as at the higher; below
// all of them p0 is 0, above all of them p1 is 1.
func (v *VennAbers) Probabilities(score float64) (p0, p1 float64) {
	at := sort.SearchFloat64s(v.scores, score)
	p1 = 1
	if at < len(v.scores) {
		p1 = v.p1[at]
		if v.scores[at] == score {
			return v.p0[at], p1
		}
	}
	if at > 0 {
		p0 = v.p0[at-1]
	}
	return p0, p1
}

// LogOdds returns the log odds of the probability that loses least against both
// labels, p1 / (1 − p0 + p1), and how far the two lie apart.
func (v *VennAbers) LogOdds(score float64) (logOdds, width float64) {
	p0, p1 := v.Probabilities(score)
	return logit(p1 / (1 - p0 + p1)), p1 - p0
}
