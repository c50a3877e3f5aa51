package report_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/leak"
)

// hostile are texts that harm a reader who takes them for more than text.
var hostile = []string{
	`<script>alert(1)</script>`,
	`=cmd|' /C calc'!A0`,
	"\u202Egnp.exe\u2066 \u200Fabc",
	"\x1b[31mred\x1b[0m\x07\u009b2J",
	`"><svg onload=alert(1)><img src=x onerror=alert(1)>`,
	"a | b \\| c\r\n| x | y |\n# head",
	"`code` ![i](http://evil.test/i.png) [click](javascript:alert(1)) <http://evil.test>",
	"</title></style></script>{{.Name}}${7*7}",
	"&lt;b&gt; &amp; www.evil.test me@evil.test https://evil.test __x__ **y** ~~z~~",
}

// hostileInput is the fixture with text in every place that a CRM fills.
func hostileInput(t *testing.T, text string) report.Input {
	accounts := base()
	for _, row := range accounts[3:5] { // those on the call list; more control characters would pass for a binary file
		row[1] = text
	}
	grades := now()
	for i := range grades {
		if grades[i].fix != "" {
			grades[i].fix = text
		}
		if grades[i].cause != "" {
			grades[i].cause, grades[i].causeFeature = text, text
		}
		for k := range grades[i].reasons {
			grades[i].reasons[k].Value = text
		}
	}
	in := input(t, accounts, grades)
	in.Name = text
	in.Model.Terms[1].Labels = []string{text, text}
	in.Model.Terms[2].Labels = []string{text, text}
	in.Model.Grades.Notes = []string{text}
	in.Evaluation.Warnings = []leak.Warning{{Code: "other", Feature: text, Message: text}}
	in.Audit.Steps[3].Samples = []string{text}
	return in
}

// skeleton writes the elements of a page, with the names of their attributes.
func skeleton(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		b.WriteString("\n" + n.Data)
		for _, a := range n.Attr {
			b.WriteString(" " + a.Key)
		}
	}
	return b.String()
}

// bare reports whether a text has no characters that steer a screen.
func bare(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Bidi_Control) || r == '\u2028' || r == '\u2029'
	})
}

func TestHostileTextsStayText(t *testing.T) {
	_, page, md, _ := build(t, hostileInput(t, "Acme"))
	wantPage, wantMD := skeleton(t, page), markdownTables(md)
	for _, text := range hostile {
		t.Run(fmt.Sprintf("%.12q", text), func(t *testing.T) {
			_, page, md, js := build(t, hostileInput(t, text))
			if diff := cmp.Diff(wantPage, skeleton(t, page)); diff != "" {
				t.Errorf("the page has other elements than with a benign name:\n%s", diff)
			}
			tables := markdownTables(md)
			for i, table := range tables {
				if i >= len(wantMD) || len(table) != len(wantMD[i]) || len(table[0]) != len(wantMD[i][0]) {
					t.Fatalf("table %d of the Markdown has another shape than with a benign name:\n%q", i, table)
				}
			}
			if name := tables[0][1][2]; len(name) < 10 || bare(text) && name != text {
				t.Errorf("the call list shows %q", name)
			}
			if diff := cmp.Diff(htmlTables(t, page), tables); diff != "" {
				t.Errorf("HTML and Markdown differ:\n%s", diff)
			}
			for name, text := range map[string]string{"html": page, "md": md} {
				if !bare(strings.ReplaceAll(text, "\n", "")) {
					t.Errorf("%s holds control characters", name)
				}
			}
			var v any
			if err := json.Unmarshal(js, &v); err != nil {
				t.Fatal(err)
			}
			checkStrings(t, v)
			checkLists(t, hostileInput(t, text))
		})
	}
}

// checkStrings checks every text of a JSON value.
func checkStrings(t *testing.T, v any) {
	switch v := v.(type) {
	case string:
		if !bare(v) {
			t.Errorf("report.json holds %q", v)
		}
	case []any:
		for _, x := range v {
			checkStrings(t, x)
		}
	case map[string]any:
		for key, x := range v {
			checkStrings(t, key)
			checkStrings(t, x)
		}
	}
}

// checkLists checks that no cell of a CSV list starts a formula.
func checkLists(t *testing.T, in report.Input) {
	t.Helper()
	_, files := withLists(t, in)
	for name, content := range files {
		if !strings.HasSuffix(name, ".csv") {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				_, err := strconv.ParseFloat(cell, 64) // a number may start with a minus
				if err != nil && strings.IndexAny(cell, "=+-@") == 0 || !bare(cell) {
					t.Errorf("%s holds the cell %q", name, cell)
				}
			}
		}
	}
}

func TestSimilarCustomersAreNamed(t *testing.T) {
	in := input(t, base(), now())
	in.Customers = writeCustomers(t, base())
	r, page, _, js := build(t, in)
	if got := r.CallList.Accounts[0].Similar; len(got) != 1 || got[0] != "Acme" {
		t.Errorf("similar customers %q", got)
	}
	if row := tableOf(t, page, "Call list")[1]; !strings.HasSuffix(row[4], "Like our customers Acme.") {
		t.Errorf("row %q", row)
	}
	if !regexp.MustCompile(`"similar": \[\s*"Acme"`).Match(js) {
		t.Error("report.json lacks the similar customers")
	}
}
