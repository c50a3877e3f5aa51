package segment

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

// Section puts a night's segments into a section of a report; nil says that there
// are none of that night, and how to make some.
func (d *Divided) Section(lang string) (page.Section, error) {
	p, err := page.NewPrinter(lang, Words)
	if err != nil {
		return page.Section{}, err
	}
	s := page.Section{ID: "segments", Title: p.T("segments.title"), Nav: p.T("segments.title")}
	if d == nil {
		s.Lead = p.T("segments.unmade")
		return s, nil
	}
	s.Lead = d.Sentence(p)
	if d.Scored == 0 {
		s.Lead = p.T("segments.nobody")
		return s, nil
	}
	s.Parts = append(s.Parts, d.overview(p)...)
	if sizes := d.SizesSentence(p); sizes != "" {
		s.Parts = append(s.Parts, page.Part{Note: sizes})
	}
	if len(d.Portraits) > 1 {
		for i := range d.Portraits {
			s.Parts = append(s.Parts, d.portrait(p, &d.Portraits[i]))
		}
	}
	if d.Reconciliation != nil {
		s.Parts = append(s.Parts, d.Reconciliation.parts(p, d.Grades)...)
	}
	if len(d.Trials) > 0 {
		s.Parts = append(s.Parts, d.trials(p))
	}
	return s, nil
}

// overview shows all segments beside each other.
func (d *Divided) overview(p *page.Printer) []page.Part {
	var items []page.Item
	t := &page.Table{Label: p.T("segments.title"), Stack: true, Columns: append(page.Words(p.T("segments.segment")),
		page.Numbers(p.T("segments.accounts"), p.T("segments.share"), p.T("segments.before"), p.T("segments.customers"), p.T("segments.captured"), p.T("segments.lift"), p.T("segments.points"), p.T("segments.stability"))...)}
	for i := range d.Portraits {
		s := &d.Portraits[i]
		row := []page.Field{
			page.Word(s.Title(p)), page.Number(float64(s.Accounts), p.Count(s.Accounts)), p.Share(s.Share), p.Optional(nil, nil), page.Number(float64(s.Customers), p.Count(s.Customers)),
			p.Interval(s.Captured, p.Percents), p.Interval(s.Lift, p.Times), p.Interval(s.Points, func(v metrics.Interval) string { return points(p, v) }),
			p.Optional(s.Stability, func(v float64) string { return p.Num(v, 2) }),
		}
		if s.Before != nil {
			row[3] = page.Number(float64(*s.Before), p.Count(*s.Before))
		}
		t.Rows = append(t.Rows, row)
		if s.Captured != nil {
			items = append(items, page.Item{Name: s.Title(p), Value: s.Captured.Value, Low: s.Captured.Low, High: s.Captured.High, Mark: &s.Share, Figure: p.Percent(s.Captured.Value)})
		}
	}
	parts := []page.Part{{Table: t, Note: p.T("segments.note")}}
	if len(items) > 1 {
		desc := p.T("segments.chart.desc")
		c := page.RowChart(p.T("segments.chart"), desc, 42, items)
		parts = append([]page.Part{{Title: c.Title, Chart: c, Legend: desc}}, parts...)
	}
	return parts
}

func points(p *page.Printer, i metrics.Interval) string {
	return fmt.Sprintf("%s (%s–%s)", p.Num(i.Value, 1), p.Num(i.Low, 1), p.Num(i.High, 1))
}

// portrait shows one segment.
func (d *Divided) portrait(p *page.Printer, s *Portrait) page.Part {
	c := page.Part{Title: s.Title(p), Legend: s.Where}
	if s.Empty() {
		c.Note = p.T("segment.empty")
		return c
	}
	var items []page.Item
	for i, n := range s.Grades {
		share := float64(n) / float64(s.Accounts)
		items = append(items, page.Item{Name: d.Grades[i], Value: share, Class: page.GradeClass(d.Grades[i]), Figure: p.Percent(share)})
	}
	desc := p.T("segments.grades.desc", s.Title(p))
	c.Chart = page.RowChart(p.T("segments.grades"), desc, 8, items)
	if c.Legend != "" {
		c.Legend += ". "
	}
	c.Legend += desc
	if len(s.Values) > 0 {
		c.Table = &page.Table{Label: p.T("segments.values"), Columns: append(page.Words(p.T("segments.value")), page.Numbers(p.T("segments.here"), p.T("segments.elsewhere"), p.T("segments.times"))...)}
		for i := range s.Values {
			v := &s.Values[i]
			c.Table.Rows = append(c.Table.Rows, []page.Field{page.Word(p.T("segments.value.of", p.Feature(v.Feature), v.Label(p))), p.Share(v.Share), page.Number(v.Rest, p.Percent(v.Rest)), page.Number(v.Lift.Value, p.Times(v.Lift))})
		}
	} else {
		c.Note = p.T("segments.nothing") + " "
	}
	var typical []string
	for _, t := range s.Typical {
		typical = append(typical, fmt.Sprintf("%s (%s)", t.Domain, t.Grade))
	}
	if len(typical) > 0 {
		c.Note += p.T("segment.typical", strings.Join(typical, ", "))
	}
	return c
}

// trials shows how the number of segments was chosen.
func (d *Divided) trials(p *page.Printer) page.Part {
	t := &page.Table{Label: p.T("segments.trials"), Columns: append(page.Numbers(p.T("segments.number"), p.T("segments.rand"), p.T("segments.explained"), p.T("segments.shuffled"), p.T("segments.smallest")), page.Words(p.T("segments.verdict"))...)}
	for i := range d.Trials {
		x := &d.Trials[i]
		verdict := p.T("segments.possible")
		if x.Fault != "" {
			verdict = p.T("segments." + x.Fault)
		}
		t.Rows = append(t.Rows, []page.Field{
			page.Number(float64(x.Segments), p.Count(int64(x.Segments))), page.Number(x.Stability.Value, p.Plain(x.Stability)), page.Number(x.Explained, p.Percent(x.Explained)),
			page.Number(x.Shuffled, p.Percent(x.Shuffled)), page.Number(x.Smallest, p.Percent(x.Smallest)), page.Word(verdict),
		})
	}
	return page.Part{Title: p.T("segments.trials"), Note: p.T("segments.trials.note", p.Date(d.MadeOf), p.Count(int64(d.Sample))), Fold: true, Table: t}
}
