package report

import (
	"github.com/icpfit/icpfit/internal/page"
)

// The codes of a Gate.
const (
	BaseShrunk     = "base_shrunk"     // accounts; Limit is the least
	CoverageFallen = "coverage_fallen" // share of the accounts of which the feature is known; Limit is the least
	ColumnGone     = "column_gone"     // without figures: the feature's column is not there any more
	Skew           = "skew"            // without figures: the feature is made in another way than the model was trained on
	NewValues      = "new_values"      // share of the feature's known values that the model does not know; Limit is the most
	StaleInput     = "stale_input"     // days since the file of accounts was changed, without Was
	StaleModel     = "stale_model"     // days since the date of what the model learned, without Was
)

// GateCodes lists them, in the order in which they are judged.
var GateCodes = []string{ColumnGone, Skew, BaseShrunk, CoverageFallen, NewValues, StaleInput, StaleModel}

// A Gate holds a night's grades back: a figure that is past its limit. Was is
// that of the night before.
type Gate struct {
	Code    string   `json:"code"`
	Feature string   `json:"feature,omitempty"` // "": the gate is about none
	Was     *float64 `json:"was"`               // nil: the gate compares with nothing
	Is      *float64 `json:"is"`                // nil: there is no figure
	Limit   *float64 `json:"limit"`
	Message string   `json:"message"` // in the language of the report
}

// Aged reports whether the gate is about what is stale or new to the model, rather
// than about what the base has lost.
func (g *Gate) Aged() bool {
	return g.Code == NewValues || g.Code == StaleInput || g.Code == StaleModel
}

// Waivable reports whether somebody may go on nevertheless: without a column
// there is nothing to grade with.
func (g *Gate) Waivable() bool { return g.Code != ColumnGone && g.Code != Skew }

// Same reports whether two gates hold for the same figures.
func (g *Gate) Same(o *Gate) bool {
	same := func(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return g.Code == o.Code && g.Feature == o.Feature && same(g.Was, o.Was) && same(g.Is, o.Is) && same(g.Limit, o.Limit)
}

// Accepted is a gate that somebody has passed.
type Accepted struct {
	Gate
	Reason string `json:"reason"`
	Author string `json:"author"`
}

// Say puts gates into words in a language of page.Langs, "" for English.
func Say(gates []Gate, lang string) error {
	p, err := page.NewPrinter(lang, catalogue)
	if err != nil {
		return err
	}
	for i := range gates {
		gates[i].Message = gates[i].say(p)
	}
	return nil
}

// say puts a gate into a clause.
func (g *Gate) say(p *page.Printer) string {
	feature := p.Name(g.Feature)
	if g.Is == nil || g.Limit == nil {
		return p.T("gate."+g.Code, feature)
	}
	count := func(v *float64) string { return p.Num(*v, 0) }
	switch {
	case g.Was == nil:
		return p.T("gate."+g.Code, count(g.Is), count(g.Limit))
	case g.Code == BaseShrunk:
		return p.T("gate.base_shrunk", count(g.Was), count(g.Is), count(g.Limit))
	}
	return p.T("gate."+g.Code, feature, p.Percent(*g.Was), p.Percent(*g.Is), p.Percent(*g.Limit))
}

// addAccepted notes the gates that somebody has passed.
func (r *Report) addAccepted(in *Input, p *page.Printer) {
	r.Held, r.Accepted = []Gate{}, []Accepted{}
	for _, a := range in.Accepted {
		a.Message, a.Feature, a.Reason, a.Author = a.say(p), page.Clean(a.Feature), page.Clean(a.Reason), page.Clean(a.Author)
		r.Accepted = append(r.Accepted, a)
	}
}

// hold makes r the report on grades that are held back: by which gates, what
// follows from them, and nothing to call.
func (r *Report) hold(in *Input, p *page.Printer) {
	r.InForce = in.InForce
	r.CallList.Total, r.CallList.Accounts = 0, []Call{}
	r.Exploration = Exploration{Accounts: []Explored{}}
	r.Action, r.ActionReasons = Retrain, []string{}
	for _, g := range in.Held {
		g.Message, g.Feature = g.say(p), page.Clean(g.Feature)
		r.Held, r.ActionReasons = append(r.Held, g), append(r.ActionReasons, g.Message)
		if g.Code != StaleModel {
			r.Action = FixData
		}
	}
	what := p.T("headline.held", p.Date(r.AsOf), r.ActionReasons[0])
	if n := len(r.Held) - 1; n > 0 {
		what = p.N("headline.held.more", int64(n), p.Date(r.AsOf), r.ActionReasons[0])
	}
	r.Headline = what + " " + r.inForce(p) + " " + r.goOn(p)
}

// inForce says which grades remain.
func (r *Report) inForce(p *page.Printer) string {
	switch r.InForce {
	case "":
		return p.T("held.none")
	case r.AsOf:
		return p.T("held.same")
	}
	return p.T("held.before", p.Date(r.InForce))
}

// goOn says what to do about held grades.
func (r *Report) goOn(p *page.Printer) string {
	for i := range r.Held {
		if !r.Held[i].Waivable() {
			return p.T("held.restore")
		}
	}
	return p.T("held."+string(r.Action), r.AsOf)
}

// gatesSection shows the gates that hold, or those that somebody has passed;
// false: there are none.
func (r *Report) gatesSection(p *page.Printer) (page.Section, bool) {
	s := page.Section{ID: "gates", Title: p.T("gates.title"), Nav: p.T("gates.nav"), Lead: p.T("gates.accepted")}
	t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words(p.T("col.gate"), p.T("col.feature"))}
	t.Columns = append(append(t.Columns, page.Numbers(p.T("col.was"), p.T("col.is"), p.T("col.limit"))...), page.Words(p.T("col.item"))...)
	s.Parts = []page.Part{{Table: t}}
	for i := range r.Held {
		t.Rows = append(t.Rows, r.Held[i].row(p))
	}
	if len(r.Held) > 0 {
		s.Lead = r.inForce(p) + " " + r.goOn(p)
		if !r.Ungraded {
			s.Parts = append(s.Parts, page.Part{Note: p.T("gates.would")})
		}
		return s, true
	}
	t.Columns = append(t.Columns, page.Words(p.T("col.author"), p.T("col.why"))...)
	for i := range r.Accepted {
		a := &r.Accepted[i]
		t.Rows = append(t.Rows, append(a.row(p), page.Word(a.Author), page.Word(a.Reason)))
	}
	return s, len(r.Accepted) > 0
}

// row returns the cells of a gate.
func (g *Gate) row(p *page.Printer) []page.Field {
	feature := p.T("none")
	if g.Feature != "" {
		feature = p.Feature(g.Feature)
	}
	figure := func(v float64) string { return p.Num(v, 0) }
	if g.Code == CoverageFallen || g.Code == NewValues {
		figure = p.Percent
	}
	return []page.Field{{Text: g.Code, Class: "code"}, page.Word(feature), p.Optional(g.Was, figure), p.Optional(g.Is, figure), p.Optional(g.Limit, figure), page.Word(g.Message)}
}
