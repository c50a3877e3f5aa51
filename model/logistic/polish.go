package logistic

import (
	"context"
	"math"
)

// polish moves a solver that is near the minimum to it, to the precision of the
// gradient: so that a fit does not depend on the order of rows beyond rounding. A
// line search on the loss stops some eight digits short, where rounding hides
// the difference between two losses; gradients go on.
//
// Newton's method moves the coefficients that nothing holds; coordinate descent
// lets go of those held that would go. Where products of columns are of a sample
// of rows, its steps shrink by a factor, and end at sampled.
func (s *solver) polish(ctx context.Context, pen penalty) error {
	const sampled = 1e-7
	last := math.Inf(1)
	for range 60 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.held(pen) {
			s.fresh = false
			s.step(pen, 0)
		}
		largest := s.cross(pen, s.newton(pen))
		if largest == 0 || largest >= last/2 && largest < 1e-6 || largest < sampled && !s.q.whole {
			return nil
		}
		last = largest
	}
	return nil
}

// held reports whether a coefficient is held that would go.
func (s *solver) held(pen penalty) bool {
	x := s.p.x
	for j, at := range s.beta[:x.cols] {
		if pen.holds(x, j, at) && pen.nearest(x, j, at, s.p.gradient[j], 1) != at {
			return true
		}
	}
	return false
}

// newton returns the step to where the gradient is 0, of the coefficients that
// nothing holds.
func (s *solver) newton(pen penalty) []float64 {
	if s.q.gram == nil {
		return s.conjugate(pen)
	}
	if s.q.whole || !s.fresh {
		s.q.around(s.p)
		s.fresh = true
	}
	g := s.q.gram
	g.begin(s.q, s.p)
	if !g.newton(s.q, s.p, pen) {
		g.descend(s.q, s.p, pen, 1e-6, 0)
	}
	g.end(s.q, s.p)
	return s.q.direction
}

// cross takes a step, less of it where the loss would grow, and stops
// coefficients where they would cross their centre or bound. It returns the
// largest move.
func (s *solver) cross(pen penalty, step []float64) float64 {
	x := s.p.x
	before := s.value(pen)
	for t := 1.0; t > 1e-4; t /= 2 {
		for j := range step {
			s.trial[j] = s.beta[j] + t*step[j]
			if j == x.cols {
				break
			}
			if pen.crosses(x, j, s.beta[j], s.trial[j]) {
				s.trial[j] = x.centre[j]
				if float64(x.sign[j])*(s.beta[j]+t*step[j]) < 0 {
					s.trial[j] = 0
				}
			}
		}
		s.p.at(s.trial)
		if s.value(pen) <= before+1e-9*math.Abs(before) {
			break
		}
	}
	largest := 0.0
	for j := range step {
		largest = max(largest, math.Abs(s.trial[j]-s.beta[j]))
	}
	copy(s.beta, s.trial)
	return largest
}

// conjugate returns Newton's step, solved to four digits by conjugate gradients,
// preconditioned with the diagonal.
func (s *solver) conjugate(pen penalty) []float64 {
	x := s.p.x
	n := x.cols + 1
	step, residual, search, product, diagonal := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	free := make([]bool, n)
	for j, at := range s.beta[:x.cols] {
		if free[j] = !pen.holds(x, j, at); free[j] {
			residual[j] = -s.p.gradient[j] - pen.slope(x, j, at)
		}
	}
	free[x.cols], residual[x.cols] = true, -s.p.gradient[x.cols]
	s.q.around(s.p) // for its diagonal
	for j := range x.cols {
		diagonal[j] = max(s.q.square[j]+pen.l2, 1e-300)
	}
	diagonal[x.cols] = max(s.q.all, 1e-300)
	s.fresh = true
	var size float64
	for j, r := range residual {
		search[j] = r / diagonal[j]
		size += r * search[j]
	}
	wanted := 1e-8 * size
	for range 4 * n {
		if size <= wanted || size == 0 {
			break
		}
		s.p.times(product, search)
		var curvature float64
		for j, v := range search {
			if !free[j] {
				product[j] = 0
				continue
			}
			if j < x.cols {
				product[j] += pen.l2 * v
			}
			curvature += v * product[j]
		}
		if curvature <= 0 {
			break
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
	return step
}
