package project_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/project"
)

// least is the least settings file that is valid, four lines in front and one
// feature; tests put what they are about behind it.
const least = `version: 1
accounts: {path: accounts.csv, domain: website}
customers: {path: customers.csv, domain: domain}
features:
  - {name: employees, pillar: firmographic, kind: number, column: NumberOfEmployees, parser: range}
`

// load writes text to a project folder and loads it.
func load(t *testing.T, text string) (*project.Project, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, project.FileName, text)
	return project.Load(dir)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	p, err := load(t, least+"model:\n  seed: 0\ngrades: {hysteresis: 0}\n")
	if err != nil {
		t.Fatal(err)
	}
	want := project.DefaultConfig()
	want.Version = 1
	want.Accounts = project.AccountsConfig{Path: "accounts.csv", Domain: "website"}
	want.Customers.Path, want.Customers.Domain = "customers.csv", "domain"
	want.Features = []features.Spec{{Name: "employees", Pillar: "firmographic", Kind: "number", Column: "NumberOfEmployees", Parser: "range"}}
	want.Model.Seed, want.Grades.Hysteresis = 0, 0 // zero means zero
	if d := cmp.Diff(want, p.Config); d != "" {
		t.Errorf("config (-want +got):\n%s", d)
	}
}

// TestDesignExample loads the settings file that the design fixes as the least.
func TestDesignExample(t *testing.T) {
	p, err := load(t, `version: 1
name: main                                              # the ICP's name, stored in every artifact
accounts: {path: accounts.csv, domain: website}         # or a database
customers: {path: customers.csv, domain: domain}        # or {where: 'Type == "Customer"'}
features:
  - {name: employees, pillar: firmographic, kind: number, column: NumberOfEmployees, parser: range}
  - {name: technologies, pillar: technographic, kind: set, column: tech, separator: "|"}
model:
  learner: auto
  prefer: accuracy       # accuracy: best out of fold
  missing: neutral       # neutral: the empty cell scores 0
  seed: 1
grades: {scale: A-F, method: lift, on: fit, hysteresis: 1}
`)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(project.DefaultConfig().Model, p.Config.Model); d != "" {
		t.Errorf("model (-defaults +got):\n%s", d)
	}
	if d := cmp.Diff(project.DefaultConfig().Grades, p.Config.Grades); d != "" {
		t.Errorf("grades (-defaults +got):\n%s", d)
	}
	if len(p.Config.Features) != 2 || p.Config.Features[1].Separator != "|" {
		t.Errorf("features %+v", p.Config.Features)
	}
}

func TestLoadNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := project.Load(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Load of an empty folder: %v, want fs.ErrNotExist", err)
	}
	if want := "; run icpfit init, or name the project folder with --dir"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %q, want the suffix %q", err, want)
	}
}

