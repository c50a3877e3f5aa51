package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// An Importance says what one feature does for the ranking, in three ways that
// answer three questions: how far it moves an account, how much of what the model
// knows comes through it, and what would be lost without its values.
type Importance struct {
	Feature      string            `json:"feature"`
	Pillar       features.Pillar   `json:"pillar"`
	MeanAbsolute float64           `json:"mean_absolute"`   // points
	Gain         *metrics.Interval `json:"gain"`            // nats a customer; null: nothing was scored out of fold
	GainShare    *float64          `json:"gain_share"`      // of the sum over the features
	CaptureDrop  *metrics.Interval `json:"capture_10_drop"` // null as Gain
}

// permutations is how often the cells of a feature are shuffled.
const permutations = 2

// permutedPool is the most pool accounts among which cells are shuffled: the
// error of a capture is that of the customers.
const permutedPool = 4000

// permuteSeed keeps the shuffles apart from other draws.
const permuteSeed = 0x7065726d

// A folded is one fold of the first repeat: the chosen plan as fitted without it.
type folded struct {
	train, test []int32
	data        *model.Data // trained on
	binnings    []bin.Binning
	fit         *model.Fit
	prior       float64 // what turns log odds into log lift
}

// folds returns the fits of a plan without each fold of the first repeat, with
// the weights found without it.
func (x *field) folds(p plan) ([]folded, error) {
	fold := x.scores[p.members[0]].Fold[0]
	lifts := make([][]float64, len(p.members))
	for j, m := range p.members {
		lifts[j] = x.scores[m].Score[0]
	}
	weights, err := without(x.f, lifts, fold)
	if err != nil {
		return nil, err
	}
	out := make([]folded, evaluate.Folds)
	for k := range out {
		o, weights := &out[k], weights[k]
		o.train, o.test = evaluate.Split(fold, uint8(k))
		if o.data, err = x.f.Data(o.train); err != nil {
			return nil, err
		}
		o.binnings = o.data.Table.Binnings
		fits := make([]*model.Fit, len(p.members))
		var total float64
		for j, m := range p.members {
			fits[j] = x.scores[m].Fits[k]
			total += weights[j]
		}
		customers, pool := o.data.Totals()
		o.fit, o.prior = model.Blend(fits, weights), math.Log(customers/pool)
		o.fit.Intercept += (1 - total) * o.prior // log lifts are added, not log odds
	}
	return out, nil
}

// understand says what drives the ranking of a plan, from the fits that
// cross-validation made: gain and permutation of accounts that they had not seen,
// and how the features' shapes differ between them, which becomes the spread of
// m, the plan fitted on all accounts.
func (x *field) understand(ctx context.Context, m *model.Model, p plan, c model.Calibration) ([]Importance, error) {
	folds, err := x.folds(p)
	if err != nil {
		return nil, fmt.Errorf("train: importance: %w", err)
	}
	out := make([]Importance, len(m.Terms))
	for k := range m.Terms {
		out[k] = Importance{Feature: m.Terms[k].Feature, Pillar: m.Terms[k].Pillar}
	}
	if err := x.apart(ctx, m, folds, c, out); err != nil {
		return nil, fmt.Errorf("train: importance: %w", err)
	}
	if err := x.permute(ctx, folds, out); err != nil {
		return nil, fmt.Errorf("train: importance: %w", err)
	}
	return out, nil
}

// apart scores every account by the model of each fold, for the gain and for the
// spread of the shapes.
func (x *field) apart(ctx context.Context, m *model.Model, folds []folded, c model.Calibration, out []Importance) error {
	gains, shapes := newGains(x.f, len(m.Terms)), newShapes(x.f, m, len(folds))
	var adding sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0)) // the scores of a fold take memory
	for i := range folds {
		fold := &folds[i]
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			fm := &model.Model{Specs: x.f.Specs}
			if err := fm.SetFit(fold.fit, fold.data, c); err != nil {
				return err
			}
			fold.data = nil // the largest part
			scorer, scores := model.NewScorer(fm, x.f.AsOf), &model.Scores{}
			if err := scorer.Score(scores, x.f.Batch); err != nil {
				return err
			}
			fm.SetEffects(scorer, scores, x.f.Customer, x.f.Weights)
			adding.Lock()
			defer adding.Unlock()
			gains.add(fm, scores, fold.test)
			shapes.add(i, fm, scores)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	gains.set(out)
	shapes.set(m)
	return nil
}

