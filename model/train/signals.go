package train

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/drift"
	"github.com/icpfit/icpfit/model/evaluate"
)

// halfLife is after how many days a dated signal counts half.
const halfLife = 90

// signals returns the terms by which intent is scored beside the fit: each
// signal's strength is 0 to 1, for a number the share of the pool below its
// bin, for a date its recency, for a flag whether it is set, for a category or
// item 1 where there is any.
func signals(f *evaluate.Frame, specs []features.Spec) []model.Term {
	var terms []model.Term
	all := f.All()
	for _, s := range specs {
		c := f.Batch.Column(s.Name)
		b := bin.Fit(s, c, all, f.AsOf, f.Bins)
		t := model.Term{Binning: b, Provenance: "written"}
		var column bin.Column
		bin.NewApplier(&t.Binning, f.AsOf).Apply(&column, c, f.Batch.Rows)
		t.Customers, t.Pool = slots(f, &t.Binning, &column)
		t.MicroPoints = strength(&t.Binning, t.Pool)
		terms = append(terms, t)
	}
	return terms
}

func slots(f *evaluate.Frame, b *bin.Binning, c *bin.Column) (customers, pool []int) {
	customers, pool = make([]int, b.Slots()), make([]int, b.Slots())
	for i, code := range c.Codes {
		to := pool
		if f.Customer[i] {
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

// strength returns the micro-points, 0 to 1e6, of every slot of a signal.
func strength(b *bin.Binning, pool []int) []int32 {
	points := make([]int32, len(pool))
	known, below := 0, 0
	for _, n := range pool[1:] {
		known += n
	}
	for slot := 1; slot < len(points); slot++ {
		var s float64
		switch {
		case b.Kind == features.Number:
			s = (float64(below) + float64(pool[slot])/2) / float64(max(known, 1))
			below += pool[slot]
		case b.Kind == features.Date:
			age := 0.0
			if slot > 1 {
				age = max(0, b.Edges[slot-2])
			}
			s = math.Exp2(-age / halfLife)
		case b.Kind == features.Flag:
			s = float64(slot - 1)
		case b.IsSet():
			s = float64(min(slot-1, 1)) // one an item
		default:
			s = 1
		}
		points[slot] = int32(math.Round(s * model.Micro))
	}
	return points
}

// setQuantiles scores the frame with m and keeps the pool's quantiles of the
// margin and of each pillar, and what each feature adds.
func setQuantiles(f *evaluate.Frame, m *model.Model) error {
	var s model.Scores
	scorer := model.NewScorer(m, f.AsOf)
	if err := scorer.Score(&s, f.Batch); err != nil {
		return err
	}
	m.SetEffects(scorer, &s, f.Customer, f.Weights)
	var margins []int64
	var weights []float64
	pillars := make([][]int64, len(features.Pillars))
	pillarWeights := make([][]float64, len(features.Pillars))
	for i := range s.Rows {
		if f.Customer[i] || !s.Known[i] {
			continue
		}
		margins, weights = append(margins, s.Margin[i]), append(weights, f.Weights[i])
		for p := range pillars {
			if s.PillarKnown[p][i] > 0 {
				pillars[p], pillarWeights[p] = append(pillars[p], s.Pillars[p][i]), append(pillarWeights[p], f.Weights[i])
			}
		}
	}
	m.Quantiles = model.Quantiles(margins, weights)
	m.PillarQuantiles = map[string][]int64{}
	for p, name := range features.Pillars {
		if len(pillars[p]) > 0 {
			m.PillarQuantiles[string(name)] = model.Quantiles(pillars[p], pillarWeights[p])
		}
	}
	return nil
}

// setExperience keeps what the pool of f looks like to m, which must have its
// quantiles and its cuts.
func setExperience(f *evaluate.Frame, m *model.Model) error {
	var s model.Scores
	scorer := model.NewScorer(m, f.AsOf)
	if err := scorer.Score(&s, f.Batch); err != nil {
		return err
	}
	pool := make([]bool, len(f.Customer))
	for i, customer := range f.Customer {
		pool[i] = !customer
	}
	m.Experience = drift.Experience(m, scorer, &s, f.Batch, f.AsOf, pool)
	return nil
}
