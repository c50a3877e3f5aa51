package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

// TrainOptions say how to train.
type TrainOptions struct {
	Learner    string  // "" for icpfit.yaml's
	Holdout    string  // a file of domains that take no part
	AllowSmall bool    // go on with 50 to 199 customers
	AcceptLeak string  // why to go on where a detector of leaks refuses
	Seed       *uint64 // nil for icpfit.yaml's
	TestFrom   string  // a date; "" for icpfit.yaml's
	Author     string  // for the promotion log
}

// A TrainResult is what `train --json` prints.
type TrainResult struct {
	Version   string                      `json:"version"`
	Learner   string                      `json:"learner"`
	Champion  bool                        `json:"champion"` // this version is the one in use
	Verdict   string                      `json:"verdict"`
	Customers int                         `json:"customers"`
	Pool      int                         `json:"pool"`
	Warnings  []leak.Warning              `json:"warnings"`
	Metrics   map[string]metrics.Interval `json:"metrics"`
	Holdout   *train.Holdout              `json:"holdout"`
	Folder    string                      `json:"folder,omitempty"`

	Evaluation *train.Evaluation `json:"-"`
}

// makeModel is Train unobserved.
func (r *Run) makeModel(ctx context.Context, o TrainOptions) (*TrainResult, error) {
	if err := r.override(o); err != nil {
		return nil, err
	}
	if _, err := r.Champion(); err != nil && !errors.Is(err, registry.ErrNoChampion) {
		return nil, err // better before the training than after it
	}
	t, err := r.open(ctx, "train", o)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	options := r.options(t.accounts, t.provisional)
	options.AcceptLeak, options.Warnings = o.AcceptLeak, timeTravel(r.travels(t.audit))
	result, fit, err := r.learn(ctx, t, options)
	if result == nil {
		return nil, err
	}
	e, out := result.Evaluation, trained(result.Evaluation)
	if err != nil {
		return out, err
	}
	if t.held != nil {
		if e.Holdout, err = r.measureHoldout(ctx, t, result.Model); err != nil {
			return nil, err
		}
		out.Holdout = e.Holdout
	}
	out.Folder = r.registry().Folder(out.Version)
	if err := r.publish(result, fit, t.accounts, o.Author); err != nil {
		return nil, err
	}
	out.Champion, err = r.first(out.Version, o.Author)
	return out, err
}

// trained returns what is printed of an evaluation.
func trained(e *train.Evaluation) *TrainResult {
	out := &TrainResult{Version: e.Version, Learner: e.Learner, Verdict: e.Verdict, Customers: e.Customers, Pool: e.Pool, Warnings: e.Warnings, Metrics: e.Metrics, Evaluation: e}
	if out.Warnings == nil {
		out.Warnings = []leak.Warning{}
	}
	return out
}

// override puts the options over the settings.
func (r *Run) override(o TrainOptions) error {
	c := &r.Project.Config
	if o.Seed != nil {
		c.Model.Seed = *o.Seed
	}
	if o.Learner != "" {
		c.Model.Learner = o.Learner
	}
	if o.TestFrom != "" {
		c.Model.TestFrom = o.TestFrom
	}
	var faults *project.ConfigError
	if err := c.Validate(); errors.As(err, &faults) {
		return usagef("train: --%s: %s", strings.ReplaceAll(strings.TrimPrefix(faults.Faults[0].Path, "model."), "_", "-"), faults.Faults[0].Msg) // the file alone was valid
	}
	if c.Grades.Method == "capacity" && c.Grades.Cuts == nil {
		return usagef("train: icpfit.yaml: grades.method is capacity, and there are no grades.cuts; write how many accounts sales can work as A, as A or B, and so on")
	}
	return nil
}

// gate says whether the customers of a table suffice for training, and if so
// whether the result is provisional. A written grid needs none.
func (r *Run) gate(audit *features.Audit, o TrainOptions) (provisional bool, err error) {
	provisional, err = features.Gate(audit, o.AllowSmall)
	if err == nil && o.AcceptLeak == "" {
		if err = features.CheckTime(r.travels(audit)); err != nil {
			err = fmt.Errorf("%w; or go on with --accept-leak REASON, which is kept with the model", err)
		}
	}
	if r.Project.Config.Model.Learner == "grid" {
		return err != nil, nil
	}
	if err != nil {
		return false, fmt.Errorf("train: %w", err)
	}
	return provisional, nil
}

