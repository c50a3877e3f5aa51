package pipeline

import (
	"maps"
	"math"
	"slices"

	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/grid"
	"github.com/icpfit/icpfit/model/train"
)

// written makes a model of the grid in icpfit.yaml.
func (r *Run) written(s *drawn, o train.Options) (*train.Result, error) {
	c := r.Project.Config
	if c.Grid == nil {
		return nil, usagef("train: learner grid, but icpfit.yaml has no grid; write the criteria and their points under grid:")
	}
	terms, scaling, specs, err := grid.New(c.Grid.Mode, criteria(c.Grid), c.Features)
	if err != nil {
		return nil, err
	}
	s.Specs = specs
	o.Intent = nil // a written grid's intent criteria are part of its margin
	return train.Written(s.Frame, terms, scaling, o)
}

// beliefs returns what the grid of icpfit.yaml gives the rows of s, which a
// learned model is compared with and may be pulled to; nil where there is no grid.
func (r *Run) beliefs(s *drawn) (*evaluate.Written, error) {
	c := r.Project.Config
	if c.Grid == nil {
		return nil, nil
	}
	terms, scaling, specs, err := grid.New(c.Grid.Mode, criteria(c.Grid), c.Features)
	if err != nil {
		return nil, err
	}
	var scores model.Scores
	if err := model.NewScorer(&model.Model{Terms: terms, Grid: scaling, Specs: specs}, s.AsOf).Score(&scores, s.Batch); err != nil {
		return nil, err
	}
	out := &evaluate.Written{Margins: make([]float64, scores.Rows), Terms: scaling.Weighted(terms)}
	for i, m := range scores.Margin {
		out.Margins[i] = float64(m)
	}
	return out, nil
}

// criteria converts the settings, values in alphabetical order so that the
// model does not depend on the order of a map.
func criteria(g *project.GridConfig) []grid.Criterion {
	var out []grid.Criterion
	for _, c := range g.Criteria {
		to := grid.Criterion{Feature: c.Feature, Otherwise: c.Otherwise}
		for _, value := range slices.Sorted(maps.Keys(c.Values)) {
			to.Values = append(to.Values, grid.ValuePoints{Value: value, Points: c.Values[value]})
		}
		for _, rg := range c.Ranges {
			x := grid.Range{From: math.Inf(-1), To: math.Inf(1), Points: rg.Points}
			if rg.From != nil {
				x.From = *rg.From
			}
			if rg.To != nil {
				x.To = *rg.To
			}
			to.Ranges = append(to.Ranges, x)
		}
		out = append(out, to)
	}
	return out
}
