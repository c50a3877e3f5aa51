package train

import (
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// steps is in how many parts a weight is divided: the grid of a blend of four
// has 35 points.
const steps = 4

// heat is the share of the standard error of the AUC by which two blends must
// differ for the better one to count e times as much. Learners of one table err
// alike, so what tells two blends apart is about a quarter of an AUC's error.
const heat = 0.25

// stack returns the weights, at least 0, by which the members' log lifts are
// added. Each member is brought to one spread over the pool, so that an equal
// share is an equal say; the weights are the mean over a grid of shares, each
// counted by exp(AUC / (heat · its standard error)). Where the rows cannot tell
// blends apart that is near equal shares, which are hard to beat; with many
// customers it is the best blend. At last the sum is scaled to log lift by the
// slope that makes who is a customer most likely.
//
// lifts are by member and row; rows that use leaves out (nil: none) do not count.
//
// Weights that may not be negative, on scores out of fold: Breiman, "Stacked
// regressions", Machine Learning 24 (1996). Averages by exponential weights: Yang,
// "Mixing strategies for density estimation", Annals of Statistics 28 (2000).
func stack(f *evaluate.Frame, lifts [][]float64, use []bool) ([]float64, error) {
	if len(lifts) == 1 {
		return []float64{1}, nil
	}
	s := newStacking(f, lifts, use)
	grid := simplex(len(lifts), steps)
	areas := make([]float64, len(grid))
	best := 0.0
	for i, shares := range grid {
		r, err := metrics.Rank(s.sum(shares), s.customer, s.weight, nil)
		if err != nil {
			return nil, err
		}
		areas[i] = r.Summarise(nil).AUC
		best = max(best, areas[i])
	}
	customers, pool := s.rows()
	temperature := heat * metrics.AUCError(best, customers, pool)
	shares := make([]float64, len(lifts))
	var total float64
	for i, point := range grid {
		w := math.Exp((areas[i] - best) / max(temperature, 1e-9))
		total += w
		for m, v := range point {
			shares[m] += w * v
		}
	}
	for m := range shares {
		shares[m] /= total
		if shares[m] < smallest {
			shares[m] = 0
		}
	}
	return s.scale(shares), nil
}

// smallest is the share below which a member is left out: it would cost more than
// it says.
const smallest = 0.02

// A stacking holds the rows that count, by member brought to one spread.
type stacking struct {
	lifts    [][]float64
	spread   []float64
	customer []bool
	weight   []float64
}

func newStacking(f *evaluate.Frame, lifts [][]float64, use []bool) *stacking {
	s := &stacking{lifts: make([][]float64, len(lifts)), spread: make([]float64, len(lifts))}
	for i := range f.Customer {
		if use != nil && !use[i] {
			continue
		}
		s.customer, s.weight = append(s.customer, f.Customer[i]), append(s.weight, f.Weights[i])
		for m, l := range lifts {
			s.lifts[m] = append(s.lifts[m], l[i])
		}
	}
	for m, l := range s.lifts {
		s.spread[m] = s.poolSpread(l)
		for i := range l {
			l[i] /= s.spread[m]
		}
	}
	return s
}

// poolSpread returns the standard deviation over the pool; 1 where there is none.
func (s *stacking) poolSpread(v []float64) float64 {
	var weight, sum, squares float64
	for i, x := range v {
		if !s.customer[i] {
			weight += s.weight[i]
			sum += s.weight[i] * x
		}
	}
	mean := sum / weight
	for i, x := range v {
		if !s.customer[i] {
			squares += s.weight[i] * (x - mean) * (x - mean)
		}
	}
	if !(squares > 1e-18*weight) {
		return 1
	}
	return math.Sqrt(squares / weight)
}

func (s *stacking) rows() (customers, pool int) {
	for _, c := range s.customer {
		if c {
			customers++
		} else {
			pool++
		}
	}
	return customers, pool
}

func (s *stacking) sum(shares []float64) []float64 {
	out := make([]float64, len(s.customer))
	for m, w := range shares {
		if w == 0 {
			continue
		}
		for i, l := range s.lifts[m] {
			out[i] += w * l
		}
	}
	return out
}

// scale returns the weights of the members' own log lifts: the shares by their
// spread, times the slope of the sum. A sum that ranks backwards keeps a slope
// of next to nothing.
func (s *stacking) scale(shares []float64) []float64 {
	slope := max(1e-3, calibrate.Slope(s.sum(shares), s.customer, s.weight))
	out := make([]float64, len(shares))
	for m, v := range shares {
		out[m] = slope * v / s.spread[m]
	}
	return out
}

// simplex returns all ways of dividing parts into n shares, which sum to 1.
func simplex(n, parts int) [][]float64 {
	var out [][]float64
	point := make([]float64, n)
	var divide func(at, left int)
	divide = func(at, left int) {
		if at == n-1 {
			point[at] = float64(left) / float64(parts)
			out = append(out, append([]float64(nil), point...))
			return
		}
		for k := range left + 1 {
			point[at] = float64(k) / float64(parts)
			divide(at+1, left-k)
		}
	}
	divide(0, parts)
	return out
}

// blended returns the scores of a plan out of fold. The weights of a fold are
// found on the other folds: choosing them is part of what is measured.
func blended(f *evaluate.Frame, scores []*evaluate.OutOfFold, p plan) (*evaluate.OutOfFold, error) {
	if len(p.members) == 1 {
		return scores[p.members[0]], nil
	}
	first := scores[p.members[0]]
	out := &evaluate.OutOfFold{Fold: first.Fold}
	for repeat, fold := range first.Fold {
		lifts := make([][]float64, len(p.members))
		for j, m := range p.members {
			lifts[j] = scores[m].Score[repeat]
		}
		sum := make([]float64, len(fold))
		weights, err := without(f, lifts, fold)
		if err != nil {
			return nil, err
		}
		for j := range lifts {
			for i, k := range fold {
				sum[i] += weights[k][j] * lifts[j][i]
			}
		}
		out.Score = append(out.Score, sum)
	}
	return out, nil
}

// without returns, by fold and member, the weights of members whose lifts are
// given, found on the rows outside of the fold.
func without(f *evaluate.Frame, lifts [][]float64, fold []uint8) ([][]float64, error) {
	out := make([][]float64, evaluate.Folds)
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k := range out {
		g.Go(func() (err error) {
			use := make([]bool, len(fold))
			for i, x := range fold {
				use[i] = int(x) != k
			}
			out[k], err = stack(f, lifts, use)
			return err
		})
	}
	return out, g.Wait()
}

// weigh returns the weights of a plan's members, from all folds.
func (p plan) weigh(f *evaluate.Frame, scores []*evaluate.OutOfFold) ([]float64, error) {
	lifts := make([][]float64, len(p.members))
	for j, m := range p.members {
		lifts[j] = scores[m].Mean()
	}
	return stack(f, lifts, nil)
}

// parts returns the learners of a plan whose weight is not 0, with their weights.
func (p plan) parts(members []model.Learner, weights []float64) (ls []model.Learner, w []float64) {
	for j, v := range weights {
		if v > 0 {
			ls, w = append(ls, members[p.members[j]]), append(w, v)
		}
	}
	return ls, w
}
