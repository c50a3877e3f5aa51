package features_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// load reads a list of customers with these rows: domain, class, won, weight.
func load(t *testing.T, rows ...[]string) (*features.Customers, error) {
	t.Helper()
	list := memory{header: []string{"domain", "class", "won", "weight"}, step: 2, rows: rows}
	return features.LoadCustomers(t.Context(), list, features.CustomerColumns{Domain: "domain", Class: "class", WonAt: "won", Weight: "weight"})
}

// baseOf returns an input whose base has one row a domain, with a known feature.
func baseOf(domains ...string) features.Input {
	base := memory{header: []string{"d", "x"}, step: 64}
	for _, d := range domains {
		base.rows = append(base.rows, []string{d, "1"})
	}
	return features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("x", features.Number)}, AsOf: day}
}

func TestCustomersAreMerged(t *testing.T) {
	customers, err := load(
		t,
		[]string{"a.com", "pipeline", "2024-05-01", "9"},
		[]string{"https://www.a.com", "", "2024-06-01", "2"},
		[]string{"A.com", "Best", "", "3"},
		[]string{"b.com", "pipeline", "n/a", "-"},
		[]string{"c.com", "lost", "", ""},
		[]string{"d.com", "ordinary", "", ""},
	)
	if err != nil {
		t.Fatal(err)
	}
	in := baseOf("a.com", "b.com", "c.com", "d.com", "e.com")
	in.Customers = customers
	got := build(t, in)
	// a.com: the strongest class, the earliest date, the greatest weight of a best row.
	want := []string{"a.com best 3 2024-05-01", "b.com pipeline 0.5 ."}
	if diff := cmp.Diff(want, show(t, got.customers, "domain", "class", "weight", "won_at")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"1 best", "1 pipeline", "0 lost", "0 ordinary", "0 ."}, show(t, got.accounts, "customer", "class")); diff != "" {
		t.Error(diff)
	}
	if a := got.audit; a.Customers != 2 || a.Best != 1 || a.LeftOut != 2 || a.Pool != 1 {
		t.Errorf("audit says %+v", a)
	}
}

func TestCustomerListErrors(t *testing.T) {
	for _, tt := range []struct {
		row  []string
		want string
	}{
		{[]string{"a.com", "gold", "", ""}, `accounts.csv:3: column "class": "gold" is not a class; want one of best, pipeline, ordinary, lost`},
		{[]string{"a.com", "", "yesterday", ""}, `accounts.csv:3: column "won": "yesterday" is not a date`},
		{[]string{"a.com", "", "", "0"}, `accounts.csv:3: column "weight": "0" is not a weight`},
		{[]string{"a.com", "", "", "101"}, `accounts.csv:3: column "weight": "101" is not a weight`},
		{[]string{"a.com", "", "", "heavy"}, `accounts.csv:3: column "weight": "heavy" is not a weight`},
	} {
		_, err := load(t, []string{"ok.com", "", "", "100"}, tt.row)
		if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	two := memory{header: []string{"site", "name"}, step: 1, rows: [][]string{{"a.com", "A"}}}
	if _, err := features.LoadCustomers(t.Context(), two, features.CustomerColumns{}); err == nil || !strings.Contains(err.Error(), `name one of ["site" "name"]`) {
		t.Errorf("two columns, none named: %v", err)
	}
	if _, err := features.LoadCustomers(t.Context(), two, features.CustomerColumns{Domain: "sites"}); err == nil || !strings.Contains(err.Error(), `did you mean "site"?`) {
		t.Errorf("a wrong name: %v", err)
	}
	one := memory{header: []string{"site"}, step: 1, rows: [][]string{{"a.com"}}}
	if _, err := features.LoadCustomers(t.Context(), one, features.CustomerColumns{}); err != nil {
		t.Errorf("one column needs no name: %v", err)
	}
}

func TestFunnel(t *testing.T) {
	customers, err := load(
		t,
		[]string{"a.com", "best", "", ""},
		[]string{"www.a.com", "best", "", ""},
		[]string{"b.com", "pipeline", "", ""},
		[]string{"gone.com", "best", "", ""},
		[]string{"empty.com", "best", "", ""},
		[]string{"joe@gmail.com", "best", "", ""},
		[]string{"not a site", "pipeline", "", ""},
		[]string{"lost.com", "lost", "", ""},
	)
	if err != nil {
		t.Fatal(err)
	}
	in := baseOf("a.com", "b.com", "lost.com", "pool.com")
	base := in.Accounts.(memory)
	base.rows = append(base.rows, []string{"empty.com", "-"})
	in.Accounts, in.Customers = base, customers
	audit, err := features.Scan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	want := []features.FunnelStep{
		{Name: "listed", Count: 7, Best: 5},
		{Name: "valid domain", Count: 5, Best: 4, Lost: 2, Samples: []string{"joe@gmail.com", "not a site"}},
		{Name: "deduplicated", Count: 4, Best: 3, Lost: 1, Samples: []string{"a.com"}},
		{Name: "found in the base", Count: 3, Best: 2, Lost: 1, Samples: []string{"gone.com"}},
		{Name: "with features", Count: 2, Best: 1, Lost: 1, Samples: []string{"empty.com"}},
	}
	if diff := cmp.Diff(want, audit.Funnel()); diff != "" {
		t.Error(diff)
	}

	// The audit is stored and read again before the gate looks at it.
	file, err := json.Marshal(audit)
	if err != nil {
		t.Fatal(err)
	}
	var stored features.Audit
	if err := json.Unmarshal(file, &stored); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, stored.Funnel()); diff != "" {
		t.Error(diff)
	}
}

