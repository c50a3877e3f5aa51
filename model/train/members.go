package train

import (
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/baseline"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/scorecard"
	"github.com/icpfit/icpfit/model/trees"
)

// A Kind says what a candidate is, and so what people can do with it.
type Kind string

// The kinds of candidates, the simplest first.
const (
	Baseline Kind = "baseline" // to be beaten; never chosen
	Table    Kind = "table"    // points that people can read and edit
	Trees    Kind = "trees"
	Blended  Kind = "blend" // a table plus trees
)

// A plan is one way of making a model: learners whose margins are added, with
// weights found out of fold.
type plan struct {
	name    string
	kind    Kind
	members []int // index into the members
}

// contains reports whether q's members are among p's, with others.
func (p plan) contains(q plan) bool {
	for _, m := range q.members {
		if !slices.Contains(p.members, m) {
			return false
		}
	}
	return len(p.members) > len(q.members)
}

// pairsFrom is the number of customers from which pairs of features are worth
// looking at.
const pairsFrom = 500

// members returns the learners that are cross-validated for a setting, and the
// plans made of them, the simplest first.
func members(learner string, customers int) ([]model.Learner, []plan, error) {
	plain := scorecard.DefaultOptions()
	plain.Pairs = 0 // a pair is a tree, which people cannot edit
	table := []model.Learner{
		logistic.Learner{Options: logistic.DefaultOptions()},
		scorecard.Learner{Options: plain},
	}
	grown := []model.Learner{
		trees.Learner{Options: trees.DefaultOptions(customers)},
		trees.Forest{Options: trees.DefaultForestOptions(customers)},
	}
	switch learner {
	case "logistic":
		return table[:1], []plan{{"logistic", Table, []int{0}}}, nil
	case "scorecard":
		if customers < pairsFrom {
			return table[1:], []plan{{"scorecard", Table, []int{0}}}, nil
		}
		paired := scorecard.Learner{Options: scorecard.DefaultOptions()}
		return []model.Learner{table[1], paired}, []plan{{"scorecard", Table, []int{0}}, {"scorecard with pairs", Blended, []int{1}}}, nil
	case "trees":
		return grown, []plan{{"boosted", Trees, []int{0}}, {"forest", Trees, []int{1}}, {"trees", Trees, []int{0, 1}}}, nil
	case "auto":
		return slices.Concat(table, grown), []plan{
			{"logistic", Table, []int{0}},
			{"scorecard", Table, []int{1}},
			{"table", Table, []int{0, 1}},
			{"boosted", Trees, []int{2}},
			{"forest", Trees, []int{3}},
			{"trees", Trees, []int{2, 3}},
			{"blend", Blended, []int{0, 1, 2, 3}},
		}, nil
	}
	return nil, nil, fmt.Errorf("train: learner is %q; want auto, scorecard, logistic, trees or grid", learner)
}

// sizes are the words by which a feature is taken for the size of a company.
var sizes = []string{"employee", "headcount", "head_count", "team_size", "staff", "effectif", "revenue", "turnover", "chiffre", "company_size"}

// baselines returns the learners to be beaten: the best single feature, and the
// company's size where a number of the fit is one.
func baselines(specs []features.Spec) []model.Learner {
	out := []model.Learner{baseline.Single{}}
	for _, s := range specs {
		if s.Kind == features.Number && names(s, sizes) {
			return append(out, baseline.Named{Label: "size alone (" + s.Name + ")", Feature: s.Name})
		}
	}
	return out
}
