package report

import (
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
)

// shownShapes is how many features have their shape drawn.
const shownShapes = 12

func (r *Report) looksSection(p *printer) section {
	s := section{ID: "looks", Title: p.t("looks.title"), Nav: p.t("looks.nav"), Lead: p.t("looks.lead")}
	about, shapes := p.t("importance.desc"), p.t("shapes.lead")
	if r.Model.Learner == "grid" {
		s.Lead, about, shapes = p.t("looks.lead.grid"), p.t("importance.grid"), p.t("shapes.grid")
	}
	t := &table{Label: p.t("importance.title"), Sortable: true, Columns: append(words(p.t("col.feature"), p.t("col.pillar")), numbers(p.t("col.weight"), p.t("col.share"))...)}
	var items []item
	for i, f := range r.Importance {
		t.Rows = append(t.Rows, []field{word(f.Feature), word(p.t("pillar." + f.Pillar)), number(f.Points, p.num(f.Points, 1)), p.shareField(f.Share)})
		if i < shownShapes {
			items = append(items, item{name: f.Feature, value: f.Points, figure: p.num(f.Points, 1)})
		}
	}
	cards := part{Title: p.t("shapes.title"), Note: shapes}
	for _, f := range r.Shapes[:min(shownShapes, len(r.Shapes))] {
		cards.Cards = append(cards.Cards, r.shapeCard(f, p))
	}
	s.Parts = []part{{Title: p.t("importance.title"), Legend: about, Chart: rowChart(p.t("importance.title"), about, 42, items)}, {Title: p.t("chart.data"), Fold: true, Table: t}, cards}
	if n := len(r.Shapes); n > shownShapes {
		s.Parts = append(s.Parts, part{Note: p.t("shapes.more", p.count(shownShapes), p.count(int64(n)))})
	}
	return s
}

func (r *Report) shapeCard(f Shape, p *printer) card {
	c := card{Title: f.Feature, Sub: p.t("pillar." + f.Pillar)}
	grid := r.Model.Learner == "grid"
	t := &table{Label: f.Feature, Columns: append(words(p.t("col.value")), numbers(p.t("col.points"))...)}
	if !grid {
		t.Columns = append(t.Columns, numbers(p.t("col.spread"), p.t("col.customers"), p.t("col.pool"))...)
	}
	var items []item
	var edges []string
	for _, b := range f.Bins {
		it := item{name: b.Label, value: b.Points, low: b.Points, high: b.Points, figure: p.signed(b.Points, 1)}
		if b.Spread != nil {
			it.low, it.high = b.Points-*b.Spread, b.Points+*b.Spread
		}
		if b.Few {
			it.class = "few"
		}
		items = append(items, it)
		if b.edge != "" {
			edges = append(edges, b.edge)
		}
		row := []field{word(b.Label), number(b.Points, p.signed(b.Points, 1))}
		if !grid {
			row = append(row, p.optional(b.Spread, func(v float64) string { return p.num(v, 1) }),
				number(float64(b.Customers), p.count(int64(b.Customers))), number(float64(b.Pool), p.count(int64(b.Pool))))
		}
		t.Rows = append(t.Rows, row)
	}
	c.Table, c.Chart = t, shapeChart(f, items, edges, p)
	if f.Hidden > 0 {
		c.Note = p.t("shapes.hidden", p.count(int64(f.Hidden)))
	}
	return c
}

// shownRows is how many categories a chart of rows shows.
const shownRows = 15

// shapeChart draws numbers and dates as columns in their order, without the
// unknown ones, and everything else as rows.
func shapeChart(f Shape, items []item, edges []string, p *printer) *chart {
	low, high := scale(items)
	desc := p.t("shapes.desc", f.Feature, p.signed(low, 1), p.signed(high, 1))
	if measured(features.Kind(f.Kind)) && len(items) > 3 {
		return columnChart(f.Feature, desc, items[1:], edges, func(v float64) string { return p.signed(v, 0) })
	}
	if len(items) > shownRows+1 {
		items = items[:shownRows+1]
	}
	return rowChart(f.Feature, desc, 42, items)
}