// TestLoadFaults fixes the text of errors: place, fact, what to do, the line
// and a caret.
func TestLoadFaults(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{
			"unknown key", least + "model: {learnr: auto}\n",
			`read config: icpfit.yaml:6:9: model.learnr: unknown key; did you mean "learner"?
   6 | model: {learnr:…
     |         ^`,
		},
		{
			"unknown key far from any", "version: 1\npassword: hunter2\n",
			`read config: icpfit.yaml:2:1: password: unknown key; want one of version, name, include, as_of, accounts, customers, features, grid, model, grades, overrides, exploration, tables, segments, audit, gates, metrics, lineage
   2 | password:…
     | ^`,
		},
		{
			"wrong types, all at once", "version: '1'\nname: 7\nmodel: {seed: 1.5, prefer: true}\ngrades: [1]\n",
			`read config: 5 faults
icpfit.yaml:1:10: version: is the text "1"; want a whole number
   1 | version: '1'
     |          ^
icpfit.yaml:2:7: name: is the number 7; put it in quotes if it is text
   2 | name: 7
     |       ^
icpfit.yaml:3:15: model.seed: is the number 1.5; want a whole number from 0
   3 | model: {seed: 1.5, prefer: true}
     |               ^
icpfit.yaml:3:28: model.prefer: is true; put it in quotes if it is text
   3 | model: {seed: 1.5, prefer: true}
     |                            ^
icpfit.yaml:4:9: grades: is a list; want keys and values
   4 | grades: [1]
     |         ^`,
		},
		{
			"no value", least + "model:\n  seed:\n",
			`read config: icpfit.yaml:7:3: model.seed: has no value; want a whole number from 0
   7 |   seed:
     |   ^`,
		},
		{
			"a key twice", least + "model: {seed: 1, seed: 2}\n",
			`read config: icpfit.yaml:6:18: mapping key "seed" already defined at [6:9]
   6 | model: {seed: 1, seed: 2}
     |                  ^`,
		},
		{
			"bad value", least + "model:\n  learner: logistics\n",
			`read config: icpfit.yaml:7:12: model.learner: "logistics" is not one of auto, scorecard, logistic, trees, grid; did you mean "logistic"?
   7 |   learner: logistics
     |            ^`,
		},
		{
			"value missing below a key", "version: 1\naccounts: {path: a.csv}\ncustomers: {where: 'Type == \"Customer\"'}\nfeatures:\n  - {name: n, pillar: intent, kind: flag, column: c}\n",
			`read config: icpfit.yaml:2:1: accounts.domain: is missing; give the column that holds the domain or website
   2 | accounts: {path: a.csv}
     | ^`,
		},
		{
			"newer version", strings.Replace(least, "version: 1", "version: 2", 1),
			`read config: icpfit.yaml:1:10: version: is 2; this icpfit reads version 1
   1 | version: 2
     |          ^`,
		},
		{
			"anchors", "version: &v 1\n",
			`read config: icpfit.yaml:1:10: anchors, aliases and merge keys are not read; write the value out, or share a file with include:
   1 | version: &v 1
     |          ^`,
		},
		{
			"syntax", "version: 1\nname: a: b\n",
			`read config: icpfit.yaml:2:7: mapping value is not allowed in this context
   2 | name: a: b
     |       ^`,
		},
		{"empty", "", `read config: icpfit.yaml: is empty; want at least version, accounts, customers and features`},
		{"only a comment", "# nothing\n", `read config: icpfit.yaml: is empty; want at least version, accounts, customers and features`},
		{
			"a secret", "version: 1\naccounts: {path: 'https://user:hunter2@host/a.csv'}\n",
			`read config: icpfit.yaml:2:18: accounts.path: holds a password or a token; settings files are shared, so no key takes one: delete it and revoke it
   2 | accounts: {path: …
     |                  ^`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(t, tt.text)
			var fault *project.ConfigError
			if !errors.As(err, &fault) {
				t.Fatalf("error %v, want a *ConfigError", err)
			}
			if d := cmp.Diff(tt.want, err.Error()); d != "" {
				t.Errorf("error (-want +got):\n%s", d)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error repeats a secret")
			}
		})
	}
}

