package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/observe"
	"github.com/icpfit/icpfit/internal/report"
)

// An Acceptance says who goes on although gates hold, and why.
type Acceptance struct{ Reason, Author string }

// A HeldBackError says that the grades of a night are not published: gates hold.
// The report that says so is.
type HeldBackError struct {
	AsOf    string        `json:"as_of"`
	InForce string        `json:"in_force"` // date of the grades that remain; "": none
	Held    []report.Gate `json:"held"`     // at least one; messages are English
	Report  string        `json:"report"`   // path of the HTML file; "": it could not be written
	Cause   error         `json:"-"`        // what told that there is nothing to grade with; nil: the gates say all
}

// Unwrap returns the cause.
func (e *HeldBackError) Unwrap() error { return e.Cause }

func (e *HeldBackError) Error() string {
	var why []string
	for i := range e.Held {
		why = append(why, e.Held[i].Message)
	}
	do := "repair that, or go on with --accept REASON"
	if e.Cause != nil {
		why, do = []string{e.Cause.Error()}, "--accept does not help, since there is nothing to grade with"
	}
	remain := "there are no earlier grades"
	switch e.InForce {
	case "":
	case e.AsOf:
		remain = "those that were made of that date before remain in force"
	default:
		remain = "those of " + e.InForce + " remain in force"
	}
	out := fmt.Sprintf("the grades of %s are held back: %s; %s; %s", e.AsOf, strings.Join(why, "; "), remain, do)
	if e.Report != "" {
		out += "; see " + e.Report
	}
	return out
}

// Code returns that of the first gate.
func (e *HeldBackError) Code() string { return e.Held[0].Code }

// Aged reports whether all gates are about what is stale or new to the model.
func (e *HeldBackError) Aged() bool {
	for i := range e.Held {
		if !e.Held[i].Aged() {
			return false
		}
	}
	return true
}

// gates judges the night n, which has been graded, and returns the gates that
// hold its grades back. Those that somebody accepts, now or when this very night
// was published before, are noted in n.
func (r *Run) gates(n *nightly) ([]report.Gate, error) {
	g := gated{limits: r.Project.Config.Gates, model: n.in.Model, now: n.Summary, changed: r.inputChanged()}
	var err error
	if g.asOf, err = time.Parse(time.DateOnly, n.AsOf); err != nil {
		return nil, err // openNight has parsed it
	}
	if n.Previous != "" {
		before, err := readFacts(r.Project.Grades(n.Previous))
		switch {
		case err == nil:
			g.before, g.otherModel = before.Summary, before.Version != n.Version
		case !errors.Is(err, fs.ErrNotExist): // a night of a release that wrote no counts
			return nil, damagedf("%v; grade that night again with `icpfit predict --as-of %s`", err, n.Previous)
		}
	}
	held := g.judge()
	if err := report.Say(held, "en"); err != nil {
		return nil, err
	}
	n.Accepted = r.accept(n, held)
	if len(n.Accepted) == len(held) {
		return nil, nil
	}
	n.Accepted = nil
	return held, nil
}

// accept returns those of the gates that are accepted.
func (r *Run) accept(n *nightly, held []report.Gate) (out []report.Accepted) {
	before := r.acceptedBefore(n)
	for _, g := range held {
		a := report.Accepted{Gate: g}
		for i := range before {
			if g.Same(&before[i].Gate) {
				a.Reason, a.Author = before[i].Reason, before[i].Author
			}
		}
		if r.Accept.Reason != "" {
			a.Reason, a.Author = r.Accept.Reason, r.Accept.Author
		}
		if a.Reason != "" {
			out = append(out, a)
		}
	}
	return out
}

// acceptedBefore returns what was accepted when a night of the same inputs was
// published: to grade it again asks for no other decision.
func (r *Run) acceptedBefore(n *nightly) []report.Accepted {
	folder := r.Project.Grades(n.AsOf)
	m, err := artifact.ReadManifest(folder)
	if err != nil || sameInputs(m, n) != "" {
		return nil
	}
	facts, err := readFacts(folder)
	if err != nil {
		return nil
	}
	return facts.Accepted
}

