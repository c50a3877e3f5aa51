package model

import (
	"math"
	"slices"
)

// SetEffects stores what every feature of m adds to the accounts of scores: its
// mean absolute points over the pool and, where m has trees, its mean by slot
// over all accounts. w has a weight an account; scores must be by s and are
// those of its last batch.
//
// The effect of an item is what having it changes: the mean of the accounts
// that have it less that of the known ones that lack it, for the part the trees
// add; the table's part is exact.
func (m *Model) SetEffects(s *Scorer, scores *Scores, customer []bool, w []float64) {
	for k := range m.Terms {
		t := &m.Terms[k]
		var sum, weight float64
		for i, c := range scores.Contributions[k] {
			if !customer[i] && scores.Known[i] {
				sum += w[i] * math.Abs(float64(c))
				weight += w[i]
			}
		}
		t.MeanAbsolute = sum / max(weight, 1e-300) / Micro
		t.Effect = nil
		if len(m.Trees) > 0 {
			t.Effect = t.effect(s, k, scores, w)
		}
	}
}

// effect returns the mean contribution of feature k by slot; a slot without
// accounts has the table's points.
func (t *Term) effect(s *Scorer, k int, scores *Scores, w []float64) []int32 {
	sum, weight := make([]float64, t.Slots()), make([]float64, t.Slots())
	c := &s.columns[k]
	for i, code := range c.Codes[:scores.Rows] {
		v := float64(scores.Contributions[k][i])
		if t.IsSet() {
			v -= float64(t.tablePoints(c.Items[c.Offsets[i]:c.Offsets[i+1]], code, s.most[k]))
		}
		sum[code] += w[i] * v
		weight[code] += w[i]
		if !t.IsSet() {
			continue
		}
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			sum[2+int(item)] += w[i] * v
			weight[2+int(item)] += w[i]
		}
	}
	out := slices.Clone(t.MicroPoints)
	for slot := range out {
		if weight[slot] == 0 {
			continue
		}
		mean := sum[slot] / weight[slot]
		if !t.IsSet() {
			out[slot] = int32(math.Round(mean))
			continue
		}
		if slot >= 2 {
			lack := 0.0
			if rest := weight[1] - weight[slot]; rest > 0 {
				lack = (sum[1] - sum[slot]) / rest
			}
			mean -= lack
		}
		out[slot] = int32(max(-math.MaxInt32, min(math.MaxInt32, math.Round(mean+float64(t.MicroPoints[slot])))))
	}
	return out
}

// tablePoints returns what the table gives a set.
func (t *Term) tablePoints(items []uint16, code uint8, most int64) int64 {
	sum := int64(t.MicroPoints[code])
	for _, item := range items {
		sum += int64(t.MicroPoints[2+int(item)])
	}
	return max(-most, min(most, sum))
}

// Importance returns the mean absolute points that the feature adds to or takes
// from an account of the pool. Of a model without that figure, as formats before
// 2 are, it is that of the bins; for a set, of its items and of being unknown, as
// if they came alone.
func (t *Term) Importance() float64 {
	if t.MeanAbsolute > 0 {
		return t.MeanAbsolute
	}
	total := 0
	for slot, n := range t.Pool {
		if !t.IsSet() || slot < 2 {
			total += n
		}
	}
	if total == 0 {
		return 0
	}
	var sum float64
	for slot, n := range t.Pool {
		if t.IsSet() && slot == 1 {
			continue // the constant that centres the items
		}
		sum += float64(n) / float64(total) * math.Abs(float64(t.MicroPoints[slot])) / Micro
	}
	return sum
}
