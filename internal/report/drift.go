package report

import (
	"math"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// LeastPSI is the customary limit below which drift does not matter, whatever
// the sample size.
const LeastPSI = 0.10

// drift compares the pool of now with the pool the model was trained on, by
// feature, in the order of the terms. share is each feature's importance.
func drift(m *model.Model, b *base, share []float64) []Drift {
	out := make([]Drift, len(m.Terms))
	for k := range m.Terms {
		t := &m.Terms[k]
		d := Drift{Feature: page.Clean(t.Feature), Importance: share[k]}
		then, now := make([]float64, t.Slots()), make([]float64, t.Slots())
		for slot := range then {
			then[slot], now[slot] = float64(t.Pool[slot]), float64(b.slots[k][slot])
		}
		if !t.IsSet() {
			d.PSI, d.Limit = psi(then, now)
			d.Alarm = d.PSI != nil && *d.PSI > *d.Limit
		}
		shareThen, shareNow := shares(then, t.IsSet()), shares(now, t.IsSet())
		if shareThen != nil {
			d.KnownThen = ptr(1 - shareThen[0])
		}
		if shareNow != nil {
			d.Known = ptr(1 - shareNow[0])
		}
		if shareThen != nil && shareNow != nil {
			d.Points = ptr(shift(t.Shape(), shareThen, shareNow))
			at := largest(shareThen, shareNow, t.IsSet())
			d.ShareThen, d.Share = shareThen[at], shareNow[at]
			d.slot = at
		}
		out[k] = d
	}
	return out
}

func ptr[T any](v T) *T { return &v }

// shares divides counts by the number of accounts: the sum of all slots, of a
// set that of the first two. It is nil where there are none.
func shares(counts []float64, set bool) []float64 {
	of := counts
	if set {
		of = counts[:2]
	}
	var total float64
	for _, n := range of {
		total += n
	}
	if total == 0 {
		return nil
	}
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = n / total
	}
	return out
}

// shift returns by how many points the average account moved: the change of
// each slot's share times its points.
func shift(micro []int32, then, now []float64) float64 {
	var points float64
	for slot, p := range micro {
		points += (now[slot] - then[slot]) * float64(p) / model.Micro
	}
	return points
}

// largest returns the slot whose share changed most; of a set, an item or
// missing rather than known, which mirrors missing.
func largest(then, now []float64, set bool) int {
	best := 0
	for slot := range then {
		if set && slot == 1 {
			continue
		}
		if math.Abs(now[slot]-then[slot]) > math.Abs(now[best]-then[best]) {
			best = slot
		}
	}
	return best
}

// psi returns the population stability index of two histograms and the limit above
// which it is an alarm: the customary 0.10 or, where that is greater, what chance
// alone exceeds once in twenty. Both are nil if a histogram has no rows.
func psi(expected, actual []float64) (value, limit *float64) {
	v, err := metrics.PSI(expected, actual)
	if err != nil {
		return nil, nil
	}
	var n, m float64
	bins := 0
	for i := range expected {
		n, m = n+expected[i], m+actual[i]
		if expected[i] > 0 || actual[i] > 0 {
			bins++
		}
	}
	_, chance := metrics.PSINoise(bins, n, m)
	return &v, ptr(max(LeastPSI, chance))
}