// left refuses to train where the held-out domains leave too little.
func left(customers, pool int) error {
	if customers < features.MinCustomersSmall {
		return fmt.Errorf("train: %w", &features.GateError{
			Code: features.TooFewCustomers, Fact: fmt.Sprintf("%d are left beside the holdout, %d wanted", customers, features.MinCustomersSmall),
			Do: "hold out fewer",
		})
	}
	if pool < features.MinPool {
		return fmt.Errorf("train: %w", features.SmallPool(int64(pool)))
	}
	return nil
}

// fitSpecs splits the specs into those of the learned fit and the intent
// signals scored beside it. The feature of group is in neither.
func fitSpecs(specs []features.Spec, group string) (fit, intent []features.Spec) {
	for _, s := range specs {
		if s.Name == group {
			continue
		}
		if s.Pillar == features.Intent {
			intent = append(intent, s)
		} else {
			fit = append(fit, s)
		}
	}
	return fit, intent
}

// options says how to train on a table.
func (r *Run) options(accounts *features.Table, provisional bool) train.Options {
	c := r.Project.Config
	_, intent := fitSpecs(c.Features, c.Model.Group)
	o := train.Options{
		Name: c.Name, AsOf: accounts.AsOf, SpecHash: accounts.SpecHash, Learner: c.Model.Learner, Prefer: c.Model.Prefer, Provisional: provisional, Intent: intent,
		TestFrom: datasets.MissingDay,
		Grades:   train.GradeOptions{Scale: c.Grades.Scale, Method: c.Grades.Method, On: c.Grades.On, Hysteresis: c.Grades.Hysteresis, Cuts: c.Grades.Cuts, Tiers: c.Grades.Tiers},
		Progress: func(done, of int) { r.progress("train", int64(done), int64(of)) },
	}
	if c.Model.TestFrom != "" {
		o.TestFrom, _ = ParseDay(c.Model.TestFrom) // valid: see Config.Validate
	}
	return o
}

func (r *Run) learn(ctx context.Context, t *tables, o train.Options) (*train.Result, *drawn, error) {
	c := r.Project.Config
	s, err := r.frame(ctx, t.accounts, t.customers, c.Features, t.held)
	if err != nil {
		return nil, nil, err
	}
	if c.Model.Learner == "grid" {
		result, err := r.written(s, o)
		return result, s, err
	}
	if err := left(s.Totals()); err != nil {
		return nil, nil, err
	}
	r.fitOn(s)
	if s.Written, err = r.beliefs(s); err != nil {
		return nil, nil, err
	}
	result, err := train.Run(ctx, s.Frame, o)
	return result, s, err
}

// measureHoldout measures a model on the held-out accounts, each of which counts
// once.
func (r *Run) measureHoldout(ctx context.Context, t *tables, m *model.Model) (*train.Holdout, error) {
	best, pool, err := t.heldOut(ctx, m.Specs)
	if err != nil {
		return nil, err
	}
	s, err := r.join(t.accounts, best, pool, nil, 1)
	if err != nil {
		return nil, err
	}
	return train.MeasureHoldout(s.Frame, m)
}

// publish writes the version's folder.
func (r *Run) publish(result *train.Result, s *drawn, accounts *features.Table, author string) error {
	m := result.Model
	stage, err := artifact.Stage(r.registry().Folder(m.Version))
	if err != nil {
		return err
	}
	defer stage.Abort()
	text, err := m.Encode()
	if err != nil {
		return err
	}
	if err := stage.Write("model.json", text); err != nil {
		return err
	}
	text, err = json.MarshalIndent(result.Evaluation, "", " ")
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err := stage.Write("evaluation.json", append(text, '\n')); err != nil {
		return err
	}
	if result.OutOfFold != nil {
		if err := writeOutOfFold(stage, s, result); err != nil {
			return err
		}
	}
	if err := writeImportance(stage, m, result.Evaluation); err != nil {
		return err
	}
	if err := r.writeCard(stage, result, author); err != nil {
		return err
	}
	inputs, err := artifact.ReadManifest(r.Project.Features(features.AccountsTable, accounts.AsOf))
	if err != nil {
		return err
	}
	options := r.Project.Config
	options.Overrides, options.Exploration = nil, project.ExplorationConfig{} // never learned from
	return stage.Publish(artifact.Manifest{Step: "train", Inputs: map[string]string{"features": artifact.Fingerprint(inputs)}, Options: artifact.Fingerprint(options), Rows: int64(s.Batch.Rows)})
}
