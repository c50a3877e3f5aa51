package segment

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// Sentence says how far marketing and sales agree.
func (r *Reconciliation) Sentence(p *page.Printer) string {
	if r.Rand == nil {
		return p.T("reconcile.apart", p.Count(r.Marketing.Accounts), p.Count(r.Sales.Accounts))
	}
	return p.T("reconcile.sentence", p.Count(r.Both), p.Plain(*r.Rand), p.Count(r.Conflicts))
}

// parts shows marketing's segments against those of sales.
func (r *Reconciliation) parts(p *page.Printer, grades []string) []page.Part {
	out := []page.Part{{Title: p.T("reconcile.title"), Note: r.Sentence(p), List: r.notes(p)}}
	if r.Both == 0 {
		return out
	}
	out = append(out, page.Part{Title: p.T("reconcile.table"), Table: r.contingency(p)}, page.Part{Title: p.T("reconcile.common"), Note: p.T("reconcile.rule"), Table: r.common(p, grades)})
	if len(r.Examples) > 0 {
		out = append(out, page.Part{Title: p.T("reconcile.conflicts", p.Count(int64(len(r.Examples))), p.Count(r.Conflicts)), Fold: true, Table: r.conflicts(p)})
	}
	return out
}

// notes says what is in one list only.
func (r *Reconciliation) notes(p *page.Printer) (out []string) {
	for key, s := range []*Side{&r.Marketing, &r.Sales} {
		who := p.T([]string{"reconcile.marketing", "reconcile.sales"}[key])
		out = append(out, p.T("reconcile.side", who, p.Count(s.Accounts), p.Count(s.Alone)))
		if len(s.Unpaired) > 0 && r.Both > 0 {
			out = append(out, p.T("reconcile.unpaired", who, strings.Join(s.Unpaired, ", ")))
		}
		if s.Twice > 0 {
			out = append(out, p.T("reconcile.twice", who, p.Count(s.Twice)))
		}
	}
	return append(out, p.T("reconcile.neither", p.Count(r.Neither)))
}

func (r *Reconciliation) contingency(p *page.Printer) *page.Table {
	t := &page.Table{Label: p.T("reconcile.table"), Columns: append(page.Words(p.T("reconcile.across")), page.Numbers(r.Sales.Segments...)...)}
	for i, counts := range r.Counts {
		row := []page.Field{page.Word(r.Marketing.Segments[i])}
		for _, n := range counts {
			row = append(row, page.Number(float64(n), p.Count(n)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *Reconciliation) common(p *page.Printer, grades []string) *page.Table {
	t := &page.Table{Label: p.T("reconcile.common"), Stack: true, Columns: append(page.Words(p.T("segments.segment")),
		page.Numbers(p.T("reconcile.overlap"), p.T("reconcile.agreed"), p.T("segments.accounts"), p.T("segments.customers"), p.T("segments.points"))...)}
	t.Columns = append(t.Columns, page.Words(p.T("segments.grades"))...)
	for i := range r.Common {
		c := &r.Common[i]
		var mix []string
		for k, n := range c.Grades {
			mix = append(mix, fmt.Sprintf("%s %s", grades[k], p.Count(n)))
		}
		t.Rows = append(t.Rows, []page.Field{
			page.Word(c.Name), page.Number(c.Overlap, p.Num(c.Overlap, 2)), page.Number(float64(c.Agreed), p.Count(c.Agreed)), page.Number(float64(c.Accounts), p.Count(c.Accounts)),
			page.Number(float64(c.Customers), p.Count(c.Customers)), page.Number(c.Points.Value, points(p, c.Points)), page.Word(strings.Join(mix, ", ")),
		})
	}
	return t
}

func (r *Reconciliation) conflicts(p *page.Printer) *page.Table {
	t := &page.Table{Label: p.T("reconcile.title"), Sortable: true, Columns: page.Words(p.T("reconcile.account"), p.T("reconcile.grade"), p.T("reconcile.marketing"), p.T("reconcile.sales"), p.T("reconcile.proposed"))}
	for _, c := range r.Examples {
		t.Rows = append(t.Rows, []page.Field{page.Word(c.Domain), page.Letter(c.Grade), page.Word(c.Marketing), page.Word(c.Sales), page.Word(c.Common)})
	}
	return t
}
