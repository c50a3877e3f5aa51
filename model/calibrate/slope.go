package calibrate

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// small is the number of customers below which a slope of 1 is believed until
// the data reject it: with few customers a fitted slope is mostly noise.
const small = 300

// A Line is a calibration by slope and shift with what the data say of it.
type Line struct {
	model.Calibration                  // what enters the points
	Slope             metrics.Interval // by maximum likelihood
	Shift             metrics.Interval // beside that slope
}

// Fit returns the line
//
//	log odds = prior + shift + slope × log lift
//
// by maximum likelihood of who is a customer (Platt's form, on log odds instead
// of margins), which then enters the points under three rules. Below 300
// customers the slope stays 1 unless its 95 % interval excludes 1. A slope below
// 0 is 0: scores that rank backwards out of fold are noise, and turning them
// round would make noise look like a find. The shift is that of the slope taken.
//
// The model published is one fit, so the slope is fitted to single repeats, side
// by side, and not to their mean: a mean of several fits is less noisy than any
// of them, and would let a slope through that is too bold for one.
//
// Platt, "Probabilistic outputs for support vector machines", Advances in Large
// Margin Classifiers (1999). Cox, "Two further applications of a model for
// binary regression", Biometrika 45 (1958).
func (s *Sample) Fit() Line {
	r, keys := s.line()
	beta := []float64{0, 1}
	se := r.errors(beta, r.fit(beta), keys)
	l := Line{Calibration: model.Calibration{Shift: beta[0], Slope: beta[1]}}
	if se == nil { // scores all tied, or the classes entirely apart
		se = []float64{math.MaxFloat32, math.MaxFloat32}
	}
	l.Shift, l.Slope = around(beta[0], se[0]), around(beta[1], se[1])
	switch {
	case s.customers() < small && l.Slope.Low <= 1 && l.Slope.High >= 1:
		l.Calibration = s.at(1)
	case beta[1] < 0:
		l.Calibration = s.at(0)
	}
	return l
}

// Slope returns the slope of scores alone, by maximum likelihood, whatever their
// unit.
func Slope(scores []float64, customer []bool, weights []float64) float64 {
	var most float64
	for _, v := range scores {
		most = max(most, math.Abs(v))
	}
	if most == 0 {
		return 0
	}
	unit := make([]float64, len(scores))
	for i, v := range scores {
		unit[i] = v / most
	}
	r, _ := (&Sample{LogLift: unit, Customer: customer, Weights: weights, Keys: make([]uint64, len(scores))}).line()
	beta := []float64{0, 0}
	r.fit(beta)
	return beta[1] / most
}

// around returns the interval of an estimate with that standard error.
func around(v, se float64) metrics.Interval {
	return metrics.Interval{Value: v, Low: v - 1.96*se, High: v + 1.96*se}
}

// line returns the regression on a constant and the log lift, over all repeats,
// each row weighing 1/repeats in each, and the keys of its rows.
func (s *Sample) line() (*regression, []uint64) {
	prior, repeats := s.prior(), s.repeats()
	r, n := &regression{}, len(s.LogLift)*len(repeats)
	ones, lifts, keys := make([]float64, n), make([]float64, 0, n), make([]uint64, 0, n)
	r.offset, r.weights = make([]float64, n), make([]float64, n)
	for i := range ones {
		ones[i], r.offset[i], r.weights[i] = 1, prior, s.Weights[i%len(s.Weights)]/float64(len(repeats))
	}
	for _, l := range repeats {
		lifts, keys, r.customer = append(lifts, l...), append(keys, s.Keys...), append(r.customer, s.Customer...)
	}
	r.columns = [][]float64{ones, lifts}
	return r, keys
}

// at returns the calibration of a given slope: its shift makes the expected
// customers as many as there are.
func (s *Sample) at(slope float64) model.Calibration {
	r, _ := s.line()
	for i, l := range r.columns[1] {
		r.offset[i] += slope * l
	}
	r.columns = r.columns[:1]
	beta := []float64{0}
	r.fit(beta)
	return model.Calibration{Slope: slope, Shift: beta[0]}
}

// apply returns calibrated log lifts.
func apply(c model.Calibration, logLift []float64) []float64 {
	out := make([]float64, len(logLift))
	for i, l := range logLift {
		out[i] = c.Shift + c.Slope*l
	}
	return out
}
