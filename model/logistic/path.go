package logistic

import (
	"cmp"
	"context"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/model"
)

const (
	// enough is the part of the loss below which a step ends the descent for a
	// penalty of the path: far less than penalties next to each other differ by.
	enough = 1e-4
	// chunk is how many penalties the parts pass before they are compared, and
	// patience after how many without a lower loss the path ends.
	chunk, patience = 8, 8
	// stride is how many penalties of a path are passed at first to the next one
	// that is solved; it divides chunk.
	stride = 4
	// ridgeStart stands for alpha where it is less: ridge shrinks no coefficient to
	// 0, and from this λ on none is above a hundredth.
	ridgeStart = 0.01
)

// A choice is a penalty, and coefficients to start from near its minimum; nil:
// none are known.
type choice struct {
	alpha, lambda float64
	start         []float64
}

func (c choice) penalty() penalty {
	return penalty{l1: c.lambda * c.alpha, l2: c.lambda * (1 - c.alpha)}
}

// path returns the strengths to try, the greatest first. steepest is the largest
// derivative of the loss where no coefficient has moved.
func (o Options) path(alpha, steepest float64) []float64 {
	if o.Penalties != nil {
		return o.Penalties
	}
	most := max(steepest/max(alpha, ridgeStart), 2*o.Least)
	out := make([]float64, o.Path)
	for i := range out {
		out[i] = most * math.Pow(o.Least/most, float64(i)/float64(max(1, o.Path-1)))
	}
	return out
}

// A part of the rows is left out, and solved without.
type part struct {
	weight []float64 // by row; 0 in the part
	held   float64   // weight of the part
	solver *solver
	loss   []float64   // by penalty of a path: mean log loss of the part; NaN: not solved
	betas  [][]float64 // by penalty of a path; nil: not solved
}

// choose returns the penalty that predicts parts left out best. all is a solver
// of all rows that has not moved.
func (l Learner) choose(ctx context.Context, x *design, all *solver) (choice, error) {
	var steepest float64
	for _, g := range all.p.gradient[:x.cols] {
		steepest = max(steepest, math.Abs(g))
	}
	o := l.Options
	one := choice{alpha: o.Alphas[0], lambda: o.path(o.Alphas[0], steepest)[0]}
	if len(o.Alphas) == 1 && len(o.path(o.Alphas[0], steepest)) == 1 {
		return one, nil
	}
	parts := x.parts(o.Parts)
	if len(parts) == 0 { // one group holds all customers: nothing can be compared
		return one, nil
	}
	best, lowest := one, math.Inf(1)
	for _, alpha := range o.Alphas {
		path := o.path(alpha, steepest)
		every := stride
		if o.OneSE || o.Penalties != nil {
			every = 1
		}
		w := walk{x: x, parts: parts, alpha: alpha, path: path}
		if err := w.search(ctx, every); err != nil {
			return choice{}, err
		}
		at, loss := rule(parts, o.OneSE)
		if loss < lowest {
			lowest = loss
			best = choice{alpha: alpha, lambda: path[at], start: mean(parts, at)}
		}
	}
	return best, nil
}

// A walk solves all parts for penalties of a path.
type walk struct {
	x     *design
	parts []*part
	alpha float64
	path  []float64
}

