package metrics

import "math"

// Loss returns the log loss of one account, −ln of the probability that its log
// odds give to what it is: 0 at certainty in the right, +Inf in the wrong.
func Loss(logOdds float64, customer bool) float64 {
	if customer {
		logOdds = -logOdds
	}
	return max(logOdds, 0) + math.Log1p(math.Exp(-math.Abs(logOdds)))
}

// LogLoss returns the weighted mean log loss. The slices have one entry an
// account; without accounts it is NaN.
func LogLoss(logOdds []float64, customer []bool, weights []float64) float64 {
	var sum, total float64
	for i, m := range logOdds {
		sum += weights[i] * Loss(m, customer[i])
		total += weights[i]
	}
	return sum / total
}

// Brier returns the weighted mean squared distance of the probability from 1 for
// a customer and 0 for a pool account.
//
// Brier, "Verification of forecasts expressed in terms of probability", Monthly
// Weather Review 78 (1950).
func Brier(logOdds []float64, customer []bool, weights []float64) float64 {
	var sum, total float64
	for i, m := range logOdds {
		if customer[i] {
			m = -m
		}
		p := 1 / (1 + math.Exp(-m)) // of what the account is not
		sum += weights[i] * p * p
		total += weights[i]
	}
	return sum / total
}