// inputChanged returns the day on which the file of accounts was last changed,
// of a folder the newest file; zero for a query and where it cannot be told.
func (r *Run) inputChanged() (day time.Time) {
	c := r.Project.Config.Accounts
	if c.Path == "" {
		return day
	}
	err := filepath.WalkDir(r.Project.Path(c.Path), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && d.Type()&fs.ModeSymlink != 0 {
			info, err = os.Stat(r.Project.Path(c.Path))
		}
		if err == nil && info.ModTime().After(day) {
			day = info.ModTime()
		}
		return err
	})
	if err != nil {
		return time.Time{}
	}
	return day.UTC().Truncate(24 * time.Hour)
}

// hold publishes the report on a night whose grades, in folder, are held back,
// and returns why.
func (r *Run) hold(ctx context.Context, n *nightly, folder string, held []report.Gate) error {
	return r.heldBack(&HeldBackError{AsOf: n.AsOf, Held: held}, []any{n.inputs, n.options}, func(inForce string) (*report.Report, error) {
		in, err := r.reportInput(&n.nightFacts, folder, r.Lang)
		if err != nil {
			return nil, err
		}
		in.Held, in.InForce = held, inForce
		return report.Build(ctx, in)
	})
}

// ungraded publishes what is left of the report of a date where err says that
// the model, "" for the champion, has nothing to grade with, and returns why the
// grades are held back; any other error it returns as it is.
func (r *Run) ungraded(asOf, version string, err error) error {
	var refusal *RefusalError
	if !errors.As(err, &refusal) || len(refusal.Features) == 0 {
		return err
	}
	out := &HeldBackError{AsOf: asOf, Cause: err}
	for _, f := range refusal.Features {
		out.Held = append(out.Held, report.Gate{Code: refusal.Code, Feature: f})
	}
	if err := report.Say(out.Held, "en"); err != nil {
		return err
	}
	return r.heldBack(out, version, func(inForce string) (*report.Report, error) {
		in := report.Input{Name: r.Project.Config.Name, AsOf: asOf, Lang: r.Lang, Held: out.Held, InForce: inForce}
		var err error
		if version == "" {
			if version, err = r.Champion(); err != nil {
				return nil, err
			}
		}
		if in.Model, err = r.Model(version); err != nil {
			return nil, err
		}
		if in.Evaluation, err = r.Evaluation(version); err != nil {
			return nil, err
		}
		if in.PreviousAsOf, in.Previous, err = r.previousFolder(asOf); err != nil {
			return nil, err
		}
		if in.Foundations, err = r.foundations(asOf); err != nil {
			return nil, err
		}
		return report.Ungraded(in)
	})
}

// heldBack completes and returns out once the report is published that build
// makes from what its argument says is in force. from is what it is made of.
func (r *Run) heldBack(out *HeldBackError, from any, build func(inForce string) (*report.Report, error)) error {
	failed := r.observe("report", out.AsOf, func(s *observe.Step) error {
		if _, err := os.Stat(r.Project.Grades(out.AsOf)); err == nil {
			out.InForce = out.AsOf
		} else if out.InForce, _, err = r.previousFolder(out.AsOf); err != nil {
			return err
		}
		rep, err := build(out.InForce)
		if err != nil {
			return err
		}
		made, err := r.publishReport(rep.AsOf, artifact.Manifest{
			Step: "report", Inputs: map[string]string{"held": artifact.Fingerprint([]any{from, out.Held, out.InForce}), "lang": rep.Lang},
			Options: r.reportOptions(), Rows: rep.Base.Accounts,
		}, func(report.Create) (*report.Report, error) { return rep, nil })
		if err != nil {
			return err
		}
		out.Report = made.HTML
		s.Rows, s.Outputs = rep.Base.Accounts, []observe.Dataset{folder(filepath.Dir(made.HTML))}
		return nil
	})
	if failed != nil {
		return fmt.Errorf("%w; and the report that says so could not be written: %w", out, failed)
	}
	return out
}
