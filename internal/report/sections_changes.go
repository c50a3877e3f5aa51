package report

func (r *Report) callsSection(p *printer) section {
	s := section{ID: "calls", Title: p.t("calls.title"), Nav: p.t("calls.nav")}
	list := r.CallList
	shown, total := p.count(int64(len(list.Accounts))), p.count(list.Total)
	switch {
	case list.Rule == Best && list.Total == 0:
		s.Lead = p.t("calls.empty.best")
	case list.Rule == Best:
		s.Lead = p.t("calls.lead.best", shown, total)
	case list.Total == 0:
		s.Lead = p.t("calls.empty", p.date(r.PreviousAsOf))
	default:
		s.Lead = p.t("calls.lead.entered", p.date(r.PreviousAsOf), shown, total)
	}
	if len(list.Accounts) == 0 {
		return s
	}
	t := &table{Label: s.Title, Stack: true, Sortable: true, Columns: words(p.t("col.grade"))}
	t.Columns = append(append(t.Columns, numbers(p.t("col.points"))...), words(p.t("col.account"), p.t("col.domain"), p.t("col.why"))...)
	similar := false
	for _, c := range list.Accounts {
		similar = similar || len(c.Similar) > 0
	}
	if similar {
		t.Columns = append(t.Columns, words(p.t("col.similar"))...)
	}
	for _, c := range list.Accounts {
		why := field{Class: "why"}
		for _, reason := range c.Reasons {
			why.Lines = append(why.Lines, reason.Text)
		}
		row := []field{letter(c.Grade), number(c.Points, p.num(c.Points, 0)), p.account(c.Name), {Text: c.Domain, Class: "domain"}, why}
		if similar {
			row = append(row, field{Lines: c.Similar, Class: "why"})
		}
		t.Rows = append(t.Rows, row)
	}
	s.Parts = []part{{Table: t}}
	return s
}

// account is a cell with a name, if there is one.
func (p *printer) account(name string) field {
	if name == "" {
		return field{Text: p.t("none"), Class: "account"}
	}
	return field{Text: name, Class: "account"}
}

func (r *Report) changesSection(p *printer) section {
	s := section{ID: "changes", Title: p.t("changes.title"), Nav: p.t("changes.nav")}
	if r.FirstNight {
		s.Lead = p.t("changes.first")
		return s
	}
	s.Lead = p.t("changes.lead", p.n("accounts", r.Base.Up), p.count(r.Base.Down), p.date(r.PreviousAsOf))
	s.Parts = []part{
		{Title: p.t("changes.matrix"), Table: r.matrix(p), Note: p.t("changes.merged")},
		r.causesPart(p),
		r.moversPart(p.t("changes.up"), r.Movers.Up, p),
		r.moversPart(p.t("changes.down"), r.Movers.Down, p),
	}
	return s
}

func (r *Report) matrix(p *printer) *table {
	t := &table{Label: p.t("changes.matrix"), Columns: words(p.t("col.before"))}
	for _, to := range r.Migration.To {
		t.Columns = append(t.Columns, numbers(p.or("to."+to, p.or("from."+to, to)))...)
	}
	for i, from := range r.Migration.From {
		row := []field{letter(from)}
		if name := p.or("from."+from, ""); name != "" {
			row[0] = word(name)
		}
		for k, n := range r.Migration.Counts[i] {
			f := number(float64(n), p.count(n))
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

func (r *Report) causesPart(p *printer) part {
	out := part{Title: p.t("changes.causes")}
	if len(r.Causes) == 0 {
		out.Note = p.t("changes.no_causes")
		return out
	}
	out.Table = &table{Label: out.Title, Columns: append(words(p.t("col.cause")), numbers(p.t("col.accounts"))...)}
	for _, c := range r.Causes {
		out.Table.Rows = append(out.Table.Rows, []field{word(p.or("cause."+c.Cause, c.Cause)), number(float64(c.Accounts), p.count(c.Accounts))})
	}
	return out
}

func (r *Report) moversPart(title string, movers []Mover, p *printer) part {
	out := part{Title: title}
	if len(movers) == 0 {
		out.Note = p.t("changes.none")
		return out
	}
	t := &table{Label: title, Stack: true, Sortable: true, Columns: words(p.t("col.account"), p.t("col.domain"), p.t("col.before"), p.t("col.now"))}
	t.Columns = append(append(t.Columns, numbers(p.t("col.change"))...), words(p.t("col.cause"), p.t("col.customer"))...)
	for _, m := range movers {
		cause := p.t("none")
		if m.Cause != "" {
			cause = p.or("cause."+m.Cause, m.Cause)
		}
		if m.CauseFeature != "" {
			cause += " (" + m.CauseFeature + ")"
		}
		customer := p.t("none")
		if m.Customer {
			customer = p.t("customer")
		}
		change := m.Points - m.PointsBefore
		t.Rows = append(t.Rows, []field{
			p.account(m.Name),
			{Text: m.Domain, Class: "domain"},
			letter(m.From), letter(m.To),
			number(change, p.signed(change, 1)), word(cause), word(customer),
		})
	}
	out.Table, out.Fold = t, true
	return out
}

func (r *Report) unscoredSection(p *printer) section {
	s := section{ID: "unscored", Title: p.t("unscored.title"), Nav: p.t("unscored.nav")}
	if len(r.Unscored) == 0 {
		s.Lead = p.t("unscored.all")
		return s
	}
	s.Lead = p.t("unscored.lead", p.count(r.Base.Unscored), p.count(r.Base.Accounts))
	t := &table{Label: s.Title, Stack: true, Columns: words(p.t("col.reason"))}
	t.Columns = append(append(t.Columns, numbers(p.t("col.accounts"), p.t("col.share"))...), words(p.t("col.meaning"), p.t("col.fix"))...)
	for _, u := range r.Unscored {
		t.Rows = append(t.Rows, []field{{Text: u.Reason, Class: "code"}, number(float64(u.Accounts), p.count(u.Accounts)), p.shareField(u.Share), word(u.Meaning), word(u.Fix)})
	}
	s.Parts = []part{{Table: t}}
	return s
}
