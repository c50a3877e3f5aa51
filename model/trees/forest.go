package trees

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"

	"github.com/icpfit/icpfit/model"
)

// A Forest fits averages of trees, each grown on a sample of the accounts and
// split by the best of a few columns drawn for each node. It implements
// model.Learner.
//
// A leaf's value is the share of customers among its accounts. The mean share
// ranks accounts as random forests do [1]; it is a sum over trees, so it needs no
// other form of model. The logarithm of its odds would not be one: the margin is
// instead linear in the mean share, with the intercept and slope that make the
// shares given by the trees that did not see an account most likely.
//
// [1] Breiman, "Random forests", Machine Learning 45 (2001).
type Forest struct{ Options ForestOptions }

// Name returns "forest".
func (Forest) Name() string { return "forest" }

// Fit grows the trees.
func (f Forest) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := f.Options.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	w := f.newWood(&d)
	if err := w.grow(ctx); err != nil {
		return nil, err
	}
	return w.fit(&d), ctx.Err()
}

// A wood is a forest being grown.
type wood struct {
	*table
	o      ForestOptions
	seed   uint64
	base   float64    // share of customers
	factor [2]float64 // of the weights of the pool and of the customers
	few    int        // columns that a split is chosen from

	units  units
	trees  []model.Tree
	unseen [][]int64 // by worker and row: summed shares by trees that have not seen it, in parts of shareUnit
	times  [][]int64 // how many trees those are
}

// shareUnit is the whole of a share: sums of whole numbers do not depend on order.
const shareUnit = 1 << 40

func (f Forest) newWood(d *model.Data) *wood {
	w := &wood{o: f.Options, seed: model.Mix(d.Seed, 1)}
	use, _ := d.SamplePool(d.PoolShare(f.Options.Pool), w.seed)
	var rows [2][]int32
	for i, customer := range d.Customer {
		if customer {
			rows[0] = append(rows[0], int32(i))
		} else if use[i] {
			rows[1] = append(rows[1], int32(i))
		}
	}
	w.table = newTable(d, append(rows[0], rows[1]...), 256)
	w.weigh()
	w.few = w.drawn()
	return w
}

// weigh makes the mean weight of a group 1 in both classes: an account that
// stands for many is still one that was seen.
func (w *wood) weigh() {
	var weight [2]float64
	groups := [2]map[uint64]bool{{}, {}}
	for i, key := range w.keys {
		class := w.class(i)
		weight[class] += w.weights[i]
		groups[class][key] = true
	}
	pool, customers := float64(len(groups[0])), float64(len(groups[1]))
	w.factor = [2]float64{pool / weight[0], customers / weight[1]}
	w.base = customers / (customers + pool)
	w.units = newUnits(customers, pool)
	_, e := math.Frexp(customers + pool)
	w.units.h = math.Ldexp(1, 31-e)
}

// class returns 1 for a customer and 0 for a pool account.
func (w *wood) class(row int) int {
	if row < w.table.customers {
		return 1
	}
	return 0
}

// grow grows all trees, each by itself: its draws depend on its number alone.
func (w *wood) grow(ctx context.Context) error {
	w.trees = make([]model.Tree, w.o.Trees)
	workers := min(runtime.GOMAXPROCS(0), w.o.Trees)
	w.unseen, w.times = make([][]int64, workers), make([][]int64, workers)
	parallel(workers, workers, func(worker int) {
		w.unseen[worker], w.times[worker] = make([]int64, w.rows()), make([]int64, w.rows())
		g := newGrower(w.table, limits{leaves: w.o.Leaves, depth: w.o.Depth, leastHessian: w.o.LeastRows, shrink: w.o.Shrink}, 1)
		for i := worker; i < w.o.Trees && ctx.Err() == nil; i += workers {
			w.trees[i] = w.tree(g, i, worker)
		}
	})
	return ctx.Err()
}

