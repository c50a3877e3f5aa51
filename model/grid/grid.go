// Package grid turns a grid of points written by people into a model: the same
// points table that learners make, with provenance "written".
//
// Points of the matching values are added (mode sum), or their shares of each
// pillar's maximum are averaged by weight (mode pillars). A criterion whose
// value is unknown leaves both the sum and the maximum; an observed "none" is a
// value. The result is a score of 0 to 100, with no claim of lift.
package grid

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// Modes of a grid.
const (
	Sum     = "sum"
	Pillars = "pillars"
)

// A Criterion gives points to values of one feature.
type Criterion struct {
	Feature   string
	Values    []ValuePoints // category, flag (yes, no) and set: compared without case
	Ranges    []Range       // number and date
	Otherwise float64       // a known value that matches nothing
}

// ValuePoints are the points of one value; on a set, of every item it holds.
type ValuePoints struct {
	Value  string
	Points float64
}

// A Range gives points to numbers from From to To, both included; an infinite
// bound is open. Where two ranges meet, the bound belongs to the upper one.
type Range struct{ From, To, Points float64 }

// Cuts are the least scores of the grades A to E of a written grid.
var Cuts = []float64{80, 65, 50, 35, 20}

// New returns the terms and scaling of a grid over the given features, with the
// specs of its terms. All faults of all criteria are reported.
func New(mode string, criteria []Criterion, specs []features.Spec) ([]model.Term, *model.Grid, []features.Spec, error) {
	if mode != Sum && mode != Pillars {
		return nil, nil, nil, fmt.Errorf("grid: mode is %q; want sum or pillars", mode)
	}
	g := &model.Grid{Mode: mode}
	if mode == Pillars {
		g.Weights = map[string]float64{}
		for i, p := range features.Pillars {
			g.Weights[string(p)] = model.PriorityWeights[i]
		}
	}
	var terms []model.Term
	var used []features.Spec
	var errs []error
	for _, c := range criteria {
		i := slices.IndexFunc(specs, func(s features.Spec) bool { return s.Name == c.Feature })
		if i < 0 {
			errs = append(errs, fmt.Errorf("grid: criterion %q: no such feature", c.Feature))
			continue
		}
		if slices.ContainsFunc(used, func(s features.Spec) bool { return s.Name == c.Feature }) {
			errs = append(errs, fmt.Errorf("grid: criterion %q: there are two; want one a feature", c.Feature))
			continue
		}
		t, err := c.term(specs[i])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		terms, used = append(terms, t), append(used, specs[i])
		g.Maximum = append(g.Maximum, int32(maximum(&t)))
	}
	if len(terms) == 0 && len(errs) == 0 {
		errs = append(errs, errors.New("grid: no criteria; want at least 1"))
	}
	return terms, g, used, errors.Join(errs...)
}

// maximum returns the most micro-points a term can give: of a set, those of all
// its items together.
func maximum(t *model.Term) int64 {
	if !t.IsSet() {
		return int64(slices.Max(t.MicroPoints))
	}
	var sum int64
	for _, p := range t.MicroPoints[2:] {
		sum += int64(p)
	}
	return sum
}

// mostPoints is the most that a criterion may give.
const mostPoints = 1000

// term returns the points of a criterion by bin.
func (c Criterion) term(spec features.Spec) (model.Term, error) {
	t := model.Term{Binning: bin.Binning{Feature: spec.Name, Pillar: spec.Pillar, Kind: spec.Kind}, Provenance: "written"}
	fault := func(format string, args ...any) (model.Term, error) {
		return t, fmt.Errorf("grid: criterion %q: %w", c.Feature, fmt.Errorf(format, args...))
	}
	ranged := spec.Kind == features.Number || spec.Kind == features.Date
	if ranged && len(c.Values) > 0 || !ranged && len(c.Ranges) > 0 {
		return fault("a %s has points for the other of values and ranges", spec.Kind)
	}
	if t.IsSet() && c.Otherwise != 0 {
		return fault("a %s gives the points of its items, and none otherwise", spec.Kind)
	}
	points, err := c.points(&t.Binning)
	if err != nil {
		return fault("%w", err)
	}
	for _, p := range points {
		if !(p >= 0 && p <= mostPoints) {
			return fault("%v points; want 0 to %d", p, mostPoints)
		}
		t.MicroPoints = append(t.MicroPoints, int32(math.Round(p*model.Micro)))
	}
	if err := t.Binning.Validate(); err != nil {
		return fault("%w", err)
	}
	if most := maximum(&t); most == 0 {
		return fault("no value earns points")
	} else if most > mostPoints*model.Micro {
		return fault("its items give %d points together; want at most %d", most/model.Micro, mostPoints)
	}
	t.Customers, t.Pool = make([]int, t.Slots()), make([]int, t.Slots())
	return t, nil
}

// points returns the points of every slot of b, and gives b its bins.
func (c Criterion) points(b *bin.Binning) ([]float64, error) {
	switch b.Kind {
	case features.Number, features.Date:
		return c.ranges(b)
	case features.Flag:
		return c.flag()
	case features.Category:
		points := []float64{0}
		for _, v := range c.Values {
			b.Values, b.Labels = append(b.Values, bin.Fold(v.Value)), append(b.Labels, v.Value)
			points = append(points, v.Points)
		}
		return append(points, c.Otherwise), nil
	default:
		points := []float64{0, 0}
		for _, v := range c.Values {
			b.Items, b.Labels = append(b.Items, bin.Fold(v.Value)), append(b.Labels, v.Value)
			points = append(points, v.Points)
		}
		return points, nil
	}
}

// ranges sets the edges at the ends of the ranges: a bin holds numbers above
// its lower edge up to its upper one, so From starts just below itself.
func (c Criterion) ranges(b *bin.Binning) ([]float64, error) {
	sorted := slices.SortedStableFunc(slices.Values(c.Ranges), func(a, b Range) int { return cmp.Compare(a.From, b.From) })
	points := []float64{0}
	last, from := math.Inf(-1), math.NaN()
	for _, r := range sorted {
		if !(r.From <= r.To) || r.From < last || r.From == from || math.IsInf(r.From, 1) || math.IsInf(r.To, -1) {
			return nil, fmt.Errorf("range %v to %v is empty or overlaps another", r.From, r.To)
		}
		from = r.From
		below := math.Nextafter(r.From, math.Inf(-1))
		switch {
		case math.IsInf(r.From, -1) || below == last: // no number lies between
		case r.From == last:
			b.Edges[len(b.Edges)-1] = below
		default:
			b.Edges = append(b.Edges, below)
			points = append(points, c.Otherwise)
		}
		points = append(points, r.Points)
		if last = r.To; !math.IsInf(r.To, 1) {
			b.Edges = append(b.Edges, r.To)
		}
	}
	if !math.IsInf(last, 1) {
		points = append(points, c.Otherwise)
	}
	if len(points) != b.Slots() {
		return nil, fmt.Errorf("ranges make %d bins with %d points", b.Slots(), len(points))
	}
	return points, nil
}

func (c Criterion) flag() ([]float64, error) {
	points := []float64{0, c.Otherwise, c.Otherwise}
	for _, v := range c.Values {
		switch bin.Fold(v.Value) {
		case "no", "none", "false":
			points[1] = v.Points
		case "yes", "true":
			points[2] = v.Points
		default:
			return nil, fmt.Errorf("value %q of a flag; want yes or no", v.Value)
		}
	}
	return points, nil
}
