package audit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/project"
)

// A Trend holds an audit against the one before it.
type Trend struct {
	Before      string   `json:"before"` // date of the audit before
	ScoreBefore *float64 `json:"score_before"`
	Score       *float64 `json:"score"`

	// On the tests that were computable in both, with the weights of now.
	SameBefore *float64 `json:"same_tests_before"`
	Same       *float64 `json:"same_tests"`

	Repaid  []string `json:"repaid"`  // debts that pass now
	New     []string `json:"new"`     // debts that passed then
	Found   []string `json:"found"`   // debts of tests that were not computable then
	Still   []string `json:"still"`   // debts then and now
	Lost    []string `json:"lost"`    // debts then, not computable now
	History []Point  `json:"history"` // scores of earlier audits, oldest first, up to 12
}

// A Point is the score of one audit.
type Point struct {
	AsOf  string   `json:"as_of"`
	Score *float64 `json:"score"`
	Debts int      `json:"debts"`
}

// mostPoints is how many earlier audits a trend names.
const mostPoints = 12

// states of a test in an audit.
const (
	absent = iota
	passed
	failed
	unknown
)

func (a *Audit) states() map[string]int {
	out := map[string]int{}
	for _, d := range a.Debts {
		out[d.ID] = failed
	}
	for _, t := range a.Passed {
		out[t.ID] = passed
	}
	for _, t := range a.NotComputable {
		out[t.ID] = unknown
	}
	return out
}

// trend compares a with an audit of an earlier date; nil where there is none.
func trend(before, a *Audit) *Trend {
	if before == nil {
		return nil
	}
	t := &Trend{Before: before.AsOf, ScoreBefore: before.Score, Score: a.Score, Repaid: []string{}, New: []string{}, Found: []string{}, Still: []string{}, Lost: []string{}}
	weights := map[string]float64{}
	for _, d := range a.Debts {
		weights[d.ID] = d.Weight
	}
	for _, p := range a.Passed {
		weights[p.ID] = p.Weight
	}
	then, now := before.states(), a.states()
	var both float64
	var bad [2]float64
	for _, id := range project.AuditTests {
		was, is := then[id], now[id]
		if (was == passed || was == failed) && (is == passed || is == failed) {
			both += weights[id]
			if was == failed {
				bad[0] += weights[id]
			}
			if is == failed {
				bad[1] += weights[id]
			}
		}
		switch {
		case was == failed && is == passed:
			t.Repaid = append(t.Repaid, id)
		case was == failed && is == failed:
			t.Still = append(t.Still, id)
		case was == failed:
			t.Lost = append(t.Lost, id)
		case was == passed && is == failed:
			t.New = append(t.New, id)
		case is == failed:
			t.Found = append(t.Found, id)
		}
	}
	if both > 0 {
		x, y := math.Round(1000*bad[0]/both)/10, math.Round(1000*bad[1]/both)/10
		t.SameBefore, t.Same = &x, &y
	}
	if before.Trend != nil {
		t.History = slices.Clone(before.Trend.History)
	}
	t.History = append(t.History, Point{before.AsOf, before.Score, len(before.Debts)})
	t.History = t.History[max(0, len(t.History)-mostPoints):]
	return t
}

// A Phase is a part of the plan of repayment.
type Phase struct {
	Name   string `json:"name"` // segmentation, alignment or proof
	Title  string `json:"title"`
	From   string `json:"from"`
	To     string `json:"to"` // the day after its last
	Months int    `json:"months"`
	Goal   string `json:"goal"` // what must hold at its end
	Steps  []Step `json:"steps"`
}

// A Step of a phase repays one debt, or makes a test computable.
type Step struct {
	ID   string `json:"id"` // of the test
	Debt bool   `json:"debt"`
	Text string `json:"text"`
	By   string `json:"by"` // date
}

// phases are those of the source's plan, and which debts each repays: first
// whom to sell to and on what data, then that marketing and sales do the same
// with it, then that it can be shown to work.
var phases = []struct {
	name   string
	months int
	tests  []string
}{
	{"segmentation", 6, []string{"icp_age", "product_changed", "grid_contradicted", "segments_unvalidated", "duplicates", "domain_errors", "stale_records", "missing_data"}},
	{"alignment", 3, []string{"targets_by_size", "no_decision_role", "clicks_not_intent", "volume_over_engagement", "wrong_audience", "activity_up_pipeline_down"}},
	{"proof", 6, []string{"fit_fades", "wins_unexplained", "wins_by_being_first", "buyers_leave", "accounts_unaudited"}},
}

// plan returns the plan of repayment from a day on: of each phase the debts, most
// severe first, then what is to be recorded, due at even distances.
func plan(p *page.Printer, a *Audit, from int32) []Phase {
	out := []Phase{}
	at := 0
	for _, ph := range phases {
		x := Phase{Name: ph.name, Title: p.T("phase." + ph.name), From: date(from, at), To: date(from, at+ph.months), Months: ph.months, Goal: p.T("goal." + ph.name), Steps: []Step{}}
		at += ph.months
		for _, d := range a.Debts {
			if slices.Contains(ph.tests, d.ID) {
				x.Steps = append(x.Steps, Step{ID: d.ID, Debt: true, Text: d.Next})
			}
		}
		for _, t := range a.NotComputable {
			if slices.Contains(ph.tests, t.ID) {
				x.Steps = append(x.Steps, Step{ID: t.ID, Text: p.T("record", t.Title, t.Why)})
			}
		}
		x.spread()
		out = append(out, x)
	}
	return out
}

// spread gives the steps their dates.
func (x *Phase) spread() {
	from, err1 := time.Parse(time.DateOnly, x.From)
	to, err2 := time.Parse(time.DateOnly, x.To)
	if err1 != nil || err2 != nil {
		panic(fmt.Sprintf("audit: phase from %s to %s", x.From, x.To)) // date made them
	}
	days := int(to.Sub(from).Hours() / 24)
	for i := range x.Steps {
		x.Steps[i].By = from.AddDate(0, 0, days*(i+1)/len(x.Steps)).Format(time.DateOnly)
	}
}

// order puts the most severe debts first, those alike in the order of the tests.
func (a *Audit) order() {
	slices.SortStableFunc(a.Debts, func(x, y Debt) int {
		return cmp.Compare(slices.Index(Severities, x.Severity), slices.Index(Severities, y.Severity))
	})
}

// headline says what came of the audit.
func headline(p *page.Printer, a *Audit) string {
	if a.Score == nil {
		return p.T("headline.nothing", p.Count(int64(len(a.NotComputable))))
	}
	high := 0
	for _, d := range a.Debts {
		if d.Severity == High {
			high++
		}
	}
	computable := int64(len(a.Debts) + len(a.Passed))
	if len(a.Debts) == 0 {
		return p.T("headline.clean", p.Count(computable), p.Count(int64(len(a.NotComputable))))
	}
	text := p.N("headline.debts", int64(len(a.Debts)), p.Count(computable), p.Num(*a.Score, 0))
	if high > 0 {
		text += " " + p.N("headline.high", int64(high))
	}
	return text + " " + p.T("headline.first", a.Debts[0].Title, a.Debts[0].Next)
}
