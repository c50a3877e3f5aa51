package project

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
)

// A GridConfig is a grid written by people: points for values, 0 to 100 in all.
//
// Mode sum adds the points of an account; mode pillars adds each pillar's share
// of its own maximum, weighted 0.4 firmographic, 0.3 technographic and 0.3
// intent. Either way a criterion whose value is not known leaves both the sum
// and the maximum: not known is not none.
type GridConfig struct {
	Mode     string            `yaml:"mode"`
	Criteria []CriterionConfig `yaml:"criteria"`
}

// A CriterionConfig gives points to one feature: by value for categories, sets,
// words and flags, by range for numbers and dates (a date is its age in days).
//
// A set gets the points of every item it holds. A flag has the values yes and
// no; none is another spelling of no. A known value that is not named gets
// Otherwise.
type CriterionConfig struct {
	Feature   string             `yaml:"feature"`
	Values    map[string]float64 `yaml:"values,omitempty"`
	Ranges    []RangeConfig      `yaml:"ranges,omitempty"`
	Otherwise float64            `yaml:"otherwise,omitempty"`
}

// A RangeConfig gives Points to numbers from From to To, both included. A bound
// left out is open. Where two ranges meet, their common bound belongs to the
// upper one.
type RangeConfig struct {
	From   *float64 `yaml:"from,omitempty"`
	To     *float64 `yaml:"to,omitempty"`
	Points float64  `yaml:"points"`
}

// grid checks the written grid against the features.
func (v *validator) grid(g *GridConfig, specs []features.Spec) {
	v.choice("grid.mode", g.Mode)
	if len(g.Criteria) == 0 {
		v.add("grid.criteria", "is empty; give points to at least one feature")
	}
	seen := map[string]int{}
	for i, c := range g.Criteria {
		path := fmt.Sprintf("grid.criteria[%d]", i)
		v.points(path+".otherwise", c.Otherwise)
		at := slices.IndexFunc(specs, func(s features.Spec) bool { return s.Name == c.Feature })
		if first, twice := seen[c.Feature]; twice {
			v.add(path+".feature", "%q has points in grid.criteria[%d] already; write one criterion a feature", c.Feature, first)
		}
		seen[c.Feature] = i
		if at < 0 {
			v.add(path+".feature", "no feature is named %q%s", c.Feature, suggest(c.Feature, specNames(specs)))
			continue
		}
		if ranged(specs[at].Kind) {
			v.rangesOf(path, c, specs[at])
		} else {
			v.valuesOf(path, c, specs[at])
		}
	}
}

// ranged reports whether a grid gives points to ranges of this kind.
func ranged(k features.Kind) bool { return k == features.Number || k == features.Date }

func (v *validator) valuesOf(path string, c CriterionConfig, s features.Spec) {
	if len(c.Ranges) > 0 {
		v.add(path+".ranges", "%s is a %s; give points to values", s.Name, s.Kind)
	}
	if len(c.Values) == 0 {
		v.add(path+".values", "is missing; give points to at least one value of %s", s.Name)
	}
	for value, points := range c.Values {
		at := path + ".values." + value
		v.points(at, points)
		if s.Kind == features.Flag && !slices.Contains([]string{"yes", "no", "none"}, value) {
			v.add(at, "%s is a flag; want yes or no", s.Name)
		}
	}
	_, no := c.Values["no"]
	_, none := c.Values["none"]
	if s.Kind == features.Flag && no && none {
		v.add(path+".values.none", "none is another spelling of no; write one of them")
	}
}

func (v *validator) rangesOf(path string, c CriterionConfig, s features.Spec) {
	if len(c.Values) > 0 {
		v.add(path+".values", "%s is a %s; give points to ranges, as in {from: 50, to: 200, points: 20}", s.Name, s.Kind)
	}
	if len(c.Ranges) == 0 {
		v.add(path+".ranges", "is missing; give points to at least one range of %s", s.Name)
	}
	below := math.Inf(-1)
	for i, r := range c.Ranges {
		at := fmt.Sprintf("%s.ranges[%d]", path, i)
		v.points(at+".points", r.Points)
		from, to := bound(r.From, -1), bound(r.To, 1)
		switch {
		case r.From == nil && r.To == nil:
			v.add(at, "has no bound; give from, to or both")
		case from > to:
			v.add(at, "goes from %g down to %g; swap them", from, to)
		case i > 0 && from < below:
			v.add(at, "starts at %s, inside or below the range before, which ends at %s; write ranges in rising order, not overlapping", boundText(from), boundText(below))
		}
		below = to
	}
}

// bound returns the value of a bound, or infinity with the sign of side.
func bound(b *float64, side int) float64 {
	if b == nil {
		return math.Inf(side)
	}
	return *b
}

func boundText(b float64) string {
	if math.IsInf(b, 0) {
		return "no bound"
	}
	return fmt.Sprintf("%g", b)
}

func (v *validator) points(path string, p float64) {
	if !(p >= 0) || math.IsInf(p, 0) {
		v.add(path, "is %g; want points from 0", p)
	}
}

func specNames(specs []features.Spec) []string {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	return names
}
