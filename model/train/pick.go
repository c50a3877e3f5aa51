package train

import "github.com/icpfit/icpfit/model/metrics"

// tie is the number of standard errors of a paired difference below which a
// table counts as no worse than the best, and is taken: people can read it.
// beyond is by how many a part of a blend must be better than the blend to be
// taken: the AUC of the best of several is too high by luck, and that of an
// average errs less than those of its parts.
const tie, beyond = 0.1, 1.0

// A standing is how the plans compare on some rows.
type standing struct {
	x     *field
	auc   []float64 // by plan
	wider float64   // by how much a difference errs more than on all rows
}

// all compares the plans on all rows.
func (x *field) all() *standing {
	s := &standing{x: x, wider: 1}
	for i := range x.plans {
		s.auc = append(s.auc, x.measured[i].summary.AUC)
	}
	return s
}

// pick returns the number of the plan to use.
func (s *standing) pick(prefer string) int {
	best := s.best(func(plan) bool { return true })
	if prefer != "table" {
		return best
	}
	table := s.best(func(p plan) bool { return p.kind == Table })
	if table < 0 || s.less(table, best).High < 0 {
		return best
	}
	return table
}

// best returns the plan to use of some; -1: none. It is the one of highest AUC,
// or the largest blend that has it as a part and is not clearly worse, or the
// simplest table that ties with that.
func (s *standing) best(of func(plan) bool) int {
	best, plans := -1, s.x.plans
	for i, p := range plans {
		if of(p) && (best < 0 || s.auc[i] > s.auc[best]) {
			best = i
		}
	}
	for i := len(plans) - 1; i >= 0; i-- { // the largest first
		if of(plans[i]) && plans[i].contains(plans[best]) && s.behind(i, best) <= beyond {
			best = i
			break
		}
	}
	for i, p := range plans { // the simplest first
		if of(p) && p.kind == Table && s.behind(i, best) <= tie {
			return i
		}
	}
	return best
}

// behind returns by how many standard errors of their paired difference plan i
// has a lower AUC than plan best.
func (s *standing) behind(i, best int) float64 {
	less := s.less(i, best)
	if less.Value >= 0 {
		return 0
	}
	return -less.Value * 3.92 / (less.High - less.Low)
}

// less returns the interval of the AUC of plan i less that of plan best.
func (s *standing) less(i, best int) metrics.Interval {
	all := s.x.paired(&s.x.measured[i], best, 0, areaUnder)
	v := s.auc[i] - s.auc[best]
	return metrics.Interval{Value: v, Low: v + (all.Low-all.Value)*s.wider, High: v + (all.High-all.Value)*s.wider}
}
