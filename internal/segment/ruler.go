package segment

import (
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// distances hold, in millionths, how far values are from the accounts of k segments
// on average, in the layout of shares.towards: sums of integers are the same on every machine.
type distances struct {
	k      int
	steps  [][]int64 // by feature; [slot*k + segment]
	widths [][]int64 // by feature; [segment]: what the nearest middle does not count; nil: the nearest accounts are wanted
}

// newDistances returns the distances from segments of these shares.
// nearestMiddle says that accounts belong to the segment whose middle is nearest.
func newDistances(m *Measure, s shares, k int, nearestMiddle bool) distances {
	out := distances{k: k, steps: micro(s.towards(m, k))}
	if nearestMiddle {
		out.widths = micro(s.widths(m, s.distances(m, k), k))
	}
	return out
}

// micro returns tables in millionths.
func micro(tables [][]float64) [][]int64 {
	out := make([][]int64, len(tables))
	for f, table := range tables {
		out[f] = make([]int64, len(table))
		for i, v := range table {
			out[f][i] = int64(math.Round(v * model.Micro))
		}
	}
	return out
}

// A ruler measures accounts against the accounts of segments. It is not safe for
// concurrent use.
type ruler struct {
	distances
	sums  []int64 // by segment, of the row measured last: how far it is from the accounts
	wide  []int64 // by segment: what of it is not how far it is from the middle, where middles count
	items []int64 // by segment
	known int     // its known features
}

func newRuler(d distances) *ruler {
	return &ruler{distances: d, sums: make([]int64, d.k), wide: make([]int64, d.k), items: make([]int64, d.k)}
}

// measure sums up how far row i is from every segment.
func (r *ruler) measure(t *bin.Table, i int) {
	clear(r.sums)
	clear(r.wide)
	r.known = 0
	for f := range t.Columns {
		c, steps := &t.Columns[f], r.steps[f]
		code := int(c.Codes[i])
		if code == 0 {
			continue
		}
		r.known++
		if r.widths != nil {
			for s, v := range r.widths[f] {
				r.wide[s] += v
			}
		}
		if c.Offsets != nil {
			r.addSet(steps, c.Items[c.Offsets[i]:c.Offsets[i+1]])
			continue
		}
		for s, v := range steps[code*r.k : (code+1)*r.k] {
			r.sums[s] += v
		}
	}
}

func (r *ruler) addSet(steps []int64, items []uint16) {
	for s, v := range steps[:r.k] {
		r.sums[s] += v
	}
	if len(items) == 0 {
		for s, v := range steps[r.k : 2*r.k] {
			r.sums[s] += v
		}
		return
	}
	clear(r.items)
	for _, item := range items {
		for s, v := range steps[(2+int(item))*r.k : (3+int(item))*r.k] {
			r.items[s] += v
		}
	}
	w := inverseMicro[min(len(items), maxRoot)]
	for s, v := range r.items {
		r.sums[s] += v * w >> 20
	}
}

// nearest returns the segment that row i belongs to, of equally near ones the
// first, and how far it is from its accounts; -1 where nothing is known of it.
func (r *ruler) nearest(t *bin.Table, i int) (segment int, micro int64) {
	r.measure(t, i)
	if r.known == 0 {
		return -1, 0
	}
	for s, v := range r.sums {
		if v-r.wide[s] < r.sums[segment]-r.wide[segment] {
			segment = s
		}
	}
	return segment, r.sums[segment] / int64(r.known)
}

// distance returns how far row i is from a segment, -1 where nothing is known of it.
func (r *ruler) distance(t *bin.Table, i, segment int) int64 {
	if r.measure(t, i); r.known == 0 {
		return -1
	}
	return r.sums[segment] / int64(r.known)
}
