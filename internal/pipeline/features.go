package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
)

const (
	partFile  = "part-0000.parquet"
	auditFile = "_audit.json"
)

// A FeaturesResult says which tables were written.
type FeaturesResult struct {
	AsOf      string          `json:"as_of"`
	Accounts  string          `json:"accounts"`
	Customers string          `json:"customers"`
	Audit     *features.Audit `json:"audit"`
}

// makeFeatures is Features unobserved.
func (r *Run) makeFeatures(ctx context.Context, asOf string) (*FeaturesResult, error) {
	date, day, err := r.asOf(asOf)
	if err != nil {
		return nil, err
	}
	out := &FeaturesResult{AsOf: date, Accounts: r.Project.Features(features.AccountsTable, date), Customers: r.Project.Features(features.CustomersTable, date)}
	hashes, stop := context.WithCancel(ctx)
	hashed := r.hashing(hashes, date)
	defer hashed() //nolint:errcheck // no file is read behind its caller's back
	defer stop()
	in, err := r.input(ctx, day, filepath.Dir(out.Accounts))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	accounts, err := artifact.Stage(out.Accounts)
	if err != nil {
		return nil, err
	}
	defer accounts.Abort()
	customers, err := artifact.Stage(out.Customers)
	if err != nil {
		return nil, err
	}
	defer customers.Abort()
	if out.Audit, err = r.build(ctx, in.Input, accounts, customers); err != nil {
		return nil, r.gone(err)
	}
	audit, err := json.MarshalIndent(out.Audit, "", " ")
	if err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	if err := accounts.Write(auditFile, append(audit, '\n')); err != nil {
		return nil, err
	}
	manifest, err := hashed()
	if err != nil {
		return nil, err
	}
	maps.Copy(manifest.Inputs, in.prints)
	manifest.Rows = out.Audit.Customers
	if err := customers.Publish(manifest); err != nil {
		return nil, err
	}
	manifest.Rows = out.Audit.Rows
	return out, accounts.Publish(manifest)
}

func (r *Run) build(ctx context.Context, in features.Input, accounts, customers *artifact.Staging) (*features.Audit, error) {
	a, err := accounts.Create(partFile)
	if err != nil {
		return nil, err
	}
	c, err := customers.Create(partFile)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	ballast()
	audit, err := features.Build(ctx, in, features.Output{Accounts: a, Customers: c, Progress: func(rows int64) { r.progress("features", rows, 0) }})
	return audit, errors.Join(err, a.Close(), c.Close())
}

// readAudit reads the audit stored with an accounts table.
func (r *Run) readAudit(asOf string) (*features.Audit, error) {
	path := filepath.Join(r.Project.Features(features.AccountsTable, asOf), auditFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, damagedf("read audit: %v; run `icpfit features --as-of %s` again", err, asOf)
	}
	var a features.Audit
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, damagedf("read audit: %s: %v; run `icpfit features --as-of %s` again", path, err, asOf)
	}
	return &a, nil
}
