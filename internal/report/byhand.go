package report

import (
	"slices"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// addByHand lists what people decided beside the model.
func (r *Report) addByHand(in *Input, s *scan) {
	r.Overrides, r.Exploration = []Override{}, Exploration{Total: s.offered, Accounts: []Explored{}}
	if in.Overrides != nil {
		for _, o := range in.Overrides.List {
			r.Overrides = append(r.Overrides, newOverride(&o, in, s))
		}
	}
	for _, pick := range s.explore.picks {
		r.Exploration.Accounts = append(r.Exploration.Accounts, Explored{
			Domain: page.Clean(pick.domain), AccountID: page.Clean(pick.id), Name: page.Clean(pick.name),
			Grade: s.gradeName(pick.grade), Points: float64(pick.micro) / model.Micro,
		})
	}
}

func newOverride(o *predict.Override, in *Input, s *scan) Override {
	out := Override{Domain: page.Clean(o.Domain), Grade: page.Clean(o.Grade), Author: page.Clean(o.Author), Reason: page.Clean(o.Reason), Expires: o.Expires, Status: WithoutEffect}
	row, met := s.hand[o.Domain]
	switch {
	case o.Expired(in.AsOf):
		out.Status = Expired
	case slices.ContainsFunc(in.Unknown, func(u predict.Override) bool { return u.Line == o.Line }):
		out.Status = Unknown
	case met && row.excluded:
		out.Status = Excluded
	case met:
		out.Status, out.CutGrade = InForce, page.Clean(row.cut)
	}
	return out
}

// mostOverrides is how many decisions by hand the page lists; the JSON has all.
const mostOverrides = 500

// handSection shows the overrides and the exploration slice.
func (r *Report) handSection(p *page.Printer) page.Section {
	s := page.Section{ID: "hand", Title: p.T("hand.title"), Nav: p.T("hand.nav"), Lead: p.T("hand.lead")}
	if len(r.Overrides) == 0 && r.Exploration.Total == 0 {
		s.Lead = p.T("hand.none")
		return s
	}
	if len(r.Overrides) > 0 {
		s.Parts = append(s.Parts, r.overridesPart(p))
	}
	if r.Exploration.Total > 0 {
		s.Parts = append(s.Parts, r.explorationPart(p))
	}
	return s
}

func (r *Report) overridesPart(p *page.Printer) page.Part {
	out := page.Part{Title: p.T("hand.overrides")}
	t := &page.Table{Label: out.Title, Stack: true, Sortable: true, Cut: true, Columns: page.Words(p.T("col.domain"), p.T("col.by_hand"), p.T("col.by_model"), p.T("col.author"), p.T("col.why"), p.T("col.expires"), p.T("col.status"))}
	for _, o := range r.Overrides[:min(mostOverrides, len(r.Overrides))] {
		grade, cut, expires := page.Letter(o.Grade), page.Word(p.T("none")), p.T("none")
		if o.Grade == predict.Exclude {
			grade = page.Word(p.T("hand.exclude"))
		}
		if o.CutGrade != "" {
			cut = page.Letter(o.CutGrade)
		}
		if o.Expires != "" {
			expires = p.Date(o.Expires)
		}
		t.Rows = append(t.Rows, []page.Field{{Text: o.Domain, Class: "domain"}, grade, cut, page.Word(o.Author), page.Word(o.Reason), page.Word(expires), page.Word(p.T("hand." + o.Status))})
	}
	out.Table, out.Note = t, r.complete("overrides", p)
	return out
}

func (r *Report) explorationPart(p *page.Printer) page.Part {
	e := r.Exploration
	out := page.Part{Title: p.T("hand.exploration"), Note: strings.TrimSpace(p.T("hand.explored", p.Count(e.Total), p.Count(int64(len(e.Accounts)))) + " " + r.complete("exploration", p)), Fold: true}
	t := &page.Table{Label: out.Title, Stack: true, Sortable: true, Cut: true, Columns: page.Words(p.T("col.account"), p.T("col.domain"), p.T("col.grade"))}
	t.Columns = append(t.Columns, page.Numbers(p.T("col.points"))...)
	for _, a := range e.Accounts {
		t.Rows = append(t.Rows, []page.Field{account(p, a.Name), {Text: a.Domain, Class: "domain"}, page.Letter(a.Grade), page.Number(a.Points, p.Num(a.Points, 0))})
	}
	out.Table = t
	return out
}
