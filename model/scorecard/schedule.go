package scorecard

import (
	"cmp"
	"container/heap"
	"context"
)

// A schedule says which feature is visited next.
type schedule struct {
	round int   // done
	order []int // of the features, shuffled every smoothing round
	queue gains // of the greedy rounds
}

func newSchedule(features int) schedule {
	s := schedule{order: make([]int, features)}
	for k := range s.order {
		s.order[k] = k
	}
	return s
}

// remeasure is after how many greedy rounds the gains of all features are
// measured anew: those far down the queue are not looked at by themselves.
const remeasure = 10

// run boosts up to a round: Smoothing rounds that visit every feature once, in
// an order shuffled anew, at cuts drawn at random; then greedy rounds, as many
// visits each, always to the feature whose last known gain is the largest.
func (b *bag) run(ctx context.Context, last int) error {
	s := &b.boosted
	for ; s.round < last; s.round++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.round < b.o.Smoothing {
			b.rng.Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
			for _, k := range s.order {
				b.visit(k, drawn)
			}
			continue
		}
		if (s.round-b.o.Smoothing)%remeasure == 0 {
			b.measure()
		}
		for range s.queue {
			top := &s.queue[0]
			top.gain = b.visit(top.feature, best)
			heap.Fix(&s.queue, 0)
		}
	}
	b.settle()
	return nil
}

// measure queues all features by the gain that a step on each would have.
func (b *bag) measure() {
	s := &b.boosted
	s.queue = s.queue[:0]
	for k := range b.columns {
		s.queue = append(s.queue, gain{k, b.visit(k, look)})
	}
	heap.Init(&s.queue)
}

// A gain is what a step on a feature takes off twice the log loss.
type gain struct {
	feature int
	gain    float64
}

// gains is a heap, the largest first, ties by feature.
type gains []gain

func (g gains) Len() int { return len(g) }

func (g gains) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(g[j].gain, g[i].gain), cmp.Compare(g[i].feature, g[j].feature)) < 0
}

func (g gains) Swap(i, j int) { g[i], g[j] = g[j], g[i] }

func (g *gains) Push(x any) { *g = append(*g, x.(gain)) }

func (g *gains) Pop() any {
	last := (*g)[len(*g)-1]
	*g = (*g)[:len(*g)-1]
	return last
}