func (r *Report) dataSection(p *printer) section {
	s := section{ID: "data", Title: p.t("data.title"), Nav: p.t("data.nav"), Lead: p.t("data.lead")}
	if len(r.Coverage.Pillars) > 0 {
		s.Parts = append(s.Parts, r.pillarsPart(p), r.featuresPart(p))
	}
	if len(r.Funnel) > 0 {
		t := &table{Label: p.t("funnel.title"), Columns: append(append(words(p.t("col.step")), numbers(p.t("col.left"), p.t("col.lost"))...), words(p.t("col.samples"))...)}
		for _, f := range r.Funnel {
			samples := p.t("none")
			if len(f.Samples) > 0 {
				samples = strings.Join(f.Samples[:min(5, len(f.Samples))], ", ")
			}
			t.Rows = append(t.Rows, []field{word(p.or("step."+f.Name, f.Name)), number(float64(f.Count), p.count(int64(f.Count))), number(float64(f.Lost), p.count(int64(f.Lost))), word(samples)})
		}
		s.Parts = append(s.Parts, part{Title: p.t("funnel.title"), Table: t})
	}
	s.Parts = append(s.Parts, r.driftPart(p))
	return s
}

func (r *Report) pillarsPart(p *printer) part {
	t := &table{Label: p.t("coverage.pillars"), Columns: append(words(p.t("col.pillar")), numbers(p.t("col.features"), p.t("col.customers"), p.t("col.pool"))...)}
	for _, c := range r.Coverage.Pillars {
		t.Rows = append(t.Rows, []field{word(p.t("pillar." + c.Pillar)), number(float64(c.Features), strconv.Itoa(c.Features)), p.shareField(c.Customers), p.shareField(c.Pool)})
	}
	return part{Title: p.t("coverage.pillars"), Table: t}
}

func (r *Report) featuresPart(p *printer) part {
	t := &table{Label: p.t("coverage.features"), Sortable: true, Columns: append(words(p.t("col.feature"), p.t("col.pillar")), numbers(p.t("col.customers"), p.t("col.pool"), p.t("col.unreadable"))...)}
	for _, c := range r.Coverage.Features {
		t.Rows = append(t.Rows, []field{word(c.Feature), word(p.t("pillar." + c.Pillar)), p.shareField(c.Customers), p.shareField(c.Pool), number(float64(c.Unreadable), p.count(c.Unreadable))})
	}
	return part{Title: p.t("coverage.features"), Table: t}
}

func (r *Report) driftPart(p *printer) part {
	out := part{Title: p.t("drift.title"), Note: p.t("drift.lead")}
	if r.Model.Learner == "grid" {
		out.Note = p.t("drift.none")
		return out
	}
	t := &table{Label: out.Title, Sortable: true, Columns: append(words(p.t("col.feature"), p.t("col.alarm")), numbers(p.t("col.psi"), p.t("col.limit"), p.t("col.shift"))...)}
	t.Columns = append(t.Columns, words(p.t("col.most"))...)
	for _, d := range r.Drift {
		two := func(v float64) string { return p.num(v, 2) }
		verdict := field{Text: p.t("drift.ok")}
		switch {
		case d.Alarm:
			verdict = field{Text: p.t("drift.alarm"), Class: "alarm"}
		case d.Points == nil:
			verdict.Text = p.t("drift.unknown")
		case d.PSI == nil:
			verdict.Text = p.t("drift.items")
		}
		most := p.t("drift.no_change")
		if d.Change != "" {
			most = p.t("drift.most", d.Change, p.percent(d.ShareThen), p.percent(d.Share))
		}
		t.Rows = append(t.Rows, []field{
			word(d.Feature), verdict, p.optional(d.PSI, two), p.optional(d.Limit, two),
			p.optional(d.Points, func(v float64) string { return p.signed(v, 1) }), word(most),
		})
	}
	out.Table = t
	return out
}
