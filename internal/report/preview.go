package report

import (
	"fmt"
	"io"

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
	p, err := newPrinter(v.Lang)
	if err != nil {
		return err
	}
	d := &document{
		Lang: p.lang, Title: p.t("preview.title"), Name: clean(v.Name), Subtitle: p.t("preview.subtitle", clean(v.Version)), Headline: p.t("preview.headline"),
		Nav: p.t("sections"), Sort: p.t("sort"), Scroll: p.t("scroll"),
		Footer: p.t("preview.footer", clean(v.Version)),
	}
	for i := range v.Ways {
		d.Sections = append(d.Sections, v.section(&v.Ways[i], p))
	}
	return writePage(w, d, "grades preview")
}

// section puts one way into words.
func (v *Preview) section(w *Way, p *printer) section {
	name := p.or("preview.method."+w.Method, w.Method)
	s := section{ID: w.Method + "-" + w.Scale, Title: fmt.Sprintf("%s, %s", name, w.Scale), Nav: name, Lead: p.or("preview.lead."+w.Method, "")}
	if v.scales() > 1 {
		s.Nav += " " + w.Scale
	}
	if w.Current {
		s.Title += " · " + p.t("preview.current")
	}
	if w.Problem != "" {
		s.Parts = []part{{Note: clean(w.Problem)}}
		return s
	}
	t := &table{Label: s.Title, Columns: append(words(p.t("col.grade")), numbers(p.t("col.tier"), p.t("col.from"), p.t("col.accounts"), p.t("col.pool_share"), p.t("col.captured"))...)}
	if v.Learned {
		t.Columns = append(t.Columns, numbers(p.t("col.lift"), p.t("preview.predicted"))...)
	}
	for _, g := range w.Grades {
		row := []field{
			letter(clean(g.Grade)), number(float64(g.Tier), p.count(int64(g.Tier))), p.optional(g.Points, func(x float64) string { return p.num(x, 1) }),
			number(g.Accounts, p.num(g.Accounts, 0)), p.shareField(g.PoolShare), number(g.Captured.Value, p.percents(g.Captured)),
		}
		if v.Learned {
			row = append(row, number(g.Lift.Value, p.times(g.Lift)), number(g.Predicted, p.num(g.Predicted, 1)+"×"))
		}
		t.Rows = append(t.Rows, row)
	}
	s.Parts = []part{{Table: t, List: cleanAll(w.Notes)}}
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
