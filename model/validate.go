package model

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// faults collects what is wrong with a model: the first faults, and how many
// there are, for a file of a million wrong numbers has a million.
type faults struct {
	errs []error
	more int
}

// mostFaults is how many faults are reported.
const mostFaults = 20

func (f *faults) check(ok bool, format string, args ...any) {
	if !ok {
		f.add(fmt.Errorf("model: %w", fmt.Errorf(format, args...)))
	}
}

func (f *faults) add(err error) {
	if len(f.errs) == mostFaults {
		f.more++
		return
	}
	f.errs = append(f.errs, err)
}

// err returns the faults as one error, nil for none.
func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(errors.Join(f.errs...), fmt.Errorf("model: and %d faults more", f.more))
	}
	return errors.Join(f.errs...)
}

// mostBase is the most base points, either way: beyond it the average account
// would have a lift that no number holds.
const mostBase = 10_000

// Validate checks everything scoring relies on, and reports all faults.
func (m *Model) Validate() error {
	var f faults
	f.check(m.Format >= 1, "format is %d; want at least 1", m.Format)
	f.check(len(m.Terms) > 0, "no terms; want at least 1")
	f.check(math.Abs(m.BasePoints) <= mostBase, "base_points is %v; want at most %d, either way", m.BasePoints, mostBase)
	f.check(m.Customers >= 0 && m.Pool >= 0, "%d customers and %d pool accounts; want at least 0", m.Customers, m.Pool)
	f.check(slices.Contains([]string{"neutral", "learn"}, m.Missing), "missing is %q; want neutral or learn", m.Missing)
	m.validateTerms(&f)
	f.ascending("pool quantile", m.Quantiles)
	for name, q := range m.PillarQuantiles {
		f.ascending(name+" quantile", q)
	}
	if m.Grid != nil {
		m.Grid.validate(&f, m.Terms)
		f.check(len(m.Trees) == 0, "a written grid with %d trees; want none", len(m.Trees))
	}
	if len(f.errs) == 0 { // trees are walked over the terms
		m.validateTrees(&f)
	}
	if m.Golden != nil {
		m.validateGolden(&f)
	}
	m.Grades.validate(&f)
	if m.Experience != nil {
		m.validateTally(&f, m.Experience)
	}
	return f.err()
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (f *faults) ascending(what string, q []int64) {
	for i := 1; i < len(q); i++ {
		f.check(q[i] >= q[i-1], "%s %d is below the one before", what, i)
	}
}

// validateTerms checks the terms, and that the specs are theirs, in their order.
func (m *Model) validateTerms(f *faults) {
	terms := slices.Concat(m.Terms, m.Intent)
	f.check(len(m.Specs) == len(terms), "%d specs for %d terms and %d signals", len(m.Specs), len(m.Terms), len(m.Intent))
	seen := map[string]bool{}
	for i := range terms {
		t := &terms[i]
		if err := t.Binning.Validate(); err != nil {
			f.add(err)
		}
		f.check(!seen[t.Feature], "feature %q is there twice", t.Feature)
		seen[t.Feature] = true
		f.check(len(t.MicroPoints) == t.Slots(), "feature %q: %d points for %d bins", t.Feature, len(t.MicroPoints), t.Slots())
		f.check(len(t.Customers) == t.Slots() && len(t.Pool) == t.Slots(), "feature %q: %d and %d counts for %d bins", t.Feature, len(t.Customers), len(t.Pool), t.Slots())
		f.check(t.Effect == nil || len(t.Effect) == t.Slots(), "feature %q: %d effects for %d bins", t.Feature, len(t.Effect), t.Slots())
		f.check(t.MeanAbsolute >= 0 && finite(t.MeanAbsolute), "feature %q: mean_absolute is %v; want at least 0", t.Feature, t.MeanAbsolute)
		f.check(t.Spread == nil || len(t.Spread) == t.Slots(), "feature %q: %d spreads for %d bins", t.Feature, len(t.Spread), t.Slots())
		f.check(!slices.Contains(t.MicroPoints, math.MinInt32) && !slices.Contains(t.Effect, math.MinInt32), "feature %q: points below -2147.483647", t.Feature)
		for slot := range min(len(t.Customers), len(t.Pool)) {
			f.check(t.Customers[slot] >= 0 && t.Pool[slot] >= 0, "feature %q: %d customers and %d of the pool in bin %d; want at least 0", t.Feature, t.Customers[slot], t.Pool[slot], slot)
		}
		if i < len(m.Specs) {
			s := m.Specs[i]
			f.check(s.Name == t.Feature && s.Kind == t.Kind && s.Pillar == t.Pillar, "spec %d is of feature %q, its term of %q", i, s.Name, t.Feature)
		}
	}
}

// validate checks the scaling of a written grid of these terms: its shares of a
// score fit into 32 bits where no term gives more than its maximum.
func (g *Grid) validate(f *faults, terms []Term) {
	f.check(g.Mode == "sum" || g.Mode == "pillars", "grid: mode is %q; want sum or pillars", g.Mode)
	f.check(len(g.Maximum) == len(terms), "grid: %d maxima for %d terms", len(g.Maximum), len(terms))
	for i, most := range g.Maximum[:min(len(g.Maximum), len(terms))] {
		f.check(most > 0, "grid: maximum of term %d is %d; want above 0", i, most)
		var least, greatest int64 // of a set, all its items together
		for _, p := range terms[i].MicroPoints {
			if v := int64(p); terms[i].IsSet() {
				least, greatest = least+min(0, v), greatest+max(0, v)
			} else {
				least, greatest = min(least, v), max(greatest, v)
			}
		}
		f.check(max(-least, greatest) <= int64(most), "grid: term %d gives from %d to %d micro-points; want at most its maximum %d, either way", i, least, greatest, most)
	}
	for _, p := range features.Pillars {
		w := g.Weights[string(p)]
		f.check(g.Mode == "sum" || w > 0 && w <= mostWeight, "grid: weight of pillar %s is %v; want above 0, at most %g", p, w, mostWeight)
	}
}

// mostWeight bounds the weights of pillars, so that their sum is a number.
const mostWeight = 1e6

// validateGolden checks that there is a value of every term for every account.
func (m *Model) validateGolden(f *faults) {
	g := m.Golden
	f.check(len(g.Columns) == len(m.Terms), "%d golden columns for %d terms", len(g.Columns), len(m.Terms))
	f.check(len(g.Margins) <= mostGolden, "%d golden accounts; want at most %d", len(g.Margins), mostGolden)
	for k := range min(len(g.Columns), len(m.Terms)) {
		c, t := &g.Columns[k], &m.Terms[k]
		f.check(c.Feature == t.Feature, "golden column %d is of feature %q; want %q", k, c.Feature, t.Feature)
		n := [...]int{len(c.Numbers), len(c.Texts), len(c.Sets)} // of which only the kind's own may be
		own := 0
		switch t.Kind.Type() {
		case datasets.Category:
			own = 1
		case datasets.Set:
			own = 2
		}
		f.check(n[own] == len(g.Margins), "golden column %q: %d values for %d accounts", c.Feature, n[own], len(g.Margins))
		n[own] = 0
		f.check(n == [3]int{}, "golden column %q: values of another kind", c.Feature)
		for i, v := range c.Numbers {
			f.check(v == nil || goldenValue(t.Kind, *v), "golden column %q: value %d is %v, which no %s is", c.Feature, i, deref(v), t.Kind)
		}
	}
}

// goldenValue reports whether a number is a value of the kind: a whole age that
// days can hold, or 0 or 1 for a flag.
func goldenValue(kind features.Kind, v float64) bool {
	switch kind {
	case features.Date:
		return v == math.Trunc(v) && math.Abs(v) < 1<<31
	case features.Flag:
		return v == 0 || v == 1
	}
	return finite(v)
}

func deref(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
