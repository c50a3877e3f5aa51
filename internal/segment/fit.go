package segment

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/model/bin"
)

// Limits of one search for segments.
const (
	mostRounds   = 100 // of moving accounts; a search ends when none moves
	settleRounds = 20  // the few accounts that still move then may do so for ever
	trialSteps   = 6   // of every start, before the better half goes on
)

// A division is what one search found: the middles of k segments, and by how much
// the accounts are apart from theirs.
type division struct {
	k             int
	middle        shares
	labels        []int32 // by row searched
	nearestMiddle bool    // accounts belong to the nearest middle; false: to the segment from whose accounts they are least far on average
	spread        float64 // mean over the rows of the sum over their known features of how far they are, by the table of the last round
}

// A searcher looks for segments among rows of a table of codes. It is not safe for
// concurrent use.
type searcher struct {
	m     *Measure
	t     *bin.Table
	rows  []int32
	whole shares
	known []int32
	dist  []float64
}

func newSearcher(m *Measure, t *bin.Table, rows []int32) *searcher {
	s := &searcher{m: m, t: t, rows: rows, known: make([]int32, len(rows))}
	x := newMixer(m, 1)
	x.add(t, rows, make([]int32, len(rows)))
	s.whole = x.shares(nil)
	return s
}

// search returns the best of so many starts with k segments. All take a few steps,
// and the better half goes on to the end. Greedy k-means++ chooses the starts [1].
//
// [1] Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding",
// SODA 2007; the greedy variant is of its section 5.
func (s *searcher) search(k, starts int, rng *rand.Rand) *division {
	s.dist = make([]float64, len(s.rows)*k)
	var all []*division
	for range starts {
		d := &division{k: k, middle: s.start(k, rng), labels: make([]int32, len(s.rows))}
		s.improve(d, trialSteps)
		all = append(all, d)
	}
	bySpread := func(a, b *division) int { return cmp.Compare(a.spread, b.spread) }
	slices.SortStableFunc(all, bySpread)
	all = all[:(len(all)+1)/2]
	for _, d := range all {
		s.improve(d, mostRounds)
	}
	return s.settle(slices.MinFunc(all, bySpread))
}

// settle returns what k-means found, or what it becomes when accounts move to the
// segment from whose accounts they are least far on average, and none is in a wide
// segment that is nearer to those of a narrow one: whichever has the greater
// silhouette. Always the second makes wide segments lose their edge round after round;
// in adult of scripts/bench/segments.md that costs two segments .04 of stability.
func (s *searcher) settle(d *division) *division {
	if d.k == 1 {
		return d
	}
	other := &division{k: d.k, middle: d.middle, labels: slices.Clone(d.labels)}
	s.move(other, settleRounds, shares.towards)
	if s.silhouette(other) > s.silhouette(d) {
		return other
	}
	d.nearestMiddle = true
	return d
}

// silhouette returns the mean silhouette [1] of the rows searched: how much nearer they are
// on average to the accounts of their own segment than to those of the next, as a part
// of the greater of the two. Distances from accounts of a segment come from its shares,
// so it takes no table of all pairs. Alone in its segment, or as far from the next, a
// row counts 0.
//
// [1] Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20
// (1987).
func (s *searcher) silhouette(d *division) float64 {
	k := d.k
	measureRows(s.m, s.t, s.rows, d.middle.towards(s.m, k), k, s.dist, s.known)
	counts := make([]float64, k)
	for _, l := range d.labels {
		counts[l]++
	}
	sum := 0.0
	for i, l := range d.labels {
		if counts[l] < 2 {
			continue
		}
		row := s.dist[i*k : i*k+k]
		own := row[l] * counts[l] / (counts[l] - 1) // of the others in it
		next := math.Inf(1)
		for c, v := range row {
			if c != int(l) {
				next = min(next, v)
			}
		}
		if far := max(own, next); far > 0 {
			sum += (next - own) / far
		}
	}
	return sum / float64(max(len(d.labels), 1))
}

