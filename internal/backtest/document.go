package backtest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

var catalogue = page.Catalogue{"en": english, "fr": french}

// A Teller puts back-tests into words.
type Teller struct{ *page.Printer }

// NewTeller returns the teller of a language, one of page.Langs; "" is English.
func NewTeller(lang string) (*Teller, error) {
	p, err := page.NewPrinter(lang, catalogue)
	if err != nil {
		return nil, fmt.Errorf("backtest: %w", err)
	}
	return &Teller{p}, nil
}

// Headline says in one sentence what followed from the grades: by deals won if
// these can be compared, else by accounts won.
func (t *Teller) Headline(b *Backtest) string {
	for _, measure := range []string{WinRate, Conversion} {
		for i := range b.Against {
			if a := &b.Against[i]; a.Measure == measure && a.Verdict != NotComputable {
				return t.Sentence(a)
			}
		}
	}
	return t.Sentence(&b.Against[0])
}

// Sentence says what a comparison comes to.
func (t *Teller) Sentence(a *Against) string {
	name := t.T("measure." + a.Measure)
	switch {
	case a.Needs != nil:
		return t.T("needs", name, strings.Join(a.Needs, ", "))
	case a.TooFew:
		return t.T("too_few", name)
	}
	text := t.T("against."+a.Verdict, name, t.value(a.Measure, a.Top.Value), t.value(a.Measure, a.Rest.Value), t.difference(a.Measure, *a.Difference))
	if a.Verdict != NoneShown {
		return text
	}
	if a.Least == nil {
		return text + " " + t.T("least.none")
	}
	return text + " " + t.T("least", t.step(a.Measure, *a.Least))
}

// value writes a figure of a measure in its unit.
func (t *Teller) value(measure string, v float64) string {
	switch measure {
	case Conversion, WinRate:
		return t.Percent(v)
	case Cycle:
		return t.T("unit.days", t.Num(v, 0))
	}
	return t.Num(v, 0)
}

// step writes a difference without its sign: of rates in points of percent.
func (t *Teller) step(measure string, v float64) string {
	switch measure {
	case Conversion, WinRate:
		return t.T("unit.points", t.Num(100*v, 1))
	}
	return t.value(measure, v)
}

// difference writes a difference with its interval.
func (t *Teller) difference(measure string, i metrics.Interval) string {
	factor, digits := 1.0, 0
	if measure == Conversion || measure == WinRate {
		factor, digits = 100, 1
	}
	text := fmt.Sprintf("%s (%s, %s)", t.Signed(factor*i.Value, digits), t.Signed(factor*i.Low, digits), t.Signed(factor*i.High, digits))
	if factor > 1 {
		return t.T("unit.points", text)
	}
	return text
}

// spread is a cell with a median and its interval, if it has one.
func (t *Teller) spread(s *Spread) page.Field {
	if s == nil {
		return t.Optional(nil, nil)
	}
	text := t.Num(s.Median.Value, 0)
	if s.Sure {
		text += fmt.Sprintf(" (%s–%s)", t.Num(s.Median.Low, 0), t.Num(s.Median.High, 0))
	}
	return page.Number(s.Median.Value, text)
}

// Section returns the back-test as a chapter of a page.
func (t *Teller) Section(b *Backtest) page.Section {
	s := page.Section{ID: "backtest", Title: t.T("title"), Nav: t.T("nav"), Lead: t.T("lead", t.Date(b.AsOf), t.Date(b.Until), t.Headline(b))}
	if chart := t.chart(b); chart != nil {
		s.Parts = append(s.Parts, page.Part{Title: chart.Title, Chart: chart, Legend: chart.Desc})
	}
	s.Parts = append(s.Parts, page.Part{Table: t.grades(b)}, page.Part{Title: t.T("against.title"), Table: t.comparisons(b)}, page.Part{List: t.Notes(b)})
	if table := t.refused(b); table != nil {
		s.Parts = append(s.Parts, page.Part{Title: t.T("refused.title"), Fold: true, Table: table})
	}
	return s
}

// chart draws the rate by grade that the headline is about.
func (t *Teller) chart(b *Backtest) *page.Chart {
	key, of := "chart.win_rate", func(r *Row) *metrics.Interval { return r.WinRate }
	if b.Outcomes.Deals == 0 {
		key, of = "chart.conversion", func(r *Row) *metrics.Interval { return r.Conversion }
	}
	var items []page.Item
	for i := range b.Grades {
		if v := of(&b.Grades[i]); v != nil {
			items = append(items, page.Item{Name: b.Grades[i].Grade, Value: v.Value, Low: v.Low, High: v.High, Class: page.GradeClass(b.Grades[i].Grade), Figure: t.Percent(v.Value)})
		}
	}
	if items == nil {
		return nil
	}
	return page.RowChart(t.T(key), t.T("chart.desc"), 8, items)
}

// Columns are the titles of a back-test's rows; those of deals are left out where
// there are none.
func (t *Teller) Columns(b *Backtest) []string {
	titles := []string{t.T("col.grade"), t.T("col.accounts"), t.T("col.won"), t.T("col.conversion")}
	if b.Outcomes.Deals > 0 {
		titles = append(titles, t.T("col.deals"), t.T("col.win_rate"), t.T("col.size"), t.T("col.cycle"))
	}
	return titles
}

