// Package train makes a model of a frame of accounts: it measures the
// candidates out of fold, picks one, calibrates its lift, fits it on all
// accounts and cuts the grades.
package train

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
)

// Options decide which model is made of a frame.
type Options struct {
	Name        string          // the ICP's
	AsOf        string          // date of the feature table
	SpecHash    string          // of the feature table
	Learner     string          // auto, scorecard, logistic or trees
	Prefer      string          // accuracy or table: see choose
	TestFrom    int32           // day from which won customers are tested by time; datasets.MissingDay: the program's choice
	Provisional bool            // fewer customers than the gate asks for
	Grades      GradeOptions    //
	Intent      []features.Spec // signals scored beside the fit
	AcceptLeak  string          // why warnings that block do not; "": they do
	Warnings    []leak.Warning  // from before there was a frame
	Progress    func(done, of int)
}

// A Result is a trained model and what is known of it. Model is nil where
// nothing was learned.
type Result struct {
	Model      *model.Model
	Evaluation *Evaluation
	OutOfFold  *evaluate.OutOfFold // margins
}

// Verdicts on a training.
const (
	Learned        = "learned"
	Provisional    = "provisional"
	NothingLearned = "nothing_learned"
	Refused        = "refused" // a leak is suspected
)

// An Evaluation is what evaluation.json holds: figures from accounts scored out
// of fold only.
type Evaluation struct {
	Version     string            `json:"version"`
	Verdict     string            `json:"verdict"`
	Learner     string            `json:"learner"`
	Origin      *Origin           `json:"origin,omitempty"` // of an imported model
	Customers   int               `json:"customers"`
	Pool        int               `json:"pool"`        // accounts in the training sample
	PoolStands  float64           `json:"pool_stands"` // accounts they stand for
	Folds       int               `json:"folds"`       //
	Repeats     int               `json:"repeats"`     //
	Replicates  int               `json:"replicates"`  // bootstrap
	Calibration *calibrate.Report `json:"calibration"` // entered before rounding to points; null for a written grid
	Definitions map[string]string `json:"definitions"` // of the metrics, in words
	evaluate.Measurement
	Weights    map[string]float64 `json:"weights,omitempty"` // of the learners in a blend
	Prefer     string             `json:"prefer"`
	GradeNotes []string           `json:"grade_notes,omitempty"` // what the grades do not show out of fold, and what was done about it
	Candidates []Candidate        `json:"candidates"`            // on the same folds
	Temporal   *Temporal          `json:"temporal"`              // customers won later; null: too few are dated
	Curve      *Curve             `json:"learning_curve"`
	Warnings   []leak.Warning     `json:"warnings"`
	Leaks      *leak.Report       `json:"leaks,omitempty"` // nil for a written grid
	Holdout    *Holdout           `json:"holdout"`

	Sample      *Sample            `json:"sample"`      // what was learned from
	Importance  []Importance       `json:"importance"`  // by feature of the fit
	Composition *model.Composition `json:"composition"` // of the points of the pool; null for a written grid
	Segments    []Segment          `json:"segments"`    // with enough customers to be measured
	Support     *Support           `json:"support"`     // where there are none; null: nothing to tell accounts apart by
}

// ErrNothingLearned is returned, with a Result that holds the evaluation, when
// the AUC does not leave behind what chance explains.
var ErrNothingLearned = errors.New("nothing learned")

// definitions are printed into evaluation.json, so that its reader need not
// look elsewhere.
var definitions = map[string]string{
	"auc":       "probability that a customer ranks above a pool account, ties half; the pool is unlabelled, so its ceiling is below 1",
	"capture_K": "share of the customers that rank above the pool's quantile 1 - K %",
	"lift_K":    "capture_K divided by K %",
	"predicted": "mean lift that the model gives the pool's accounts in a grade, to be held against the grade's lift",
	"lift":      "of a grade: its share of the customers divided by its share of the pool",
	"interval":  "95 %, cluster bootstrap of customers and pool, widened by the spread between repeats; of an AUC that chance may explain, by half again (Nadeau and Bengio 2003)",
	"chosen":    "what is measured of the model is measured with the choice among the candidates made anew without each fold: the best of several looks better than it is",

	"mean_absolute":   "points that a feature adds to or takes from an account of the pool, on average",
	"gain":            "how much less log loss a customer, out of fold, the feature's contributions leave (Aumann-Shapley); the features' gains sum to the model's",
	"composition":     "mean absolute points, over accounts of the pool, that features get from the table, from trees by one feature alone, and from trees by features together",
	"capture_10_drop": "capture_10 lost when the feature's cells are shuffled among accounts, out of fold",
}

