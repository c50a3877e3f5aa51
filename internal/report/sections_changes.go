package report

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/internal/page"
)

func (r *Report) changesSection(p *page.Printer) page.Section {
	s := page.Section{ID: "changes", Title: p.T("changes.title"), Nav: p.T("changes.nav")}
	if r.FirstNight {
		s.Lead = p.T("changes.first")
		return s
	}
	s.Lead = p.T("changes.lead", p.N("accounts", r.Base.Up), p.Count(r.Base.Down), p.Date(r.PreviousAsOf))
	note := p.T("changes.merged")
	if r.PreviousGone {
		note = p.T("changes.gone", p.Date(r.PreviousAsOf))
	}
	s.Parts = []page.Part{r.flowPart(p), {Title: p.T("changes.matrix"), Table: r.matrix(p), Note: note}}
	s.Parts = append(s.Parts, folded(r.causesPart(p), p))
	if r.PreviousGone {
		return s
	}
	s.Parts = append(s.Parts, r.moversPart(p.T("changes.up"), r.Movers.Up, p), r.moversPart(p.T("changes.down"), r.Movers.Down, p), page.Part{Note: r.complete("changes", p)})
	return s
}

// flowPart draws the accounts whose grade changed, from one grade to the other.
func (r *Report) flowPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("changes.flow")}
	m := r.Migration
	flows := make([][]int64, len(m.From))
	var moved, stayed int64
	for i := range m.From {
		flows[i] = make([]int64, len(m.To))
		for k, n := range m.Counts[i] {
			if m.kept(i, k) {
				stayed += n
				continue
			}
			flows[i][k] = n
			moved += n
		}
	}
	if moved == 0 {
		out.Note = p.T("changes.no_causes")
		return out
	}
	node := func(name string) page.Node { return page.Node{Name: r.gradeName(name, p), Class: gradeOrRest(name)} }
	var from, to []page.Node
	for _, name := range m.From {
		from = append(from, node(name))
	}
	for _, name := range m.To {
		to = append(to, node(name))
	}
	class := func(i, k int) string { return [...]string{"minus", "few", "plus"}[1+m.direction(i, k)] }
	text := func(i, k int) string {
		return p.T("changes.ribbon", from[i].Name, to[k].Name, p.Count(flows[i][k]))
	}
	out.Legend = p.T("changes.flow.lead", p.N("accounts", moved), p.Count(stayed))
	out.Chart = page.FlowChart(out.Title, out.Legend, [2]string{p.T("col.before"), p.T("col.now")}, from, to, flows, p.Count, class, text)
	out.Chart.Keys = []page.Key{{Sign: "box", Class: "plus", Text: p.T("changes.better")}, {Sign: "box", Class: "minus", Text: p.T("changes.worse")}, {Sign: "box", Class: "few", Text: p.T("changes.other")}}
	return out
}

// kept reports whether the accounts in a cell kept what they had.
func (m *Migration) kept(i, k int) bool {
	return m.From[i] == m.To[k] || m.From[i] == "without" && m.To[k] == "unscored"
}

// direction is 1 for a better grade, -1 for a worse one, 0 where there was or is none.
func (m *Migration) direction(i, k int) int {
	from, to := m.From[i], m.To[k]
	switch {
	case len(from) != 1 || len(to) != 1 || from == to:
		return 0
	case to < from:
		return 1
	}
	return -1
}

// gradeOrRest is the class of a grade's bar.
func gradeOrRest(name string) string {
	if len(name) == 1 {
		return page.GradeClass(name)
	}
	return "few"
}

// gradeName writes a row or column of the migration.
func (r *Report) gradeName(name string, p *page.Printer) string {
	return p.Or("to."+name, p.Or("from."+name, name))
}

func (r *Report) matrix(p *page.Printer) *page.Table {
	m := r.Migration
	t := &page.Table{Label: p.T("changes.matrix"), Matrix: true, Columns: page.Words(p.T("col.before"))}
	var most int64
	for i := range m.From {
		for k, n := range m.Counts[i] {
			if !m.kept(i, k) {
				most = max(most, n)
			}
		}
	}
	for _, to := range m.To {
		t.Columns = append(t.Columns, page.Numbers(r.gradeName(to, p))...)
	}
	for i, from := range m.From {
		row := []page.Field{page.Letter(from)}
		if len(from) != 1 {
			row[0] = page.Word(r.gradeName(from, p))
		}
		for k, n := range m.Counts[i] {
			f := page.Number(float64(n), p.Count(n))
			f.Class = m.shade(i, k, n, most)
			row = append(row, f)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// shade returns the class of a cell of the matrix: the more accounts moved, the
// darker, by order of magnitude.
func (m *Migration) shade(i, k int, n, most int64) string {
	switch {
	case n == 0:
		return "zero"
	case m.kept(i, k):
		return "same"
	}
	depth := "1"
	switch {
	case n*3 >= most:
		depth = "3"
	case n*20 >= most:
		depth = "2"
	}
	return [...]string{"down", "side", "up"}[1+m.direction(i, k)] + depth
}

func (r *Report) causesPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("changes.causes")}
	if len(r.Causes) == 0 {
		out.Note = p.T("changes.no_causes")
		return out
	}
	var items []page.Item
	out.Table = &page.Table{Label: out.Title, Columns: append(page.Words(p.T("col.cause")), page.Numbers(p.T("col.accounts"))...)}
	for _, c := range r.Causes {
		items = append(items, page.Item{Name: p.Or("cause."+c.Cause, c.Cause), Value: float64(c.Accounts), Class: "plus", Figure: p.Count(c.Accounts)})
		out.Table.Rows = append(out.Table.Rows, []page.Field{page.Word(p.Or("cause."+c.Cause, c.Cause)), page.Number(float64(c.Accounts), p.Count(c.Accounts))})
	}
	if len(items) > 1 {
		out.Chart = page.RowChart(out.Title, p.T("changes.causes.desc"), 0, items)
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
			cause = p.T("cause.feature", cause, p.Name(m.CauseFeature))
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
		if s.Lead = p.T("unscored.all"); r.Base.Accounts == 0 {
			s.Lead = p.T("unscored.empty")
		}
		return s
	}
	s.Lead = p.T("unscored.lead", p.Count(r.Base.Unscored), p.Count(r.Base.Accounts))
	t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words(p.T("col.reason"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.accounts"), p.T("col.share"))...), page.Words(p.T("col.fix"), p.T("col.code"))...)
	var items []page.Item
	for _, u := range r.Unscored {
		items = append(items, page.Item{Name: u.Meaning, Value: float64(u.Accounts), Class: "plus", Figure: p.Count(u.Accounts)})
		t.Rows = append(t.Rows, []page.Field{page.Word(u.Meaning), page.Number(float64(u.Accounts), p.Count(u.Accounts)), p.Share(u.Share), page.Word(u.Fix), {Text: u.Reason, Class: "code"}})
	}
	s.Parts = []page.Part{{Table: t, Note: r.complete("unscored", p)}}
	slices.SortStableFunc(items, func(a, b page.Item) int { return cmp.Compare(b.Value, a.Value) })
	if len(items) > 1 {
		s.Parts = append([]page.Part{{Chart: page.RowChart(s.Title, p.T("unscored.desc"), 0, items)}}, s.Parts...)
	}
	return s
}
