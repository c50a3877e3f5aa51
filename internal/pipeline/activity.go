package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/activity"
)

// Activity opens the optional tables of the project, to be joined to the base as
// it was at a date. A project without tables has an empty set.
func (r *Run) Activity(ctx context.Context, asOf string) (_ *activity.Set, err error) {
	inputs, err := r.Project.Tables()
	if err != nil {
		return nil, located("tables", err)
	}
	if len(inputs) == 0 {
		return activity.NewSet(nil, nil)
	}
	folder := r.Project.Features(features.AccountsTable, asOf)
	table, err := features.OpenTable(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFoundf("read tables: %s: no feature table of %s to join them to; run `icpfit features --as-of %s`", folder, asOf, asOf)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	base, err := activity.LoadBase(ctx, table)
	if err != nil {
		return nil, err
	}
	return activity.NewSet(base, inputs)
}
