package pipeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model/registry"
)

// write writes a small project; tail comes behind its settings.
func write(t *testing.T, tail string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"icpfit.yaml":   "version: 1\naccounts: {path: accounts.csv, domain: site}\ncustomers: {path: customers.csv, domain: domain}\nfeatures:\n  - {name: sector, pillar: firmographic, kind: category, column: sector}\n" + tail,
		"accounts.csv":  "site,sector\na.com,Tech\nb.com,Retail\n",
		"customers.csv": "domain\na.com\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestAsOf checks where the date of a feature table comes from: the caller,
// else icpfit.yaml, else today in UTC, whatever the clock's own zone; today is
// not the future, tomorrow is.
func TestAsOf(t *testing.T) {
	// In Auckland it is 1 March already, in UTC still 28 February.
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.FixedZone("NZDT", 13*3600))
	for _, tt := range []struct{ asked, settings, want, fault string }{
		{want: "2026-02-28"},
		{settings: "2025-12-31", want: "2025-12-31"},
		{asked: "2025-06-30", settings: "2025-12-31", want: "2025-06-30"},
		{asked: "2026-02-28", want: "2026-02-28"},
		{asked: "2026-03-01", fault: "as-of: 2026-03-01 is in the future, today is 2026-02-28; "},
		{settings: "2026-03-01", fault: "as-of: 2026-03-01 is in the future, "},
		{asked: "2026-02-29", fault: `as-of: "2026-02-29" is no date; `},
		{asked: "28.02.2026", fault: `as-of: "28.02.2026" is no date; `},
	} {
		tail := ""
		if tt.settings != "" {
			tail = "as_of: " + tt.settings + "\n"
		}
		r, err := pipeline.Open(write(t, tail), now)
		if err != nil {
			t.Fatal(err)
		}
		out, err := r.Features(t.Context(), tt.asked)
		if tt.fault != "" {
			checkUsage(t, err, pipeline.BadUsage, tt.fault)
			continue
		}
		if err != nil || out.AsOf != tt.want {
			t.Errorf("%+v: %+v, %v", tt, out, err)
		}
	}
}

// checkUsage fails unless err is a UsageError with that code and start.
func checkUsage(t *testing.T, err error, code, start string) {
	t.Helper()
	var usage *pipeline.UsageError
	if !errors.As(err, &usage) || usage.Code != code || !strings.HasPrefix(err.Error(), start) {
		t.Errorf("error %v (%+v), want code %s and %q", err, usage, code, start)
	}
}

func TestNothingYet(t *testing.T) {
	r := open(t, write(t, ""))
	ctx := t.Context()
	if _, err := r.Predict(ctx, "", ""); !errors.Is(err, registry.ErrNoChampion) {
		t.Errorf("predict: %v", err)
	}
	if _, _, err := r.Explain(ctx, "a.com", "en"); !errors.Is(err, registry.ErrNoChampion) {
		t.Errorf("explain: %v", err)
	}
	if _, err := r.Refresh(ctx, "", "en"); !errors.Is(err, registry.ErrNoChampion) {
		t.Errorf("refresh: %v", err)
	}
	_, err := r.Train(ctx, pipeline.TrainOptions{})
	checkUsage(t, err, pipeline.NotFound, "features: ")
	_, err = r.Report(ctx, "", "en")
	checkUsage(t, err, pipeline.NotFound, "report: ")
	_, err = r.Report(ctx, "", "de")
	checkUsage(t, err, pipeline.BadUsage, `report: --lang is "de"; `)
	_, err = r.Model("2026-01-31-00000000")
	checkUsage(t, err, pipeline.NotFound, "models: no version 2026-01-31-00000000; ")
	_, err = r.Model("../x")
	checkUsage(t, err, pipeline.Damaged, `models: "../x" is no version; `)
	_, err = r.Promote("2026-01-31-00000000", "me", "why")
	checkUsage(t, err, pipeline.NotFound, "models: no version ")
	if _, err := r.Train(ctx, pipeline.TrainOptions{Learner: "magic"}); err == nil || !strings.Contains(err.Error(), `--learner: "magic" is not one of`) {
		t.Errorf("train: %v", err)
	}
}

// TestRefusal checks that too few customers are refused with the steps on which
// they got lost, before anything is written.
func TestRefusal(t *testing.T) {
	dir := write(t, "")
	r := open(t, dir)
	check, err := r.Check(t.Context(), "2026-01-31", false)
	if err != nil || check.Refusal == nil || check.Refusal.Code != features.OnlyGridPossible || check.Rows != 2 {
		t.Fatalf("check: %+v, %v", check, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "features")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("check wrote features: %v", err)
	}
	if _, err := r.Features(t.Context(), "2026-01-31"); err != nil {
		t.Fatal(err)
	}
	_, err = r.Train(t.Context(), pipeline.TrainOptions{AllowSmall: true})
	var gate *features.GateError
	if !errors.As(err, &gate) || gate.Code != features.OnlyGridPossible || len(gate.Steps) != 5 {
		t.Errorf("train: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "models")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused training wrote models: %v", err)
	}
}

// TestCancelled checks that every step ends with the context's error and leaves
// nothing behind.
func TestCancelled(t *testing.T) {
	dir := write(t, "")
	r := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Features(ctx, "2026-01-31"); !errors.Is(err, context.Canceled) {
		t.Errorf("features: %v", err)
	}
	for _, table := range []string{features.AccountsTable, features.CustomersTable} {
		if left, _ := filepath.Glob(filepath.Join(dir, "features", table, "*")); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
	folder := filepath.Join(t.TempDir(), "demo")
	if _, err := pipeline.Demo(ctx, pipeline.DemoOptions{Folder: folder, Accounts: 2_000, Lang: "en"}); !errors.Is(err, context.Canceled) {
		t.Errorf("demo: %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a cancelled demo left its folder: %v", err)
	}
}

// TestInitPaths checks that the settings name the files as seen from their own
// folder, wherever the caller stands.
func TestInitPaths(t *testing.T) {
	dir := write(t, "")
	rows := "domain,sector\n" + strings.Repeat("a.com,Tech\nb.com,Retail\n", 30)
	if err := os.WriteFile(filepath.Join(dir, "accounts.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	abs := filepath.Join(dir, "accounts.csv")
	for _, tt := range []struct{ project, accounts, want string }{
		{".", "accounts.csv", "accounts.csv"},
		{"sub/eu", "accounts.csv", "../../accounts.csv"},
		{"sub", "./sub/../accounts.csv", "../accounts.csv"},
		{"other", abs, abs},
	} {
		_, err := pipeline.Init(t.Context(), pipeline.InitOptions{Dir: tt.project, Accounts: tt.accounts, Customers: "customers.csv", Force: true})
		if err != nil {
			t.Fatal(err)
		}
		p, err := project.Load(tt.project)
		if err != nil || p.Config.Accounts.Path != tt.want {
			t.Errorf("%+v: %q, %v", tt, p.Config.Accounts.Path, err)
		}
		if source, err := p.Accounts(); err != nil {
			t.Errorf("%+v: %v, %v", tt, source, err)
		}
	}
}
