package report

import (
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// namedReasons is how many reasons for an account the call list says without being
// opened.
const namedReasons = 3

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
	t := &page.Table{Label: s.Title, Stack: true, Sortable: true, Cut: true, Columns: page.Words(p.T("col.grade"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.points"))...), page.Words(p.T("col.account"), p.T("col.domain"), p.T("col.why"))...)
	for i := range list.Accounts {
		c := &list.Accounts[i]
		why := c.why()
		if len(c.Similar) > 0 {
			why = append(why, p.T("calls.like", strings.TrimSuffix(p.List(c.Similar), ".")))
		}
		row := []page.Field{page.Letter(c.Grade), page.Number(c.Points, p.Num(c.Points, 0)), account(p, c.Name), {Text: c.Domain, Class: "domain"}, {Lines: why, Class: "sentences"}}
		t.Rows, t.Details = append(t.Rows, row), append(t.Details, c.detail(p))
	}
	s.Parts = []page.Part{{Table: t, Note: r.complete("calls", p)}}
	return s
}

// complete says where the complete list is, "" where there is none.
func (r *Report) complete(name string, p *page.Printer) string {
	for _, l := range r.Lists {
		if l.Name == name {
			return p.T("complete", p.N("rows", l.Rows), name+".csv", name+".parquet")
		}
	}
	return ""
}

// why returns the strongest reasons for the account, in sentences; where there is
// none, what is against it.
func (c *Call) why() (lines []string) {
	for _, reason := range c.Reasons {
		if reason.MicroPoints > 0 && len(lines) < namedReasons {
			lines = append(lines, reason.Sentence)
		}
	}
	for _, reason := range c.Reasons {
		if lines == nil {
			lines = append(lines, reason.Sentence)
		}
	}
	return lines
}

// detail is what opens below a call: all reasons with their points.
func (c *Call) detail(p *page.Printer) *page.Detail {
	d := &page.Detail{Facts: []page.Fact{
		{Name: p.T("col.grade"), Text: p.T("detail.grade", c.Grade, p.Count(int64(c.Tier)))},
		{Name: p.T("col.points"), Text: p.Num(c.Points, 1)},
	}}
	fact := func(name, text string) { d.Facts = append(d.Facts, page.Fact{Name: name, Text: text}) }
	if c.Lift != nil {
		fact(p.T("col.lift"), p.T("detail.lift", p.Num(*c.Lift, 1)))
	}
	if c.Previous != "" {
		fact(p.T("col.before"), c.Previous)
	}
	if c.AccountID != "" {
		fact(p.T("detail.id"), c.AccountID)
	}
	var items []page.Item
	for _, reason := range c.Reasons {
		v := float64(reason.MicroPoints) / 1e6
		items = append(items, page.Item{Name: p.Feature(reason.Feature), Value: v, Low: v, High: v, Figure: p.Signed(v, 1)})
		d.List = append(d.List, reason.Sentence)
	}
	if items != nil {
		d.Chart = page.RowChart(p.T("detail.chart", c.Domain), p.T("detail.desc"), 34, items)
	}
	if len(c.Unknown) > 0 {
		names := make([]string, len(c.Unknown))
		for i, f := range c.Unknown {
			names[i] = p.Name(f)
		}
		d.Note = p.T("detail.unknown", p.List(names))
	}
	if c.Domain != "" {
		d.Code = "icpfit explain " + c.Domain
	}
	return d
}

// account is a cell with a name, if there is one.
func account(p *page.Printer, name string) page.Field {
	if name == "" {
		return page.Field{Text: p.T("none"), Class: "account"}
	}
	return page.Field{Text: name, Class: "account"}
}
