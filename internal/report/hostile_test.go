package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
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
			r, page, md, js := build(t, hostileInput(t, text))
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
			checkCalls(t, r)
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

// checkCalls checks that no cell of calls.csv starts a formula.
func checkCalls(t *testing.T, r *report.Report) {
	t.Helper()
	r.CallList.Accounts[0].Similar = []string{hostile[1], hostile[2]}
	var b bytes.Buffer
	if err := report.WriteCalls(&b, r.CallList.Accounts); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(r.CallList.Accounts)+1 || len(rows[1]) != 13 {
		t.Errorf("%d rows of %d cells", len(rows), len(rows[1]))
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "@") || !bare(cell) {
				t.Errorf("calls.csv holds the cell %q", cell)
			}
		}
	}
}

func TestSimilarCustomersAreShown(t *testing.T) {
	r, _, _, _ := build(t, input(t, base(), now()))
	r.CallList.Accounts[0].Similar = []string{"Acme", "\u202eevil"}
	var page bytes.Buffer
	if err := report.WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	row := tableOf(t, page.String(), "Call list")[1]
	if row[len(row)-1] != "Acme; evil" {
		t.Errorf("row %q", row)
	}
	js, err := r.JSON()
	if err != nil || !strings.Contains(string(js), `"evil"`) || !bare(strings.ReplaceAll(string(js), "\n", "")) {
		t.Errorf("report.json lacks the similar customers, or shows them as they came (%v)", err)
	}
}
