// Package trees learns sums of trees on binned features, of two kinds: boosted
// ones (Learner), each of which corrects those before it, and a forest (Forest),
// whose trees are grown on samples and averaged.
//
// Both grow trees leaf by leaf on histograms [1]: of each leaf the gradients g and
// Hessians h of its rows are summed by code and by item, and the split that saves
// most loss,
//
//	GL²/(HL+λ) + GR²/(HR+λ) - G²/(H+λ)
//
// is made. Gradients are rounded to whole numbers first. Sums of these do not
// depend on order: the trees are the same whatever the order of rows and the
// number of processors, and the sums of a child are those of its parent less its
// sibling's, exactly.
//
// Where missing values may be learned from, they go to the side that saves more.
// Else they have a child of their own, whose value is its parent's (Tree.Centre).
//
//	boosted.go     bags of boosted trees, and how many of them
//	bag.go         one bag
//	forest.go      the forest
//	grow.go        one tree: leaves, their values and bounds
//	split.go       the best split of a leaf
//	part.go        the rows of a leaf to its children
//	histogram.go   sums
//	gradient.go    rounded gradients
//	table.go       rows laid out for all of this
//	walk.go        all rows through all trees
//
// [1] Ke et al., "LightGBM: a highly efficient gradient boosting decision tree",
// NIPS 2017; Chen and Guestrin, "XGBoost", KDD 2016.
package trees

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
)

// A Learner fits boosted trees. It implements model.Learner.
type Learner struct{ Options Options }

// Name returns "trees".
func (Learner) Name() string { return "trees" }

// manyRows is from how many rows on bags run one after another, each on all
// processors: tables in memory are then few.
const manyRows = 200_000

// Fit learns the trees.
func (l Learner) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := l.Options.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	bags, err := l.bags(ctx, &d)
	if err != nil {
		return nil, err
	}
	if err := l.boost(ctx, bags); err != nil {
		return nil, err
	}
	return l.combine(&d, bags), ctx.Err()
}

// bags lays the bags out.
func (l Learner) bags(ctx context.Context, d *model.Data) ([]*bag, error) {
	share := d.PoolShare(l.Options.Pool)
	workers := 1
	if d.Table.Rows >= manyRows || l.Options.Bags == 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if l.Options.Bags == 1 {
		return []*bag{newBag(d, l.Options, nil, -1, share, workers)}, ctx.Err()
	}
	parts := d.Parts(l.Options.Bags)
	bags := make([]*bag, l.Options.Bags)
	parallel(runtime.GOMAXPROCS(0), len(bags), func(i int) {
		bags[i] = newBag(d, l.Options, parts, i, share, workers)
	})
	bags = slices.DeleteFunc(bags, func(b *bag) bool { return b == nil })
	if len(bags) == 0 { // one group holds all customers, or all of the pool
		return nil, fmt.Errorf("trees: without one group: %w", model.ErrOneClass)
	}
	return bags, ctx.Err()
}

// patience is after how many looks without a lower loss boosting stops.
const patience = 6

// boost takes all bags from look to look together.
func (l Learner) boost(ctx context.Context, bags []*bag) error {
	for round := 0; round < l.Options.Rounds; {
		round = min(round+l.Options.Every, l.Options.Rounds)
		g, ctx := errgroup.WithContext(ctx)
		if bags[0].grower.workers > 1 {
			g.SetLimit(1)
		}
		for _, b := range bags {
			g.Go(func() error { return b.run(ctx, round) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if l.Options.Bags > 1 && len(bags[0].losses)-1-bestLook(bags) >= patience {
			return nil
		}
	}
	return nil
}

// bestLook returns the look with the lowest log loss of all that was left out.
func bestLook(bags []*bag) int {
	best, lowest := 0, math.Inf(1)
	for look := range bags[0].losses {
		var loss float64
		for _, b := range bags {
			loss += b.losses[look]
		}
		if loss < lowest {
			best, lowest = look, loss
		}
	}
	return best
}

// combine returns the mean of the bags, each with the trees up to the best look.
func (l Learner) combine(d *model.Data, bags []*bag) *model.Fit {
	rounds := len(bags[0].trees)
	if l.Options.Bags > 1 {
		rounds = min(rounds, (bestLook(bags)+1)*l.Options.Every)
	}
	f := &model.Fit{Scores: zeros(d)}
	n := float64(len(bags))
	for _, b := range bags {
		f.Intercept += b.bias / n
		for _, t := range b.trees[:rounds] {
			for i := range t.Values {
				t.Values[i] /= n
			}
			if len(t.Nodes) == 1 {
				f.Intercept += t.Values[0]
				continue
			}
			f.Trees = append(f.Trees, t)
		}
	}
	if b := bags[0]; len(bags) == 1 && b.rows() == d.Table.Rows { // all was seen, and centred
		margins := make([]float64, d.Table.Rows)
		for i, r := range b.source {
			margins[r] = b.margins[i] - f.Intercept
		}
		f.RecentreOn(d, margins)
		return f
	}
	finish(d, f)
	return f
}

// zeros returns a table of scores for d's features.
func zeros(d *model.Data) [][]float64 {
	scores := make([][]float64, len(d.Table.Binnings))
	for k := range scores {
		scores[k] = make([]float64, d.Table.Binnings[k].Slots())
	}
	return scores
}

// finish centres the trees on all of the pool and moves the intercept to where as
// many customers are expected as there are.
func finish(d *model.Data, f *model.Fit) {
	margins := centre(d, f.Trees, runtime.GOMAXPROCS(0))
	f.RecentreOn(d, margins)
}
