package model

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// A Calibration maps log lift as learned to log lift as observed out of fold:
// observed = Shift + Slope × learned.
type Calibration struct {
	Slope float64 `json:"slope"`
	Shift float64 `json:"shift"`
}

// SetFit gives m the points of a fit of d: calibrated, centred on the pool of
// d, rounded to micro-points. The average pool account stands at the base points.
func (m *Model) SetFit(f *Fit, d *Data, c Calibration) error {
	customers, pool := d.Totals()
	base := f.Intercept - math.Log(customers/pool)
	m.Terms, m.Trees = make([]Term, len(f.Scores)), nil
	for k := range f.Scores {
		mean := f.mean(d, k)
		base += mean
		t, err := f.term(d, k, mean, c.Slope)
		if err != nil {
			return fmt.Errorf("model: feature %q: %w", t.Feature, err)
		}
		m.Terms[k] = t
	}
	for i := range f.Trees {
		t := Tree{f.Trees[i].Nodes, slices.Clone(f.Trees[i].Values)}
		t.Centre(d)
		base += t.Values[0]
		points, err := t.pointTree(c.Slope)
		if err != nil {
			return fmt.Errorf("model: tree %d: %w", i, err)
		}
		m.Trees = append(m.Trees, points)
	}
	m.BasePoints = 50 + PointsPerE*(c.Shift+c.Slope*base)
	return nil
}

// term returns the points of feature k, whose pool mean is given.
func (f *Fit) term(d *Data, k int, mean, slope float64) (Term, error) {
	t := Term{Binning: d.Table.Binnings[k], Provenance: "learned"}
	t.Customers, t.Pool = counts(d, k)
	for slot, s := range f.Scores[k] {
		if !t.IsSet() || slot < 2 {
			s -= mean
		}
		p, err := microPoints(s * slope)
		if err != nil {
			return t, err
		}
		t.MicroPoints = append(t.MicroPoints, p)
		if f.Spread != nil {
			t.Spread = append(t.Spread, int32(math.Round(f.Spread[k][slot]*slope*PointsPerE*Micro)))
		}
	}
	if !d.Learn[k] {
		t.MicroPoints[0] = 0
	}
	return t, nil
}

// microPoints converts natural log lift.
func microPoints(logLift float64) (int32, error) {
	p := math.Round(logLift * PointsPerE * Micro)
	if math.IsNaN(p) || math.Abs(p) > math.MaxInt32 {
		return 0, fmt.Errorf("a score of %v does not fit into points", logLift)
	}
	return int32(p), nil
}

// mean returns the pool's mean contribution of feature k, missing included.
func (f *Fit) mean(d *Data, k int) float64 {
	c, s := &d.Table.Columns[k], f.Scores[k]
	var sum, total float64
	for i, code := range c.Codes {
		if d.Customer[i] {
			continue
		}
		w := d.Weights[i]
		total += w
		sum += w * s[code]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				sum += w * s[2+int(item)]
			}
		}
	}
	return sum / total
}

// counts returns how many customers and pool accounts of d are in each slot.
func counts(d *Data, k int) (customers, pool []int) {
	slots := d.Table.Binnings[k].Slots()
	customers, pool = make([]int, slots), make([]int, slots)
	c := &d.Table.Columns[k]
	for i, code := range c.Codes {
		to := pool
		if d.Customer[i] {
			to = customers
		}
		to[code]++
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				to[2+int(item)]++
			}
		}
	}
	return customers, pool
}

// quantileSteps is the number of steps between the pool quantiles kept in a
// model: percentiles are exact to a tenth of a percent.
const quantileSteps = 1000

// Quantiles returns evenly spaced quantiles of values, from 0 % to 100 %, with
// weights w (nil: ones): the least value v with at least that share of the
// weight at or below v. values is not changed.
func Quantiles(values []int64, w []float64) []int64 {
	if len(values) == 0 {
		return nil
	}
	order := make([]int32, len(values))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	weight := func(i int32) float64 {
		if w == nil {
			return 1
		}
		return w[i]
	}
	var total float64
	for _, i := range order {
		total += weight(i)
	}
	out := make([]int64, 0, quantileSteps+1)
	var below float64
	at := 0
	below = weight(order[0])
	for step := range quantileSteps + 1 {
		want := total * float64(step) / quantileSteps
		for below < want && at < len(order)-1 {
			at++
			below += weight(order[at])
		}
		out = append(out, values[order[at]])
	}
	return out
}

// Percentile returns the position of v among quantiles, 0 to 100: the middle of
// the run of quantiles equal to v, or where v would be.
func Percentile(quantiles []int64, v int64) float64 {
	if len(quantiles) < 2 {
		return 50
	}
	low := firstAtLeast(quantiles, v)
	high := low
	if low < len(quantiles) && quantiles[low] == v {
		high += firstAtLeast(quantiles[low:], v+1)
	}
	if high > low {
		high-- // the run is [low, high]
	} else if low > 0 && low < len(quantiles) {
		return 100 * (float64(low) - 0.5) / float64(len(quantiles)-1)
	} else if low == len(quantiles) {
		return 100
	}
	return 100 * float64(low+high) / 2 / float64(len(quantiles)-1)
}

// firstAtLeast returns the index of the first of sorted values that is at least v.
// It has no branch that depends on a value: one that is guessed wrong half of the
// time costs more than the step.
func firstAtLeast(sorted []int64, v int64) int {
	lo := 0
	for n := len(sorted); n > 0; {
		half := (n + 1) >> 1
		_, below := bits.Sub64(uint64(sorted[lo+half-1])^1<<63, uint64(v)^1<<63, 0) // 1 where that value is below v
		lo += half & -int(below)
		n -= half
	}
	return lo
}
