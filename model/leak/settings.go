package leak

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Setting is a way to train, and what a learner reaches with it.
type Setting struct {
	Missing     string           `json:"missing"`                    // neutral or learn
	Group       string           `json:"group,omitempty"`            // the feature within whose groups is ranked; "": none
	InUse       bool             `json:"in_use"`                     // by this training
	AUC         metrics.Interval `json:"auc"`                        // against the whole pool
	Capture     float64          `json:"capture_10"`                 // of the whole pool
	Within      float64          `json:"auc_within"`                 // among accounts alike in coverage
	WithinGroup float64          `json:"auc_within_group,omitempty"` // among accounts of one group
}

// settings measures, on the same folds, learning from empty cells or not, and
// ranking within groups or not where a group is named.
func (r *Report) settings(ctx context.Context, l model.Learner, groups [][]int32) ([]Setting, error) {
	grouping := []*evaluate.Grouping{nil}
	if r.frame.Group != nil {
		grouping = append(grouping, r.frame.Group)
	}
	var out []Setting
	for _, group := range grouping {
		for _, missing := range []string{"learn", "neutral"} {
			f := *r.frame
			f.Learn, f.Group, f.Specs = missing == "learn", group, slices.Clone(f.Specs)
			for k := range f.Specs {
				f.Specs[k].Missing = ""
			}
			s := Setting{Missing: missing, InUse: group == r.frame.Group && f.Learn == r.learnsMissing()}
			if group != nil {
				s.Group = group.Feature
			}
			if err := r.measure(ctx, l, &f, &s, groups); err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// measure cross-validates l on f.
func (r *Report) measure(ctx context.Context, l model.Learner, f *evaluate.Frame, s *Setting, groups [][]int32) error {
	folds, err := f.Score(ctx, l, 1)
	if err != nil {
		return fmt.Errorf("leak: missing: %s: %w", s.Missing, err)
	}
	scores := folds.Mean()
	ranking, err := metrics.Rank(scores, f.Customer, f.Weights, f.Keys)
	if err != nil {
		return err
	}
	s.AUC, s.Capture = ranking.Area().Interval(), ranking.Summarise(nil).Capture[tenth]
	t := r.table
	within, err := metrics.Within(of(t, scores), t.customer, t.weights, t.keys, groups, 0, 0)
	if err != nil {
		return err
	}
	s.Within = within.Value
	if r.Group != nil && len(r.frame.Group.Parts) > 0 {
		within, err := metrics.Within(scores, f.Customer, f.Weights, f.Keys, partRows(r.frame.Group), 0, 0)
		if err != nil {
			return err
		}
		s.WithinGroup = within.Value
	}
	return nil
}

// tenth is where metrics.Shares holds 10 %.
var tenth = slices.Index(metrics.Shares, 0.10)

// costs says what each setting reaches.
func costs(settings []Setting) string {
	var texts []string
	for _, s := range settings {
		name := "missing: " + s.Missing
		if s.Group != "" {
			name += ", group: " + s.Group
		}
		text := fmt.Sprintf("%s AUC %.3f, capture@10 %% %.1f %%, %.3f within", name, s.AUC.Value, 100*s.Capture, s.Within)
		if s.WithinGroup > 0 {
			text += fmt.Sprintf(", %.3f within groups", s.WithinGroup)
		}
		texts = append(texts, text)
	}
	return "; logistic regression on the same folds: " + strings.Join(texts, "; ")
}
