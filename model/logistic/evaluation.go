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

	point    []float64
	loss     float64
	gradient []float64
	margin   []float64 // then the residual, in place
}

func newEvaluation(x *design, penalty float64, use []bool) *evaluation {
	return &evaluation{x: x, penalty: penalty, use: use, gradient: make([]float64, x.cols+1), margin: make([]float64, len(x.label))}
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
			e.margin[i] = 0
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
