package segment

import (
	"math"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Divided is what a night's segments are: the content of _segments.json. Shares
// are from 0 to 1; intervals are 95 %.
type Divided struct {
	Format     int        `json:"format"`
	AsOf       string     `json:"as_of"`
	Verdict    string     `json:"verdict"`    // found, asked, none or written
	Definition string     `json:"definition"` // its fingerprint
	MadeOf     string     `json:"made_of"`    // date of the accounts that the segments were made of
	Sample     int        `json:"sample"`     // accounts of that date
	Features   []string   `json:"features"`   // by which accounts are told apart
	Scored     int64      `json:"scored"`     // accounts, each in exactly one segment
	Customers  int64      `json:"customers"`  // of these
	Unscored   int64      `json:"unscored"`   // rows without a grade, which are in none
	Grades     []string   `json:"grades"`     // best first
	Trials     []Trial    `json:"trials"`
	Portraits  []Portrait `json:"segments"` // in the order of the definition; other last, if an account is in it
	Sizes      *Sizes     `json:"sizes"`    // against the night before; nil: there is none of these segments

	Reconciliation *Reconciliation `json:"reconciliation"` // of marketing's and sales's own segments; nil: they are not given
}

// A Portrait is what is known of one segment tonight.
type Portrait struct {
	Name      string   `json:"name"`
	Named     []Value  `json:"named"`          // the values that the name is made of, as they were then
	Twin      int      `json:"twin,omitempty"` // as in Segment
	Where     string   `json:"where,omitempty"`
	Stability *float64 `json:"stability"` // how much of it is found again in other samples, 0 to 1; nil: it was not looked for
	Accounts  int64    `json:"accounts"`
	Share     float64  `json:"share"`  // of the scored accounts
	Then      float64  `json:"then"`   // the same, of the sample that the segments were made of
	Before    *int64   `json:"before"` // accounts of the night before; nil: there is none

	Customers int64             `json:"customers"`
	Captured  *metrics.Interval `json:"captured"` // share of all customers; nil: there are none
	Rate      *metrics.Interval `json:"rate"`     // share of the segment's accounts that are customers; nil: it is empty
	Lift      *metrics.Interval `json:"lift"`     // that share over that of the other accounts; nil: no customers, or too few accounts

	Grades   []int64           `json:"grades"` // accounts by grade, in the order of Divided.Grades
	Points   *metrics.Interval `json:"points"` // mean; nil: too few accounts
	Distance *float64          `json:"distance"`
	Values   []Value           `json:"values"`
	Typical  []Typical         `json:"typical"` // at most three
}

// Sizes compare the segments with those of an earlier night.
type Sizes struct {
	AsOf  string  `json:"as_of"`
	PSI   float64 `json:"psi"`   // of the accounts by segment
	Limit float64 `json:"limit"` // 0.10, or what chance gives two bases of these sizes in 5 of 100 nights, if more
	Alarm bool    `json:"alarm"` // PSI > Limit
}

// Empty reports whether nobody is in the segment.
func (p *Portrait) Empty() bool { return p.Accounts == 0 }

// divided makes portraits of what was counted.
func (n *Night) divided(t *tally) *Divided {
	d := n.Definition
	out := &Divided{
		Format: Format, AsOf: n.Accounts.AsOf, Verdict: d.Verdict(), Definition: d.Fingerprint(), MadeOf: d.AsOf, Sample: d.Sample, Features: page.CleanAll(d.names()),
		Unscored: n.Graded.Unscored, Grades: page.CleanAll(n.Graded.grades), Trials: d.Trials, Portraits: []Portrait{},
	}
	for i := range t.segments {
		out.Scored += t.segments[i].accounts
		out.Customers += t.segments[i].customers
	}
	for i := range t.segments {
		other := i == len(d.Segments)
		if other && t.segments[i].accounts == 0 {
			continue
		}
		p := n.portrait(t, i, out)
		if other {
			p.Name = Other
		} else {
			s := &d.Segments[i]
			p.Name, p.Where, p.Stability, p.Then = s.Name, page.Clean(s.Where), s.Stability, s.Share
			p.Named, p.Twin = append(p.Named, s.Named...), s.Twin
		}
		out.Portraits = append(out.Portraits, p)
	}
	return out
}

// portrait describes one segment.
func (n *Night) portrait(t *tally, segment int, all *Divided) Portrait {
	c := &t.segments[segment]
	p := Portrait{
		Named: []Value{}, Accounts: c.accounts, Share: float64(c.accounts) / float64(max(all.Scored, 1)), Customers: c.customers,
		Grades: make([]int64, len(all.Grades)), Distance: c.distance(), Values: n.Definition.values(t, segment), Typical: []Typical{},
	}
	copy(p.Grades, c.grades)
	for _, x := range c.typical {
		p.Typical = append(p.Typical, x.Typical)
	}
	if all.Customers > 0 {
		p.Captured = wilson(c.customers, all.Customers)
	}
	if c.accounts == 0 {
		return p
	}
	p.Rate = wilson(c.customers, c.accounts)
	if c.accounts < leastCompared {
		return p
	}
	if rest := all.Scored - c.accounts; rest >= leastCompared && all.Customers > 0 {
		var v Value
		fill(&v, c.customers, c.accounts, all.Customers-c.customers, rest)
		p.Lift = &v.Lift
	}
	p.Points = c.meanPoints()
	return p
}

// leastCompared is how many accounts a segment must have for a lift and a mean: the
// normal intervals of fewer say nothing.
const leastCompared = 20

// wilson returns the share k/n, n > 0, with its 95 % score interval.
func wilson(k, n int64) *metrics.Interval {
	i, _ := metrics.Wilson(float64(k), float64(n))
	return &i
}

// leastDrift is a PSI that is small by custom, whatever chance gives.
const leastDrift = 0.1

// Against compares the sizes with those of an earlier night, which count only where
// the segments are the same.
func (d *Divided) Against(before *Divided) error {
	if before == nil || before.Definition != d.Definition {
		return nil
	}
	then := map[string]int64{}
	for i := range before.Portraits {
		then[before.Portraits[i].Name] = before.Portraits[i].Accounts
	}
	var was, is []float64
	for i := range d.Portraits {
		n := then[d.Portraits[i].Name]
		d.Portraits[i].Before = &n
		was, is = append(was, float64(n)), append(is, float64(d.Portraits[i].Accounts))
		delete(then, d.Portraits[i].Name)
	}
	if n, ok := then[Other]; ok {
		was, is = append(was, float64(n)), append(is, 0)
	}
	d.Sizes = &Sizes{AsOf: before.AsOf}
	if len(was) < 2 || before.Scored == 0 || d.Scored == 0 {
		return nil
	}
	var err error
	if d.Sizes.PSI, err = metrics.PSI(was, is); err != nil {
		return err
	}
	chance := metrics.PSILimit(len(was), float64(before.Scored), float64(d.Scored), 0.05)
	d.Sizes.Limit = max(leastDrift, chance)
	d.Sizes.Alarm = d.Sizes.PSI > d.Sizes.Limit
	return nil
}

// distanceOf makes a distance of millionths; NaN, which is missing, of less than 0.
func distanceOf(micro int64) float64 {
	if micro < 0 {
		return math.NaN()
	}
	return float64(micro) / model.Micro
}
