package report

import (
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// driftSection shows whether the pool still looks like the one trained on.
func (r *Report) driftSection(p *page.Printer) page.Section {
	s := page.Section{ID: "drift", Title: p.T("drift.title"), Nav: p.T("drift.nav")}
	switch {
	case len(r.Drift) == 0:
		s.Lead = p.T("drift.none")
		return s
	case r.ScoreDrift == nil || r.ScoreDrift.Mean == nil:
		s.Lead = p.T("drift.lead")
	default:
		s.Lead = p.T("drift.moved", p.Signed(r.ScoreDrift.Points, 1), p.Signed(r.ScoreDrift.PointsLow, 1), p.Signed(r.ScoreDrift.PointsHigh, 1)) + " " + p.T("drift.lead")
	}
	var items []page.Item
	for _, d := range r.Drift {
		if d.PSI == nil || len(items) == shownShapes {
			continue
		}
		it := page.Item{Name: p.Feature(d.Feature), Value: *d.PSI, Mark: d.Limit, Figure: p.Num(*d.PSI, 2)}
		if d.Alarm {
			it.Class = "minus"
		}
		items = append(items, it)
	}
	if len(items) > 0 {
		s.Parts = append(s.Parts, page.Part{Title: p.T("drift.chart"), Legend: p.T("drift.chart.desc"), Chart: page.RowChart(p.T("drift.chart"), p.T("drift.chart.desc"), 42, items)})
	}
	s.Parts = append(s.Parts, r.driftPart(p), r.coveragePart(p))
	if r.ScoreDrift != nil {
		s.Parts = append(s.Parts, r.scorePart(p), r.gradeDriftPart(p))
	}
	return s
}

func (r *Report) driftPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("drift.features"), Note: p.T("drift.shift")}
	t := &page.Table{Label: out.Title, Sortable: true, Columns: append(page.Words(p.T("col.feature"), p.T("col.alarm")), page.Numbers(p.T("col.psi"), p.T("col.js"), p.T("col.limit"), p.T("col.shift"))...)}
	t.Columns = append(t.Columns, page.Words(p.T("col.most"), p.T("col.overnight"))...)
	two := func(v float64) string { return p.Num(v, 2) }
	for _, d := range r.Drift {
		most := p.T("drift.no_change")
		if d.Change != "" {
			most = p.T("drift.most", d.Change, p.Percent(d.ShareThen), p.Percent(d.Share))
		}
		feature := p.Feature(d.Feature)
		if d.Item != "" {
			feature = p.T("drift.item", feature, d.Item)
		}
		t.Rows = append(t.Rows, []page.Field{
			page.Word(feature), d.verdict(p), p.Optional(d.PSI, two), p.Optional(d.JS, two), p.Optional(d.Limit, two),
			p.Optional(d.Points, func(v float64) string { return d.shift(p) }), page.Word(most), page.Word(d.overnight(p)),
		})
	}
	out.Table = t
	return out
}

// verdict says in a word how the feature drifted.
func (d *Drift) verdict(p *page.Printer) page.Field {
	switch {
	case d.Alarm:
		var what []string
		for _, a := range d.Alarms {
			what = append(what, p.T("drift.alarm."+a))
		}
		return page.Field{Text: strings.Join(what, ", "), Class: "alarm"}
	case d.PSI == nil:
		return page.Word(p.T("drift.unknown"))
	case *d.PSI > *d.Chance:
		return page.Word(p.T("drift.small"))
	}
	return page.Word(p.T("drift.ok"))
}

// shift writes the shift in points with its interval.
func (d *Drift) shift(p *page.Printer) string {
	if d.PointsLow == nil || d.PointsHigh == nil {
		return p.Signed(*d.Points, 1)
	}
	return p.T("drift.interval", p.Signed(*d.Points, 1), p.Signed(*d.PointsLow, 1), p.Signed(*d.PointsHigh, 1))
}

func (d *Drift) overnight(p *page.Printer) string {
	o := &d.Overnight
	switch {
	case len(o.Alarms) > 0:
		return p.T("drift.overnight")
	case o.PSI == nil && o.CoveragePSI == nil:
		return p.T("none")
	}
	return p.T("drift.ok")
}

// coveragePart shows what is known of the pool, and what of it is new to the model.
func (r *Report) coveragePart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("drift.coverage"), Note: p.T("drift.new")}
	if r.Novelty.Now != nil {
		out.Note = r.novelty(p) + " " + out.Note
	}
	t := &page.Table{Label: out.Title, Sortable: true, Columns: append(page.Words(p.T("col.feature")), page.Numbers(p.T("col.known_then"), p.T("col.known_before"), p.T("col.known"), p.T("col.new_then"), p.T("col.new_before"), p.T("col.new"))...)}
	for _, d := range r.Drift {
		row := []page.Field{page.Word(p.Feature(d.Feature))}
		for _, c := range []Comparison{d.Coverage, d.NewValues} {
			for _, v := range []*float64{c.Then, c.Before, c.Now} {
				row = append(row, p.Optional(v, p.Percent))
			}
			if c.Alarm {
				row[len(row)-1].Class = "alarm"
			}
		}
		t.Rows = append(t.Rows, row)
	}
	out.Table = t
	return out
}

// novelty says how many accounts are outside the experience.
func (r *Report) novelty(p *page.Printer) string {
	n := &r.Novelty
	text := p.T("drift.novelty", p.Percent(*n.Now))
	if n.Then != nil {
		text += " " + p.T("drift.novelty.then", p.Percent(*n.Then))
	}
	if n.Before != nil {
		text += " " + p.T("drift.novelty.before", p.Percent(*n.Before))
	}
	return text
}

// scorePart says how the points of the scored pool lie against those at training.
func (r *Report) scorePart(p *page.Printer) page.Part {
	s := r.ScoreDrift
	verdict := p.T("drift.ok")
	switch {
	case s.PSI == nil:
		verdict = p.T("drift.unknown")
	case s.Alarm:
		verdict = p.T("drift.alarm.values")
	}
	two := func(v *float64) string {
		if v == nil {
			return p.T("none")
		}
		return p.Num(*v, 2)
	}
	return page.Part{Title: p.T("drift.score"), Note: p.T("drift.score.note", verdict, two(s.PSI), two(s.Limit), two(s.JS), p.Num(s.KS, 3), p.Num(s.KSChance, 3))}
}

// gradeDriftPart shows the shares of the grades, then and now.
func (r *Report) gradeDriftPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("drift.grades"), Legend: p.T("drift.grades.desc")}
	t := &page.Table{Label: out.Title, Columns: append(page.Words(p.T("col.grade")), page.Numbers(p.T("col.then"), p.T("col.before_night"), p.T("col.now"))...)}
	var items []page.Item
	for _, g := range r.GradeDrift {
		t.Rows = append(t.Rows, []page.Field{page.Letter(g.Grade), p.Optional(g.Then, p.Percent), p.Optional(g.Before, p.Percent), p.Optional(g.Now, p.Percent)})
		if g.Now != nil {
			items = append(items, page.Item{Name: g.Grade, Value: *g.Now, Mark: g.Then, Class: page.GradeClass(g.Grade), Figure: p.Percent(*g.Now)})
		}
	}
	if len(items) > 0 {
		out.Chart = page.RowChart(out.Title, out.Legend, 8, items)
	}
	out.Table = t
	return out
}
