package backtest_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/graded"
)

var grades = []string{"A", "B", "C", "D", "E", "F"}

// An account of a night.
type account struct {
	domain, id, grade string // grade "": unscored
	customer          bool
}

// night writes accounts as a grade table and loads it.
func night(t *testing.T, accounts []account) *graded.Night {
	t.Helper()
	fields := []datasets.Field{{Name: "domain"}, {Name: "account_id"}, {Name: "customer", Type: datasets.Flag}, {Name: "grade", Type: datasets.Category}}
	b := &datasets.Batch{}
	b.Prepare(fields)
	text := func(c *datasets.Column, s string) {
		c.Data = append(c.Data, s...)
		c.Offsets = append(c.Offsets, int32(len(c.Data)))
	}
	b.Columns[3].Dictionary = slices.Clone(grades)
	for _, a := range accounts {
		text(&b.Columns[0], a.domain)
		text(&b.Columns[1], a.id)
		b.Columns[2].Flags = append(b.Columns[2].Flags, map[bool]int8{true: 1}[a.customer])
		b.Columns[3].Codes = append(b.Columns[3].Codes, int32(slices.Index(grades, a.grade)))
	}
	b.Rows = len(accounts)
	folder := t.TempDir()
	f, err := os.Create(filepath.Join(folder, "part-00000.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := parquetfile.NewWriter(f, fields, parquetfile.DefaultOptions())
	if err == nil {
		err = errors.Join(w.Write(b), w.Close(), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	n, err := graded.Load(t.Context(), folder, grades)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// build makes a back-test of the night of 2024-01-01 until 2024-12-31.
func build(t *testing.T, accounts []account, deals string, wins []backtest.Win) (*backtest.Backtest, error) {
	t.Helper()
	n := night(t, accounts)
	inputs := map[string]activity.Input{}
	if deals != "" {
		path := filepath.Join(t.TempDir(), "deals.csv")
		if err := os.WriteFile(path, []byte(deals), 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := anyfile.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		inputs["opportunities"] = activity.Input{Source: src}
	}
	set, err := activity.NewSet(n.Base, inputs)
	if err != nil {
		t.Fatal(err)
	}
	return backtest.Build(t.Context(), backtest.Input{Name: "main", Version: "v", Day: 19723, Until: 20088, Night: n, Set: set, Wins: wins, HasWins: wins != nil, Seed: 1})
}

// TestOutcomesThatCount: each way for an outcome not to count, on the borders
// too; what does count is counted by the grade of then.
func TestOutcomesThatCount(t *testing.T) {
	accounts := []account{
		{"a.com", "1", "A", false}, {"b.com", "2", "F", false}, {"c.com", "3", "A", true}, {"d.com", "4", "", false}, {"b.com", "5", "", false}, {"e.com", "6", "C", false},
	}
	const deals = "account_id,stage,closed_at,created_at,amount\n" +
		"1,Closed Won,2024-01-02,2023-12-01,100\n" + // counts
		"1,Closed Won,2024-01-01,2023-12-01,100\n" + // of the night's own day
		"1,Closed Lost,2023-06-01,,\n" +
		"1,Closed Won,,,\n" +
		"1,Closed Won,2025-01-01,,\n" + // the day after the last
		"5,Closed Lost,2024-12-31,2025-02-01,7\n" + // by the id of a row that was merged into b.com; opened after it was closed
		"3,Closed Won,2024-05-01,,\n" + // a customer already
		"99,Closed Won,2024-05-01,,\n" +
		"4,Closed Won,2024-05-01,,\n" + // counts, without a grade
		"6,Proposal,2024-05-01,,\n"
	b, err := build(t, accounts, deals, []backtest.Win{{"e.com", 19800}, {"c.com", 19000}, {"b.com", 19723}, {"a.com", datasets.MissingDay}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{backtest.Before: 3, backtest.Undated: 2, backtest.Later: 1, backtest.Customer: 1, backtest.Unjoined: 1}
	if fmt.Sprint(b.Outcomes.Refused) != fmt.Sprint(want) || b.Outcomes.Open != 1 || b.Outcomes.Deals != 3 || b.Outcomes.Customers != 3 {
		t.Errorf("%+v", b.Outcomes)
	}
	if got := b.Outcomes.Listed[0]; got != (backtest.Refusal{Why: "before", What: "deal", Domain: "a.com", Date: "2024-01-01", Row: 3}) {
		t.Errorf("listed %+v", got)
	}
	for _, r := range b.Grades {
		got := fmt.Sprint(r.Grade, r.Accounts, r.Won, r.Deals, r.DealsWon)
		if want := map[string]string{"A": "A1 1 1 1", "C": "C1 1 0 0", "F": "F1 0 1 0"}[r.Grade]; want != "" && got != want || want == "" && r.Accounts+r.Deals > 0 {
			t.Errorf("%s, want %s", got, want)
		}
	}
	var rows []string
	for _, o := range b.Rows {
		rows = append(rows, fmt.Sprintf("%s %s %s %v %s", o.What, o.Domain, o.Grade, o.Won, o.Why))
	}
	wanted := []string{
		"deal a.com A true ", "deal a.com A true before", "deal a.com A false before", "deal a.com A true undated", "deal a.com A true later", "deal b.com F false ",
		"deal c.com A true customer", "deal   true unjoined", "deal d.com  true ", "customer e.com C true ", "customer b.com F true before", "customer a.com A true undated",
	}
	if !slices.Equal(rows, wanted) {
		t.Errorf("rows %q, want %q", rows, wanted)
	}
	if o := b.Rows[0]; o.Day != 19724 || o.Amount != 100 || o.Cycle != 32 || !math.IsNaN(b.Rows[5].Cycle) {
		t.Errorf("first row %+v", o)
	}
	if b.Top.Cycle == nil || b.Top.Cycle.Median.Value != 32 || b.Top.Size.Median.Value != 100 || b.Rest.Cycle != nil {
		t.Errorf("top %+v, rest %+v", b.Top, b.Rest)
	}
}

// TestAllBefore: a back-test on what was known then is refused, and says so.
func TestAllBefore(t *testing.T) {
	_, err := build(t, []account{{"a.com", "1", "A", false}}, "domain,stage,closed_at\na.com,Closed Won,2023-12-31\na.com,Closed Lost,2024-01-01\n", nil)
	var before *backtest.BeforeError
	if !errors.As(err, &before) || before.Count != 2 || !strings.Contains(err.Error(), "all 2 outcomes are from before the grades of 2024-01-01 or of that day") {
		t.Error(err)
	}
}

// TestNothing: no outcomes at all, and no table, give a back-test that says what
// it needs and claims nothing.
func TestNothing(t *testing.T) {
	b, err := build(t, []account{{"a.com", "1", "A", false}}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Against {
		if a.Verdict != backtest.NotComputable || a.Difference != nil || a.Least != nil {
			t.Errorf("%+v", a)
		}
	}
	teller, err := backtest.NewTeller("en")
	if err != nil {
		t.Fatal(err)
	}
	if got := teller.Sentence(&b.Against[3]); got != "Median cycle of deals won: not computable, needs opportunities.won, opportunities.closed_at, opportunities.created_at." {
		t.Error(got)
	}
	if b, err = build(t, []account{{"a.com", "1", "A", false}}, "domain,stage,closed_at\n", nil); err != nil || b.Against[1].Needs == nil {
		t.Errorf("%+v, %v", b, err)
	}
}

// planted makes accounts with deals whose truth is known: two deals each, won with
// rates by group, sizes around a median by group.
func planted(rng *rand.Rand, topRate, restRate, topSize, restSize float64) (accounts []account, deals string) {
	var b strings.Builder
	b.WriteString("domain,won,closed,closed_at,created_at,amount\n")
	for i := range 400 {
		a := account{fmt.Sprintf("x%d.com", i), "", "B", false}
		rate, size := topRate, topSize
		if i >= 150 {
			a.grade, rate, size = "D", restRate, restSize
		}
		accounts = append(accounts, a)
		for range 2 {
			won := rng.Float64() < rate
			fmt.Fprintf(&b, "%s,%t,true,2024-06-01,2024-04-%02d,%.0f\n", a.domain, won, 1+rng.IntN(28), size*(0.5+rng.Float64()))
		}
	}
	return accounts, b.String()
}

// TestPlanted: a planted difference is found, and its true value is within the
// interval.
func TestPlanted(t *testing.T) {
	accounts, deals := planted(rand.New(rand.NewPCG(1, 1)), 0.5, 0.2, 3000, 2000)
	b, err := build(t, accounts, deals, nil)
	if err != nil {
		t.Fatal(err)
	}
	for measure, truth := range map[string]float64{backtest.WinRate: 0.3, backtest.Size: 1000} {
		i := slices.IndexFunc(b.Against, func(a backtest.Against) bool { return a.Measure == measure })
		if a := b.Against[i]; a.Verdict != backtest.Higher || truth < a.Difference.Low || truth > a.Difference.High || *a.Least > truth {
			t.Errorf("%s: %+v, %+v, least %v", measure, a, a.Difference, *a.Least)
		}
	}
	if a := b.Against[3]; a.Verdict != backtest.NoneShown {
		t.Errorf("cycle, where nothing is planted: %+v", a)
	}
	again, err := build(t, accounts, deals, nil)
	if err != nil || fmt.Sprintf("%+v", again.Against[2].Difference) != fmt.Sprintf("%+v", b.Against[2].Difference) {
		t.Errorf("the same input gives another interval: %v", err)
	}
}

// TestNoFalseDifference: where A and B are like the rest, a difference is claimed
// in about 5 % of the draws, for each measure.
func TestNoFalseDifference(t *testing.T) {
	draws, most := 200, 22 // the binomial's 99.9 % quantile at 5 %
	if testing.Short() {
		draws, most = 40, 8
	}
	rng := rand.New(rand.NewPCG(2, 2))
	claimed := map[string]int{}
	for range draws {
		accounts, deals := planted(rng, 0.3, 0.3, 2000, 2000)
		b, err := build(t, accounts, deals, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range b.Against {
			if a.Verdict != backtest.NoneShown {
				claimed[a.Measure]++
			}
		}
	}
	for measure, n := range claimed {
		if n > most {
			t.Errorf("%s: a difference in %d of %d draws without one", measure, n, draws)
		}
	}
	t.Logf("differences claimed of %d: %v", draws, claimed)
}

// TestPages: both languages, hostile names stay text.
func TestPages(t *testing.T) {
	accounts, deals := planted(rand.New(rand.NewPCG(3, 3)), 0.5, 0.2, 3000, 2000)
	deals += "evil.com,true,true,2024-06-01,,5\n"
	b, err := build(t, accounts, deals, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Name, b.Outcomes.Listed[0].Domain = "<script>alert(1)</script>", "<img src=x>"
	for lang, want := range map[string]string{"en": "Deals won of those closed: higher in A and B", "fr": "plus élevé en A et B"} {
		teller, err := backtest.NewTeller(lang)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := teller.WriteHTML(&out, b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: the page does not say %q", lang, want)
		}
		for _, bad := range []string{"<script>alert", "<img src=x>", "%!"} {
			if strings.Contains(out.String(), bad) {
				t.Errorf("%s: the page holds %q", lang, bad)
			}
		}
	}
	if _, err := backtest.NewTeller("de"); err == nil {
		t.Error("no German, and no error")
	}
}
