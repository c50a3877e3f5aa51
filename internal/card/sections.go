package card

import (
	"fmt"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

func (c *Card) useSection(*page.Printer) page.Section {
	return page.Section{ID: "use", Title: "What it is for", Nav: "Use", Parts: []page.Part{
		{Title: "Use it for", List: c.Use.For},
		{Title: "Do not use it for", List: c.Use.NotFor},
		{Title: "What the customers stand for", List: c.Use.SCAR},
	}}
}

// aucItem draws an AUC from 0.5, which is chance.
func aucItem(name string, auc metrics.Interval, p *page.Printer) page.Item {
	return page.Item{Name: name, Value: auc.Value - 0.5, Low: auc.Low - 0.5, High: auc.High - 0.5, Figure: p.Num(auc.Value, 3)}
}

func (c *Card) performanceSection(p *page.Printer) page.Section {
	s := page.Section{ID: "performance", Title: "How well it ranks", Nav: "Performance", Lead: "Every account was scored by a model that had not seen it. " + c.Data.Folds + "."}
	if len(c.Performance) == 0 {
		s.Lead = "There are no customers to measure it by."
		return s
	}
	s.Parts = append(s.Parts, c.captureChart(p))
	if t := c.Temporal; t != nil {
		s.Parts = append(s.Parts, page.Part{
			Title: "Customers won later", Note: t.Means, Legend: "Bar: AUC from 0.5, which is chance, with its 95% interval.",
			Chart: page.RowChart("AUC of later customers and of random folds", "AUC of the customers won since "+t.From+" and of folds dealt at random.", 42, []page.Item{
				aucItem("won since "+t.From, t.AUC, p), aucItem("random folds", t.Random, p),
			}),
		})
	}
	if len(c.Holdout) > 0 {
		s.Parts = append(s.Parts, page.Part{Title: "Accounts held out of the training", Table: measures("Held-out accounts", c.Holdout, p)})
	}
	if len(c.Segments) > 0 {
		s.Parts = append(s.Parts, c.segmentsPart(p))
	}
	return s
}

func (c *Card) captureChart(p *page.Printer) page.Part {
	var items []page.Item
	for _, m := range c.Performance {
		if m.Share == 0 {
			continue
		}
		share := m.Share
		items = append(items, page.Item{Name: "best " + p.Num(100*share, 0) + "%", Value: m.Value, Low: m.Low, High: m.High, Mark: &share, Figure: p.Percent(m.Value)})
	}
	about := "Bar: share of the customers in so much of the pool, with its 95% interval. Tick: what chance gives."
	return page.Part{Title: "Customers captured", Legend: about, Chart: page.RowChart("Customers captured", about, 22, items), Table: measures("How well it ranks", c.Performance, p)}
}

func measures(label string, all []Measure, p *page.Printer) *page.Table {
	t := &page.Table{Label: label, Stack: true, Columns: append(append(page.Words("Measure"), page.Numbers("Value (95% interval)", "Lift")...), page.Words("What it means")...)}
	for _, m := range all {
		value, lift := p.Percents(m.Interval), page.Field{Text: p.T("none")}
		if m.Share == 0 {
			value = p.Plain(m.Interval)
		}
		if m.Lift != nil {
			lift = page.Number(m.Lift.Value, p.Times(*m.Lift))
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(m.Label), page.Number(m.Value, value), lift, page.Word(m.Means)})
	}
	return t
}

func (c *Card) segmentsPart(p *page.Printer) page.Part {
	t := &page.Table{Label: "By segment", Stack: true, Sortable: true, Columns: append(append(page.Words("By", "Segment"), page.Numbers("Customers", "Pool", "AUC", "Capture@10%")...), page.Words("What it means")...)}
	var items []page.Item
	for _, s := range c.Segments {
		t.Rows = append(t.Rows, []page.Field{
			page.Word(s.Feature), page.Word(s.Label), page.Number(float64(s.Customers), p.Count(int64(s.Customers))), page.Number(float64(s.Pool), p.Count(int64(s.Pool))),
			page.Number(s.AUC.Value, p.Plain(s.AUC)), page.Number(s.Capture, p.Percent(s.Capture)), page.Word(s.Means),
		})
		items = append(items, aucItem(s.Label+" · "+s.Role, s.AUC, p))
	}
	const about = "Bar: AUC of the segment's customers against the segment's pool, from 0.5, which is chance, with its 95% interval. Segments with fewer than 20 customers are left out: nothing could be said of them."
	return page.Part{Title: "By segment", Legend: about, Chart: page.RowChart("AUC by segment", about, 42, items[:min(len(items), 20)]), Table: t}
}

