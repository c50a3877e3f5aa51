package scorecard

import (
	"cmp"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// A mode says what a visit does.
type mode int

const (
	look  mode = iota // only tell the gain of the best step
	best              // make the best step
	drawn             // make a step at a cut drawn at random
)

// visit moves the scores of one feature one step, if the mode says so, and
// returns the gain.
func (b *bag) visit(k int, m mode) (gain float64) {
	var cells [bin.MaxCodes]cell
	var steps [bin.MaxCodes]float64
	col := &b.columns[k]
	sums, moves := cells[:len(col.weight)], steps[:len(col.weight)]
	switch kind := b.d.Table.Binnings[k].Kind; {
	case col.postings != nil:
		gain = b.items(k, m, moves)
		if b.d.Learn[k] {
			b.sum(col, sums)
			moves[1] = b.newton(sums[1])
			gain += b.gain(sums[1])
		}
	case kind == features.Category:
		b.sum(col, sums)
		gain = b.categories(k, sums, moves)
	default:
		b.sum(col, sums)
		gain = b.stump(k, sums, moves, m == drawn)
	}
	if b.d.Learn[k] {
		moves[0] = b.newton(sums[0])
		gain += b.gain(sums[0])
	} else if col.postings == nil {
		for j := 1; j < len(moves); j++ { // the average of the pool's known values
			moves[0] += col.share[j] * moves[j]
		}
	}
	if m != look {
		for j, v := range moves {
			b.scores[k][j] += v
		}
		b.wait(col, moves)
	}
	return gain
}

// newton returns the penalised Newton step of a leaf.
func (b *bag) newton(c cell) float64 {
	if c.weight == 0 {
		return 0
	}
	return b.o.Rate * c.gradient / (c.hessian + b.o.L2)
}

func (b *bag) gain(c cell) float64 {
	if c.weight == 0 {
		return 0
	}
	return c.gradient * c.gradient / (c.hessian + b.o.L2)
}

// towards returns a step of an item's score towards its ridge estimate, which
// is near zero for a rare one however long boosting goes on.
func (b *bag) towards(c cell, score float64) float64 {
	return b.o.Rate * (c.gradient - b.o.Ridge*score) / (c.hessian + b.o.Ridge)
}

// ridgeGain returns the gain of the whole way to the ridge estimate.
func (b *bag) ridgeGain(c cell, score float64) float64 {
	g := c.gradient - b.o.Ridge*score
	return g * g / (c.hessian + b.o.Ridge)
}

// stump stores the moves of a cut between known codes, the best or one drawn at
// random, and returns its gain; none where no cut is allowed. A cut against the
// feature's monotone sign is not.
func (b *bag) stump(k int, sums []cell, moves []float64, random bool) float64 {
	var total, left, chosen cell
	for _, c := range sums[1:] {
		total.add(c)
	}
	most, at, allowed := math.Inf(-1), -1, 0
	for j := 1; j < len(sums)-1; j++ {
		left.add(sums[j])
		right := total.minus(left)
		if left.weight < b.o.MinLeaf || right.weight < b.o.MinLeaf {
			continue
		}
		if sign := b.d.Monotone[k]; sign != 0 && float64(sign)*(b.newton(right)-b.newton(left)) < 0 {
			continue
		}
		g := b.gain(left) + b.gain(right)
		allowed++
		if random && b.rng.IntN(allowed) == 0 || !random && g > most {
			most, at, chosen = g, j, left
		}
	}
	if at < 0 {
		return 0
	}
	low, high := b.newton(chosen), b.newton(total.minus(chosen))
	for j := 1; j < len(moves); j++ {
		if j <= at {
			moves[j] = low
		} else {
			moves[j] = high
		}
	}
	return max(0, most-b.gain(total))
}

// categories stores the moves of the best cut between categories in the order of
// their Newton steps, as Fisher orders them [1], and returns its gain. The steps
// are those of the penalised log loss: what draws a category away from zero must
// outweigh Ridge, so a rare one stays near it however long boosting goes on.
//
// [1] Fisher, "On grouping for maximum homogeneity", Journal of the American
// Statistical Association 53 (1958).
func (b *bag) categories(k int, sums []cell, moves []float64) float64 {
	var order []int
	var total, left, chosen cell
	for j := 1; j < len(sums); j++ {
		if sums[j].weight > 0 {
			sums[j].gradient -= b.o.Ridge * b.scores[k][j]
			sums[j].hessian += b.o.Ridge
			order = append(order, j)
			total.add(sums[j])
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(sums[i].newton(), sums[j].newton()) })
	most, at := math.Inf(-1), -1
	for i, j := range order[:max(0, len(order)-1)] {
		left.add(sums[j])
		right := total.minus(left)
		if left.weight < b.o.MinLeaf || right.weight < b.o.MinLeaf {
			continue
		}
		if g := left.gain() + right.gain(); g > most {
			most, at, chosen = g, i, left
		}
	}
	if at < 0 {
		return 0
	}
	low, high := b.o.Rate*chosen.newton(), b.o.Rate*total.minus(chosen).newton()
	for i, j := range order {
		if i <= at {
			moves[j] = low
		} else {
			moves[j] = high
		}
	}
	return max(0, most-total.gain())
}

// items moves the score of every item of a set, one after the other, in random
// order. Where missing may not be learned it stores the move of known sets that
// makes them average what missing ones score, so that having been looked up is
// worth nothing.
func (b *bag) items(k int, m mode, moves []float64) (gain float64) {
	b.settle()
	col := &b.columns[k]
	shift := 0.0 // of the average known pool account
	for _, item := range b.rng.Perm(len(col.postings)) {
		c := b.item(col, item)
		score := &b.scores[k][2+item]
		gain += b.ridgeGain(c, *score)
		if m == look {
			continue
		}
		by := b.towards(c, *score)
		*score += by
		shift += by * col.share[item]
		factor := math.Exp(by)
		for _, i := range col.postings[item] {
			b.odds[i] *= factor
		}
	}
	if !b.d.Learn[k] {
		moves[1] = -shift
	}
	return gain
}

// item returns the sums over the rows that have an item.
func (b *bag) item(col *column, item int) cell {
	var expected, hessian float64
	for _, i := range col.postings[item] {
		p := b.odds[i] / (1 + b.odds[i])
		q := b.weight[i] * p
		expected += q
		hessian += q * (1 - p)
	}
	return cell{gradient: col.wins[item] - expected, hessian: hessian}
}
