package trees

import (
	"encoding/binary"
	"math/bits"

	"github.com/icpfit/icpfit/model"
)

// A walker sends 64 rows at a time through trees: a word has one bit a row, and a
// node is as many ands as there are words. The words of a split are made once,
// however many nodes share it.
type walker struct {
	d       *model.Data
	words   int // a row range
	from    int // first row
	rows    int
	splits  map[string]int
	nodes   [][]int32    // by tree and node: the split's number
	kinds   []model.Node // by split
	lefts   [][]uint64   // by split
	missing [][]uint64   // by feature
	all     []uint64
	pool    []uint64
}

// walkRows is how many rows a walker takes at a time: its words then fit into
// memory, whatever the number of rows.
const walkRows = 1 << 16

// newWalker numbers the splits of trees.
func newWalker(d *model.Data, trees []model.Tree) *walker {
	w := &walker{d: d, splits: map[string]int{}, missing: make([][]uint64, len(d.Table.Columns))}
	var key []byte
	for i := range trees {
		numbers := make([]int32, len(trees[i].Nodes))
		for at, n := range trees[i].Nodes {
			if n.Leaf() {
				continue
			}
			key = binary.LittleEndian.AppendUint32(key[:0], uint32(n.Feature))
			key = binary.LittleEndian.AppendUint32(key, uint32(n.At))
			for _, code := range n.In {
				key = append(key, byte(code))
			}
			number, ok := w.splits[string(key)]
			if !ok {
				number = len(w.kinds)
				w.splits[string(key)] = number
				w.kinds = append(w.kinds, n)
			}
			numbers[at] = int32(number)
		}
		w.nodes = append(w.nodes, numbers)
	}
	w.lefts = make([][]uint64, len(w.kinds))
	return w
}

// load makes the words of the rows from one on.
func (w *walker) load(from, workers int) {
	w.from, w.rows = from, min(walkRows, w.d.Table.Rows-from)
	w.words = (w.rows + 63) / 64
	fresh := func(old []uint64) []uint64 {
		if cap(old) < w.words {
			return make([]uint64, w.words)
		}
		old = old[:w.words]
		clear(old)
		return old
	}
	w.all, w.pool = fresh(w.all), fresh(w.pool)
	for i := range w.rows {
		w.all[i/64] |= 1 << (i % 64)
		if !w.d.Customer[from+i] {
			w.pool[i/64] |= 1 << (i % 64)
		}
	}
	parallel(workers, len(w.missing), func(k int) {
		w.missing[k] = fresh(w.missing[k])
		for i, code := range w.d.Table.Columns[k].Codes[from : from+w.rows] {
			if code == 0 {
				w.missing[k][i/64] |= 1 << (i % 64)
			}
		}
	})
	parallel(workers, len(w.kinds), func(s int) {
		w.lefts[s] = fresh(w.lefts[s])
		w.left(w.lefts[s], &w.kinds[s])
	})
}

// left sets the bits of the rows that n sends left, of those whose value is known.
func (w *walker) left(dst []uint64, n *model.Node) {
	c := &w.d.Table.Columns[n.Feature]
	if c.Offsets != nil {
		for i := range w.rows {
			lacks := uint64(1)
			for _, item := range c.Items[c.Offsets[w.from+i]:c.Offsets[w.from+i+1]] {
				if 2+int32(item) == n.At {
					lacks = 0
				}
			}
			dst[i/64] |= lacks << (i % 64)
		}
		return
	}
	var in [256]uint64
	for code := range in {
		if n.In == nil && int32(code) <= n.At {
			in[code] = 1
		}
	}
	for _, code := range n.In {
		in[code] = 1
	}
	for i, code := range c.Codes[w.from : w.from+w.rows] {
		dst[i/64] |= in[code] << (i % 64)
	}
}

// leaves calls visit with each leaf of a tree that some row of the words from
// first to last reaches, and the bits of the rows that reach it, which are valid
// during the call.
func (w *walker) leaves(tree int, t *model.Tree, first, last int, visit func(leaf int32, rows []uint64)) {
	reach := make([][]uint64, len(t.Nodes))
	reach[0] = w.all[first:last]
	for at := range t.Nodes {
		n, rows := &t.Nodes[at], reach[at]
		if n.Leaf() {
			visit(int32(at), rows)
			continue
		}
		lefts, missing := w.lefts[w.nodes[tree][at]][first:last], w.missing[n.Feature][first:last]
		buffer := make([]uint64, 3*len(rows))
		l, r, m := buffer[:len(rows)], buffer[len(rows):2*len(rows)], buffer[2*len(rows):]
		for i, x := range rows {
			unknown := x & missing[i]
			known := x &^ unknown
			l[i], r[i], m[i] = known&lefts[i], known&^lefts[i], unknown
		}
		reach[n.Left], reach[n.Right] = l, r
		switch n.Missing {
		case n.Left:
			or(l, m)
		case n.Right:
			or(r, m)
		default:
			reach[n.Missing] = m
		}
		reach[at] = nil
	}
}

func or(dst, src []uint64) {
	for i, x := range src {
		dst[i] |= x
	}
}

// weight returns the weight of the pool accounts among rows.
func (w *walker) weight(rows []uint64) (sum float64) {
	for i, x := range rows {
		for x &= w.pool[i]; x != 0; x &= x - 1 {
			sum += w.d.Weights[w.from+64*i+bits.TrailingZeros64(x)]
		}
	}
	return sum
}

// add adds a value to the margins of rows, which begin at word first.
func (w *walker) add(margins []float64, first int, rows []uint64, value float64) {
	for i, x := range rows {
		at := w.from + 64*(first+i)
		for ; x != 0; x &= x - 1 {
			margins[at+bits.TrailingZeros64(x)] += value
		}
	}
}

// centre centres the trees on the pool of d and returns the sum of their values
// by row.
func centre(d *model.Data, trees []model.Tree, workers int) []float64 {
	w := newWalker(d, trees)
	pool := make([][]float64, len(trees))
	for i := range trees {
		pool[i] = make([]float64, len(trees[i].Nodes))
	}
	for from := 0; from < d.Table.Rows; from += walkRows {
		w.load(from, workers)
		parallel(workers, len(trees), func(i int) {
			w.leaves(i, &trees[i], 0, w.words, func(leaf int32, rows []uint64) { pool[i][leaf] += w.weight(rows) })
		})
	}
	parallel(workers, len(trees), func(i int) { trees[i].CentreOn(pool[i], d.Learn) })

	margins := make([]float64, d.Table.Rows)
	for from := 0; from < d.Table.Rows; from += walkRows {
		if d.Table.Rows > walkRows {
			w.load(from, workers)
		}
		parallel(workers, workers, func(part int) {
			first, last := w.words*part/workers, w.words*(part+1)/workers
			for i := range trees {
				w.leaves(i, &trees[i], first, last, func(leaf int32, rows []uint64) { w.add(margins, first, rows, trees[i].Values[leaf]) })
			}
		})
	}
	return margins
}
