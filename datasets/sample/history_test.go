package sample_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
)

// tables writes the history of a base and returns the bytes of each table.
func tables(t testing.TB, b *sample.Base) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	if err := b.WriteTables(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range sample.Tables {
		data, err := os.ReadFile(filepath.Join(folder, name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func rowsOf(t testing.TB, data []byte) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// planted is a base of 10,000 rows with 400 customers and the given debts.
func planted(t testing.TB, debts ...sample.Debt) *sample.Base {
	t.Helper()
	return generate(t, func(o *sample.Options) { o.Accounts, o.Customers, o.Debts = 10_000, 400, debts })
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// share returns the share of rows that pick takes among those that of takes.
func share(rows []map[string]string, of, pick func(map[string]string) bool) float64 {
	n, k := 0.0, 0.0
	for _, row := range rows {
		if of(row) {
			n++
			if pick(row) {
				k++
			}
		}
	}
	return k / n
}

func is(column, value string) func(map[string]string) bool {
	return func(row map[string]string) bool { return strings.TrimSpace(row[column]) == value }
}

func since(column, date string) func(map[string]string) bool {
	return func(row map[string]string) bool { return row[column] >= date }
}

func not(f func(map[string]string) bool) func(map[string]string) bool {
	return func(row map[string]string) bool { return !f(row) }
}

func both(f, g func(map[string]string) bool) func(map[string]string) bool {
	return func(row map[string]string) bool { return f(row) && g(row) }
}

// lastYear begins the last year of bases as of 2025-06-30.
const lastYear = "2024-06-30"

// TestDebts measures what each debt bends, without it and with it.
func TestDebts(t *testing.T) {
	closed := func(row map[string]string) bool { return strings.Contains(row["stage"], "Closed") }
	winRate := func(rows []map[string]string, of func(map[string]string) bool) float64 {
		return share(rows, both(closed, of), is("stage", "Closed Won"))
	}
	all := func(map[string]string) bool { return true }
	clean := planted(t)
	for _, tt := range []struct {
		debt    sample.Debt
		table   string
		measure func(t *testing.T, b *sample.Base, rows []map[string]string) float64
		clean   [2]float64 // within which the measure lies
		planted [2]float64
	}{
		{sample.Fading, "opportunities", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return winRate(rows, since("closed_at", lastYear)) / winRate(rows, not(since("closed_at", lastYear)))
		}, [2]float64{.8, 1.4}, [2]float64{.3, .7}},
		{sample.Funnel, "opportunities", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return share(rows, since("created_at", lastYear), since("created_at", "2024-12-30"))
		}, [2]float64{.42, .58}, [2]float64{.2, .42}},
		{sample.Unexplained, "opportunities", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return share(rows, is("stage", "Closed Won"), is("reason", ""))
		}, [2]float64{.08, .22}, [2]float64{.85, .97}},
		{sample.First, "opportunities", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return winRate(rows, is("competitor", "none")) - winRate(rows, not(is("competitor", "none")))
		}, [2]float64{-.08, .08}, [2]float64{.35, .8}},
		{sample.Roles, "contacts", func(t *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			decide, engaged := 0.0, 0.0
			for _, row := range rows {
				n := number(t, row["engaged"])
				engaged += n
				if row["role"] == "decision maker" {
					decide += n
				}
			}
			return decide / engaged
		}, [2]float64{.2, .35}, [2]float64{0, .03}},
		{sample.Volume, "campaigns", func(t *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			last, first := rows[len(rows)-1], rows[0]
			rate := func(row map[string]string) float64 { return number(t, row["responses"]) / number(t, row["targeted"]) }
			return rate(last) / rate(first) * number(t, first["contents"]) / number(t, last["contents"])
		}, [2]float64{.4, 2.5}, [2]float64{0, .15}},
		{sample.Churn, "health", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return share(rows, all, not(is("churned_at", ""))) * float64(len(rows)) / 400
		}, [2]float64{.02, .15}, [2]float64{.35, .65}},
		{sample.Size, "touches", aimed(func(b *sample.Base, row int) float64 { return math.Log(column(t, b, "employees").Numbers[row]) }), [2]float64{0, 1}, [2]float64{2.2, 6}},
		{sample.Audience, "touches", aimed(func(b *sample.Base, row int) float64 { return b.LogLift[row] }), [2]float64{1.2, 4}, [2]float64{-.3, .3}},
		{sample.Neglect, "touches", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return share(rows, is("by", "sales"), all) * float64(len(rows)) / 1000
		}, [2]float64{10.4, 12.4}, [2]float64{8.4, 10}},
		{sample.Stale, "releases", func(_ *testing.T, _ *sample.Base, rows []map[string]string) float64 {
			return share(rows, since("date", "2024-07-30"), is("major", "yes")) * share(rows, all, since("date", "2024-07-30")) * float64(len(rows))
		}, [2]float64{0, 0}, [2]float64{1.99, 2.01}},
	} {
		t.Run(string(tt.debt), func(t *testing.T) {
			b := planted(t, tt.debt)
			got := tt.measure(t, clean, rowsOf(t, tables(t, clean)[tt.table]))
			if !(got >= tt.clean[0] && got <= tt.clean[1]) {
				t.Errorf("without it: %.3f, want %v", got, tt.clean)
			}
			got = tt.measure(t, b, rowsOf(t, tables(t, b)[tt.table]))
			if !(got >= tt.planted[0] && got <= tt.planted[1]) {
				t.Errorf("planted: %.3f, want %v", got, tt.planted)
			}
		})
	}
}