// Run trains on f.
func Run(ctx context.Context, f *evaluate.Frame, o Options) (*Result, error) {
	if err := checkVaried(f); err != nil {
		return nil, err
	}
	customers, pool := f.Totals()
	repeats := evaluate.Repeats(customers)
	e := &Evaluation{Verdict: Learned, Customers: customers, Pool: pool, Folds: evaluate.Folds, Repeats: repeats, Replicates: evaluate.Replicates, Definitions: definitions, Prefer: o.Prefer}
	if o.Provisional {
		e.Verdict = Provisional
	}
	e.PoolStands = f.PoolWeight()
	if err := e.screen(ctx, f, o); err != nil {
		return refusal(e, nil), err
	}
	x, at, err := choose(ctx, f, o, repeats)
	if err != nil {
		return nil, err
	}
	chosen := x.plans[at]
	scores, err := x.nested(at, o.Prefer)
	if err != nil {
		return nil, err
	}
	e.Candidates, e.Learner, e.Weights = x.candidates(at), chosen.name, x.named(at)
	if e.Calibration, err = calibrate.Calibrate(sampleOf(f, scores)); err != nil {
		return nil, err
	}
	c := e.Calibration.Calibration
	ls, weights := chosen.parts(x.members, x.measured[at].weights)
	fit, d, err := x.fit(ctx, ls, weights)
	if err != nil {
		return nil, fmt.Errorf("train: %s: %w", chosen.name, err)
	}
	d = f.Whole(fit, d)
	m := &model.Model{
		Format: model.Format, Name: o.Name, AsOf: o.AsOf, Learner: chosen.name, Missing: policy(f.Learn),
		Provisional: o.Provisional, Customers: customers, Pool: pool, SpecHash: o.SpecHash, Specs: slices.Concat(f.Specs, o.Intent),
	}
	if err := m.SetFit(fit, d, c); err != nil {
		return nil, err
	}
	if e.Importance, err = x.understand(ctx, m, chosen, c); err != nil {
		return nil, err
	}
	r, err := finish(ctx, f, m, e, scores.Margins(c, m.BasePoints), o)
	if err != nil {
		return r, err
	}
	if e.Temporal, err = later(ctx, f, ls, weights, o.TestFrom); err != nil {
		return nil, err
	}
	e.Curve, err = curve(ctx, f, x.members[0], x.scores[0])
	return r, err
}

func policy(learn bool) string {
	if learn {
		return "learn"
	}
	return "neutral"
}

// chance returns the AUC up to which there is nothing learned: that whose
// corrected interval reaches ½.
func chance(auc metrics.Interval) float64 { return 0.5 + evaluate.Overlap*(auc.Value-auc.Low) }

// sure returns the interval of an AUC out of fold, corrected where that reaches ½.
// Where there is no signal each pair of accounts counts twice, once either way,
// and the bootstrap of accounts does not see it: of 24 generated bases without any
// the plain interval was above ½ in 6. Where there is signal its own error is most
// of it, and the plain interval holds the truth as often as it says
// (scripts/bench/intervals.sh).
func sure(auc metrics.Interval) metrics.Interval {
	if auc.Value <= chance(auc) {
		auc.Low = max(0, auc.Value-evaluate.Overlap*(auc.Value-auc.Low))
	}
	return auc
}

// finish adds to a fitted model what scoring needs beside its terms, measures
// it, and gives its verdict.
func finish(ctx context.Context, f *evaluate.Frame, m *model.Model, e *Evaluation, margins *evaluate.OutOfFold, o Options) (*Result, error) {
	m.Intent = signals(f, o.Intent)
	if err := setQuantiles(f, m); err != nil {
		return nil, err
	}
	var err error
	if m.Grades, err = Cut(f, m, margins.Mean(), o.Grades); err != nil {
		return nil, err
	}
	m.Grades.Notes = append(m.Grades.Notes, supported(e.Calibration)...)
	if err := setExperience(f, m); err != nil {
		return nil, err
	}
	measured, err := f.Measure(margins, &m.Grades, m.BasePoints)
	if err != nil {
		return nil, err
	}
	e.Measurement, e.GradeNotes = *measured, m.Grades.Notes
	if err := e.judge(ctx, margins, o); err != nil {
		return refusal(e, margins), err
	}
	auc := measured.Metrics["auc"]
	e.Metrics["auc"] = sure(auc)
	if auc.Value <= chance(auc) {
		e.Verdict = NothingLearned
		return &Result{Evaluation: e, OutOfFold: margins}, fmt.Errorf(
			"train: %w: out of fold a customer ranks above a pool account with probability %.3f, and chance explains up to %.3f; add customers or features that tell them apart",
			ErrNothingLearned, auc.Value, chance(auc))
	}
	if err := e.describe(f, m, margins.Mean()); err != nil {
		return nil, err
	}
	if err := m.MakeGolden(); err != nil {
		return nil, err
	}
	if err := m.Seal(); err != nil {
		return nil, err
	}
	e.Version = m.Version
	return &Result{Model: m, Evaluation: e, OutOfFold: margins}, nil
}
