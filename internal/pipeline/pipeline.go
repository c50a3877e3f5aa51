// Package pipeline runs icpfit's steps on a project folder: it reads the files
// of the steps before, calls the package that does the work, and publishes
// what it made.
//
//	Init      looks at the inputs         icpfit.yaml
//	Check     audits the base             nothing
//	Features  accounts, customers      ─► features/{accounts,customers}/as_of=D
//	Train     feature tables           ─► models/<version>
//	Predict   features, champion,
//	          the night before,
//	          overrides                ─► grades/as_of=D, changes/as_of=D
//	Segments  features, grades         ─► segments/as_of=D, segments/_definition.json
//	Audit     grades, features, model,
//	          optional tables, the
//	          audit before             ─► audits/as_of=D
//	Report    grades, features, model,
//	          segments, the audit      ─► reports/as_of=D
//	Explain   one account                 nothing
//	Compare   features, two models     ─► the folder asked for, if any
//
// The changes of a night are links to files in its folder of grades, so that one
// rename publishes both. Shards of a night wait for each other in
// grades/.shards-as_of=D; Replay compares a night graded again with the published one.
//
// Grades are judged before they are published (gates.go): where the base or the
// model is not fit to grade with, the grades of before remain in force, and the
// report of the date says why (hold.go).
package pipeline

import (
	"time"

	"github.com/icpfit/icpfit/internal/observe"
	"github.com/icpfit/icpfit/internal/project"
)

// A Run is one command on a project. Now is the time of the call: only dates
// and log entries are made of it.
type Run struct {
	Project  *project.Project
	Now      time.Time
	Progress func(what string, done, of int64) // of is 0 where it is not known; nil: none
	Watch    observe.Watcher                   // told of each step

	Accept Acceptance // of the gates that hold this command's grades back; the zero: they hold
	Lang   string     // of a report that says so: en or fr, "" is en
}

// Open loads the project in dir.
func Open(dir string, now time.Time) (*Run, error) {
	p, err := project.Load(dir)
	if err != nil {
		return nil, err
	}
	r := &Run{Project: p, Now: now}
	if path := p.Config.Metrics.Textfile; path != "" {
		r.Watch.Textfile = p.Path(path)
	}
	if path := p.Config.Lineage.File; path != "" {
		r.Watch.Lineage = p.Path(path)
	}
	return r, nil
}

func (r *Run) progress(what string, done, of int64) {
	if r.Progress != nil {
		r.Progress(what, done, of)
	}
}

// ParseDay returns the day since 1970-01-01 of a date such as 2026-01-31.
func ParseDay(s string) (int32, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, usagef("as-of: %q is no date; want one like 2026-01-31", s)
	}
	return int32(t.Unix() / 86400), nil
}

// asOf returns the date of a step that makes features: the one asked for, the
// one of icpfit.yaml, or today. The future is refused: nothing is known of it.
func (r *Run) asOf(asked string) (string, int32, error) {
	today := r.Now.UTC().Format(time.DateOnly)
	date := asked
	if date == "" {
		date = r.Project.Config.AsOf
	}
	if date == "" {
		date = today
	}
	day, err := ParseDay(date)
	if err != nil {
		return "", 0, err
	}
	if date > today {
		return "", 0, usagef("as-of: %s is in the future, today is %s; give a date that has come", date, today)
	}
	return date, day, nil
}
