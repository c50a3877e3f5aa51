package trees

import (
	"sync"
	"sync/atomic"
)

// A histogram sums the packed gradients of rows by code and by item. Sums are
// whole numbers: those of two children make their parent's, and no sum depends on
// the order of rows or on who adds them up.
type histogram struct {
	blocks []block
	items  []int64
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
	return &histogram{blocks: make([]block, len(g.t.words)), items: make([]int64, len(g.t.itemOf))}
}

// histogram adds up rows.
func (g *grower) histogram(rows []int32, gh []int64) *histogram {
	h := g.newHistogram()
	workers := g.workers
	if len(rows) < fewRows {
		workers = 1
	}
	tasks := len(h.blocks)
	if len(h.items) > 0 {
		tasks++
	}
	parallel(workers, tasks, func(i int) {
		switch {
		case i == len(h.blocks):
			h.addItems(g.t, rows, gh)
		case len(rows) == g.t.rows(): // all, in order
			h.blocks[i].addAll(g.t.words[i], gh)
		default:
			h.blocks[i].add(g.t.words[i], rows, gh)
		}
	})
	return h
}

func (b *block) add(words []uint64, rows []int32, gh []int64) {
	gh = gh[:len(rows)]
	for i, r := range rows {
		w, v := words[r], gh[i]
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

func (b *block) addAll(words []uint64, gh []int64) {
	gh = gh[:len(words)]
	for i, w := range words {
		v := gh[i]
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
	for k := range t.features {
		n := t.features[k].slots
		a, b := h.blocks[k/lanes][k%lanes][:n], other.blocks[k/lanes][k%lanes][:n]
		for i := range a {
			a[i] -= b[i]
		}
	}
	b := other.items[:len(h.items)]
	for i := range h.items {
		h.items[i] -= b[i]
	}
}
