package explain

import (
	"fmt"
	"io"
	"strconv"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// WriteHTML writes an explanation as one file that loads nothing from anywhere.
func (t *Teller) WriteHTML(w io.Writer, e *Explanation) error {
	if err := page.WriteHTML(w, t.Document(e)); err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	return nil
}

// Document puts an explanation on a page.
func (t *Teller) Document(e *Explanation) *page.Document {
	domain := page.Clean(e.Domain)
	d := &page.Document{
		Lang: t.Lang, Title: t.T("title"), Name: domain, Subtitle: t.T("subtitle", t.Date(e.AsOf), e.Version),
		Key: t.T("key"), Nav: t.T("sections"), Sort: t.T("sort"), Scroll: t.T("scroll"), SameAsTable: t.T("chart.data"),
		Footer: t.T("footer", domain, e.Version),
	}
	if e.Name != "" {
		d.Name = t.T("name", domain, page.Clean(e.Name))
	}
	if e.Grade == nil {
		d.Headline = sentence(t.notGraded(e)) + "."
		d.Sections = t.historySection(e)
		return d
	}
	d.Headline = sentence(t.graded(e)) + "."
	if e.Overridden {
		d.Headline += " " + t.T("headline.hand")
	}
	d.Tiles = []page.Tile{page.NewTile(*e.Grade, t.T("tile.grade"), ""), page.NewTile(t.Num(*e.Points, 1), t.T("tile.points"), "")}
	if e.Lift != nil {
		d.Tiles = append(d.Tiles, t.liftTile(*e.Lift))
	}
	d.Tiles = append(d.Tiles, page.NewTile(strconv.Itoa(int(e.Tier)), t.T("tile.tier"), ""))
	d.Sections = []page.Section{t.pointsSection(e)}
	if e.Nearest != nil {
		d.Sections = append(d.Sections, page.Section{
			ID: "next", Title: t.T("near.title", e.Nearest.Grade), Nav: t.T("nav.near"),
			Parts: []page.Part{{List: t.nearLines(e.Nearest)}},
		})
	}
	d.Sections = append(d.Sections, t.similarSection(e)...)
	d.Sections = append(d.Sections, t.historySection(e)...)
	return d
}

// liftTile says the same as lift.
func (t *Teller) liftTile(v float64) page.Tile {
	if v > 0 && v < 0.95 {
		return page.NewTile(t.times(1/v), t.T("tile.lift.less"), "")
	}
	return page.NewTile(t.times(v), t.T("tile.lift"), "")
}

// pointsSection draws the features' points and says each in a sentence.
func (t *Teller) pointsSection(e *Explanation) page.Section {
	s := page.Section{ID: "why", Title: t.T("points.title"), Nav: t.T("nav.why")}
	table := &page.Table{Label: t.T("points.title"), Stack: true, Sortable: true}
	table.Columns = append(append(page.Words(t.T("col.feature"), t.T("col.value")), page.Numbers(t.T("col.points"))...), page.Words(t.T("col.sentence"))...)
	if e.Lift != nil {
		table.Rows = append(table.Rows, []page.Field{page.Word(t.T("base")), page.Word(""), page.Number(e.BasePoints, t.Signed(e.BasePoints, 1)), page.Word("")})
	}
	var items []page.Item
	for i := range e.Features {
		f := &e.Features[i]
		v := float64(f.MicroPoints) / model.Micro
		table.Rows = append(table.Rows, []page.Field{
			page.Word(t.Feature(f.Feature)), page.Word(t.shown(f)), page.Number(v, t.Signed(v, 1)), {Text: f.Sentence, Class: "why"},
		})
		if f.MicroPoints != 0 {
			items = append(items, page.Item{Name: t.Feature(f.Feature), Value: v, Low: v, High: v, Figure: t.Signed(v, 1)})
		}
	}
	table.Rows = append(table.Rows, []page.Field{page.Word(t.T("sum")), page.Word(""), page.Number(*e.Points, t.Num(*e.Points, 1)), page.Word("")})
	part := page.Part{Table: table}
	if len(items) > 0 {
		part.Chart, part.Legend = page.RowChart(t.T("points.title"), t.T("points.desc"), 30, items), t.T("points.desc")
	}
	s.Parts = []page.Part{part}
	return s
}

func (t *Teller) similarSection(e *Explanation) []page.Section {
	if len(e.Similar) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("similar.title"), Stack: true}
	table.Columns = append(append(page.Words(t.T("col.customer")), page.Numbers(t.T("col.distance"))...), page.Words(t.T("col.shared"))...)
	for i := range e.Similar {
		s := &e.Similar[i]
		name := page.Clean(s.Domain)
		if s.Name != "" {
			name = t.T("name", name, page.Clean(s.Name))
		}
		table.Rows = append(table.Rows, []page.Field{page.Word(name), page.Number(s.Distance, t.Num(s.Distance, 1)), {Text: t.Alike(s), Class: "why"}})
	}
	return []page.Section{{ID: "similar", Title: t.T("similar.title"), Nav: t.T("nav.similar"), Lead: t.T("similar.note"), Parts: []page.Part{{Table: table}}}}
}

func (t *Teller) historySection(e *Explanation) []page.Section {
	if len(e.History) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("history.title"), Stack: true}
	table.Columns = append(append(page.Words(t.T("col.night"), t.T("col.grade")), page.Numbers(t.T("col.points"))...), page.Words(t.T("col.cause"), t.T("col.model"))...)
	for i := len(e.History) - 1; i >= 0; i-- {
		n := &e.History[i]
		table.Rows = append(table.Rows, []page.Field{page.Word(t.Date(n.AsOf)), {Text: t.nightGrade(n), Grade: n.Grade}, page.Word(t.nightPoints(n)), page.Word(t.why(e, i)), page.Word(n.Version)})
	}
	return []page.Section{{ID: "history", Title: t.T("history.title"), Nav: t.T("nav.history"), Parts: []page.Part{{Table: table}}}}
}
