package compare

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// TestMoveLine writes texts that attack a spreadsheet: each comes back as one
// cell, and none starts a formula.
func TestMoveLine(t *testing.T) {
	points := -3.25
	m := &Move{
		Domain: "a.com", AccountID: "=1+1", Name: `@SUM("x",1)`, Customer: true,
		Before: Stand{Grade: "F", Points: &points, Reasons: []Reason{{"=size", "-5, \"many\"", -1_250_000}, {"b", "c", 4_000_000}}},
		After:  Stand{Grade: Unscored},
	}
	var b bytes.Buffer
	b.WriteString(movesHeader)
	writeMove(&b, m)
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.com", "'=1+1", `'@SUM("x",1)`, "yes", "F", "unscored", "-3.2", "", `'=size: -5, "many" (-1.2)`, "B: c (+4.0)", "", "", "", ""}
	if len(lines) != 2 || !slices.Equal(lines[1], want) {
		t.Errorf("%q, want %q", lines, want)
	}
	if len(lines[0]) != len(want) {
		t.Errorf("a header of %d cells for %d", len(lines[0]), len(want))
	}
}

// TestReasons: the strongest come first, ties in the order of the features; what is
// unknown and carries no points is no reason, what is unknown and carries some is.
func TestReasons(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f"}
	m := &model.Model{}
	batch := &datasets.Batch{Rows: 1}
	s := &model.Scores{Rows: 1}
	for k, name := range names {
		m.Specs = append(m.Specs, features.Spec{Name: name, Kind: features.Flag})
		term := model.Term{}
		term.Feature, term.Kind = name, features.Flag
		m.Terms = append(m.Terms, term)
		batch.Columns = append(batch.Columns, datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Flag}, Flags: []int8{1}})
		s.Contributions = append(s.Contributions, []int32{[]int32{0, -2, 2, 7, 1, -9}[k]})
		s.Unknown = append(s.Unknown, []bool{name == "a" || name == "f"})
	}
	r := newReasons(m)
	r.start(batch)
	want := []Reason{{"f", "unknown", -9}, {"d", "yes", 7}, {"b", "yes", -2}}
	if got := r.of(s, 0); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.Contributions = [][]int32{{0}, {0}, {0}, {0}, {0}, {0}}
	if got := r.of(s, 0); len(got) != 3 || got[0].Feature != "b" {
		t.Errorf("%v: known features without points come in their order", got)
	}
	for k := range s.Unknown {
		s.Unknown[k][0] = true
	}
	if got := r.of(s, 0); got == nil || len(got) != 0 {
		t.Errorf("%v of nothing known", got)
	}
}

// TestTop keeps the farthest, in whatever order they come, in one part or several.
func TestTop(t *testing.T) {
	var moves []Move
	for i := range 200 {
		moves = append(moves, Move{row: int64(i), steps: i%7 - 3, apart: float64(i * 37 % 11)})
	}
	sorted := slices.Clone(moves)
	slices.SortFunc(sorted, func(a, b Move) int { return farther(&a, &b) })
	if first := sorted[0]; max(first.steps, -first.steps) != 3 || first.apart != 10 {
		t.Fatalf("%+v comes first", first)
	}
	var whole top
	parts := make([]top, 3)
	for i := range moves {
		at := i * 77 % len(moves)
		for _, to := range []*top{&whole, &parts[at%3]} {
			if to.takes(&moves[at]) {
				to.add(moves[at])
			}
		}
	}
	var merged top
	for _, p := range parts {
		merged.merge(p)
	}
	same := func(a, b Move) bool { return a.row == b.row }
	if !slices.EqualFunc(whole, sorted[:mostMoves], same) || !slices.EqualFunc(merged, sorted[:mostMoves], same) {
		t.Errorf("%v and %v, want %v", whole, merged, sorted[:mostMoves])
	}
	if list := top(nil).list(); list == nil || len(list) != 0 {
		t.Errorf("an empty list is %v", list)
	}
}

// TestSegmentLabels: texts of a CRM are shown clean, and spellings fold.
func TestSegmentLabels(t *testing.T) {
	term := model.Term{}
	term.Feature, term.Kind, term.Values, term.Labels = "sector", features.Category, []string{"tech", "\x1b[31mred"}, []string{"Tech", "\x1b[31mRed"}
	other := term
	other.Values, other.Labels = []string{"retail", "tech"}, []string{"Retail", "TECH"}
	words := vocabularies(&model.Model{Terms: []model.Term{other}}, &model.Model{Terms: []model.Term{term}})
	if len(words) != 1 || !slices.Equal(words[0].labels, []string{"unknown", "any other", "Tech", "[31mRed", "Retail"}) {
		t.Fatalf("%+v", words)
	}
	for text, want := range map[string]int{" TECH ": 2, "Retail": 4, "Bank": 1} {
		if got := words[0].number(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
	for _, l := range words[0].labels {
		if page.Clean(l) != l || strings.ContainsRune(l, '\x1b') {
			t.Errorf("label %q", l)
		}
	}
}
