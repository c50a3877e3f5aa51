package train

import (
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// nested returns scores out of fold of choosing and learning together, where plan
// chosen is what all rows choose. The rows of a fold are ranked by the plan that
// the rows of the other folds choose: the best of several plans looks better than
// it is to the rows that choose it. Log lifts of two plans may be of different
// spread, so the fold keeps the values of the chosen plan, put in the other's order.
//
// What is compared on the other folds was learned from all folds but the one
// compared. Learning anew inside of each would take Folds times as long.
func (x *field) nested(chosen int, prefer string) (*evaluate.OutOfFold, error) {
	base := x.measured[chosen].scores
	if len(x.plans) == 1 {
		return base, nil
	}
	means := make([][]float64, len(x.plans))
	for i := range means {
		means[i] = x.measured[i].scores.Mean()
	}
	out := &evaluate.OutOfFold{Fold: base.Fold}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for repeat, fold := range base.Fold {
		scores := slices.Clone(base.Score[repeat])
		out.Score = append(out.Score, scores)
		for k := range uint8(evaluate.Folds) {
			g.Go(func() error {
				s, err := x.outside(means, fold, k)
				if err != nil {
					return fmt.Errorf("train: choice without fold %d: %w", k, err)
				}
				if at := s.pick(prefer); at != chosen {
					_, rows := evaluate.Split(fold, k)
					reorder(scores, x.measured[at].scores.Score[repeat], rows)
				}
				return nil
			})
		}
	}
	return out, g.Wait()
}

// outside compares the plans on the rows outside of fold k. The error of a
// difference is taken from all rows, for as many fewer.
func (x *field) outside(means [][]float64, fold []uint8, k uint8) (*standing, error) {
	rows, _ := evaluate.Split(fold, k)
	customer, weights := make([]bool, len(rows)), make([]float64, len(rows))
	for i, r := range rows {
		customer[i], weights[i] = x.f.Customer[r], x.f.Weights[r]
	}
	s := &standing{x: x, auc: make([]float64, len(means)), wider: math.Sqrt(float64(evaluate.Folds) / (evaluate.Folds - 1))}
	scores := make([]float64, len(rows))
	for p, mean := range means {
		for i, r := range rows {
			scores[i] = mean[r]
		}
		r, err := metrics.Rank(scores, customer, weights, nil)
		if err != nil {
			return nil, err
		}
		s.auc[p] = r.Summarise(nil).AUC
	}
	return s, nil
}

// reorder puts the values of some rows in the order that by has there. Rows
// tied by it share the mean of their values.
func reorder(values, by []float64, rows []int32) {
	order := slices.Clone(rows)
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case by[a] < by[b]:
			return -1
		case by[a] > by[b]:
			return 1
		}
		return int(a - b)
	})
	sorted := make([]float64, len(rows))
	for i, r := range rows {
		sorted[i] = values[r]
	}
	slices.Sort(sorted)
	for i := 0; i < len(order); {
		j, sum := i, 0.0
		for ; j < len(order) && by[order[j]] == by[order[i]]; j++ {
			sum += sorted[j]
		}
		for _, r := range order[i:j] {
			values[r] = sum / float64(j-i)
		}
		i = j
	}
}
