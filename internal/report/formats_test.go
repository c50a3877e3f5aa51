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

// htmlTables returns the cells of all tables of a page, titles first, without what a
// row opens.
func htmlTables(t *testing.T, page string) (tables [][][]string) {
	t.Helper()
	for _, table := range labelled(t, page) {
		tables = append(tables, table.rows)
	}
	return tables
}

// A labelledTable is a table of a page and what screen readers call it.
type labelledTable struct {
	label string
	rows  [][]string
}

// tableOf returns the rows of the table of that name.
func tableOf(t *testing.T, page, label string) [][]string {
	t.Helper()
	for _, table := range labelled(t, page) {
		if table.label == label {
			return table.rows
		}
	}
	t.Fatalf("no table %q", label)
	return nil
}

func labelled(t *testing.T, page string) (tables []labelledTable) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Data == "table":
			tables = append(tables, labelledTable{label: attribute(n.Parent, "aria-label")})
		case n.Data == "tr" && attribute(n, "class") != "detail":
			var row []string
			for c := range n.ChildNodes() {
				row = append(row, cellText(c))
			}
			last := &tables[len(tables)-1]
			last.rows = append(last.rows, row)
		}
	}
	return tables
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// cellText returns the text of a cell; items of a list are joined by a blank.
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
		return strings.Join(items, " ")
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
	near := func(text string, want, within float64) {
		t.Helper()
		if got := first(t, text); math.Abs(got-want) > within {
			t.Errorf("shown %q, in report.json %v", text, want)
		}
	}
	// Grade, tier, from, accounts, share, prospects, since, captured, pool share, lift.
	grades := tableOf(t, page, "Grades")
	for i, g := range r.Grades {
		row := grades[i+1]
		near(row[3], float64(g.Accounts), 0)
		near(row[4], 100*g.Share, 0.05)
		near(row[6], float64(g.Accounts-*g.Before), 0)
		near(row[7], 100*g.Captured.Value, 0.05)
		near(row[8], 100**g.PoolShare, 0.05)
		near(row[9], g.Lift.Value, 0.05)
		if row[0] != g.Grade {
			t.Errorf("row %d is of grade %q", i, row[0])
		}
	}
	for i, c := range r.CallList.Accounts {
		row := tableOf(t, page, "Call list")[i+1]
		near(row[1], c.Points, 0.5)
		if row[0] != c.Grade || row[2] != c.Name || row[3] != c.Domain || !strings.HasPrefix(row[4], c.Reasons[0].Sentence) {
			t.Errorf("call %q, in report.json %+v", row, c)
		}
	}
	matrix := tableOf(t, page, "From the grade of the night before (rows) to the grade now (columns)")
	for i, from := range r.Migration.Counts {
		for k, n := range from {
			near(matrix[i+1][k+1], float64(n), 0)
		}
	}
	for i, c := range r.Causes {
		near(tableOf(t, page, "Why grades changed")[i+1][1], float64(c.Accounts), 0)
	}
	for title, movers := range map[string][]report.Mover{"Most points gained": r.Movers.Up, "Most points lost": r.Movers.Down} {
		for i, m := range movers {
			near(tableOf(t, page, title)[i+1][4], m.Points-m.PointsBefore, 0.05)
		}
	}
	for i, u := range r.Unscored {
		near(tableOf(t, page, "Accounts without a grade")[i+1][1], float64(u.Accounts), 0)
	}
	for i, f := range r.Importance {
		near(tableOf(t, page, "Weight of each feature")[i+1][2], f.Points, 0.05)
	}
	for i, b := range r.Scores.Bins {
		row := tableOf(t, page, "Points, now and at training")[i+1]
		near(row[1], float64(b.Count), 0)
		near(row[2], 100*b.Share, 0.05)
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
		if n.Data == "svg" && n.Parent.Data != "svg" && !drawn(n) {
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
	want := "2 nouveaux prospects ont atteint A ou B depuis le 1er février 2026\u00a0; gardez le modèle et travaillez la liste d’appels."
	if r.Headline != want {
		t.Errorf("headline %q", r.Headline)
	}
	if got := r.CallList.Accounts[0].Reasons[0].Text; got != "effectif 1\u202f300\u00a0: +6,2" {
		t.Errorf("reason %q", got)
	}
	if got := r.CallList.Accounts[1].Reasons[1].Text; got != "technologies aucun\u00a0: −1,2" {
		t.Errorf("reason %q", got)
	}
	if got := r.CallList.Accounts[0].Reasons[0].Sentence; got != "Effectif\u00a0: 1\u202f300\u00a0; 83\u00a0% de nos clients ont plus de 100, contre 50\u00a0% des autres comptes." {
		t.Errorf("sentence %q", got)
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
