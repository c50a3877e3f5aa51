package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/postgres"
)

// TestAddresses reads addresses without connecting. No error may hold a part of
// the password, whatever was taken for it.
func TestAddresses(t *testing.T) {
	for _, tt := range []struct {
		address string
		ok      bool
	}{
		{"postgres://crm:hunter2@db.example.com:5432/crm", true},
		{"postgresql://crm@db.example.com/crm?sslmode=verify-full&sslrootcert=system", true},
		{"host=db.example.com user=crm password=hunter2 dbname=crm", true},
		{"postgres://crm:hunter%2F2@db.example.com/crm", true},
		{"", false},
		{" ", false},
		{"hunter2", false},
		{"mysql://crm:hunter2@db.example.com/crm", false},
		{"postgres://crm:hunter2/x@db.example.com/crm", false},
		{"postgres://crm:5432/hunter2@db.example.com/crm", false},
		{"postgres://crm:54?hunter2=x@db.example.com/crm", true}, // the password ends at the @
		{"postgres://crm:hun@ter2@db.example.com/crm", false},
		{"postgres://crm:hunter2@db.example.com:port/crm", false},
		{"postgres://crm:hunter2@db.example.com/crm?sslmode=hunter2", false},
		{"postgres://crm:hunter2%zz@db.example.com/crm", false},
		{"host=db.example.com password=hunter2 port=x", false},
	} {
		_, err := postgres.New("accounts.query", tt.address, "select 1", postgres.DefaultOptions())
		if (err == nil) != tt.ok {
			t.Errorf("%q: %v", tt.address, err)
		}
		if err != nil && (!errors.Is(err, postgres.ErrAddress) || strings.Contains(err.Error(), "hunter") || strings.Contains(err.Error(), "ter2")) {
			t.Errorf("%q: the error is %q", tt.address, err)
		}
	}
}

// TestOptions checks that each option is checked, and all at once.
func TestOptions(t *testing.T) {
	_, err := postgres.New("accounts.query", "postgres://crm@db.example.com/crm", "select 1", postgres.Options{})
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("zero options: %v, want three faults", err)
	}
}

// TestNobodyListens connects where no server is: try again later.
func TestNobodyListens(t *testing.T) {
	for _, address := range []string{
		"postgres://crm:hunter2@127.0.0.1:1/crm?sslmode=disable",
		"postgres://crm:hunter2@127.0.0.1:1/crm",
		"host=/nonexistent user=crm password=hunter2 dbname=crm",
	} {
		src, err := postgres.New("accounts.query", address, "select 1", postgres.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		_, err = src.Open(t.Context())
		if !errors.Is(err, datasets.ErrUnavailable) || !strings.Contains(err.Error(), "accounts.query: cannot reach the server at ") {
			t.Errorf("%v, want an error of an unavailable source", err)
		}
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("the error holds the password, or a line end: %q", err)
		}
	}
}
