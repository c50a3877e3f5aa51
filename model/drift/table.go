package drift

import (
	"math"

	"github.com/icpfit/icpfit/model/metrics"
)

const (
	// LeastPSI is the customary PSI below which drift does not matter, however sure
	// it is.
	LeastPSI = 0.10

	// Level is the probability that chance alone raises any alarm in a night: with
	// one night in twenty, the usual level, there would be one every third week.
	Level = 0.01

	// leastExpected is how many accounts a cell must let expect in the smaller of
	// two samples. With 5, the usual rule for χ² at its 95 % quantile, PSI passes a
	// quantile of 99.99 % some ten times too often: an empty cell weighs much.
	leastExpected = 20
)

// A Table is one comparison of two histograms over the same cells.
type Table struct {
	PSI     float64 // of the cells
	JS      float64 // Jensen–Shannon distance
	Chance  float64 // PSI that chance passes at Level, shared among all comparisons of the night
	Limit   float64 // max(LeastPSI, Chance)
	JSLimit float64 // √(Limit/8): the distance that goes with that PSI where it is small
	Cells   int     // ≥ 2
	N, M    float64 // accounts then and now
}

// Alarm reports whether the drift is above its limit.
func (t *Table) Alarm() bool { return t != nil && t.PSI > t.Limit }

// Moved reports whether the drift is more than chance does, whether or not it
// matters.
func (t *Table) Moved() bool { return t != nil && t.PSI > t.Chance }

// newTable compares two histograms, whose neighbouring cells are joined as far as
// is needed. It is nil where one has no rows.
func newTable(then, now []float64) *Table {
	then, now = join(then, now)
	psi, err := metrics.PSI(then, now)
	if err != nil {
		return nil
	}
	t := &Table{PSI: psi, Cells: len(then)}
	t.JS, _ = metrics.JensenShannon(then, now) // of the same histograms
	for i := range then {
		t.N, t.M = t.N+then[i], t.M+now[i]
	}
	return t
}

// limit sets the limits, of a comparison that is one of so many.
func (t *Table) limit(of int) {
	t.Chance = metrics.PSILimit(t.Cells, t.N, t.M, Level/float64(max(of, 1)))
	t.Limit = max(LeastPSI, t.Chance)
	t.JSLimit = math.Sqrt(t.Limit / 8)
}

// join adds neighbouring cells together until each lets expect leastExpected
// accounts in the smaller sample, were both of one population; what is left over
// joins the last. Which cells these are depends on their sums alone, so joining
// favours no difference. The arguments are not changed.
func join(then, now []float64) (joinedThen, joinedNow []float64) {
	var n, m float64
	for i := range then {
		n, m = n+then[i], m+now[i]
	}
	least := leastExpected * (n + m) / min(n, m) // of both
	var e, a float64
	for i := range then {
		e, a = e+then[i], a+now[i]
		if e+a >= least {
			joinedThen, joinedNow = append(joinedThen, e), append(joinedNow, a)
			e, a = 0, 0
		}
	}
	if last := len(joinedThen) - 1; last >= 0 {
		joinedThen[last], joinedNow[last] = joinedThen[last]+e, joinedNow[last]+a
		return joinedThen, joinedNow
	}
	return []float64{e}, []float64{a}
}
