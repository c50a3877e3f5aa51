package project_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/project"
)

// fromDatabase returns a settings file with these keys of accounts and customers.
func fromDatabase(accounts, customers string) string {
	return strings.NewReplacer("path: accounts.csv", accounts, "path: customers.csv", customers).Replace(least)
}

// TestDatabaseFaults fixes what is said of settings that name a query. None may
// repeat what is in the place of a reference.
func TestDatabaseFaults(t *testing.T) {
	for _, tt := range []struct{ name, accounts, customers, want string }{
		{"both", "path: a.csv, postgres: env:DATABASE_URL, query: select 1", "path: c.csv", "accounts.path: accounts come from a query already; keep path:, or postgres: and query:"},
		{"no query", "postgres: env:DATABASE_URL", "path: c.csv", "accounts.query: is missing; write the query whose rows are the accounts"},
		{"no address", "query: select 1", "path: c.csv", "accounts.postgres: is missing; say where the address of the database is, as in env:DATABASE_URL"},
		{"address itself", "postgres: postgres://hunter@db/crm, query: select 1", "path: c.csv", "accounts.postgres: is no reference; want env:NAME"},
		{"keywords", "postgres: host=db password=hunter2, query: select 1", "path: c.csv", "accounts.postgres: is no reference; want env:NAME"},
		{"no name", "postgres: 'env:', query: select 1", "path: c.csv", "accounts.postgres: is no reference"},
		{"customers twice", "path: a.csv", "postgres: env:DATABASE_URL, query: select 1, where: x == 1", "customers.where: customers come from a query already; keep one of the two"},
		{"address, and no query", "postgres: host=db user=crm password=hunter2", "path: c.csv", "accounts.query: is missing"},
		{"address, and an unknown key", "postgres: 'postgres://crm:hunter2@db/crm', qurey: select 1", "path: c.csv", "qurey"},
		{"address, and a comma", "postgres: host=db password=hunter2, query: select a, b from t", "path: c.csv", "b from t"},
		{"customers' address", "path: a.csv", "postgres: hunter2, query: select 1", "customers.postgres: is no reference; want env:NAME"},
	} {
		_, err := load(t, fromDatabase(tt.accounts, tt.customers))
		var config *project.ConfigError
		if !errors.As(err, &config) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// TestReferences looks addresses up where settings say they are.
func TestReferences(t *testing.T) {
	const address = "postgres://crm:hunter2@db.example.com/crm"
	t.Setenv("ICPFIT_TEST_URL", address)
	t.Setenv("ICPFIT_TEST_BAD", "postgres://crm:hunter2/@db.example.com/crm")
	t.Setenv("ICPFIT_TEST_EMPTY", " ")
	dir := t.TempDir()
	write(t, dir, "url", address+"\n")
	write(t, dir, "empty", "\n")
	write(t, dir, "long", strings.Repeat("x", 1<<17))
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ reference, want string }{
		{"env:ICPFIT_TEST_URL", ""},
		{"file:url", ""},
		{"file:" + filepath.Join(dir, "url"), ""},
		{"env:ICPFIT_TEST_NONE", "accounts.postgres: env:ICPFIT_TEST_NONE is not set in the environment; export ICPFIT_TEST_NONE"},
		{"env:ICPFIT_TEST_EMPTY", "env:ICPFIT_TEST_EMPTY is not set in the environment"},
		{"env:ICPFIT_TEST_BAD", "env:ICPFIT_TEST_BAD is no PostgreSQL address; want postgres://user@host:5432/database"},
		{"file:none", "file:none cannot be read: no such file or directory"},
		{"file:folder", "file:folder cannot be read: is a directory"},
		{"file:empty", "file:empty is empty; want a file that holds one address"},
		{"file:long", "file:long has more than 64 KiB"},
	} {
		write(t, dir, project.FileName, fromDatabase("postgres: "+tt.reference+", query: select 1", "postgres: "+tt.reference+", query: select 2"))
		p, err := project.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		src, err := p.Accounts()
		var config *project.ConfigError
		switch {
		case tt.want == "" && (err != nil || src.Name() != "accounts.query"):
			t.Errorf("%s: %v", tt.reference, err)
		case tt.want != "" && (!errors.As(err, &config) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v\nwant %s", tt.reference, err, tt.want)
		}
		if src, err = p.Customers(); (err == nil) != (tt.want == "") || err == nil && src.Name() != "customers.query" {
			t.Errorf("%s: customers: %v", tt.reference, err)
		}
	}
}

// TestIncludedReference reads a file beside the included settings.
func TestIncludedReference(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "shared"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "shared/url", "postgres://crm@db.example.com/crm")
	write(t, dir, "shared/base.yaml", "accounts: {postgres: file:url, query: select 1, domain: website}\n")
	write(t, dir, project.FileName, strings.Replace(least, "accounts: {path: accounts.csv, domain: website}", "include: shared/base.yaml", 1))
	p, err := project.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Accounts(); err != nil {
		t.Error(err)
	}
}
