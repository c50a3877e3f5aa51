package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// Folds is the number of folds of cross-validation.
const Folds = 5

// Overlap is by how much an interval of a score out of fold widens for what
// learning from overlapping rows changes: √(1 + J·n₂/n₁) of J folds that test n₂
// rows and learn from n₁, which is 1.5 (Nadeau and Bengio, "Inference for the
// generalization error", Machine Learning 52, 2003).
var Overlap = math.Sqrt(1 + Folds/(Folds-1.0))

// Repeats returns how often cross-validation is repeated with other folds: the
// fewer the customers, the more the result depends on the draw.
func Repeats(customers int) int {
	switch {
	case customers < 300:
		return 3
	case customers < 500:
		return 2
	default:
		return 1
	}
}

// Deal returns the fold of every row for one repeat: accounts of one group
// share a fold, and customers and pool are dealt evenly. It depends on keys and
// seed alone, not on the order of the rows.
func (f *Frame) Deal(repeat int) []uint8 {
	type group struct {
		hash     uint64
		key      uint64
		customer bool
	}
	seen := map[uint64]int{}
	var groups []group
	for i, k := range f.Keys {
		at, ok := seen[k]
		if !ok {
			at = len(groups)
			seen[k] = at
			groups = append(groups, group{hash: model.Mix(k, f.Seed+uint64(repeat)), key: k})
		}
		groups[at].customer = groups[at].customer || f.Customer[i]
	}
	slices.SortFunc(groups, func(a, b group) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return 0
	})
	fold := make(map[uint64]uint8, len(groups))
	var dealt [2]int
	for _, g := range groups {
		class := 0
		if g.customer {
			class = 1
		}
		fold[g.key] = uint8(dealt[class] % Folds)
		dealt[class]++
	}
	out := make([]uint8, len(f.Keys))
	for i, k := range f.Keys {
		out[i] = fold[k]
	}
	return out
}

// OutOfFold holds a score of every row by models that have not seen it.
type OutOfFold struct {
	Fold  [][]uint8   // by repeat and row
	Score [][]float64 // by repeat and row: log lift, or margin after Margins

	Fits []*model.Fit // that scored the folds of the first repeat; nil: not kept
}

// Mean returns the average over repeats, by row.
func (o *OutOfFold) Mean() []float64 {
	mean := make([]float64, len(o.Score[0]))
	for _, s := range o.Score {
		for i, v := range s {
			mean[i] += v
		}
	}
	for i := range mean {
		mean[i] /= float64(len(o.Score))
	}
	return mean
}

// Margins returns the scores as calibrated margins, whole micro-points on the
// scale of a model with these base points.
func (o *OutOfFold) Margins(c model.Calibration, base float64) *OutOfFold {
	out := &OutOfFold{Fold: o.Fold}
	for _, lifts := range o.Score {
		margins := make([]float64, len(lifts))
		for i, l := range lifts {
			margins[i] = math.Round((50 + model.PointsPerE*(c.Shift+c.Slope*l) - base) * model.Micro)
		}
		out.Score = append(out.Score, margins)
	}
	return out
}

// CrossValidate scores every row out of fold by every learner, repeats times, on
// the same folds. progress, if not nil, is called after each fold.
func (f *Frame) CrossValidate(ctx context.Context, ls []model.Learner, repeats int, progress func()) ([]*OutOfFold, error) {
	out := make([]*OutOfFold, len(ls))
	for i := range out {
		out[i] = &OutOfFold{}
	}
	for repeat := range repeats {
		fold := f.Deal(repeat)
		lifts := make([][]float64, len(ls))
		for i := range lifts {
			lifts[i] = make([]float64, len(fold))
		}
		fits := make([][]*model.Fit, Folds)
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(2) // learners use all cores by themselves; two hide their serial parts
		for k := range uint8(Folds) {
			g.Go(func() error {
				train, test := Split(fold, k)
				var err error
				if fits[k], err = f.apart(ctx, ls, train, test, lifts); err != nil {
					return err
				}
				if progress != nil {
					progress()
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return nil, err
		}
		for i := range out {
			out[i].Fold, out[i].Score = append(out[i].Fold, fold), append(out[i].Score, lifts[i])
			for k := range fits {
				if repeat == 0 {
					out[i].Fits = append(out[i].Fits, fits[k][i])
				}
			}
		}
	}
	return out, nil
}

// Score cross-validates one learner.
func (f *Frame) Score(ctx context.Context, l model.Learner, repeats int) (*OutOfFold, error) {
	out, err := f.CrossValidate(ctx, []model.Learner{l}, repeats, nil)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// Split returns the rows outside and inside of fold k.
func Split(fold []uint8, k uint8) (train, test []int32) {
	for i, x := range fold {
		if x == k {
			test = append(test, int32(i))
		} else {
			train = append(train, int32(i))
		}
	}
	return train, test
}

// Apart fits every learner on some rows and stores in dst, by learner and row of
// the frame, the log lifts of others.
func (f *Frame) Apart(ctx context.Context, ls []model.Learner, train, test []int32, dst [][]float64) error {
	_, err := f.apart(ctx, ls, train, test, dst)
	return err
}

// apart does what Apart does, and returns the fits.
func (f *Frame) apart(ctx context.Context, ls []model.Learner, train, test []int32, dst [][]float64) ([]*model.Fit, error) {
	d, err := f.Data(train)
	if err != nil {
		return nil, err
	}
	fits := make([]*model.Fit, len(ls))
	others := bin.Bin(d.Table.Binnings, f.Batch, f.AsOf).Select(test)
	customers, pool := d.Totals()
	prior := math.Log(customers / pool)
	for i, l := range ls {
		if fits[i], err = l.Fit(ctx, *d); err != nil {
			return nil, fmt.Errorf("%s: %w", l.Name(), err)
		}
		for j, m := range fits[i].Margins(others) {
			dst[i][test[j]] = m - prior
		}
	}
	return fits, nil
}
