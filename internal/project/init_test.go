package project_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/infer"
	"github.com/icpfit/icpfit/internal/project"
)

// guessed is a result with what is hard to write: names that YAML would read as
// something else, hostile ones, and a column that is left out.
func guessed() (*infer.Result, *infer.CustomerList) {
	r := &infer.Result{
		Source: "accounts.csv", Rows: 14444, Domain: "Site web", ID: "no", Name: "#1: {name}",
		Specs: []features.Spec{
			{Name: "visits", Pillar: features.Intent, Kind: features.Number, Column: "visits"},
			{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "Nombre d'employés", Parser: "range"},
			{Name: "stack", Pillar: features.Technographic, Kind: features.Set, Column: "a \"b\" \\c, d: e #f", Separator: "|"},
			{Name: "yes", Pillar: features.Firmographic, Kind: features.Flag, Column: "true"},
			{Name: "c12", Pillar: features.Firmographic, Kind: features.Category, Column: "12"},
			{Name: "esc", Pillar: features.Firmographic, Kind: features.Category, Column: "a\x1b[31m\n\tb\u0085"},
		},
		LeftOut: []infer.LeftOut{{Column: "evil\nname", Reason: "one value everywhere: \"\x1b[2J\""}},
	}
	return r, &infer.CustomerList{Source: "customers.csv", Domain: "domain", WonAt: "won_at"}
}

var files = project.Files{Accounts: "accounts.csv", Customers: "lists/customers.csv"}

// TestWriteYAML checks that what init writes loads as what was meant.
func TestWriteYAML(t *testing.T) {
	r, list := guessed()
	text := project.WriteYAML(r, list, files)
	if !bytes.Equal(text, project.WriteYAML(r, list, files)) {
		t.Error("two files of the same result differ")
	}
	for _, c := range string(text) {
		if c != '\n' && (c < ' ' || c >= 0x7f && c < 0xa0) {
			t.Fatalf("the file holds the control character %U", c)
		}
	}
	p, err := load(t, string(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	want := project.DefaultConfig()
	want.Version = 1
	want.Accounts = project.AccountsConfig{Path: "accounts.csv", Domain: "Site web", ID: "no", Name: "#1: {name}"}
	want.Customers.Path, want.Customers.Domain, want.Customers.WonAt = "lists/customers.csv", "domain", "won_at"
	s := r.Specs // by pillar
	want.Features = []features.Spec{s[1], s[3], s[4], s[5], s[2], s[0]}
	if d := cmp.Diff(want, p.Config); d != "" {
		t.Errorf("loaded (-want +got):\n%s\n%s", d, text)
	}
}

// TestWriteYAMLForm checks what other programs do to the file with regular
// expressions: change the pillar of features and the policy for empty cells.
func TestWriteYAMLForm(t *testing.T) {
	r, list := guessed()
	text := string(project.WriteYAML(r, list, files))
	text = regexp.MustCompile(`pillar: *(intent|technographic)`).ReplaceAllString(text, "pillar: firmographic")
	text = regexp.MustCompile(`missing: *neutral`).ReplaceAllString(text, "missing: learn")
	p, err := load(t, text)
	if err != nil {
		t.Fatal(err)
	}
	if p.Config.Model.Missing != "learn" {
		t.Errorf("missing is %s, want learn", p.Config.Model.Missing)
	}
	for _, s := range p.Config.Features {
		if s.Pillar != features.Firmographic {
			t.Errorf("%s is %s, want firmographic", s.Name, s.Pillar)
		}
		if !strings.Contains(text, "\n  - {name: "+s.Name) && !strings.Contains(text, "\n  - {name: \""+s.Name) {
			t.Errorf("%s has no line of its own", s.Name)
		}
	}
}

// FuzzWriteYAML checks that a file made of any names loads and gives them back.
func FuzzWriteYAML(f *testing.F) {
	f.Add("Site web", "yes")
	f.Add("a: b # c", "-")
	f.Add("\u2028", "'\"\\")
	f.Fuzz(func(t *testing.T, domain, column string) {
		domain, column = strings.ToValidUTF8(domain, "?"), strings.ToValidUTF8(column, "?")
		if strings.TrimSpace(domain) == "" || strings.TrimSpace(column) == "" {
			return
		}
		r, list := guessed()
		r.Domain, r.Specs[0].Column = domain, column
		r.LeftOut = append(r.LeftOut, infer.LeftOut{Column: column, Reason: domain})
		p, err := load(t, string(project.WriteYAML(r, list, files)))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Config.Features[len(p.Config.Features)-1].Column; p.Config.Accounts.Domain != domain || got != column {
			t.Errorf("domain %q and column %q came back as %q and %q", domain, column, p.Config.Accounts.Domain, got)
		}
	})
}

// TestRealInit goes from real files to a loaded project, which opens them.
func TestRealInit(t *testing.T) {
	for _, folder := range []string{"icp-hackerone", "icp-yc-hiring"} {
		t.Run(folder, func(t *testing.T) {
			dir := realData(t, folder)
			accounts, customers := filepath.Join(dir, "accounts.csv"), filepath.Join(dir, "customers.csv")
			r, err := infer.Accounts(t.Context(), csvfile.New(accounts, csvfile.DefaultOptions()), infer.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			list, err := infer.Customers(t.Context(), csvfile.New(customers, csvfile.DefaultOptions()), "")
			if err != nil {
				t.Fatal(err)
			}
			text := project.WriteYAML(r, list, project.Files{Accounts: accounts, Customers: customers})
			p, err := load(t, string(text))
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Config.Features) != len(r.Specs) {
				t.Errorf("loaded %d features, want %d", len(p.Config.Features), len(r.Specs))
			}
			for _, l := range r.LeftOut {
				if want := fmt.Sprintf("\n  #   %s: %s\n", l.Column, l.Reason); !strings.Contains(string(text), want) {
					t.Errorf("no comment %q", want)
				}
			}
			for _, open := range []func() error{
				func() error { _, err := p.Accounts(); return err },
				func() error { _, err := p.Customers(); return err },
			} {
				if err := open(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// realData returns a folder of real data, which lies beside the repository.
func realData(t *testing.T, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "data", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real data is absent: %v", err)
	}
	return path
}