// permute sets the capture that is lost when the cells of a feature are shuffled
// among the accounts of a fold and scored by the fit that has not seen them, the
// mean of several shuffles. The interval is that of the customers, in their
// groups: customer by customer, how often they leave the list less how often they
// enter it.
//
// Breiman, "Random forests", Machine Learning 45 (2001), section 10, for the
// shuffling; Fisher, Rudin and Dominici, "All models are wrong, but many are
// useful", JMLR 20 (2019), for reading it as what the model relies on.
func (x *field) permute(ctx context.Context, folds []folded, out []Importance) error {
	s := x.sampled(folds)
	before, err := s.captured(s.lifts)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k := range out {
		g.Go(func() error {
			lost := make([]float64, len(s.customer))
			for r, lifts := range s.shuffled(k, x.f.Seed) {
				if err := ctx.Err(); err != nil {
					return err
				}
				after, err := s.captured(lifts)
				if err != nil {
					return fmt.Errorf("shuffle %d of %s: %w", r, out[k].Feature, err)
				}
				for i := range lost {
					lost[i] += (before[i] - after[i]) / permutations
				}
			}
			drop := clustered(lost, s.customer, s.weights, s.keys, true)
			out[k].CaptureDrop = &drop
			return nil
		})
	}
	return g.Wait()
}

// A shuffling holds the accounts among which cells are shuffled, fold by fold.
type shuffling struct {
	folds    []shuffledFold
	lifts    []float64 // by account, unshuffled
	customer []bool
	weights  []float64
	keys     []uint64
}

type shuffledFold struct {
	table *bin.Table
	fit   *model.Fit
	from  int // number of its first account
}

// sampled returns the accounts of all folds, of the pool at most permutedPool.
func (x *field) sampled(folds []folded) *shuffling {
	_, pool := x.f.Totals()
	share := permutedPool / float64(max(pool, 1))
	s := &shuffling{}
	for i := range folds {
		f := &folds[i]
		var rows []int32
		for _, r := range f.test {
			if x.f.Customer[r] || share >= 1 || model.Uniform(x.f.Keys[r], x.f.Seed+permuteSeed) < share {
				rows = append(rows, r)
				s.customer, s.weights, s.keys = append(s.customer, x.f.Customer[r]), append(s.weights, x.f.Weights[r]), append(s.keys, x.f.Keys[r])
			}
		}
		table := bin.Bin(f.binnings, x.f.Batch, x.f.AsOf).Select(rows)
		s.folds = append(s.folds, shuffledFold{table, f.fit, len(s.lifts)})
		for _, margin := range f.fit.Margins(table) {
			s.lifts = append(s.lifts, margin-f.prior)
		}
	}
	return s
}

// captured returns who is in the best tenth of the pool.
func (s *shuffling) captured(lifts []float64) ([]float64, error) {
	return metrics.Captured(lifts, s.customer, s.weights, 0.1)
}

// shuffled returns the lifts after each shuffle of the cells of feature k.
func (s *shuffling) shuffled(k int, seed uint64) [][]float64 {
	out := make([][]float64, permutations)
	for r := range out {
		out[r] = make([]float64, len(s.lifts))
		copy(out[r], s.lifts)
	}
	for number, f := range s.folds {
		if f.table.Rows == 0 {
			continue
		}
		part := f.fit.Part(f.table, k)
		was := part.Margins(&f.table.Columns[k])
		alone := &bin.Table{Rows: f.table.Rows, Binnings: f.table.Binnings[k : k+1], Columns: f.table.Columns[k : k+1]}
		for r := range out {
			rng := rand.New(rand.NewPCG(model.Mix(uint64(k), seed+permuteSeed), model.Mix(uint64(r), uint64(number)))) // near states would be alike
			order := make([]int32, f.table.Rows)
			for i, to := range rng.Perm(len(order)) {
				order[i] = int32(to)
			}
			for i, v := range part.Margins(&alone.Select(order).Columns[0]) {
				out[r][f.from+i] += v - was[i]
			}
		}
	}
	return out
}
