package activity_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/activity"
)

// input returns text as the file of a table.
func input(t *testing.T, text string) activity.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := anyfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return activity.Input{Source: src}
}

func set(t *testing.T, base *activity.Base, name, text string) *activity.Set {
	t.Helper()
	s, err := activity.NewSet(base, map[string]activity.Input{name: input(t, text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// small is a base of three accounts.
func small() *activity.Base {
	b := activity.NewBase()
	b.Add("acme.com", "001x0000002xLD0AAM")
	b.Add("bolt.io", "17")
	b.Add("corax.fr", "")
	return b
}

// TestSalesforceOpportunities reads an export of the Data Loader: upper-case API
// names, ids of 18 characters in the deals and 15 in the base.
func TestSalesforceOpportunities(t *testing.T) {
	const text = `"ID","ISDELETED","ACCOUNTID","NAME","STAGENAME","AMOUNT","CLOSEDATE","TYPE","ISCLOSED","ISWON","CREATEDDATE"
"006x0000001YtCrAAK","false","001x0000002xLD0AAM","5000 Widgets","Closed Won","500000.0","2005-11-09","","true","true","2005-06-15T20:47:07.000Z"
"006x0000001YtCsAAK","false","001x0000002xLD0","500 Widgets","Closed Lost","50000.0","2005-11-10","","true","false","2005-06-15T20:47:09.000Z"
"006x0000001YtCtAAK","false","001x0000002xZZZ","Other","Value Proposition","","2005-12-12","","false","false","2005-06-15T20:47:09.000Z"
"006x0000001YtCuAAK","true","001x0000002xLD0","Gone","Closed Won","1","2005-12-12","","true","true","2005-06-15T20:47:09.000Z"
"006x0000001YtCs","false","001x0000002xLD0","again","Closed Lost","50000.0","2005-11-10","","true","false","2005-06-15T20:47:09.000Z"
`
	rows, in, err := activity.All[activity.Opportunity](t.Context(), set(t, small(), "opportunities", text))
	if err != nil {
		t.Fatal(err)
	}
	if in.Rows != 5 || in.Read != 3 || in.Deleted != 1 || in.Repeated != 1 || in.Unjoined != 1 {
		t.Errorf("intake %+v", in)
	}
	want := []string{"acme.com won 500000 2005-11-09", "acme.com lost 50000 2005-11-10", " open NaN 2005-12-12"}
	for i, o := range rows {
		if got := fmt.Sprint(o.Domain, " ", o.Outcome, " ", o.Amount, " ", o.ClosedAt); got != want[i] {
			t.Errorf("row %d is %q, want %q", i, got, want[i])
		}
	}
	if rows[0].CreatedAt != 1118868427 { // date -u -d 2005-06-15T20:47:07Z +%s
		t.Errorf("created at %d", rows[0].CreatedAt)
	}
	if n := in.Needs("created_at", "closed_at", "won", "amount"); n != nil {
		t.Errorf("needs %v", n)
	}
	if got := in.Needs("type", "margin", "amount").String(); got != "needs opportunities.type, opportunities.margin" {
		t.Errorf("%q: a column without a value, and one that is not there", got)
	}
}

// TestHubSpotDeals: labels of the screen's export, the outcome told from the stage.
func TestHubSpotDeals(t *testing.T) {
	const text = "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Associated Company IDs\n" +
		"1,a,Closed Won,2024-03-01 10:00,2024-01-01 09:30,\"$1,200\",17;18\n" +
		"2,b,closedlost,2024-03-02,2024-01-02,80,17\n" +
		"3,c,Fermé gagné,2024-03-03,2024-01-03,,99\n" +
		"4,d,Presentation,,2024-01-04,soon,17\n"
	rows, in, err := activity.All[activity.Opportunity](t.Context(), set(t, small(), "opportunities", text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range rows {
		got = append(got, fmt.Sprint(o.Domain, "/", o.Outcome, "/", o.Amount, "/", o.ClosedAt))
	}
	want := []string{"bolt.io/won/1200/2024-03-01", "bolt.io/lost/80/2024-03-02", "/won/NaN/2024-03-03", "bolt.io/open/NaN/"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if n := in.Needs("won", "stage"); n != nil {
		t.Errorf("%v, and the stage says who won", n)
	}
	i := slices.IndexFunc(in.Columns, func(c activity.ColumnIntake) bool { return c.Name == "amount" })
	if c := in.Columns[i]; c.Known != 2 || c.Unreadable != 1 || c.Samples[0] != (activity.Sample{Line: 5, Text: "soon"}) {
		t.Errorf("amount: %+v", c)
	}
}

// TestOutcomes: flags go before the stage, and what does not say how a deal ended
// is not lost.
func TestOutcomes(t *testing.T) {
	for _, tt := range []struct{ header, row, want string }{
		{"won", "yes", "won"},
		{"won", "no", "open"},
		{"won", "", ""},
		{"won,closed", "no,yes", "lost"},
		{"won,closed", "no,no", "open"},
		{"won,closed", ",yes", ""},
		{"stage,closed", "Shelved,yes", ""},
		{"stage,closed", "Closed Lost,yes", "lost"},
		{"stage", "CLOSED-WON", "won"},
		{"stage", "Gagnée", "won"},
		{"stage", "Perdu", "lost"},
		{"stage", "Negotiation", "open"},
		{"stage,won", "Closed Won,no", "open"},
		{"stage,won", "Closed Lost,no", "lost"},
		{"amount", "7", ""},
	} {
		rows, _, err := activity.All[activity.Opportunity](t.Context(), set(t, nil, "opportunities", "domain,"+tt.header+"\nacme.com,"+tt.row+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || string(rows[0].Outcome) != tt.want {
			t.Errorf("%s = %s: %+v, want %q", tt.header, tt.row, rows, tt.want)
		}
	}
}

// TestJoin: a website, an address and a domain lead to the account; a free-mail
// address, another company and nothing do not.
func TestJoin(t *testing.T) {
	const text = "email,account_id,created_at\n" +
		"Ann <ann@acme.com>,,2024-01-01\n" +
		"https://www.Acme.com/fr,,2024-01-01\n" +
		"ann@gmail.com,,2024-01-01\n" +
		"ann@gmail.com,17,2024-01-01\n" +
		"elsewhere.com,,2024-01-01\n" +
		",,2024-01-01\n" +
		"not a domain,,2024-01-01\n"
	rows, in, err := activity.All[activity.Lead](t.Context(), set(t, small(), "leads", text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range rows {
		got = append(got, l.Domain)
	}
	if want := []string{"acme.com", "acme.com", "", "bolt.io", "", "", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if in.Unjoined != 4 || len(in.Strays) != 4 || in.Strays[1] != (activity.Sample{Line: 6, Text: "elsewhere.com"}) {
		t.Errorf("%d unjoined: %+v", in.Unjoined, in.Strays)
	}
	if strings.Contains(fmt.Sprintf("%+v", rows), "ann") {
		t.Error("a person's address was kept")
	}
}

// TestAbsent: no table, no rows, and every figure says what it needs.
func TestAbsent(t *testing.T) {
	s, err := activity.NewSet(small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, in, err := activity.All[activity.Release](t.Context(), s)
	if err != nil || rows != nil || in.Present() || s.Has("releases") {
		t.Errorf("%v, %+v, %v", rows, in, err)
	}
	if got := in.Needs("date").String(); got != "needs releases.date" {
		t.Errorf("%q", got)
	}
	if _, err := activity.NewSet(nil, map[string]activity.Input{"deals": {}}); err == nil {
		t.Error("a table that is none was taken")
	}
	defer func() {
		if recover() == nil {
			t.Error("a column that is none was asked for, and nobody noticed")
		}
	}()
	in.Needs("data")
}

// TestColumns: named headers, and what is said where one lacks.
func TestColumns(t *testing.T) {
	in := input(t, "Firma,Wert,Ende\nacme.com,3,2024-01-31\n")
	in.Columns = map[string]string{"domain": "Firma", "amount": "Wert", "closed_at": "Ende"}
	s, err := activity.NewSet(small(), map[string]activity.Input{"opportunities": in})
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := activity.All[activity.Opportunity](t.Context(), s)
	if err != nil || len(rows) != 1 || rows[0].Domain != "acme.com" || rows[0].Amount != 3 || rows[0].ClosedAt.String() != "2024-01-31" {
		t.Errorf("%+v, %v", rows, err)
	}
	in.Columns["amount"] = "wert"
	for name, want := range map[string]string{"opportunities": `no column "wert" for opportunities.amount`, "signals": `no column "kind" for signals (or name another under tables.signals.columns)`} {
		s, err := activity.NewSet(small(), map[string]activity.Input{name: in})
		if err != nil {
			t.Fatal(err)
		}
		var missing *features.ColumnError
		if name == "signals" {
			_, _, err = activity.All[activity.Signal](t.Context(), s)
		} else {
			_, _, err = activity.All[activity.Opportunity](t.Context(), s)
		}
		if !errors.As(err, &missing) || !strings.Contains(err.Error(), want) || !errors.Is(err, datasets.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err = activity.All[activity.Opportunity](t.Context(), set(t, small(), "opportunities", "amount\n3\n"))
	if err == nil || !strings.Contains(err.Error(), `no column "domain" for opportunities, nor account_id`) {
		t.Errorf("no account: %v", err)
	}
}

// TestBadRows: a row without what makes it mean anything is counted, not read.
func TestBadRows(t *testing.T) {
	const text = "domain,verdict,reason\nacme.com,Rejected,too small\nbolt.io,maybe,\ncorax.fr,,\n,poor,\nacme.com,GAGNÉ,\n"
	rows, in, err := activity.All[activity.Feedback](t.Context(), set(t, small(), "feedback", text))
	if err != nil || len(rows) != 3 || rows[0].Verdict != activity.Rejected || rows[0].Reason != "too small" || rows[2].Verdict != activity.SaidWon {
		t.Errorf("%+v, %v", rows, err)
	}
	if in.Rows != 5 || in.Read != 3 || in.Bad != 2 {
		t.Errorf("%+v", in)
	}
}

// TestPeople: contacts are counts.
func TestPeople(t *testing.T) {
	_, _, err := activity.All[activity.Contacts](t.Context(), set(t, small(), "contacts", "domain,First Name,count\nacme.com,Ann,1\n"))
	if err == nil || !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), `column "First Name" is about single persons; want counts`) {
		t.Error(err)
	}
}

// TestKinds: every table is found by its name, every column has a kind and says
// what it holds.
func TestKinds(t *testing.T) {
	for _, table := range activity.Tables {
		found, ok := activity.Lookup(table.Name)
		if !ok || found.Name != table.Name || table.Doc == "" {
			t.Errorf("%s", table.Name)
		}
		names := map[string]bool{}
		for _, c := range table.Columns {
			if !slices.Contains(activity.Kinds, c.Kind) || c.Doc == "" || names[c.Name] {
				t.Errorf("%s.%s: %+v", table.Name, c.Name, c)
			}
			names[c.Name] = true
		}
	}
}

// TestEveryTable reads a row of every table, whose columns are all named as they
// are here, so that no record forgets a column or asks for one that is none.
func TestEveryTable(t *testing.T) {
	cell := map[activity.Kind]string{activity.Domain: "acme.com", activity.ID: "7", activity.Text: "word", activity.Instant: "2024-02-29", activity.Number: "3", activity.Flag: "no"}
	for _, table := range activity.Tables {
		var header, row []string
		for _, c := range table.Columns {
			value := cell[c.Kind]
			if c.Name == "verdict" {
				value = "won"
			}
			header, row = append(header, c.Name), append(row, value)
		}
		s := set(t, nil, table.Name, strings.Join(header, ",")+"\n"+strings.Join(row, ",")+"\n")
		in, text := readAny(t, s, table.Name)
		if in.Read != 1 || len(in.Columns) != len(table.Columns) {
			t.Errorf("%s: %+v", table.Name, in)
		}
		for _, c := range in.Columns {
			if c.Known != 1 {
				t.Errorf("%s.%s is not read", table.Name, c.Name)
			}
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, fmt.Sprint(int64(activity.Unknown))) {
			t.Errorf("%s: %s", table.Name, text)
		}
	}
}

// readAny reads a table by its name.
func readAny(t *testing.T, s *activity.Set, name string) (in *activity.Intake, text string) {
	t.Helper()
	var err error
	var rows any
	switch name {
	case "signals":
		rows, in, err = wrap(activity.All[activity.Signal](t.Context(), s))
	case "opportunities":
		rows, in, err = wrap(activity.All[activity.Opportunity](t.Context(), s))
	case "leads":
		rows, in, err = wrap(activity.All[activity.Lead](t.Context(), s))
	case "touches":
		rows, in, err = wrap(activity.All[activity.Touch](t.Context(), s))
	case "contacts":
		rows, in, err = wrap(activity.All[activity.Contacts](t.Context(), s))
	case "campaigns":
		rows, in, err = wrap(activity.All[activity.Campaign](t.Context(), s))
	case "costs":
		rows, in, err = wrap(activity.All[activity.Cost](t.Context(), s))
	case "web":
		rows, in, err = wrap(activity.All[activity.Web](t.Context(), s))
	case "health":
		rows, in, err = wrap(activity.All[activity.Health](t.Context(), s))
	case "releases":
		rows, in, err = wrap(activity.All[activity.Release](t.Context(), s))
	case "feedback":
		rows, in, err = wrap(activity.All[activity.Feedback](t.Context(), s))
	}
	if err != nil || in == nil {
		t.Fatalf("%s: %v", name, err)
	}
	return in, fmt.Sprintf("%+v", rows)
}

func wrap[T any](rows []T, in *activity.Intake, err error) (any, *activity.Intake, error) {
	return rows, in, err
}

// TestIDKey: Salesforce's two forms of an id are one. The pair is the first
// record of the Data Loader's own sample.
func TestIDKey(t *testing.T) {
	for cell, want := range map[string]string{
		"006x0000001YtCrAAK": "006x0000001YtCr", "006x0000001YtCr": "006x0000001YtCr",
		"006x0000001YtCrAAA": "006x0000001YtCrAAA", " 17;18": "17", "a|b": "a", ";7": ";7",
	} {
		if got := activity.IDKey(cell); got != want {
			t.Errorf("IDKey(%q) = %q, want %q", cell, got, want)
		}
	}
}

// TestBaseGrows: many accounts, each found again by both of its names.
func TestBaseGrows(t *testing.T) {
	b := activity.NewBase()
	const n = 5000
	for i := range n {
		b.Add(fmt.Sprintf("a%d.com", i), fmt.Sprint(i))
	}
	var text strings.Builder
	text.WriteString("account_id,date\n")
	for i := range n + 5 {
		fmt.Fprintf(&text, "%d,2024-01-01\n", i)
	}
	i := 0
	in, err := activity.Each(t.Context(), set(t, b, "web", text.String()), func(w activity.Web) error {
		if want := fmt.Sprintf("a%d.com", i); i < n && w.Domain != want || i >= n && w.Domain != "" {
			return fmt.Errorf("row %d is of %q", i, w.Domain)
		}
		i++
		return nil
	})
	if err != nil || in.Unjoined != 5 {
		t.Error(err, in)
	}
}

func TestTime(t *testing.T) {
	if activity.Unknown.Known() || activity.Unknown.Day() != datasets.MissingDay || activity.Unknown.String() != "" {
		t.Error("unknown is known")
	}
	for at, day := range map[activity.Time]int32{0: 0, 86399: 0, 86400: 1, -1: -1, -86400: -1, -86401: -2} {
		if at.Day() != day || !at.Known() {
			t.Errorf("%d is day %d, want %d", at, at.Day(), day)
		}
	}
}
