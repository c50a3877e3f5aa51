package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// sharedData returns the folder of real files beside the repository, or skips.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); err != nil {
		t.Skipf("no real files at %s", data)
	}
	return data
}

// TestRealFiles runs init, check and features on public files as they come.
// The counts of rows and customers are those of the data's own description; the
// seeds of the CRM packages have no domains to speak of, which must be said and
// must not be an unexpected error.
func TestRealFiles(t *testing.T) {
	data := sharedData(t)
	t.Parallel()
	strangers := filepath.Join(t.TempDir(), "customers.csv")
	if err := os.WriteFile(strangers, []byte("domain\nacme.com\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		accounts, customers string
		init, check         int
		rows                float64
		listed              int
	}{
		{"icp-hackerone/accounts.csv", "icp-hackerone/customers.csv", exitOK, exitOK, 14_444, 519},
		{"icp-yc-hiring/accounts.csv", "icp-yc-hiring/customers.csv", exitOK, exitOK, 5_897, 1_442},
		{"crm/salesforce-dataloader/accountData_without_session_column.csv", "", exitOK, exitRefused, 423, 1},
		{"crm/salesforce/sf_account_data.csv", "", exitOK, exitRefused, 10, 1},
		{"crm/salesforce/sf_lead_data.csv", "", exitUsage, exitUsage, 0, 0},
		{"crm/hubspot/company_data.csv", "", exitUsage, exitUsage, 0, 0},
	} {
		t.Run(tt.accounts, func(t *testing.T) {
			customers := strangers
			if tt.customers != "" {
				customers = filepath.Join(data, tt.customers)
			}
			dir := t.TempDir()
			code, _ := inProcess(t, "init", "--dir", dir, "--accounts", filepath.Join(data, tt.accounts), "--customers", customers)
			if code != tt.init {
				t.Fatalf("init: exit %d, want %d", code, tt.init)
			}
			code, out := inProcess(t, "check", "--dir", dir, "--as-of", "2026-01-31", "--json")
			if code != tt.check {
				t.Errorf("check: exit %d, want %d", code, tt.check)
			}
			var audit struct {
				Rows   float64
				Funnel []struct{ Count int }
			}
			if err := json.Unmarshal(out, &audit); err != nil {
				t.Fatal(err)
			}
			if audit.Rows != tt.rows || tt.listed > 0 && audit.Funnel[0].Count != tt.listed {
				t.Errorf("check: %+v, want %v rows and %d listed", audit, tt.rows, tt.listed)
			}
			if tt.init == exitOK {
				if code, _ := inProcess(t, "features", "--dir", dir, "--as-of", "2026-01-31"); code != exitOK {
					t.Errorf("features: exit %d", code)
				}
			}
		})
	}
}

// inProcess runs a command and checks that nothing it prints can move a terminal.
func inProcess(t *testing.T, args ...string) (code int, stdout []byte) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"icpfit"}, args...), &out, &errs)
	if text := out.String() + errs.String(); clean(text) != text {
		t.Errorf("%q prints what moves a terminal", args)
	}
	if (code == exitOK) != (errs.Len() == 0) {
		t.Errorf("%q: exit %d, stderr %q", args, code, errs.String())
	}
	return code, out.Bytes()
}
