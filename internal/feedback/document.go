package feedback

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
)

var catalogue = page.Catalogue{"en": english, "fr": french}

// A Teller puts feedback into words.
type Teller struct{ *page.Printer }

// NewTeller returns the teller of a language, one of page.Langs; "" is English.
func NewTeller(lang string) (*Teller, error) {
	p, err := page.NewPrinter(lang, catalogue)
	if err != nil {
		return nil, fmt.Errorf("feedback: %w", err)
	}
	return &Teller{p}, nil
}

// The two disagreements, as keys of their words.
const (
	keyRejected = "rejected"
	keyWon      = "won"
)

// A Block is what a terminal shows of a disagreement.
type Block struct {
	Title string
	Lines []string
	Rows  [][]string
}

// Blocks puts feedback into lines for a terminal.
func (t *Teller) Blocks(f *Feedback) []Block {
	out := []Block{{Title: t.T("grades.title"), Rows: [][]string{{t.T("col.grade"), t.T("col.accepted"), t.T("col.rejected"), t.T("col.won"), t.T("col.lost"), t.T("col.share")}}}}
	for _, r := range f.Grades {
		share := t.T("none")
		if r.Refused != nil {
			share = t.Percents(*r.Refused)
		}
		out[0].Rows = append(out[0].Rows, []string{t.grade(r.Grade), t.Count(r.Accepted), t.Count(r.Rejected), t.Count(r.Won), t.Count(r.Lost), share})
	}
	for _, x := range t.both(f) {
		b := Block{Title: t.T(x.key+".title", strings.Join(x.d.Grades, ", ")), Lines: t.Lines(x.key, x.d)}
		if len(x.d.Listed) > 0 {
			b.Rows = [][]string{{t.T("col.domain"), t.T("col.grade"), t.T("col.date"), t.T("col.author"), t.T("col.reason")}}
		}
		for _, c := range x.d.Listed {
			b.Rows = append(b.Rows, []string{c.Domain, c.Grade, t.date(c.Date), c.Author, c.Reason})
		}
		out = append(out, b)
	}
	if len(f.Campaigns) > 0 {
		b := Block{Title: t.T("campaigns.title"), Lines: []string{t.N("campaigns.rated", int64(f.Rated))}, Rows: [][]string{{t.T("col.campaign"), t.T("col.excellent"), t.T("col.good"), t.T("col.fair"), t.T("col.poor")}}}
		for _, c := range f.Campaigns[:min(len(f.Campaigns), mostShownCampaigns)] {
			b.Rows = append(b.Rows, []string{c.Campaign, t.Count(c.Excellent), t.Count(c.Good), t.Count(c.Fair), t.Count(c.Poor)})
		}
		out = append(out, b)
	}
	if notes := t.notes(f); notes != nil {
		out = append(out, Block{Title: t.T("notes.title"), Lines: notes})
	}
	return out
}

// mostShownCampaigns is how many a terminal shows; --json has more.
const mostShownCampaigns = 10

type keyed struct {
	key string
	d   *Disagreement
}

func (t *Teller) both(f *Feedback) []keyed {
	return []keyed{{keyRejected, &f.Rejected}, {keyWon, &f.Won}}
}

// grade writes a grade, or that there is none.
func (t *Teller) grade(grade string) string {
	if grade == "" {
		return t.T("unscored")
	}
	return grade
}

func (t *Teller) date(iso string) string {
	if iso == "" {
		return t.T("none")
	}
	return t.Date(iso)
}

// Lines say how many accounts disagree, what they share and what to check.
func (t *Teller) Lines(key string, d *Disagreement) []string {
	lines := []string{t.N(key+".count", int64(d.Cases))}
	switch {
	case d.Cases == 0:
		return lines
	case d.Result == TooFew:
		return append(lines, t.T("too_few", t.Count(leastCases)))
	case d.Result == Nothing:
		return append(lines, t.T("nothing", t.Count(int64(d.Tested)), t.Count(int64(d.Others))))
	}
	for i := range d.Shared {
		lines = append(lines, t.Sentence(key, d, &d.Shared[i]))
	}
	return lines
}

// Sentence says that a value is shared, and what to check.
func (t *Teller) Sentence(key string, d *Disagreement, s *Shared) string {
	text := t.T(key+".shared", t.Feature(s.Feature), s.Value, t.Count(int64(s.Cases)), t.Percent(s.Share), t.Percent(s.Others)) + " "
	switch {
	case key == keyRejected && s.Points >= tellsPoints:
		text += t.T("check.rewarded", t.Signed(s.Points, 1), t.Name(s.Feature))
	case key == keyWon && s.Points <= -tellsPoints:
		text += t.T("check.punished", t.Signed(s.Points, 1), t.Name(s.Feature))
	default:
		text += t.T("check.unseen", t.Signed(s.Points, 1), t.Name(s.Feature))
	}
	return text
}

// tellsPoints is from how many points on a model is said to reward a value: one
// tenth of a doubled lift is what people see as a difference.
const tellsPoints = 1

