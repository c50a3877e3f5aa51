package backtest

import (
	"context"
	"fmt"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

// Input is what a back-test is made of. Days are since 1970-01-01.
type Input struct {
	Name    string // the ICP's
	Version string // of the model that graded
	Day     int32  // of the night
	Until   int32  // the last day of outcomes
	Night   *graded.Night
	Set     *activity.Set // joined to Night.Base
	Wins    []Win         // customers by their list, beside the deals
	HasWins bool          // whether that list says when they were won
	Seed    uint64
}

// A Backtest holds grades of then against outcomes since. Shares are from 0 to 1.
type Backtest struct {
	Format   int              `json:"format"`
	Name     string           `json:"name"`
	AsOf     string           `json:"as_of"`
	Until    string           `json:"until"`
	Model    string           `json:"model"`
	Days     int              `json:"days"` // from one to the other
	Grades   []Row            `json:"grades"`
	Top      Row              `json:"top"`  // the two best grades together
	Rest     Row              `json:"rest"` // the others together
	Against  []Against        `json:"against"`
	Outcomes Outcomes         `json:"outcomes"`
	Table    *activity.Intake `json:"table"` // what became of the opportunities

	Rows []Outcome `json:"-"` // all that was looked at: deals in the order of their table, then customers
}

// A Row is what followed from one grade. A figure is nil where it cannot be
// computed; Against says why.
type Row struct {
	Grade    string `json:"grade"`
	Accounts int64  `json:"accounts"` // graded so then, and no customers then
	Won      int64  `json:"won"`      // of these, won since
	Deals    int64  `json:"deals"`    // closed since
	DealsWon int64  `json:"deals_won"`

	Conversion *metrics.Interval `json:"conversion"` // Won of Accounts
	WinRate    *metrics.Interval `json:"win_rate"`   // DealsWon of Deals
	Size       *Spread           `json:"size"`       // of deals won, in the currency of the table
	Cycle      *Spread           `json:"cycle"`      // of deals won, from opened to closed, in days
}

// A Spread is mean and median of deals, with intervals from 10 accounts on.
type Spread struct {
	Deals    int64            `json:"deals"`
	Accounts int64            `json:"accounts"`
	Mean     metrics.Interval `json:"mean"`
	Median   metrics.Interval `json:"median"`
	Sure     bool             `json:"sure"` // false: too few accounts for intervals, which are then the value alone
}

// Build holds a night against outcomes. Its error wraps datasets.ErrShape where a
// table is not what it should be, and is ErrBefore where there are outcomes and
// every one of them is from before the night.
func Build(ctx context.Context, in Input) (*Backtest, error) {
	g, err := gather(ctx, &in)
	if err != nil {
		return nil, fmt.Errorf("backtest: %w", err)
	}
	date := func(day int32) string { return activity.Time(int64(day) * 86400).String() }
	if g.Deals+g.Customers == 0 && g.Refused[Before] > 0 {
		return nil, &BeforeError{AsOf: date(in.Day), Count: g.Refused[Before], Listed: g.Listed}
	}
	b := &Backtest{
		Format: Format, Name: page.Clean(in.Name), AsOf: date(in.Day), Until: date(in.Until), Model: in.Version, Days: int(in.Until - in.Day),
		Grades: []Row{}, Outcomes: g.Outcomes, Table: g.table, Rows: g.rows,
	}
	f := newFigures(g)
	for i, grade := range in.Night.Grades {
		b.Grades = append(b.Grades, f.row(grade, i, i+1).Row)
	}
	top, rest := f.row("top", 0, best), f.row("rest", best, len(in.Night.Grades))
	b.Top, b.Rest = top.Row, rest.Row
	b.Against = f.against(top, rest)
	return b, nil
}

// best is how many grades sales works first: A and B.
const best = 2

// A BeforeError says that no outcome is from after the night.
type BeforeError struct {
	AsOf   string
	Count  int64
	Listed []Refusal
}

func (e *BeforeError) Error() string {
	text := fmt.Sprintf("backtest: all %d outcomes are from before the grades of %s or of that day, and may have made them", e.Count, e.AsOf)
	for _, r := range e.Listed[:min(3, len(e.Listed))] {
		text += fmt.Sprintf("; %s %s", r.Domain, r.Date)
	}
	return text + "; give an earlier night with --as-of, or newer opportunities"
}
