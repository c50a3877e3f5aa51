package report

import "github.com/icpfit/icpfit/internal/page"

func (r *Report) callsSection(p *page.Printer) page.Section {
	s := page.Section{ID: "calls", Title: p.T("calls.title"), Nav: p.T("calls.nav")}
	list := r.CallList
	shown, total := p.Count(int64(len(list.Accounts))), p.Count(list.Total)
	switch {
	case len(r.Held) > 0:
		s.Lead = p.T("calls.held")
	case list.Rule == Best && list.Total == 0:
		s.Lead = p.T("calls.empty.best")
	case list.Rule == Best:
		s.Lead = p.T("calls.lead.best", shown, total)
	case list.Total == 0:
		s.Lead = p.T("calls.empty", p.Date(r.PreviousAsOf))
	default:
		s.Lead = p.T("calls.lead.entered", p.Date(r.PreviousAsOf), shown, total)
	}
	if len(list.Accounts) == 0 {
		return s
	}
	t := &page.Table{Label: s.Title, Stack: true, Sortable: true, Columns: page.Words(p.T("col.grade"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.points"))...), page.Words(p.T("col.account"), p.T("col.domain"), p.T("col.why"))...)
	similar := false
	for _, c := range list.Accounts {
		similar = similar || len(c.Similar) > 0
	}
	if similar {
		t.Columns = append(t.Columns, page.Words(p.T("col.similar"))...)
	}
	for _, c := range list.Accounts {
		why := page.Field{Class: "why"}
		for _, reason := range c.Reasons {
			why.Lines = append(why.Lines, reason.Text)
		}
		row := []page.Field{page.Letter(c.Grade), page.Number(c.Points, p.Num(c.Points, 0)), account(p, c.Name), {Text: c.Domain, Class: "domain"}, why}
		if similar {
			row = append(row, page.Field{Lines: c.Similar, Class: "why"})
		}
		t.Rows = append(t.Rows, row)
	}
	s.Parts = []page.Part{{Table: t}}
	return s
}

// account is a cell with a name, if there is one.
func account(p *page.Printer, name string) page.Field {
	if name == "" {
		return page.Field{Text: p.T("none"), Class: "account"}
	}
	return page.Field{Text: name, Class: "account"}
}

func (r *Report) changesSection(p *page.Printer) page.Section {
	s := page.Section{ID: "changes", Title: p.T("changes.title"), Nav: p.T("changes.nav")}
	if r.FirstNight {
		s.Lead = p.T("changes.first")
		return s
	}
	s.Lead = p.T("changes.lead", p.N("accounts", r.Base.Up), p.Count(r.Base.Down), p.Date(r.PreviousAsOf))
	s.Parts = []page.Part{
		{Title: p.T("changes.matrix"), Table: r.matrix(p), Note: p.T("changes.merged")},
		r.causesPart(p),
		r.moversPart(p.T("changes.up"), r.Movers.Up, p),
		r.moversPart(p.T("changes.down"), r.Movers.Down, p),
	}
	return s
}

func (r *Report) matrix(p *page.Printer) *page.Table {
	t := &page.Table{Label: p.T("changes.matrix"), Columns: page.Words(p.T("col.before"))}
	for _, to := range r.Migration.To {
		t.Columns = append(t.Columns, page.Numbers(p.Or("to."+to, p.Or("from."+to, to)))...)
	}
	for i, from := range r.Migration.From {
		row := []page.Field{page.Letter(from)}
		if name := p.Or("from."+from, ""); name != "" {
			row[0] = page.Word(name)
		}
		for k, n := range r.Migration.Counts[i] {
			f := page.Number(float64(n), p.Count(n))
			switch {
			case n == 0:
				f.Class = "zero"
			case r.Migration.To[k] == from:
				f.Class = "same"
			}
			row = append(row, f)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *Report) causesPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("changes.causes")}
	if len(r.Causes) == 0 {
		out.Note = p.T("changes.no_causes")
		return out
	}
	out.Table = &page.Table{Label: out.Title, Columns: append(page.Words(p.T("col.cause")), page.Numbers(p.T("col.accounts"))...)}
	for _, c := range r.Causes {
		out.Table.Rows = append(out.Table.Rows, []page.Field{page.Word(p.Or("cause."+c.Cause, c.Cause)), page.Number(float64(c.Accounts), p.Count(c.Accounts))})
	}
	return out
}

func (r *Report) moversPart(title string, movers []Mover, p *page.Printer) page.Part {
	out := page.Part{Title: title}
	if len(movers) == 0 {
		out.Note = p.T("changes.none")
		return out
	}
	t := &page.Table{Label: title, Stack: true, Sortable: true, Columns: page.Words(p.T("col.account"), p.T("col.domain"), p.T("col.before"), p.T("col.now"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.change"))...), page.Words(p.T("col.cause"), p.T("col.customer"))...)
	for _, m := range movers {
		cause := p.T("none")
		if m.Cause != "" {
			cause = p.Or("cause."+m.Cause, m.Cause)
		}
		if m.CauseFeature != "" {
			cause += " (" + m.CauseFeature + ")"
		}
		customer := p.T("none")
		if m.Customer {
			customer = p.T("customer")
		}
		change := m.Points - m.PointsBefore
		t.Rows = append(t.Rows, []page.Field{
			account(p, m.Name),
			{Text: m.Domain, Class: "domain"},
			page.Letter(m.From), page.Letter(m.To),
			page.Number(change, p.Signed(change, 1)), page.Word(cause), page.Word(customer),
		})
	}
	out.Table, out.Fold = t, true
	return out
}

func (r *Report) unscoredSection(p *page.Printer) page.Section {
	s := page.Section{ID: "unscored", Title: p.T("unscored.title"), Nav: p.T("unscored.nav")}
	if len(r.Unscored) == 0 {
		s.Lead = p.T("unscored.all")
		return s
	}
	s.Lead = p.T("unscored.lead", p.Count(r.Base.Unscored), p.Count(r.Base.Accounts))
	t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words(p.T("col.reason"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.accounts"), p.T("col.share"))...), page.Words(p.T("col.meaning"), p.T("col.fix"))...)
	for _, u := range r.Unscored {
		t.Rows = append(t.Rows, []page.Field{{Text: u.Reason, Class: "code"}, page.Number(float64(u.Accounts), p.Count(u.Accounts)), p.Share(u.Share), page.Word(u.Meaning), page.Word(u.Fix)})
	}
	s.Parts = []page.Part{{Table: t}}
	return s
}
