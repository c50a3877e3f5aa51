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
// Newton's method, with steps solved by conjugate gradients, moves the
// coefficients that the penalty lets move; those held at their centre, or at the
// bound of their sign, are let go by coordinate descent.
func (s *solver) polish(ctx context.Context, pen penalty) error {
	x := s.p.x
	last := math.Inf(1)
	step := make([]float64, x.cols+1)
	for range 60 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.held(pen) {
			s.fresh = false
			s.step(pen, 0)
		}
		if !s.q.whole && last > 1e-6 {
			if fall := s.step(pen, 0); fall > 1e-9*s.p.loss {
				continue
			}
		}
		free := s.free(pen)
		s.newton(step, pen, free)
		largest := s.cross(pen, step)
		if largest == 0 || largest >= last/2 && largest < 1e-6 {
			return nil
		}
		last = largest
		if largest < 1e-13 {
			return nil
		}
	}
	return nil
}

// slope returns the derivative of loss and ridge penalty along column j.
func (s *solver) slope(pen penalty, j int) float64 {
	return s.p.gradient[j] + pen.l2*(s.beta[j]-s.p.x.centre[j])
}

// fixed reports whether the bound of its sign, or the penalty, holds column j.
func (s *solver) fixed(pen penalty, j int) bool {
	x := s.p.x
	return x.sign[j] != 0 && s.beta[j] == 0 || pen.l1 > 0 && s.beta[j] == x.centre[j]
}

// held reports whether a coefficient is held that would go.
func (s *solver) held(pen penalty) bool {
	x := s.p.x
	for j := range x.cols {
		if s.fixed(pen, j) && pen.nearest(x, j, s.beta[j], s.p.gradient[j], 1) != s.beta[j] {
			return true
		}
	}
	return false
}

// free stores which columns may move.
func (s *solver) free(pen penalty) []bool {
	free := make([]bool, s.p.x.cols+1)
	for j := range s.p.x.cols {
		free[j] = !s.fixed(pen, j)
	}
	free[s.p.x.cols] = true
	return free
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
			if c := x.centre[j]; pen.l1 > 0 && (s.beta[j]-c)*(s.trial[j]-c) < 0 {
				s.trial[j] = c
			}
			if float64(x.sign[j])*s.trial[j] < 0 {
				s.trial[j] = 0
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

// newton stores the solution of Hessian × step = −gradient over the free
// columns, to four digits, by conjugate gradients preconditioned with the
// diagonal.
func (s *solver) newton(step []float64, pen penalty, free []bool) {
	x := s.p.x
	n := len(step)
	residual, search, product, diagonal := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	clear(step)
	for j := range residual {
		if !free[j] {
			continue
		}
		if j == x.cols {
			residual[j] = -s.p.gradient[j]
			break
		}
		residual[j] = -s.slope(pen, j)
		if d := s.beta[j] - x.centre[j]; d != 0 {
			residual[j] -= math.Copysign(pen.l1, d)
		}
	}
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
			return
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
