// Package report writes the refresh report of one night: what the grades of a
// base look like, what changed, whom to call, what is missing, and whether the
// model may stay.
//
//	Build          grade tables, accounts table, model → Report, the only place where figures are made
//	Report.JSON    report.json
//	WriteHTML      report.html: one file that needs no network
//	WriteMarkdown  report.md: the same tables
//	List           the complete lists beside it, as CSV and Parquet
//	WriteDrift     drift.csv: how many accounts have each value, then and now
//	Ungraded       what is left of a Report where nothing could be graded
//
// Captured customers and lift come from the out-of-fold evaluation only: the
// customers in a grade table have been trained on, so their grades show
// nothing. A written grid claims no lift.
//
// The report opens with one sentence made of the figures: what happened (how many
// prospects reached A or B since the night before; on a first night, how many accounts
// are A or B; or why nothing is graded) and what to do. What to do is the action of the
// first rule that is broken, by decide:
//
//	fix_data   there are no accounts, or none can be graded
//	fix_data   a feature with 10 % of the importance or more has lost over half of the
//	           coverage it had at training
//	fix_data   of more than 20 % of the accounts too little is known to grade them
//	retrain    features with more than 20 % of the importance have drifted past their limit
//	retrain    the data the model learned from is more than 12 months old
//	retrain    clearly fewer of the customers won since are A or B than of those out of
//	           fold: the two 95 % intervals do not meet
//	keep       otherwise
//
// Where gates hold the grades back, their sentences are the headline instead. Report.Checks
// has what each rule found, and the page shows it.
//
// Every text that came from a CRM is cleaned when it enters the Report (clean),
// so no writer sees control or bidirectional characters; each then escapes for
// its own format.
//
//	format 1   first version of report.json
//	format 2   held, accepted, in_force, ungraded: gates of the night's input
//	format 3   checks, scores, wins, previous_gone; of a grade, before; of a call, lift and
//	           unknown; of a reason, sentence
//	format 4   segments
//	format 5   backtest, feedback
//	format 6   drift: psi is of known values, also of sets; js, chance, alarms,
//	           coverage, new_values, overnight; score_drift, grade_drift, novelty;
//	           the check overnight
package report

import (
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/feedback"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/segment"
	"github.com/icpfit/icpfit/model/metrics"
)

// Format is the version of report.json.
const Format = 6

// A Report holds all figures of one night. Shares are from 0 to 1, dates are
// 2006-01-02; lists are empty rather than null.
type Report struct {
	Format        int                         `json:"format"`
	Name          string                      `json:"name"` // the ICP's
	AsOf          string                      `json:"as_of"`
	PreviousAsOf  string                      `json:"previous_as_of,omitempty"`
	FirstNight    bool                        `json:"first_night"`             // nothing to compare with
	PreviousGone  bool                        `json:"previous_gone,omitempty"` // the night before cannot be read: of it is known what the grade table says
	Lang          string                      `json:"lang"`
	Headline      string                      `json:"headline"`
	Held          []Gate                      `json:"held"`               // gates that hold the grades back: what follows is what they would be, and nothing is to be called
	InForce       string                      `json:"in_force,omitempty"` // where they do, the date of the grades that remain; "": none
	Accepted      []Accepted                  `json:"accepted"`           // gates that somebody has passed
	Ungraded      bool                        `json:"ungraded,omitempty"` // nothing could be graded: there is only what is known of the model
	Action        Action                      `json:"action"`
	ActionReasons []string                    `json:"action_reasons"` // why not keep, in sentences
	Checks        []Check                     `json:"checks"`         // the rules that the action follows from
	Base          Base                        `json:"base"`
	Model         ModelFacts                  `json:"model"`
	Metrics       map[string]metrics.Interval `json:"metrics"`     // out of fold: auc, capture_K, lift_K
	Definitions   map[string]string           `json:"definitions"` // of these, in words
	Grades        []Grade                     `json:"grades"`      // best first
	GradeNotes    []string                    `json:"grade_notes"`
	CallList      CallList                    `json:"call_list"`
	Migration     Migration                   `json:"migration"`
	Causes        []Cause                     `json:"causes"` // of the changes, most frequent first
	Movers        Movers                      `json:"movers"`
	Overrides     []Override                  `json:"overrides"` // decisions by hand, in the order of their file
	Exploration   Exploration                 `json:"exploration"`
	Unscored      []Unscored                  `json:"unscored"` // by reason
	Coverage      Coverage                    `json:"coverage"`
	Funnel        []Step                      `json:"funnel"`     // of the customers
	Importance    []Importance                `json:"importance"` // strongest first
	Shapes        []page.Shape                `json:"shapes"`     // in the same order
	Drift         []Drift                     `json:"drift"`      // in the same order
	ScoreDrift    *ScoreDrift                 `json:"score_drift"`
	GradeDrift    []GradeDrift                `json:"grade_drift"` // best first
	Novelty       Comparison                  `json:"novelty"`     // share of the scored pool with a value that is new to the model
	Scores        Scores                      `json:"scores"`
	Wins          Wins                        `json:"wins"`
	Segments      *segment.Divided            `json:"segments,omitempty"` // of the scored accounts; nil: none of this night
	Backtest      *backtest.Backtest          `json:"backtest,omitempty"` // absent: no outcomes since a past night
	Feedback      *feedback.Feedback          `json:"feedback,omitempty"` // absent: nobody has said anything
	Lists         []List                      `json:"lists"`              // complete, beside the report
	Warnings      []Warning                   `json:"warnings"`
	Audit         *Foundations                `json:"audit"` // the newest until that night; null: none
}

