package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/icpfit/icpfit/datasets/sample"
)

// DemoOptions say what Demo makes.
type DemoOptions struct {
	Folder   string
	Accounts int
	AsOf     string // "" for today
	Lang     string
	Author   string
	Progress func(string, int64, int64)
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

// customersPerAccount is the share of customers of a demo base.
const customersPerAccount = 50

// Demo generates a base in a folder that is empty or not there, and runs the
// whole chain on it.
func Demo(ctx context.Context, o DemoOptions) (*DemoResult, error) {
	if entries, err := os.ReadDir(o.Folder); err == nil && len(entries) > 0 {
		return nil, usagef("demo: %s is not empty; name a new folder", o.Folder)
	}
	now := time.Now()
	date := o.AsOf
	if date == "" {
		date = now.UTC().Format(time.DateOnly)
	}
	options := sample.DefaultOptions()
	options.Accounts, options.Customers = o.Accounts, o.Accounts/customersPerAccount
	var err error
	if options.AsOf, err = ParseDay(date); err != nil {
		return nil, err
	}
	if err := options.Validate(); err != nil {
		return nil, usagef("demo: %v", err)
	}
	base, err := sample.Generate(options)
	if err != nil {
		return nil, err
	}
	if err := base.Write(ctx, o.Folder); err != nil {
		return nil, err
	}
	files := InitOptions{Dir: o.Folder, Accounts: filepath.Join(o.Folder, sample.AccountsFile), Customers: filepath.Join(o.Folder, sample.CustomersFile)}
	if _, err := Init(ctx, files); err != nil {
		return nil, err
	}
	r, err := Open(o.Folder, now)
	if err != nil {
		return nil, err
	}
	r.Progress = o.Progress
	out := &DemoResult{Folder: o.Folder, Accounts: o.Accounts}
	if out.Features, err = r.Features(ctx, date); err != nil {
		return nil, err
	}
	if out.Train, err = r.Train(ctx, TrainOptions{Author: o.Author}); err != nil {
		return nil, err
	}
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