// aimed returns by how much the accounts that campaigns were sent to are above
// the others in something.
func aimed(of func(b *sample.Base, row int) float64) func(*testing.T, *sample.Base, []map[string]string) float64 {
	return func(t *testing.T, b *sample.Base, rows []map[string]string) float64 {
		sent := map[string]bool{}
		for _, row := range rows {
			if row["action"] == "sent" {
				domain, reason := datasets.DomainKey(row["domain"])
				if reason != "" {
					t.Fatal(reason)
				}
				sent[domain] = true
			}
		}
		var sum, n [2]float64
		for row, domain := range b.Domain {
			if domain != "" && b.DuplicateOf[row] < 0 {
				k := 0
				if sent[domain] {
					k = 1
				}
				sum[k] += of(b, row)
				n[k]++
			}
		}
		return sum[1]/n[1] - sum[0]/n[0]
	}
}

// The accounts and the list of customers are those of a base without a history,
// but for the debts that are of the list itself.
func TestDebtsLeaveTheBaseAlone(t *testing.T) {
	clean := files(t, planted(t))
	for _, debt := range sample.Debts {
		got := files(t, planted(t, debt))
		if same := bytes.Equal(got[0], clean[0]); same == (debt == sample.Duplicates) {
			t.Errorf("%s: the accounts are the same: %t", debt, same)
		}
		if same := bytes.Equal(got[1], clean[1]); same == (debt == sample.Duplicates || debt == sample.Stale) {
			t.Errorf("%s: the list of customers is the same: %t", debt, same)
		}
	}
}

func TestSameTables(t *testing.T) {
	first, again := tables(t, planted(t)), tables(t, planted(t))
	for name, data := range first {
		if !bytes.Equal(data, again[name]) {
			t.Errorf("%s differs between two runs", name)
		}
		if n := bytes.Count(data, []byte("\n")); n < 5 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
	folder := t.TempDir()
	if err := planted(t).WriteTables(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if err := planted(t).WriteTables(t.Context(), folder); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v, want that there is such a file", err)
	}
}

// Nothing of the past is later than the day of the base; only what is expected
// may be.
func TestHistoryIsPast(t *testing.T) {
	all := tables(t, planted(t, sample.Debts...))
	for name, columns := range map[string][]string{
		"signals": {"date"}, "opportunities": {"created_at"}, "leads": {"created_at", "first_touch_at", "converted_at"}, "touches": {"date"},
		"campaigns": {"started_at"}, "health": {"date", "churned_at"}, "releases": {"date"}, "feedback": {"date"},
	} {
		for _, row := range rowsOf(t, all[name]) {
			for _, c := range columns {
				if row[c] >= "2025-06-30" {
					t.Fatalf("%s: %s is %s", name, c, row[c])
				}
			}
			if name == "opportunities" && strings.Contains(row["stage"], "Closed") != (row["closed_at"] < "2025-06-30") {
				t.Fatalf("a deal of stage %q is closed on %s", row["stage"], row["closed_at"])
			}
		}
	}
}

// An account whose history has nobody to sell to is no reason to fail.
func TestHistoryOfFew(t *testing.T) {
	for _, accounts := range []int{2, 3, 10} {
		b, err := sample.Generate(sample.Options{Accounts: accounts, Customers: accounts / 2, Signal: 1, AsOf: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		tables(t, b)
	}
}

func TestParseDebts(t *testing.T) {
	for text, want := range map[string]int{"": 0, "all": len(sample.Debts), " size , grid,size": 2} {
		if got, err := sample.ParseDebts(text); err != nil || len(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if _, err := sample.ParseDebts("sizes"); err == nil {
		t.Error("a debt that is none was taken")
	}
}
