package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/spool"
)

// sources are the inputs of a feature table. The rows of a query are read once
// and kept until Close: each pass over a database would see another state of it.
type sources struct {
	features.Input
	prints map[string]string // fingerprints of what came from queries, by input
	copies []*spool.Copy
}

// Close removes what was kept.
func (s *sources) Close() {
	for _, c := range s.copies {
		c.Close()
	}
}

// input gathers what a feature table is made of. Copies stand in folder.
func (r *Run) input(ctx context.Context, day int32, folder string) (_ *sources, err error) {
	c := r.Project.Config
	s := &sources{prints: map[string]string{}, Input: features.Input{
		Domain: c.Accounts.Domain, ID: c.Accounts.ID, Name: c.Accounts.Name, Modified: c.Accounts.Modified, Parent: c.Accounts.Parent,
		Specs: c.Features, AsOf: day, Lag: int32(c.Customers.Lag),
	}}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	// The list comes first: it is small, and what is wrong with it is soon found.
	if s.Customers, err = r.loadCustomers(ctx, s, folder); err != nil {
		return nil, err
	}
	accounts, err := r.Project.Accounts()
	if err != nil {
		return nil, located("accounts.path", err)
	}
	if s.Accounts, err = r.keep(ctx, s, accounts, "accounts", c.Accounts.Query, folder); err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	return s, nil
}

// located says which key of icpfit.yaml names what could not be opened, unless
// the error does.
func located(key string, err error) error {
	var config *project.ConfigError
	if errors.As(err, &config) {
		return err
	}
	return fmt.Errorf("icpfit.yaml: %s: %w", key, err)
}

// loadCustomers reads the list of customers, or compiles the filter.
func (r *Run) loadCustomers(ctx context.Context, s *sources, folder string) (*features.Customers, error) {
	c := r.Project.Config.Customers
	columns := features.CustomerColumns{Domain: c.Domain, Class: c.Class, WonAt: c.WonAt, Weight: c.Weight}
	if c.Where != "" {
		return features.FilterCustomers(c.Where, columns)
	}
	src, err := r.Project.Customers()
	if err != nil {
		return nil, located("customers.path", err)
	}
	if src, err = r.keep(ctx, s, src, "customers", c.Query, folder); err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	return features.LoadCustomers(ctx, src, columns)
}

// keep returns a source that gives the same rows in every pass: a file as it is,
// a query's rows in a copy.
func (r *Run) keep(ctx context.Context, s *sources, src datasets.Source, name, query, folder string) (datasets.Source, error) {
	if query == "" {
		return src, nil
	}
	o := spool.DefaultOptions()
	o.Progress = func(rows int64) { r.progress("read "+name, rows, 0) }
	o.Again = func(cause error) { r.Watch.Again(name, cause) }
	c, err := spool.Rows(ctx, src, filepath.Join(folder, "query-"+name), o)
	if err != nil {
		return nil, err
	}
	s.copies = append(s.copies, c)
	s.prints[name], s.prints[name+"_query"] = c.Sum, artifact.Fingerprint(query)
	return c, nil
}
