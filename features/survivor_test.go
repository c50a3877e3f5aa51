package features_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

func TestSurvivors(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows [][]string // id, domain, changed, more
		want string
	}{
		{"newest", [][]string{{"1", "a.com", "2024-01-01", "x"}, {"2", "a.com", "2024-01-02", ""}}, "2"},
		{"newest by the minute", [][]string{{"1", "a.com", "2024-01-01T10:01:00Z", ""}, {"2", "a.com", "2024-01-01T10:00:00Z", "x"}}, "1"},
		{"newest across zones", [][]string{{"1", "a.com", "2024-01-01T10:00:00+02:00", "x"}, {"2", "a.com", "2024-01-01T09:00:00Z", ""}}, "2"},
		{"unknown is oldest", [][]string{{"1", "a.com", "", "x"}, {"2", "a.com", "1999-01-01", ""}}, "2"},
		{"most complete", [][]string{{"1", "a.com", "", ""}, {"2", "a.com", "", "x"}}, "2"},
		{"smallest id", [][]string{{"20", "a.com", "", ""}, {"100", "www.a.com", "", ""}, {"3", "a.com", "", ""}}, "100"},
		{"first row", [][]string{{"7", "a.com", "", ""}, {"7", "a.com", "", ""}}, "7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := memory{header: []string{"id", "d", "changed", "x"}, rows: tt.rows, step: 1}
			in := features.Input{Accounts: base, Domain: "d", ID: "id", Modified: "changed", Specs: []features.Spec{spec("x", features.Category)}}
			got := build(t, in)
			var survivors []string
			for _, row := range show(t, got.accounts, "row_reason", "account_id", "duplicate_of") {
				if id, ok := strings.CutPrefix(row, ". "); ok {
					survivors = append(survivors, strings.Fields(id)[0])
				} else if of := strings.Fields(row)[2]; of != tt.want {
					t.Errorf("a duplicate of %s, want of %s", of, tt.want)
				}
			}
			if !slices.Equal(survivors, []string{tt.want}) {
				t.Errorf("survivors %q, want %q", survivors, tt.want)
			}
			if d := got.audit.Duplicates; d.Total != int64(len(tt.rows)-1) || len(d.Merged) != len(tt.rows)-1 || d.Merged[0].Survivor != tt.want {
				t.Errorf("audit says %+v", d)
			}
		})
	}
}

// TestSameHostWithoutKey checks that rows of one host that is nobody's account stay
// what they are: not one of them is the survivor of another.
func TestSameHostWithoutKey(t *testing.T) {
	base := memory{header: []string{"d", "x"}, step: 1, rows: [][]string{{"gmail.com", "1"}, {"co.uk", "2"}, {"gmail.com", "3"}, {"co.uk", "4"}, {"github.io", "5"}, {"github.io", "6"}}}
	got := build(t, features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("x", features.Number)}})
	mail, bad, shared := string(datasets.FreeMailDomain), string(datasets.BadDomain), string(datasets.SharedHost)
	want := []string{mail + " .", bad + " .", mail + " .", bad + " .", shared + " .", shared + " ."}
	if diff := cmp.Diff(want, show(t, got.accounts, "row_reason", "duplicate_of")); diff != "" {
		t.Error(diff)
	}
	if got.audit.Duplicates.Total != 0 {
		t.Errorf("%d duplicates among rows without a key", got.audit.Duplicates.Total)
	}
}

