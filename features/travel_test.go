package features_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
)

// dated returns the audit of a base of n customers won on 2024-03-01, with a
// feature whose date is that of the row.
func dated(t *testing.T, n int, won, seen func(i int) string) *features.Audit {
	t.Helper()
	base := memory{header: []string{"d", "seen"}, step: 64}
	var rows [][]string
	for i := range n {
		domain := fmt.Sprintf("c%d.com", i)
		base.rows = append(base.rows, []string{domain, seen(i)})
		rows = append(rows, []string{domain, "", won(i), ""})
	}
	base.rows = append(base.rows, []string{"pool.com", "2024-05-01"})
	customers, err := load(t, rows...)
	if err != nil {
		t.Fatal(err)
	}
	audit, err := features.Scan(t.Context(), features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("seen", features.Date)}, Customers: customers, AsOf: day, Lag: 30})
	if err != nil {
		t.Fatal(err)
	}
	return audit
}

func always(text string) func(int) string { return func(int) string { return text } }

// TestTimeTravel checks which dates refuse: of features more than 1 % of the
// dated customers, of sales later than the table any.
func TestTimeTravel(t *testing.T) {
	first := func(n int, yes, no string) func(int) string {
		return func(i int) string {
			if i < n {
				return yes
			}
			return no
		}
	}
	for _, tt := range []struct {
		name      string
		won, seen func(int) string
		travels   int
		refuses   string // "": not
	}{
		{"dates before the sale", always("2024-03-01"), always("2024-02-01"), 0, ""},
		{"on the day of the sale", always("2024-03-01"), always("2024-03-01"), 0, ""},
		{"no sale is dated", always(""), always("2024-03-02"), 0, ""},
		{"1 % of the rows", always("2024-03-01"), first(2, "2024-03-02", "2024-02-01"), 1, ""},
		{"more", always("2024-03-01"), first(3, "2024-03-02", "2024-02-01"), 1, `seen of 3 of 200 customers is dated after the day they were won: line 2: c0.com 2024-03-02, won 2024-03-01; line 3: c1.com`},
		{"a sale later than the table", first(1, "2099-01-01", "2024-03-01"), always("2024-02-01"), 1, `1 of 200 customers are won after ` + features.DayString(day) + `, the day after which nothing may be known: line 2: c0.com won 2099-01-01`},
		{"a sale on its day", first(1, features.DayString(day), "2024-03-01"), always("2024-02-01"), 0, ""},
	} {
		travels := features.Travels(dated(t, 200, tt.won, tt.seen), nil)
		if len(travels) != tt.travels {
			t.Errorf("%s: %+v, want %d", tt.name, travels, tt.travels)
		}
		err := features.CheckTime(travels)
		var gate *features.GateError
		switch {
		case tt.refuses == "" && err != nil:
			t.Errorf("%s: refused: %v", tt.name, err)
		case tt.refuses != "" && (!errors.As(err, &gate) || gate.Code != features.TimeTravel || !strings.Contains(err.Error(), tt.refuses) || !strings.HasPrefix(err.Error(), "time travel: ")):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.refuses)
		}
	}
}

// TestTimeTravelOfSignals checks that what is not learned from is listed and
// does not refuse.
func TestTimeTravelOfSignals(t *testing.T) {
	audit := dated(t, 100, always("2024-03-01"), always("2024-04-01"))
	travels := features.Travels(audit, func(string) bool { return false })
	if len(travels) != 1 || travels[0].Count != 100 || travels[0].Of != 100 || features.CheckTime(travels) != nil {
		t.Errorf("%+v, want one that does not refuse", travels)
	}
	if len(audit.Features[0].LateCells) != 10 {
		t.Errorf("%d rows kept, want 10", len(audit.Features[0].LateCells))
	}
}
