package train

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/icpfit/icpfit/model/evaluate"
)

// doubt is the standard deviation, before any customer is seen, of a member's
// weight around an equal share. Learners of one table err alike, so an average
// is hard to beat; with few customers the weights stay near it.
const doubt = 0.35

// stack returns the weights, at least 0, by which the members' log lifts are
// added: the maximum of the likelihood of who is a customer,
//
//	logit p = prior + shift + Σ w_m l_m,   w_m ≥ 0,
//
// times a normal prior on each w_m around an equal share with deviation doubt.
// lifts are by member and row; rows that use leaves out (nil: none) do not count.
//
// Stacking with weights that may not be negative: Breiman, "Stacked regressions",
// Machine Learning 24 (1996).
func stack(f *evaluate.Frame, lifts [][]float64, use []bool) []float64 {
	n := len(lifts)
	w := make([]float64, n)
	for m := range w {
		w[m] = 1 / float64(n)
	}
	if n == 1 {
		return w
	}
	s := &stacking{f: f, lifts: lifts, use: use, prior: f.Prior(), at: append([]float64{0}, w...)}
	for range 50 {
		if s.step() < 1e-8 {
			break
		}
	}
	return s.at[1:]
}

// A stacking is the search for the weights. at holds the shift, then the weights.
type stacking struct {
	f     *evaluate.Frame
	lifts [][]float64
	use   []bool
	prior float64
	at    []float64
}

// step moves the point by Newton's method and returns by how much. Weights that
// would fall below 0 are held there, and the others solved for again.
func (s *stacking) step() float64 {
	gradient, hessian := s.derivatives()
	n := len(s.at)
	held := make([]bool, n)
	for j := 1; j < n; j++ {
		held[j] = s.at[j] == 0 && gradient[j] <= 0
	}
	for {
		move := solve(hessian, gradient, held)
		worst := 0
		for j := 1; j < n; j++ {
			if !held[j] && s.at[j]+move[j] < 0 && (worst == 0 || s.at[j]+move[j] < s.at[worst]+move[worst]) {
				worst = j
			}
		}
		if worst > 0 && s.at[worst] == 0 {
			held[worst] = true
			continue
		}
		factor := 1.0
		if worst > 0 { // as far as the first border
			for j := 1; j < n; j++ {
				if s.at[j]+factor*move[j] < 0 {
					factor = -s.at[j] / move[j]
				}
			}
		}
		moved := 0.0
		for j := range s.at {
			before := s.at[j]
			s.at[j] += factor * max(-1, min(1, move[j]))
			if j > 0 && s.at[j] < 1e-12 {
				s.at[j] = 0
			}
			moved = max(moved, math.Abs(s.at[j]-before))
		}
		return moved
	}
}

// derivatives returns the gradient of the log posterior and its negative Hessian.
func (s *stacking) derivatives() ([]float64, *mat.SymDense) {
	n := len(s.at)
	gradient, h := make([]float64, n), mat.NewSymDense(n, nil)
	x := make([]float64, n)
	x[0] = 1
	for i, customer := range s.f.Customer {
		if s.use != nil && !s.use[i] {
			continue
		}
		eta := s.prior + s.at[0]
		for j, l := range s.lifts {
			x[j+1] = l[i]
			eta += s.at[j+1] * l[i]
		}
		p := 1 / (1 + math.Exp(-eta))
		r, c := -p, s.f.Weights[i]*p*(1-p)
		if customer {
			r++
		}
		for j := range x {
			gradient[j] += s.f.Weights[i] * r * x[j]
			for k := j; k < n; k++ {
				h.SetSym(j, k, h.At(j, k)+c*x[j]*x[k])
			}
		}
	}
	share := 1 / float64(n-1)
	for j := 1; j < n; j++ {
		gradient[j] -= (s.at[j] - share) / (doubt * doubt)
		h.SetSym(j, j, h.At(j, j)+1/(doubt*doubt))
	}
	return gradient, h
}

// solve returns the step that hessian × step = gradient for what is not held,
// and 0 for what is.
func solve(hessian *mat.SymDense, gradient []float64, held []bool) []float64 {
	var free []int
	for j, h := range held {
		if !h {
			free = append(free, j)
		}
	}
	a, b := mat.NewSymDense(len(free), nil), mat.NewVecDense(len(free), nil)
	for p, j := range free {
		b.SetVec(p, gradient[j])
		for q, k := range free[p:] {
			a.SetSym(p, p+q, hessian.At(j, k))
		}
	}
	step := make([]float64, len(held))
	var factor mat.Cholesky
	var x mat.VecDense
	if !factor.Factorize(a) || factor.SolveVecTo(&x, b) != nil { // flat: go uphill
		for _, j := range free {
			step[j] = gradient[j] / max(hessian.At(j, j), 1e-12)
		}
		return step
	}
	for p, j := range free {
		step[j] = x.AtVec(p)
	}
	return step
}

// blended returns the scores of a plan out of fold. The weights of a fold are
// found on the other folds: choosing them is part of what is measured.
func blended(f *evaluate.Frame, scores []*evaluate.OutOfFold, p plan) *evaluate.OutOfFold {
	if len(p.members) == 1 {
		return scores[p.members[0]]
	}
	first := scores[p.members[0]]
	out := &evaluate.OutOfFold{Fold: first.Fold}
	for repeat, fold := range first.Fold {
		lifts := make([][]float64, len(p.members))
		for j, m := range p.members {
			lifts[j] = scores[m].Score[repeat]
		}
		sum := make([]float64, len(fold))
		for k := range uint8(evaluate.Folds) {
			for j, w := range without(f, lifts, fold, k) {
				for i, x := range fold {
					if x == k {
						sum[i] += w * lifts[j][i]
					}
				}
			}
		}
		out.Score = append(out.Score, sum)
	}
	return out
}

// without returns the weights of members whose lifts are given, found on the
// rows outside of fold k.
func without(f *evaluate.Frame, lifts [][]float64, fold []uint8, k uint8) []float64 {
	use := make([]bool, len(fold))
	for i, x := range fold {
		use[i] = x != k
	}
	return stack(f, lifts, use)
}

// weights returns the weights of a plan's members, from all folds.
func (p plan) weights(f *evaluate.Frame, scores []*evaluate.OutOfFold) []float64 {
	lifts := make([][]float64, len(p.members))
	for j, m := range p.members {
		lifts[j] = scores[m].Mean()
	}
	return stack(f, lifts, nil)
}
