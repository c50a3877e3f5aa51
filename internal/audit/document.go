package audit

import (
	"fmt"
	"io"

	"github.com/icpfit/icpfit/internal/page"
)

// WriteHTML writes audit.html.
func WriteHTML(w io.Writer, a *Audit) error {
	d, err := a.document()
	if err != nil {
		return err
	}
	return page.WriteHTML(w, d)
}

// WriteMarkdown writes audit.md.
func WriteMarkdown(w io.Writer, a *Audit) error {
	d, err := a.document()
	if err != nil {
		return err
	}
	return page.WriteMarkdown(w, d)
}

// High counts the debts of high severity.
func (a *Audit) High() (n int) {
	for _, d := range a.Debts {
		if d.Severity == High {
			n++
		}
	}
	return n
}

// document puts an audit into a page.
func (a *Audit) document() (*page.Document, error) {
	p, err := page.NewPrinter(a.Lang, catalogue)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	d := &page.Document{
		Lang: p.Lang, Title: p.T("title"), Name: a.Name, Headline: a.Headline, Footer: p.T("footer"),
		Subtitle: p.T("subtitle", p.Date(a.AsOf), p.Date(a.Graded), page.Clean(a.Version)),
		Action:   "keep", ActionTitle: p.T("action.title"),
		Key: p.T("key"), Nav: p.T("sections"), Sort: p.T("sort"), Scroll: p.T("scroll"), SameAsTable: p.T("chart.data"),
	}
	switch {
	case a.High() > 0:
		d.Action = "fix_data"
	case len(a.Debts) > 0:
		d.Action = "retrain"
	}
	d.ActionLabel = p.T("action." + d.Action)
	d.Tiles = a.tiles(p)
	d.Sections = []page.Section{a.debtSection(p), a.planSection(p), a.trendSection(p), a.passedSection(p), a.missingSection(p)}
	return d, nil
}

func (a *Audit) tiles(p *page.Printer) []page.Tile {
	note := ""
	if a.Trend != nil {
		note = p.T("tile.score.note", score(p, a.Trend.ScoreBefore))
	}
	computable := int64(len(a.Debts) + len(a.Passed))
	return []page.Tile{
		page.NewTile(score(p, a.Score), p.T("tile.score"), note),
		page.NewTile(p.Count(int64(len(a.Debts))), p.T("tile.debts"), ""),
		page.NewTile(p.Count(int64(a.High())), p.T("tile.high"), ""),
		page.NewTile(p.Count(computable), p.T("tile.computable"), p.T("tile.computable.note", p.Count(computable+int64(len(a.NotComputable))))),
	}
}

func score(p *page.Printer, x *float64) string {
	if x == nil {
		return p.T("none")
	}
	return p.Num(*x, 0)
}

func (a *Audit) debtSection(p *page.Printer) page.Section {
	s := page.Section{ID: "debts", Title: p.T("debts"), Nav: p.T("nav.debts")}
	if len(a.Debts) == 0 {
		s.Lead = p.T("debts.none")
	}
	for i := range a.Debts {
		d := &a.Debts[i]
		title := p.T("debt.title", d.Title, p.T("severity."+d.Severity))
		s.Parts = append(s.Parts, page.Part{
			Title: title, Legend: p.T("debt.note", d.Meaning, d.Rule),
			Table: evidence(p, title, d.Evidence), List: []string{p.T("next", d.Next)},
		})
	}
	return s
}

// evidence makes a table of figures.
func evidence(p *page.Printer, label string, all []Evidence) *page.Table {
	t := &page.Table{Label: label, Stack: true, Columns: append(page.Words(p.T("col.evidence")), page.Numbers(p.T("col.figure"), p.T("col.n"), p.T("col.limit"))...)}
	for i := range all {
		e := &all[i]
		n, limit := page.Word(p.T("none")), page.Word(p.T("none"))
		if e.N > 0 {
			n = page.Number(float64(e.N), p.Count(e.N))
		}
		if e.Limit != nil {
			limit = page.Word(e.limit)
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(e.Label), page.Word(e.Text), n, limit})
	}
	return t
}

