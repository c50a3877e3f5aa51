package features_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// TestCells gives each kind and parser cells as people type them. What a cell
// means is stated by the documentation of the kinds and of package parse.
func TestCells(t *testing.T) {
	for _, tt := range []struct {
		kind                       features.Kind
		parser                     string
		cells, want                []string
		parsed, unreadable, future int64
	}{
		{features.Number, "", []string{"~100", "1,200", "$5 million", "-", "0", "many", "1 200,5"}, []string{"100", "1200", "5e+06", ".", "0", ".", "1200.5"}, 5, 1, 0},
		{features.Number, "year", []string{"1998", "founded in 2003", "12", ""}, []string{"1998", "2003", ".", "."}, 2, 1, 0},
		{features.Category, "", []string{" Software ", "Select", "software", "None"}, []string{"Software", ".", "software", "None"}, 3, 0, 0},
		{features.Category, "country", []string{"Allemagne", "us", "Atlantis"}, []string{"DE", "US", "."}, 2, 1, 0},
		{features.Category, "code", []string{"0111", "5112 - Software", "words"}, []string{"0111", "5112", "."}, 2, 1, 0},
		{features.Set, "", []string{"a|b| A|", "None", "", "n/a|-", "c"}, []string{"[a b]", "[]", ".", ".", "[c]"}, 3, 0, 0},
		{features.Set, "code", []string{"5112|0111", "x|y", "0111|x"}, []string{"[5112 0111]", ".", "[0111]"}, 2, 1, 0},
		{features.Set, "country", []string{"gb|ie", "nowhere at all"}, []string{"[GB IE]", "."}, 1, 1, 0},
		{features.Flag, "", []string{"yes", "Non", "", "perhaps"}, []string{"1", "0", ".", "."}, 2, 1, 0},
		{features.Date, "", []string{"2026-01-31", "2026-02-01", "31/12/2025", "soon", ""}, []string{"2026-01-31", ".", "2025-12-31", ".", "."}, 3, 1, 1},
		{features.Words, "", []string{"Cloud, cloud and data", "...", ""}, []string{"[cloud data]", ".", "."}, 1, 0, 0},
	} {
		t.Run(string(tt.kind)+" "+tt.parser, func(t *testing.T) {
			base := memory{header: []string{"d", "x"}, step: 2}
			for i, cell := range tt.cells {
				base.rows = append(base.rows, []string{domainNo(i), cell})
			}
			s := spec("x", tt.kind)
			s.Parser = tt.parser
			got := build(t, features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{s}, AsOf: day})
			if diff := cmp.Diff(tt.want, show(t, got.accounts, "x")); diff != "" {
				t.Error(diff)
			}
			f := got.audit.Features[0]
			if f.Parsed != tt.parsed || f.Unreadable != tt.unreadable || f.Future != tt.future || f.Filled != tt.parsed+tt.unreadable || int64(len(f.Samples)) != tt.unreadable {
				t.Errorf("audit says %+v", f)
			}
		})
	}
}

// TestEmptyIsNone checks a set whose source writes none as an empty cell.
func TestEmptyIsNone(t *testing.T) {
	s := spec("x", features.Set)
	s.Empty = "none"
	base := memory{header: []string{"d", "x"}, step: 2, rows: [][]string{{"a.com", "a|b"}, {"b.com", ""}, {"c.com", " "}, {"d.com", "n/a"}, {"e.com", "none"}}}
	got := build(t, features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{s}, AsOf: day})
	if diff := cmp.Diff([]string{"[a b]", "[]", "[]", ".", "[]"}, show(t, got.accounts, "x")); diff != "" {
		t.Error(diff)
	}
	if f := got.audit.Features[0]; f.Parsed != 4 {
		t.Errorf("audit says %+v, want 4 cells parsed", f)
	}

	tech := datasets.Column{Field: datasets.Field{Name: "x", Type: datasets.Set}, Dictionary: []string{"Go"}, Codes: []int32{0}, Offsets: []int32{0, 1, 1, 1}, Null: []bool{false, false, true}}
	got = build(t, features.Input{Accounts: typed{[]datasets.Column{text("d", "a.com", "b.com", "c.com"), tech}}, Domain: "d", Specs: []features.Spec{s}, AsOf: day})
	if diff := cmp.Diff([]string{"[Go]", "[]", "[]"}, show(t, got.accounts, "x")); diff != "" {
		t.Error(diff)
	}
}

