package report

import (
	"unicode"
	"unicode/utf8"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/drift"
	"github.com/icpfit/icpfit/model/leak"
)

// TooBroad is the share of the base in A or B above which the profile is no
// ideal customer profile.
const TooBroad = 0.40

// addWarnings collects the doubts about the report: those of the training, the
// model's age, a profile that fits everybody, features that drifted.
func (r *Report) addWarnings(in *Input, p *page.Printer) {
	warn := r.warn
	if r.Model.Provisional {
		warn("provisional", "", p.T("warning.provisional"))
	}
	if r.Model.Status == due {
		warn("due", "", p.T("warning.due"))
	}
	if share := ratio(r.Base.Top, r.Base.Scored); share > TooBroad {
		warn("too_broad", "", p.T("warning.too_broad", p.Percent(share)))
	}
	for _, a := range r.Accepted {
		warn("accepted", a.Feature, p.T("warning.accepted", a.Message, a.Author, a.Reason))
	}
	for _, fault := range in.TableFaults {
		warn("table", "", p.T("warning.table", page.Clean(fault)))
	}
	r.warnDrift(p)
	if in.Evaluation == nil {
		return
	}
	for _, w := range in.Evaluation.Warnings {
		feature, name := page.Clean(w.Feature), p.Feature(w.Feature)
		switch w.Code {
		case leak.Missingness:
			key := "warning.missingness"
			if feature == "" {
				key = "warning.missingness.all"
			}
			warn(w.Code, feature, p.T(key, name, p.Num(w.Value, 2)))
		case leak.SingleFeature, leak.InformationValue, leak.Parity, leak.TooGood:
			warn(w.Code, feature, p.T("warning."+w.Code, name, p.Num(w.Value, 2)))
		case leak.CoverageGap, leak.Ablation:
			warn(w.Code, feature, p.T("warning."+w.Code, name, p.Percent(w.Value)))
		case leak.Purity:
			warn(w.Code, feature, p.T("warning."+w.Code, name, p.Num(w.Value, 0)))
		case leak.TimeTravel:
			warn(w.Code, feature, p.T("warning."+w.Code, name))
		default:
			warn(page.Clean(w.Code), feature, other(w, p))
		}
	}
}

// other says a warning that the catalogue does not know: its own words are English.
func other(w leak.Warning, p *page.Printer) string {
	if p.Lang != "en" {
		return p.T("warning.other", page.Clean(w.Code))
	}
	return page.CleanNote(w.Message)
}

func (r *Report) warn(code, feature, message string) {
	r.Warnings = append(r.Warnings, Warning{code, feature, message})
}

// warnDrift warns of what has drifted past its limit.
func (r *Report) warnDrift(p *page.Printer) {
	for _, d := range r.Drift {
		for _, what := range d.Alarms {
			switch what {
			case drift.Values:
				r.warn("drift", d.Feature, p.T("warning.drift", p.Feature(d.Feature), p.Num(*d.PSI, 2), p.Num(*d.Limit, 2)))
			case drift.Coverage:
				r.warn("drift", d.Feature, p.T("warning.drift.coverage", p.Feature(d.Feature), p.Percent(*d.Coverage.Then), p.Percent(*d.Coverage.Now)))
			default:
				r.warn("drift", d.Feature, p.T("warning.drift.new_values", p.Feature(d.Feature), p.Percent(*d.NewValues.Then), p.Percent(*d.NewValues.Now)))
			}
		}
		if len(d.Overnight.Alarms) > 0 {
			r.warn("drift", d.Feature, p.T("warning.drift.overnight", p.Feature(d.Feature)))
		}
	}
	if s := r.ScoreDrift; s != nil && s.Alarm {
		r.warn("score_drift", "", p.T("warning.score_drift", p.Num(*s.PSI, 2), p.Num(*s.Limit, 2)))
	}
	if r.Novelty.Alarm {
		r.warn("novelty", "", p.T("warning.novelty", p.Percent(*r.Novelty.Now), p.Percent(*r.Novelty.Then)))
	}
}

// headline says in one sentence what happened and what to do.
func headline(r *Report, p *page.Printer) string {
	b := r.Base
	if b.Scored == 0 { // the reason is what happened
		return sentence(p.T("headline.nothing", r.ActionReasons[0]))
	}
	var what string
	news, calls := b.Entered, ".calls"
	switch {
	case r.FirstNight:
		what, news = p.N("headline.first", b.Top, p.Count(b.Accounts)), r.CallList.Total
	case b.Entered == 0:
		what = p.T("headline.none", p.Date(r.PreviousAsOf))
	default:
		what = p.N("headline.entered", b.Entered, p.Date(r.PreviousAsOf))
	}
	if news == 0 {
		calls = ".alone"
	}
	if r.Action == Keep {
		return sentence(what + p.T("headline.keep"+calls))
	}
	return sentence(what + p.T("headline."+string(r.Action)+calls, r.ActionReasons[0]))
}

// sentence starts a text with a capital and ends it with a full stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:] + "."
}
