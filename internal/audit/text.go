package audit

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// Text returns an audit for a terminal: the same texts and figures as its page.
func Text(a *Audit) (string, error) {
	p, err := page.NewPrinter(a.Lang, catalogue)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.Headline)
	for i := range a.Debts {
		a.Debts[i].text(&b, p)
	}
	titles := func(key string, tests []Test) {
		if len(tests) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n%s\n", p.T(key))
		for _, t := range tests {
			if t.Why != "" {
				fmt.Fprintf(&b, "  %s\n", p.T("colon", t.Title, p.T("not_computable", t.Why)))
				continue
			}
			shows := t.Title
			if len(t.Evidence) > 0 {
				shows = p.T("colon", shows, t.Evidence[0].Label+", "+t.Evidence[0].Text)
			}
			fmt.Fprintf(&b, "  %s\n", shows)
		}
	}
	titles("passed", a.Passed)
	titles("missing", a.NotComputable)
	a.trendText(&b, p)
	fmt.Fprintf(&b, "\n%s\n", p.T("plan"))
	for _, ph := range a.Plan {
		fmt.Fprintf(&b, "  %s\n", p.T("plan.phase", ph.Title, ph.From, ph.To))
		for _, s := range ph.Steps {
			fmt.Fprintf(&b, "    %s  %s\n", s.By, s.Text)
		}
		if len(ph.Steps) == 0 {
			fmt.Fprintf(&b, "    %s\n", p.T("nothing_due"))
		}
	}
	return b.String(), nil
}

func (d *Debt) text(b *strings.Builder, p *page.Printer) {
	fmt.Fprintf(b, "\n[%s] %s. %s\n", p.T("severity."+d.Severity), d.Title, d.Meaning)
	for _, e := range d.Evidence {
		fmt.Fprintf(b, "  %s", p.T("colon", e.Label, e.Text))
		if e.Limit != nil {
			fmt.Fprintf(b, "; %s %s", strings.ToLower(p.T("col.limit")), e.limit)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "  %s\n", p.T("next", d.Next))
}

func (a *Audit) trendText(b *strings.Builder, p *page.Printer) {
	t := a.Trend
	if t == nil {
		return
	}
	fmt.Fprintf(b, "\n%s\n  %s\n", p.T("trend"), p.T("trend.lead", p.Date(t.Before), score(p, t.ScoreBefore), score(p, t.Score)))
	if t.Same != nil {
		fmt.Fprintf(b, "  %s\n", p.T("trend.same", score(p, t.SameBefore), score(p, t.Same)))
	}
	for _, x := range t.changes() {
		for _, id := range x.ids {
			fmt.Fprintf(b, "  %s\n", p.T("colon", p.T("name."+id), p.T("trend."+x.state)))
		}
	}
}
