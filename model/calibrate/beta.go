package calibrate

import "math"

// Beta is a beta calibration of probabilities,
//
//	logit p = A ln q − B ln(1−q) + C,  A ≥ 0, B ≥ 0.
//
// It bends the two ends apart from each other; A = B = 1 with C = 0 leaves q as
// it is.
//
// Kull, Silva Filho and Flach, "Beta calibration: a well-founded and easily
// implemented improvement on logistic calibration for binary classifiers",
// AISTATS (2017).
type Beta struct{ A, B, C float64 }

// fitBeta fits a beta calibration by maximum likelihood, q being what the log
// odds say. A coefficient that comes out below 0 is left out and the other
// fitted anew; where both are left out the calibration is a constant.
func fitBeta(logOdds []float64, customer []bool, weights []float64) Beta {
	n := len(logOdds)
	ones, a, b := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, m := range logOdds {
		ones[i] = 1
		a[i], b[i] = betaColumns(m)
	}
	fit := func(columns ...[]float64) []float64 {
		r := &regression{columns: append([][]float64{ones}, columns...), offset: make([]float64, n), customer: customer, weights: weights}
		beta := make([]float64, 1+len(columns))
		r.fit(beta)
		return beta
	}
	both := fit(a, b)
	if both[1] >= 0 && both[2] >= 0 {
		return Beta{both[1], both[2], both[0]}
	}
	if both[1] < 0 {
		if only := fit(b); only[1] >= 0 {
			return Beta{B: only[1], C: only[0]}
		}
	} else if only := fit(a); only[1] >= 0 {
		return Beta{A: only[1], C: only[0]}
	}
	return Beta{C: fit()[0]}
}

// betaColumns returns ln q and −ln(1−q) of log odds.
func betaColumns(m float64) (a, b float64) {
	softplus := func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	return -softplus(-m), softplus(m)
}

// LogOdds returns the calibrated log odds of log odds.
func (b Beta) LogOdds(m float64) float64 {
	x, y := betaColumns(m)
	return b.A*x + b.B*y + b.C
}
