package report

import (
	"time"

	"github.com/icpfit/icpfit/internal/page"
)

// healthSection says whether the model may stay: what the recommendation follows
// from, its age, the wins since, and whether the base has moved away from it.
func (r *Report) healthSection(p *page.Printer) page.Section {
	s := page.Section{ID: "health", Title: p.T("health.title"), Nav: p.T("health.nav"), Lead: p.T("health.lead." + string(r.Action))}
	s.Parts = append(s.Parts, r.checksPart(p), r.agePart(p))
	if r.Ungraded {
		return s
	}
	s.Parts = append(s.Parts, folded(r.winsPart(p), p))
	s.Parts = append(s.Parts, folded(r.scoresPart(p), p))
	return s
}

// folded closes the table of a part that shows a chart of the same figures.
func folded(part page.Part, p *page.Printer) page.Part {
	if part.Chart != nil && part.Table != nil {
		part.TableTitle = p.T("chart.data")
	}
	return part
}

// checksPart lists the rules and what each found.
func (r *Report) checksPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("checks.title")}
	if len(r.Checks) == 0 {
		return page.Part{}
	}
	t := &page.Table{Label: out.Title, Stack: true, Columns: page.Words(p.T("col.check"), p.T("col.found"), p.T("col.wanted"), p.T("col.alarm"))}
	for _, c := range r.Checks {
		found, wanted := c.figures(p)
		verdict := page.Field{Text: p.T("check.ok")}
		switch {
		case c.Failed:
			verdict = page.Field{Text: p.T("check.asks." + string(c.Action)), Class: "alarm"}
		case c.Value == nil || c.Limit == nil:
			verdict.Text = p.T("check.unknown")
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(p.T("check." + c.Code)), page.Word(found), page.Word(wanted), verdict})
	}
	out.Table = t
	return out
}

// figures writes what a check found, and what it wants.
func (c *Check) figures(p *page.Printer) (found, wanted string) {
	figure := func(v *float64) string {
		switch {
		case v == nil:
			return p.T("none")
		case c.Code == Age:
			return p.N("days", int64(*v))
		}
		return p.Percent(*v)
	}
	if c.Code == Graded {
		return figure(c.Value), p.T("check.graded.wanted")
	}
	if c.Limit == nil {
		return figure(c.Value), p.T("none")
	}
	return figure(c.Value), p.T("check."+c.Code+".wanted", figure(c.Limit))
}

// agePart draws the model's age against the 6/12-month rule.
func (r *Report) agePart(p *page.Printer) page.Part {
	m := r.Model
	out := page.Part{Title: p.T("age.title"), Note: p.T("age." + m.Status)}
	days := func(t time.Time) int { return int(t.Sub(day(m.AsOf)).Hours() / 24) }
	six, twelve := days(day(m.AsOf).AddDate(0, DueMonths, 0)), days(day(m.AsOf).AddDate(0, OldMonths, 0))
	about := p.T("age.desc", p.Date(m.AsOf), p.N("days", int64(m.AgeDays)), p.Date(m.DueOn))
	span := max(twelve*9/8, m.AgeDays)
	out.Chart = page.SpanChart(out.Title, about, m.AgeDays, span, "status-"+m.Status,
		[]page.Moment{{Day: m.AgeDays, Text: p.N("days", int64(m.AgeDays)), Class: "then"}},
		[]page.Moment{{Day: six, Text: p.T("age.six"), Class: "zero"}, {Day: twelve, Text: p.T("age.twelve"), Class: "zero"}})
	out.Legend = about
	return out
}

// scoresPart draws how the points of the pool are spread, now and at training.
func (r *Report) scoresPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("scores.title")}
	bins := r.Scores.Bins
	if len(bins) == 0 {
		out.Note = p.T("scores.none")
		return out
	}
	out.Legend = p.T("scores.lead")
	trained := bins[0].Then != nil
	t := &page.Table{Label: out.Title, Columns: append(page.Words(p.T("col.points")), page.Numbers(p.T("col.accounts"), p.T("col.share"))...)}
	if trained {
		t.Columns = append(t.Columns, page.Numbers(p.T("col.then"))...)
	}
	var stretches []page.Stretch
	for i, b := range bins {
		st := page.Stretch{Now: b.Share, Class: "plus"}
		if grade := r.gradeAt(float64(b.From)); grade != "" {
			st.Class = page.GradeClass(grade)
		}
		if i > 0 && i%2 == 0 {
			st.Edge = p.Count(b.From)
		}
		row := []page.Field{page.Number(float64(b.From), r.stretch(i, p)), page.Number(float64(b.Count), p.Count(b.Count)), p.Share(b.Share)}
		if trained {
			st.Then = *b.Then
			row = append(row, p.Share(*b.Then))
		}
		stretches, t.Rows = append(stretches, st), append(t.Rows, row)
	}
	out.Chart = page.Histogram(out.Title, p.T("scores.desc"), stretches, trained, p.Whole)
	out.Chart.Keys = []page.Key{{Sign: "box", Class: "grade-b", Text: p.T("scores.now")}}
	if trained {
		out.Chart.Keys = append(out.Chart.Keys, page.Key{Sign: "line", Class: "then", Text: p.T("scores.then")})
	}
	out.Table = t
	return out
}

// stretch writes the points of bin i.
func (r *Report) stretch(i int, p *page.Printer) string {
	from := r.Scores.Bins[i].From
	switch {
	case i == 0 && len(r.Scores.Bins) > 1:
		return p.T("scores.below", p.Count(from+r.Scores.Step))
	case i == len(r.Scores.Bins)-1:
		return p.T("scores.from", p.Count(from))
	}
	return p.T("scores.between", p.Count(from), p.Count(from+r.Scores.Step))
}

// gradeAt returns the grade that so many points give, "" where grades are not cut on
// points.
func (r *Report) gradeAt(points float64) string {
	if r.Model.On == "priority" || len(r.Grades) == 0 {
		return ""
	}
	for _, g := range r.Grades {
		if g.From != nil && points >= *g.From {
			return g.Grade
		}
	}
	return r.Grades[len(r.Grades)-1].Grade
}
