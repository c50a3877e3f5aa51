package segment

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// maxRoot is the most items of an account that count; a set of more is taken for
// one of so many.
const maxRoot = 256

// inverseRoot holds 1/√n, inverseMicro the same in units of 2⁻²⁰.
var inverseRoot, inverseMicro = func() (f [maxRoot + 1]float64, n [maxRoot + 1]int64) {
	for i := 1; i <= maxRoot; i++ {
		f[i] = 1 / math.Sqrt(float64(i))
		n[i] = int64(math.Round(f[i] * (1 << 20)))
	}
	return f, n
}()

// shares describe the middles of some segments: by feature, slot and segment the
// share of the accounts of which the feature is known that are in the slot. Of a
// set, slot 1 is the share that has none of the items, and slot 2+i the mean, over
// the accounts, of 1/√n where an account has item i among n, else 0. Slot 0 is not
// used. A segment in which a feature is never known has the shares of the whole.
type shares [][]float64 // by feature; [slot*k + segment]

// A mixer adds accounts up to shares.
type mixer struct {
	m     *Measure
	k     int
	sums  [][]float64 // by feature; [slot*k + segment]
	known [][]float64 // by feature; [segment]
}

func newMixer(m *Measure, k int) *mixer {
	x := &mixer{m: m, k: k}
	for i := range m.Features {
		x.sums = append(x.sums, make([]float64, m.Features[i].Slots()*k))
		x.known = append(x.known, make([]float64, k))
	}
	return x
}

func (x *mixer) reset() {
	for i := range x.sums {
		clear(x.sums[i])
		clear(x.known[i])
	}
}

// add adds the rows of t; labels say of which segment each is, -1 for none.
func (x *mixer) add(t *bin.Table, rows, labels []int32) {
	for f := range x.m.Features {
		c, sums, known := &t.Columns[f], x.sums[f], x.known[f]
		for i, r := range rows {
			label := labels[i]
			code := int(c.Codes[r])
			if label < 0 || code == 0 {
				continue
			}
			known[label]++
			if c.Offsets == nil {
				sums[code*x.k+int(label)]++
				continue
			}
			items := c.Items[c.Offsets[r]:c.Offsets[r+1]]
			if len(items) == 0 {
				sums[x.k+int(label)]++
			}
			w := inverseRoot[min(len(items), maxRoot)]
			for _, item := range items {
				sums[(2+int(item))*x.k+int(label)] += w
			}
		}
	}
}

// merge adds what another mixer of the same measure added up.
func (x *mixer) merge(o *mixer) {
	for f := range x.sums {
		for i, v := range o.sums[f] {
			x.sums[f][i] += v
		}
		for i, v := range o.known[f] {
			x.known[f][i] += v
		}
	}
}

// shares returns what was added up, of unknown features those of whole, which has
// one segment; nil leaves them 0.
func (x *mixer) shares(whole shares) shares {
	out := make(shares, len(x.sums))
	for f, sums := range x.sums {
		out[f] = make([]float64, len(sums))
		for i, v := range sums {
			c := i % x.k
			switch n := x.known[f][c]; {
			case n > 0:
				out[f][i] = v / n
			case whole != nil:
				out[f][i] = whole[f][i/x.k]
			}
		}
	}
	return out
}

// distances returns, in the layout of shares, how far a known value of a slot is
// from the middle of each segment. Of a set, slot 0 is the part that all values
// have, and the others are to be added: 1, or 2+i over √n for every item.
func (s shares) distances(m *Measure, k int) [][]float64 {
	out := make([][]float64, len(s))
	for f := range m.Features {
		feature := &m.Features[f]
		d := make([]float64, len(s[f]))
		for c := range k {
			switch {
			case feature.ranked():
				rankDistances(feature, s[f], d, k, c)
			case feature.IsSet():
				d[c] = (1 + squares(s[f], k, c)) / 2
				for i := k + c; i < len(d); i += k {
					d[i] = -s[f][i]
				}
			default:
				// Any other value is like no other account's.
				end := (1 + feature.named()) * k
				half := (1 + squares(s[f][:end], k, c)) / 2
				for i := k + c; i < len(d); i += k {
					d[i] = half
					if i < end {
						d[i] -= s[f][i]
					}
				}
			}
		}
		out[f] = d
	}
	return out
}

// towards returns, in the layout of distances, how far a known value of a slot is
// from the accounts of each segment on average: as far as from the middle, and as
// these are from it.
func (s shares) towards(m *Measure, k int) [][]float64 {
	out := s.distances(m, k)
	for f, within := range s.widths(m, out, k) {
		d, set := out[f], m.Features[f].IsSet()
		for c := range k {
			if set {
				d[c] += within[c]
				continue
			}
			for i := k + c; i < len(d); i += k {
				d[i] += within[c]
			}
		}
	}
	return out
}

// widths returns, by feature and segment, how far the accounts of a segment are from
// its middle on average, by its table of distances.
func (s shares) widths(m *Measure, distances [][]float64, k int) [][]float64 {
	out := make([][]float64, len(s))
	for f, d := range distances {
		out[f] = make([]float64, k)
		if m.Features[f].IsSet() {
			copy(out[f], d[:k])
		}
		for i := k; i < len(d); i++ {
			out[f][i%k] += s[f][i] * d[i]
		}
	}
	return out
}

// named returns how many values of a category or flag are told apart.
func (f *Feature) named() int {
	if f.Kind == features.Flag {
		return 2
	}
	return len(f.Values)
}

// squares returns the sum of the squared shares of a segment.
func squares(s []float64, k, c int) (sum float64) {
	for i := k + c; i < len(s); i += k {
		sum += s[i] * s[i]
	}
	return sum
}

// rankDistances fills d for a number: each step between neighbouring bins is a
// dimension as long as the step, in which an account is 0 below it and 1 above.
func rankDistances(f *Feature, s, d []float64, k, c int) {
	below := 0.0
	total := 0.0 // of the lowest bin: the part above every step, squared
	up := make([]float64, len(f.Ranks))
	for b := 1; b < len(f.Ranks); b++ {
		below += s[b*k+c]
		step, above := f.Ranks[b]-f.Ranks[b-1], 1-below
		total += step * above * above
		up[b] = up[b-1] + step*(below*below-above*above)
	}
	for b := range f.Ranks {
		d[(b+1)*k+c] = total + up[b]
	}
}

// measureRows stores in dst, [i*k + segment], the sum over the known features of
// rows[i] of how far it is from each segment, and in known how many those are.
func measureRows(m *Measure, t *bin.Table, rows []int32, d [][]float64, k int, dst []float64, known []int32) {
	clear(dst[:len(rows)*k])
	clear(known[:len(rows)])
	for f := range m.Features {
		c, table := &t.Columns[f], d[f]
		for i, r := range rows {
			code := int(c.Codes[r])
			if code == 0 {
				continue
			}
			known[i]++
			to := dst[i*k : i*k+k]
			if c.Offsets == nil {
				for s, v := range table[code*k : code*k+k] {
					to[s] += v
				}
				continue
			}
			addSet(to, table, c.Items[c.Offsets[r]:c.Offsets[r+1]], k)
		}
	}
}

func addSet(to, table []float64, items []uint16, k int) {
	for s, v := range table[:k] {
		to[s] += v
	}
	if len(items) == 0 {
		for s, v := range table[k : 2*k] {
			to[s] += v
		}
		return
	}
	w := inverseRoot[min(len(items), maxRoot)]
	for _, item := range items {
		at := (2 + int(item)) * k
		for s, v := range table[at : at+k] {
			to[s] += w * v
		}
	}
}
