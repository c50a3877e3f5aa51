package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/report"
)

// htmlTables returns the cells of all tables of a page, titles first.
func htmlTables(t *testing.T, page string) [][][]string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var tables [][][]string
	for n := range root.Descendants() {
		switch n.Data {
		case "table":
			tables = append(tables, nil)
		case "tr":
			var row []string
			for c := range n.ChildNodes() {
				row = append(row, cellText(c))
			}
			last := &tables[len(tables)-1]
			*last = append(*last, row)
		}
	}
	return tables
}

// cellText returns the text of a cell; items of a list are joined by "; ".
func cellText(n *html.Node) string {
	var items []string
	var text strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Data == "li":
			items = append(items, cellText(c))
		case c.Type == html.TextNode:
			text.WriteString(c.Data)
		}
	}
	if items != nil {
		return strings.Join(items, "; ")
	}
	return text.String()
}

// markdownTables returns the same of a Markdown text, as GitHub reads it.
func markdownTables(md string) [][][]string {
	var tables [][][]string
	open := false
	for _, text := range strings.Split(md, "\n") {
		if !strings.HasPrefix(text, "|") {
			open = false
			continue
		}
		if !open {
			tables = append(tables, nil)
			open = true
		}
		if strings.HasPrefix(text, "| ---") {
			continue
		}
		last := &tables[len(tables)-1]
		*last = append(*last, markdownCells(text))
	}
	return tables
}

func markdownCells(row string) []string {
	var cells []string
	var cell strings.Builder
	for i := 1; i < len(row); i++ {
		switch {
		case row[i] == '\\' && i+1 < len(row):
			i++
			cell.WriteByte(row[i])
		case row[i] == '|':
			cells = append(cells, html.UnescapeString(strings.TrimSpace(cell.String())))
			cell.Reset()
		default:
			cell.WriteByte(row[i])
		}
	}
	return cells
}

// first returns the first number in a text of an English report.
func first(t *testing.T, text string) float64 {
	t.Helper()
	text = strings.NewReplacer(",", "", "−", "-", "+", "").Replace(text)
	v, err := strconv.ParseFloat(regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`).FindString(text), 64)
	if err != nil {
		t.Errorf("no number in %q", text)
	}
	return v
}

func TestSameFiguresInAllFormats(t *testing.T) {
	for _, lang := range page.Langs {
		for _, previous := range []bool{true, false} {
			in := input(t, base(), now())
			in.Lang = lang
			if !previous {
				in.Previous = ""
			}
			_, page, md, _ := build(t, in)
			tables := htmlTables(t, page)
			if diff := cmp.Diff(tables, markdownTables(md)); diff != "" {
				t.Errorf("%s: the tables of HTML and Markdown differ:\n%s", lang, diff)
			}
			if len(tables) < 10 {
				t.Errorf("%s: %d tables", lang, len(tables))
			}
		}
	}
}

func TestFiguresAreThoseOfJSON(t *testing.T) {
	r, page, _, _ := build(t, input(t, base(), now()))
	tables := htmlTables(t, page)
	near := func(text string, want, within float64) {
		t.Helper()
		if got := first(t, text); math.Abs(got-want) > within {
			t.Errorf("shown %q, in report.json %v", text, want)
		}
	}
	// Grade, tier, from, accounts, share, prospects, captured, pool share, lift.
	for i, g := range r.Grades {
		row := tables[0][i+1]
		near(row[3], float64(g.Accounts), 0)
		near(row[4], 100*g.Share, 0.05)
		near(row[6], 100*g.Captured.Value, 0.05)
		near(row[7], 100**g.PoolShare, 0.05)
		near(row[8], g.Lift.Value, 0.05)
		if row[0] != g.Grade {
			t.Errorf("row %d is of grade %q", i, row[0])
		}
	}
	for i, c := range r.CallList.Accounts {
		row := tables[1][i+1]
		near(row[1], c.Points, 0.5)
		if row[0] != c.Grade || row[2] != c.Name || row[3] != c.Domain {
			t.Errorf("call %q, in report.json %+v", row, c)
		}
	}
	for i, from := range r.Migration.Counts {
		for k, n := range from {
			near(tables[2][i+1][k+1], float64(n), 0)
		}
	}
	for i, c := range r.Causes {
		near(tables[3][i+1][1], float64(c.Accounts), 0)
	}
	for i, m := range append(append([]report.Mover{}, r.Movers.Up...), r.Movers.Down...) {
		row := tables[4+i/2][i%2+1] // two rise, one falls
		near(row[4], m.Points-m.PointsBefore, 0.05)
	}
	for i, u := range r.Unscored {
		near(tables[6][i+1][1], float64(u.Accounts), 0)
	}
	for i, f := range r.Importance {
		near(tables[7][i+1][2], f.Points, 0.05)
	}
	if !strings.Contains(page, html.EscapeString(r.Headline)) || !strings.Contains(page, "Keep the model") {
		t.Error("the page lacks headline or action")
	}
}

func TestPageLoadsNothing(t *testing.T) {
	_, page, _, _ := build(t, input(t, base(), now()))
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	policy := ""
	ids := map[string]bool{}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "style", strings.HasPrefix(a.Key, "on"), a.Key == "src", a.Key == "srcset":
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
				t.Errorf("<%s> leads to %q", n.Data, a.Val)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("two elements have id %q", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "content" && strings.HasPrefix(a.Val, "default-src"):
				policy = a.Val
			}
		}
		if n.Data == "style" || n.Data == "script" {
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if want := n.Data + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
				t.Errorf("policy %q lacks %s", policy, want)
			}
		}
		if n.Data == "svg" && !drawn(n) {
			t.Error("a chart is neither named nor hidden for screen readers")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src ") {
		t.Errorf("policy is %q", policy)
	}
}

// drawn reports whether a drawing has a role, a title and a description, or is hidden.
func drawn(svg *html.Node) bool {
	found := map[string]bool{}
	for _, a := range svg.Attr {
		found[a.Key+"="+a.Val] = true
	}
	for n := range svg.ChildNodes() {
		found[n.Data] = n.FirstChild != nil
	}
	return found["aria-hidden=true"] || found["role=img"] && found["title"] && found["desc"]
}

func TestFrench(t *testing.T) {
	in := input(t, base(), now())
	in.Lang = "fr"
	r, page, md, _ := build(t, in)
	want := "2 nouveaux prospects ont atteint A ou B depuis le 1 février 2026\u00a0; 4 comptes sur 10 sont A ou B aujourd’hui. Le modèle correspond toujours à la base\u00a0: gardez-le et travaillez la liste d’appels."
	if r.Headline != want {
		t.Errorf("headline %q", r.Headline)
	}
	if got := r.CallList.Accounts[0].Reasons[0].Text; got != "employees 1\u202f300\u00a0: +6,2" {
		t.Errorf("reason %q", got)
	}
	if got := r.CallList.Accounts[1].Reasons[1].Text; got != "technologies aucun\u00a0: −1,2" {
		t.Errorf("reason %q", got)
	}
	if !strings.Contains(page, `<html lang="fr">`) || !strings.Contains(md, "## Liste d’appels") {
		t.Error("the report is not in French")
	}
}

func TestNoClaimOfAccuracyOrProbability(t *testing.T) {
	for _, lang := range page.Langs {
		in := input(t, base(), now())
		in.Lang = lang
		_, page, md, js := build(t, in)
		for _, text := range []string{page, md, string(js)} {
			if found := regexp.MustCompile(`(?i)accura|probab|précision|exactitude`).FindString(text); found != "" {
				t.Errorf("%s: the report says %q", lang, found)
			}
		}
	}
}
