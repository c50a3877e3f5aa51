package metrics

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// Bootstrap returns the summaries of n rankings in which the customers' groups
// and the pool's groups are drawn anew, with replacement, independently (the
// cluster bootstrap). Replicate i depends on seed and i alone, so the result is
// the same for any number of processors.
func (r *Ranking) Bootstrap(n int, bands Bands, seed uint64) []Summary {
	out := make([]Summary, n)
	var wg sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			draws := r.drawer(seed)
			for i := w; i < n; i += workers {
				out[i] = r.summarise(bands, draws(i))
			}
		})
	}
	wg.Wait()
	return out
}

// drawer returns a function that draws replicate i. What it returns is filled
// again by the next call.
func (r *Ranking) drawer(seed uint64) func(i int) *counts {
	c := &counts{make([]float64, r.groups[0]), make([]float64, r.groups[1])}
	return func(i int) *counts {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		for class := range c {
			Draw(c[class], rng)
		}
		return c
	}
}

// Draw stores how often each of len(counts) groups is drawn in as many draws,
// with replacement: one replicate of a bootstrap.
func Draw(counts []float64, rng *rand.Rand) {
	clear(counts)
	n := uint64(len(counts))
	for range counts {
		// Lemire's multiply-shift: the bias is below 2^-40 for 2^24 groups.
		counts[mulHigh(rng.Uint64(), n)]++
	}
}

// An Interval is an estimate with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Percentile returns the 2.5 % and 97.5 % quantiles of replicates around value,
// widened by the factor spread ≥ 1, which adds variance that resampling the
// accounts does not show. replicates is sorted in place.
func Percentile(value float64, replicates []float64, spread float64) Interval {
	slices.Sort(replicates)
	at := func(q float64) float64 { return replicates[int(q*float64(len(replicates)-1)+0.5)] }
	return Interval{value, value + (at(0.025)-value)*spread, value + (at(0.975)-value)*spread}
}
