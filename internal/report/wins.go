package report

import (
	"context"
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// Wins says how the model grades the customers that were won after the data it
// learned from, as they were known before they were won: it has not seen them.
type Wins struct {
	Computable bool       `json:"computable"` // the customers have dates
	Since      string     `json:"since"`      // date of what the model learned
	Won        int64      `json:"won"`        // customers won since
	Scored     int64      `json:"scored"`     // of these, known well enough to be graded
	Top        int64      `json:"top"`        // of these, A or B
	Grades     []WonGrade `json:"grades"`     // best first; none where nothing was scored

	// Captured is the share of the scored that are A or B, with its 95 % interval
	// (Wilson); Expected is that of the customers out of fold, Pool that of the
	// prospects. nil: not known.
	Captured *metrics.Interval `json:"captured"`
	Expected *metrics.Interval `json:"expected"`
	Pool     *float64          `json:"pool"`
}

// A WonGrade counts the wins of a grade.
type WonGrade struct {
	Grade string  `json:"grade"`
	Won   int64   `json:"won"`
	Share float64 `json:"share"` // of the scored
	Pool  float64 `json:"pool"`  // share of the prospects
}

// Missed reports whether clearly fewer wins are A or B than the model promised: the
// intervals do not meet.
func (w *Wins) Missed() bool {
	return w.Captured != nil && w.Expected != nil && w.Captured.High < w.Expected.Low
}

// readWins scores the customers won since the model's date, and names for each of the
// calls the customers that are most like it. Grades of a written grid
// or cut on priority promise nothing to be compared with.
func readWins(ctx context.Context, in *Input, calls []pick) (_ *Wins, err error) {
	w := &Wins{Since: in.Model.AsOf, Grades: []WonGrade{}}
	if in.Customers == "" {
		return w, nil
	}
	t, err := features.OpenTable(in.Customers)
	if err != nil {
		return nil, fmt.Errorf("report: customers: %w", err)
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if t.Name != features.CustomersTable || t.AsOf != in.AsOf {
		return nil, fmt.Errorf("report: customers: %s is the %s table of %s; want the customers table of %s", in.Customers, t.Name, t.AsOf, in.AsOf)
	}
	columns := []string{"won_at", "domain", "name"}
	for _, s := range in.Model.Specs {
		columns = append(columns, s.Name)
	}
	all, err := t.Load(ctx, columns, nil)
	if err != nil {
		return nil, fmt.Errorf("report: customers: %w", err)
	}
	var s model.Scores
	if err := model.NewScorer(in.Model, dayOf(in.AsOf)).Score(&s, all); err != nil {
		return nil, fmt.Errorf("report: customers: %w", err)
	}
	w.count(in.Model, all, &s)
	addSimilar(in.Model, all, dayOf(in.AsOf), calls)
	return w, nil
}

// count counts the wins by grade.
func (w *Wins) count(m *model.Model, all *datasets.Batch, s *model.Scores) {
	won, since := all.Column("won_at"), dayOf(m.AsOf)
	byCut := make([]int64, len(m.Grades.Cuts))
	for i := range all.Rows {
		if won.Missing(i) {
			continue
		}
		w.Computable = true
		if won.Days[i] <= since {
			continue
		}
		w.Won++
		if !s.Known[i] {
			continue
		}
		w.Scored++
		byCut[m.Grades.Index(m.CutOn(s, i))]++
	}
	if w.Scored == 0 {
		return
	}
	for k, n := range byCut {
		g := m.Grades.Cuts[k].Grade
		w.Grades = append(w.Grades, WonGrade{Grade: g, Won: n, Share: ratio(n, w.Scored)})
		if topGrade(g) {
			w.Top += n
		}
	}
	captured, _ := metrics.Wilson(float64(w.Top), float64(w.Scored))
	w.Captured = &captured
}

// compare adds what the wins are held against.
func (w *Wins) compare(r *Report) {
	var prospects, top int64
	for _, g := range r.Grades {
		if prospects += g.Prospects; topGrade(g.Grade) {
			top += g.Prospects
		}
	}
	if prospects > 0 {
		w.Pool = ptr(ratio(top, prospects))
	}
	for i := range w.Grades {
		for _, g := range r.Grades {
			if g.Grade == w.Grades[i].Grade {
				w.Grades[i].Pool = ratio(g.Prospects, prospects)
			}
		}
	}
	w.Expected = r.promised()
}

// promised returns the share of the customers out of fold that are A or B, with an
// interval as wide as the two grades' together; nil where there is no evaluation.
func (r *Report) promised() *metrics.Interval {
	var sum metrics.Interval
	known := false
	for _, g := range r.Grades {
		if topGrade(g.Grade) && g.Captured != nil {
			known = true
			sum.Value, sum.Low, sum.High = sum.Value+g.Captured.Value, sum.Low+g.Captured.Low, min(1, sum.High+g.Captured.High)
		}
	}
	if !known {
		return nil
	}
	return &sum
}

// winsPart says whether recent wins are captured.
func (r *Report) winsPart(p *page.Printer) page.Part {
	w := &r.Wins
	out := page.Part{Title: p.T("wins.title")}
	switch {
	case !w.Computable:
		out.Note = p.T("wins.unknown")
		return out
	case w.Won == 0:
		out.Note = p.T("wins.none", p.Date(w.Since))
		return out
	case w.Scored == 0:
		out.Note = p.N("wins.unscored", w.Won, p.Date(w.Since))
		return out
	}
	out.Legend = p.N("wins.lead", w.Scored, p.Date(w.Since), p.Count(w.Top), p.Percents(*w.Captured))
	if w.Pool != nil {
		out.Legend += " " + p.T("wins.pool", p.Percent(*w.Pool))
	}
	switch {
	case w.Expected == nil:
	case w.Missed():
		out.Note = p.T("wins.missed", p.Percents(*w.Expected))
	default:
		out.Note = p.T("wins.kept", p.Percents(*w.Expected))
	}
	var items []page.Item
	t := &page.Table{Label: out.Title, Columns: append(page.Words(p.T("col.grade")), page.Numbers(p.T("col.wins"), p.T("col.share"), p.T("col.prospects"))...)}
	for _, g := range w.Grades {
		items = append(items, page.Item{Name: g.Grade, Value: g.Share, Mark: ptr(g.Pool), Class: page.GradeClass(g.Grade), Figure: p.Count(g.Won)})
		t.Rows = append(t.Rows, []page.Field{page.Letter(g.Grade), page.Number(float64(g.Won), p.Count(g.Won)), p.Share(g.Share), p.Share(g.Pool)})
	}
	out.Chart = page.RowChart(out.Title, p.T("wins.desc"), 8, items)
	out.Chart.Keys = []page.Key{{Sign: "box", Class: "grade-b", Text: p.T("wins.bar")}, {Sign: "tick", Class: "mark", Text: p.T("wins.tick")}}
	out.Table = t
	return out
}
