package report

import (
	"strings"

	"github.com/icpfit/icpfit/model/metrics"
)

// document puts a report into words.
func (r *Report) document() (*document, error) {
	p, err := newPrinter(r.Lang)
	if err != nil {
		return nil, err
	}
	r = r.shown()
	d := &document{
		Lang: p.lang, Title: p.t("title"), Name: r.Name, Headline: r.Headline,
		Action: string(r.Action), ActionTitle: p.t("action"), ActionLabel: p.t("action." + string(r.Action)), Why: r.ActionReasons,
		Status: p.t("status."+r.Model.Status, p.date(r.Model.DueOn)), Key: p.t("key"), Nav: p.t("sections"), Sort: p.t("sort"), Scroll: p.t("scroll"),
		SameAsTable: p.t("chart.data"), Footer: p.t("footer", r.Model.Version),
	}
	d.Subtitle = p.t("subtitle", p.date(r.AsOf)) + ", " + p.t("first")
	if !r.FirstNight {
		d.Subtitle = p.t("subtitle", p.date(r.AsOf)) + ", " + p.t("compared", p.date(r.PreviousAsOf))
	}
	if n := len(r.Warnings); n > 0 {
		d.Warned = p.n("warnings.count", int64(n))
	}
	d.Tiles = r.tiles(p)
	d.Sections = []section{r.gradesSection(p), r.callsSection(p), r.changesSection(p), r.unscoredSection(p), r.looksSection(p), r.dataSection(p), r.modelSection(p)}
	d.number()
	return d, nil
}

// number gives every chart an id of its own.
func (d *document) number() {
	n := 0
	give := func(c *chart) {
		if c != nil {
			n++
			c.ID = n
		}
	}
	for _, s := range d.Sections {
		for _, p := range s.Parts {
			give(p.Chart)
			for _, c := range p.Cards {
				give(c.Chart)
			}
		}
	}
}

func (r *Report) tiles(p *printer) []tile {
	b := r.Base
	tiles := []tile{{p.count(b.Top), p.t("tile.top"), p.t("tile.share", p.percent(ratio(b.Top, b.Accounts)))}}
	if r.FirstNight {
		tiles = append(tiles, tile{p.count(r.CallList.Total), p.t("tile.best"), ""})
	} else {
		tiles = append(tiles, tile{p.count(b.Entered), p.t("tile.entered"), p.t("tile.since", p.date(r.PreviousAsOf))})
	}
	if c, ok := r.Metrics["capture_10"]; ok {
		tiles = append(tiles, tile{p.percent(c.Value), p.t("tile.captured"), p.t("tile.interval", p.num(100*c.Low, 1), p.percent(c.High))})
	}
	tiles = append(tiles, tile{p.count(b.Unscored), p.t("tile.unscored"), p.t("tile.share", p.percent(ratio(b.Unscored, b.Accounts)))})
	return append(tiles, tile{p.count(int64(r.Model.AgeDays)), p.t("tile.age"), p.t("status."+r.Model.Status, p.date(r.Model.DueOn))})
}

func (r *Report) gradesSection(p *printer) section {
	s := section{ID: "grades", Title: p.t("grades.title"), Nav: p.t("grades.nav"), Lead: p.t("grades.lead", p.count(r.Base.Accounts))}
	measured, lift := false, r.Model.Learner != "grid"
	for _, g := range r.Grades {
		measured = measured || g.Captured != nil
	}
	lift = lift && measured
	t := &table{Label: p.t("grades.title"), Columns: append(words(p.t("col.grade")), numbers(p.t("col.tier"), p.t("col.from"), p.t("col.accounts"), p.t("col.share"), p.t("col.prospects"))...)}
	if measured {
		t.Columns = append(t.Columns, numbers(p.t("col.captured"), p.t("col.pool_share"))...)
	}
	if lift {
		t.Columns = append(t.Columns, numbers(p.t("col.lift"))...)
	}
	for _, g := range r.Grades {
		t.Rows = append(t.Rows, r.gradeRow(g, measured, lift, p))
	}
	c := r.gradeChart(measured, p)
	s.Parts = append(s.Parts, part{Title: c.Title, Chart: c, Legend: c.Desc}, part{Table: t})
	note := p.t("grades.note")
	if !measured {
		note = p.t("grades.note.none")
	}
	if r.Model.Learner == "grid" {
		note += " " + p.t("grades.note.grid")
	}
	s.Parts = append(s.Parts, part{Note: note, List: r.GradeNotes})
	return s
}

func (r *Report) gradeRow(g Grade, measured, lift bool, p *printer) []field {
	points := func(v float64) string { return p.num(v, 0) }
	row := []field{
		letter(g.Grade), number(float64(g.Tier), p.count(int64(g.Tier))), p.optional(g.From, points),
		number(float64(g.Accounts), p.count(g.Accounts)), p.shareField(g.Share), number(float64(g.Prospects), p.count(g.Prospects)),
	}
	if measured {
		row = append(row, p.interval(g.Captured, p.percents), p.optional(g.PoolShare, p.percent))
	}
	if lift {
		row = append(row, p.interval(g.Lift, p.times))
	}
	return row
}

// interval is a cell with an estimate that may be unknown.
func (p *printer) interval(i *metrics.Interval, text func(metrics.Interval) string) field {
	if i == nil {
		return p.optional(nil, nil)
	}
	return number(i.Value, text(*i))
}

// gradeChart draws what each grade captures, or how many accounts it has where
// nothing was measured.
func (r *Report) gradeChart(measured bool, p *printer) *chart {
	var items []item
	for _, g := range r.Grades {
		it := item{name: g.Grade, value: g.Share, class: gradeClass(g.Grade), figure: p.percent(g.Share)}
		if g.Captured != nil {
			it.value, it.low, it.high, it.mark, it.figure = g.Captured.Value, g.Captured.Low, g.Captured.High, g.PoolShare, p.percent(g.Captured.Value)
		}
		items = append(items, it)
	}
	if measured {
		return rowChart(p.t("grades.chart"), p.t("grades.chart.desc"), 8, items)
	}
	return rowChart(p.t("grades.chart.grid"), p.t("grades.chart.grid.desc"), 8, items)
}

// gradeClass returns the style class of a grade.
func gradeClass(grade string) string {
	if len(grade) != 1 || grade < "A" || grade > "F" {
		return "grade"
	}
	return "grade grade-" + strings.ToLower(grade)
}
