package explain

import (
	"strconv"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// A Block is a part of an explanation for a terminal: a title, lines, columns.
type Block struct {
	Title string
	Rows  [][]string
	Lines []string
}

// Blocks returns an explanation for a terminal.
func (t *Teller) Blocks(e *Explanation) []Block {
	out := t.blocks(e)
	for i := range out[1:] {
		out[1+i].Title += t.colon()
	}
	return out
}

func (t *Teller) blocks(e *Explanation) []Block {
	if e.Grade == nil {
		return append([]Block{{Title: t.notGraded(e)}}, t.historyBlock(e)...)
	}
	title := t.graded(e)
	out := []Block{{Title: title, Rows: t.pointRows(e)}}
	if len(e.Unknown) > 0 {
		out[0].Lines = []string{t.T("unknown.list", t.list(t.names(e.Unknown), "and"))}
	}
	why := Block{Title: t.T("why.title")}
	for _, f := range e.Features {
		why.Lines = append(why.Lines, f.Sentence)
	}
	out = append(out, why)
	if e.Nearest != nil {
		out = append(out, Block{Title: t.T("near.title", e.Nearest.Grade), Lines: t.nearLines(e.Nearest)})
	}
	if len(e.Similar) > 0 {
		b := Block{Title: t.T("similar.title")}
		for i := range e.Similar {
			s := &e.Similar[i]
			b.Rows = append(b.Rows, []string{s.Domain, s.Name, t.T("similar.apart", t.points(int64(s.Distance*model.Micro))), t.Alike(s)})
		}
		out = append(out, b)
	}
	return append(out, t.historyBlock(e)...)
}

// notGraded says why there is no grade.
func (t *Teller) notGraded(e *Explanation) string {
	return t.T("not", page.Clean(e.Reason), page.Clean(e.Fix))
}

// Fix translates the fix of an account that has no grade, as grade tables have it
// in English.
func (t *Teller) Fix(reason, english string) string {
	if t.Lang == "en" {
		return english
	}
	return t.Or("fix."+reason, english)
}

// graded says the grade in a line.
func (t *Teller) graded(e *Explanation) string {
	text := t.T("graded", *e.Grade, strconv.Itoa(int(e.Tier)), t.Num(*e.Points, 1))
	if e.Lift != nil {
		text += t.lift(*e.Lift)
	}
	return text
}

// pointRows are the features' points, which add up to the account's.
func (t *Teller) pointRows(e *Explanation) [][]string {
	rows := [][]string{{t.Signed(e.BasePoints, 1), t.T("base")}}
	if e.Lift == nil {
		rows = nil // a written grid starts at zero
	}
	for _, f := range e.Features {
		rows = append(rows, []string{t.signed(f.MicroPoints), t.Feature(f.Feature), t.shown(&f)})
	}
	return append(rows, []string{"= " + t.Num(*e.Points, 1)})
}

// lift says how customer-like an account is: 0.4 times as customer-like is 2.5
// times less so.
func (t *Teller) lift(v float64) string {
	switch {
	case v >= 0.95 && v < 1.05:
		return t.T("lift.same")
	case v > 0 && v < 1:
		return t.T("lift.less", t.times(1/v))
	}
	return t.T("lift", t.times(v))
}

// times writes how many times, without digits that nobody can stand behind.
func (t *Teller) times(v float64) string {
	if v >= 10 {
		return t.Num(v, 0)
	}
	return t.Num(v, 1)
}

// names writes features as words.
func (t *Teller) names(features []string) []string {
	out := make([]string, len(features))
	for i, f := range features {
		out[i] = t.Name(f)
	}
	return out
}

// shown writes the value of a contribution.
func (t *Teller) shown(f *Contribution) string {
	if k, ok := t.term[f.Feature]; ok {
		term := &t.m.Terms[k]
		if f.Value == "unknown" {
			return t.T("value.unknown")
		}
		if head, more := cutMore(f.Value); term.IsSet() && more > 0 {
			return t.N("pitch.more", int64(more), page.Clean(head))
		}
		return t.value(term, f.Value)
	}
	return page.Clean(f.Value)
}

// nearLines are the ways to a better grade, in sentences.
func (t *Teller) nearLines(n *Nearest) []string {
	if n.None != "" {
		return []string{n.None}
	}
	var lines []string
	for _, w := range n.Unknown {
		lines = append(lines, w.Sentence)
	}
	if len(n.Any) > 0 {
		key := "near.correct"
		if len(n.Unknown) > 0 {
			key = "near.fewer"
		}
		lines = append(lines, sentence(t.T(key))+t.colon())
	}
	for _, w := range n.Any {
		lines = append(lines, w.Sentence)
	}
	return append(lines, t.T("near.rest"))
}

func (t *Teller) colon() string {
	if t.Lang == "fr" {
		return "\u00a0:" // no-break space
	}
	return ":"
}

func (t *Teller) historyBlock(e *Explanation) []Block {
	if len(e.History) == 0 {
		return nil
	}
	b := Block{Title: t.T("history.title")}
	for i := range e.History {
		n := &e.History[i]
		b.Rows = append(b.Rows, []string{n.AsOf, t.nightGrade(n), t.nightPoints(n), t.why(e, i), n.Version})
	}
	return []Block{b}
}

func (t *Teller) nightGrade(n *Night) string {
	switch {
	case n.Grade == "":
		return t.T("ungraded")
	case n.Overridden:
		return n.Grade + " (" + t.T("by_hand") + ")"
	}
	return n.Grade
}

func (t *Teller) nightPoints(n *Night) string {
	if n.Grade == "" {
		return t.T("none")
	}
	return t.Num(n.Points, 1)
}

// why says why the grade of the account's night i differs from that of the night
// before; there is none before the first.
func (t *Teller) why(e *Explanation, i int) string {
	n := &e.History[i]
	if i == 0 && n.Cause == "" && n.Grade != "" {
		return t.T("first")
	}
	return t.Cause(n)
}

// Cause says why the grade of a night differs from that of the night before.
func (t *Teller) Cause(n *Night) string {
	switch {
	case n.Cause == "":
		return t.T("same")
	case n.CauseFeature != "":
		return t.T("cause.feature", t.Name(n.CauseFeature))
	}
	return t.Or("cause."+n.Cause, n.Cause)
}