// Foundations say what the newest audit of the foundations found.
type Foundations struct {
	AsOf     string   `json:"as_of"`
	Score    *float64 `json:"score"` // 0: no debt, to 100; null: nothing was computable
	Debts    int      `json:"debts"`
	High     int      `json:"high"` // of these, of high severity
	Headline string   `json:"headline"`
}

// Base counts the rows of the grade table.
type Base struct {
	Accounts int64 `json:"accounts"` // rows
	Scored   int64 `json:"scored"`
	Unscored int64 `json:"unscored"`
	Top      int64 `json:"top"`     // graded A or B
	Entered  int64 `json:"entered"` // prospects that are A or B and were not the night before; 0 on the first night
	Up       int64 `json:"up"`      // accounts with a better grade than the night before
	Down     int64 `json:"down"`    // with a worse one
}

// ModelFacts say which model graded the base.
type ModelFacts struct {
	Version     string `json:"version"`
	Learner     string `json:"learner"` // grid: written, not learned
	AsOf        string `json:"as_of"`   // trained as of
	Customers   int    `json:"customers"`
	Pool        int    `json:"pool"`
	Provisional bool   `json:"provisional"`
	AgeDays     int    `json:"age_days"`
	Status      string `json:"status"` // fresh below 6 months, due up to 12, overdue after
	DueOn       string `json:"due_on"` // when it is 6 months old
	Method      string `json:"method"` // of the cuts
	On          string `json:"on"`     // what is cut: fit or priority
}

// A Grade is one line of the grade table. Captured, PoolShare and Lift are out
// of fold; they are nil where there is no evaluation, Lift also where the grade
// is empty and for a written grid.
type Grade struct {
	Grade     string            `json:"grade"`
	Tier      int32             `json:"tier"`
	From      *float64          `json:"from"`      // least points; nil for the last and for an empty grade
	Accounts  int64             `json:"accounts"`  // of the base, customers included
	Before    *int64            `json:"before"`    // the night before; nil: not known
	Prospects int64             `json:"prospects"` // of these, not customers
	Share     float64           `json:"share"`     // of all accounts
	PoolShare *float64          `json:"pool_share"`
	Captured  *metrics.Interval `json:"captured"`
	Lift      *metrics.Interval `json:"lift,omitempty"`
}

// Rules of a call list.
const (
	Entered = "entered" // prospects that entered A or B since the night before
	Best    = "best"    // the best A and B prospects: there is no night before
)

// A CallList holds the first accounts to call, most points first.
type CallList struct {
	Rule     string `json:"rule"`
	Total    int64  `json:"total"`    // accounts that the rule picks
	Accounts []Call `json:"accounts"` // at most 50 of them
}

// A Call is an account to call.
type Call struct {
	Domain    string   `json:"domain"`
	AccountID string   `json:"account_id"`
	Name      string   `json:"name"`
	Grade     string   `json:"grade"`
	Tier      int32    `json:"tier"`
	Previous  string   `json:"previous_grade,omitempty"`
	Points    float64  `json:"points"`
	Lift      *float64 `json:"lift,omitempty"` // nil: the grid is written
	Reasons   []Reason `json:"reasons"`        // strongest first, for and against
	Unknown   []string `json:"unknown"`        // features of which nothing is known
	Similar   []string `json:"similar"`        // the customers that are most like it, by name or domain
}

