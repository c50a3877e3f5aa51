package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

func TestDecide(t *testing.T) {
	p, _ := page.NewPrinter("en", catalogue)
	feature := func(importance, then, now float64, alarm bool) Drift {
		return Drift{Feature: "employees", Importance: importance, KnownThen: &then, Known: &now, Alarm: alarm}
	}
	ok := feature(0.5, 0.8, 0.8, false)
	overnight := func(importance float64, alarms ...string) Drift {
		d := feature(importance, 1, 1, false)
		d.Overnight.Alarms = alarms
		return d
	}
	below := func(v float64) float64 { return math.Nextafter(v, 0) }
	above := func(v float64) float64 { return math.Nextafter(v, 1) }
	wins := func(top, scored int64, low float64) *Wins {
		captured, _ := metrics.Wilson(float64(top), float64(scored))
		return &Wins{Computable: true, Scored: scored, Top: top, Captured: &captured, Expected: &metrics.Interval{Value: low + 0.1, Low: low, High: low + 0.2}}
	}
	// The upper end of Wilson's interval for 2 of 20 is 0.3010 (scipy 1.17.1,
	// binomtest, proportion_ci, method wilson).
	for _, tt := range []struct {
		name string
		e    evidence
		want Action
		why  string
	}{
		{"nothing wrong", evidence{rows: 100, scored: 90, drift: []Drift{ok}}, Keep, ""},
		{"no rows", evidence{}, FixData, "the base has no accounts"},
		{"one row without a grade", evidence{rows: 1}, FixData, "the 1 account of the base cannot be graded"},
		{"rows without a grade", evidence{rows: 1200}, FixData, "none of the 1,200 accounts can be graded"},
		{"one with a grade", evidence{rows: 1200, scored: 1}, Keep, ""},
		{"half of the coverage left", evidence{rows: 100, scored: 90, drift: []Drift{feature(0.1, 0.8, 0.4, false)}}, Keep, ""},
		{"less than half left", evidence{rows: 100, scored: 90, drift: []Drift{feature(0.1, 0.8, below(0.4), false)}}, FixData, "employees was known for 80.0% of the pool at training and is for 40.0% now"},
		{"of a weak feature", evidence{rows: 100, scored: 90, drift: []Drift{feature(below(0.1), 0.8, 0.1, false)}}, Keep, ""},
		{"nothing known at training", evidence{rows: 100, scored: 90, drift: []Drift{feature(0.5, 0, 0, false)}}, Keep, ""},
		{"20 % unscored", evidence{rows: 100, scored: 80, lowCoverage: 20}, Keep, ""},
		{"more than 20 % unscored", evidence{rows: 100, scored: 79, lowCoverage: 21}, FixData, "21.0% of the accounts"},
		{"20 % drifted", evidence{rows: 100, scored: 90, drift: []Drift{feature(0.2, 1, 1, true)}}, Keep, ""},
		{"more than 20 % drifted", evidence{rows: 100, scored: 90, drift: []Drift{feature(above(0.2), 1, 1, true)}}, Retrain, "20.0% of the points"},
		{"two drifted", evidence{rows: 100, scored: 90, drift: []Drift{feature(0.15, 1, 1, true), feature(0.15, 1, 1, true), ok}}, Retrain, "30.0% of the points"},
		{"20 % changed overnight", evidence{rows: 100, scored: 90, drift: []Drift{overnight(0.2, "values")}}, Keep, ""},
		{"more changed overnight", evidence{rows: 100, scored: 90, drift: []Drift{overnight(0.15, "values"), overnight(0.15, "coverage"), ok}}, FixData, "30.0% of the points have changed overnight (employees, employees)"},
		{"drifted, and overnight", evidence{rows: 100, scored: 90, drift: []Drift{overnight(above(0.2), "values"), feature(0.5, 1, 1, true)}}, FixData, "overnight"},
		{"12 months old", evidence{rows: 100, scored: 90, trained: "2025-01-31", asOf: "2026-01-31"}, Keep, ""},
		{"a day older", evidence{rows: 100, scored: 90, trained: "2025-01-31", asOf: "2026-02-01"}, Retrain, "31 January 2025"},
		{"data before model", evidence{rows: 100, scored: 50, lowCoverage: 50, trained: "2020-01-01", asOf: "2026-01-01"}, FixData, "50.0%"},
		{"wins as promised", evidence{rows: 100, scored: 90, wins: wins(2, 20, 0.3009)}, Keep, ""},
		{"clearly fewer wins", evidence{rows: 100, scored: 90, wins: wins(2, 20, 0.3011)}, Retrain, "10.0%"},
		{"no wins", evidence{rows: 100, scored: 90, wins: &Wins{}}, Keep, ""},
		{"old, and fewer wins", evidence{rows: 100, scored: 90, trained: "2020-01-01", asOf: "2026-01-01", wins: wins(2, 20, 0.4)}, Retrain, "12 months ago\nof the customers won since"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.e.trained == "" {
				tt.e.trained, tt.e.asOf = "2026-01-01", "2026-01-02"
			}
			got, why, checks := decide(tt.e, p)
			if got != tt.want || (tt.why == "") != (len(why) == 0) || !strings.Contains(strings.Join(why, "\n"), tt.why) {
				t.Errorf("decide = %s %q, want %s because %q", got, why, tt.want, tt.why)
			}
			asked := Keep
			for _, c := range slices.Backward(checks) {
				if c.Failed {
					asked = c.Action
				}
			}
			if asked != got {
				t.Errorf("the first broken rule asks for %s, the report for %s", asked, got)
			}
		})
	}
}

