package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/train"
)

// A CheckResult is the audit of a base, what detectors of leaks say of it, and
// whether training would be refused.
type CheckResult struct {
	*features.Audit
	Warnings []leak.Warning      `json:"warnings"`
	Coverage *leak.Coverage      `json:"coverage,omitempty"` // of what the pattern of empty cells is worth
	Refusal  *features.GateError `json:"refusal"`            // nil: training may start
}

// Check audits the base and writes nothing: its feature tables stand in a
// temporary folder until it returns. The refusal of training is in the result,
// not in the error.
func (r *Run) Check(ctx context.Context, asOf string, allowSmall bool) (*CheckResult, error) {
	_, day, err := r.asOf(asOf)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "icpfit-check-")
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	out, err := r.checkIn(ctx, day, folder, allowSmall)
	return out, errors.Join(err, os.RemoveAll(folder))
}

func (r *Run) checkIn(ctx context.Context, day int32, folder string, allowSmall bool) (*CheckResult, error) {
	in, err := r.input(ctx, day, folder)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return r.check(ctx, in.Input, folder, allowSmall)
}

func (r *Run) check(ctx context.Context, in features.Input, folder string, allowSmall bool) (*CheckResult, error) {
	accounts, err := artifact.Stage(filepath.Join(folder, features.AccountsTable))
	if err != nil {
		return nil, err
	}
	defer accounts.Abort()
	customers, err := artifact.Stage(filepath.Join(folder, features.CustomersTable))
	if err != nil {
		return nil, err
	}
	defer customers.Abort()
	audit, err := r.build(ctx, in, accounts, customers)
	if err != nil {
		return nil, r.gone(err)
	}
	travels := r.travels(audit)
	out := &CheckResult{Audit: audit, Warnings: timeTravel(travels)}
	_, err = features.Gate(audit, allowSmall)
	if err == nil {
		err = features.CheckTime(travels)
	}
	if err != nil {
		if errors.As(err, &out.Refusal) {
			err = nil
		}
		return out, err
	}
	if r.Project.Config.Model.Learner == "grid" {
		return out, nil // it learns nothing, so nothing leaks into it
	}
	if err := errors.Join(accounts.Publish(artifact.Manifest{Step: "features"}), customers.Publish(artifact.Manifest{Step: "features"})); err != nil {
		return nil, err
	}
	return out, r.screen(ctx, folder, out)
}

// screen adds what detectors say of the tables in a folder.
func (r *Run) screen(ctx context.Context, folder string, out *CheckResult) (err error) {
	accounts, err := features.OpenTable(filepath.Join(folder, features.AccountsTable))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, accounts.Close()) }()
	customers, err := features.OpenTable(filepath.Join(folder, features.CustomersTable))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, customers.Close()) }()
	s, err := r.frame(ctx, accounts, customers, r.Project.Config.Features, nil)
	if err != nil {
		return err
	}
	r.fitOn(s)
	if len(s.Specs) == 0 {
		return nil
	}
	found, err := train.Screen(ctx, s.Frame)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	out.Warnings, out.Coverage = append(out.Warnings, found.Warnings...), found.Coverage
	if blocking := leak.Blocking(found.Warnings); len(blocking) > 0 {
		out.Refusal = &features.GateError{Code: features.LeakSuspected, Fact: leak.Facts(blocking), Do: "or train with --accept-leak REASON"}
	}
	return nil
}

// fitOn makes a frame of all features one of those that are learned from, within
// the groups of model.group.
func (r *Run) fitOn(s *drawn) {
	c := r.Project.Config
	s.Specs, _ = fitSpecs(c.Features, c.Model.Group)
	if at := slices.IndexFunc(c.Features, func(s features.Spec) bool { return s.Name == c.Model.Group }); at >= 0 {
		s.Group = s.GroupBy(c.Features[at])
	}
}

// travels lists what is known of customers before its time.
func (r *Run) travels(audit *features.Audit) []features.Travel {
	fit, _ := fitSpecs(r.Project.Config.Features, r.Project.Config.Model.Group)
	return features.Travels(audit, func(name string) bool {
		return slices.ContainsFunc(fit, func(s features.Spec) bool { return s.Name == name })
	})
}

// timeTravel makes warnings of travels.
func timeTravel(travels []features.Travel) []leak.Warning {
	out := []leak.Warning{}
	for _, t := range travels {
		w := leak.Warning{Code: leak.TimeTravel, Feature: t.Feature, Value: float64(t.Count) / float64(t.Of), Blocks: t.Refuses, Message: t.Fact + "; " + t.Do}
		if t.Refuses {
			w.Limit = leak.Limits[leak.TimeTravel].Block
		}
		out = append(out, w)
	}
	return out
}
