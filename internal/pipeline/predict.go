package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model/predict"
)

// A PredictResult is what `predict --json` prints.
type PredictResult struct {
	AsOf    string `json:"as_of"`
	Version string `json:"version"`
	Folder  string `json:"folder"`
	*predict.Summary
}

// Predict grades the base of a date, "" for the newest feature table, with a
// version, "" for the champion.
func (r *Run) Predict(ctx context.Context, asOf, version string) (*PredictResult, error) {
	if version == "" {
		champion, err := r.Champion()
		if err != nil {
			return nil, err
		}
		version = champion
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	if asOf == "" {
		if asOf, err = r.newest(); err != nil {
			return nil, err
		}
	}
	in := predict.Input{Model: m}
	if in.AsOf, err = ParseDay(asOf); err != nil {
		return nil, err
	}
	accounts, table, err := r.table(features.AccountsTable, asOf)
	if err != nil {
		return nil, err
	}
	defer accounts.Close()
	if err := fits(m, accounts); err != nil {
		return nil, err
	}
	in.Accounts, in.Progress = accounts, func(rows int64) { r.progress("predict", rows, accounts.Rows()) }
	if in.Previous, err = r.previous(ctx, asOf); err != nil {
		return nil, err
	}
	out := &PredictResult{AsOf: asOf, Version: version, Folder: r.Project.Grades(asOf)}
	stage, err := artifact.Stage(out.Folder)
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	f, err := stage.Create(partFile)
	if err != nil {
		return nil, err
	}
	out.Summary, err = predict.Run(ctx, in, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return out, stage.Publish(artifact.Manifest{Step: "predict", Inputs: map[string]string{"features": artifact.Fingerprint(table), "model": version}, Options: artifact.Fingerprint(r.Project.Config.Grades), Rows: out.Rows})
}

// previousFolder returns the newest grades before a date, "" for none.
func (r *Run) previousFolder(asOf string) (date, folder string, err error) {
	date, folder, err = features.LatestTable(filepath.Dir(r.Project.Grades("x")), asOf)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	return date, folder, err
}

func (r *Run) previous(ctx context.Context, asOf string) (*predict.Previous, error) {
	date, folder, err := r.previousFolder(asOf)
	if err != nil || folder == "" {
		return nil, err
	}
	p, err := predict.LoadPrevious(ctx, folder)
	if err != nil && ctx.Err() == nil {
		return nil, damagedf("%v; grade that night again with `icpfit predict --as-of %s`, or remove %s", err, date, folder)
	}
	return p, err
}
