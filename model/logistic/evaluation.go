package logistic

import (
	"math"
	"slices"
)

// An evaluation holds the penalised loss and its gradient at one point. The
// optimiser asks for the two apart; at computes them together, once a point.
type evaluation struct {
	x       *design
	penalty float64
	use     []bool
	held    []bool // coefficients held at 0, against whose sign they would go

	point     []float64
	loss      float64
	gradient  []float64
	margin    []float64 // then the residual, in place
	curvature []float64 // by row: weight × p (1 − p)
	product   []float64 // by row, for times
}

func newEvaluation(x *design, penalty float64, use []bool) *evaluation {
	rows := len(x.label)
	return &evaluation{
		x: x, penalty: penalty, use: use, held: make([]bool, x.cols), gradient: make([]float64, x.cols+1),
		margin: make([]float64, rows), curvature: make([]float64, rows), product: make([]float64, rows),
	}
}

// frozen reports whether coefficient j (the last is the intercept) is held.
func (e *evaluation) frozen(j int) bool { return j < e.x.cols && e.held[j] }

// free stores the gradient of the coefficients that are not held, 0 for others.
func (e *evaluation) free(dst []float64) {
	copy(dst, e.gradient)
	for j, held := range e.held {
		if held {
			dst[j] = 0
		}
	}
}

// revise holds at 0 the coefficients of beta that go against their sign, and
// lets go of those held, once each, that would go with it. It reports whether
// there were any. The last evaluation must have been at beta.
func (e *evaluation) revise(beta []float64, released []bool) bool {
	changed := false
	for j, sign := range e.x.sign {
		switch s := float64(sign); {
		case !e.held[j] && s*beta[j] < 0:
			e.held[j], beta[j], changed = true, 0, true
		case e.held[j] && !released[j] && s*e.gradient[j] < 0:
			e.held[j], released[j], changed = false, true, true
		}
	}
	return changed
}

func (e *evaluation) at(beta []float64) {
	if slices.Equal(beta, e.point) {
		return
	}
	e.point = append(e.point[:0], beta...)
	x := e.x
	x.margins(e.margin, beta)
	e.loss = 0
	var intercept float64
	for i, m := range e.margin {
		if e.use != nil && !e.use[i] {
			e.margin[i], e.curvature[i] = 0, 0
			continue
		}
		odds := math.Exp(-math.Abs(m))
		p := 1 / (1 + odds)
		if m < 0 {
			p = odds / (1 + odds)
		}
		if (x.label[i] == 1) == (m < 0) {
			e.loss += x.weight[i] * math.Abs(m)
		}
		e.loss += x.weight[i] * math.Log1p(odds)
		r := x.weight[i] * (p - x.label[i])
		intercept += r
		e.margin[i] = r
		e.curvature[i] = x.weight[i] * p * (1 - p)
	}
	for j, b := range beta[:x.cols] {
		g := e.penalty * b
		e.loss += e.penalty / 2 * b * b
		value := x.value[j]
		for k, i := range x.rows[j] {
			g += e.margin[i] * value[k]
		}
		e.gradient[j] = g
	}
	e.gradient[x.cols] = intercept
}

// margins stores the margin of every row.
func (x *design) margins(dst, beta []float64) {
	for i := range dst {
		dst[i] = beta[x.cols]
	}
	for j, b := range beta[:x.cols] {
		if b == 0 {
			continue
		}
		value := x.value[j]
		for k, i := range x.rows[j] {
			dst[i] += b * value[k]
		}
	}
}

// outside returns the log loss over the rows not in use.
func (x *design) outside(beta []float64, use []bool) float64 {
	margin := make([]float64, len(x.label))
	x.margins(margin, beta)
	var sum float64
	for i, m := range margin {
		if !use[i] {
			sum += x.weight[i] * logLoss(m, x.label[i])
		}
	}
	return sum
}