// Section returns feedback as a chapter of a page.
func (t *Teller) Section(f *Feedback) page.Section {
	s := page.Section{ID: "feedback", Title: t.T("title"), Nav: t.T("nav"), Lead: t.T("lead", t.Date(f.AsOf))}
	s.Parts = append(s.Parts, page.Part{Table: t.grades(f)})
	for _, x := range t.both(f) {
		s.Parts = append(s.Parts, page.Part{Title: t.T(x.key+".title", strings.Join(x.d.Grades, ", ")), List: t.Lines(x.key, x.d), Table: t.shared(x.d), Note: t.note(x.d)})
		if len(x.d.Reasons) > 0 {
			var reasons []string
			for _, r := range x.d.Reasons {
				reasons = append(reasons, t.N("reason", int64(r.Cases), r.Reason))
			}
			s.Parts = append(s.Parts, page.Part{Title: t.T("reasons.title"), List: reasons})
		}
		if table := t.cases(x.d); table != nil {
			s.Parts = append(s.Parts, page.Part{Title: t.N("cases.title", int64(len(x.d.Listed))), Fold: true, Table: table})
		}
	}
	if table := t.campaigns(f); table != nil {
		s.Parts = append(s.Parts, page.Part{Title: t.T("campaigns.title"), Note: t.N("campaigns.rated", int64(f.Rated)), Table: table})
	}
	if notes := t.notes(f); notes != nil {
		s.Parts = append(s.Parts, page.Part{List: notes})
	}
	return s
}

// notes say what of the table was not read, or is of no account.
func (t *Teller) notes(f *Feedback) (notes []string) {
	if n := f.Table.Unjoined; n > 0 {
		notes = append(notes, t.N("unjoined", n))
	}
	return append(notes, graded.Intake(t.Printer, f.Table)...)
}

// note says what stands behind named values.
func (t *Teller) note(d *Disagreement) string {
	if d.Result != Named {
		return ""
	}
	return t.T("note", t.Count(int64(d.Tested)), t.Count(int64(d.Others)))
}

func (t *Teller) grades(f *Feedback) *page.Table {
	table := &page.Table{Label: t.T("grades.title"), Stack: true, Columns: append(page.Words(t.T("col.grade")), page.Numbers(
		t.T("col.accepted"), t.T("col.rejected"), t.T("col.won"), t.T("col.lost"), t.T("col.share"))...)}
	for _, r := range f.Grades {
		first := page.Word(t.grade(r.Grade))
		if r.Grade != "" {
			first = page.Letter(r.Grade)
		}
		table.Rows = append(table.Rows, []page.Field{first, t.count(r.Accepted), t.count(r.Rejected), t.count(r.Won), t.count(r.Lost), t.Interval(r.Refused, t.Percents)})
	}
	return table
}

func (t *Teller) count(n int64) page.Field { return page.Number(float64(n), t.Count(n)) }

func (t *Teller) shared(d *Disagreement) *page.Table {
	if len(d.Shared) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("shared.title"), Stack: true, Columns: append(page.Words(t.T("col.feature"), t.T("col.value")), page.Numbers(
		t.T("col.cases"), t.T("col.of_cases"), t.T("col.of_others"), t.T("col.points"), t.T("col.chance"))...)}
	for _, s := range d.Shared {
		table.Rows = append(table.Rows, []page.Field{
			page.Word(t.Feature(s.Feature)), page.Word(s.Value), t.count(int64(s.Cases)), t.Share(s.Share), t.Share(s.Others),
			page.Number(s.Points, t.Signed(s.Points, 1)), page.Number(s.Chance, t.Percent(s.Chance)),
		})
	}
	return table
}

func (t *Teller) cases(d *Disagreement) *page.Table {
	if len(d.Listed) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("nav"), Stack: true, Sortable: true, Columns: page.Words(t.T("col.domain"), t.T("col.grade"), t.T("col.date"), t.T("col.author"), t.T("col.reason"))}
	for _, c := range d.Listed {
		table.Rows = append(table.Rows, []page.Field{page.Word(c.Domain), page.Letter(c.Grade), page.Word(t.date(c.Date)), page.Word(c.Author), {Text: c.Reason, Class: "why"}})
	}
	return table
}

func (t *Teller) campaigns(f *Feedback) *page.Table {
	if len(f.Campaigns) == 0 {
		return nil
	}
	table := &page.Table{Label: t.T("campaigns.title"), Stack: true, Sortable: true, Columns: append(page.Words(t.T("col.campaign")), page.Numbers(
		t.T("col.excellent"), t.T("col.good"), t.T("col.fair"), t.T("col.poor"))...)}
	for _, c := range f.Campaigns {
		table.Rows = append(table.Rows, []page.Field{page.Word(c.Campaign), t.count(c.Excellent), t.count(c.Good), t.count(c.Fair), t.count(c.Poor)})
	}
	return table
}
