package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/feedback"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/segment"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
	"github.com/icpfit/icpfit/model/train"
)

// Input is what a report is made of. Dates are 2006-01-02.
type Input struct {
	Name     string // the ICP's
	AsOf     string
	Lang     string // one of page.Langs; "" is en
	Model    *model.Model
	Accounts string // folder features/accounts/as_of=D
	Grades   string // folder grades/as_of=D

	Previous     string // grades of the night before; "": this is the first night
	PreviousAsOf string
	PreviousGone bool // Previous cannot be read; Previous is not used

	Create Create // makes the files of the complete lists; nil: none are written

	Customers string // folder features/customers/as_of=D; "": recent wins are not looked at

	Pool         *model.Tally // of the night; nil: it was not counted, so there is no drift
	PreviousPool *model.Tally // of the night before, by the same model; nil: none

	Overrides *predict.Overrides // that held when the grades were made; nil: none
	Unknown   []predict.Override // of these, those of accounts that are not in the base

	Foundations *Foundations // the newest audit until AsOf; nil: none

	Evaluation *train.Evaluation // nil: no figures out of fold
	Audit      *features.Audit   // nil: no coverage and no funnel

	Segments    *segment.Divided   // of the same grades; nil: none
	Backtest    *backtest.Backtest // nil: no outcomes since a past night
	Feedback    *feedback.Feedback // nil: nobody has said anything
	TableFaults []string           // why an optional table could not be read

	Held     []Gate     // what holds the grades back; then those of InForce remain, "" for none
	InForce  string     // a date
	Accepted []Accepted // what would have held them back
}

// validate reports every fault of the input that needs no look at a file.
func (in *Input) validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("report: "+format, args...))
		}
	}
	date := func(what, text string) {
		_, err := time.Parse(time.DateOnly, text)
		check(err == nil, "%s is %q; want a date like 2026-01-31", what, text)
	}
	date("as of", in.AsOf)
	if in.Previous != "" || in.PreviousGone {
		date("previous as of", in.PreviousAsOf)
	}
	if in.Model == nil {
		return errors.Join(append(errs, errors.New("report: no model; want the one that made the grades"))...)
	}
	date("the model's as of", in.Model.AsOf)
	errs = append(errs, in.Model.Validate())
	for i := range in.Model.Terms {
		t := &in.Model.Terms[i]
		check(len(t.Pool) == t.Slots() && len(t.Customers) == t.Slots() && len(t.Spread) <= t.Slots(),
			"model: feature %q: %d customer and %d pool counts for %d bins", t.Feature, len(t.Customers), len(t.Pool), t.Slots())
	}
	for _, t := range []*model.Tally{in.Pool, in.PreviousPool} {
		if t != nil {
			errs = append(errs, in.Model.CheckTally(t))
		}
	}
	if e := in.Evaluation; e != nil {
		check(e.Version == in.Model.Version, "the evaluation is of model %s, the model is %s; want that of the same model", e.Version, in.Model.Version)
	}
	if in.Audit != nil {
		check(in.Audit.AsOf == in.AsOf, "the audit is of %s, the report of %s; want that of the same night", in.Audit.AsOf, in.AsOf)
	}
	return errors.Join(errs...)
}

// Build makes the report of one night. It reads the grade tables and the
// accounts table as streams; memory is 16 bytes an account of the night before,
// and short lists.
//
// It returns an error that lists every fault of the input, or one that wraps
// datasets.ErrShape where a table is not what it should be: grades of another
// model, a grade the model does not give, a feature that is gone.
func Build(ctx context.Context, in Input) (*Report, error) {
	p, err := page.NewPrinter(in.Lang, catalogue)
	if in.Accounts == "" || in.Grades == "" {
		err = errors.Join(errors.New("report: no folder of accounts or grades; want both"), err)
	}
	if err = errors.Join(in.validate(), err); err != nil {
		return nil, err
	}
	parts, err := predict.Parts(in.Grades)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	var before *night
	if in.Previous != "" && !in.PreviousGone {
		if before, err = loadNight(ctx, in.Previous); err != nil {
			return nil, err
		}
	}
	if len(in.Held) > 0 {
		in.Create = nil // nothing of held grades is published
	}
	l, err := newLists(in.Create, before != nil)
	if err != nil {
		return nil, err
	}
	r, err := in.build(ctx, parts, before, l, p)
	if err != nil {
		return nil, errors.Join(err, l.abort())
	}
	return r, nil
}

// build is Build with the night before read and the lists begun.
func (in *Input) build(ctx context.Context, parts []string, before *night, l *lists, p *page.Printer) (*Report, error) {
	s, err := scanGrades(ctx, parts, in.Model, before, in.PreviousGone, l)
	if err != nil {
		return nil, err
	}
	if err := s.listGone(ctx, in.Previous); err != nil {
		return nil, err
	}
	if err := readReasons(ctx, parts, s.called()); err != nil {
		return nil, fmt.Errorf("report: grades: %w", err)
	}
	if err := readBase(ctx, in.Accounts, in.AsOf, in.Model, s.listed()); err != nil {
		return nil, err
	}
	wins, err := readWins(ctx, in, s.calls.picks)
	if err != nil {
		return nil, err
	}
	words, err := newReasoner(p.Lang, in.Model)
	if err != nil {
		return nil, err
	}
	r := assemble(in, s, wins, words, p)
	r.Lists, err = l.finish(r, words, in.Model.Grades.Cuts)
	return r, err
}

