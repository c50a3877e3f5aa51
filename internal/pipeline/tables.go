package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model"
)

// newest returns the date of the newest feature table.
func (r *Run) newest() (string, error) {
	date, _, err := features.LatestTable(filepath.Dir(r.Project.Features(features.AccountsTable, "x")), "")
	if errors.Is(err, fs.ErrNotExist) {
		return "", notFoundf("features: %s: no feature table yet; run `icpfit features`", filepath.Join(r.Project.Dir, "features"))
	}
	return date, err
}

// table opens a complete feature table.
func (r *Run) table(name, asOf string) (*features.Table, *artifact.Manifest, error) {
	folder := r.Project.Features(name, asOf)
	t, err := features.OpenTable(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, notFoundf("features: %s: no feature table of %s; run `icpfit features --as-of %s`", folder, asOf, asOf)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w; `icpfit features --as-of %s` makes it anew", err, asOf)
	}
	m, err := manifest(folder, "icpfit features --as-of "+asOf)
	if err != nil {
		return nil, nil, errors.Join(err, t.Close())
	}
	return t, m, nil
}

// manifest reads the manifest of a published folder, which again makes.
func manifest(folder, again string) (*artifact.Manifest, error) {
	m, err := artifact.ReadManifest(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damagedf("read: %s: it has no %s, so it is not complete; run `%s` again", folder, artifact.ManifestName, again)
	}
	if err != nil {
		return nil, damagedf("%v; run `%s` again", err, again)
	}
	return m, nil
}

// tables opens both feature tables of a date, "" for the newest.
func (r *Run) tables(asOf string) (accounts, customers *features.Table, err error) {
	if asOf == "" {
		if asOf, err = r.newest(); err != nil {
			return nil, nil, err
		}
	}
	if accounts, _, err = r.table(features.AccountsTable, asOf); err != nil {
		return nil, nil, err
	}
	if customers, _, err = r.table(features.CustomersTable, asOf); err != nil {
		return nil, nil, errors.Join(err, accounts.Close())
	}
	return accounts, customers, nil
}

// fits refuses a table that lacks a feature of the model, or makes one in
// another way than the model was trained on: its points would mean something else.
func fits(m *model.Model, t *features.Table) error {
	for _, s := range m.Specs {
		at := slices.IndexFunc(t.Specs, func(o features.Spec) bool { return o.Name == s.Name })
		if at < 0 {
			return &RefusalError{ColumnGone, fmt.Sprintf("features: the table of %s has no feature %q, which model %s uses; put it back into icpfit.yaml and run `icpfit features`, or train again", t.AsOf, s.Name, m.Version)}
		}
		if made(s) != made(t.Specs[at]) {
			return &RefusalError{Skew, fmt.Sprintf("features: the table of %s makes feature %q in another way than model %s was trained on (kind, parser or separator); restore it in icpfit.yaml and run `icpfit features`, or train again", t.AsOf, s.Name, m.Version)}
		}
	}
	return nil
}

// made returns a hash of how a feature's cells become values, defaults written out.
func made(s features.Spec) string {
	return features.SpecHash([]features.Spec{{Name: s.Name, Kind: s.Kind, Parser: s.Parser, Separator: s.Separator}})
}
