package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/internal/project"
)

// TestHashing checks that files are hashed as hashPath hashes them, unless one of
// them, or of a folder that a link leads to, is changed or replaced meanwhile.
func TestHashing(t *testing.T) {
	write := func(path, text string) string {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	folder := t.TempDir()
	customers := write(filepath.Join(folder, "customers.csv"), "domain\nacme.com\n")
	part := write(filepath.Join(t.TempDir(), "part.csv"), "domain\nacme.com\n")
	accounts := filepath.Join(folder, "accounts")
	if err := os.Symlink(filepath.Dir(part), accounts); err != nil {
		t.Fatal(err)
	}
	var c project.Config
	c.Accounts.Path, c.Customers.Path = "accounts", "customers.csv"
	r := &Run{Project: &project.Project{Dir: folder, Config: c}}
	for _, tt := range []struct {
		name                string
		change              func()
		accounts, customers bool // are hashed
	}{
		{"nothing", func() {}, true, true},
		{"a file longer", func() { write(customers, "domain\nacme.com\nother.com\n") }, true, false},
		{"a file of a folder replaced", func() {
			if err := os.Rename(write(filepath.Join(folder, "new.csv"), "domain\nacme.org\n"), part); err != nil {
				t.Fatal(err)
			}
		}, false, true},
		{"a file more", func() { write(part+".csv", "domain\n") }, false, true},
	} {
		hashed := r.hashing(t.Context(), "2026-03-01")
		tt.change()
		m, err := hashed()
		if err != nil {
			t.Fatal(err)
		}
		for name, whole := range map[string]bool{"accounts": tt.accounts, "customers": tt.customers} {
			want, err := hashPath(t.Context(), r.paths()[name])
			if err != nil {
				t.Fatal(err)
			}
			if !whole {
				want = unsettled
			}
			if m.Inputs[name] != want {
				t.Errorf("%s: %s are %q, want %q", tt.name, name, m.Inputs[name], want)
			}
		}
	}
	if err := os.Remove(customers); err != nil {
		t.Fatal(err)
	}
	if _, err := r.hashing(t.Context(), "2026-03-01")(); err == nil {
		t.Error("a file that is not there is hashed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hashPath(ctx, part); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