func (a *Audit) planSection(p *page.Printer) page.Section {
	s := page.Section{ID: "plan", Title: p.T("plan"), Nav: p.T("nav.plan")}
	if n := len(a.Plan); n > 0 {
		s.Lead = p.T("plan.lead", p.Date(a.Plan[0].From), p.Date(a.Plan[n-1].To))
	}
	for _, ph := range a.Plan {
		part := page.Part{Title: p.T("plan.phase", ph.Title, p.Date(ph.From), p.Date(ph.To)), Note: ph.Goal}
		if len(ph.Steps) == 0 {
			part.List = []string{p.T("nothing_due")}
		} else {
			part.Table = &page.Table{Label: ph.Title, Stack: true, Columns: page.Words(p.T("col.by"), p.T("col.step"))}
		}
		for _, step := range ph.Steps {
			part.Table.Rows = append(part.Table.Rows, []page.Field{page.Word(p.Date(step.By)), page.Word(step.Text)})
		}
		s.Parts = append(s.Parts, part)
	}
	return s
}

func (a *Audit) trendSection(p *page.Printer) page.Section {
	s := page.Section{ID: "trend", Title: p.T("trend"), Nav: p.T("nav.trend"), Lead: p.T("trend.none")}
	t := a.Trend
	if t == nil {
		return s
	}
	s.Lead = p.T("trend.lead", p.Date(t.Before), score(p, t.ScoreBefore), score(p, t.Score))
	if t.Same != nil {
		s.Lead += " " + p.T("trend.same", score(p, t.SameBefore), score(p, t.Same))
	}
	changes := &page.Table{Label: s.Title, Columns: page.Words(p.T("col.test"), p.T("col.state"))}
	for _, x := range t.changes() {
		for _, id := range x.ids {
			changes.Rows = append(changes.Rows, []page.Field{page.Word(p.T("name." + id)), page.Word(p.T("trend." + x.state))})
		}
	}
	part := page.Part{Table: changes}
	if len(changes.Rows) == 0 {
		part = page.Part{Note: p.T("trend.quiet")}
	}
	history := &page.Table{Label: s.Title, Columns: append(page.Words(p.T("col.date")), page.Numbers(p.T("col.score"), p.T("col.debts"))...)}
	for _, x := range append(t.History[:len(t.History):len(t.History)], Point{a.AsOf, a.Score, len(a.Debts)}) {
		history.Rows = append(history.Rows, []page.Field{page.Word(p.Date(x.AsOf)), page.Word(score(p, x.Score)), page.Word(p.Count(int64(x.Debts)))})
	}
	s.Parts = []page.Part{part, {Table: history}}
	return s
}

// changes lists what became of debts, by state.
func (t *Trend) changes() []struct {
	state string
	ids   []string
} {
	return []struct {
		state string
		ids   []string
	}{{"new", t.New}, {"found", t.Found}, {"still", t.Still}, {"lost", t.Lost}, {"repaid", t.Repaid}}
}

func (a *Audit) passedSection(p *page.Printer) page.Section {
	s := page.Section{ID: "passed", Title: p.T("passed"), Nav: p.T("nav.passed")}
	if len(a.Passed) == 0 {
		s.Lead = p.T("passed.none")
		return s
	}
	t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words(p.T("col.test"), p.T("col.shows"), p.T("col.rule"))}
	for i := range a.Passed {
		x := &a.Passed[i]
		shows := page.Field{}
		for _, e := range x.Evidence[:min(4, len(x.Evidence))] {
			shows.Lines = append(shows.Lines, p.T("colon", e.Label, e.Text))
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(x.Title), shows, page.Word(x.Rule)})
	}
	s.Parts = []page.Part{{Table: t}}
	return s
}

func (a *Audit) missingSection(p *page.Printer) page.Section {
	s := page.Section{ID: "missing", Title: p.T("missing"), Nav: p.T("nav.missing")}
	if len(a.NotComputable) == 0 {
		s.Lead = p.T("missing.none")
	} else {
		t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words(p.T("col.test"), p.T("col.needs"))}
		for i := range a.NotComputable {
			x := &a.NotComputable[i]
			t.Rows = append(t.Rows, []page.Field{page.Word(x.Title), page.Word(p.T("not_computable", x.Why))})
		}
		s.Parts = append(s.Parts, page.Part{Table: t})
	}
	if len(a.LeftOut) > 0 {
		var titles []string
		for _, x := range a.LeftOut {
			titles = append(titles, x.ID)
		}
		s.Parts = append(s.Parts, page.Part{Note: p.T("left_out", join(titles))})
	}
	return s
}