// called returns all picks to call, first those that the report shows.
func (s *scan) called() []pick {
	if s.lists != nil {
		slices.SortFunc(s.lists.calls, ahead)
		s.calls.picks = s.lists.calls[:min(s.calls.size, len(s.lists.calls))]
	}
	for i := range s.calls.picks {
		s.calls.picks[i].listed = true
	}
	if s.lists != nil {
		return s.lists.calls
	}
	return s.calls.picks
}

// listed returns the picks of all lists.
func (s *scan) listed() []*pick {
	var out []*pick
	for _, picks := range [][]pick{s.called(), s.risers.picks, s.fallers.picks, s.explore.picks} {
		for i := range picks {
			out = append(out, &picks[i])
		}
	}
	return out
}

// assemble makes the report from what was read.
func assemble(in *Input, s *scan, wins *Wins, words *reasoner, p *page.Printer) *Report {
	r := newReport(in, p)
	r.Base = s.base()
	r.addGrades(in, s)
	r.addLists(s, words)
	r.addBefore()
	r.addByHand(in, s)
	r.Backtest, r.Feedback = in.Backtest, in.Feedback
	low := r.addUnscored(s, p)
	r.addCoverage(in.Audit)
	r.addLooks(in.Model, p)
	r.addDrift(in, p)
	r.Scores = newScores(&s.points, in.Model)
	r.Wins = *wins
	r.Wins.compare(r)
	r.Action, r.ActionReasons, r.Checks = decide(evidence{s.rows, r.Base.Scored, low, r.Drift, in.Model.AsOf, in.AsOf, &r.Wins}, p)
	r.Segments = in.Segments
	r.addWarnings(in, p)
	r.Headline = headline(r, p)
	if len(in.Held) > 0 {
		r.hold(in, p)
	}
	return r
}

// newReport returns a report with what does not depend on the grades.
func newReport(in *Input, p *page.Printer) *Report {
	r := &Report{
		Format: Format, Name: page.Clean(in.Name), AsOf: in.AsOf, FirstNight: in.Previous == "" && !in.PreviousGone, PreviousGone: in.PreviousGone, Lang: p.Lang, Audit: in.Foundations,
		Model: modelFacts(in), Warnings: []Warning{}, GradeNotes: gradeNotes(in.Model.Grades.Notes, p),
	}
	if !r.FirstNight {
		r.PreviousAsOf = in.PreviousAsOf
	}
	r.addEvaluation(in, p)
	r.addAccepted(in, p)
	return r
}

// Ungraded makes the report of a night on which nothing could be graded: what
// holds the grades back, and what is known of the model. The folders of in are
// not read; in.Held must not be empty.
func Ungraded(in Input) (*Report, error) {
	p, err := page.NewPrinter(in.Lang, catalogue)
	if len(in.Held) == 0 {
		err = errors.Join(errors.New("report: nothing holds the grades back; want the gates that do"), err)
	}
	if err = errors.Join(in.validate(), err); err != nil {
		return nil, err
	}
	in.Pool = nil
	r := newReport(&in, p)
	r.Ungraded, r.Grades, r.GradeNotes, r.Overrides, r.Causes, r.Unscored = true, []Grade{}, []string{}, []Override{}, []Cause{}, []Unscored{}
	r.Movers = Movers{Up: []Mover{}, Down: []Mover{}}
	r.Migration = Migration{From: []string{}, To: []string{}, Counts: [][]int64{}}
	r.Checks = []Check{}
	r.Lists = []List{}
	r.Scores.Bins, r.Wins.Grades, r.Wins.Since = []ScoreBin{}, []WonGrade{}, in.Model.AsOf
	r.CallList.Rule = Entered
	if r.FirstNight {
		r.CallList.Rule = Best
	}
	r.addCoverage(nil)
	r.addLooks(in.Model, p)
	r.addDrift(&in, p)
	r.addWarnings(&in, p)
	r.hold(&in, p)
	return r, nil
}

// base returns the counts of the scan.
func (s *scan) base() Base {
	b := Base{Accounts: s.rows, Entered: s.entered, Up: s.up, Down: s.down}
	for i, n := range s.accounts {
		b.Scored += n
		if topGrade(s.gradeName(i)) {
			b.Top += n
		}
	}
	b.Unscored = b.Accounts - b.Scored
	return b
}

func modelFacts(in *Input) ModelFacts {
	m := in.Model
	learner := m.Learner
	if m.Grid != nil {
		learner = "grid"
	}
	return ModelFacts{
		Version: m.Version, Learner: page.Clean(learner), AsOf: m.AsOf, Customers: m.Customers, Pool: m.Pool, Provisional: m.Provisional,
		AgeDays: int(day(in.AsOf).Sub(day(m.AsOf)).Hours() / 24), Status: status(m.AsOf, in.AsOf),
		DueOn: day(m.AsOf).AddDate(0, DueMonths, 0).Format(time.DateOnly), Method: page.Clean(m.Grades.Method), On: page.Clean(m.Grades.On),
	}
}

// JSON returns the text of report.json.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write report.json: %w", err)
	}
	return append(b, '\n'), nil
}
