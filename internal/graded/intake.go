package graded

import (
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/page"
)

// Intake says in sentences what of a table was not read, so that somebody can
// repair it: rows that mean nothing, rows that are listed twice, cells that cannot
// be read, with an example and its place. It is empty for a table that is whole.
func Intake(p *page.Printer, in *activity.Intake) []string {
	var notes []string
	if in.Bad > 0 {
		notes = append(notes, p.N("intake.bad", in.Bad, in.Table))
	}
	if in.Repeated > 0 {
		notes = append(notes, p.N("intake.repeated", in.Repeated, in.Table))
	}
	for _, c := range in.Columns {
		if c.Unreadable > 0 {
			s := c.Samples[0]
			notes = append(notes, p.N("intake.unreadable", c.Unreadable, in.Table+"."+c.Name, page.Clean(s.Text), p.Count(s.Line)))
		}
	}
	return notes
}
