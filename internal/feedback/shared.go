package feedback

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// Draws of a test, and the chance up to which a value is named.
const (
	draws = 1999
	alpha = 0.05
)

// A stratum is the accounts of one grade, by number.
type stratum struct{ cases, others []int }

// A value is what a test looks at: a run of slots of one feature.
type value struct{ term, first, last int }

// A test counts values among some of the accounts of each grade.
type test struct {
	values  []value
	members [][][]int32 // by grade and account: slots, cases first
	cases   []int       // by grade
	total   [][]float64 // by grade and value: accounts that have it
	size    []float64   // by grade: accounts

	logs  []float64 // n·ln n
	below []int32   // of a draw: accounts with any of the slots before each, every account counted for each of its slots
}

// newTest counts every value over all accounts of the grades. Those that fewer
// than leastSupport accounts have are left out, which does not look at who is a
// case.
func newTest(p *people, strata []stratum) *test {
	t := &test{below: make([]int32, p.offset[len(p.offset)-1]+1)}
	sums := make([][]int32, 0, len(strata))
	for _, s := range strata {
		var members [][]int32
		cases := 0
		for i, at := range slices.Concat(s.cases, s.others) {
			slots, ok := p.slots[at]
			if !ok {
				continue // graded, and not in the feature table any more
			}
			members = append(members, slots)
			if i < len(s.cases) {
				cases++
			}
		}
		t.members, t.cases, t.size = append(t.members, members), append(t.cases, cases), append(t.size, float64(len(members)))
		t.countAll(members)
		sums = append(sums, slices.Clone(t.below))
	}
	t.logs = logsUpTo(int(slices.Max(append(t.size, 0))))
	for _, v := range candidates(p) {
		all := int32(0)
		for _, s := range sums {
			all += p.sum(s, v)
		}
		if all >= leastSupport {
			t.values = append(t.values, v)
		}
	}
	for _, s := range sums {
		row := make([]float64, len(t.values))
		for i, v := range t.values {
			row[i] = float64(p.sum(s, v))
		}
		t.total = append(t.total, row)
	}
	return t
}

// candidates lists the values of every feature: each slot, and for numbers and
// dates every "up to" and "over" an edge. That a set is known is none.
func candidates(p *people) []value {
	var out []value
	for f := range p.terms {
		term := &p.terms[f]
		n := term.Slots()
		if term.Kind == features.Number || term.Kind == features.Date {
			out = append(out, value{f, 0, 0})
			for edge := 1; edge < n-1; edge++ {
				out = append(out, value{f, 1, edge}, value{f, edge + 1, n - 1})
			}
			continue
		}
		for slot := range n {
			if !term.IsSet() || slot != 1 {
				out = append(out, value{f, slot, slot})
			}
		}
	}
	return out
}

// sum returns how many accounts have a value, from counts as countAll leaves them.
func (p *people) sum(below []int32, v value) int32 {
	at := int(p.offset[v.term])
	return below[at+v.last+1] - below[at+v.first]
}

// logsUpTo returns n·ln n from 0 to most.
func logsUpTo(most int) []float64 {
	out := make([]float64, most+1)
	for n := 2; n <= most; n++ {
		out[n] = float64(n) * math.Log(float64(n))
	}
	return out
}

// countAll counts the slots of some accounts, summed up.
func (t *test) countAll(members [][]int32) {
	clear(t.below)
	for _, slots := range members {
		for _, s := range slots {
			t.below[s+1]++
		}
	}
	for i := 1; i < len(t.below); i++ {
		t.below[i] += t.below[i-1]
	}
}

// strength returns by how much each value is more frequent among a draw of
// accounts, counts[grade][value] of them, than in the grades as a whole: the
// likelihood ratio statistic of the tables of all grades, 0 where it is not more
// frequent. dst is filled. It comes of n·ln n of whole numbers, so equal tables are
// equally strong to the last bit.
func (t *test) strength(dst []float64, counts [][]float64) {
	x := t.logs
	for i := range t.values {
		over, g, any := 0.0, 0.0, false
		for s := range counts {
			any = any || counts[s][i] > 0
		}
		dst[i] = 0
		if !any {
			continue
		}
		for s := range counts {
			drawn, size, has, total := t.cases[s], int(t.size[s]), int(counts[s][i]), int(t.total[s][i])
			if drawn == 0 || size == drawn {
				continue
			}
			over += counts[s][i] - t.total[s][i]*float64(drawn)/t.size[s]
			g += x[has] + x[drawn-has] + x[total-has] + x[size-drawn-total+has] - x[drawn] - x[size-drawn] - x[total] - x[size-total] + x[size]
		}
		if over > 0 {
			dst[i] = 2 * g
		}
	}
}

