package features_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features"
)

// dataFolder returns the folder of public data beside the repository, or skips.
func dataFolder(t *testing.T, name string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(root) == root {
			t.Fatal("no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	folder := filepath.Join(root, "..", "shared", "data", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no real data: %v", err)
	}
	return folder
}

// TestHackerOne builds tables from real organisations. The numbers of rows and
// of customers listed are those of the data's own description, as are the shares
// of filled cells, to two digits. So is the number of customers found in the base, 225;
// yahoo.com is one of them, but a mail provider is nobody's key, so it has no
// features; nor has nordsecurity.com, whose row holds only name and website.
func TestHackerOne(t *testing.T) {
	folder := dataFolder(t, "icp-hackerone")
	customers, err := features.LoadCustomers(t.Context(), csvfile.New(filepath.Join(folder, "customers.csv"), csvfile.DefaultOptions()),
		features.CustomerColumns{Domain: "domain", WonAt: "first_month"})
	if err != nil {
		t.Fatal(err)
	}
	as := func(name string, pillar features.Pillar, kind features.Kind, column, parser string) features.Spec {
		return features.Spec{Name: name, Pillar: pillar, Kind: kind, Column: column, Parser: parser}
	}
	got := build(t, features.Input{
		Accounts: csvfile.New(filepath.Join(folder, "accounts.csv"), csvfile.DefaultOptions()), Domain: "domain", Name: "name", AsOf: day, Customers: customers,
		Specs: []features.Spec{
			as("headcount", features.Firmographic, features.Number, "headcount_raw", "range"),
			as("founded", features.Firmographic, features.Number, "founded_raw", "year"),
			as("countries", features.Firmographic, features.Set, "country_raw", "country"),
			as("sector", features.Firmographic, features.Category, "sector_raw", ""),
			as("tags", features.Firmographic, features.Set, "tags", ""),
			as("about", features.Firmographic, features.Words, "description", ""),
			as("technologies", features.Technographic, features.Set, "technologies", ""),
			as("hiring", features.Intent, features.Flag, "is_hiring", ""),
			as("active", features.Intent, features.Date, "last_activity_date", ""),
		},
	})
	audit := got.audit
	steps := audit.Funnel()
	if audit.Rows != 14_444 || steps[0].Count != 519 || steps[3].Count != 225 || steps[4].Count != 225-2 || got.customers.Rows() != 225-1 {
		t.Errorf("%d rows, funnel %+v", audit.Rows, steps)
	}
	for name, want := range map[string]float64{"sector": 0.79, "tags": 0.51, "headcount": 0.52, "founded": 0.41, "technologies": 0.27, "hiring": 0.41} {
		for _, f := range audit.Features {
			if share := float64(f.Filled) / float64(audit.Rows); f.Name == name && (share < want-0.02 || share > want+0.02) {
				t.Errorf("%s: filled %.3f, the data's description says %.2f", name, share, want)
			}
		}
	}
	if _, err := features.Gate(audit, false); err != nil {
		t.Errorf("224 customers are enough: %v", err)
	}
	for _, f := range audit.Features {
		t.Logf("%-12s filled %5d unreadable %4d known %.2f of customers, %.2f of the pool", f.Name, f.Filled, f.Unreadable, f.Customers, f.Pool)
	}
	t.Logf("rows without a grade: %v", audit.Reasons)
}