// Rows are the grades, then A and B and the others together, as cells by Columns.
func (t *Teller) Rows(b *Backtest) [][]page.Field {
	var rows [][]page.Field
	for _, r := range append(append([]Row{}, b.Grades...), b.Top, b.Rest) {
		first := page.Letter(r.Grade)
		if r.Grade == b.Top.Grade || r.Grade == b.Rest.Grade {
			first = page.Word(t.T("row." + r.Grade))
		}
		row := []page.Field{first, page.Number(float64(r.Accounts), t.Count(r.Accounts)), page.Number(float64(r.Won), t.Count(r.Won)), t.Interval(r.Conversion, t.Percents)}
		if b.Outcomes.Deals > 0 {
			row = append(row, page.Number(float64(r.Deals), t.Count(r.Deals)), t.Interval(r.WinRate, t.Percents), t.spread(r.Size), t.spread(r.Cycle))
		}
		rows = append(rows, row)
	}
	return rows
}

func (t *Teller) grades(b *Backtest) *page.Table {
	titles := t.Columns(b)
	return &page.Table{Label: t.T("title"), Stack: true, Columns: append(page.Words(titles[0]), page.Numbers(titles[1:]...)...), Rows: t.Rows(b)}
}

func (t *Teller) comparisons(b *Backtest) *page.Table {
	table := &page.Table{Label: t.T("against.title"), Stack: true, Columns: append(append(page.Words(t.T("col.measure")), page.Numbers(t.T("col.top"), t.T("col.rest"), t.T("col.difference"), t.T("col.least"))...), page.Words(t.T("col.verdict"))...)}
	for i := range b.Against {
		a := &b.Against[i]
		value := func(v *metrics.Interval) page.Field {
			if v == nil {
				return t.Optional(nil, nil)
			}
			return page.Number(v.Value, t.value(a.Measure, v.Value))
		}
		difference := t.Optional(nil, nil)
		if a.Difference != nil {
			difference = page.Number(a.Difference.Value, t.difference(a.Measure, *a.Difference))
		}
		table.Rows = append(table.Rows, []page.Field{
			page.Word(t.T("measure." + a.Measure)), value(a.Top), value(a.Rest), difference,
			t.Optional(a.Least, func(v float64) string { return t.step(a.Measure, v) }), page.Word(t.Verdict(a)),
		})
	}
	return table
}

// Verdict says what a comparison comes to, in a few words.
func (t *Teller) Verdict(a *Against) string {
	switch {
	case a.Needs != nil:
		return t.T("verdict.needs", strings.Join(a.Needs, ", "))
	case a.TooFew:
		return t.T("verdict.too_few")
	}
	return t.T("verdict." + a.Verdict)
}

// Notes say what to bear in mind, and how many outcomes do not count.
func (t *Teller) Notes(b *Backtest) []string {
	notes := []string{t.T("note.intervals"), t.T("note.worked")}
	for _, why := range Whys {
		if n := b.Outcomes.Refused[why]; n > 0 {
			notes = append(notes, t.N("refused."+why, n))
		}
	}
	if n := b.Outcomes.Open; n > 0 {
		notes = append(notes, t.N("open", n))
	}
	return append(notes, graded.Intake(t.Printer, b.Table)...)
}

func (t *Teller) refused(b *Backtest) *page.Table {
	if len(b.Outcomes.Listed) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("refused.title"), Stack: true, Columns: page.Words(t.T("col.why"), t.T("col.what"), t.T("col.domain"), t.T("col.date"), t.T("col.row"))}
	for _, r := range b.Outcomes.Listed {
		row := t.T("none")
		if r.Row > 0 {
			row = t.Count(r.Row)
		}
		date := t.T("none")
		if r.Date != "" {
			date = t.Date(r.Date)
		}
		table.Rows = append(table.Rows, []page.Field{page.Word(t.T("why." + r.Why)), page.Word(t.T("what." + r.What)), page.Word(r.Domain), page.Word(date), page.Word(row)})
	}
	return table
}

// Document puts a back-test on a page of its own.
func (t *Teller) Document(b *Backtest) *page.Document {
	d := &page.Document{
		Lang: t.Lang, Title: t.T("title"), Name: b.Name, Subtitle: t.T("subtitle", t.Date(b.AsOf), t.Date(b.Until)), Headline: t.Headline(b),
		Key: t.T("key"), Nav: t.T("sections"), Sort: t.T("sort"), Scroll: t.T("scroll"), SameAsTable: t.T("chart.data"),
		Footer: t.T("footer", b.Model),
	}
	d.Tiles = []page.Tile{
		page.NewTile(t.Count(b.Outcomes.Deals), t.T("tile.deals"), ""), page.NewTile(t.Count(b.Outcomes.Customers), t.T("tile.customers"), ""),
		page.NewTile(t.Count(int64(b.Days)), t.T("tile.days"), ""),
	}
	d.Sections = []page.Section{t.Section(b)}
	return d
}

// WriteHTML writes a back-test as one file that loads nothing from anywhere.
func (t *Teller) WriteHTML(w io.Writer, b *Backtest) error { return page.WriteHTML(w, t.Document(b)) }

// JSON returns the text of backtest.json.
func (b *Backtest) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write backtest.json: %w", err)
	}
	return append(text, '\n'), nil
}
