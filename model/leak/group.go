package leak

import (
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Group says what the groups of model.group are worth, and what the ranking is
// worth within them.
type Group struct {
	Feature    string            `json:"feature"`
	AUC        metrics.Interval  `json:"auc"`                  // of the group alone, out of fold, against the pool as it is
	Within     *metrics.Interval `json:"auc_within,omitempty"` // of the model within groups; nil: no group has 20 customers
	LeftOut    int               `json:"left_out"`             // pool accounts that took no part in training: no customer is of their group
	Parts      []GroupPart       `json:"parts"`                // what Within is of
	Definition string            `json:"definition"`
}

// A GroupPart is one value of the group column.
type GroupPart struct {
	Label     string  `json:"label"`
	Customers int     `json:"customers"`
	Pool      int     `json:"pool"`
	AUC       float64 `json:"auc"` // of the model within it
}

const groupDefinition = "auc_within: probability that a customer ranks above a pool account of its own group, the mean of the AUC in each group with at least 20 customers, weighted by them; an account with several values belongs to the group of each"

// screenGroup measures how much the group column tells by itself: not of what
// is learned, which is matched to it, but of how unlike the lists are.
func (r *Report) screenGroup() {
	g := r.frame.Group
	if g == nil {
		return
	}
	r.Group = &Group{Feature: g.Feature, Parts: []GroupPart{}, Definition: groupDefinition}
	for i, at := range g.Of {
		if at < 0 && !r.frame.Customer[i] {
			r.Group.LeftOut++
		}
	}
	area, err := groupArea(r.frame)
	if err != nil {
		return // one class only: said elsewhere
	}
	r.Group.AUC = area.Interval()
	r.add(Parity, g.Feature, area.Value, area.Low(),
		fmt.Sprintf("%s alone ranks customers above the pool with probability %.2f (95 %%: %.2f to %.2f): customers and pool come from different places", g.Feature, area.Value, area.Low(), area.High()),
		"model.group keeps it out of the points; judge the ranking by auc_within")
}

// groupArea returns the AUC of the group alone: rows are scored by the ratio of
// customers to pool of their group in the other folds.
func groupArea(f *evaluate.Frame) (metrics.Area, error) {
	fold, slots := f.Deal(0), 2+int(slices.Max(f.Group.Cells))
	scores := make([]float64, len(fold))
	for k := range uint8(evaluate.Folds) {
		var n counts
		for class := range n.weight {
			n.weight[class] = make([]float64, 1+slots) // slot 0 is nobody's, slot 1 of empty cells
		}
		for i, at := range f.Group.Cells {
			if fold[i] != k {
				n.weight[classOf(f.Customer[i])][at+2] += f.Weights[i]
			}
		}
		ratio := slotRatios(&n, false)
		for i, at := range f.Group.Cells {
			if fold[i] == k {
				scores[i] = ratio[at+2]
			}
		}
	}
	r, err := metrics.Rank(scores, f.Customer, f.Weights, f.Keys)
	if err != nil {
		return metrics.Area{}, err
	}
	return r.Area(), nil
}

func partRows(g *evaluate.Grouping) [][]int32 {
	var out [][]int32
	for _, p := range g.Parts {
		out = append(out, p.Rows)
	}
	return out
}

// judgeGroup measures the ranking within groups, as the pool is.
func (r *Report) judgeGroup(scores []float64) error {
	if r.Group == nil {
		return nil
	}
	f := r.frame
	for _, p := range f.Group.Parts {
		within, err := metrics.Within(scores, f.Customer, f.Weights, f.Keys, [][]int32{p.Rows}, 0, 0)
		if errors.Is(err, metrics.ErrOneClass) {
			continue
		}
		if err != nil {
			return err
		}
		r.Group.Parts = append(r.Group.Parts, GroupPart{p.Label, p.Customers, len(p.Rows) - p.Customers, within.Value})
	}
	if len(r.Group.Parts) == 0 {
		return nil
	}
	within, err := metrics.Within(scores, f.Customer, f.Weights, f.Keys, partRows(f.Group), evaluate.Replicates, f.Seed)
	if err != nil {
		return err
	}
	r.Group.Within = &within
	return nil
}