// A Reason is what one feature gives an account.
type Reason struct {
	Feature     string `json:"feature"`
	Value       string `json:"value"`
	MicroPoints int64  `json:"micro_points"`
	Text        string `json:"text"`     // "employees 130: +6.2"
	Sentence    string `json:"sentence"` // one that can be repeated to a customer
}

// A Migration counts accounts by their grade of the night before and now. Rows
// merged into another account are left out. Counts[i][k] are the accounts that
// were From[i] and are To[k]; From ends with unscored and new, To with unscored
// and gone. Where the night before is gone, From ends with without (no grade, or
// new), and To with unscored.
type Migration struct {
	From   []string  `json:"from"`
	To     []string  `json:"to"`
	Counts [][]int64 `json:"counts"`
}

// A Cause counts the grade changes that have one cause.
type Cause struct {
	Cause    string `json:"cause"`
	Accounts int64  `json:"accounts"`
}

// What became of an override.
const (
	InForce       = "in_force"       // the account has its grade
	Excluded      = "excluded"       // the account has no grade
	Expired       = "expired"        // it does not hold any more
	WithoutEffect = "without_effect" // too little is known of the account to grade it at all
	Unknown       = "unknown"        // the account is not in the base
)

// An Override is a decision by hand about one account. It changes no score and
// is not learned from.
type Override struct {
	Domain   string `json:"domain"`
	Grade    string `json:"grade"`     // or exclude
	CutGrade string `json:"cut_grade"` // what the model gives; "": nothing, or it is expired
	Author   string `json:"author"`
	Reason   string `json:"reason"`
	Expires  string `json:"expires"` // last day; "": none
	Status   string `json:"status"`
}

// Exploration lists low-graded accounts that are offered to sales nevertheless.
type Exploration struct {
	Total    int64      `json:"total"`
	Accounts []Explored `json:"accounts"` // at most 500, most points first; the grade table has all
}

// An Explored account is one of them.
type Explored struct {
	Domain    string  `json:"domain"`
	AccountID string  `json:"account_id"`
	Name      string  `json:"name"`
	Grade     string  `json:"grade"`
	Points    float64 `json:"points"`
}

// Movers are the accounts whose points changed most, both graded then and now.
type Movers struct {
	Up   []Mover `json:"up"`
	Down []Mover `json:"down"`
}

// A Mover is one of them.
type Mover struct {
	Domain       string  `json:"domain"`
	AccountID    string  `json:"account_id"`
	Name         string  `json:"name"`
	Customer     bool    `json:"customer"`
	From         string  `json:"from"` // grade
	To           string  `json:"to"`
	PointsBefore float64 `json:"points_before"`
	Points       float64 `json:"points"`
	Cause        string  `json:"cause,omitempty"` // of a changed grade
	CauseFeature string  `json:"cause_feature,omitempty"`
}

// Unscored counts the accounts that have no grade for one reason.
type Unscored struct {
	Reason   string  `json:"reason"`
	Accounts int64   `json:"accounts"`
	Share    float64 `json:"share"` // of all accounts
	Meaning  string  `json:"meaning"`
	Fix      string  `json:"fix"` // the cheapest
}

// Coverage gives shares of scorable rows of which something is known.
type Coverage struct {
	Pillars  []PillarCoverage  `json:"pillars"`
	Features []FeatureCoverage `json:"features"`
}

// PillarCoverage is the share of rows with a known feature of the pillar.
type PillarCoverage struct {
	Pillar    string  `json:"pillar"`
	Features  int     `json:"features"`
	Customers float64 `json:"customers"`
	Pool      float64 `json:"pool"`
}

// FeatureCoverage is the share of rows with a known value.
type FeatureCoverage struct {
	Feature    string  `json:"feature"`
	Pillar     string  `json:"pillar"`
	Customers  float64 `json:"customers"`
	Pool       float64 `json:"pool"`
	Unreadable int64   `json:"unreadable"` // filled cells that could not be read
}

// A Step of the customers' funnel.
type Step struct {
	Name    string   `json:"name"`
	Count   int      `json:"count"`
	Lost    int      `json:"lost"`
	Samples []string `json:"samples"`
}

// Importance says how much a feature moves the average pool account.
type Importance struct {
	Feature string  `json:"feature"`
	Pillar  string  `json:"pillar"`
	Points  float64 `json:"points"` // mean absolute points in the pool; of a written grid, the most it can give
	Share   float64 `json:"share"`  // of all features
}

// A Warning is a doubt about the report or its model.
type Warning struct {
	Code    string `json:"code"`
	Feature string `json:"feature"`
	Message string `json:"message"`
}