// TestHeadline checks the one sentence of each case.
func TestHeadline(t *testing.T) {
	night := func(action Action, entered int64, why ...string) *Report {
		return &Report{Action: action, ActionReasons: why, PreviousAsOf: "2026-02-01", Base: Base{Accounts: 1200, Scored: 1000, Top: 40, Entered: entered}}
	}
	first := night(Keep, 0)
	first.FirstNight, first.CallList.Total = true, 30
	alone := night(Keep, 0)
	alone.FirstNight, alone.Base.Top = true, 1
	empty := night(FixData, 0, "the base has no accounts")
	empty.Base = Base{}
	for _, tt := range []struct {
		r      *Report
		en, fr string
	}{
		{night(Keep, 2), "2 new prospects reached A or B since 1 February 2026; keep the model and work the call list.", "2 nouveaux prospects ont atteint A ou B depuis le 1er février 2026\u00a0; gardez le modèle et travaillez la liste d’appels."},
		{night(Keep, 1), "1 new prospect reached A or B since 1 February 2026; keep the model and work the call list.", "1 nouveau prospect a atteint A ou B depuis le 1er février 2026\u00a0; gardez le modèle et travaillez la liste d’appels."},
		{night(Keep, 0), "No prospect reached A or B since 1 February 2026; keep the model, there is nobody new to call.", "Aucun prospect n’a atteint A ou B depuis le 1er février 2026\u00a0; gardez le modèle, il n’y a personne de nouveau à appeler."},
		{night(Retrain, 2, "it is old"), "2 new prospects reached A or B since 1 February 2026; work the call list, but retrain the model: it is old.", "2 nouveaux prospects ont atteint A ou B depuis le 1er février 2026\u00a0; travaillez la liste d’appels, mais réentraînez le modèle\u00a0: it is old."},
		{night(Retrain, 0, "it is old"), "No prospect reached A or B since 1 February 2026; retrain the model: it is old.", ""},
		{night(FixData, 2, "cells are empty", "more"), "2 new prospects reached A or B since 1 February 2026; fix the data before you trust the call list: cells are empty.", ""},
		{night(FixData, 0, "cells are empty"), "No prospect reached A or B since 1 February 2026; fix the data before you trust the grades: cells are empty.", ""},
		{first, "40 of 1,200 accounts are graded A or B; keep the model and work the call list.", "40 comptes sur 1\u202f200 sont notés A ou B\u00a0; gardez le modèle et travaillez la liste d’appels."},
		{alone, "1 of 1,200 accounts is graded A or B; keep the model, there is nobody new to call.", ""},
		{empty, "The base has no accounts: fix the data and run icpfit refresh again.", "The base has no accounts\u00a0: corrigez les données et relancez icpfit refresh."},
	} {
		for lang, want := range map[string]string{"en": tt.en, "fr": tt.fr} {
			p, _ := page.NewPrinter(lang, catalogue)
			if got := headline(tt.r, p); want != "" && got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
	}
}

func TestStatus(t *testing.T) {
	for _, tt := range []struct{ asOf, want string }{
		{"2026-01-15", fresh},
		{"2026-07-14", fresh},
		{"2026-07-15", due}, // 6 months
		{"2027-01-15", due}, // 12 months
		{"2027-01-16", overdue},
	} {
		if got := status("2026-01-15", tt.asOf); got != tt.want {
			t.Errorf("status on %s is %s, want %s", tt.asOf, got, tt.want)
		}
	}
}