// TestSurvivorLaws checks that every row of the source is in the table, that each
// domain has one row without a reason, and that the order of rows does not
// decide which.
func TestSurvivorLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "rows")
		rows := make([][]string, n)
		for i := range rows {
			rows[i] = []string{
				fmt.Sprint("id", i),
				rapid.SampledFrom([]string{"a.com", "www.A.com", "b.com", "c.co.uk", "", "gmail.com"}).Draw(rt, "domain"),
				rapid.SampledFrom([]string{"", "2024-01-01", "2024-01-02"}).Draw(rt, "changed"),
				rapid.SampledFrom([]string{"", "x"}).Draw(rt, "x"),
			}
		}
		first := verdicts(t, rows)
		if len(first) != n {
			rt.Fatalf("%d rows of %d", len(first), n)
		}
		perDomain := map[string]int{}
		for _, v := range first {
			if f := strings.Fields(v); f[1] == "." {
				perDomain[f[0]]++
			}
		}
		for domain, survivors := range perDomain {
			if survivors != 1 || domain == "." {
				rt.Fatalf("%d survivors of %s", survivors, domain)
			}
		}
		shuffled := slices.Clone(rows)
		for i, j := range rapid.Permutation(indices(n)).Draw(rt, "order") {
			shuffled[i] = rows[j]
		}
		if diff := cmp.Diff(first, verdicts(t, shuffled)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// verdicts returns what the accounts table says of each id.
func verdicts(t *testing.T, rows [][]string) map[string]string {
	base := memory{header: []string{"id", "d", "changed", "x"}, rows: rows, step: 7}
	got := build(t, features.Input{Accounts: base, Domain: "d", ID: "id", Modified: "changed", Specs: []features.Spec{spec("x", features.Category)}})
	verdicts := map[string]string{}
	for i, v := range show(t, got.accounts, "domain", "row_reason", "duplicate_of") {
		verdicts[rows[i][0]] = v
	}
	return verdicts
}

func indices(n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	return at
}

// TestNewestOfTypedColumns takes the newest row by columns that are no text.
func TestNewestOfTypedColumns(t *testing.T) {
	for _, changed := range []datasets.Column{
		{Field: datasets.Field{Type: datasets.Date}, Days: []int32{datasets.MissingDay, 9, 8}},
		{Field: datasets.Field{Type: datasets.Integer}, Integers: []int64{1 << 40, 9, 8}, Null: []bool{true, false, false}},
		{Field: datasets.Field{Type: datasets.Number}, Numbers: []float64{1e300, 9, 8}},
		text("", "", "1700000000000", "1600000000"),
		text("", "never", "2024-02-01 10:00", "2024-02-01T09:59"),
	} {
		changed.Name = "changed"
		base := typed{[]datasets.Column{text("d", "a.com", "a.com", "a.com"), changed, text("x", "1", "", "2")}}
		got := build(t, features.Input{Accounts: base, Domain: "d", Modified: "changed", Specs: []features.Spec{spec("x", features.Number)}})
		if merged := got.audit.Duplicates.Merged; len(merged) != 2 || merged[0].Survivor != "2" {
			t.Errorf("by %v: %+v, want row 2 to survive", changed.Type, merged)
		}
	}
}

func TestUltimateParents(t *testing.T) {
	base := memory{header: []string{"id", "d", "parent", "x"}, step: 2, rows: [][]string{
		{"1", "top.com", "", "x"},
		{"2", "mid.com", "1", "x"},
		{"3", "low.com", "2", "x"},
		{"4", "bydomain.com", "https://www.mid.com/", "x"},
		{"5", "orphan.com", "999", "x"},
		{"6", "self.com", "6", "x"},
		{"7", "ring-a.com", "8", "x"},
		{"8", "ring-b.com", "7", "x"},
		{"9", "mail.com", "gmail.com", "x"},
		{"10", "", "1", "x"},
	}}
	got := build(t, features.Input{Accounts: base, Domain: "d", ID: "id", Parent: "parent", Specs: []features.Spec{spec("x", features.Category)}})
	want := []string{"1 .", "2 top.com", "3 top.com", "4 top.com", "5 999", "6 .", "7 .", "8 ring-a.com", "9 .", "10 top.com"}
	if diff := cmp.Diff(want, show(t, got.accounts, "account_id", "parent")); diff != "" {
		t.Error(diff)
	}
}