// TestValidate has one case for every rule: the key at fault and a part of what
// is said of it.
func TestValidate(t *testing.T) {
	for _, tt := range []struct{ tail, path, msg string }{
		{"name: ''\n", "name", "cannot name an ICP"},
		{"name: " + strings.Repeat("x", 65) + "\n", "name", "up to 64"},
		{"as_of: 2026-02-30\n", "as_of", "want YYYY-MM-DD"},
		{"grades: {scale: A-Z}\n", "grades.scale", `did you mean "A-F"`},
		{"grades: {method: lifts}\n", "grades.method", `did you mean "lift"`},
		{"grades: {on: fits}\n", "grades.on", `did you mean "fit"`},
		{"grades: {hysteresis: -0.1}\n", "grades.hysteresis", "from 0 to 50"},
		{"grades: {on: priority}\n", "grades.method", "want score, quantile or capacity"},
		{"grades: {cuts: [8, 4, 2, 1]}\n", "grades.cuts", "has 4 numbers; the scale A-F has 6 grades and wants 5"},
		{"grades: {cuts: [8, 4, 2, 2, 0.5]}\n", "grades.cuts[3]", "is 2 after 2; cuts by lift fall"},
		{"grades: {cuts: [8, 4, 2, 1, 0]}\n", "grades.cuts[4]", "a lift above 0"},
		{"grades: {scale: A-D, method: quantile, cuts: [0.1, 0.3, 1]}\n", "grades.cuts[2]", "a share between 0 and 1"},
		{"grades: {scale: A-D, method: quantile, cuts: [0.3, 0.1, 0.5]}\n", "grades.cuts[1]", "cumulative and rise"},
		{"grades: {scale: A-D, method: capacity, cuts: [100.5, 200, 300]}\n", "grades.cuts[0]", "a number of accounts"},
		{"grades: {tiers: {A: 1, B: 1, C: 2, D: 2, E: 3, F: 4}}\n", "grades.tiers.F", "from 1 to 3"},
		{"grades: {tiers: {A: 1, B: 1, C: 2, D: 2, E: 3}}\n", "grades.tiers", "no tier for grade F"},
		{"grades: {scale: A-D, tiers: {A: 1, B: 1, C: 2, D: 2, E: 3}}\n", "grades.tiers.E", "has no grade E"},
		{"model: {prefer: speed}\n", "model.prefer", "accuracy, table"},
		{"model: {missing: learned}\n", "model.missing", `did you mean "learn"`},
		{"model: {group: sector}\n", "model.group", "is no feature"},
		{"  - {name: heads, pillar: intent, kind: number, column: c}\nmodel: {group: heads}\n", "model.group", "is of kind number; want a category, set or flag"},
		{"model: {pool_share: 0}\n", "model.pool_share", "between 0 and 1"},
		{"model: {pool_share: 1}\n", "model.pool_share", "between 0 and 1"},
		{"model: {learner: grid}\n", "model.learner", "no grid: section"},
		{"  - {name: Employees, pillar: intent, kind: flag, column: c}\n", "features[1].name", "is the name of features[0] already"},
		{"  - {name: domain, pillar: intent, kind: flag, column: c}\n", "features[1]", "taken by a column of every feature table"},
		{"  - {name: x, pillar: fit, kind: flag, column: c}\n", "features[1].pillar", "firmographic, technographic, intent"},
		{"  - {name: x, pillar: intent, kind: flags, column: c}\n", "features[1].kind", `did you mean "flag"`},
		{"  - {name: x, pillar: intent, kind: flag}\n", "features[1].column", "is missing"},
		{"  - {pillar: intent, kind: flag, column: c}\n", "features[1].name", "is missing"},
		{"  - {name: x, pillar: intent, kind: flag, column: c, missing: never}\n", "features[1].missing", "neutral, learn"},
		{"  - {name: x, pillar: intent, kind: flag, column: c, separator: ','}\n", "features[1]", "separator is for kind set"},
		{"  - {name: x, pillar: intent, kind: category, column: c, monotone: 1}\n", "features[1]", "monotone"},
		{"  - {name: x, pillar: intent, kind: number, column: c, monotone: 2}\n", "features[1]", "monotone is 2"},
		{"  - {name: x, pillar: intent, kind: number, column: c, parser: country}\n", "features[1]", "parser"},
		{"gates: {base_shrunk: 0}\n", "gates.base_shrunk", "is 0; want a share above 0, to 1"},
		{"gates: {coverage: 1.01}\n", "gates.coverage", "is 1.01"},
		{"gates: {new_values: -0.1}\n", "gates.new_values", "is -0.1"},
		{"gates: {input_age_days: 3651}\n", "gates.input_age_days", "is 3651; want days from 1 to 3650"},
		{"gates: {model_age_months: 0}\n", "gates.model_age_months", "is 0; want months from 1 to 120"},
		{"gates: {shrunk: 0.2}\n", "gates.shrunk", "unknown key"},
		{"features2: []\n", "features2", `did you mean "features"`},
		{"version2: 1\n", "version2", `did you mean "version"`},
	} {
		t.Run(tt.path+" "+tt.msg, func(t *testing.T) {
			_, err := load(t, least+tt.tail)
			checkFault(t, err, tt.path, tt.msg)
		})
	}
}

