package segment

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/metrics"
)

// How the number of segments is chosen.
const (
	// Mode of agreement: samples of a thousand accounts show whether segments are
	// found again; of very many accounts, any division is, even of noise cut at its
	// longest side.
	pairRows   = 1000
	pairs      = 20
	starts     = 8    // of each search
	shuffles   = 10   // bases without segments
	judgedRows = 4000 // on which two divisions are compared

	mostSegments = 8 // what people keep apart; k: N takes more

	// Hennig [1] takes segments that agree to .75 for real, and less than .6 for none.
	leastStability = 0.75
	// The part of the differences between accounts that segments explain beyond
	// what they explain in a base whose columns are shuffled.
	leastStructure = 0.02
	sureStructure  = 3 // standard deviations of the shuffled
	// Of numbers of segments that are about as stable, the largest says most.
	asStable = 0.05
)

// A Trial says how stable a number of segments is.
type Trial struct {
	Segments  int              `json:"segments"`
	Stability metrics.Interval `json:"stability"`       // mean adjusted Rand index of two samples' segments
	Explained float64          `json:"explained"`       // share of the differences between accounts that the segments explain
	Shuffled  float64          `json:"shuffled"`        // the same, where every column is shuffled
	Smallest  float64          `json:"smallest"`        // share of the accounts in the smallest segment
	Fault     string           `json:"fault,omitempty"` // why it is not taken: unstable, no_structure, too_small; "": it could be
}

// The faults of a number of segments.
const (
	Unstable    = "unstable"
	NoStructure = "no_structure"
	TooSmall    = "too_small"
)

// A chooser judges numbers of segments on a sample.
type chooser struct {
	m        *Measure
	t        *bin.Table
	seed     uint64
	minimum  float64
	most     int // segments
	progress func(done, of int)
}

// try judges every number in ks. It returns ctx.Err() if the caller gave up.
func (c *chooser) try(ctx context.Context, ks []int) ([]Trial, error) {
	out := make([]Trial, len(ks))
	judged := c.spread(judgedRows)
	done := 0
	var mu sync.Mutex
	tell := func() {
		mu.Lock()
		defer mu.Unlock()
		if done++; c.progress != nil {
			c.progress(done, len(ks)*(pairs+shuffles))
		}
	}
	for i, k := range ks {
		agreed, explained, smallest := make([]float64, pairs), make([]float64, 2*pairs), make([]float64, 2*pairs)
		shuffled := make([]float64, shuffles)
		err := inParallel(ctx, pairs+shuffles, func(j int) {
			if j < pairs {
				var labels [2][]int32
				for half := range labels {
					d, s := c.resample(k, 2*j+half)
					labels[half] = s.label(d, judged)
					explained[2*j+half], smallest[2*j+half] = s.explained(d), least(labels[half], k)
				}
				agreed[j] = agreement(labels[0], labels[1], k)
			} else {
				shuffled[j-pairs] = c.shuffled(k, j-pairs)
			}
			tell()
		})
		if err != nil {
			return nil, err
		}
		t := Trial{Segments: k, Stability: meanInterval(agreed), Explained: mean(explained), Shuffled: mean(shuffled), Smallest: mean(smallest)}
		t.Fault = c.fault(&t, deviation(shuffled))
		out[i] = t
	}
	return out, nil
}

// fault returns why a number of segments is not taken.
func (c *chooser) fault(t *Trial, noise float64) string {
	switch {
	case t.Explained-t.Shuffled < max(leastStructure, sureStructure*noise):
		return NoStructure
	case t.Stability.Value < leastStability:
		return Unstable
	case t.Smallest < c.minimum:
		return TooSmall
	}
	return ""
}

// best returns the number of segments to take: of those without fault whose
// stability is within asStable of the best one's, the largest. 1 where there is
// none.
func best(trials []Trial) int {
	top := math.Inf(-1)
	for i := range trials {
		if trials[i].Fault == "" {
			top = max(top, trials[i].Stability.Value)
		}
	}
	out := 1
	for i := range trials {
		if t := &trials[i]; t.Fault == "" && t.Stability.Value >= top-asStable {
			out = max(out, t.Segments)
		}
	}
	return out
}

// spread returns at most n rows of the sample, evenly spread over it.
func (c *chooser) spread(n int) []int32 {
	n = min(n, c.t.Rows)
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i * c.t.Rows / n)
	}
	return out
}

