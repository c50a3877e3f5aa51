package pipeline

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/model/predict"
)

// BacktestOptions say which grades are held against which outcomes.
type BacktestOptions struct {
	AsOf  string // of the grades; "": the newest night with 90 days behind it, else the oldest
	Until string // last day of outcomes; "": today
	Out   string // folder for backtest.html, backtest.json and outcomes.parquet; "": none
	Lang  string // of the page; "" is en
}

// A BacktestResult is a back-test, and where it was written.
type BacktestResult struct {
	*backtest.Backtest
	Folder string `json:"folder,omitempty"`
}

// lookBack is how many days of outcomes a night should have: most deals of 90 days
// are closed by then, and a model is retrained after 180.
const lookBack = 90

// The codes of a RefusalError about outcomes.
const (
	OutcomesBefore = "outcomes_before" // every outcome is from before the grades
	ModelLater     = "model_later"     // the model has learned from after the night
)

// Backtest holds the grades of a past night against outcomes since. Only o.Out is
// written.
func (r *Run) Backtest(ctx context.Context, o BacktestOptions) (*BacktestResult, error) {
	teller, err := backtest.NewTeller(o.Lang)
	if err != nil {
		return nil, usagef("backtest: --lang is %q; want en or fr", o.Lang)
	}
	if err := replaceable(o.Out, "backtest", "backtest", "back-test"); err != nil {
		return nil, err
	}
	today := r.Now.UTC().Format(time.DateOnly)
	if o.Until == "" {
		o.Until = today
	}
	if o.AsOf == "" {
		if o.AsOf, err = r.pastNight(o.Until); err != nil {
			return nil, err
		}
		if o.AsOf == "" {
			return nil, notFoundf("backtest: %s: no grades from before %s; run `icpfit predict`, and this when outcomes have come", filepath.Dir(r.Project.Grades("x")), o.Until)
		}
	}
	b, err := r.backtest(ctx, o.AsOf, o.Until)
	if err != nil {
		return nil, err
	}
	if b.Table.Needs("won", "closed_at") != nil && !hasConversion(b) {
		return nil, usagef("backtest: nothing to hold the grades against: %s, or customers.won_at and a feature table after %s; name the deals under tables: in icpfit.yaml, or run `icpfit features`", b.Table.Needs("won", "closed_at"), o.AsOf)
	}
	out := &BacktestResult{Backtest: b, Folder: o.Out}
	if o.Out == "" {
		return out, nil
	}
	return out, r.writeBacktest(out, teller)
}

func hasConversion(b *backtest.Backtest) bool {
	return b.Top.Conversion != nil || b.Rest.Conversion != nil
}

// backtest holds a night against the outcomes until a day.
func (r *Run) backtest(ctx context.Context, asOf, until string) (*backtest.Backtest, error) {
	in, err := r.backtestInput(asOf, until)
	if err != nil {
		return nil, err
	}
	folder := r.Project.Grades(asOf)
	version, err := predict.Version(folder)
	if err != nil {
		return nil, damagedf("backtest: %v; run `icpfit predict --as-of %s` again", err, asOf)
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	if m.AsOf > asOf {
		return nil, &RefusalError{Code: ModelLater, Msg: "backtest: the grades of " + asOf + " were made by " + version + ", which has learned from data of " + m.AsOf + ": it may know the outcomes; grade that night with a model from before it"}
	}
	in.Version = version
	grades, _ := gradesOf(m)
	if in.Night, err = graded.Load(ctx, folder, grades); err != nil {
		return nil, err
	}
	if in.Set, err = r.tables(in.Night); err != nil {
		return nil, err
	}
	if in.Wins, in.HasWins, err = r.wins(ctx, asOf, until); err != nil {
		return nil, err
	}
	b, err := backtest.Build(ctx, in)
	var before *backtest.BeforeError
	if errors.As(err, &before) {
		return nil, &RefusalError{Code: OutcomesBefore, Msg: err.Error()}
	}
	return b, err
}

// backtestInput checks the dates.
func (r *Run) backtestInput(asOf, until string) (backtest.Input, error) {
	in := backtest.Input{Name: r.Project.Config.Name, Seed: r.Project.Config.Model.Seed}
	var err error
	if in.Day, err = ParseDay(asOf); err != nil {
		return in, err
	}
	if in.Until, err = ParseDay(until); err != nil {
		return in, err
	}
	if in.Until <= in.Day {
		return in, usagef("backtest: outcomes until %s are not after the grades of %s; give a later day with --until, or an earlier night with --as-of", until, asOf)
	}
	if until > r.Now.UTC().Format(time.DateOnly) {
		return in, usagef("backtest: --until %s is in the future; give a day that has come", until)
	}
	folder := r.Project.Grades(asOf)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return in, notFoundf("backtest: %s: no grades of %s; a back-test needs the grades as they were published then", folder, asOf)
	}
	return in, nil
}

// pastNight returns the newest night that has at least lookBack days until a day,
// else the oldest before it, "" where there is none.
func (r *Run) pastNight(until string) (string, error) {
	day, err := ParseDay(until)
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(filepath.Dir(r.Project.Grades("x")))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	found := ""
	for _, e := range entries { // sorted by name
		date, ok := strings.CutPrefix(e.Name(), "as_of=")
		at, err := ParseDay(date)
		if !ok || err != nil || at >= day {
			continue
		}
		if found == "" || at <= day-lookBack {
			found = date
		}
	}
	return found, nil
}

// wins reads when the customers were won, from the newest customers table that is
// later than a night and not later than a day. known says whether any has a day.
func (r *Run) wins(ctx context.Context, asOf, until string) (wins []backtest.Win, known bool, err error) {
	day, err := ParseDay(until)
	if err != nil {
		return nil, false, err
	}
	newest, folder, err := features.LatestTable(filepath.Dir(r.Project.Features(features.CustomersTable, "x")), features.DayString(day+1))
	if errors.Is(err, fs.ErrNotExist) || err == nil && newest <= asOf {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	t, err := features.OpenTable(folder)
	if err != nil {
		return nil, false, damagedf("backtest: %v; run `icpfit features --as-of %s` again", err, newest)
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	rows, err := t.Load(ctx, []string{"domain", "won_at"}, func(features.Row) bool { return true })
	if err != nil {
		return nil, false, err
	}
	domain, won := rows.Column("domain"), rows.Column("won_at")
	for i := range rows.Rows {
		wins = append(wins, backtest.Win{Domain: domain.Text(i), Day: won.Days[i]})
		known = known || won.Days[i] != datasets.MissingDay
	}
	return wins, known, nil
}

// writeBacktest publishes the folder of out.
func (r *Run) writeBacktest(out *BacktestResult, teller *backtest.Teller) error {
	stage, err := artifact.Stage(out.Folder)
	if err != nil {
		return err
	}
	defer stage.Abort()
	var html bytes.Buffer
	text, err := out.JSON()
	if err = errors.Join(err, teller.WriteHTML(&html, out.Backtest)); err != nil {
		return err
	}
	if err := errors.Join(stage.Write("backtest.json", text), stage.Write("backtest.html", html.Bytes())); err != nil {
		return err
	}
	if err := writeOutcomes(stage, out.Rows); err != nil {
		return err
	}
	return stage.Publish(artifact.Manifest{
		Step: "backtest", Inputs: map[string]string{"grades": out.AsOf, "until": out.Until, "model": out.Model},
		Options: artifact.Fingerprint([]any{backtest.Format, teller.Lang}), Rows: out.Outcomes.Deals + out.Outcomes.Customers,
	})
}
