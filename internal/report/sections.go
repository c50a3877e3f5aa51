package report

import (
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/feedback"
	"github.com/icpfit/icpfit/internal/page"
)

// document puts a report into words.
func (r *Report) document() (*page.Document, error) {
	p, err := page.NewPrinter(r.Lang, catalogue)
	if err != nil {
		return nil, err
	}
	d := &page.Document{
		Lang: p.Lang, Title: p.T("title"), Name: r.Name, Headline: r.Headline,
		Action: string(r.Action), ActionTitle: p.T("action"), ActionLabel: p.T("action." + string(r.Action)), Why: r.ActionReasons,
		WarnedAt: "about", Key: p.T("key"), Nav: p.T("sections"), Sort: p.T("sort"), Scroll: p.T("scroll"),
		SameAsTable: p.T("chart.data"), Footer: p.T("footer", r.Model.Version),
	}
	against := p.T("first")
	switch {
	case r.PreviousGone:
		against = p.T("compared.gone", p.Date(r.PreviousAsOf))
	case !r.FirstNight:
		against = p.T("compared", p.Date(r.PreviousAsOf))
	}
	d.Subtitle = p.T("subtitle", p.Date(r.AsOf)) + ", " + against
	if n := len(r.Warnings); n > 0 {
		d.Warned = p.N("warnings.count", int64(n))
	}
	if len(r.Held) == 0 { // key figures are those of grades in force
		d.Tiles = r.tiles(p)
	}
	if s, ok := r.gatesSection(p); ok {
		d.Sections = append(d.Sections, s)
	}
	if r.Ungraded {
		d.Sections = append(d.Sections, r.healthSection(p), r.looksSection(p), r.modelSection(p))
		return d, nil
	}
	segments, err := r.Segments.Section(p.Lang)
	if err != nil {
		return nil, err
	}
	outcomes, err := r.outcomeSections()
	if err != nil {
		return nil, err
	}
	d.Sections = append(d.Sections, r.callsSection(p), r.gradesSection(p), r.changesSection(p))
	d.Sections = append(d.Sections, outcomes...)
	d.Sections = append(d.Sections, r.handSection(p), r.unscoredSection(p), segments,
		r.healthSection(p), r.dataSection(p), r.driftSection(p), r.looksSection(p), r.modelSection(p))
	return d, nil
}

// outcomeSections are what is known of outcomes and of what people say; none
// where nothing is.
func (r *Report) outcomeSections() (sections []page.Section, err error) {
	if r.Backtest != nil {
		t, err := backtest.NewTeller(r.Lang)
		if err != nil {
			return nil, err
		}
		sections = append(sections, t.Section(r.Backtest))
	}
	if r.Feedback != nil {
		t, err := feedback.NewTeller(r.Lang)
		if err != nil {
			return nil, err
		}
		sections = append(sections, t.Section(r.Feedback))
	}
	return sections, nil
}

func (r *Report) tiles(p *page.Printer) []page.Tile {
	b := r.Base
	tiles := []page.Tile{page.NewTile(p.Count(b.Top), p.T("tile.top"), p.T("tile.share", p.Percent(ratio(b.Top, b.Accounts))))}
	if r.FirstNight {
		tiles = append(tiles, page.NewTile(p.Count(r.CallList.Total), p.T("tile.best"), ""))
	} else {
		tiles = append(tiles, page.NewTile(p.Count(b.Entered), p.T("tile.entered"), p.T("tile.since", p.Date(r.PreviousAsOf))))
	}
	if c, ok := r.Metrics["capture_10"]; ok {
		tiles = append(tiles, page.NewTile(p.Percent(c.Value), p.T("tile.captured"), p.T("tile.interval", p.Num(100*c.Low, 1), p.Percent(c.High))))
	}
	tiles = append(tiles, page.NewTile(p.Count(b.Unscored), p.T("tile.unscored"), p.T("tile.share", p.Percent(ratio(b.Unscored, b.Accounts)))))
	return append(tiles, page.NewTile(p.N("days", int64(r.Model.AgeDays)), p.T("tile.age"), p.T("status."+r.Model.Status, p.Date(r.Model.DueOn))))
}

