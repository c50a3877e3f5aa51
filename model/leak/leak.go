// Package leak looks for features that tell customers from the pool for the
// wrong reason: because somebody filled a cell, wrote it after the sale, or took
// customers and pool from different lists (Kaufman, Rosset and Perlich, "Leakage
// in data mining", KDD 2011).
//
// Every detector has a limit beyond which it warns, and some have one beyond
// which nothing should be trained unless somebody says why. A figure counts as
// beyond a limit only if the bound of its 95 % interval is, so that few customers
// do not raise alarms that more of them would lay.
//
//	code               figure                                                      warns    refuses
//	single_feature     AUC of one feature's known bins, in the order of their       0.80     0.95
//	                   ratio of customers to pool in the other folds
//	information_value  Σ (p − q) ln(p/q) of the known bins, less its mean           1.42     5.41
//	                   under no information: those of the AUCs above, for two
//	                   normal distributions; said where the AUC is below its limit
//	missingness        AUC of "the cell is empty", by feature                       0.60     –
//	                   AUC of all of these together, out of fold: feature ""        0.60     0.95 where it is learned
//	coverage_gap       difference of the shares known, where missingness is silent  0.10     –
//	purity             share of customers over share of the pool of one value,      50       –
//	                   held by 10 customers at least
//	parity             AUC of the group column alone, out of fold                   0.60     –
//	ablation           share of capture@10 % that goes with the strongest feature   0.40     –
//	too_good           AUC of the whole model, out of fold; its value, not its      0.97     0.97
//	                   bound
//	time_travel        customers with a date after they were won; see features      any      1 % of them
//
// What has no second limit may be what an honest base looks like: lists differ,
// and one feature may matter most. Such warnings come with the setting that
// takes the doubt away.
//
// With model.group all detectors look at the pool as it is learned from: matched
// to the customers' groups.
package leak

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// A Warning says that a figure looks too good, and what to do about it.
type Warning struct {
	Code    string  `json:"code"`    // one of the Code constants
	Feature string  `json:"feature"` // "" for the whole model
	Value   float64 `json:"value"`   // the detector's figure
	Limit   float64 `json:"limit"`   // which it is beyond
	Blocks  bool    `json:"blocks"`  // training is refused, unless somebody accepts it
	Message string  `json:"message"`
}

// Codes of warnings.
const (
	SingleFeature    = "single_feature"
	InformationValue = "information_value"
	Missingness      = "missingness"
	CoverageGap      = "coverage_gap"
	Purity           = "purity"
	Parity           = "parity"
	Ablation         = "ablation"
	TooGood          = "too_good"
	TimeTravel       = "time_travel"
)

// A Limit says beyond which figure a detector warns, and beyond which it
// refuses; 0: never.
type Limit struct{ Warn, Block float64 }

// Limits are those of the package comment. An honest feature of a conversion
// list can reach an AUC of 0.9 by itself; beyond 0.95 it is the label in other
// words.
var Limits = map[string]Limit{
	SingleFeature:    {0.80, 0.95},
	InformationValue: {1.42, 5.41},
	Missingness:      {0.60, 0.95},
	CoverageGap:      {Warn: 0.10},
	Purity:           {Warn: 50},
	Parity:           {Warn: 0.60},
	Ablation:         {Warn: 0.40},
	TooGood:          {0.97, 0.97},
	TimeTravel:       {0, 0.01},
}

// A Report is what detectors found, beside the warnings: it stands in
// evaluation.json.
type Report struct {
	Accepted string    `json:"accepted,omitempty"` // why somebody accepted warnings that block
	Coverage *Coverage `json:"coverage"`           // nil: no cell is empty
	Group    *Group    `json:"group,omitempty"`    // nil without model.group
	Warnings []Warning `json:"-"`                  // stand beside the report

	frame   *evaluate.Frame
	learner model.Learner
	table   *table
	shadow  *shadow // nil: no cell is empty
}

// Screen runs the detectors that need no model. l learns from the pattern of
// empty cells, and later what is left without the strongest feature: a quick
// learner will do.
func Screen(ctx context.Context, f *evaluate.Frame, l model.Learner) (*Report, error) {
	r := &Report{Warnings: []Warning{}, frame: f, learner: l, table: newTable(f)}
	if r.table.sizes[0] == 0 || r.table.sizes[1] == 0 {
		return nil, fmt.Errorf("leak: %w", model.ErrOneClass)
	}
	if err := r.screenCoverage(ctx); err != nil {
		return nil, err
	}
	for k := range f.Specs {
		r.screenFeature(k)
	}
	r.screenGroup()
	return r, nil
}

// Judge adds what can only be said of a model: scores are its mean scores out of
// fold, by row of the frame, auc its AUC. l shows what settings cost, where that
// is asked.
func (r *Report) Judge(ctx context.Context, l model.Learner, scores []float64, auc float64) error {
	if limit := Limits[TooGood]; auc > limit.Warn {
		r.add(TooGood, "", auc, auc,
			fmt.Sprintf("customers rank above the pool with probability %.3f out of fold; company attributes rarely exceed %.2f", auc, limit.Warn),
			"look for a column that is filled after the sale"+r.strongestNamed())
	}
	if err := r.judgeCoverage(ctx, l, scores); err != nil {
		return err
	}
	if err := r.judgeGroup(scores); err != nil {
		return err
	}
	return r.ablate(ctx)
}

// add warns if bound, the cautious bound of a figure, is beyond its limit.
func (r *Report) add(code, feature string, value, bound float64, fact, advice string) bool {
	limit := Limits[code]
	if !(bound > limit.Warn) {
		return false
	}
	w := Warning{Code: code, Feature: feature, Value: value, Limit: limit.Warn}
	if limit.Block > 0 && bound > limit.Block && !r.harmless(code, feature) {
		w.Limit, w.Blocks = limit.Block, true
	}
	w.Message = fact + "; " + advice
	r.Warnings = append(r.Warnings, w)
	return true
}

// harmless reports whether a warning cannot refuse: empty cells that score 0 do
// no harm by being empty, and one feature's are judged with all others'.
func (r *Report) harmless(code, feature string) bool {
	return code == Missingness && (feature != "" || !r.learnsMissing())
}

// learns reports whether the missing bin of feature k carries a score.
func learns(f *evaluate.Frame, k int) bool {
	if own := f.Specs[k].Missing; own != "" {
		return own == "learn"
	}
	return f.Learn
}

func (r *Report) learnsMissing() bool {
	for k := range r.frame.Specs {
		if learns(r.frame, k) {
			return true
		}
	}
	return false
}

// Blocking returns the warnings for which training is refused.
func Blocking(warnings []Warning) []Warning {
	var out []Warning
	for _, w := range warnings {
		if w.Blocks {
			out = append(out, w)
		}
	}
	return out
}

// Facts joins the messages of warnings, each once.
func Facts(warnings []Warning) string {
	var texts []string
	for _, w := range warnings {
		if !slices.Contains(texts, w.Message) {
			texts = append(texts, w.Message)
		}
	}
	return strings.Join(texts, "; ")
}
