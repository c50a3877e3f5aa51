package scorecard

import (
	"cmp"
	"context"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
)

// A pair is what two features add together that neither adds alone: a table
// over their groups, of features a < b, row by row.
type pair struct {
	a, b  int
	table []float64
}

// candidates is the most features whose pairs are looked at: those whose scores
// vary most over the accounts.
const candidates = 40

// pairLimit returns how many pairs there may be: none below 500 customers, and
// a tenth of the features, at most three, below 2,000.
func (o Options) pairLimit(customers, features int) int {
	switch {
	case customers < few:
		return 0
	case customers < 2000:
		return min(o.Pairs, 3, features/10)
	default:
		return o.Pairs
	}
}

// addPairs boosts pairs on top of the bags' scores and adds those worth their
// place to f. Every bag chooses its own, on its own rows, so that the part it
// left out judges the choice as well. They are kept if that judgement is better
// than without any by more than one standard error.
func (l Learner) addPairs(ctx context.Context, f *model.Fit, d *model.Data, bags []*bag, limit int) error {
	grouped := groupings(f, d)
	if limit == 0 || len(grouped) < 2 {
		return nil
	}
	looks := make([][]float64, len(bags)) // by bag and look: loss on the part left out
	boosts := make([]*pairBoost, len(bags))
	var g errgroup.Group
	for i, b := range bags {
		g.Go(func() (err error) {
			boosts[i] = newPairBoost(b, grouped, limit)
			looks[i], err = boosts[i].run(ctx)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	look := 0
	lowest := math.Inf(1)
	for j := range looks[0] {
		var loss float64
		for i := range looks {
			loss += looks[i][j]
		}
		if loss < lowest {
			look, lowest = j, loss
		}
	}
	if look == 0 || !worth(boosts, look) {
		return nil
	}
	for _, p := range meanPairs(boosts, look, limit) {
		f.Trees = append(f.Trees, p.tree(f, d, grouped[p.a], grouped[p.b]))
	}
	return nil
}

// groupings groups the features that can be in pairs: those of codes, whose
// sign is free, that have a cut.
func groupings(f *model.Fit, d *model.Data) map[int]*grouping {
	type candidate struct {
		k        int
		variance float64
	}
	var found []candidate
	for k, b := range d.Table.Binnings {
		if b.IsSet() || d.Monotone[k] != 0 {
			continue
		}
		var w, sum, squares float64
		for i, code := range d.Table.Columns[k].Codes {
			s := f.Scores[k][code]
			w += d.Weights[i]
			sum += d.Weights[i] * s
			squares += d.Weights[i] * s * s
		}
		found = append(found, candidate{k, squares/w - sum*sum/w/w})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.variance, a.variance) })
	out := map[int]*grouping{}
	for _, c := range found[:min(len(found), candidates)] {
		if g := newGrouping(d, c.k, f.Scores[c.k]); g.n() > 1 {
			out[c.k] = g
		}
	}
	return out
}

// worth reports whether the parts left out are predicted better at a look than
// without pairs, by more than one standard error of the paired difference.
// Accounts of one group are one.
func worth(boosts []*pairBoost, look int) bool {
	byGroup := map[uint64]float64{}
	var order []uint64
	for _, p := range boosts {
		for i, r := range p.bag.left {
			key := p.bag.d.Keys[r]
			if _, ok := byGroup[key]; !ok {
				order = append(order, key)
			}
			byGroup[key] += p.losses[0][i] - p.losses[look][i]
		}
	}
	var sum, squares float64
	for _, key := range order {
		sum += byGroup[key]
		squares += byGroup[key] * byGroup[key]
	}
	return sum > math.Sqrt(squares-sum*sum/float64(len(order)))
}

// meanPairs returns the mean tables of the pairs that more than half of the bags
// chose, the strongest first, at most limit.
func meanPairs(boosts []*pairBoost, look, limit int) []pair {
	var mean []pair
	chosen := map[[2]int]int{} // how often
	at := map[[2]int]int{}     // in mean
	for _, boost := range boosts {
		for j, p := range boost.pairs {
			key := [2]int{p.a, p.b}
			if chosen[key]++; chosen[key] == 1 {
				at[key] = len(mean)
				mean = append(mean, pair{p.a, p.b, make([]float64, len(p.table))})
			}
			for i, v := range boost.tables[look][j] {
				mean[at[key]].table[i] += v / float64(len(boosts))
			}
		}
	}
	mean = slices.DeleteFunc(mean, func(p pair) bool { return 2*chosen[[2]int{p.a, p.b}] <= len(boosts) })
	strength := func(p pair) (s float64) {
		for _, v := range p.table {
			s += v * v
		}
		return s / float64(len(p.table))
	}
	slices.SortStableFunc(mean, func(p, q pair) int {
		return cmp.Or(cmp.Compare(strength(q), strength(p)), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	return mean[:min(limit, len(mean))]
}