func (r *Report) gradesSection(p *page.Printer) page.Section {
	s := page.Section{ID: "grades", Title: p.T("grades.title"), Nav: p.T("grades.nav"), Lead: p.T("grades.lead", p.Count(r.Base.Accounts))}
	measured, lift := false, r.Model.Learner != "grid"
	for _, g := range r.Grades {
		measured = measured || g.Captured != nil
	}
	lift = lift && measured
	before := !r.FirstNight && !r.PreviousGone
	t := &page.Table{Label: p.T("grades.title"), Columns: append(page.Words(p.T("col.grade")), page.Numbers(p.T("col.tier"), p.T("col.from"), p.T("col.accounts"), p.T("col.share"), p.T("col.prospects"))...)}
	if before {
		t.Columns = append(t.Columns, page.Numbers(p.T("col.since"))...)
	}
	if measured {
		t.Columns = append(t.Columns, page.Numbers(p.T("col.captured"), p.T("col.pool_share"))...)
	}
	if lift {
		t.Columns = append(t.Columns, page.Numbers(p.T("col.lift"))...)
	}
	for _, g := range r.Grades {
		t.Rows = append(t.Rows, g.row(before, measured, lift, p))
	}
	c := r.gradeChart(measured, p)
	s.Parts = append(s.Parts, page.Part{Title: c.Title, Chart: c}, page.Part{Table: t})
	note := p.T("grades.note")
	if !measured {
		note = p.T("grades.note.none")
	}
	if r.Model.Learner == "grid" {
		note += " " + p.T("grades.note.grid")
	}
	s.Parts = append(s.Parts, page.Part{Note: note, List: r.GradeNotes})
	return s
}

func (g *Grade) row(before, measured, lift bool, p *page.Printer) []page.Field {
	points := func(v float64) string { return p.Num(v, 0) }
	row := []page.Field{
		page.Letter(g.Grade), page.Number(float64(g.Tier), p.Count(int64(g.Tier))), p.Optional(g.From, points),
		page.Number(float64(g.Accounts), p.Count(g.Accounts)), p.Share(g.Share), page.Number(float64(g.Prospects), p.Count(g.Prospects)),
	}
	if before {
		change := float64(g.Accounts)
		if g.Before != nil {
			change -= float64(*g.Before)
		}
		row = append(row, page.Number(change, p.Signed(change, 0)))
	}
	if measured {
		row = append(row, p.Interval(g.Captured, p.Percents), p.Optional(g.PoolShare, p.Percent))
	}
	if lift {
		row = append(row, p.Interval(g.Lift, p.Times))
	}
	return row
}

// gradeChart draws what each grade captures, or how many accounts it has where
// nothing was measured.
func (r *Report) gradeChart(measured bool, p *page.Printer) *page.Chart {
	var items []page.Item
	for _, g := range r.Grades {
		it := page.Item{Name: g.Grade, Value: g.Share, Class: page.GradeClass(g.Grade), Figure: p.Percent(g.Share)}
		if g.Captured != nil {
			it.Value, it.Low, it.High, it.Mark, it.Figure = g.Captured.Value, g.Captured.Low, g.Captured.High, g.PoolShare, p.Percent(g.Captured.Value)
		}
		items = append(items, it)
	}
	if measured {
		c := page.RowChart(p.T("grades.chart"), p.T("grades.chart.desc"), 8, items)
		c.Keys = []page.Key{{Sign: "box", Class: "grade-b", Text: p.T("grades.bar")}, {Sign: "line", Class: "error", Text: p.T("grades.error")}, {Sign: "tick", Class: "mark", Text: p.T("grades.tick")}}
		return c
	}
	return page.RowChart(p.T("grades.chart.grid"), p.T("grades.chart.grid.desc"), 8, items)
}
