package report

import "github.com/icpfit/icpfit/model/metrics"

func (r *Report) modelSection(p *printer) section {
	s := section{ID: "about", Title: p.t("model.title"), Nav: p.t("model.nav")}
	warnings := part{Title: p.t("warnings.title")}
	for _, w := range r.Warnings {
		warnings.List = append(warnings.List, w.Message)
	}
	if len(r.Warnings) == 0 {
		warnings.Note = p.t("warnings.none")
	}
	s.Parts = append(s.Parts, warnings)
	if t := r.metricsTable(p); t != nil {
		s.Parts = append(s.Parts, part{Title: p.t("metrics.title"), Table: t})
	}
	s.Parts = append(s.Parts, part{Table: r.factsTable(p)})
	return s
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
func (r *Report) metricsTable(p *printer) *table {
	t := &table{Label: p.t("metrics.title"), Stack: true, Columns: append(append(words(p.t("col.metric")), numbers(p.t("col.interval"))...), words(p.t("col.means"))...)}
	for _, m := range shownMetrics {
		i, ok := r.Metrics[m.name]
		if !ok {
			continue
		}
		name, text := "", p.times
		switch m.kind {
		case "auc":
			name, text = p.t("metric.auc"), p.plain
		case "capture":
			name, text = p.t("metric.capture", m.percent), p.percents
		default:
			name = p.t("metric.lift", m.percent)
		}
		t.Rows = append(t.Rows, []field{word(name), number(i.Value, text(i)), word(r.Definitions[m.name])})
	}
	if t.Rows == nil {
		return nil
	}
	return t
}

// plain writes an estimate with its interval, three decimals.
func (p *printer) plain(i metrics.Interval) string {
	return p.num(i.Value, 3) + " (" + p.num(i.Low, 3) + "–" + p.num(i.High, 3) + ")"
}

func (r *Report) factsTable(p *printer) *table {
	m := r.Model
	state := p.t("model.learned")
	switch {
	case m.Provisional:
		state = p.t("model.provisional")
	case m.Learner == "grid":
		state = p.t("model.written")
	}
	t := &table{Label: p.t("model.title"), Columns: words(p.t("col.item"), p.t("col.what"))}
	add := func(key, text string) { t.Rows = append(t.Rows, []field{word(p.t(key)), word(text)}) }
	add("model.version", m.Version)
	add("model.learner", p.or("learner."+m.Learner, m.Learner))
	add("model.state", state)
	add("model.as_of", p.date(m.AsOf))
	add("model.age", p.n("days", int64(m.AgeDays))+", "+p.t("status."+m.Status, p.date(m.DueOn)))
	if m.Learner != "grid" {
		add("model.customers", p.count(int64(m.Customers)))
		add("model.pool", p.count(int64(m.Pool)))
	}
	return t
}
