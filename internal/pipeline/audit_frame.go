package pipeline

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/audit"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/grid"
	"github.com/icpfit/icpfit/model/metrics"
)

// auditReplicates is the number of bootstrap replicates of the intent's AUC.
const auditReplicates = 300

// auditFrame holds the written grid and the intent pillar against the customers,
// as of when they were won, and a sample of the pool.
func (r *Run) auditFrame(ctx context.Context, f *audit.Facts, m *model.Model, accounts, customers *features.Table) error {
	var terms []model.Term
	var scaling *model.Grid
	var written []features.Spec
	if c := r.Project.Config; c.Grid != nil {
		var err error
		if terms, scaling, written, err = grid.New(c.Grid.Mode, criteria(c.Grid), c.Features); err != nil {
			return err
		}
	}
	var specs []features.Spec
	for _, s := range slices.Concat(m.Specs, written) {
		has := func(o features.Spec) bool { return o.Name == s.Name }
		switch {
		case slices.ContainsFunc(specs, has):
		case slices.ContainsFunc(accounts.Specs, has):
			specs = append(specs, s)
		default: // a criterion of a feature that the table does not have yet
			f.GridReason = "features." + s.Name
		}
	}
	s, err := r.frame(ctx, accounts, customers, specs, nil)
	if err != nil {
		return err
	}
	n, pool := s.Totals()
	if n == 0 || pool == 0 {
		return nil
	}
	var learned model.Scores
	if err := model.NewScorer(m, s.AsOf).Score(&learned, s.Batch); err != nil {
		return err
	}
	f.Intent = intentOf(m, &learned, s)
	if terms == nil || f.GridReason != "" {
		return nil
	}
	var scores model.Scores
	if err := model.NewScorer(&model.Model{Terms: terms, Grid: scaling, Specs: written}, s.AsOf).Score(&scores, s.Batch); err != nil {
		return err
	}
	for k := range terms {
		f.Grid = append(f.Grid, criterion(&terms[k], k, &scores, m, &learned, s.Customer))
	}
	return nil
}

// intentOf measures how the intent pillar alone ranks the accounts of which it is
// known; nil where it is not measured.
func intentOf(m *model.Model, scores *model.Scores, s *drawn) *audit.Intent {
	pillar := slices.Index(features.Pillars, features.Intent)
	var margins, weights []float64
	var customer []bool
	var keys []uint64
	out := &audit.Intent{}
	for i := range s.Customer {
		x := m.PillarScore(scores, pillar, i)
		if math.IsNaN(x) {
			continue
		}
		margins, customer, weights, keys = append(margins, x), append(customer, s.Customer[i]), append(weights, s.Weights[i]), append(keys, s.Keys[i])
		if s.Customer[i] {
			out.Customers++
		} else {
			out.Pool++
		}
	}
	ranking, err := metrics.Rank(margins, customer, weights, keys)
	if errors.Is(err, metrics.ErrOneClass) || out.Customers < 2 {
		return nil
	}
	if err != nil {
		panic("pipeline: " + err.Error()) // no score is NaN, and weights are positive
	}
	var drawn []float64
	for _, b := range ranking.Bootstrap(auditReplicates, nil, sampleSeed) {
		drawn = append(drawn, b.AUC)
	}
	out.AUC = metrics.Percentile(ranking.Summarise(nil).AUC, drawn, 1)
	return out
}

// criterion counts customers and pool by whether criterion k gives an account
// more than the pool gets on average.
func criterion(t *model.Term, k int, scores *model.Scores, m *model.Model, learned *model.Scores, customer []bool) audit.Criterion {
	out := audit.Criterion{Feature: t.Feature, Most: most(t)}
	points, unknown := scores.Contributions[k], scores.Unknown[k]
	var sum, known float64
	for i, c := range customer {
		if !c && !unknown[i] {
			sum, known = sum+float64(points[i]), known+1
		}
	}
	at := slices.IndexFunc(m.Terms, func(x model.Term) bool { return x.Feature == t.Feature })
	var given, n [2]float64
	for i, c := range customer {
		if unknown[i] || known == 0 {
			continue
		}
		side := 0
		if float64(points[i]) <= sum/known {
			side = 1
		}
		if c {
			out.Customers[side]++
			continue
		}
		out.Pool[side]++
		if at >= 0 {
			given[side] += float64(learned.Contributions[at][i]) / model.Micro
			n[side]++
		}
	}
	if at >= 0 && n[0] > 0 && n[1] > 0 {
		d := given[0]/n[0] - given[1]/n[1]
		out.Learned = &d
	}
	return out
}

// most returns the points that a term of a written grid can give, of a set those
// of its best item.
func most(t *model.Term) float64 { return float64(slices.Max(t.MicroPoints)) / model.Micro }
