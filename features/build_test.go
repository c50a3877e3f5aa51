package features_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// tables are the two files of a Build, opened.
type tables struct {
	audit               *features.Audit
	accounts, customers *features.Table
}

// build builds tables in a temporary folder and opens them.
func build(t testing.TB, in features.Input) tables {
	t.Helper()
	var accounts, customers bytes.Buffer
	audit, err := features.Build(t.Context(), in, features.Output{Accounts: &accounts, Customers: &customers})
	if err != nil {
		t.Fatal(err)
	}
	return tables{audit, open(t, accounts.Bytes()), open(t, customers.Bytes())}
}

// open publishes one file in a folder of its own and opens the table.
func open(t testing.TB, file []byte) *features.Table {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "part-0.parquet"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := features.OpenTable(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	return table
}

// show renders columns of a table, one string a row, cells separated by blanks:
// "." is missing, a set is in brackets.
func show(t testing.TB, table *features.Table, columns ...string) []string {
	t.Helper()
	b, err := table.Load(t.Context(), columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]string, b.Rows)
	for i := range rows {
		cells := make([]string, len(columns))
		for k := range columns {
			cells[k] = showCell(&b.Columns[k], i)
		}
		rows[i] = strings.Join(cells, " ")
	}
	return rows
}

func showCell(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return "."
	}
	switch c.Type {
	case datasets.Text:
		return string(c.Cell(i))
	case datasets.Number:
		return fmt.Sprint(c.Numbers[i])
	case datasets.Date:
		return features.DayString(c.Days[i])
	case datasets.Flag:
		return fmt.Sprint(c.Flags[i])
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	}
	items := []string{}
	for _, code := range c.Items(i) {
		items = append(items, c.Dictionary[code])
	}
	return fmt.Sprint(items)
}

// day is the number of 2026-01-31, by `date -u -d 2026-01-31 +%s` / 86400.
const day = 1769817600 / 86400

func TestFixedColumns(t *testing.T) {
	base := memory{header: []string{"Id", "Website", "Name", "Employees"}, step: 2, rows: [][]string{
		{"a1", "https://www.Acme.com/about", " Acme \t Inc ", "51-200"},
		{"a2", "", "Nowhere", "3"},
		{"a3", "acme.com", "Acme again", ""},
		{"a4", "sales@gmail.com", "Mail", "5"},
		{"", "lost.com", "Lost", "n/a"},
		{"a6", "pool.fr", "", "lots"},
		{"a7", "10.0.0.1", "-", ""},
	}}
	list := memory{header: []string{"domain", "class"}, step: 9, rows: [][]string{{"acme.com", "Pipeline"}, {"lost.com", "lost"}}}
	customers, err := features.LoadCustomers(t.Context(), list, features.CustomerColumns{Domain: "domain", Class: "class"})
	if err != nil {
		t.Fatal(err)
	}
	employees := spec("employees", features.Number)
	employees.Column = "Employees"
	got := build(t, features.Input{
		Accounts: base, Domain: "Website", ID: "Id", Name: "Name",
		Specs: []features.Spec{employees}, Customers: customers, AsOf: day,
	})
	// a1 is more complete than a3. 125.5 is the midpoint of 51 and 200.
	want := []string{
		"acme.com a1 Acme Inc . . 1 pipeline 125.5",
		". a2 Nowhere NO_DOMAIN . 0 . 3",
		"acme.com a3 Acme again DUPLICATE_OF a1 1 pipeline .",
		". a4 Mail FREE_MAIL_DOMAIN . 0 . 5",
		"lost.com 5 Lost . . 0 lost .",
		"pool.fr a6 . . . 0 . .",
		". a7 . BAD_DOMAIN . 0 . .",
	}
	columns := []string{"domain", "account_id", "name", "row_reason", "duplicate_of", "customer", "class", "employees"}
	if diff := cmp.Diff(want, show(t, got.accounts, columns...)); diff != "" {
		t.Error(diff)
	}
	want = []string{"acme.com a1 pipeline 0.5 . 125.5"}
	if diff := cmp.Diff(want, show(t, got.customers, "domain", "account_id", "class", "weight", "won_at", "employees")); diff != "" {
		t.Error(diff)
	}
	if got.accounts.AsOf != "2026-01-31" || got.accounts.Name != features.AccountsTable || got.customers.Name != features.CustomersTable {
		t.Errorf("the tables say %s %s %s", got.accounts.AsOf, got.accounts.Name, got.customers.Name)
	}
}

func TestDatesOfCustomersEndBeforeTheyWereWon(t *testing.T) {
	base := memory{header: []string{"d", "visit"}, step: 9, rows: [][]string{{"a.com", "2025-06-01"}, {"b.com", "2025-05-31"}, {"c.com", "2025-06-01"}}}
	list := memory{header: []string{"d", "won"}, step: 9, rows: [][]string{{"a.com", "2025-07-01"}, {"b.com", "2025-07-01"}, {"c.com", ""}}}
	customers, err := features.LoadCustomers(t.Context(), list, features.CustomerColumns{Domain: "d", WonAt: "won"})
	if err != nil {
		t.Fatal(err)
	}
	got := build(t, features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("visit", features.Date)}, Customers: customers, AsOf: day, Lag: 31})
	// 31 days before 1 July is 31 May.
	if diff := cmp.Diff([]string{"a.com 2025-07-01 .", "b.com 2025-07-01 2025-05-31", "c.com . 2025-06-01"}, show(t, got.customers, "domain", "won_at", "visit")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2025-06-01", "2025-05-31", "2025-06-01"}, show(t, got.accounts, "visit")); diff != "" {
		t.Error(diff)
	}
}

