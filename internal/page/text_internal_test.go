package page

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Acme", "Acme"},
		{"  Acme \t\r\n S.A. ", "Acme S.A."},
		{"\u202Egnp.exe", "gnp.exe"},
		{"\u2066a\u2069\u200e\u200f\u061c\ufeffb", "ab"},
		{"\x1b[31mred\x07", "[31mred"},
		{"a\u009bb\u0085c", "ab c"},
		{"a\u2028b", "a b"},
		{"\U000E0041tag", "tag"},
		{"نرم\u200cافزار", "نرم\u200cافزار"}, // Persian keeps its joiner
		{"a\xffb", "a\ufffdb"},
		{"", ""},
		{strings.Repeat("é", 120), strings.Repeat("é", 120)},
		{strings.Repeat("é", 121), strings.Repeat("é", 120) + "…"},
	} {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range []string{"=cmd|' /C calc'!A0", "\u202ex", "a|b`c`[d](e)<f>&amp;", "\x00", "＝1", "\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := Clean(s)
		if !utf8.ValidString(c) || utf8.RuneCountInString(c) > maxText+1 || Clean(strings.TrimSuffix(c, "…")) != strings.TrimSuffix(c, "…") {
			t.Errorf("Clean(%q) = %q: not valid, too long, or not stable", s, c)
		}
		if strings.ContainsFunc(c, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) }) {
			t.Errorf("Clean(%q) = %q", s, c)
		}
		if strings.ContainsAny(strings.NewReplacer(`\|`, "", `\\`, "").Replace(markdown(c)), "|<") {
			t.Errorf("markdown(%q) = %q", c, markdown(c))
		}
		if strings.Contains(s, "\r") {
			return // the reader below turns CRLF into LF
		}
		rows, err := csv.NewReader(strings.NewReader(Cell(s) + "\n")).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 1 {
			t.Fatalf("Cell(%q) = %q: %v", s, Cell(s), err)
		}
		got, bareText := rows[0][0], strings.ReplaceAll(s, "\x00", "")
		if got != bareText && got != "'"+bareText {
			t.Errorf("Cell(%q) reads as %q", s, got)
		}
		if r, _ := utf8.DecodeRuneInString(got); got != "" && strings.ContainsRune(formula, r) {
			t.Errorf("Cell(%q) starts a formula", s)
		}
	})
}

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":                 `a\|b`,
		"<script>":            "&lt;script&gt;",
		"[x](javascript:y)":   `\[x\]\(javascript:y\)`,
		"www.evil.test":       `www\.evil.test`,
		"https://evil.test":   `https\://evil.test`,
		"`c` **b** _i_ \\ ~~": "\\`c\\` \\*\\*b\\*\\* \\_i\\_ \\\\ \\~\\~",
		"crm.example":         "crm.example",
	} {
		if got := markdown(in); got != want {
			t.Errorf("markdown(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNoTrustedTypes keeps out the types by which a template takes data for code.
func TestNoTrustedTypes(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, name := range []string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "URL", "Srcset"} {
			if strings.Contains(string(source), "template."+name+"(") {
				t.Errorf("%s uses template.%s", f.Name(), name)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d files looked at", checked)
	}
}
