package train

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A gains collects how much less log loss each feature leaves, out of fold.
//
// The log odds of account i are b + Mᵢ, where Mᵢ = Σₖ cᵢₖ sums the features'
// contributions and b is the average account. Walking from b to b + Mᵢ in a
// straight line, feature k answers for the share cᵢₖ/Mᵢ of what the loss Lᵢ falls:
//
//	gainₖ = Σᵢ wᵢ (cᵢₖ/Mᵢ) (Lᵢ(b) − Lᵢ(b+Mᵢ)) / Σ w of the customers
//
// This is the Aumann–Shapley value [1], for differentiable models known as
// integrated gradients [2]; here the integral has this closed form, for a table
// and for trees alike. The gains of all features sum exactly to what the model
// gains. It is in nats a customer; below 0, the feature misleads.
//
// [1] Aumann and Shapley, Values of Non-Atomic Games (1974).
//
// [2] Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks",
// ICML (2017).
type gains struct {
	f   *evaluate.Frame
	sum [][]float64 // by feature and row
}

func newGains(f *evaluate.Frame, terms int) *gains {
	g := &gains{f: f, sum: make([][]float64, terms)}
	for k := range g.sum {
		g.sum[k] = make([]float64, f.Batch.Rows)
	}
	return g
}

// logOdds turns micro-points into natural log odds.
const logOdds = 1 / (model.PointsPerE * model.Micro)

// add takes the gains of rows, scored by a model that has not seen them.
func (g *gains) add(m *model.Model, s *model.Scores, rows []int32) {
	base := g.f.Prior() + (m.BasePoints-50)/model.PointsPerE
	for _, i := range rows {
		slope := chord(base, float64(s.Margin[i])*logOdds, g.f.Customer[i])
		for k := range g.sum {
			g.sum[k][i] = float64(s.Contributions[k][i]) * logOdds * slope
		}
	}
}

// chord returns (L(b) − L(b+m)) / m of the log loss L of a customer or a pool
// account; where m is next to 0, minus the slope of L.
func chord(b, m float64, customer bool) float64 {
	if math.Abs(m) < 1e-6 {
		p := 1 / (1 + math.Exp(-b))
		if customer {
			return 1 - p
		}
		return -p
	}
	return (logLoss(b, customer) - logLoss(b+m, customer)) / m
}

// logLoss returns the log loss at log odds m.
func logLoss(m float64, customer bool) float64 {
	if customer {
		m = -m
	}
	return max(m, 0) + math.Log1p(math.Exp(-math.Abs(m)))
}

// set stores the gains.
func (g *gains) set(out []Importance) {
	var total float64
	for k := range out {
		gain := clustered(g.sum[k], g.f.Customer, g.f.Weights, g.f.Keys, false)
		out[k].Gain = &gain
		total += gain.Value
	}
	for k := range out {
		share := 0.0
		if total > 0 {
			share = out[k].Gain.Value / total
		}
		out[k].GainShare = &share
	}
}

// clustered returns the weighted sum of v, over customers only if asked, divided
// by the weight of the customers, with its 95 % interval: the normal one, from
// the variance between groups, of customers and of the pool apart.
func clustered(v []float64, customer []bool, w []float64, keys []uint64, only bool) metrics.Interval {
	var sum, weight float64
	type group struct{ sum, weight float64 }
	var index [2]map[uint64]int
	var groups [2][]group // in the order of the rows, so that sums are always the same
	for class := range index {
		index[class] = map[uint64]int{}
	}
	for i := range v {
		class := 0
		if customer[i] {
			class = 1
			weight += w[i]
		} else if only {
			continue
		}
		sum += w[i] * v[i]
		at, ok := index[class][keys[i]]
		if !ok {
			at = len(groups[class])
			index[class][keys[i]] = at
			groups[class] = append(groups[class], group{})
		}
		groups[class][at].sum += w[i] * v[i]
		groups[class][at].weight += w[i]
	}
	mean := sum / weight
	var variance float64
	for _, class := range groups {
		var total, all float64
		for _, g := range class {
			total, all = total+g.sum, all+g.weight
		}
		for _, g := range class { // of a ratio of sums over groups, linearised
			d := g.sum - total/all*g.weight
			variance += d * d
		}
	}
	half := 1.96 * math.Sqrt(variance) / weight
	return metrics.Interval{Value: mean, Low: mean - half, High: mean + half}
}
