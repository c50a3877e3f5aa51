package audit

import (
	"slices"
	"testing"
)

// auditOf is an audit with debts, tests that passed and tests without data.
func auditOf(asOf string, score float64, debts, passed, missing []string) *Audit {
	a := &Audit{Format: Format, AsOf: asOf, Score: &score}
	for _, id := range debts {
		a.Debts = append(a.Debts, Debt{ID: id, Weight: 1})
	}
	for _, id := range passed {
		a.Passed = append(a.Passed, Test{ID: id, Weight: 1})
	}
	for _, id := range missing {
		a.NotComputable = append(a.NotComputable, Test{ID: id, Weight: 1})
	}
	return a
}

func TestTrend(t *testing.T) {
	before := auditOf("2025-01-31", 60, []string{"icp_age", "duplicates", "fit_fades"}, []string{"missing_data", "buyers_leave"}, []string{"wrong_audience", "wins_unexplained"})
	after := auditOf("2025-07-31", 60, []string{"duplicates", "buyers_leave", "wrong_audience"}, []string{"icp_age", "missing_data"}, []string{"fit_fades", "wins_unexplained"})
	got := trend(before, after)
	for _, x := range []struct {
		name      string
		got, want []string
	}{
		{"repaid", got.Repaid, []string{"icp_age"}},
		{"still", got.Still, []string{"duplicates"}},
		{"new", got.New, []string{"buyers_leave"}},
		{"found", got.Found, []string{"wrong_audience"}},
		{"lost", got.Lost, []string{"fit_fades"}},
	} {
		if !slices.Equal(x.got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, x.got, x.want)
		}
	}
	// Computable both times: icp_age, duplicates, missing_data, buyers_leave; two of them failed then, two now.
	if *got.SameBefore != 50 || *got.Same != 50 || got.Before != "2025-01-31" {
		t.Errorf("%v then, %v now on the same tests", *got.SameBefore, *got.Same)
	}
	if trend(nil, after) != nil {
		t.Error("a trend of a first audit")
	}
	// The history grows by one audit, up to twelve.
	a := before
	for range 20 {
		next := auditOf("2025-07-31", 60, nil, nil, nil)
		next.Trend = trend(a, next)
		a = next
	}
	if n := len(a.Trend.History); n != mostPoints {
		t.Errorf("%d audits in the history, want %d", n, mostPoints)
	}
	if got = trend(before, auditOf("2025-07-31", 0, nil, nil, []string{"icp_age"})); got.Same != nil {
		t.Error("a score on the same tests without one")
	}
}

func TestSteps(t *testing.T) {
	x := Phase{From: "2025-01-31", To: date(mustDay(t, "2025-01-31"), 6), Steps: make([]Step, 3)}
	x.spread()
	if x.To != "2025-07-31" || x.Steps[0].By != "2025-04-01" || x.Steps[1].By != "2025-05-31" || x.Steps[2].By != x.To {
		t.Errorf("%+v", x)
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{{"2025-06-30", 6, "2025-12-30"}, {"2026-05-31", 6, "2026-11-30"}, {"2023-08-31", 6, "2024-02-29"}, {"2025-11-15", 15, "2027-02-15"}} {
		if got := date(mustDay(t, c.from), c.months); got != c.want {
			t.Errorf("%d months after %s: %s, want %s", c.months, c.from, got, c.want)
		}
	}
}

func mustDay(t *testing.T, text string) int32 {
	t.Helper()
	d, err := day(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Roles and levels as CRMs in two languages have them.
func TestDecides(t *testing.T) {
	for _, c := range []struct {
		role, level string
		want        bool
	}{
		{"decision maker", "", true},
		{"Decision_Maker", "specialist", true},
		{"Décideur", "", true},
		{"BUDGET_HOLDER", "", true},
		{"Executive Sponsor", "", true},
		{"user", "C", false}, // the role goes first
		{"", "VP", true},
		{"", "VP of Sales", true},
		{"", "C-Level", true},
		{"", "Head of IT", true},
		{"", "Directrice", true},
		{"", "manager", false},
		{"", "intern", false},
		{"influencer", "", false},
		{"", "", false},
	} {
		if got := decides(c.role, c.level); got != c.want {
			t.Errorf("role %q, level %q: %t", c.role, c.level, got)
		}
	}
}

// Criteria on both sides of what the data tell.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Criterion
		want string
	}{
		{"many of those favoured", Criterion{Customers: [2]int{150, 150}, Pool: [2]int{2000, 8000}}, confirmed},
		{"few of them", Criterion{Customers: [2]int{20, 280}, Pool: [2]int{2000, 8000}}, contradicted},
		{"as many, shown", Criterion{Customers: [2]int{2000, 8000}, Pool: [2]int{2000, 8000}}, contradicted},
		{"as many, hardly known", Criterion{Customers: [2]int{6, 24}, Pool: [2]int{2000, 8000}}, tooFew},
		{"no customer known", Criterion{Pool: [2]int{2000, 8000}}, tooFew},
		{"nobody favoured", Criterion{Customers: [2]int{0, 300}, Pool: [2]int{0, 8000}}, tooFew},
	} {
		if got, odds := c.c.judge(3); got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got, odds, c.want)
		}
	}
}

func TestOverlap(t *testing.T) {
	// Two targets; the two largest are one target and one of three that tie.
	all := []listed{{size: 9, target: true}, {size: 5, target: true}, {size: 5}, {size: 5}, {size: 1}}
	if got := overlap(all, func(x listed) float64 { return x.size }); got != (1+1./3)/2 {
		t.Errorf("%v, want two thirds", got)
	}
}
