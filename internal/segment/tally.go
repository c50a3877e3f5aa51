package segment

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/metrics"
)

// mostTypical is how many accounts stand for a segment.
const mostTypical = 3

// halfKnown is what an unknown feature adds, in millionths, when typical accounts
// are looked for: as much as one that differs half. Accounts of which little is
// known are near to everything.
const halfKnown = model.Micro / 2

// A tally counts accounts by segment, that of Other last.
type tally struct {
	segments []count
	slots    [][]int64 // by feature; [slot*segments + segment]; slot 0: unknown; of sets 1: known, 2+i: items
}

// A count is what is counted of one segment.
type count struct {
	accounts, customers int64
	grades              []int64 // by grade
	points              int64   // sum, in millionths
	squares             float64 // sum of squared points
	measured, micro     int64   // accounts that have a distance, and the sum of these
	typical             []typical
}

// distance returns the mean distance, nil where no account has one.
func (c *count) distance() *float64 {
	if c.measured == 0 {
		return nil
	}
	v := float64(c.micro) / model.Micro / float64(c.measured)
	return &v
}

// A typical account is near the middle of its segment.
type typical struct {
	Typical
	far int64
}

// Typical is an account that stands for a segment.
type Typical struct {
	Domain   string  `json:"domain"`
	Name     string  `json:"name"`
	Grade    string  `json:"grade"`
	Points   float64 `json:"points"`
	Customer bool    `json:"customer"`
	Distance float64 `json:"distance"`
}

func newTally(d *Definition) *tally {
	k := len(d.Segments) + 1
	t := &tally{segments: make([]count, k)}
	for i := range d.Features {
		t.slots = append(t.slots, make([]int64, d.Features[i].Slots()*k))
	}
	return t
}

// add counts row i of a table of codes in a segment; micro is its distance, -1 for
// none.
func (t *tally) add(b *bin.Table, i, segment int, micro int64) {
	k := len(t.segments)
	s := &t.segments[segment]
	s.accounts++
	if micro >= 0 {
		s.measured++
		s.micro += micro
	}
	for f := range b.Columns {
		c := &b.Columns[f]
		t.slots[f][int(c.Codes[i])*k+segment]++
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				t.slots[f][(2+int(item))*k+segment]++
			}
		}
	}
}

// far returns what typical accounts are ranked by.
func far(micro int64, known, features int) int64 {
	return micro*int64(known) + int64(features-known)*halfKnown
}

// wants reports whether an account that far would stand for a segment.
func (c *count) wants(far int64) bool {
	return len(c.typical) < mostTypical || far <= c.typical[len(c.typical)-1].far
}

// stand takes an account in that may stand for the segment.
func (c *count) stand(t typical) {
	at, _ := slices.BinarySearchFunc(c.typical, t, func(a, b typical) int {
		return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.Domain, b.Domain))
	})
	c.typical = slices.Insert(c.typical, at, t)
	c.typical = c.typical[:min(len(c.typical), mostTypical)]
}

// merge adds what another tally of the same definition counted.
func (t *tally) merge(o *tally) {
	for i := range t.segments {
		t.segments[i].merge(&o.segments[i])
	}
	for f := range t.slots {
		for i, n := range o.slots[f] {
			t.slots[f][i] += n
		}
	}
}

// merge adds what was counted of the same segment elsewhere.
func (c *count) merge(o *count) {
	c.accounts += o.accounts
	c.customers += o.customers
	c.points += o.points
	c.squares += o.squares
	c.measured += o.measured
	c.micro += o.micro
	for len(c.grades) < len(o.grades) {
		c.grades = append(c.grades, 0)
	}
	for g, n := range o.grades {
		c.grades[g] += n
	}
	for _, x := range o.typical {
		if c.wants(x.far) {
			c.stand(x)
		}
	}
}

// take counts what the grades say of an account; tally.add counts the account
// itself by its features.
func (c *count) take(g *graded) {
	if g.customer {
		c.customers++
	}
	for len(c.grades) <= int(g.grade) {
		c.grades = append(c.grades, 0)
	}
	c.grades[g.grade]++
	points := g.points()
	c.points += int64(g.micro)
	c.squares += points * points
}

// meanPoints returns the mean of the points with its interval, nil for nobody.
func (c *count) meanPoints() *metrics.Interval {
	if c.accounts == 0 {
		return nil
	}
	size := float64(c.accounts)
	mean := float64(c.points) / model.Micro / size
	half := metrics.Z95 * math.Sqrt(max(0, c.squares/size-mean*mean)/max(size-1, 1))
	return &metrics.Interval{Value: mean, Low: mean - half, High: mean + half}
}