// TestValidateCustomers covers the keys that least already has.
func TestValidateCustomers(t *testing.T) {
	for _, tt := range []struct{ customers, path, msg string }{
		{"{}", "customers", "names no customers"},
		{"{path: c.csv}", "customers.domain", "is missing"},
		{"{path: c.csv, domain: d, where: 'true'}", "customers.where", "keep one of the two"},
		{"{where: 'Type ==='}", "customers.where", "write a condition on the accounts"},
		{"{where: 'true', domain: d}", "customers.domain", "has no meaning with where:"},
		{"{path: c.csv, domain: d, lag_days: -1}", "customers.lag_days", "is -1"},
		{"{path: c.csv, domain: d, postgrs: 'env:URL'}", "customers.postgrs", "unknown key"},
	} {
		t.Run(tt.path+" "+tt.msg, func(t *testing.T) {
			_, err := load(t, strings.Replace(least, "{path: customers.csv, domain: domain}", tt.customers, 1))
			checkFault(t, err, tt.path, tt.msg)
		})
	}
}

// checkFault fails unless err holds a fault at path, with a place in a file,
// whose text contains msg.
func checkFault(t *testing.T, err error, path, msg string) {
	t.Helper()
	var config *project.ConfigError
	if !errors.As(err, &config) {
		t.Fatalf("error %v, want a *ConfigError", err)
	}
	for _, f := range config.Faults {
		if f.Path == path && strings.Contains(f.Msg, msg) {
			if f.File != project.FileName || f.Line == 0 || f.Column == 0 {
				t.Errorf("the fault is at %s:%d:%d, want a place", f.File, f.Line, f.Column)
			}
			return
		}
	}
	t.Errorf("no fault at %s with %q in:\n%v", path, msg, err)
}

func TestValidateInMemory(t *testing.T) {
	c := project.DefaultConfig()
	err := c.Validate()
	var config *project.ConfigError
	if !errors.As(err, &config) {
		t.Fatalf("error %v, want a *ConfigError", err)
	}
	var got []string
	for _, f := range config.Faults {
		got = append(got, f.Path)
	}
	want := []string{"version", "accounts.path", "accounts.domain", "customers", "features"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("faults of the defaults alone (-want +got):\n%s", d)
	}
}

func TestInclude(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "shared.yaml", least+"model: {learner: logistic, seed: 9}\ngrades: {hysteresis: 2}\n")
	eu := filepath.Join(dir, "eu")
	if err := os.Mkdir(eu, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, eu, project.FileName, "version: 1\nname: eu\ninclude: ../shared.yaml\nmodel: {seed: 4}\ncustomers: {path: mine.csv}\n")
	p, err := project.Load(eu)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Config
	if c.Name != "eu" || c.Model.Learner != "logistic" || c.Model.Seed != 4 || c.Grades.Hysteresis != 2 || len(c.Features) != 1 {
		t.Errorf("config %+v, want the shared file's keys under our own", c)
	}
	// A path belongs to the folder of the file that names it.
	if got, want := p.Path(c.Accounts.Path), filepath.Join(dir, "accounts.csv"); got != want {
		t.Errorf("accounts at %s, want %s", got, want)
	}
	if got, want := p.Path(c.Customers.Path), filepath.Join(eu, "mine.csv"); got != want {
		t.Errorf("customers at %s, want %s", got, want)
	}
	if c.Customers.Domain != "domain" {
		t.Errorf("customers.domain %q, want the shared file's", c.Customers.Domain)
	}
}

