package parse_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/icpfit/icpfit/features/parse"
)

func ExampleSet() {
	fmt.Printf("%q\n", parse.Set(nil, "React | Node.js|REACT|n/a||PostgreSQL", "|"))
	fmt.Printf("%q\n", parse.Words(nil, "Payments for the smallest shops, and for payments"))
	// Output:
	// ["React" "Node.js" "PostgreSQL"]
	// ["payments" "smallest" "shops"]
}

func TestCategory(t *testing.T) {
	for _, tt := range []struct {
		cell, want string
		status     parse.Status
	}{
		{"Fintech", "Fintech", parse.OK},
		{"  Real  Estate\tand\u00a0Construction ", "Real Estate and Construction", parse.OK},
		{"B2B -> Productivity", "B2B -> Productivity", parse.OK},
		{"\u202eFin\u200btech\u0007", "Fintech", parse.OK},
		{"e\u0301nergie", "énergie", parse.OK},
		{"A\xffB", "AB", parse.OK},
		{"Saa\u00adS", "SaaS", parse.OK},
		{"None", "None", parse.OK},
		{"a\r\nb", "a b", parse.OK},
		{"0", "0", parse.OK},
		{"女", "女", parse.OK},
		{"", "", parse.Missing},
		{" \t", "", parse.Missing},
		{"Select", "", parse.Missing},
		{"\u200b\u202e", "", parse.Missing},
		{"\x00\x01", "", parse.Missing},
		{"\xff", "", parse.Missing},
	} {
		if got, status := parse.Category(tt.cell); got != tt.want || status != tt.status {
			t.Errorf("Category(%q) = %q, %v, want %q, %v", tt.cell, got, status, tt.want, tt.status)
		}
	}
}

func TestFold(t *testing.T) {
	for want, cells := range map[string][]string{
		"fintech":     {"fintech", "Fintech", " FINTECH ", "Fin\u200btech"},
		"real estate": {"real estate", "Real  Estate"},
		"énergie":     {"énergie", "Énergie", "E\u0301NERGIE"},
		"σ":           {"Σ", "σ", "ς"},
		"k":           {"K", "k", "\u212a"},
		"":            {"", " "},
	} {
		for _, cell := range cells {
			if got := parse.Fold(cell); got != want {
				t.Errorf("Fold(%q) = %q, want %q", cell, got, want)
			}
		}
	}
	if parse.Fold("é") == parse.Fold("e") {
		t.Error("Fold takes é for e")
	}
}

func TestSet(t *testing.T) {
	for _, tt := range []struct {
		cell, separator string
		want            []string
	}{
		{"a|b|c", "|", []string{"a", "b", "c"}},
		{"a|b", "", []string{"a", "b"}},
		{"a; b ;A;", ";", []string{"a", "b"}},
		{"a, b|c", ",", []string{"a", "b|c"}},
		{"a::b", "::", []string{"a", "b"}},
		{"Énergie|énergie|ENERGIE", "|", []string{"Énergie", "ENERGIE"}},
		{"|-|n/a|", "|", nil},
		{"", "|", nil},
		{"None", "|", nil},
		{"[]", "|", nil},
		{"aucun", "|", nil},
		{"Ruby on Rails|Go", "|", []string{"Ruby on Rails", "Go"}},
	} {
		got := parse.Set([]string{"kept"}, tt.cell, tt.separator)
		if want := append([]string{"kept"}, tt.want...); !slices.Equal(got, want) {
			t.Errorf("Set(%q, %q) = %q, want %q", tt.cell, tt.separator, got, want)
		}
	}
}

