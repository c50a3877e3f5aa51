// Package audit asks whether what a company builds on, its ICP, its data, its
// campaigns and its wins, still carries: a test each, on its own tables, and for
// every test that fails the debt, how severe it is, the figures that show it and
// the next step.
//
//	Base           what is known of every account: grade, size, segment
//	Events         what is counted of the optional tables, row by row
//	Build          facts → Audit, the only place where a test is decided
//	Audit.JSON     audit.json
//	WriteHTML      audit.html: one file that needs no network
//	WriteMarkdown  audit.md: the same tables
//
// A test that fails on more than chance allows is a debt: where a figure is an
// estimate, its whole 95 % interval is on the wrong side of the limit. A test
// whose tables or columns are not there, or that has too little to tell by, is
// not computable and says what it needs; it neither passes nor fails. The score
// is 100 times the weighted share of the computable tests that fail: 0 is best.
// A debt is high only where the figure leaves the limit far behind; each test
// says how far.
//
// Wins and customers are graded by the margins that they got out of fold, where
// the model has learned from them.
//
//	format 1   first version of audit.json
package audit

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model/metrics"
)

// Format is the version of audit.json.
const Format = 1

// The severities, most severe first.
const (
	High   = "high"
	Medium = "medium"
	Low    = "low"
)

// Severities lists the severities, most severe first.
var Severities = []string{High, Medium, Low}

// An Audit holds the figures of one audit. Lists are empty rather than null.
type Audit struct {
	Format   int      `json:"format"`
	Name     string   `json:"name"` // the ICP's
	AsOf     string   `json:"as_of"`
	Graded   string   `json:"graded"`  // the night whose grades are used
	Version  string   `json:"version"` // of the model that made them
	Lang     string   `json:"lang"`
	Score    *float64 `json:"score"` // 0: no debt, to 100; null: nothing is computable
	Headline string   `json:"headline"`

	Debts         []Debt  `json:"debts"`          // most severe first
	Passed        []Test  `json:"passed"`         //
	NotComputable []Test  `json:"not_computable"` //
	LeftOut       []Test  `json:"left_out"`       // of weight 0
	Trend         *Trend  `json:"trend"`          // null: there is no audit of an earlier date
	Plan          []Phase `json:"plan"`           // of repayment
}

// A Test is one of the audit's tests.
type Test struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Weight   float64    `json:"weight"`
	Rule     string     `json:"rule"` // when it fails
	Evidence []Evidence `json:"evidence"`
	Needs    []string   `json:"needs,omitempty"` // what is not there, as table.column where it is one
	Why      string     `json:"why,omitempty"`   // why it is not computable, in words
}

// A Debt is a test that fails.
type Debt struct {
	ID       string     `json:"id"`
	Severity string     `json:"severity"`
	Title    string     `json:"title"`
	Meaning  string     `json:"meaning"` // what it costs
	Weight   float64    `json:"weight"`
	Rule     string     `json:"rule"`
	Evidence []Evidence `json:"evidence"`
	Next     string     `json:"next"`
}

// Evidence is one figure, or one row of the base that shows it.
type Evidence struct {
	Name   string   `json:"name"`
	Label  string   `json:"label"`
	Text   string   `json:"text"` // the figure in words, with its interval
	Value  *float64 `json:"value,omitempty"`
	Low    *float64 `json:"low,omitempty"` // of the 95 % interval; absent: a count
	High   *float64 `json:"high,omitempty"`
	N      int64    `json:"n,omitempty"`      // what it was counted on
	Limit  *float64 `json:"limit,omitempty"`  // what it is held against
	Domain string   `json:"domain,omitempty"` // the account that it is about

	write func(float64) string // the unit
	limit string               // Limit in words
}

// Facts are what an audit is made of.
type Facts struct {
	Name, Lang   string
	AsOf, Graded string // dates
	Settings     project.AuditConfig

	Version   string // of the model
	ModelAsOf string // date of what it learned
	AUC       *metrics.Interval
	SizeAlone *SizeAlone      // nil: the model was not held against size
	Data      *features.Audit // of the night
	Grid      []Criterion     // nil: nothing was written
	Intent    *Intent         // nil: no feature is of the intent pillar
	Base      *Base
	Events    *Events
	Previous  *Audit // of an earlier date; nil: none

	GridReason    string // what is needed though a grid is written; "": nothing
	RecordsReason string // what is needed though a date of change is named; "": nothing
}

// SizeAlone is how size alone ranks customers, out of fold.
type SizeAlone struct {
	Feature    string
	AUC        metrics.Interval
	Difference metrics.Interval // less that of the model, paired
}

// An Intent is how the intent pillar ranks customers, as of when they were won,
// against the pool.
type Intent struct {
	AUC       metrics.Interval
	Customers int
	Pool      int
}

// A Criterion is one criterion of the written grid, held against who is a
// customer. Favoured accounts get more of its points than the pool does on
// average.
type Criterion struct {
	Feature   string
	Most      float64 // points it can give
	Customers [2]int  // favoured, others; known values only
	Pool      [2]int
	Learned   *float64 // points that the model gives favoured accounts over others; nil: it does not use the feature
}

// Build runs all tests. The result depends on nothing else.
func Build(f *Facts) (*Audit, error) {
	p, err := page.NewPrinter(f.Lang, catalogue)
	if err != nil {
		return nil, err
	}
	asOf, err := day(f.AsOf)
	if err != nil {
		return nil, err
	}
	if f.Base == nil || f.Events == nil || f.Data == nil {
		return nil, fmt.Errorf("audit: the base, the events and the audit of the data are wanted")
	}
	a := &Audit{
		Format: Format, Name: page.Clean(f.Name), AsOf: f.AsOf, Graded: f.Graded, Version: page.Clean(f.Version), Lang: p.Lang,
		Debts: []Debt{}, Passed: []Test{}, NotComputable: []Test{}, LeftOut: []Test{}, Plan: []Phase{},
	}
	var failed, computable float64
	for _, id := range project.AuditTests {
		weight, given := f.Settings.Weights[id]
		if !given {
			weight = 1
		}
		v := &verdict{Printer: p, Facts: f, Limits: &f.Settings.Limits, asOf: asOf, test: Test{ID: id, Title: p.T("name." + id), Weight: weight, Evidence: []Evidence{}}}
		if weight == 0 {
			a.LeftOut = append(a.LeftOut, v.test)
			continue
		}
		tests[id](v)
		switch {
		case v.test.Why != "":
			a.NotComputable = append(a.NotComputable, v.test)
			continue
		case v.severity == "":
			a.Passed = append(a.Passed, v.test)
		default:
			failed += weight
			a.Debts = append(a.Debts, v.debt())
		}
		computable += weight
	}
	if computable > 0 {
		score := math.Round(1000*failed/computable) / 10
		a.Score = &score
	}
	a.order()
	a.Trend = trend(f.Previous, a)
	a.Plan = plan(p, a, asOf)
	a.Headline = headline(p, a)
	return a, nil
}

// JSON returns audit.json.
func (a *Audit) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return append(text, '\n'), nil
}

// Read reads an audit.json of this format.
func Read(text []byte) (*Audit, error) {
	var a Audit
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if a.Format != Format {
		return nil, fmt.Errorf("audit: format %d; this icpfit reads %d", a.Format, Format)
	}
	if _, err := day(a.AsOf); err != nil {
		return nil, err
	}
	return &a, nil
}