func TestIncludeFaults(t *testing.T) {
	dir := t.TempDir()
	main := func(shared string) error {
		write(t, dir, "shared.yaml", shared)
		write(t, dir, project.FileName, least+"include: shared.yaml\n")
		_, err := project.Load(dir)
		return err
	}
	for _, tt := range []struct{ shared, want string }{
		{"model: {learner: tree}\n", "read config: shared.yaml:1:18: model.learner: \"tree\" is not one of"},
		{"modle: {}\n", "read config: shared.yaml:1:1: modle: unknown key; did you mean \"model\"?"},
		{"include: more.yaml\n", "read config: shared.yaml:1:10: include: an included file cannot include another"},
	} {
		if err := main(tt.shared); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("including %q: error %v, want the prefix %q", tt.shared, err, tt.want)
		}
	}
	write(t, dir, project.FileName, least+"include: gone.yaml\n")
	_, err := project.Load(dir)
	checkFault(t, err, "include", `no file "gone.yaml"`)
}

func TestPaths(t *testing.T) {
	p := project.Project{Dir: "acme"}
	got := []string{p.Features("accounts", "2026-01-31"), p.Models(), p.Grades("2026-01-31"), p.Reports("2026-01-31"), p.Path("a.csv"), p.Path("/a.csv")}
	want := []string{"acme/features/accounts/as_of=2026-01-31", "acme/models", "acme/grades/as_of=2026-01-31", "acme/reports/as_of=2026-01-31", "acme/a.csv", "/a.csv"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("paths (-want +got):\n%s", d)
	}
}

// TestHostile loads files made to hang or to blow up a parser. Each must be a
// ConfigError, soon.
func TestHostile(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 9), ", ") + "]\n"
	}
	for name, text := range map[string]string{
		"billion laughs":  laughs,
		"merge key":       "<<: {version: 1}\n",
		"brackets":        strings.Repeat("[", 1<<19),
		"braces":          strings.Repeat("{a: ", 1<<18),
		"dashes":          strings.Repeat("- ", 1<<19),
		"question marks":  strings.Repeat("? ", 1<<19),
		"anchors":         strings.Repeat("&a ", 1<<18),
		"tags":            strings.Repeat("!a ", 1<<18),
		"many keys":       strings.Repeat("k: v\n", 1<<17),
		"one byte more":   "# " + strings.Repeat("x", 1<<20-1),
		"not UTF-8":       "name: \xff\n",
		"NUL":             "name: a\x00b\n",
		"two documents":   least + "---\nversion: 1\n",
		"a list":          "- 1\n",
		"a scalar":        "5\n",
		"indented deeper": strings.Repeat(" ", 3) + "a:\n" + strings.Repeat(" ", 2) + "b: 1\n",
		"custom tag":      "name: !!python/object:os.system x\n",
		"infinity":        least + "grades: {hysteresis: .inf}\n",
		"nan":             least + "grades: {hysteresis: .nan}\n",
		"huge number":     least + "model: {seed: 18446744073709551616}\n",
		"huge exponent":   least + "grades: {hysteresis: 1e999}\n",
		"negative seed":   least + "model: {seed: -1}\n",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := load(t, text)
			var config *project.ConfigError
			if !errors.As(err, &config) {
				t.Errorf("error %v, want a *ConfigError", err)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// FuzzLoad checks that no file is more than an error, and that errors are one
// or more located faults whose text moves no terminal.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(least))
	f.Add([]byte(least + "grid: {mode: sum, criteria: [{feature: employees, ranges: [{from: 1, to: 2, points: 3}]}]}\n"))
	f.Add([]byte("version: 1\nname: \"\\x1b[31m\"\nmodel: {x: 1}"))
	f.Add([]byte("a:\n\t- b"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, project.FileName), text, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := project.Load(dir)
		if err == nil {
			if err := p.Config.Validate(); err != nil {
				t.Errorf("loaded and not valid: %v", err)
			}
			return
		}
		var config *project.ConfigError
		if !errors.As(err, &config) || len(config.Faults) == 0 {
			t.Fatalf("error %v, want a *ConfigError with faults", err)
		}
		for _, r := range err.Error() {
			if r != '\n' && (r < ' ' || r == 0x7f) {
				t.Fatalf("error %q holds a control character", err)
			}
		}
	})
}