func TestMonthFirstDates(t *testing.T) {
	// 12/31/2025 can only be month first, so 02/03/2025 is 3 February.
	base := memory{header: []string{"d", "x"}, step: 1, rows: [][]string{{"a.com", "02/03/2025"}, {"b.com", "12/31/2025"}}}
	got := build(t, features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{spec("x", features.Date)}, AsOf: day})
	if diff := cmp.Diff([]string{"2025-02-03", "2025-12-31"}, show(t, got.accounts, "x")); diff != "" {
		t.Error(diff)
	}
}

func TestTypedSource(t *testing.T) {
	column := func(name string, kind datasets.Type) datasets.Column {
		return datasets.Column{Field: datasets.Field{Name: name, Type: kind}}
	}
	number, whole, flag := column("number", datasets.Number), column("whole", datasets.Integer), column("flag", datasets.Flag)
	date, sector, tech := column("date", datasets.Date), column("sector", datasets.Category), column("tech", datasets.Set)
	number.Numbers = []float64{1.5, math.NaN(), math.Inf(1)}
	whole.Integers, whole.Null = []int64{7372, 0, 9}, []bool{false, true, false}
	flag.Flags = []int8{1, 0, -1}
	date.Days = []int32{day, datasets.MissingDay, day + 1}
	sector.Dictionary, sector.Codes = []string{"SaaS", "n/a"}, []int32{0, 1, -1}
	tech.Dictionary, tech.Codes, tech.Offsets, tech.Null = []string{"Go", " go", "-"}, []int32{0, 2}, []int32{0, 2, 2, 2}, []bool{false, false, true}
	base := typed{[]datasets.Column{text("d", "a.com", "b.com", "c.com"), number, whole, flag, date, sector, tech}}

	as := func(name, column string, kind features.Kind) features.Spec {
		s := spec(name, kind)
		s.Column = column
		return s
	}
	got := build(t, features.Input{Accounts: base, Domain: "d", AsOf: day, Specs: []features.Spec{
		as("n", "number", features.Number), as("w", "whole", features.Number), as("code", "whole", features.Category), as("f", "flag", features.Flag),
		as("day", "date", features.Date), as("s", "sector", features.Category), as("t", "tech", features.Set), as("words", "tech", features.Words),
	}})
	want := []string{
		"1.5 7372 7372 1 2026-01-31 SaaS [Go] [Go]",
		". . . 0 . . [] []",
		". 9 9 . . . . .",
	}
	if diff := cmp.Diff(want, show(t, got.accounts, "n", "w", "code", "f", "day", "s", "t", "words")); diff != "" {
		t.Error(diff)
	}
	if f := got.audit.Features[4]; f.Future != 1 || f.Filled != 2 {
		t.Errorf("dates: %+v", f)
	}

	for kind, of := range map[features.Kind]string{features.Number: "tech", features.Category: "date", features.Flag: "date", features.Date: "number", features.Set: "number", features.Words: "flag"} {
		_, err := features.Scan(t.Context(), features.Input{Accounts: base, Domain: "d", Specs: []features.Spec{as("x", of, kind)}})
		if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), `"`+of+`"`) || !strings.Contains(err.Error(), string(kind)) {
			t.Errorf("%s from %s: %v", kind, of, err)
		}
	}
}

// TestLongAndHostileCells checks that a cell which is no name is cut between two
// letters, and that samples can be shown.
func TestLongAndHostileCells(t *testing.T) {
	long := strings.Repeat("é", 700) // 1,400 bytes
	base := memory{header: []string{"d", "name", "c", "n"}, step: 1, rows: [][]string{
		{"a.com", "x" + long, "x" + long, "\x1bred\u202e"}, {"b.com", "", "", strings.Repeat("w", 200)},
	}}
	got := build(t, features.Input{
		Accounts: base, Domain: "d", Name: "name",
		Specs: []features.Spec{spec("c", features.Category), spec("n", features.Number)},
	})
	for _, text := range strings.Fields(show(t, got.accounts, "name", "c")[0]) {
		if len(text) != 999 || !utf8.ValidString(text) {
			t.Errorf("%d bytes, want 999: one letter of one byte and 499 of two", len(text))
		}
	}
	samples := got.audit.Features[1].Samples
	if len(samples) != 2 || strings.ContainsAny(samples[0].Text, "\x1b\u202e") || len(samples[1].Text) > 80 || samples[1].Line != 3 {
		t.Errorf("samples %+v", samples)
	}
}
