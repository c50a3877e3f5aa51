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
	// chunk is how many penalties the parts take before they are compared, and
	// patience after how many without a lower loss the path ends.
	chunk, patience = 5, 10
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
	loss   []float64   // by penalty of a path: mean log loss of the part
	betas  [][]float64 // by penalty of a path
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
		if err := walkPath(ctx, x, parts, alpha, path); err != nil {
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

// walkPath solves all parts for one penalty after the other, until they are
// predicted worse and worse.
func walkPath(ctx context.Context, x *design, parts []*part, alpha float64, path []float64) error {
	for _, p := range parts {
		p.loss, p.betas = nil, nil
	}
	for from := 0; from < len(path); from += chunk {
		to := min(from+chunk, len(path))
		g, ctx := errgroup.WithContext(ctx)
		for _, p := range parts {
			g.Go(func() error { return p.descend(ctx, x, alpha, path[from:to]) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if best, _ := rule(parts, false); to-1-best >= patience {
			return nil
		}
	}
	return nil
}

// descend solves the rows without the part for the next penalties.
func (p *part) descend(ctx context.Context, x *design, alpha float64, lambdas []float64) error {
	if p.solver == nil {
		p.solver = newSolver(x, p.weight)
	}
	if p.loss == nil {
		p.solver.restart()
	}
	for _, lambda := range lambdas {
		if err := p.solver.descend(ctx, choice{alpha: alpha, lambda: lambda}.penalty(), enough, 20); err != nil {
			return err
		}
		p.loss = append(p.loss, p.solver.p.outside/p.held)
		p.betas = append(p.betas, slices.Clone(p.solver.beta))
	}
	return nil
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
// the least loss.
func rule(parts []*part, oneSE bool) (at int, least float64) {
	means := make([]float64, len(parts[0].loss))
	var weight float64
	for _, p := range parts {
		weight += p.held
	}
	for i := range means {
		for _, p := range parts {
			means[i] += p.held / weight * p.loss[i]
		}
		if means[i] < means[at] {
			at = i
		}
	}
	least = means[at]
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
