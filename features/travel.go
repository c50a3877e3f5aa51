package features

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// A WonAudit counts the days on which the customers of the base were won.
type WonAudit struct {
	Dated  int64    `json:"dated"`            // best and pipeline customers in the base with such a day
	Future int64    `json:"future,omitempty"` // of these, won after the day of the table
	Late   []Sample `json:"late,omitempty"`   // the first 10 of these, by line of the list
}

// mostLate is the share of the dated customers up to which a feature may have
// dates later than the sale: single rows are mistyped, a column is not.
const mostLate = 0.01

// audit counts the days of the customers found in the base.
func (c *Customers) audit(f found, asOf string) *WonAudit {
	n := &WonAudit{}
	for i, e := range c.entries {
		if !e.class.positive() || !f.inBase[i] || e.wonAt == datasets.MissingDay {
			continue
		}
		n.Dated++
		if day := DayString(e.wonAt); day > asOf {
			n.Future++
			n.Late = addSample(n.Late, Sample{e.line, fmt.Sprintf("%s won %s", e.key, day)})
		}
	}
	if n.Dated == 0 {
		return nil
	}
	return n
}

// countLate counts the features of a customer's row that are dated later than
// the day it was won.
func (w *worker) countLate(row int, entry int32, line int64) {
	e := w.run.customers.entries[entry]
	if e.wonAt == datasets.MissingDay {
		return
	}
	for i := range w.features {
		src := &w.rows.Columns[w.features[i].to]
		if src.Type != datasets.Date || src.Days[row] == datasets.MissingDay || src.Days[row] <= e.wonAt {
			continue
		}
		a := &w.audit.Features[i]
		a.AfterWon++
		if len(a.LateCells) < maxSamples {
			a.LateCells = addSample(a.LateCells, Sample{line, fmt.Sprintf("%s %s, won %s", e.key, DayString(src.Days[row]), DayString(e.wonAt))})
		}
	}
}

// A Travel is one way in which something is known of customers before its time.
type Travel struct {
	Feature string // whose dates are later than the sale; "" where the sale itself is later than the table
	Count   int64  // customers
	Of      int64  // customers with a day on which they were won
	Refuses bool   // too many for single mistyped rows
	Fact    string // with the first rows
	Do      string
}

// Travels lists what an audit knows of customers before its time: customers won
// after the day of the table, of which any refuses training, and features dated
// later than the sale, which refuse it if that is so of more than 1 % of the
// customers that have a day. Such dates are missing in the customers table,
// which tells them from the pool's, so it does not help that they are.
//
// learned says which features are learned from; nil: all. What is not learned
// from is listed and does not refuse.
func Travels(a *Audit, learned func(feature string) bool) []Travel {
	if a.Won == nil {
		return nil
	}
	var out []Travel
	if n := a.Won.Future; n > 0 {
		out = append(out, Travel{
			Count: n, Of: a.Won.Dated, Refuses: true,
			Fact: fmt.Sprintf("%d of %d customers are won after %s, the day after which nothing may be known: %s", n, a.Won.Dated, a.AsOf, rowsOf(a.Won.Late, n)),
			Do:   "repair won_at, take these customers off the list, or make the features of a later day",
		})
	}
	for _, f := range a.Features {
		if f.AfterWon == 0 {
			continue
		}
		out = append(out, Travel{
			Feature: f.Name, Count: f.AfterWon, Of: a.Won.Dated,
			Refuses: float64(f.AfterWon) > mostLate*float64(a.Won.Dated) && (learned == nil || learned(f.Name)),
			Fact:    fmt.Sprintf("%s of %d of %d customers is dated after the day they were won: %s", f.Name, f.AfterWon, a.Won.Dated, rowsOf(f.LateCells, f.AfterWon)),
			Do:      fmt.Sprintf("give %s as it was before the sale, or leave it out", f.Name),
		})
	}
	return out
}

// CheckTime returns a *GateError if one of the travels refuses training.
func CheckTime(travels []Travel) error {
	var facts, todo []string
	for _, t := range travels {
		if t.Refuses {
			facts, todo = append(facts, t.Fact), append(todo, t.Do)
		}
	}
	if facts == nil {
		return nil
	}
	return &GateError{Code: TimeTravel, Fact: strings.Join(facts, "; "), Do: strings.Join(todo, "; ")}
}

// rowsOf names up to three rows.
func rowsOf(samples []Sample, n int64) string {
	var texts []string
	for _, s := range samples[:min(3, len(samples))] {
		texts = append(texts, fmt.Sprintf("line %d: %s", s.Line, s.Text))
	}
	if int64(len(texts)) < n {
		texts = append(texts, "…")
	}
	return strings.Join(texts, "; ")
}
