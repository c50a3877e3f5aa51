package trees

import (
	"sync"
	"sync/atomic"
)

// A histogram sums the packed gradients of rows by code and by item. Sums are
// whole numbers: those of two children make their parent's, and no sum depends on
// the order of rows or on who adds them up.
type histogram struct {
	blocks  []block
	items   []int64
	touched uint64 // of no use: it keeps touch from being left out
}

// A block holds the sums of eight features.
type block [lanes][256]int64

// pack puts a gradient and a hessian, in units, into one word: adding words adds
// both, as long as the hessians' sum fits into 32 bits.
func pack(g, h int64) int64 { return g<<32 + h }

// unpack undoes pack.
func unpack(s int64) (g, h int64) {
	h = int64(uint32(s))
	return (s - h) >> 32, h
}

// code returns the sums of one code of feature k.
func (h *histogram) code(k int32, code int) sums {
	a, b := unpack(h.blocks[k/lanes][k%lanes][code])
	return sums{g: a, h: b}
}

// item returns the sums of the rows that have an item.
func (h *histogram) item(item int32) sums {
	a, b := unpack(h.items[item])
	return sums{g: a, h: b}
}

// parallel runs tasks 0 to n-1 on up to workers goroutines.
func parallel(workers, n int, task func(i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			task(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			task(i)
		}
	}
	for range workers - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
}

// fewRows is below how many rows sharing the work costs more than it saves.
const fewRows = 4096

// newHistogram returns a cleared histogram, one given back where there is one.
func (g *grower) newHistogram() *histogram {
	if n := len(g.free); n > 0 {
		h := g.free[n-1]
		g.free = g.free[:n-1]
		for k := range g.t.features {
			clear(h.blocks[k/lanes][k%lanes][:g.t.features[k].slots])
		}
		clear(h.items)
		return h
	}
	return &histogram{blocks: make([]block, g.t.blocks), items: make([]int64, len(g.t.itemOf))}
}

// tile is how many rows are added to one block after the other: their words stay
// in a second-level cache meanwhile, and the sums of a block in the first.
const tile = 1024

// histogram adds up rows. Workers take runs of them, each with sums of its own.
func (g *grower) histogram(rows []int32, gh []int64) *histogram {
	workers := g.workers
	if len(rows) < fewRows {
		workers = 1
	}
	parts := make([]*histogram, workers)
	for i := range parts {
		parts[i] = g.newHistogram()
	}
	parallel(workers, workers, func(i int) {
		from, to := len(rows)*i/workers, len(rows)*(i+1)/workers
		parts[i].add(g.t, rows[from:to], gh[from:to])
	})
	for _, p := range parts[1:] {
		parts[0].combine(g.t, p, func(a, b []int64) {
			for i := range a {
				a[i] += b[i]
			}
		})
		g.free = append(g.free, p)
	}
	return parts[0]
}

func (h *histogram) add(t *table, rows []int32, gh []int64) {
	for from := 0; from < len(rows); from += tile {
		to := min(from+tile, len(rows))
		h.touched += touch(t.words, t.blocks, rows[from:to])
		for b := range h.blocks {
			if words := t.words[b:]; len(t.features)-lanes*b > lanes/2 {
				h.blocks[b].add(words, t.blocks, rows[from:to], gh[from:to])
			} else {
				h.blocks[b].addHalf(words, t.blocks, rows[from:to], gh[from:to])
			}
		}
		if len(h.items) > 0 {
			h.addItems(t, rows[from:to], gh[from:to])
		}
	}
}

// touch reads a word of each row, so that all of the tile is on its way from
// memory at once: summing waits for one row after the other.
func touch(words []uint64, stride int, rows []int32) (sum uint64) {
	for _, r := range rows {
		sum += words[int(r)*stride]
	}
	return sum
}

func (b *block) add(words []uint64, stride int, rows []int32, gh []int64) {
	gh = gh[:len(rows)]
	for i, r := range rows {
		w, v := words[int(r)*stride], gh[i]
		b[0][uint8(w)] += v
		b[1][uint8(w>>8)] += v
		b[2][uint8(w>>16)] += v
		b[3][uint8(w>>24)] += v
		b[4][uint8(w>>32)] += v
		b[5][uint8(w>>40)] += v
		b[6][uint8(w>>48)] += v
		b[7][uint8(w>>56)] += v
	}
}

// addHalf is add for a block of up to four features.
func (b *block) addHalf(words []uint64, stride int, rows []int32, gh []int64) {
	gh = gh[:len(rows)]
	for i, r := range rows {
		w, v := words[int(r)*stride], gh[i]
		b[0][uint8(w)] += v
		b[1][uint8(w>>8)] += v
		b[2][uint8(w>>16)] += v
		b[3][uint8(w>>24)] += v
	}
}

func (h *histogram) addItems(t *table, rows []int32, gh []int64) {
	for i, r := range rows {
		v := gh[i]
		for _, item := range t.items[t.offsets[r]:t.offsets[r+1]] {
			h.items[item] += v
		}
	}
}

// subtract takes the sums of other away from h's.
func (h *histogram) subtract(t *table, other *histogram) {
	h.combine(t, other, func(a, b []int64) {
		for i := range a {
			a[i] -= b[i]
		}
	})
}

// combine calls with for all runs of sums of both.
func (h *histogram) combine(t *table, other *histogram, with func(a, b []int64)) {
	for k := range t.features {
		n := t.features[k].slots
		with(h.blocks[k/lanes][k%lanes][:n], other.blocks[k/lanes][k%lanes][:n])
	}
	with(h.items, other.items[:len(h.items)])
}