// Beyond a number of items duplicates are found by an index, not by comparing.
func TestManyItems(t *testing.T) {
	var items []string
	for i := range 200 {
		items = append(items, "Item"+strconv.Itoa(i))
	}
	text := strings.Join(items, "|")
	if got := parse.Set(nil, text+"|"+strings.ToUpper(text)+"|"+text, "|"); !slices.Equal(got, items) {
		t.Errorf("Set of 200 items thrice has %d", len(got))
	}
	if got := parse.Words(nil, strings.Repeat(strings.Join(items, " ")+" ", 3)); len(got) != 200 {
		t.Errorf("Words of 200 words thrice has %d", len(got))
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"Payments for the smallest shops", []string{"payments", "smallest", "shops"}},
		{"Logiciel de paie pour les PME, et plus", []string{"logiciel", "paie", "pme"}},
		{"AI agents, AI-native: B2B & SaaS (2024)!", []string{"ai", "agents", "native", "b2b", "saas", "2024"}},
		{"L'énergie d'E\u0301tat", []string{"énergie", "état"}},
		{"a b c " + strings.Repeat("x", 41) + " " + strings.Repeat("y", 40), []string{strings.Repeat("y", 40)}},
		{"é ö", nil},
		{"日本 語", []string{"日本"}},
		{"🧡 health\xff care", []string{"health", "care"}},
	} {
		if got := parse.Words(nil, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("Words(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, tt := range []struct {
		cell, want string
		status     parse.Status
	}{
		{"5112", "5112", parse.OK},
		{"5112 - Software", "5112", parse.OK},
		{"0111", "0111", parse.OK},
		{" 541511 ", "541511", parse.OK},
		{"SIC 7372", "7372", parse.OK},
		{"NAICS: 511210", "511210", parse.OK},
		{"SIC Code #7372", "7372", parse.OK},
		{"62.01Z", "6201Z", parse.OK},
		{"6201z", "6201Z", parse.OK},
		{"62.01", "6201", parse.OK},
		{"5112.0", "5112", parse.OK},
		{"31-33", "31-33", parse.OK},
		{"31-33 Manufacturing", "31-33", parse.OK},
		{"62 Programmation", "62", parse.OK},
		{"5112-Software", "5112", parse.OK},
		{"7372,7373", "7372", parse.OK},
		{"", "", parse.Missing},
		{"n/a", "", parse.Missing},
		{"None", "", parse.Missing},
		{"0", "", parse.Missing},
		{"0000", "", parse.Missing},
		{"Software", "", parse.Unreadable},
		{"123456789", "", parse.Unreadable},
		{"5112.5", "", parse.Unreadable},
		{"37a6259cc0c1", "", parse.Unreadable},
		{"SIC", "", parse.Unreadable},
		{"-12", "", parse.Unreadable},
		{"511ZZ", "", parse.Unreadable},
	} {
		if got, status := parse.Code(tt.cell); got != tt.want || status != tt.status {
			t.Errorf("Code(%q) = %q, %v, want %q, %v", tt.cell, got, status, tt.want, tt.status)
		}
	}
}

// Every filled cell of these columns has a category, and the same one when it
// is read again.
func TestTextOnPublicData(t *testing.T) {
	for _, column := range []string{"sector_raw", "tags", "technologies", "description"} {
		for _, cell := range publicColumn(t, "icp-hackerone/accounts.csv", column) {
			category, status := parse.Category(cell)
			if (status == parse.OK) != (cell != "") && !parse.IsMissing(cell) {
				t.Errorf("%s: Category(%q) = %q, %v", column, cell, category, status)
			}
			if again, _ := parse.Category(category); again != category {
				t.Errorf("%s: Category(%q) = %q, then %q", column, cell, category, again)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, cell := range append([]string{"Fintech", "a|b|A", "Énergie|é", "5112 - x", "62.01Z", "31-33"}, hostile...) {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		category, status := parse.Category(cell)
		if (status == parse.OK) != (category != "") || status == parse.Unreadable || !utf8.ValidString(category) {
			t.Fatalf("Category(%q) = %q, %v", cell, category, status)
		}
		if again, s := parse.Category(category); again != category || s != status {
			t.Fatalf("Category(%q) = %q, then %q, %v", cell, category, again, s)
		}
		key := parse.Fold(cell)
		if parse.Fold(key) != key || status == parse.OK && parse.Fold(category) != key {
			t.Fatalf("Fold(%q) = %q, then %q; of its category %q", cell, key, parse.Fold(key), parse.Fold(category))
		}
		seen := make(map[string]bool)
		for _, item := range parse.Set(nil, cell, "|") {
			if seen[parse.Fold(item)] || item == "" {
				t.Fatalf("Set(%q) holds %q twice", cell, item)
			}
			seen[parse.Fold(item)] = true
		}
		for _, word := range parse.Words(nil, cell) {
			if len(word) < 2 || strings.ToLower(word) != word || strings.ContainsAny(word, " ,|") {
				t.Fatalf("Words(%q) holds %q", cell, word)
			}
		}
		if code, status := parse.Code(cell); (status == parse.OK) != (code != "") || len(code) > 9 {
			t.Fatalf("Code(%q) = %q, %v", cell, code, status)
		}
		parse.IsMissing(cell)
	})
}
