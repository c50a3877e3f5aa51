package parse_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features/parse"
)

func TestStatusNames(t *testing.T) {
	want := map[parse.Status]string{parse.OK: "ok", parse.Missing: "missing", parse.Unreadable: "unreadable", 3: "status(3)"}
	for status, name := range want {
		if got := status.String(); got != name {
			t.Errorf("Status(%d) is %q, want %q", status, got, name)
		}
	}
}

func TestNames(t *testing.T) {
	want := "number range money percent year date flag country text code set words"
	if got := strings.Join(parse.Names, " "); got != want {
		t.Errorf("Names = %s, want %s", got, want)
	}
}

func TestIsMissing(t *testing.T) {
	for _, s := range []string{
		"", " ", "\t\r\n", "\u00a0", "\ufeff", "-", "--", "—", "n/a", "N/A", "NA", "n.a.", "#N/A", "#REF!", "null", "NULL", "(null)", `\N`, "nan", "NaN", "undefined",
		"Select", "-- Select --", "--None--", "?", "???", "unknown", "Unknown", "UNKNOWN ", "(blank)", "Unspecified", "tbd", "not available", "...",
		"Non renseigné", "NON RENSEIGNÉ", "non renseigne", "inconnu", "Inconnue", "S.O.", "à compléter", "_",
	} {
		if !parse.IsMissing(s) {
			t.Errorf("IsMissing(%q) = false", s)
		}
	}
	for _, s := range []string{"0", "none", "None", "no", "x", "Nantes", "Selected", "null island", "0 - unknown", "-1", "Unknown Ltd", "\U0001f600", strings.Repeat("-", 99)} {
		if parse.IsMissing(s) {
			t.Errorf("IsMissing(%q) = true", s)
		}
	}
}

// publicColumn returns a column of a file of public data beside the repository,
// and skips the test where it is absent.
func publicColumn(t testing.TB, file, column string) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", file))
	if err != nil {
		t.Skipf("public data is absent: %v", err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for i, name := range rows[0] {
		if name == column {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("%s: no column %q", file, column)
	}
	cells := make([]string, 0, len(rows))
	for _, row := range rows[1:] {
		cells = append(cells, row[at])
	}
	return cells
}

// hostile are cells that no parser may stumble over.
var hostile = []string{
	"\x00", "\xff\xfe", "\u202e123", strings.Repeat("9", 400), strings.Repeat("1,", 500), "1e999999999", "-1e-999999999", "1" + strings.Repeat("0", 320),
	strings.Repeat("(", 300), "1-2-3-4-5", "=1+1", "0x1F", "1..2", ".", ".,", "1,,2", "--5", "5--", "$", "€", "%", "k", "e5", "1e", "1e+", "١٢٣", "１２３", "½", "99:99:99",
	"\u0301", "2020-13-45", "31/31/31", "2020-02-30", "+", "-", "Infinity", "-inf", "1_000", "a,b,c", ",", ",,", " , ", "🇫🇷", "İstanbul", "ﬀ", "\u1e9e", "\ufb03",
}

// Plain cells must not allocate: columns have millions of them.
func TestPlainCellsDoNotAllocate(t *testing.T) {
	set := make([]string, 0, 8)
	for name, f := range map[string]func(){
		"number":   func() { parse.Number("1200.5") },
		"range":    func() { parse.Number("51-200 employees") },
		"money":    func() { parse.Number("$5 million") },
		"French":   func() { parse.Number("1\u202f200,5 k€") },
		"missing":  func() { parse.Number("n/a") },
		"year":     func() { parse.Year("1998") },
		"date":     func() { parse.Date("2006-04-15T03:23:15.000Z") },
		"French d": func() { parse.Date("15 février 2006") },
		"flag":     func() { parse.Flag("Yes") },
		"country":  func() { parse.Country("United States of America") },
		"accents":  func() { parse.Country("États-Unis") },
		"place":    func() { parse.Country("Krakow, Poland / Remote") },
		"category": func() { parse.Category("Information Technology") },
		"set":      func() { set = parse.Set(set[:0], "React|Node.js|PostgreSQL", "|") },
		"words":    func() { set = parse.Words(set[:0], "payments for small shops") },
		"code":     func() { parse.Code("5112 - Software") },
	} {
		f() // builds tables
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations, want 0", name, n)
		}
	}
}

// A huge cell must cost time in proportion to its size: a few milliseconds. Two
// seconds are far from that, and close to what a cost by the square would take.
func TestHugeCells(t *testing.T) {
	parsers := map[string]func(string){
		"Number": func(s string) { parse.Number(s) }, "Year": func(s string) { parse.Year(s) }, "Date": func(s string) { parse.Date(s) }, "Flag": func(s string) { parse.Flag(s) },
		"Country": func(s string) { parse.Country(s) }, "Countries": func(s string) { parse.Countries(nil, s) }, "Category": func(s string) { parse.Category(s) },
		"Set": func(s string) { parse.Set(nil, s, "|") }, "Words": func(s string) { parse.Words(nil, s) }, "Code": func(s string) { parse.Code(s) },
	}
	for _, piece := range []string{"as of 2000 ", "a1", "1,", "1 ", "-", "a|", "(", "1-", "é", "us|", "London, ", "\u202e", "1.", "$", "https://", "x@", "\xff", "e\u0301"} {
		cell := strings.Repeat(piece, (1<<18)/len(piece)) + "5"
		for name, read := range parsers {
			start := time.Now()
			read(cell)
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("%s of %d times %q took %v", name, len(cell)/len(piece), piece, took)
			}
		}
	}
}