// search solves every so many penalties until the parts are predicted worse and
// worse, then, closer and closer, those about the best: the loss along a path goes
// down and up again.
func (w *walk) search(ctx context.Context, every int) error {
	var g errgroup.Group
	for _, p := range w.parts {
		g.Go(func() error {
			p.clear(w.x, len(w.path))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for from := 0; from < len(w.path); from += chunk {
		to := min(from+chunk, len(w.path))
		var at []int
		for i := from; i < to; i += every {
			at = append(at, i)
		}
		if err := w.solve(ctx, at, -1); err != nil {
			return err
		}
		if best, _ := rule(w.parts, false); at[len(at)-1]-best >= patience {
			break
		}
	}
	for by := every / 2; by > 0; by /= 2 {
		best, _ := rule(w.parts, false)
		for _, at := range []int{best - by, best + by} {
			if at < 0 || at >= len(w.path) {
				continue
			}
			if err := w.solve(ctx, []int{at}, best); err != nil {
				return err
			}
		}
	}
	return nil
}

// solve solves all parts for some penalties, from where they are or from the
// minimum of one that was solved before.
func (w *walk) solve(ctx context.Context, at []int, start int) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, p := range w.parts {
		g.Go(func() error {
			if start >= 0 {
				p.solver.from(p.betas[start])
			}
			for _, i := range at {
				pen := choice{alpha: w.alpha, lambda: w.path[i]}.penalty()
				if err := p.solver.descend(ctx, pen, enough, 20); err != nil {
					return err
				}
				p.loss[i] = p.solver.p.outside / p.held
				p.betas[i] = slices.Clone(p.solver.beta)
			}
			return nil
		})
	}
	return g.Wait()
}

// clear forgets what was solved, and goes back to the start.
func (p *part) clear(x *design, n int) {
	if p.solver == nil {
		p.solver = newSolver(x, p.weight)
	}
	p.solver.restart()
	p.loss, p.betas = make([]float64, n), make([][]float64, n)
	for i := range p.loss {
		p.loss[i] = math.NaN()
	}
}

// mean returns the mean of the parts' coefficients for one penalty.
func mean(parts []*part, at int) []float64 {
	out := make([]float64, len(parts[0].betas[at]))
	for _, p := range parts {
		for j, b := range p.betas[at] {
			out[j] += b / float64(len(parts))
		}
	}
	return out
}

// rule returns the index of the penalty with the least mean loss or, by one
// standard error, of the strongest whose loss is no more than one above it, and
// the least loss. Penalties that are not solved do not count.
func rule(parts []*part, oneSE bool) (at int, least float64) {
	means := make([]float64, len(parts[0].loss))
	var weight float64
	for _, p := range parts {
		weight += p.held
	}
	at, least = 0, math.Inf(1)
	for i := range means {
		for _, p := range parts {
			means[i] += p.held / weight * p.loss[i]
		}
		if means[i] < least {
			at, least = i, means[i]
		}
	}
	if !oneSE || len(parts) < 2 {
		return at, least
	}
	var squares float64
	for _, p := range parts {
		d := p.loss[at] - least
		squares += p.held / weight * d * d
	}
	limit := least + math.Sqrt(squares/float64(len(parts)-1))
	return slices.IndexFunc(means, func(v float64) bool { return v <= limit }), least
}

// deal numbers the rows' parts, by group: groups with a customer and others are
// dealt in turn, in the order of their hashes.
func (x *design) deal(n int) []int {
	type group struct{ hash, key uint64 }
	customer := map[uint64]bool{}
	for i, key := range x.key {
		if x.label[i] == 1 {
			customer[key] = true
		}
	}
	number := make(map[uint64]int, len(x.key))
	var groups []group
	for _, key := range x.key {
		if _, seen := number[key]; !seen {
			number[key] = 0
			groups = append(groups, group{model.Mix(key, x.seed+1), key})
		}
	}
	slices.SortFunc(groups, func(a, b group) int { return cmp.Compare(a.hash, b.hash) })
	var dealt [2]int
	for _, g := range groups {
		class := 0
		if customer[g.key] {
			class = 1
		}
		number[g.key] = dealt[class] % n
		dealt[class]++
	}
	out := make([]int, len(x.key))
	for i, key := range x.key {
		out[i] = number[key]
	}
	return out
}

// parts returns the n parts, but for those without which nothing can be learned.
func (x *design) parts(n int) []*part {
	var out []*part
	number := x.deal(n)
	for k := range n {
		p := &part{weight: make([]float64, len(number))}
		var in [2]float64
		for i, of := range number {
			if of == k {
				p.held += x.weight[i]
				continue
			}
			p.weight[i] = x.weight[i]
			in[int(x.label[i])] += x.weight[i]
		}
		if in[0] > 0 && in[1] > 0 && p.held > 0 {
			out = append(out, p)
		}
	}
	return out
}