func TestCoverage(t *testing.T) {
	base := memory{header: []string{"d", "a", "b"}, step: 2, rows: [][]string{
		{"c1.com", "1", ""},
		{"c2.com", "", ""},
		{"p1.com", "1", "2"},
		{"p2.com", "", "3"},
		{"p3.com", "", ""},
		{"p4.com", "", ""},
		{"p4.com", "1", ""},
		{"", "1", "1"},
	}}
	audit, err := features.Scan(t.Context(), features.Input{
		Accounts: base, Domain: "d", Customers: listOf(t, "c1.com", "c2.com"),
		Specs: []features.Spec{spec("a", features.Number), spec("b", features.Number)},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Scorable: c1, c2; p1, p2, p3 and the fuller row of p4.
	a, b, pillar := audit.Features[0], audit.Features[1], audit.Pillars[0]
	if a.Customers != 0.5 || a.Pool != 0.5 || b.Customers != 0 || b.Pool != 0.5 {
		t.Errorf("features: %+v %+v", a, b)
	}
	if pillar.Features != 2 || pillar.Customers != 0.5 || pillar.Pool != 0.75 {
		t.Errorf("pillar: %+v", pillar)
	}
	if a.Filled != 4 || b.Filled != 3 || audit.Scorable != 6 || audit.Reasons[datasets.NoDomain] != 1 || audit.Reasons[datasets.DuplicateOf] != 1 {
		t.Errorf("audit: %+v", audit)
	}
}

func TestFilter(t *testing.T) {
	base := memory{header: []string{"d", "Type", "Billing Country", "Stage", "Won", "n"}, step: 2, rows: [][]string{
		{"a.com", "Customer", "FR", "best", "2024-01-02", "1"},
		{"b.com", "Prospect", "FR", "", "", "2"},
		{"c.com", "Customer", "DE", "pipeline", "", "3"},
		{"b.com", "Customer", "FR", "", "", ""},
		{"mail@gmail.com", "Customer", "FR", "", "", "4"},
	}}
	for _, tt := range []struct {
		where string
		want  []string
	}{
		{`Type == "Customer"`, []string{"a.com best 2024-01-02", "b.com best .", "c.com pipeline ."}},
		{`Type == "Customer" and $env["Billing Country"] in ["DE"]`, []string{"c.com pipeline ."}},
		{`lower(Type) startsWith "prosp"`, []string{"b.com best ."}},
		{`len($env) > 0 and Type == "Customer" and int(n) > 2`, nil},
	} {
		t.Run(tt.where, func(t *testing.T) {
			customers, err := features.FilterCustomers(tt.where, features.CustomerColumns{Class: "Stage", WonAt: "Won"})
			if err != nil {
				t.Fatal(err)
			}
			in := features.Input{Accounts: base, Domain: "d", Customers: customers, Specs: []features.Spec{spec("n", features.Number)}, AsOf: day}
			if tt.want == nil { // int("") fails: the row is named
				_, err := features.Scan(t.Context(), in)
				if err == nil || !strings.Contains(err.Error(), "accounts.csv:5: customers: where:") {
					t.Errorf("got %v", err)
				}
				return
			}
			got := build(t, in)
			if diff := cmp.Diff(tt.want, show(t, got.customers, "domain", "class", "won_at")); diff != "" {
				t.Error(diff)
			}
			if step := got.audit.Funnel()[3]; step.Count != len(tt.want) || step.Lost != 0 {
				t.Errorf("funnel: %+v", got.audit.Funnel())
			}
		})
	}
}

func TestFilterOfTypedColumns(t *testing.T) {
	column := func(name string, kind datasets.Type) datasets.Column {
		return datasets.Column{Field: datasets.Field{Name: name, Type: kind}}
	}
	number, whole, flag, tech := column("number", datasets.Number), column("whole", datasets.Integer), column("flag", datasets.Flag), column("tech", datasets.Set)
	number.Numbers = []float64{1.5, 3}
	whole.Integers, whole.Null = []int64{7, 8}, []bool{false, true}
	flag.Flags = []int8{1, -1}
	tech.Dictionary, tech.Codes, tech.Offsets = []string{"Go", "Rust"}, []int32{0, 1, 1}, []int32{0, 2, 3}
	base := typed{[]datasets.Column{text("d", "a.com", "b.com"), number, whole, flag, tech}}
	for where, want := range map[string]string{
		"number > 2": "b.com", "whole == 7": "a.com", "whole == 0": "b.com", "flag": "a.com", `"Go" in tech`: "a.com", "len(tech) == 1": "b.com",
	} {
		customers, err := features.FilterCustomers(where, features.CustomerColumns{})
		if err != nil {
			t.Fatal(err)
		}
		got := build(t, features.Input{Accounts: base, Domain: "d", Customers: customers, Specs: []features.Spec{spec("number", features.Number)}})
		if diff := cmp.Diff([]string{want}, show(t, got.customers, "domain")); diff != "" {
			t.Errorf("%s: %s", where, diff)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	base := baseOf("a.com")
	for _, tt := range []struct{ where, want string }{
		{`Type ==`, "unexpected token"},
		{`y == "1"`, "unknown name y"},
		{`x == 1`, "mismatched types string and int"},
		{`X == "1"`, `did you mean "x"?`},
		{`x`, "expected bool"},
		{`now().Year() == 2026`, "unknown name now"},
	} {
		customers, err := features.FilterCustomers(tt.where, features.CustomerColumns{})
		if err == nil {
			in := base
			in.Customers = customers
			_, err = features.Scan(t.Context(), in)
		}
		if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "^") && tt.where != "x" {
			t.Errorf("%s: got %v, want %q with a caret", tt.where, err, tt.want)
		}
	}
}

func TestGate(t *testing.T) {
	for _, tt := range []struct {
		best, pipeline int
		small          bool
		lacks          int64  // accounts that the pool lacks
		code           string // "" passes
		provisional    bool
	}{
		{best: 200, code: ""},
		{best: 199, code: features.TooFewCustomers},
		{best: 50, pipeline: 150, code: ""},
		{best: 49, pipeline: 151, code: features.TooFewBest},
		{best: 199, small: true, provisional: true},
		{best: 200, small: true},
		{best: 50, small: true, provisional: true},
		{best: 49, small: true, code: features.OnlyGridPossible},
		{best: 49, pipeline: 100, small: true, code: features.TooFewBest},
		{best: 10, code: features.OnlyGridPossible},
		{code: features.NoneListed},
		{best: 200, lacks: 1, code: features.PoolTooSmall},
		{best: 199, lacks: 1, code: features.TooFewCustomers},
		{best: 199, lacks: 1, small: true, code: features.PoolTooSmall},
	} {
		n := tt.best + tt.pipeline
		last := features.FunnelStep{Name: "with features", Count: n, Best: tt.best, Lost: 3, Samples: []string{"x.com", "y.com", "z.com", "hidden.com"}}
		a := &features.Audit{Pool: features.MinPool - tt.lacks, Steps: []features.FunnelStep{{Name: "listed", Count: n, Best: tt.best}, {Name: "found in the base", Count: max(n, 1)}, last}}
		provisional, err := features.Gate(a, tt.small)
		var gate *features.GateError
		if errors.As(err, &gate) != (tt.code != "") || provisional != tt.provisional || gate != nil && gate.Code != tt.code {
			t.Errorf("%+v: %v, %v", tt, provisional, err)
		}
		if gate != nil && gate.Code == features.PoolTooSmall {
			if want := "too small a pool to learn from: 49 accounts are not customers, 50 wanted; give a base"; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("message: %v, want %s", err, want)
			}
			continue
		}
		if gate != nil && n > 0 && !strings.Contains(err.Error(), fmt.Sprintf("listed %d, found in the base %d, with features %d (3 lost: x.com, y.com, z.com); ", n, n, n)) {
			t.Errorf("message: %v", err)
		}
	}
}

func TestGateWithoutMatch(t *testing.T) {
	in := baseOf("a.com", "b.com")
	in.Customers = listOf(t, "x.com", "y.com")
	audit, err := features.Scan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = features.Gate(audit, true)
	var gate *features.GateError
	if !errors.As(err, &gate) || gate.Code != features.NoneFound || !strings.Contains(err.Error(), "starts with x.com, y.com and the base with a.com, b.com") {
		t.Errorf("got %v", err)
	}
	in.Customers = nil
	if audit, err = features.Scan(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err = features.Gate(audit, true); !errors.As(err, &gate) || gate.Code != features.NoneListed {
		t.Errorf("without customers: %v", err)
	}
}
