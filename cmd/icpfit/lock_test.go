package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
)

// TestWriting checks that each command that writes ends with exit code 5 and
// names the holder while another one writes, and that one which reads goes on.
func TestWriting(t *testing.T) {
	dir := t.TempDir()
	settings := "version: 1\naccounts: {path: accounts.csv, domain: site}\ncustomers: {path: customers.csv, domain: domain}\nfeatures:\n  - {name: sector, pillar: firmographic, kind: category, column: sector}\n"
	for name, text := range map[string]string{"icpfit.yaml": settings, "accounts.csv": "site,sector\na.com,Tech\nb.com,Retail\n", "customers.csv": "domain\na.com\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := artifact.Acquire(dir, artifact.Holder{PID: 4711, Host: "batch1", Command: "refresh", Since: "2026-01-31T02:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	icpfit := func(args ...string) (exit int, stdout, stderr string) {
		var out, faults bytes.Buffer
		exit = run(t.Context(), append([]string{"icpfit", "--dir", dir}, args...), &out, &faults)
		return exit, out.String(), faults.String()
	}
	for _, args := range []string{"features", "train", "predict", "report", "refresh", "models promote 2026-01-31-00000000 --reason x", "models import x"} {
		exit, _, stderr := icpfit(strings.Fields(args)...)
		if exit != exitLocked || !strings.Contains(stderr, "`icpfit refresh` is writing here: process 4711 on batch1, since 2026-01-31T02:00:00Z") {
			t.Errorf("%s: exit %d, %s", args, exit, stderr)
		}
	}
	_, stdout, _ := icpfit("features", "--json")
	var refusal refused
	if err := json.Unmarshal([]byte(stdout), &refusal); err != nil || refusal.Exit != exitLocked || refusal.Code != "locked" {
		t.Errorf("--json: %s", stdout)
	}
	if exit, _, stderr := icpfit("config", "check"); exit != exitOK {
		t.Errorf("config check: exit %d, %s", exit, stderr)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if exit, _, stderr := icpfit("features", "--as-of", "2026-01-31"); exit != exitOK {
		t.Errorf("features: exit %d, %s", exit, stderr)
	}
	if text, err := os.ReadFile(filepath.Join(dir, artifact.LockName)); len(text) != 0 || err != nil {
		t.Errorf("the lock after its command: %q, %v", text, err)
	}
}
