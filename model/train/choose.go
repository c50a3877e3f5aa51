package train

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// choose cross-validates the candidates on the same folds and returns the one
// with the lowest log loss, which is what ranks by density ratio when it is
// least, and its scores. Candidates come simplest first, so a tie is the simpler's.
func choose(ctx context.Context, f *evaluate.Frame, candidates []model.Learner, repeats int, e *Evaluation, progress func(done, of int)) (model.Learner, *evaluate.OutOfFold, error) {
	var scores []*evaluate.OutOfFold
	var losses [][]float64
	best := 0
	tick := counter(len(candidates)*repeats*evaluate.Folds, progress)
	for i, l := range candidates {
		s, err := f.CrossValidate(ctx, l, repeats, tick)
		if err != nil {
			return nil, nil, fmt.Errorf("train: %s: %w", l.Name(), err)
		}
		mean := s.Mean()
		loss := f.LogLosses(mean)
		c, err := candidate(f, l.Name(), mean, loss)
		if err != nil {
			return nil, nil, err
		}
		scores, losses = append(scores, s), append(losses, loss)
		e.Candidates = append(e.Candidates, c)
		if c.LogLoss < e.Candidates[best].LogLoss {
			best = i
		}
	}
	for i := range e.Candidates {
		e.Candidates[i].Chosen = i == best
		e.Candidates[i].Apart = apart(losses[i], losses[best], f.Weights)
	}
	return candidates[best], scores[best], nil
}

// counter returns a function that reports one more step done, one call at a
// time; nil without anybody to report to.
func counter(of int, progress func(done, of int)) func() {
	if progress == nil {
		return nil
	}
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		progress(done, of)
	}
}

// candidate measures a learner briefly: 200 replicates tell candidates apart as
// well as 1,000 do.
func candidate(f *evaluate.Frame, name string, scores, losses []float64) (Candidate, error) {
	r, err := metrics.Rank(scores, f.Customer, f.Weights, f.Keys)
	if err != nil {
		return Candidate{}, fmt.Errorf("train: %s: %w", name, err)
	}
	value := r.Summarise(nil)
	replicates := r.Bootstrap(200, nil, f.Seed)
	auc, capture := make([]float64, len(replicates)), make([]float64, len(replicates))
	for i := range replicates {
		auc[i], capture[i] = replicates[i].AUC, replicates[i].Capture[3]
	}
	var sum, weight float64
	for i, l := range losses {
		sum += f.Weights[i] * l
		weight += f.Weights[i]
	}
	return Candidate{Learner: name, AUC: metrics.Percentile(value.AUC, auc, 1), Capture: metrics.Percentile(value.Capture[3], capture, 1), LogLoss: sum / weight}, nil
}

// apart reports whether the mean difference of paired losses is further from 0
// than 1.96 standard errors.
func apart(a, b, w []float64) bool {
	var sum, weight float64
	for i := range a {
		sum += w[i] * (a[i] - b[i])
		weight += w[i]
	}
	mean := sum / weight
	var squares float64
	for i := range a {
		d := a[i] - b[i] - mean
		squares += w[i] * w[i] * d * d
	}
	return math.Abs(mean) > 1.96*math.Sqrt(squares)/weight
}
