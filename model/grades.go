package model

import (
	"fmt"
	"math"
)

// Grades holds the frozen cuts of a model.
type Grades struct {
	Scale      string   `json:"scale"`      // A-F, A-D+F or A-D
	Method     string   `json:"method"`     // lift, quantile, score, capture or capacity
	On         string   `json:"on"`         // fit or priority
	Hysteresis float64  `json:"hysteresis"` // points
	Cuts       []Cut    `json:"cuts"`       // best grade first; the last one has no least margin
	Notes      []string `json:"notes,omitempty"`
}

// A Cut is one grade: the least margin that earns it, and its tier. A margin
// equal to the cut earns the grade. Where grades are cut on priority, Margin is
// in micro-points of priority, 0 to 100.
type Cut struct {
	Grade  string `json:"grade"`
	Margin int64  `json:"margin"`
	Tier   int32  `json:"tier"`
}

// Scales lists the grades of each scale, best first.
var Scales = map[string][]string{
	"A-F":   {"A", "B", "C", "D", "E", "F"},
	"A-D+F": {"A", "B", "C", "D", "F"},
	"A-D":   {"A", "B", "C", "D"},
}

// Tiers are the tiers of the grades: the best two, the middle two, the rest.
func tier(grade string) int32 {
	switch grade {
	case "A", "B":
		return 1
	case "C", "D":
		return 2
	default:
		return 3
	}
}

// NewGrades returns the grades of a scale with the given least margins of all
// grades but the last, best first.
func NewGrades(scale string, margins []int64) (Grades, error) {
	names, ok := Scales[scale]
	if !ok {
		return Grades{}, fmt.Errorf("model: grades: scale is %q; want A-F, A-D+F or A-D", scale)
	}
	if len(margins) != len(names)-1 {
		return Grades{}, fmt.Errorf("model: grades: %d cuts; scale %s wants %d", len(margins), scale, len(names)-1)
	}
	g := Grades{Scale: scale}
	for i, n := range names {
		cut := Cut{Grade: n, Margin: math.MinInt64, Tier: tier(n)}
		if i < len(margins) {
			cut.Margin = margins[i]
		}
		g.Cuts = append(g.Cuts, cut)
	}
	return g, g.Validate()
}

// mostHysteresis is the most points of hysteresis: a factor of lift that no
// account passes.
const mostHysteresis = 1000

// Validate checks that the grades are the scale's, that cuts descend and that
// every margin has a grade.
func (g *Grades) Validate() error {
	var f faults
	g.validate(&f)
	return f.err()
}

func (g *Grades) validate(f *faults) {
	names, ok := Scales[g.Scale]
	f.check(ok, "grades: scale is %q; want A-F, A-D+F or A-D", g.Scale)
	f.check(len(g.Cuts) > 0, "grades: no cuts")
	f.check(!ok || len(g.Cuts) == len(names), "grades: %d cuts; scale %s wants %d", len(g.Cuts), g.Scale, len(names))
	for i := range g.Cuts {
		c := &g.Cuts[i]
		f.check(i >= len(names) || c.Grade == names[i], "grades: cut %d is of %q; want the grades %q", i, c.Grade, names)
		f.check(c.Tier >= 1 && c.Tier <= 9, "grades: %s is of tier %d; want 1 to 9", c.Grade, c.Tier)
		if i > 0 {
			f.check(c.Margin <= g.Cuts[i-1].Margin, "grades: %s starts at %d, above %s at %d", c.Grade, c.Margin, g.Cuts[i-1].Grade, g.Cuts[i-1].Margin)
		}
	}
	if n := len(g.Cuts); n > 0 {
		f.check(g.Cuts[n-1].Margin == math.MinInt64, "grades: the last grade %s has a least margin; want none", g.Cuts[n-1].Grade)
	}
	f.check(g.Hysteresis >= 0 && g.Hysteresis <= mostHysteresis, "grades: hysteresis is %v; want 0 to %d", g.Hysteresis, mostHysteresis)
}

// Index returns which cut a margin falls into: cuts descend, so it is as many as
// the margin does not reach.
func (g *Grades) Index(margin int64) int {
	cut := 0
	for i := range g.Cuts {
		missed := 0
		if margin < g.Cuts[i].Margin {
			missed = 1
		}
		cut += missed
	}
	return min(cut, len(g.Cuts)-1)
}

// Keep returns the cut that an account holds whose previous grade is given: the
// one its margin falls into, unless the margin has not passed the border of the
// previous grade by the hysteresis. An unknown previous grade does not count, nor
// does one that these cuts leave empty: no account is graded what none can earn.
//
// A grade once left is not entered again before the margin has come back by twice
// the hysteresis.
func (g *Grades) Keep(margin int64, previous string) int {
	now := g.Index(margin)
	before := -1
	for i := range g.Cuts {
		if g.Cuts[i].Grade == previous && (i == 0 || g.Cuts[i].Margin < g.Cuts[i-1].Margin) {
			before = i
		}
	}
	if before < 0 || before == now {
		return now
	}
	slack := int64(math.Round(g.Hysteresis * Micro))
	if now < before { // up: past the cut of a better grade
		if settled := g.Index(margin - slack); settled < before {
			return settled
		}
		return before
	}
	if settled := g.Index(margin + slack); settled > before {
		return settled
	}
	return before
}
