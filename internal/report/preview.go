package report

import (
	"fmt"
	"io"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/evaluate"
)

// A Preview says what the grades of a model would be by other methods and on
// other scales.
type Preview struct {
	Name    string // of the ICP
	Version string // of the model
	Lang    string
	Learned bool // lifts are claimed: the model is no written grid
	Ways    []Way
}

// A Way is one method of cutting grades on one scale.
type Way struct {
	Method  string              `json:"method"`
	Scale   string              `json:"scale"`
	Current bool                `json:"current"` // the model's own
	Grades  []evaluate.GradeRow `json:"grades"`
	Notes   []string            `json:"notes,omitempty"`
	Problem string              `json:"problem,omitempty"` // why the method cannot be shown
}

// WritePreviewHTML writes a preview as one page that loads nothing from anywhere,
// in the report's style.
func WritePreviewHTML(w io.Writer, v *Preview) error {
	p, err := page.NewPrinter(v.Lang, catalogue)
	if err != nil {
		return err
	}
	d := &page.Document{
		Lang: p.Lang, Title: p.T("preview.title"), Name: page.Clean(v.Name), Subtitle: p.T("preview.subtitle", page.Clean(v.Version)), Headline: p.T("preview.headline"),
		Nav: p.T("sections"), Sort: p.T("sort"), Scroll: p.T("scroll"),
		Footer: p.T("preview.footer", page.Clean(v.Version)),
	}
	for i := range v.Ways {
		d.Sections = append(d.Sections, v.section(&v.Ways[i], p))
	}
	return page.WriteHTML(w, d)
}

// section puts one way into words.
func (v *Preview) section(w *Way, p *page.Printer) page.Section {
	name := p.Or("preview.method."+w.Method, w.Method)
	s := page.Section{ID: w.Method + "-" + w.Scale, Title: fmt.Sprintf("%s, %s", name, w.Scale), Nav: name, Lead: p.Or("preview.lead."+w.Method, "")}
	if v.scales() > 1 {
		s.Nav += " " + w.Scale
	}
	if w.Current {
		s.Title += " · " + p.T("preview.current")
	}
	if w.Problem != "" {
		s.Parts = []page.Part{{Note: page.Clean(w.Problem)}}
		return s
	}
	t := &page.Table{Label: s.Title, Columns: append(page.Words(p.T("col.grade")), page.Numbers(p.T("col.tier"), p.T("col.from"), p.T("col.accounts"), p.T("col.pool_share"), p.T("col.captured"))...)}
	if v.Learned {
		t.Columns = append(t.Columns, page.Numbers(p.T("col.lift"), p.T("preview.predicted"))...)
	}
	for _, g := range w.Grades {
		row := []page.Field{
			page.Letter(page.Clean(g.Grade)), page.Number(float64(g.Tier), p.Count(int64(g.Tier))), p.Optional(g.Points, func(x float64) string { return p.Num(x, 1) }),
			page.Number(g.Accounts, p.Num(g.Accounts, 0)), p.Share(g.PoolShare), page.Number(g.Captured.Value, p.Percents(g.Captured)),
		}
		if v.Learned {
			row = append(row, page.Number(g.Lift.Value, p.Times(g.Lift)), page.Number(g.Predicted, p.Num(g.Predicted, 1)+"×"))
		}
		t.Rows = append(t.Rows, row)
	}
	s.Parts = []page.Part{{Table: t, List: page.CleanAll(w.Notes)}}
	return s
}

// scales returns how many scales are shown.
func (v *Preview) scales() int {
	seen := map[string]bool{}
	for _, w := range v.Ways {
		seen[w.Scale] = true
	}
	return len(seen)
}