// start chooses k accounts that are far apart. Of a few that are drawn with the
// chance of how far each is from the nearest of those before, it takes the one that
// leaves the others least far.
func (s *searcher) start(k int, rng *rand.Rand) shares {
	n := len(s.rows)
	labels := slices.Repeat([]int32{-1}, n)
	nearest, trial, best := make([]float64, n), make([]float64, n), make([]float64, n)
	one := newMixer(s.m, 1)
	total := 0.0
	for c := range k {
		draws := 2 + int(math.Log(float64(k)))
		if c == 0 {
			draws = 1
		}
		taken, least := 0, math.Inf(1)
		for range draws {
			at := rng.IntN(n)
			if c > 0 {
				at = draw(nearest, total, labels, rng)
			}
			one.reset()
			one.add(s.t, s.rows[at:at+1], []int32{0})
			measureRows(s.m, s.t, s.rows, one.shares(s.whole).distances(s.m, 1), 1, trial, s.known)
			left := 0.0
			for i := range trial {
				if trial[i] = max(trial[i], 0); c > 0 {
					trial[i] = min(trial[i], nearest[i])
				}
				if i == at || labels[i] >= 0 {
					trial[i] = 0
				}
				left += trial[i]
			}
			if left < least {
				taken, least = at, left
				best, trial = trial, best
			}
		}
		labels[taken], total = int32(c), least
		nearest, best = best, nearest
	}
	x := newMixer(s.m, k)
	x.add(s.t, s.rows, labels)
	return x.shares(s.whole)
}

// draw returns a row with the chance of its weight; where all are 0, the first
// that is not taken.
func draw(weights []float64, total float64, labels []int32, rng *rand.Rand) int {
	left := rng.Float64() * total
	last := 0
	for i, w := range weights {
		if w > 0 {
			last = i
			if left -= w; left < 0 {
				return i
			}
		}
	}
	if total > 0 {
		return last
	}
	for i, l := range labels {
		if l < 0 {
			return i
		}
	}
	return 0
}

// improve moves accounts to the nearest segment.
func (s *searcher) improve(d *division, rounds int) { s.move(d, rounds, shares.distances) }

// move moves accounts by a table of distances from the segments' middles, and the
// middles after them, until none moves or so many rounds are done.
func (s *searcher) move(d *division, rounds int, table func(middle shares, m *Measure, k int) [][]float64) {
	x := newMixer(s.m, d.k)
	for range rounds {
		moved := s.assign(d, table(d.middle, s.m, d.k))
		x.reset()
		x.add(s.t, s.rows, d.labels)
		d.middle = x.shares(s.whole)
		if moved == 0 {
			return
		}
	}
}

// assign gives every row the nearest segment by a table of distances, of equally near ones the first, and
// returns how many have another than before. A segment that has none left takes
// the row that is furthest from its own.
func (s *searcher) assign(d *division, table [][]float64) (moved int) {
	k := d.k
	measureRows(s.m, s.t, s.rows, table, k, s.dist, s.known)
	counts := make([]int, k)
	far := make([]float64, len(s.rows))
	total := 0.0
	for i := range s.rows {
		row := s.dist[i*k : i*k+k]
		best := 0
		for c, v := range row {
			if v < row[best] {
				best = c
			}
		}
		if d.labels[i] != int32(best) {
			moved++
		}
		d.labels[i], far[i] = int32(best), row[best]
		counts[best]++
		total += row[best]
	}
	for c, n := range counts {
		if n > 0 {
			continue
		}
		at := 0
		for i, v := range far {
			if v > far[at] && counts[d.labels[i]] > 1 {
				at = i
			}
		}
		counts[d.labels[at]]--
		counts[c]++
		d.labels[at], total, far[at] = int32(c), total-far[at], math.Inf(-1)
		moved++
	}
	d.spread = total / float64(max(len(s.rows), 1))
	return moved
}

// label returns the segment of other rows of the same table.
func (s *searcher) label(d *division, rows []int32) []int32 {
	other := &searcher{m: s.m, t: s.t, rows: rows, known: make([]int32, len(rows)), dist: make([]float64, len(rows)*d.k)}
	out := make([]int32, len(rows))
	table := shares.towards
	if d.nearestMiddle {
		table = shares.distances
	}
	measureRows(s.m, s.t, rows, table(d.middle, s.m, d.k), d.k, other.dist, other.known)
	for i := range rows {
		row := other.dist[i*d.k : (i+1)*d.k]
		for c, v := range row {
			if v < row[out[i]] {
				out[i] = int32(c)
			}
		}
	}
	return out
}
