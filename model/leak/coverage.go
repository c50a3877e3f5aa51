package leak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// Coverage says what the pattern of empty cells is worth, and what the ranking
// is worth beside it.
type Coverage struct {
	AUC        metrics.Interval  `json:"auc"`                  // of the pattern alone, out of fold
	Within     *metrics.Interval `json:"auc_within,omitempty"` // of the model, among accounts alike in coverage; nil: no warning, so it was not asked
	Equal      float64           `json:"equal,omitempty"`      // share of the customers that Within compares with accounts of exactly the same pattern
	Settings   []Setting         `json:"settings,omitempty"`   // what the settings that remove it cost
	Definition map[string]string `json:"definitions"`
}

var coverageDefinitions = map[string]string{
	"auc":        "probability that a customer ranks above a pool account by which cells are empty and nothing else: a logistic regression on one flag a feature and on the frequent combinations of flags, out of fold",
	"auc_within": "probability that a customer ranks above a pool account of the same stratum: accounts with exactly the same cells empty, where a customer and 20 pool accounts share a pattern; the others in strata of the AUC's ranking with about ten customers each. The pattern of empty cells ranks nothing within a stratum",
	"settings":   "logistic regression on the same folds, one repeat, with each setting; auc_within in the same strata",
}

// A shadow is a base of which only is known which cells are empty.
type shadow struct {
	pattern []string  // by row of the table
	scores  []float64 // out of fold, by row of the table
	area    metrics.Area
}

// screenCoverage ranks by the pattern of empty cells alone.
func (r *Report) screenCoverage(ctx context.Context) error {
	var err error
	if r.shadow, err = cast(ctx, r); err != nil || r.shadow == nil {
		return err
	}
	a := r.shadow.area
	r.Coverage = &Coverage{AUC: a.Interval(), Definition: coverageDefinitions}
	advice := "set missing: neutral, or name the column that says where accounts come from in model.group"
	if !r.learnsMissing() {
		advice = "missing: neutral keeps empty cells out of the points, not what else tells the lists apart: name the column that says where accounts come from in model.group"
	}
	if r.frame.Group != nil {
		advice = "it does so even with the pool matched by " + r.frame.Group.Feature + ": look who fills these cells, and when"
	}
	r.add(Missingness, "", a.Value, a.Low(),
		fmt.Sprintf("which cells are empty, and nothing else, ranks customers above the pool with probability %.2f (95 %%: %.2f to %.2f)", a.Value, a.Low(), a.High()), advice)
	return nil
}

// cast makes the shadow of a frame, nil if in no column some cells are empty and
// some are not.
func cast(ctx context.Context, r *Report) (*shadow, error) {
	t := r.table
	patterns, flags := make([][]byte, len(t.rows)), 0
	for _, s := range r.frame.Specs {
		c, empty := r.frame.Batch.Column(s.Name), 0
		for _, row := range t.rows {
			empty += classOf(c.Missing(int(row)))
		}
		if empty == 0 || empty == len(t.rows) {
			continue
		}
		flags++
		for i, row := range t.rows {
			patterns[i] = append(patterns[i], byte('1'-classOf(c.Missing(int(row)))))
		}
	}
	if flags == 0 {
		return nil, nil
	}
	s := &shadow{scores: make([]float64, len(t.rows))}
	flat := newOutline(r.frame, flags)
	at := make([]int32, len(t.rows))
	for i, p := range patterns {
		s.pattern = append(s.pattern, string(p))
		at[i] = flat.add(s.pattern[i], t.customer[i], t.weights[i], t.keys[i])
	}
	scores, err := flat.Score(ctx, r.learner, 1)
	if err != nil {
		return nil, fmt.Errorf("leak: empty cells: %w", err)
	}
	mean := scores.Mean()
	for i := range s.scores {
		s.scores[i] = mean[at[i]]
	}
	s.area, err = t.area(s.scores, nil)
	return s, err
}

// The strata of coverage: a pattern is one where enough of the pool shares it;
// other accounts are put together by what their pattern predicts.
const (
	poolInStratum      = 20
	customersInStratum = 10
)

// strata returns the rows of the table by stratum, and the share of the
// customers in strata of one pattern.
func (r *Report) strata() (groups [][]int32, equal float64) {
	t := r.table
	type member struct{ customers, pool []int32 }
	byPattern := map[string]*member{}
	var order []string
	for i := range t.rows {
		p := r.shadow.pattern[i]
		m := byPattern[p]
		if m == nil {
			m = &member{}
			byPattern[p] = m
			order = append(order, p)
		}
		if t.customer[i] {
			m.customers = append(m.customers, int32(i))
		} else {
			m.pool = append(m.pool, int32(i))
		}
	}
	slices.Sort(order)
	var rest []int32
	for _, p := range order {
		m := byPattern[p]
		if len(m.customers) > 0 && len(m.pool) >= poolInStratum {
			groups = append(groups, slices.Concat(m.customers, m.pool))
			for _, i := range m.customers {
				equal += t.weights[i] / t.total[1]
			}
		} else {
			rest = append(rest, slices.Concat(m.customers, m.pool)...)
		}
	}
	return append(groups, r.layers(rest)...), equal
}

// layers cuts rows by what their pattern predicts, at every tenth customer.
func (r *Report) layers(rows []int32) [][]int32 {
	t := r.table
	score := func(i int32) float64 { return r.shadow.scores[i] }
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Or(cmp.Compare(score(a), score(b)), cmp.Compare(a, b)) })
	customers := 0
	for _, i := range rows {
		customers += classOf(t.customer[i])
	}
	var out [][]int32
	start, seen := 0, 0
	for at, i := range rows {
		seen += classOf(t.customer[i])
		customers -= classOf(t.customer[i])
		tied := at+1 < len(rows) && score(rows[at+1]) == score(i)
		if seen >= customersInStratum && customers >= customersInStratum && !tied {
			out = append(out, rows[start:at+1])
			start, seen = at+1, 0
		}
	}
	return append(out, rows[start:])
}

// judgeCoverage says what the model's ranking is worth beside the pattern of
// empty cells, and what the settings cost, where the pattern ranks too well.
func (r *Report) judgeCoverage(ctx context.Context, l model.Learner, scores []float64) error {
	at := slices.IndexFunc(r.Warnings, func(w Warning) bool { return w.Code == Missingness && w.Feature == "" })
	if at < 0 {
		return nil
	}
	groups, equal := r.strata()
	within, err := r.within(scores, groups)
	switch {
	case errors.Is(err, metrics.ErrOneClass):
		return nil // no customer has a pool account like it: nothing can be said
	case err != nil:
		return err
	}
	r.Coverage.Within, r.Coverage.Equal = &within, equal
	if r.Coverage.Settings, err = r.settings(ctx, l, groups); err != nil {
		return err
	}
	r.Warnings[at].Message += fmt.Sprintf("; among accounts with the same cells empty the model's own ranking is worth an AUC of %.2f (95 %%: %.2f to %.2f)%s",
		within.Value, within.Low, within.High, costs(r.Coverage.Settings))
	return nil
}

// within returns the mean AUC of scores, by row of the frame, in groups of rows
// of the table.
func (r *Report) within(scores []float64, groups [][]int32) (metrics.Interval, error) {
	t := r.table
	return metrics.Within(of(t, scores), t.customer, t.weights, t.keys, groups, evaluate.Replicates, r.frame.Seed)
}
