package report

import (
	"github.com/icpfit/icpfit/internal/page"
)

func (r *Report) modelSection(p *page.Printer) page.Section {
	s := page.Section{ID: "about", Title: p.T("model.title"), Nav: p.T("model.nav")}
	warnings := page.Part{Title: p.T("warnings.title")}
	for _, w := range r.Warnings {
		warnings.List = append(warnings.List, w.Message)
	}
	if len(r.Warnings) == 0 {
		warnings.Note = p.T("warnings.none")
	}
	s.Parts = append(s.Parts, warnings)
	if t := r.metricsTable(p); t != nil {
		s.Parts = append(s.Parts, page.Part{Title: p.T("metrics.title"), Table: t})
	}
	s.Parts = append(s.Parts, page.Part{Table: r.factsTable(p)})
	if a := r.Audit; a != nil {
		s.Parts = append(s.Parts, a.part(p))
	}
	return s
}

// part says what the audit found, and where it is.
func (a *Foundations) part(p *page.Printer) page.Part {
	found := p.N("foundations.debts", int64(a.Debts), p.Count(int64(a.High)))
	if a.Score != nil {
		found = p.T("foundations.score", p.Num(*a.Score, 0)) + ", " + found
	}
	return page.Part{Title: p.T("foundations.title"), List: []string{p.T("foundations.of", p.Date(a.AsOf), found), p.T("foundations.where", a.AsOf)}}
}

// shownMetrics are the measures out of fold that a report shows, and in their
// names and definitions how many percent of the pool they look at.
var shownMetrics = []struct{ name, kind, percent string }{
	{"auc", "auc", ""},
	{"capture_1", "capture", "1"},
	{"capture_5", "capture", "5"},
	{"capture_10", "capture", "10"},
	{"capture_20", "capture", "20"},
	{"lift_1", "lift", "1"},
	{"lift_5", "lift", "5"},
	{"lift_10", "lift", "10"},
	{"lift_20", "lift", "20"},
}

// metricsTable returns what was measured out of fold, nil if nothing was.
func (r *Report) metricsTable(p *page.Printer) *page.Table {
	t := &page.Table{Label: p.T("metrics.title"), Stack: true, Columns: append(append(page.Words(p.T("col.metric")), page.Numbers(p.T("col.interval"))...), page.Words(p.T("col.means"))...)}
	for _, m := range shownMetrics {
		i, ok := r.Metrics[m.name]
		if !ok {
			continue
		}
		name, text := "", p.Times
		switch m.kind {
		case "auc":
			name, text = p.T("metric.auc"), p.Plain
		case "capture":
			name, text = p.T("metric.capture", m.percent), p.Percents
		default:
			name = p.T("metric.lift", m.percent)
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(name), page.Number(i.Value, text(i)), page.Word(r.Definitions[m.name])})
	}
	if t.Rows == nil {
		return nil
	}
	return t
}

func (r *Report) factsTable(p *page.Printer) *page.Table {
	m := r.Model
	state := p.T("model.learned")
	switch {
	case m.Provisional:
		state = p.T("model.provisional")
	case m.Learner == "grid":
		state = p.T("model.written")
	}
	t := &page.Table{Label: p.T("model.title"), Columns: page.Words(p.T("col.item"), p.T("col.what"))}
	add := func(key, text string) { t.Rows = append(t.Rows, []page.Field{page.Word(p.T(key)), page.Word(text)}) }
	add("model.version", m.Version)
	add("model.learner", p.Or("learner."+m.Learner, m.Learner))
	add("model.state", state)
	add("model.as_of", p.Date(m.AsOf))
	add("model.age", p.N("days", int64(m.AgeDays))+", "+p.T("status."+m.Status, p.Date(m.DueOn)))
	if m.Learner != "grid" {
		add("model.customers", p.Count(int64(m.Customers)))
		add("model.pool", p.Count(int64(m.Pool)))
	}
	return t
}