// resample finds k segments among accounts drawn with replacement.
func (c *chooser) resample(k, replicate int) (*division, *searcher) {
	rng := rand.New(rand.NewPCG(c.seed, uint64(replicate)))
	rows := make([]int32, min(pairRows, c.t.Rows))
	for i := range rows {
		rows[i] = int32(rng.IntN(c.t.Rows))
	}
	s := newSearcher(c.m, c.t, rows)
	return s.search(k, starts, rng), s
}

// shuffled returns what k segments explain of accounts whose columns are drawn each
// on its own: the values are as frequent, and no value goes with another.
func (c *chooser) shuffled(k, replicate int) float64 {
	rng := rand.New(rand.NewPCG(c.seed+1, uint64(replicate)))
	n := min(pairRows, c.t.Rows)
	t := &bin.Table{Rows: n, Binnings: c.t.Binnings, Columns: make([]bin.Column, len(c.t.Columns))}
	rows := make([]int32, n)
	for f := range c.t.Columns {
		for i := range rows {
			rows[i] = int32(rng.IntN(c.t.Rows))
		}
		one := bin.Table{Rows: c.t.Rows, Binnings: c.t.Binnings[f : f+1], Columns: c.t.Columns[f : f+1]}
		t.Columns[f] = one.Select(rows).Columns[0]
	}
	for i := range rows {
		rows[i] = int32(i)
	}
	s := newSearcher(c.m, t, rows)
	return s.explained(s.search(k, starts, rng))
}

// explained returns the share of the differences between accounts that a division
// of the searcher's rows explains: 1 where those of a segment are all the same.
func (s *searcher) explained(d *division) float64 {
	one := &division{k: 1, middle: s.whole, labels: make([]int32, len(s.rows))}
	s.assign(one, one.middle.distances(s.m, 1))
	own := &division{k: d.k, middle: d.middle, labels: slices.Clone(d.labels)}
	s.assign(own, d.middle.distances(s.m, d.k))
	if one.spread <= 0 {
		return 0
	}
	return 1 - own.spread/one.spread
}

// least returns the share of the least frequent label.
func least(labels []int32, k int) float64 {
	counts := make([]int, k)
	for _, l := range labels {
		counts[l]++
	}
	return float64(slices.Min(counts)) / float64(max(len(labels), 1))
}

// inParallel calls do with each of n numbers, on all processors. What do stores
// must depend on its number alone.
func inParallel(ctx context.Context, n int, do func(i int)) error {
	var wg sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n && ctx.Err() == nil; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}

func deviation(values []float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(max(len(values)-1, 1)))
}

// meanInterval returns the mean of independent values with its 95 % interval.
func meanInterval(values []float64) metrics.Interval {
	const t19 = 2.093 // Student's t with 19 degrees of freedom: as many values as pairs, less one
	m := mean(values)
	half := t19 * deviation(values) / math.Sqrt(float64(max(len(values), 1)))
	return metrics.Interval{Value: m, Low: m - half, High: m + half}
}

// jaccard returns, for every segment of v, how much of it is found again in other
// samples: the mean over them of the greatest share of accounts that it and a
// segment found there have in common [1].
//
// [1] Hennig, "Cluster-wise assessment of cluster stability", Computational
// Statistics & Data Analysis 52 (2007).
func (c *chooser) jaccard(ctx context.Context, v *division) ([]float64, error) {
	judged := c.spread(judgedRows)
	own := newSearcher(c.m, c.t, judged).label(v, judged)
	found := make([][]float64, 2*pairs)
	err := inParallel(ctx, 2*pairs, func(j int) {
		d, s := c.resample(v.k, j)
		found[j] = mostAlike(own, s.label(d, judged), v.k)
	})
	out := make([]float64, v.k)
	for _, values := range found {
		for i, x := range values {
			out[i] += x / float64(len(found))
		}
	}
	return out, err
}

// mostAlike returns, for each of k segments of a, the greatest Jaccard index with
// one of b.
func mostAlike(a, b []int32, k int) []float64 {
	both, inA, inB := make([]float64, k*k), make([]float64, k), make([]float64, k)
	for i := range a {
		both[int(a[i])*k+int(b[i])]++
		inA[a[i]]++
		inB[b[i]]++
	}
	out := make([]float64, k)
	for i := range k {
		for j := range k {
			if n := both[i*k+j]; n > 0 {
				out[i] = max(out[i], n/(inA[i]+inB[j]-n))
			}
		}
	}
	return out
}
