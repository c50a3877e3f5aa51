package report

import (
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// shownShapes is how many features have their shape drawn.
const shownShapes = 12

func (r *Report) looksSection(p *page.Printer) page.Section {
	s := page.Section{ID: "looks", Title: p.T("looks.title"), Nav: p.T("looks.nav"), Lead: p.T("looks.lead")}
	about, shapes := p.T("importance.desc"), p.T("shapes.lead")
	if r.Model.Learner == "grid" {
		s.Lead, about, shapes = p.T("looks.lead.grid"), p.T("importance.grid"), p.T("shapes.grid")
	}
	t := &page.Table{Label: p.T("importance.title"), Sortable: true, Columns: append(page.Words(p.T("col.feature"), p.T("col.pillar")), page.Numbers(p.T("col.weight"), p.T("col.share"))...)}
	var items []page.Item
	for i, f := range r.Importance {
		t.Rows = append(t.Rows, []page.Field{page.Word(p.Feature(f.Feature)), page.Word(p.T("pillar." + f.Pillar)), page.Number(f.Points, p.Num(f.Points, 1)), p.Share(f.Share)})
		if i < shownShapes {
			items = append(items, page.Item{Name: p.Feature(f.Feature), Value: f.Points, Figure: p.Num(f.Points, 1)})
		}
	}
	if len(items) == 0 {
		s.Parts = []page.Part{{Note: p.T("importance.none")}}
		return s
	}
	cards := page.Part{Title: p.T("shapes.title"), Note: shapes}
	for _, f := range r.Shapes[:min(shownShapes, len(r.Shapes))] {
		cards.Cards = append(cards.Cards, p.ShapeCard(f, r.Model.Learner == "grid"))
	}
	s.Parts = []page.Part{{Title: p.T("importance.title"), Legend: about, Chart: page.RowChart(p.T("importance.title"), about, 42, items), Table: t, TableTitle: p.T("chart.data")}, cards}
	if n := len(r.Shapes); n > shownShapes {
		s.Parts = append(s.Parts, page.Part{Note: p.T("shapes.more", p.Count(shownShapes), p.Count(int64(n)))})
	}
	return s
}

func (r *Report) dataSection(p *page.Printer) page.Section {
	s := page.Section{ID: "data", Title: p.T("data.title"), Nav: p.T("data.nav"), Lead: p.T("data.lead")}
	if len(r.Coverage.Pillars) > 0 {
		s.Parts = append(s.Parts, r.pillarsPart(p))
		s.Parts = append(s.Parts, folded(r.featuresPart(p), p))
	} else {
		s.Parts = append(s.Parts, page.Part{Note: p.T("coverage.none")})
	}
	if len(r.Funnel) > 0 {
		t := &page.Table{Label: p.T("funnel.title"), Columns: append(append(page.Words(p.T("col.step")), page.Numbers(p.T("col.left"), p.T("col.lost"))...), page.Words(p.T("col.samples"))...)}
		for _, f := range r.Funnel {
			samples := p.T("none")
			if len(f.Samples) > 0 {
				samples = strings.Join(f.Samples[:min(5, len(f.Samples))], ", ")
			}
			t.Rows = append(t.Rows, []page.Field{page.Word(p.Or("step."+f.Name, f.Name)), page.Number(float64(f.Count), p.Count(int64(f.Count))), page.Number(float64(f.Lost), p.Count(int64(f.Lost))), page.Word(samples)})
		}
		s.Parts = append(s.Parts, page.Part{Title: p.T("funnel.title"), Table: t})
	}
	return s
}

func (r *Report) pillarsPart(p *page.Printer) page.Part {
	t := &page.Table{Label: p.T("coverage.pillars"), Columns: append(page.Words(p.T("col.pillar")), page.Numbers(p.T("col.features"), p.T("col.customers"), p.T("col.pool"))...)}
	for _, c := range r.Coverage.Pillars {
		t.Rows = append(t.Rows, []page.Field{page.Word(p.T("pillar." + c.Pillar)), page.Number(float64(c.Features), strconv.Itoa(c.Features)), p.Share(c.Customers), p.Share(c.Pool)})
	}
	return page.Part{Title: p.T("coverage.pillars"), Table: t}
}

func (r *Report) featuresPart(p *page.Printer) page.Part {
	t := &page.Table{Label: p.T("coverage.features"), Sortable: true, Columns: append(page.Words(p.T("col.feature"), p.T("col.pillar")), page.Numbers(p.T("col.customers"), p.T("col.pool"), p.T("col.unreadable"))...)}
	for _, c := range r.Coverage.Features {
		t.Rows = append(t.Rows, []page.Field{page.Word(p.Feature(c.Feature)), page.Word(p.T("pillar." + c.Pillar)), p.Share(c.Customers), p.Share(c.Pool), page.Number(float64(c.Unreadable), p.Count(c.Unreadable))})
	}
	out := page.Part{Title: p.T("coverage.features"), Table: t}
	out.Chart = page.DotChart(out.Title, p.T("coverage.desc"), 40, r.coverageRows(p))
	out.Chart.Keys = []page.Key{{Sign: "dot", Class: "ours", Text: p.T("coverage.customers")}, {Sign: "dot", Class: "others", Text: p.T("coverage.pool")}, {Sign: "dot", Class: "past", Text: p.T("coverage.then")}}
	return out
}

// coverageRows are the shares of customers, of the pool and of the pool at training of
// which each feature is known.
func (r *Report) coverageRows(p *page.Printer) (rows []page.Row) {
	then := map[string]*float64{}
	for _, d := range r.Drift {
		then[d.Feature] = d.KnownThen
	}
	for _, c := range r.Coverage.Features {
		row := page.Row{Name: p.Feature(c.Feature), Figure: p.Percent(c.Pool)}
		if was := then[c.Feature]; was != nil {
			row.Dots = append(row.Dots, page.Dot{Value: *was, Class: "past"})
		}
		row.Dots = append(row.Dots, page.Dot{Value: c.Pool, Class: "others"}, page.Dot{Value: c.Customers, Class: "ours"})
		rows = append(rows, row)
	}
	return rows
}
