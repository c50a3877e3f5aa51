package scorecard

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// visit moves the scores of one feature one step.
func (b *bag) visit(k int) {
	binning, col := &b.d.Table.Binnings[k], &b.columns[k]
	var sums [bin.MaxCodes]cell
	var step [bin.MaxCodes]float64
	if !binning.IsSet() {
		b.sum(col, sums[:col.slots])
		if binning.Kind == features.Category {
			b.ridge(k, sums[:col.slots], step[:col.slots])
		} else {
			b.stump(k, sums[:col.slots], step[:col.slots])
		}
		b.missing(k, sums[0], step[:col.slots])
		b.apply(k, step[:col.slots])
		return
	}
	shift := b.visitItems(k)
	if b.d.Learn[k] {
		b.sum(col, sums[:2])
		step[0], step[1] = b.newton(sums[0]), b.newton(sums[1])
	} else {
		// Known sets average what missing ones score, so that having been
		// looked up is worth nothing.
		step[1] = -shift
	}
	b.apply(k, step[:2])
}

// sum adds up gradients and Hessians of the log loss by code.
func (b *bag) sum(col *column, sums []cell) {
	for i, code := range col.codes {
		p := b.odds[i] / (1 + b.odds[i])
		w := b.weight[i]
		c := &sums[code]
		c.gradient += w * (b.label[i] - p)
		c.hessian += w * p * (1 - p)
		c.weight += w
	}
}

// newton returns the penalised Newton step of a leaf.
func (b *bag) newton(c cell) float64 {
	if c.weight == 0 {
		return 0
	}
	return b.o.Rate * c.gradient / (c.hessian + b.o.L2)
}

func (b *bag) gain(c cell) float64 {
	return c.gradient * c.gradient / (c.hessian + b.o.L2)
}

// ridge stores, for every category, a step towards its ridge estimate.
func (b *bag) ridge(k int, sums []cell, step []float64) {
	for j := 1; j < len(sums); j++ {
		if sums[j].weight > 0 {
			step[j] = b.towards(sums[j].gradient, sums[j].hessian, b.scores[k][j])
		}
	}
}

func (b *bag) towards(gradient, hessian, score float64) float64 {
	return b.o.Rate * (gradient - b.o.Ridge*score) / (hessian + b.o.Ridge)
}

// stump stores the steps of the best cut between known codes, or of no cut at
// all where none is allowed. A cut against the feature's monotone sign is not.
func (b *bag) stump(k int, sums []cell, step []float64) {
	var total, left, bestLeft cell
	for _, c := range sums[1:] {
		total.add(c)
	}
	best, at := 0.0, -1
	for j := 1; j < len(sums)-1; j++ {
		left.add(sums[j])
		right := total.minus(left)
		if left.weight < b.o.MinLeaf || right.weight < b.o.MinLeaf {
			continue
		}
		if sign := b.d.Monotone[k]; sign != 0 && float64(sign)*(b.newton(right)-b.newton(left)) < 0 {
			continue
		}
		if g := b.gain(left) + b.gain(right); g > best {
			best, at, bestLeft = g, j, left
		}
	}
	if at < 0 {
		return
	}
	low, high := b.newton(bestLeft), b.newton(total.minus(bestLeft))
	for j := 1; j < len(step); j++ {
		if j <= at {
			step[j] = low
		} else {
			step[j] = high
		}
	}
}

func (c *cell) add(x cell) {
	c.gradient += x.gradient
	c.hessian += x.hessian
	c.weight += x.weight
}

func (c cell) minus(x cell) cell {
	return cell{c.gradient - x.gradient, c.hessian - x.hessian, c.weight - x.weight}
}

// missing stores the step of the missing code: its own Newton step where it
// may be learned, else the average step of the pool's known values.
func (b *bag) missing(k int, sums cell, step []float64) {
	if b.d.Learn[k] {
		step[0] = b.newton(sums)
		return
	}
	for j := 1; j < len(step); j++ {
		step[0] += b.columns[k].share[j] * step[j]
	}
}

// apply adds the steps to the scores and multiplies the odds.
func (b *bag) apply(k int, step []float64) {
	var factor [bin.MaxCodes]float64
	for j, s := range step {
		b.scores[k][j] += s
		factor[j] = math.Exp(s)
	}
	for i, code := range b.columns[k].codes {
		b.odds[i] *= factor[code]
	}
}

// visitItems moves the score of every item of a set, one after the other, in
// random order, and returns by how much that moved the average known pool account.
func (b *bag) visitItems(k int) (shift float64) {
	col := &b.columns[k]
	for _, item := range b.rng.Perm(len(col.postings)) {
		var gradient, hessian float64
		for _, i := range col.postings[item] {
			p := b.odds[i] / (1 + b.odds[i])
			gradient += b.weight[i] * (b.label[i] - p)
			hessian += b.weight[i] * p * (1 - p)
		}
		score := &b.scores[k][2+item]
		step := b.towards(gradient, hessian, *score)
		*score += step
		shift += step * col.share[item]
		factor := math.Exp(step)
		for _, i := range col.postings[item] {
			b.odds[i] *= factor
		}
	}
	return shift
}