// TestSameBytes builds two row groups with one and two processors and
// with batches of several sizes.
func TestSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	base := memory{header: []string{"id", "d", "n", "c", "s", "w"}}
	for i := range 40_000 {
		base.rows = append(base.rows, []string{
			fmt.Sprint(r.IntN(1 << 30)), domainNo(r.IntN(35_000)), fmt.Sprint(r.IntN(300), "-", 300), fmt.Sprint("c", r.IntN(9000)),
			fmt.Sprintf("t%d|t%d", r.IntN(50), r.IntN(50)), fmt.Sprint("about ", i%5000, " things"),
		})
		if r.IntN(10) == 0 {
			base.rows[i][2] = "unreadable " + fmt.Sprint(string(rune('a'+r.IntN(20))))
		}
	}
	customers := listOf(t, domainNo(5), domainNo(30_000), domainNo(34_999))
	of := func(procs, step int) (string, *features.Audit) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		base.step = step
		var accounts, chosen bytes.Buffer
		audit, err := features.Build(t.Context(), features.Input{
			Accounts: base, Domain: "d", ID: "id", Customers: customers, AsOf: day,
			Specs: []features.Spec{spec("n", features.Number), spec("c", features.Category), spec("s", features.Set), spec("w", features.Words)},
		}, features.Output{Accounts: &accounts, Customers: &chosen})
		if err != nil {
			t.Fatal(err)
		}
		return accounts.String() + chosen.String(), audit
	}
	want, audit := of(1, 4096)
	if audit.Rows != 40_000 || audit.Customers == 0 || audit.Duplicates.Total == 0 || len(audit.Features[0].Samples) != 10 {
		t.Fatalf("the base does not test what it should: %+v", audit)
	}
	for _, step := range []int{4096, 77} {
		got, again := of(2, step)
		if got != want {
			t.Errorf("batches of %d rows on two processors: other bytes", step)
		}
		if diff := cmp.Diff(audit, again, ignoreUnexported); diff != "" {
			t.Errorf("batches of %d rows: %s", step, diff)
		}
	}
}

var ignoreUnexported = cmpopts.IgnoreUnexported(features.Audit{}, features.FeatureAudit{}, features.PillarAudit{})

func TestScanIsBuildWithoutWriting(t *testing.T) {
	base := memory{header: []string{"d", "n"}, step: 3, rows: [][]string{{"a.com", "1"}, {"b.com", "x"}, {"a.com", "-"}, {"", "2"}}}
	in := features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("n", features.Number)}, Customers: listOf(t, "b.com", "x.com")}
	built := build(t, in).audit
	scanned, err := features.Scan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(built, scanned, ignoreUnexported); diff != "" {
		t.Error(diff)
	}
}

func TestBuildErrors(t *testing.T) {
	rows := [][]string{{"a.com", "one"}}
	for range 9 {
		rows = append(rows, []string{"b.com", "much"})
	}
	base := memory{header: []string{"website", "employees"}, step: 5, rows: rows}
	for _, tt := range []struct {
		name   string
		change func(*features.Input)
		want   []string
	}{
		{"near column", func(in *features.Input) { in.Specs[0].Column = "Employes" }, []string{`no column "Employes" for feature "employees", did you mean "employees"?`}},
		{"several columns", func(in *features.Input) { in.Domain, in.ID = "url", "key" }, []string{`no column "url" for domain`, `no column "key" for id`, `it has ["website" "employees"]`}},
		{"no domain", func(in *features.Input) { in.Domain = "" }, []string{"no domain column is named"}},
		{"not numbers", func(*features.Input) {}, []string{`column "employees"`, "kind number", "0 of 10 filled cells", `"one" in line 2`, `"much" in line 3`}},
		{"negative lag", func(in *features.Input) { in.Lag = -1 }, []string{"lag is -1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := features.Input{Accounts: base, Domain: "website", Specs: []features.Spec{spec("employees", features.Number)}}
			tt.change(&in)
			_, err := features.Scan(t.Context(), in)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
			if shape := in.Domain != "" && in.Lag == 0; errors.Is(err, datasets.ErrShape) != shape {
				t.Errorf("%v: about the shape of the input: %t, want %t", err, !shape, shape)
			}
		})
	}
}

// failing is a writer that is full.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestBuildStops(t *testing.T) {
	base := memory{header: []string{"d", "n"}, step: 100}
	for i := range 40_000 {
		base.rows = append(base.rows, []string{domainNo(i), "1"})
	}
	in := features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("n", features.Number)}, Customers: listOf(t, domainNo(1))}
	full := errors.New("disk full")
	for _, out := range []features.Output{{Accounts: failing{full}, Customers: new(bytes.Buffer)}, {Accounts: new(bytes.Buffer), Customers: failing{full}}} {
		if _, err := features.Build(t.Context(), in, out); !errors.Is(err, full) {
			t.Errorf("got %v, want %v", err, full)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	out := features.Output{Accounts: new(bytes.Buffer), Customers: new(bytes.Buffer), Progress: func(int64) { cancel() }}
	if _, err := features.Build(ctx, in, out); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := features.Build(ctx, in, out); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before it starts: %v", err)
	}
}
