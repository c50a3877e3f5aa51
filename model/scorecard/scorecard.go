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
	parts := partition(&d, l.Options.Bags)
	share := d.PoolShare(l.Options.Pool)
	bags := make([]*bag, l.Options.Bags)
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
	f := average(bags, bestRound(bags))
	f.Neutralise(&d)
	f.Recentre(&d)
	return f, nil
}

// patience is after how many snapshots without a lower loss boosting stops: the
// parts left out are by then predicted worse and worse.
const patience = 6

// boost takes all bags from snapshot to snapshot together.
func (l Learner) boost(ctx context.Context, bags []*bag) error {
	for round := 0; round < l.Options.Rounds; {
		round = min(round+l.Options.Every, l.Options.Rounds)
		var g errgroup.Group
		for _, b := range bags {
			g.Go(func() error { return b.run(ctx, round) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if len(bags[0].snapshots)-1-bestRound(bags) >= patience {
			return nil
		}
	}
	return nil
}

// partition deals the accounts into n parts of equal numbers of customers and
// of pool accounts. Accounts of one group share a part; a group with a customer
// is dealt as one. The order of rows does not matter: groups are dealt in the
// order of their keys' hashes.
func partition(d *model.Data, n int) []int {
	customer := map[uint64]bool{}
	for i, key := range d.Keys {
		customer[key] = customer[key] || d.Customer[i]
	}
	parts := make([]int, d.Table.Rows)
	seen := map[uint64]int{}
	dealt := [2]int{}
	for _, i := range byKey(d) {
		key := d.Keys[i]
		part, ok := seen[key]
		if !ok {
			class := 0
			if customer[key] {
				class = 1
			}
			part = dealt[class] % n
			dealt[class]++
			seen[key] = part
		}
		parts[i] = part
	}
	return parts
}

// byKey returns the rows ordered by the hash of their key.
func byKey(d *model.Data) []int32 {
	rows := make([]int32, d.Table.Rows)
	hashes := make([]uint64, len(rows))
	for i := range rows {
		rows[i] = int32(i)
		hashes[i] = model.Mix(d.Keys[i], d.Seed)
	}
	slices.SortStableFunc(rows, func(a, b int32) int {
		switch {
		case hashes[a] < hashes[b]:
			return -1
		case hashes[a] > hashes[b]:
			return 1
		}
		return 0
	})
	return rows
}

// bestRound returns the index of the snapshot with the lowest log loss over
// the parts that the bags left out.
func bestRound(bags []*bag) int {
	best, lowest := 0, math.Inf(1)
	for s := range bags[0].snapshots {
		var loss float64
		for _, b := range bags {
			loss += b.snapshots[s].loss
		}
		if loss < lowest {
			best, lowest = s, loss
		}
	}
	return best
}

// average returns the mean of the bags' scores at a snapshot and their
// standard deviations.
func average(bags []*bag, at int) *model.Fit {
	first := bags[0].snapshots[at].scores
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
				v := b.snapshots[at].scores[k][j]
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
