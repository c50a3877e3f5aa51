package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/icpfit/icpfit/datasets"
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

// pair opens both feature tables of a date, "" for the newest.
func (r *Run) pair(asOf string) (accounts, customers *features.Table, err error) {
	if asOf == "" {
		if asOf, err = r.newest(); err != nil {
			return nil, nil, err
		}
	}
	accounts, of, err := r.table(features.AccountsTable, asOf)
	if err != nil {
		return nil, nil, err
	}
	customers, with, err := r.table(features.CustomersTable, asOf)
	if err != nil {
		return nil, nil, errors.Join(err, accounts.Close())
	}
	if of.Options != with.Options || !maps.Equal(of.Inputs, with.Inputs) {
		err = damagedf("features: the tables of accounts and customers of %s are not of one run; run `icpfit features --as-of %s` again", asOf, asOf)
		return nil, nil, errors.Join(err, accounts.Close(), customers.Close())
	}
	return accounts, customers, nil
}

// tables are the newest feature tables, checked for training.
type tables struct {
	accounts, customers *features.Table
	audit               *features.Audit
	provisional         bool            // fewer customers than the gate asks for
	held                map[uint64]bool // hashes of the domains held out; nil: none are
}

// open opens the newest feature tables for a command that makes a model of them.
func (r *Run) open(ctx context.Context, command string, o TrainOptions) (*tables, error) {
	accounts, customers, err := r.pair("")
	if err != nil {
		return nil, err
	}
	t := &tables{accounts: accounts, customers: customers}
	if err := r.admit(ctx, t, command, o); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// admit checks that t can be trained on, and reads what is known of it.
func (r *Run) admit(ctx context.Context, t *tables, command string, o TrainOptions) (err error) {
	asOf := t.accounts.AsOf
	if t.accounts.SpecHash != features.SpecHash(r.Project.Config.Features) {
		return usagef("%s: icpfit.yaml has other features than the table of %s; run `icpfit features` first", command, asOf)
	}
	if t.audit, err = r.readAudit(asOf); err != nil {
		return err
	}
	if t.provisional, err = r.gate(t.audit, o); err != nil {
		return err
	}
	t.held, err = heldOut(ctx, o.Holdout)
	return err
}

// Close closes both tables, of which nothing was written.
func (t *tables) Close() {
	t.accounts.Close()
	t.customers.Close()
}

// heldOut loads the customers and the pool's accounts among the held-out domains,
// with the columns of specs.
func (t *tables) heldOut(ctx context.Context, specs []features.Spec) (best, pool *datasets.Batch, err error) {
	columns := []string{"domain"}
	for _, s := range specs {
		columns = append(columns, s.Name)
	}
	best, err = t.customers.Load(ctx, append(columns[:len(columns):len(columns)], "weight", "won_at"), func(row features.Row) bool { return t.held[row.Hash] })
	if err != nil {
		return nil, nil, err
	}
	pool, err = t.accounts.Load(ctx, columns, func(row features.Row) bool { return t.held[row.Hash] && inPool(row, nil) })
	return best, pool, err
}

// fits refuses a table that lacks a feature of the model, or makes one in
// another way than the model was trained on: its points would mean something else.
func fits(m *model.Model, t *features.Table) error {
	for _, s := range m.Specs {
		at := slices.IndexFunc(t.Specs, func(o features.Spec) bool { return o.Name == s.Name })
		if at < 0 {
			return &RefusalError{Code: ColumnGone, Msg: fmt.Sprintf("features: the table of %s has no feature %q, which model %s uses; put it back into icpfit.yaml and run `icpfit features`, or train again", t.AsOf, s.Name, m.Version), Features: []string{s.Name}}
		}
		if made(s) != made(t.Specs[at]) {
			return &RefusalError{Code: Skew, Msg: fmt.Sprintf("features: the table of %s makes feature %q in another way than model %s was trained on (kind, parser, separator or what empty means); restore it in icpfit.yaml and run `icpfit features`, or train again", t.AsOf, s.Name, m.Version), Features: []string{s.Name}}
		}
	}
	return nil
}

// made returns a hash of how a feature's cells become values, defaults written out.
func made(s features.Spec) string {
	return features.SpecHash([]features.Spec{{Name: s.Name, Kind: s.Kind, Parser: s.Parser, Separator: s.Separator, Empty: s.Empty}})
}
