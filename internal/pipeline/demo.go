package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/disk"
	"github.com/icpfit/icpfit/internal/project"
)

// Debts names the faults that a demo can have planted.
func Debts() []string {
	var names []string
	for _, d := range sample.Debts {
		names = append(names, string(d))
	}
	return names
}

// DemoOptions say what Demo makes.
type DemoOptions struct {
	Folder   string
	Accounts int
	AsOf     string // "" for today
	Lang     string
	Author   string
	Debts    string // to plant for `icpfit audit` to find, with commas; "": none
	Progress func(string, int64, int64)
	Log      *slog.Logger // nil: none
}

// A DemoResult is what Demo made.
type DemoResult struct {
	Folder   string
	Accounts int
	Example  string // an account to explain
	Features *FeaturesResult
	Train    *TrainResult
	Predict  *PredictResult
	*ReportResult
}

// A demo base has a customer in fifty accounts, but never fewer than what
// training wants and a few more.
const (
	accountsPerCustomer = 50
	leastCustomers      = 250
	leastStale          = 450 // where a part of them was won after the model was made
	leastAccounts       = 2_000
	mostAccounts        = 20_000_000
)

// Demo generates a base in a folder that is empty or not there, and runs the
// whole chain on it. Where that fails it removes what it made, so that the same
// command can be given again.
func Demo(ctx context.Context, o DemoOptions) (_ *DemoResult, err error) {
	entries, err := os.ReadDir(o.Folder)
	if err == nil && len(entries) > 0 {
		return nil, usagef("demo: %s is not empty; name a new folder", o.Folder)
	}
	isNew := errors.Is(err, fs.ErrNotExist)
	options, err := o.sample()
	if err != nil {
		return nil, err
	}
	base, err := sample.Generate(options)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, empty(o.Folder, isNew))
		}
	}()
	if err := base.Write(ctx, o.Folder); err != nil {
		return nil, err
	}
	if err := base.WriteTables(ctx, o.Folder); err != nil {
		return nil, err
	}
	return o.run(ctx, options)
}

// sample returns the options of the base.
func (o DemoOptions) sample() (sample.Options, error) {
	s := sample.DefaultOptions()
	if o.Accounts < leastAccounts || o.Accounts > mostAccounts {
		return s, usagef("demo: %d accounts; want %d to %d", o.Accounts, leastAccounts, mostAccounts)
	}
	if err := checkLanguage("demo", o.Lang); err != nil {
		return s, err
	}
	debts, err := sample.ParseDebts(o.Debts)
	if err != nil {
		return s, usagef("demo: --debts: %v", err)
	}
	r := Run{Project: &project.Project{}, Now: time.Now()}
	_, day, err := r.asOf(o.AsOf)
	if err != nil {
		return s, err
	}
	s.Accounts, s.Customers, s.AsOf, s.Debts = o.Accounts, max(o.Accounts/accountsPerCustomer, leastCustomers), day, debts
	if slices.Contains(debts, sample.Stale) {
		s.Customers = max(s.Customers, leastStale)
	}
	if err := s.Validate(); err != nil {
		return s, usagef("demo: %v", err)
	}
	return s, nil
}

// empty removes everything in a folder that was empty, and the folder too if it
// was not there.
func empty(folder string, isNew bool) error {
	if isNew {
		return disk.RemoveAll(folder)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // not a folder: nothing was made in it
	}
	for _, e := range entries {
		err = errors.Join(err, disk.RemoveAll(filepath.Join(folder, e.Name())))
	}
	return err
}

// run runs the chain on the base.
func (o DemoOptions) run(ctx context.Context, base sample.Options) (*DemoResult, error) {
	files := InitOptions{Dir: o.Folder, Accounts: filepath.Join(o.Folder, sample.AccountsFile), Customers: filepath.Join(o.Folder, sample.CustomersFile)}
	for _, name := range sample.Tables {
		files.Tables = append(files.Tables, project.Table{Name: name, Path: name + ".csv"})
	}
	if slices.Contains(base.Debts, sample.Grid) {
		files.Grid = wrongGrid
	}
	if _, err := Init(ctx, files); err != nil {
		return nil, err
	}
	r, err := Open(o.Folder, time.Now())
	if err != nil {
		return nil, err
	}
	r.Progress, r.Watch.Log = o.Progress, o.Log
	out := &DemoResult{Folder: o.Folder, Accounts: o.Accounts}
	if err := o.learn(ctx, r, out, base); err != nil {
		return nil, err
	}
	date := features.DayString(base.AsOf)
	if out.Predict, err = r.Predict(ctx, date, ""); err != nil {
		return nil, err
	}
	if out.ReportResult, err = r.Report(ctx, date, o.Lang); err != nil {
		return nil, err
	}
	if len(out.Report.CallList.Accounts) == 0 {
		return nil, fmt.Errorf("demo: no account is worth a call; this is a fault of icpfit, please report it with --accounts %d --as-of %s", o.Accounts, date)
	}
	out.Example = out.Report.CallList.Accounts[0].Domain
	return out, nil
}

// learn makes the features of the day and a model, of that day or of an earlier one.
func (o DemoOptions) learn(ctx context.Context, r *Run, out *DemoResult, base sample.Options) (err error) {
	days := []int32{base.AsOf}
	if slices.Contains(base.Debts, sample.Stale) {
		days = []int32{base.AsOf - sample.StaleDays, base.AsOf}
	}
	for i, d := range days {
		if out.Features, err = r.Features(ctx, features.DayString(d)); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if out.Train, err = r.Train(ctx, TrainOptions{Author: o.Author}); err != nil {
			return err
		}
	}
	return nil
}

// wrongGrid gives its points to what the base's customers are not: the truth is
// in package sample.
const wrongGrid = `grid:                     # what sales and marketing believe
  mode: sum
  criteria:
    - {feature: industry, values: {Construction: 30, Public sector: 30, Hospitality: 25, Manufacturing: 20}}
    - {feature: employees, ranges: [{from: 2000, points: 30}]}
    - {feature: crm_in_use, values: {SAP: 25, Spreadsheet: 15}}
    - {feature: technologies, values: {SAP: 15}}
`
