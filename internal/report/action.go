package report

import (
	"slices"
	"strings"
	"time"

	"github.com/icpfit/icpfit/internal/page"
)

// An Action is what a report recommends.
type Action string

// The actions.
const (
	Keep    Action = "keep"
	Retrain Action = "retrain"
	FixData Action = "fix_data"
)

// Limits of the rules, which the model card announces.
const (
	Carries      = 0.10 // share of the importance from which a feature's coverage matters
	LeastCovered = 0.50 // of the coverage at training that must be left
	MostUnscored = 0.20 // share of the rows without a grade because too little is known
	MostDrifted  = 0.20 // share of the importance that may have drifted
	DueMonths    = 6
	OldMonths    = 12
)

// The codes of a Check.
const (
	Graded   = "graded"    // share of the rows that have a grade: more than none
	Covered  = "coverage"  // least share that is left of the coverage at training, of features that carry much
	TooThin  = "unscored"  // share of the rows of which too little is known
	Changed  = "overnight" // share of the importance that has changed since the night before
	Drifted  = "drift"     // share of the importance that has drifted
	Age      = "age"       // days since the date of what the model learned
	Captured = "wins"      // share of the wins since that are A or B; the limit is the low end of what the model promised
)

// A Check is one of the rules that the recommended action follows from.
type Check struct {
	Code   string   `json:"code"`
	Action Action   `json:"action"` // that it asks for where it fails
	Failed bool     `json:"failed"`
	Value  *float64 `json:"value"` // nil: it cannot be known
	Limit  *float64 `json:"limit"`
	why    []string // where it fails, in sentences
}

// evidence is what decide looks at.
type evidence struct {
	rows, scored, lowCoverage int64
	drift                     []Drift
	trained, asOf             string
	wins                      *Wins
}

// decide checks the rules and returns them with the action and the reasons for it,
// in sentences. The action is that of the first that fails:
//
//	fix_data  none of the accounts has a grade, or there are none
//	fix_data  a feature with at least 10 % of the importance has less than half
//	          of the coverage it had at training
//	fix_data  more than 20 % of the rows have no grade because too little is
//	          known of them
//	fix_data  features with more than 20 % of the importance have changed past
//	          their limit since the night before: markets do not move overnight,
//	          sources do
//	retrain   features with more than 20 % of the importance have drifted past
//	          their limit since the training, in values, coverage or values that
//	          are new
//	retrain   the model's data is more than 12 months old
//	retrain   clearly fewer of the customers won since are A or B than were of the
//	          customers out of fold: their 95 % intervals do not meet
//	keep      otherwise
//
// The reasons are those of all rules that ask for the same. Where nothing is graded,
// no other rule is looked at.
func decide(e evidence, p *page.Printer) (Action, []string, []Check) {
	checks := []Check{e.graded(p)}
	if !checks[0].Failed {
		checks = append(checks, e.covered(p), e.thin(p), e.overnight(p), e.drifted(p), e.aged(p), e.captured(p))
	}
	first := slices.IndexFunc(checks, func(c Check) bool { return c.Failed })
	if first < 0 {
		return Keep, []string{}, checks
	}
	var why []string
	for _, c := range checks {
		if c.Failed && c.Action == checks[first].Action {
			why = append(why, c.why...)
		}
	}
	return checks[first].Action, why, checks
}

func (e *evidence) graded(p *page.Printer) Check {
	c := Check{Code: Graded, Action: FixData, Failed: e.scored == 0, Value: ptr(ratio(e.scored, e.rows)), Limit: ptr(0.0)}
	switch {
	case e.rows == 0:
		c.why = []string{p.T("why.empty")}
	case e.scored == 0:
		c.why = []string{p.N("why.none", e.rows)}
	}
	return c
}

