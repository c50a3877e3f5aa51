package logistic

import (
	"context"
	"math"
	"slices"
)

// A solver minimises the penalised loss over some rows. It stays at the last
// minimum, from where the next penalty's is near.
type solver struct {
	p     *point
	q     *quadratic
	beta  []float64
	start []float64
	trial []float64
	fresh bool // the quadratic model is of a point near enough
}

// newSolver starts at the coefficients' centres and the intercept that is best
// there. weight is by row; 0 leaves a row out.
func newSolver(x *design, weight []float64) *solver {
	s := &solver{p: newPoint(x, weight), q: newQuadratic(x, weight), beta: make([]float64, x.cols+1), trial: make([]float64, x.cols+1)}
	copy(s.beta, x.centre)
	s.beta[x.cols] = logOdds(x.label, weight)
	s.p.at(s.beta)
	for range 50 {
		var h float64
		for _, c := range s.p.curvature {
			h += c
		}
		d := max(-2, min(2, -s.p.gradient[x.cols]/max(h, 1e-300)))
		if math.Abs(d) < 1e-10 {
			break
		}
		s.beta[x.cols] += d
		s.p.at(s.beta)
	}
	s.start = slices.Clone(s.beta)
	return s
}

// restart goes back to where a new solver is.
func (s *solver) restart() { s.from(s.start) }

// from goes to beta.
func (s *solver) from(beta []float64) {
	if slices.Equal(s.beta, beta) {
		return
	}
	copy(s.beta, beta)
	s.p.at(s.beta)
	s.fresh = false
}

func (s *solver) value(pen penalty) float64 { return s.p.loss + pen.all(s.p.x, s.p.beta) }

// descend goes down until a step promises less than a part of the loss: Newton
// steps, each found by coordinate descent to a tenth of what it promises, and
// halved until the loss falls.
func (s *solver) descend(ctx context.Context, pen penalty, part float64, most int) error {
	last := math.Inf(1)
	for range most {
		if err := ctx.Err(); err != nil {
			return err
		}
		fall := s.step(pen, part)
		if fall <= part*s.p.loss {
			return nil
		}
		if fall > last/8 {
			s.fresh = false
		}
		last = fall
	}
	return nil
}

// approach goes to the minimum over the sample of rows that the quadratic model is
// made of, where that is not all rows: passes over a sample are short.
func (s *solver) approach(ctx context.Context, pen penalty) error {
	if s.q.whole {
		return nil
	}
	x := s.q.x
	if !slices.Contains(x.label, 0) || !slices.Contains(x.label, 1) {
		return nil
	}
	sample := newSolver(x, x.weight)
	if err := sample.descend(ctx, pen, enough, 50); err != nil {
		return err
	}
	s.from(sample.beta)
	return nil
}

// step takes one step and returns by how much the loss fell.
func (s *solver) step(pen penalty, part float64) float64 {
	if !s.fresh {
		s.q.around(s.p)
		s.fresh = true
	}
	s.q.descend(s.p, pen, 0.01, part/10*s.p.loss)
	return s.walk(pen, s.q.direction, part*s.p.loss)
}

// walk goes along direction as far as the loss falls enough, and returns by how
// much it fell. It stays where no more than least is promised: that costs no pass
// over the rows.
func (s *solver) walk(pen penalty, direction []float64, least float64) float64 {
	x := s.p.x
	before := s.value(pen)
	promise := dot(s.p.gradient, direction) - pen.all(x, s.beta)
	for j, d := range direction {
		s.trial[j] = s.beta[j] + d
	}
	promise += pen.all(x, s.trial)
	if !(promise < -least) {
		return 0
	}
	for t := 1.0; t > 1e-6; t /= 2 {
		for j, d := range direction {
			s.trial[j] = s.beta[j] + t*d
		}
		s.p.at(s.trial)
		if after := s.value(pen); after <= before+1e-4*t*promise {
			copy(s.beta, s.trial)
			s.fresh = s.fresh && t == 1
			return before - after
		}
	}
	s.p.at(s.beta)
	s.fresh = false
	return 0
}
