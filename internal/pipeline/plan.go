package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/report"
)

// A StepState says whether what a step of a night made can stay as it is, and if
// not, why.
type StepState struct {
	Step   string         `json:"step"` // features, predict, segments or report
	Folder string         `json:"folder"`
	State  artifact.State `json:"state"`
	Reason string         `json:"reason"` // "" where it is current
}

// Plan says what Refresh would make for a date, "" for today, and why. It writes
// nothing. A step after one that is made anew counts as inputs-changed, although
// it stays if the other comes to the same bytes.
func (r *Run) Plan(ctx context.Context, asOf, lang string) ([]StepState, error) {
	date, err := r.refreshable(asOf, lang)
	if err != nil {
		return nil, err
	}
	type planned struct {
		name, folder string
		state        func(date, lang string) StepState
	}
	steps := []planned{{"features", r.Project.Features(features.AccountsTable, date), func(date, _ string) StepState { return r.featuresState(ctx, date) }}, {"predict", r.Project.Grades(date), r.gradesState}}
	if r.segmented() {
		steps = append(steps, planned{"segments", r.Project.Segments(date), func(date, _ string) StepState { return r.segmentsState(ctx, date) }})
	}
	steps = append(steps, planned{"report", r.Project.Reports(date), func(date, lang string) StepState { return r.reportState(ctx, date, lang) }})
	var out []StepState
	for _, step := range steps {
		s := StepState{Step: step.name, Folder: step.folder}
		if n := len(out); n > 0 && out[n-1].State != artifact.Current {
			s.State, s.Reason = artifact.InputsChanged, out[n-1].Step+" comes before and is made anew"
			if _, err := os.Stat(s.Folder); err != nil {
				s.State, s.Reason = artifact.Missing, "not made yet"
			}
		} else {
			s = step.state(date, lang)
		}
		out = append(out, s)
	}
	return out, nil
}

// refreshable checks what a night needs before any work, and returns its date.
func (r *Run) refreshable(asOf, lang string) (string, error) {
	if err := checkLanguage("refresh", lang); err != nil {
		return "", err
	}
	date, _, err := r.asOf(asOf)
	if err != nil {
		return "", err
	}
	_, err = r.Champion()
	return date, err
}

// featuresState compares the feature tables of a date with the inputs as they are.
// An input that cannot be looked at is not the one of before: the step itself says
// what is wrong with it. Where there are none yet, no input is read for that.
func (r *Run) featuresState(ctx context.Context, date string) StepState {
	c := r.Project.Config
	s := StepState{Step: "features", Folder: r.Project.Features(features.AccountsTable, date)}
	if s.State, s.Reason = artifact.StateOf(s.Folder, artifact.Manifest{}, artifact.BySize); s.State == artifact.Missing {
		return s
	}
	want, err := r.featureManifest(ctx, date)
	if err != nil {
		s.State, s.Reason = artifact.InputsChanged, err.Error()
		return s
	}
	for _, folder := range []string{s.Folder, r.Project.Features(features.CustomersTable, date)} {
		if s.State, s.Reason = artifact.StateOf(folder, want, artifact.ByHash); s.State != artifact.Current {
			break
		}
	}
	if s.State == artifact.InputsChanged && (c.Accounts.Query != "" || c.Customers.Query != "") {
		s.Reason = "what a query returns is not known before it is read"
	}
	return s
}

// gradesState compares the grades of a date with what they would be made from.
func (r *Run) gradesState(date, _ string) StepState {
	s := StepState{Step: "predict", Folder: r.Project.Grades(date)}
	facts, by, err := r.nightFacts(date, "")
	var inputs map[string]string
	if err == nil {
		inputs, err = r.nightInputs(facts, by)
	}
	if err != nil {
		s.State, s.Reason = artifact.InputsChanged, err.Error()
		return s
	}
	s.State, s.Reason = artifact.StateOf(s.Folder, artifact.Manifest{Inputs: inputs, Options: nightOptions(facts)}, artifact.ByHash)
	return s
}

// reportState compares the report of a date with the grades.
func (r *Run) reportState(ctx context.Context, date, lang string) StepState {
	s := StepState{Step: "report", Folder: r.Project.Reports(date)}
	grades, err := manifest(r.Project.Grades(date), "icpfit predict --as-of "+date)
	if err != nil {
		s.State, s.Reason = artifact.InputsChanged, err.Error()
		return s
	}
	s.State, s.Reason = artifact.StateOf(s.Folder, r.reportManifest(ctx, date, grades, lang), artifact.ByHash)
	return s
}

