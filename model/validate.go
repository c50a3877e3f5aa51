package model

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// faults collects what is wrong with a model.
type faults []error

func (f *faults) check(ok bool, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Errorf("model: %w", fmt.Errorf(format, args...)))
	}
}

// Validate checks everything scoring relies on, and reports all faults.
func (m *Model) Validate() error {
	var f faults
	f.check(m.Format >= 1, "format is %d; want at least 1", m.Format)
	f.check(len(m.Terms) > 0, "no terms; want at least 1")
	f.check(finite(m.BasePoints), "base_points is %v; want a number", m.BasePoints)
	f.check(slices.Contains([]string{"neutral", "learn"}, m.Missing), "missing is %q; want neutral or learn", m.Missing)
	m.validateTerms(&f)
	f.ascending("pool quantile", m.Quantiles)
	for name, q := range m.PillarQuantiles {
		f.ascending(name+" quantile", q)
	}
	if m.Grid != nil {
		m.Grid.validate(&f, len(m.Terms))
		f.check(len(m.Trees) == 0, "a written grid with %d trees; want none", len(m.Trees))
	}
	if len(f) == 0 { // trees are walked over the terms
		m.validateTrees(&f)
	}
	if m.Golden != nil {
		m.validateGolden(&f)
	}
	return errors.Join(errors.Join(f...), m.Grades.Validate())
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
			*f = append(*f, err)
		}
		f.check(!seen[t.Feature], "feature %q is there twice", t.Feature)
		seen[t.Feature] = true
		f.check(len(t.MicroPoints) == t.Slots(), "feature %q: %d points for %d bins", t.Feature, len(t.MicroPoints), t.Slots())
		f.check(len(t.Customers) == t.Slots() && len(t.Pool) == t.Slots(), "feature %q: %d and %d counts for %d bins", t.Feature, len(t.Customers), len(t.Pool), t.Slots())
		f.check(t.Effect == nil || len(t.Effect) == t.Slots(), "feature %q: %d effects for %d bins", t.Feature, len(t.Effect), t.Slots())
		f.check(t.MeanAbsolute >= 0 && finite(t.MeanAbsolute), "feature %q: mean_absolute is %v; want at least 0", t.Feature, t.MeanAbsolute)
		f.check(t.Spread == nil || len(t.Spread) == t.Slots(), "feature %q: %d spreads for %d bins", t.Feature, len(t.Spread), t.Slots())
		f.check(!slices.Contains(t.MicroPoints, math.MinInt32), "feature %q: points below -2147.483647", t.Feature)
		if i < len(m.Specs) {
			s := m.Specs[i]
			f.check(s.Name == t.Feature && s.Kind == t.Kind && s.Pillar == t.Pillar, "spec %d is of feature %q, its term of %q", i, s.Name, t.Feature)
		}
	}
}

// validate checks the scaling of a written grid of so many terms.
func (g *Grid) validate(f *faults, terms int) {
	f.check(g.Mode == "sum" || g.Mode == "pillars", "grid: mode is %q; want sum or pillars", g.Mode)
	f.check(len(g.Maximum) == terms, "grid: %d maxima for %d terms", len(g.Maximum), terms)
	for i, most := range g.Maximum {
		f.check(most > 0, "grid: maximum of term %d is %d; want above 0", i, most)
	}
	for _, p := range features.Pillars {
		w := g.Weights[string(p)]
		f.check(g.Mode == "sum" || w > 0 && finite(w), "grid: weight of pillar %s is %v; want above 0", p, w)
	}
}

// validateGolden checks that there is a value of every term for every account.
func (m *Model) validateGolden(f *faults) {
	g := m.Golden
	f.check(len(g.Columns) == len(m.Terms), "%d golden columns for %d terms", len(g.Columns), len(m.Terms))
	for k := range min(len(g.Columns), len(m.Terms)) {
		c, t := &g.Columns[k], &m.Terms[k]
		f.check(c.Feature == t.Feature, "golden column %d is of feature %q; want %q", k, c.Feature, t.Feature)
		n := len(c.Numbers)
		switch t.Kind.Type() {
		case datasets.Category:
			n = len(c.Texts)
		case datasets.Set:
			n = len(c.Sets)
		}
		f.check(n == len(g.Margins), "golden column %q: %d values for %d accounts", c.Feature, n, len(g.Margins))
	}
}
