package backtest

import (
	"context"
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
)

// Why an outcome does not count.
const (
	Before   = "before"   // on or before the night: it may have made the grade
	Undated  = "undated"  // without a date it may be from before
	Later    = "later"    // after the last day that is looked at
	Customer = "customer" // of an account that was a customer already: the model has learned from it
	Unjoined = "unjoined" // of no account that was in the base
)

// Whys lists them in the order in which they are shown.
var Whys = []string{Before, Undated, Later, Customer, Unjoined}

// A Refusal is an outcome that does not count.
type Refusal struct {
	Why    string `json:"why"`
	What   string `json:"what"` // deal or customer
	Domain string `json:"domain"`
	Date   string `json:"date,omitempty"`
	Row    int64  `json:"row,omitempty"` // line or number in the table of opportunities
}

// The kinds of outcome.
const (
	IsDeal     = "deal"
	IsCustomer = "customer"
)

// mostRefused is how many refusals of each kind are listed.
const mostRefused = 20

// Outcomes count what was looked at.
type Outcomes struct {
	Deals     int64 `json:"deals"`     // closed, that count
	Open      int64 `json:"open"`      // not closed, or not known to be
	Customers int64 `json:"customers"` // accounts won since, that count

	Refused map[string]int64 `json:"refused"` // by why
	Listed  []Refusal        `json:"listed"`  // the first 20 of each
}

// An Outcome is a closed deal or a customer won, whether it counts or not.
type Outcome struct {
	What   string // deal or customer
	Domain string // as it was joined; "": of no account
	Grade  string // of its account then; "": none
	Won    bool
	Day    int32   // datasets.MissingDay: not known
	Amount float64 // of a deal; NaN: not known
	Cycle  float64 // days from opened to closed; NaN: not known
	Why    string  // it does not count; "": it does
}

// A Win is a customer and the day on which it was won.
type Win struct {
	Domain string
	Day    int32 // datasets.MissingDay: not known
}

// A deal is a closed one that counts.
type deal struct {
	account       int
	won           bool
	amount, cycle float64 // NaN: not known
}

// gathered are the outcomes that count.
type gathered struct {
	Outcomes
	in    *Input
	night *graded.Night
	deals []deal
	won   map[int]bool // accounts won since, by number
	rows  []Outcome    // all that was looked at
	table *activity.Intake
}

// gather reads the opportunities and the customers won.
func gather(ctx context.Context, in *Input) (*gathered, error) {
	g := &gathered{in: in, night: in.Night, won: map[int]bool{}}
	g.Refused, g.Listed = map[string]int64{}, []Refusal{}
	var err error
	if g.table, err = activity.Each(ctx, in.Set, func(o activity.Opportunity) error { g.deal(&o); return nil }); err != nil {
		return nil, err
	}
	for _, w := range in.Wins {
		g.win(w)
	}
	g.Deals, g.Customers = int64(len(g.deals)), int64(len(g.won))
	return g, nil
}

func (g *gathered) deal(o *activity.Opportunity) {
	if o.Outcome != activity.Won && o.Outcome != activity.Lost {
		g.Open++
		return
	}
	day := o.ClosedAt.Day()
	d := deal{won: o.Outcome == activity.Won, amount: o.Amount, cycle: math.NaN()}
	if o.CreatedAt.Known() && day != datasets.MissingDay && o.CreatedAt.Day() <= day {
		d.cycle = float64(day - o.CreatedAt.Day())
	}
	at, why := g.counts(Refusal{What: IsDeal, Domain: o.Domain, Row: o.Line}, day)
	g.row(at, Outcome{What: IsDeal, Domain: o.Domain, Won: d.won, Day: day, Amount: d.amount, Cycle: d.cycle, Why: why})
	if why != "" {
		return
	}
	d.account = at
	g.deals = append(g.deals, d)
	if d.won {
		g.won[at] = true
	}
}

// win notes an account that is on the list of customers now. One that was on it
// then is no outcome.
func (g *gathered) win(w Win) {
	if at := g.night.Base.Number(w.Domain); at >= 0 && g.night.Customer(at) {
		return
	}
	at, why := g.counts(Refusal{What: IsCustomer, Domain: w.Domain}, w.Day)
	g.row(at, Outcome{What: IsCustomer, Domain: w.Domain, Won: true, Day: w.Day, Amount: math.NaN(), Cycle: math.NaN(), Why: why})
	if why == "" {
		g.won[at] = true
	}
}

// row keeps an outcome of account number at, -1: of none.
func (g *gathered) row(at int, o Outcome) {
	if at >= 0 && g.night.Grade(at) != graded.Unscored {
		o.Grade = g.night.Grades[g.night.Grade(at)]
	}
	g.rows = append(g.rows, o)
}

// counts returns the number of the outcome's account, -1 where there is none, and
// why the outcome does not count, "" where it does; if not, it is noted.
func (g *gathered) counts(r Refusal, day int32) (at int, why string) {
	at = -1
	if r.Domain != "" {
		at = g.night.Base.Number(r.Domain)
	}
	switch {
	case at < 0:
		r.Why = Unjoined
	case day == datasets.MissingDay:
		r.Why = Undated
	case day <= g.in.Day:
		r.Why = Before
	case day > g.in.Until:
		r.Why = Later
	case g.night.Customer(at):
		r.Why = Customer
	default:
		return at, ""
	}
	if day != datasets.MissingDay {
		r.Date = activity.Time(int64(day) * 86400).String()
	}
	if g.Refused[r.Why]++; g.Refused[r.Why] <= mostRefused {
		r.Domain = page.Clean(r.Domain)
		g.Listed = append(g.Listed, r)
	}
	return at, r.Why
}
