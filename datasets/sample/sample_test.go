package sample_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/sample"
)

func generate(t testing.TB, change func(*sample.Options)) *sample.Base {
	t.Helper()
	o := sample.DefaultOptions()
	if change != nil {
		change(&o)
	}
	b, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// demo is the base of the default options with its files, made once.
var demo = sync.OnceValues(func() (*sample.Base, [3][]byte) {
	folder, err := os.MkdirTemp("", "sample")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	b, err := sample.Generate(sample.DefaultOptions())
	if err != nil {
		panic(err)
	}
	data, err := write(context.Background(), b, folder)
	if err != nil {
		panic(err)
	}
	return b, data
})

// small is a base of 3,000 rows with 60 customers.
func small(t testing.TB, change func(*sample.Options)) *sample.Base {
	t.Helper()
	return generate(t, func(o *sample.Options) {
		o.Accounts, o.Customers = 3000, 60
		if change != nil {
			change(o)
		}
	})
}

// files writes a base and returns the contents of its three files.
func files(t testing.TB, b *sample.Base) [3][]byte {
	t.Helper()
	data, err := write(t.Context(), b, filepath.Join(t.TempDir(), "new", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(ctx context.Context, b *sample.Base, folder string) (data [3][]byte, err error) {
	if err := b.Write(ctx, folder); err != nil {
		return data, err
	}
	for i, name := range []string{sample.AccountsFile, sample.CustomersFile, sample.TruthFile} {
		if data[i], err = os.ReadFile(filepath.Join(folder, name)); err != nil {
			return data, err
		}
	}
	return data, nil
}

// records parses a file that Write made: its header and its rows.
func records(t testing.TB, data []byte) (header []string, rows [][]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

func TestSameOptionsSameBytes(t *testing.T) {
	first, again := files(t, small(t, nil)), files(t, small(t, nil))
	for i := range first {
		if !bytes.Equal(first[i], again[i]) {
			t.Errorf("file %d differs between two runs", i)
		}
	}
}

func TestEveryOptionChangesTheResult(t *testing.T) {
	base := files(t, small(t, nil))
	for name, change := range map[string]func(*sample.Options){
		"accounts":  func(o *sample.Options) { o.Accounts += 1000 },
		"customers": func(o *sample.Options) { o.Customers++ },
		"seed":      func(o *sample.Options) { o.Seed++ },
		"signal":    func(o *sample.Options) { o.Signal = .5 },
		"mess":      func(o *sample.Options) { o.Mess = .5 },
		"as_of":     func(o *sample.Options) { o.AsOf += 400 },
		"debts":     func(o *sample.Options) { o.Debts = []sample.Debt{sample.Duplicates} }, // the others: TestDebts
	} {
		got := files(t, small(t, change))
		if bytes.Equal(got[0], base[0]) && name != "customers" && name != "signal" {
			t.Errorf("%s: the accounts stay the same", name)
		}
		if bytes.Equal(got[1], base[1]) {
			t.Errorf("%s: the list of customers stays the same", name)
		}
		if bytes.Equal(got[2], base[2]) && name != "customers" && name != "as_of" {
			t.Errorf("%s: the truth stays the same", name)
		}
	}
}

// Who is a customer must leave no trace in the accounts.
func TestAccountsDoNotKnowTheCustomers(t *testing.T) {
	base := files(t, small(t, nil))
	other := files(t, small(t, func(o *sample.Options) { o.Customers, o.Signal = 400, 0 }))
	if !bytes.Equal(base[0], other[0]) {
		t.Error("the accounts depend on who is a customer")
	}
}

func TestLongerBaseBeginsWithShorter(t *testing.T) {
	short := files(t, small(t, nil))
	long := files(t, small(t, func(o *sample.Options) { o.Accounts = 3500 }))
	if !bytes.HasPrefix(long[0], short[0]) {
		t.Error("the first rows changed with the number of rows")
	}
}

func TestSourcesAreTheFiles(t *testing.T) {
	b := generate(t, func(o *sample.Options) { o.Accounts, o.Customers = 2*datasets.BatchRows+7, 100 })
	data := files(t, b)
	for i, src := range []datasets.Source{b.Source(), b.Customers()} {
		var want datasettest.Table
		want.Header, want.Rows = records(t, data[i])
		want.Types = make([]datasets.Type, len(want.Header)) // all text
		if err := datasettest.Check(t.Context(), src, want); err != nil {
			t.Error(err)
		}
	}
}

func TestCounts(t *testing.T) {
	for seed := range uint64(2) {
		b := generate(t, func(o *sample.Options) { o.Seed = seed })
		data := files(t, b)
		_, accounts := records(t, data[0])
		if len(accounts) != 30_000 {
			t.Errorf("seed %d: %d accounts, want 30000", seed, len(accounts))
		}
		keys, keyless := map[string]int{}, 0
		for i, row := range accounts {
			key, _ := datasets.DomainKey(row[2])
			if key != b.Domain[i] {
				t.Errorf("seed %d: website %q has key %q, the base says %q", seed, row[2], key, b.Domain[i])
			}
			if keys[key]++; key == "" {
				keyless++
			}
		}
		// The shares asked of the generator, with room for five standard deviations.
		within(t, "share of rows without a key", float64(keyless)/30_000, .035, .0053)
		within(t, "share of duplicates", float64(30_000-keyless-len(keys)+1)/30_000, .02, .004)

		_, list := records(t, data[1])
		found, strange, written := map[string]bool{}, map[string]bool{}, 0
		for _, row := range list {
			key, reason := datasets.DomainKey(row[0])
			switch {
			case reason != "":
				t.Errorf("seed %d: customer %q has no key: %s", seed, row[0], reason)
			case keys[key] > 0:
				found[key] = true
			default:
				strange[key] = true
			}
			if key != row[0] {
				written++
			}
		}
		if len(found) != 600 {
			t.Errorf("seed %d: %d customers found, want 600", seed, len(found))
		}
		if len(strange) != 48 || len(list) <= len(found)+len(strange) || written < 120 {
			t.Errorf("seed %d: %d strangers (want 8%% of 600), %d rows for %d domains (want more), %d written as addresses (want about 30%%)",
				seed, len(strange), len(list), len(found)+len(strange), written)
		}
		customers := 0
		for i, c := range b.Customer {
			if c != found[b.Domain[i]] || c == (b.Won[i] == datasets.MissingDay) {
				t.Fatalf("seed %d: row %d: customer %v, on the list %v, won on day %d", seed, i, c, found[b.Domain[i]], b.Won[i])
			}
			if c && b.DuplicateOf[i] < 0 {
				customers++
			}
		}
		if customers != 600 {
			t.Errorf("seed %d: %d rows are customers, want 600", seed, customers)
		}
	}
}

func TestTruthFile(t *testing.T) {
	b := small(t, nil)
	_, rows := records(t, files(t, b)[2])
	lifts := map[string]string{}
	for _, r := range rows {
		if lifts[r[0]] != "" || r[0] == "" {
			t.Errorf("domain %q is in the truth twice, or empty", r[0])
		}
		lifts[r[0]] = r[1]
	}
	for i, d := range b.Domain {
		if d != "" && lifts[d] == "" {
			t.Errorf("row %d: domain %q is not in the truth", i, d)
		}
	}
}

func TestDuplicatesLose(t *testing.T) {
	b, data := demo()
	_, rows := records(t, data[0])
	spelled, same := 0, 0
	for i, of := range b.DuplicateOf {
		if of < 0 {
			continue
		}
		first, again := rows[of], rows[i]
		if b.Domain[i] == "" || b.Domain[i] != b.Domain[of] || b.DuplicateOf[of] >= 0 {
			t.Fatalf("row %d repeats row %d: %q and %q", i, of, b.Domain[i], b.Domain[of])
		}
		if again[15] >= first[15] || again[16] >= first[16] || again[16] < again[15] {
			t.Errorf("row %d was made %s and changed %s, the row it repeats %s and %s", i, again[15], again[16], first[15], first[16])
		}
		for c := 3; c < 15; c++ {
			if blank(first[c]) && !blank(again[c]) {
				t.Errorf("row %d knows column %d, the row it repeats does not", i, c)
			}
		}
		same++
		if again[1] != first[1] && again[2] != first[2] {
			spelled++
		}
	}
	if same < 400 || spelled < same/2 {
		t.Errorf("%d duplicates, %d of them spelled differently in name and website", same, spelled)
	}
}

func TestNothingIsLaterThanAsOf(t *testing.T) {
	b := small(t, func(o *sample.Options) { o.Customers = 1000 })
	asOf := time.Unix(int64(b.Options.AsOf)*86400, 0).UTC().Format(time.DateOnly)
	data := files(t, b)
	for f, columns := range map[int][]int{0: {12, 15, 16}, 1: {1}} {
		_, rows := records(t, data[f])
		for i, row := range rows {
			for _, c := range columns {
				if !blank(row[c]) && row[c] >= asOf {
					t.Errorf("file %d, row %d: %s is not before %s", f, i, row[c], asOf)
				}
			}
		}
	}
	funded := column(t, b, "last_funding_date").Days
	for i, won := range b.Won {
		if won == datasets.MissingDay {
			continue
		}
		if won < funded[i]+45 || won < b.Options.AsOf-1-3*365 {
			t.Errorf("row %d: won on day %d, funded on day %d, as of day %d", i, won, funded[i], b.Options.AsOf)
		}
	}
}

func TestWriteReplacesNothing(t *testing.T) {
	folder := t.TempDir()
	mine := filepath.Join(folder, sample.CustomersFile)
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := small(t, nil).Write(t.Context(), folder)
	if !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), mine) {
		t.Errorf("Write = %v, want the file that is in the way", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left (%v), want the one that was there", len(left), err)
	}
	if data, err := os.ReadFile(mine); string(data) != "mine" || err != nil {
		t.Errorf("the file holds %q (%v)", data, err)
	}
}

func TestCancelledWriteLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	folder := t.TempDir()
	if err := small(t, nil).Write(ctx, folder); !errors.Is(err, context.Canceled) {
		t.Errorf("Write = %v, want context.Canceled", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%d files are left (%v), want none", len(left), err)
	}
}

func TestValidate(t *testing.T) {
	if err := sample.DefaultOptions().Validate(); err != nil {
		t.Errorf("the defaults are bad: %v", err)
	}
	nan, eps := math.NaN(), 1e-9
	for name, o := range map[string]sample.Options{
		"zero": {}, // everything but customers, signal and mess
		"all":  {Accounts: -1, Customers: -1, Signal: nan, Mess: nan, AsOf: math.MaxInt32},
		"high": {Accounts: 20_000_001, Customers: 10_000_001, Signal: 4 + eps, Mess: 1 + eps, AsOf: math.MinInt32},
		"low":  {Accounts: 1, Customers: 1, Signal: -eps, Mess: -eps, AsOf: datasets.MissingDay},
	} {
		err := o.Validate()
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		want := 5
		if name == "zero" {
			want = 2
		}
		if got := strings.Count(err.Error(), "; want"); got != want {
			t.Errorf("%s: %d faults, want %d: %v", name, got, want, err)
		}
		if _, err := sample.Generate(o); err == nil {
			t.Errorf("%s: Generate takes it", name)
		}
	}
}

// The smallest bases either come out whole or say what is wrong.
func TestTinyBases(t *testing.T) {
	for accounts := 2; accounts < 12; accounts++ {
		for seed := range uint64(20) {
			o := sample.DefaultOptions()
			o.Accounts, o.Customers, o.Seed = accounts, accounts/2, seed
			b, err := sample.Generate(o)
			if err != nil {
				if !strings.Contains(err.Error(), "ask for fewer") {
					t.Errorf("%d accounts, seed %d: %v", accounts, seed, err)
				}
				continue
			}
			if got := len(b.Domain); got != accounts {
				t.Errorf("%d rows, want %d", got, accounts)
			}
		}
	}
	none := small(t, func(o *sample.Options) { o.Customers = 0 })
	if _, rows := records(t, files(t, none)[1]); len(rows) != 0 || !math.IsNaN(none.OracleAUC()) {
		t.Errorf("without customers: %d listed, AUC %v", len(rows), none.OracleAUC())
	}
}

func BenchmarkGenerate(b *testing.B) {
	o := sample.DefaultOptions()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sample.Generate(o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(o.Accounts)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func column(t testing.TB, b *sample.Base, name string) *datasets.Column {
	t.Helper()
	i := slices.IndexFunc(b.Columns, func(c datasets.Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no column %q", name)
	}
	return &b.Columns[i]
}

// blank reports whether a cell says nothing.
func blank(cell string) bool {
	return slices.Contains([]string{"", "n/a", "N/A", "-", "Select"}, cell)
}

func within(t *testing.T, what string, got, want, margin float64) {
	t.Helper()
	if !(math.Abs(got-want) <= margin) {
		t.Errorf("%s is %.4f, want %.4f ± %.4f", what, got, want, margin)
	}
}
