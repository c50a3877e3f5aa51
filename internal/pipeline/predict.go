package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/predict"
)

// A PredictResult is what `predict --json` prints.
type PredictResult struct {
	AsOf    string `json:"as_of"`
	Version string `json:"version"`
	Folder  string `json:"folder"`
	Changes string `json:"changes"` // folder
	*predict.Summary

	Expired  []predict.Override `json:"expired_overrides"`  // lines that do not hold any more
	Shard    string             `json:"shard,omitempty"`    // i/N, where a part of the base was graded
	Waiting  []int              `json:"waiting,omitempty"`  // shards that are not there yet: nothing is published
	Accepted []report.Accepted  `json:"accepted,omitempty"` // gates that somebody has passed
}

// makeGrades is Predict unobserved.
func (r *Run) makeGrades(ctx context.Context, asOf, version string) (*PredictResult, error) {
	n, err := r.openNight(asOf, version)
	if err != nil {
		return nil, r.unopened(asOf, version, err)
	}
	out, err := r.publishNight(ctx, n)
	return out, errors.Join(err, n.Close())
}

// unopened reports on a date, "" for the newest feature table, that cannot be
// graded.
func (r *Run) unopened(asOf, version string, err error) error {
	if asOf == "" {
		newest, unknown := r.newest()
		if unknown != nil {
			return err
		}
		asOf = newest
	}
	return r.ungraded(asOf, version, err)
}

func (r *Run) publishNight(ctx context.Context, n *nightly) (*PredictResult, error) {
	out := r.resultOf(n)
	stage, err := artifact.Stage(out.Folder)
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	changes, err := n.grade(ctx, stage)
	if err != nil {
		return nil, err
	}
	held, err := r.gates(n)
	if err != nil {
		return nil, err
	}
	if err := n.describe(stage, changes); err != nil {
		return nil, err
	}
	if len(held) > 0 {
		return nil, r.hold(ctx, n, stage.Folder(), held)
	}
	out.Summary, out.Accepted = n.Summary, n.Accepted
	if err := stage.Publish(n.manifest()); err != nil {
		return nil, err
	}
	return out, r.linkChanges(n.AsOf)
}

func (r *Run) resultOf(n *nightly) *PredictResult {
	out := &PredictResult{AsOf: n.AsOf, Version: n.Version, Folder: r.Project.Grades(n.AsOf), Changes: r.Project.Changes(n.AsOf), Expired: []predict.Override{}}
	if n.in.Overrides != nil {
		out.Expired = append(out.Expired, n.in.Overrides.Expired()...)
	}
	return out
}

// previousFolder returns the newest grades before a date, "" for none.
func (r *Run) previousFolder(asOf string) (date, folder string, err error) {
	date, folder, err = features.LatestTable(filepath.Dir(r.Project.Grades("x")), asOf)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	return date, folder, err
}
