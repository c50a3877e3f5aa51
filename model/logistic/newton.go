package logistic

import (
	"context"
	"math"
)

// polish moves beta, which is near the minimum, to it, by Newton's method with
// steps solved by conjugate gradients. A line search on the loss stops some
// eight digits short, where rounding hides the difference between two losses;
// gradients go on. Coefficients that e.held names stay as they are.
//
// It ends when steps no longer shrink: at the precision of the gradient.
func (e *evaluation) polish(ctx context.Context, beta []float64) error {
	n := len(beta)
	step, trial := make([]float64, n), make([]float64, n)
	last := math.Inf(1)
	for range 30 {
		if err := ctx.Err(); err != nil {
			return err
		}
		e.at(beta)
		loss := e.loss
		e.newtonStep(step)
		largest := 0.0
		for _, s := range step {
			largest = max(largest, math.Abs(s))
		}
		if largest == 0 || largest > last/2 && largest < 1e-6 {
			return nil
		}
		last = largest
		for factor := 1.0; factor > 1e-6; factor /= 2 {
			for j := range trial {
				trial[j] = beta[j] + factor*step[j]
			}
			if e.at(trial); e.loss <= loss+1e-9*math.Abs(loss) {
				break
			}
		}
		copy(beta, trial)
	}
	return nil
}

// newtonStep stores the solution of Hessian × step = −gradient at the point of
// the last evaluation, to four digits, by conjugate gradients preconditioned
// with the diagonal.
func (e *evaluation) newtonStep(step []float64) {
	n := len(step)
	residual, search, product, diagonal := make([]float64, n), make([]float64, n), make([]float64, n), e.diagonal()
	clear(step)
	var size float64 // residual · preconditioned residual
	for j := range residual {
		if !e.frozen(j) {
			residual[j] = -e.gradient[j]
		}
		search[j] = residual[j] / diagonal[j]
		size += residual[j] * search[j]
	}
	wanted := 1e-8 * size
	for range 4 * n {
		if size <= wanted || size == 0 {
			return
		}
		e.times(product, search)
		var curvature float64
		for j := range search {
			curvature += search[j] * product[j]
		}
		if curvature <= 0 {
			return
		}
		a, before := size/curvature, size
		size = 0
		for j := range step {
			step[j] += a * search[j]
			residual[j] -= a * product[j]
			size += residual[j] * residual[j] / diagonal[j]
		}
		for j := range search {
			search[j] = residual[j]/diagonal[j] + size/before*search[j]
		}
	}
}

// diagonal returns the diagonal of the Hessian at the last point; 1 where the
// data are flat.
func (e *evaluation) diagonal() []float64 {
	d := make([]float64, e.x.cols+1)
	for j := range e.x.cols {
		d[j] = e.penalty
		value := e.x.value[j]
		for k, i := range e.x.rows[j] {
			d[j] += e.curvature[i] * value[k] * value[k]
		}
	}
	for _, c := range e.curvature {
		d[e.x.cols] += c
	}
	if d[e.x.cols] == 0 {
		d[e.x.cols] = 1
	}
	return d
}

// times stores the product of the Hessian at the last point with v.
func (e *evaluation) times(dst, v []float64) {
	x := e.x
	x.margins(e.product, v)
	var sum float64
	for i, c := range e.curvature {
		e.product[i] *= c
		sum += e.product[i]
	}
	for j := range x.cols {
		dst[j] = 0
		if e.frozen(j) {
			continue
		}
		dst[j] = e.penalty * v[j]
		value := x.value[j]
		for k, i := range x.rows[j] {
			dst[j] += e.product[i] * value[k]
		}
	}
	dst[x.cols] = sum
}
