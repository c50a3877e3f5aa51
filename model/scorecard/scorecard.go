package scorecard

import (
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
)

// A Learner fits scorecards. It implements model.Learner.
type Learner struct{ Options Options }

// Name returns "scorecard".
func (Learner) Name() string { return "scorecard" }

// Fit learns the scores. Bags run in parallel; each is sequential, so the
// result does not depend on the number of processors.
func (l Learner) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := l.Options.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	n := l.Options.Bags
	if customers(&d) < few {
		n *= 2
	}
	parts := partition(&d, n)
	share := d.PoolShare(l.Options.Pool)
	bags := make([]*bag, n)
	var g errgroup.Group
	for i := range bags {
		g.Go(func() error {
			bags[i] = newBag(&d, l.Options, parts, share, i)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	bags = slices.DeleteFunc(bags, func(b *bag) bool { return b == nil })
	if len(bags) == 0 { // one group holds all customers, or all of the pool
		return nil, fmt.Errorf("scorecard: without one group: %w", model.ErrOneClass)
	}
	if err := l.boost(ctx, bags); err != nil {
		return nil, err
	}
	f := average(bags)
	f.Neutralise(&d)
	f.Recentre(&d)
	return f, nil
}

// few is below how many groups of customers there are twice the bags: each
// leaves half as many out, and the choice of rounds leans on all of them.
const few = 500

// customers returns the number of groups with a customer.
func customers(d *model.Data) int {
	groups := map[uint64]bool{}
	for i, key := range d.Keys {
		if d.Customer[i] {
			groups[key] = true
		}
	}
	return len(groups)
}

// patience is after how many looks without a lower loss boosting stops: the
// parts left out are by then predicted worse and worse.
const patience = 6

// boost takes all bags from look to look together, and keeps the scores at the
// look where the parts left out are predicted best.
func (l Learner) boost(ctx context.Context, bags []*bag) error {
	lowest, since := math.Inf(1), 0
	losses := make([]float64, len(bags))
	for round := 0; round < l.Options.Rounds && since < patience; since++ {
		round = min(round+l.Options.Every, l.Options.Rounds)
		var g errgroup.Group
		for i, b := range bags {
			g.Go(func() error {
				err := b.run(ctx, round)
				losses[i] = b.lossLeftOut()
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		var loss float64
		for _, x := range losses {
			loss += x
		}
		if loss < lowest {
			lowest, since = loss, -1
			for _, b := range bags {
				b.keep()
			}
		}
	}
	return nil
}

// average returns the mean of the bags' best scores and their standard
// deviations.
func average(bags []*bag) *model.Fit {
	first := bags[0].kept
	f := &model.Fit{Scores: make([][]float64, len(first)), Spread: make([][]float64, len(first))}
	n := float64(len(bags))
	for _, b := range bags {
		f.Intercept += b.bias / n
	}
	for k := range first {
		f.Scores[k] = make([]float64, len(first[k]))
		f.Spread[k] = make([]float64, len(first[k]))
		for j := range first[k] {
			var sum, squares float64
			for _, b := range bags {
				v := b.kept[k][j]
				sum += v
				squares += v * v
			}
			mean := sum / n
			f.Scores[k][j] = mean
			f.Spread[k][j] = math.Sqrt(max(0, squares/n-mean*mean))
		}
	}
	return f
}