func (c *Card) gradesSection(p *page.Printer) page.Section {
	s := page.Section{ID: "grades", Title: "Grades: predicted and observed", Nav: "Grades", Lead: "What each grade holds, from accounts graded by a model that had not seen them."}
	if len(c.Grades) == 0 {
		s.Lead = "There are no customers to measure the grades by."
		return s
	}
	t := &page.Table{Label: s.Title, Stack: true, Columns: append(page.Words("Grade"), page.Numbers("Tier", "From points", "Pool", "Customers", "Captured")...)}
	measured := c.Calibration != nil
	if measured {
		t.Columns = append(t.Columns, page.Numbers("Lift predicted", "Lift observed")...)
	}
	t.Columns = append(t.Columns, page.Words("What it means")...)
	var items []page.Item
	for _, g := range c.Grades {
		row := []page.Field{
			page.Letter(g.Grade), page.Number(float64(g.Tier), p.Count(int64(g.Tier))), p.Optional(g.From, func(v float64) string { return p.Num(v, 1) }),
			page.Number(g.PoolShare, fmt.Sprintf("%s (%s)", p.Num(g.Accounts, 0), p.Percent(g.PoolShare))), page.Number(float64(g.Customers), p.Count(int64(g.Customers))),
			page.Number(g.Captured.Value, p.Percents(g.Captured)),
		}
		if measured {
			row = append(row, p.Optional(g.Predicted, func(v float64) string { return p.Num(v, 1) + "×" }), p.Interval(g.Lift, p.Times))
		}
		t.Rows = append(t.Rows, append(row, page.Word(g.Means)))
		if g.Lift != nil {
			items = append(items, liftItem(&g, p))
		}
	}
	part := page.Part{Table: t}
	if measured && len(items) > 0 {
		const about = "Bar: lift observed out of fold, with its 95% interval; each doubling is as wide as the last, and the line is lift 1, the average of the pool. Tick: the lift that the points say. Where the tick is inside of the interval, the points can be taken at their word."
		part.Title, part.Legend, part.Chart = "Lift by grade", about, page.RowChart("Lift by grade", about, 8, items)
	}
	s.Parts = append(s.Parts, part)
	if measured {
		s.Parts = append(s.Parts, page.Part{Title: "Can the lifts be taken at their word?", List: c.Calibration.Means})
	}
	if len(c.GradeNotes) > 0 {
		s.Parts = append(s.Parts, page.Part{Title: "What was changed to make the grades hold", List: c.GradeNotes})
	}
	return s
}

// liftItem draws a lift by its doublings; below 1/16 of the average it is drawn
// as that.
func liftItem(g *Grade, p *page.Printer) page.Item {
	predicted := doublings(*g.Predicted)
	return page.Item{Name: g.Grade, Value: doublings(g.Lift.Value), Low: doublings(g.Lift.Low), High: doublings(g.Lift.High), Mark: &predicted, Class: page.GradeClass(g.Grade), Figure: p.Num(g.Lift.Value, 2) + "×"}
}

func (c *Card) limitsSection(p *page.Printer) page.Section {
	s := page.Section{ID: "limits", Title: "Where it must not be relied on", Nav: "Limits", Parts: []page.Part{{List: c.Limits}}}
	if len(c.Support) == 0 {
		return s
	}
	t := &page.Table{Label: "Outside of the customers' experience", Columns: append(append(page.Words("Looked at"), page.Numbers("Share")...), page.Words("What it means")...)}
	for _, part := range c.Support {
		t.Rows = append(t.Rows, []page.Field{page.Word(part.Of), p.Share(part.Share), page.Word(part.Means)})
	}
	s.Parts = append(s.Parts, page.Part{Title: "Outside of the customers' experience", Table: t})
	return s
}

func (c *Card) warningsSection() page.Section {
	s := page.Section{ID: "warnings", Title: "Leaks and other warnings", Nav: "Warnings", Lead: "What looks too good for the wrong reason: filled in after the sale, or for customers only."}
	part := page.Part{}
	for _, w := range c.Warnings {
		part.List = append(part.List, w.Code+": "+w.Message)
	}
	if len(c.Warnings) == 0 {
		part.Note = "No detector found anything."
	}
	s.Parts = []page.Part{part}
	return s
}