// counts fills dst with how many of the accounts of each grade have each value.
func (t *test) counts(p *people, dst [][]float64, drawn [][][]int32) {
	for s := range dst {
		t.countAll(drawn[s])
		for i, v := range t.values {
			dst[s][i] = float64(p.sum(t.below, v))
		}
	}
}

// share looks for what the cases have in common.
func (d *Disagreement) share(p *people, in *Input, stream uint64) {
	t := newTest(p, d.strata)
	d.Tested = len(t.values)
	d.Result = Nothing
	if n := sumOf(t.cases); n < leastCases {
		d.Result = TooFew
		return
	}
	counts := make([][]float64, len(t.members))
	drawn := make([][][]int32, len(t.members))
	for s := range counts {
		counts[s] = make([]float64, len(t.values))
		drawn[s] = t.members[s][:t.cases[s]]
	}
	observed := make([]float64, len(t.values))
	t.counts(p, counts, drawn)
	t.strength(observed, counts)
	first := make([][]float64, len(counts))
	for s := range counts {
		first[s] = slices.Clone(counts[s])
	}
	strongest := t.null(p, counts, drawn, rand.New(rand.NewPCG(in.Seed, stream)))
	d.name(p, t, observed, first, strongest)
	d.label(in)
}

// null returns the strength of the strongest value in each of many draws of as
// many accounts of each grade, rising.
func (t *test) null(p *people, counts [][]float64, drawn [][][]int32, rng *rand.Rand) []float64 {
	strongest := make([]float64, draws)
	strength := make([]float64, len(t.values))
	for n := range strongest {
		for s, members := range t.members {
			for i := range t.cases[s] {
				k := i + rng.IntN(len(members)-i)
				members[i], members[k] = members[k], members[i]
			}
			drawn[s] = members[:t.cases[s]]
		}
		t.counts(p, counts, drawn)
		t.strength(strength, counts)
		strongest[n] = slices.Max(append(strength, 0))
	}
	slices.Sort(strongest)
	return strongest
}

// name lists the values that chance does not explain, of each feature the
// strongest of those that overlap.
func (d *Disagreement) name(p *people, t *test, observed []float64, counts [][]float64, strongest []float64) {
	order := make([]int, len(t.values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(observed[b], observed[a]) })
	var named []value
	for _, i := range order {
		v := t.values[i]
		at, _ := slices.BinarySearch(strongest, observed[i])
		chance := float64(1+len(strongest)-at) / float64(len(strongest)+1)
		if observed[i] <= 0 || chance > alpha || len(d.Shared) == mostShared {
			break
		}
		if slices.ContainsFunc(named, func(n value) bool { return n.term == v.term && n.first <= v.last && v.first <= n.last }) {
			continue
		}
		named = append(named, v)
		d.Shared = append(d.Shared, t.shared(p, i, counts, chance))
		d.Result = Named
	}
}

// shared describes value i.
func (t *test) shared(p *people, i int, counts [][]float64, chance float64) Shared {
	v := t.values[i]
	term := &p.terms[v.term]
	out := Shared{Feature: term.Feature, Chance: chance, term: v.term, first: v.first, last: v.last}
	has, cases, expected := 0.0, 0.0, 0.0
	for s := range counts {
		n := float64(t.cases[s])
		has, cases = has+counts[s][i], cases+n
		if others := t.size[s] - n; others > 0 {
			expected += n * (t.total[s][i] - counts[s][i]) / others
		}
	}
	out.Cases, out.Share, out.Others = int(has), has/cases, expected/cases
	weight, points, shape := 0.0, 0.0, term.Shape()
	for slot := v.first; slot <= v.last; slot++ {
		w := float64(term.Pool[slot]) + 1e-9
		weight, points = weight+w, points+w*float64(shape[slot])
	}
	out.Points = points / weight / model.Micro
	return out
}

// label names the values in words.
func (d *Disagreement) label(in *Input) {
	for i := range d.Shared {
		s := &d.Shared[i]
		l := page.NewLabeller(in.Words, &in.Model.Terms[s.term].Binning, in.Model.Specs[s.term].Parser)
		s.Feature, s.Value = page.Clean(s.Feature), l.Slots(s.first, s.last)
	}
}

func sumOf(n []int) (sum int) {
	for _, v := range n {
		sum += v
	}
	return sum
}
