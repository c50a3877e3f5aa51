package backtest

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/model/metrics"
)

// Draws of a bootstrap, and how few accounts it has no intervals of: the
// percentiles of fewer cover far less than 95 %.
const (
	draws         = 2000
	leastAccounts = 10
)

// figures make rows of what was gathered.
type figures struct {
	*gathered
	prospects []int64 // by grade: accounts that were no customers
	converted []int64 // of these, won since
}

func newFigures(g *gathered) *figures {
	n := len(g.night.Grades)
	f := &figures{gathered: g, prospects: make([]int64, n), converted: make([]int64, n)}
	for at := range g.night.Len() {
		grade := g.night.Grade(at)
		if grade == graded.Unscored || g.night.Customer(at) {
			continue
		}
		f.prospects[grade]++
		if g.won[at] {
			f.converted[grade]++
		}
	}
	return f
}

// A group is a row with what its differences are made of.
type group struct {
	Row
	effect      float64 // of clustered deals on the win rate
	size, cycle sample
}

// row makes the figures of the grades from to below to.
func (f *figures) row(name string, from, to int) *group {
	r := &group{Row: Row{Grade: name}}
	for i := from; i < to; i++ {
		r.Accounts, r.Won = r.Accounts+f.prospects[i], r.Won+f.converted[i]
	}
	var deals []deal
	for _, d := range f.deals {
		if grade := f.night.Grade(d.account); grade >= from && grade < to {
			deals = append(deals, d)
		}
	}
	if f.in.HasWins || f.table.Needs("won", "closed_at") == nil {
		if i, ok := metrics.Wilson(float64(r.Won), float64(r.Accounts)); ok {
			r.Conversion = &i
		}
	}
	r.rate(deals)
	var won []deal
	for _, d := range deals {
		if d.won {
			won = append(won, d)
		}
	}
	r.size = newSample(won, func(d deal) float64 { return d.amount })
	r.cycle = newSample(won, func(d deal) float64 { return d.cycle })
	stream := uint64(from + 1) // groups that are compared are drawn apart
	r.Size, r.Cycle = r.size.spread(f.in.Seed, stream), r.cycle.spread(f.in.Seed, stream)
	return r
}

// rate counts deals and sets the win rate.
func (r *group) rate(deals []deal) {
	place := map[int]int{}
	var hits, trials []float64
	for _, d := range deals {
		at, ok := place[d.account]
		if !ok {
			at = len(hits)
			place[d.account] = at
			hits, trials = append(hits, 0), append(trials, 0)
		}
		r.Deals, trials[at] = r.Deals+1, trials[at]+1
		if d.won {
			r.DealsWon, hits[at] = r.DealsWon+1, hits[at]+1
		}
	}
	r.effect = metrics.DesignEffect(hits, trials)
	if i, ok := metrics.Wilson(float64(r.DealsWon)/r.effect, float64(r.Deals)/r.effect); ok {
		r.WinRate = &i
	}
}

// A sample is values of deals, each of an account.
type sample struct {
	values   []float64 // rising
	account  []int32   // numbered from 0, by value
	accounts int

	means, medians []float64 // of the draws; nil: too few accounts
}

func newSample(deals []deal, of func(deal) float64) sample {
	var s sample
	numbers := map[int]int32{}
	type value struct {
		v  float64
		at int32
	}
	var all []value
	for _, d := range deals {
		v := of(d)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		at, ok := numbers[d.account]
		if !ok {
			at = int32(len(numbers))
			numbers[d.account] = at
		}
		all = append(all, value{v, at})
	}
	slices.SortStableFunc(all, func(a, b value) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return int(a.at - b.at)
	})
	for _, x := range all {
		s.values, s.account = append(s.values, x.v), append(s.account, x.at)
	}
	s.accounts = len(numbers)
	return s
}

// spread returns mean and median; nil of no values. Accounts are drawn, each with
// all its deals.
func (s *sample) spread(seed, stream uint64) *Spread {
	if len(s.values) == 0 {
		return nil
	}
	counts := make([]float64, s.accounts)
	for i := range counts {
		counts[i] = 1
	}
	mean, median := s.mean(counts), s.median(counts)
	out := &Spread{
		Deals: int64(len(s.values)), Accounts: int64(s.accounts), Sure: s.accounts >= leastAccounts,
		Mean: metrics.Interval{Value: mean, Low: mean, High: mean}, Median: metrics.Interval{Value: median, Low: median, High: median},
	}
	if !out.Sure {
		return out
	}
	rng := rand.New(rand.NewPCG(seed, stream))
	for range draws {
		metrics.Draw(counts, rng)
		s.means, s.medians = append(s.means, s.mean(counts)), append(s.medians, s.median(counts))
	}
	out.Mean = metrics.Percentile(mean, slices.Clone(s.means), 1)
	out.Median = metrics.Percentile(median, slices.Clone(s.medians), 1)
	return out
}

// mean returns the mean, each account drawn so many times.
func (s *sample) mean(counts []float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range s.values {
		w := counts[s.account[i]]
		sum, n = sum+w*v, n+w
	}
	return sum / n
}

// median returns the median, halfway between two where the values are even in
// number.
func (s *sample) median(counts []float64) float64 {
	n := 0.0
	for i := range s.values {
		n += counts[s.account[i]]
	}
	below := 0.0
	for i, v := range s.values {
		if below += counts[s.account[i]]; below > n/2 {
			return v
		}
		if below == n/2 {
			for k := i + 1; k < len(s.values); k++ {
				if counts[s.account[k]] > 0 {
					return (v + s.values[k]) / 2
				}
			}
		}
	}
	return s.values[len(s.values)-1]
}