// A RefreshResult is what a night made, or found made already.
type RefreshResult struct {
	Steps    []StepState // as they were found
	Features *FeaturesResult
	Predict  *PredictResult
	Segments *SegmentsResult // nil: nobody has asked for segments
	*ReportResult
}

// Idle reports whether everything was there and nothing was written.
func (r *RefreshResult) Idle() bool {
	for _, s := range r.Steps {
		if s.State != artifact.Current {
			return false
		}
	}
	return true
}

// Refresh runs features, predict, segments where there are some, and report for a
// date, "" for today. Where something that people can put right keeps the accounts
// from being divided, the report is made without. A step whose files are intact and
// come from the same inputs and settings is not run again. Where the grades are held back it returns a *HeldBackError: the report
// of the date then says why.
func (r *Run) Refresh(ctx context.Context, asOf, lang string) (*RefreshResult, error) {
	date, err := r.refreshable(asOf, lang)
	if err != nil {
		return nil, err
	}
	if err := repairable(r.registry().Finish()); err != nil {
		return nil, err
	}
	r.Lang = lang
	out := &RefreshResult{}
	if err := r.refreshFeatures(ctx, out, date); err != nil {
		return nil, r.ungraded(date, "", err)
	}
	if err := r.refreshGrades(ctx, out, date); err != nil {
		return nil, err
	}
	undivided := r.refreshSegments(ctx, out, date)
	if usage := (*UsageError)(nil); undivided != nil && !errors.As(undivided, &usage) {
		return nil, undivided
	}
	return out, errors.Join(undivided, r.refreshReport(ctx, out, date, lang))
}

func (r *Run) refreshFeatures(ctx context.Context, out *RefreshResult, date string) error {
	s := r.featuresState(ctx, date)
	out.Steps = append(out.Steps, s)
	if s.State != artifact.Current {
		var err error
		out.Features, err = r.Features(ctx, date)
		return err
	}
	var err error
	out.Features = &FeaturesResult{AsOf: date, Accounts: s.Folder, Customers: r.Project.Features(features.CustomersTable, date)}
	if out.Features.Audit, err = r.readAudit(date); err != nil {
		return err
	}
	r.kept("features", date, out.Features.Audit.Rows)
	return errors.Join(artifact.Tidy(out.Features.Accounts), artifact.Tidy(out.Features.Customers))
}

func (r *Run) refreshGrades(ctx context.Context, out *RefreshResult, date string) error {
	s := r.gradesState(date, "")
	out.Steps = append(out.Steps, s)
	if s.State != artifact.Current {
		var err error
		out.Predict, err = r.Predict(ctx, date, "")
		return err
	}
	facts, err := readFacts(s.Folder)
	if err != nil {
		return damagedf("refresh: %v; run `icpfit predict --as-of %s`", err, date)
	}
	n := &nightly{nightFacts: *facts}
	m, err := r.Model(facts.Version)
	if err != nil {
		return err
	}
	if n.in.Overrides, err = heldOverrides(s.Folder, facts, m); err != nil {
		return err
	}
	out.Predict = r.resultOf(n)
	out.Predict.Summary, out.Predict.Accepted = facts.Summary, facts.Accepted
	r.kept("predict", date, facts.Summary.Rows)
	return errors.Join(artifact.Tidy(s.Folder), r.linkChanges(date))
}

func (r *Run) refreshReport(ctx context.Context, out *RefreshResult, date, lang string) error {
	s := r.reportState(ctx, date, lang)
	out.Steps = append(out.Steps, s)
	if s.State != artifact.Current {
		var err error
		out.ReportResult, err = r.Report(ctx, date, lang)
		return err
	}
	path := filepath.Join(s.Folder, "report.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	out.ReportResult = &ReportResult{Report: &report.Report{}, HTML: filepath.Join(s.Folder, "report.html")}
	if err := json.Unmarshal(text, out.Report); err != nil {
		return damagedf("refresh: %s: %v; run `icpfit report --as-of %s`", path, err, date)
	}
	r.kept("report", date, out.Report.Base.Accounts)
	return artifact.Tidy(s.Folder)
}

// hashOf returns the SHA-256 of a text.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
