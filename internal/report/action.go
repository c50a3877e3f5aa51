package report

import (
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

// evidence is what decide looks at.
type evidence struct {
	rows, lowCoverage int64
	drift             []Drift
	trained, asOf     string
}

// decide returns the action and the reasons for it, in sentences. The first
// that holds wins:
//
//	fix_data  a feature with at least 10 % of the importance has less than half
//	          of the coverage it had at training, or more than 20 % of the rows
//	          have no grade because too little is known of them
//	retrain   features with more than 20 % of the importance have drifted past
//	          their limit, or the model's data is more than 12 months old
//	keep      otherwise
func decide(e evidence, p *page.Printer) (Action, []string) {
	var why []string
	for _, d := range e.drift {
		if d.Importance >= Carries && d.Known != nil && d.KnownThen != nil && *d.Known < LeastCovered**d.KnownThen {
			why = append(why, p.T("why.coverage", d.Feature, p.Percent(*d.KnownThen), p.Percent(*d.Known)))
		}
	}
	if share := float64(e.lowCoverage) / float64(max(e.rows, 1)); share > MostUnscored {
		why = append(why, p.T("why.unscored", p.Percent(share)))
	}
	if why != nil {
		return FixData, why
	}
	var drifted float64
	var names []string
	for _, d := range e.drift {
		if d.Alarm {
			drifted += d.Importance
			names = append(names, d.Feature)
		}
	}
	if drifted > MostDrifted {
		why = append(why, p.T("why.drift", p.Percent(drifted), strings.Join(names, ", ")))
	}
	if status(e.trained, e.asOf) == overdue {
		why = append(why, p.T("why.age", p.Date(e.trained)))
	}
	if why != nil {
		return Retrain, why
	}
	return Keep, []string{}
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