// tree grows one tree and has it judge the rows it has not seen.
func (w *wood) tree(g *grower, number, worker int) model.Tree {
	seed := model.Mix(w.seed, uint64(number)+2)
	g.rows, g.others, g.gh = g.rows[:0], g.others[:0], g.gh[:0]
	for i, key := range w.keys {
		if model.Uniform(key, seed) >= w.o.Rows {
			g.others = append(g.others, int32(i))
			continue
		}
		g.rows = append(g.rows, int32(i))
		g.gh = append(g.gh, w.packed(i))
	}
	order := make([]int32, len(w.columns))
	g.grow(w.units, func(l *leaf) split { return g.draw(l, seed, order, w.few) })
	t := g.finish(1)
	for _, l := range g.leaves {
		share := int64(math.Round(t.Values[l.node] * shareUnit))
		for _, r := range g.others[l.others.from:l.others.to] {
			w.unseen[worker][r] += share
			w.times[worker][r]++
		}
	}
	return t
}

// drawn returns how many columns a split is chosen from, by the options.
func (w *wood) drawn() int {
	var learned float64
	for _, c := range w.columns {
		if w.features[c.feature].learn {
			learned++
		}
	}
	all := float64(len(w.columns))
	return int(math.Round(max(1, w.o.Columns*math.Sqrt(all), w.o.Share*learned)))
}

// packed returns the gradient of the squared error of a row's share, packed: the
// split that lowers it most is the one of Gini's index.
func (w *wood) packed(row int) int64 {
	class := w.class(row)
	h, weight := w.factor[class], w.weights[row]
	g := (w.base - float64(class)) * h
	if w.whole {
		return pack(int64(math.Round(g*w.units.g))*int64(weight), int64(math.Round(h*w.units.h))*int64(weight))
	}
	return pack(int64(math.Round(g*weight*w.units.g)), int64(math.Round(h*weight*w.units.h)))
}

// draw returns the best split by a few columns drawn at random, or by the first
// column drawn after those that has one.
func (g *grower) draw(l *leaf, seed uint64, order []int32, few int) split {
	rng := rand.New(rand.NewPCG(seed, uint64(l.node)))
	for i := range order {
		order[i] = int32(i)
	}
	for from, n := 0, few; from < len(order); from, n = from+n, n*2 {
		n = min(n, len(order)-from)
		for i := from; i < from+n; i++ {
			j := i + rng.IntN(len(order)-i)
			order[i], order[j] = order[j], order[i]
		}
		if s := g.find(l, order[from:from+n]); s.gain > 0 {
			return s
		}
	}
	return split{}
}

// fit returns the model: the trees' mean on the scale of log odds.
func (w *wood) fit(d *model.Data) *model.Fit {
	f := &model.Fit{Scores: zeros(d)}
	slope := w.slope() / float64(w.o.Trees)
	for _, t := range w.trees {
		if len(t.Nodes) == 1 || slope == 0 {
			continue
		}
		for i := range t.Values {
			t.Values[i] *= slope
		}
		f.Trees = append(f.Trees, t)
	}
	finish(d, f)
	return f
}

// slope returns the slope of the logistic regression of being a customer on the
// mean share by the trees that have not seen an account, at least 0, by Newton's
// method.
func (w *wood) slope() float64 {
	shares := make([]float64, w.rows())
	for i := range shares {
		var sum, n int64
		for worker := range w.unseen {
			sum, n = sum+w.unseen[worker][i], n+w.times[worker][i]
		}
		if n > 0 {
			shares[i] = float64(sum) / float64(n) / shareUnit
		}
	}
	a, b := math.Log(w.base/(1-w.base)), 0.0
	for range 100 {
		var ga, gb, haa, hab, hbb float64
		for i, s := range shares {
			p := probability(a + b*s)
			class := w.class(i)
			weight := w.weights[i] * w.factor[class]
			r, h := weight*(float64(class)-p), weight*p*(1-p)
			ga, gb = ga+r, gb+r*s
			haa, hab, hbb = haa+h, hab+h*s, hbb+h*s*s
		}
		det := haa*hbb - hab*hab
		if !(det > 1e-12*haa*hbb) {
			return max(0, b)
		}
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		// Shares lie close together: a step is held to what moves margins by 2.
		step := min(1, 2/(math.Abs(da)+math.Abs(db)*spread(shares)+1e-300))
		a, b = a+step*da, b+step*db
		if math.Abs(da) < 1e-10 && math.Abs(db) < 1e-10*(1+math.Abs(b)) {
			break
		}
	}
	return max(0, b)
}

// spread returns the largest absolute value.
func spread(values []float64) float64 {
	var most float64
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	return most
}