func (e *evidence) covered(p *page.Printer) Check {
	c := Check{Code: Covered, Action: FixData, Limit: ptr(LeastCovered)}
	for _, d := range e.drift {
		if d.Importance < Carries || d.Known == nil || d.KnownThen == nil || *d.KnownThen == 0 {
			continue
		}
		if left := *d.Known / *d.KnownThen; c.Value == nil || left < *c.Value {
			c.Value = &left
		}
		if *d.Known < LeastCovered**d.KnownThen {
			c.Failed, c.why = true, append(c.why, p.T("why.coverage", p.Name(d.Feature), p.Percent(*d.KnownThen), p.Percent(*d.Known)))
		}
	}
	return c
}

func (e *evidence) thin(p *page.Printer) Check {
	share := ratio(e.lowCoverage, e.rows)
	c := Check{Code: TooThin, Action: FixData, Failed: share > MostUnscored, Value: &share, Limit: ptr(MostUnscored)}
	if c.Failed {
		c.why = []string{p.T("why.unscored", p.Percent(share))}
	}
	return c
}

// overnight looks at what has changed since the night before, drifted at what has
// since the training.
func (e *evidence) overnight(p *page.Printer) Check {
	known := func(d *Drift) bool { return d.Overnight.PSI != nil || d.Overnight.CoveragePSI != nil }
	c, names := e.carried(p, Check{Code: Changed, Action: FixData}, known, func(d *Drift) bool { return len(d.Overnight.Alarms) > 0 })
	if c.Failed {
		c.why = []string{p.T("why.overnight", p.Percent(*c.Value), names)}
	}
	return c
}

func (e *evidence) drifted(p *page.Printer) Check {
	c, names := e.carried(p, Check{Code: Drifted, Action: Retrain}, func(d *Drift) bool { return d.Points != nil }, func(d *Drift) bool { return d.Alarm })
	if c.Failed {
		c.why = []string{p.T("why.drift", p.Percent(*c.Value), names)}
	}
	return c
}

// carried completes c, which fails where features that are so carry much of the
// importance; known says of which features that can be told. It also returns their
// names.
func (e *evidence) carried(p *page.Printer, c Check, known, so func(*Drift) bool) (_ Check, names string) {
	c.Limit = ptr(MostDrifted)
	var share float64
	var list []string
	for i := range e.drift {
		d := &e.drift[i]
		if known(d) {
			c.Value = &share
		}
		if so(d) {
			share += d.Importance
			list = append(list, p.Name(d.Feature))
		}
	}
	if c.Failed = share > MostDrifted; c.Failed {
		c.Value = &share
	}
	return c, strings.Join(list, ", ")
}

func (e *evidence) aged(p *page.Printer) Check {
	now, limit := day(e.asOf), day(e.trained).AddDate(0, OldMonths, 0)
	days := func(t time.Time) *float64 { return ptr(t.Sub(day(e.trained)).Hours() / 24) }
	c := Check{Code: Age, Action: Retrain, Failed: status(e.trained, e.asOf) == overdue, Value: days(now), Limit: days(limit)}
	if c.Failed {
		c.why = []string{p.T("why.age", p.Date(e.trained))}
	}
	return c
}

func (e *evidence) captured(p *page.Printer) Check {
	c := Check{Code: Captured, Action: Retrain}
	if e.wins == nil || e.wins.Captured == nil {
		return c
	}
	c.Value = &e.wins.Captured.Value
	if e.wins.Expected != nil {
		c.Limit = &e.wins.Expected.Low
	}
	if c.Failed = e.wins.Missed(); c.Failed {
		c.why = []string{p.T("why.wins", p.Date(e.trained), p.Percents(*e.wins.Captured), p.Percents(*e.wins.Expected))}
	}
	return c
}

// The ages of a model.
const (
	fresh   = "fresh"
	due     = "due"
	overdue = "overdue"
)

// status returns how old a model is: due from 6 months after its date on,
// overdue from the day after 12 months.
func status(trained, asOf string) string {
	now := day(asOf)
	switch {
	case now.After(day(trained).AddDate(0, OldMonths, 0)):
		return overdue
	case now.Before(day(trained).AddDate(0, DueMonths, 0)):
		return fresh
	}
	return due
}

// day returns a date that has been checked.
func day(date string) time.Time {
	t, _ := time.Parse(time.DateOnly, date)
	return t
}
