package report

import (
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/leak"
)

// TooBroad is the share of the base in A or B above which the profile is no
// ideal customer profile.
const TooBroad = 0.40

// addWarnings collects the doubts about the report: those of the training, the
// model's age, a profile that fits everybody, features that drifted.
func (r *Report) addWarnings(in *Input, p *page.Printer) {
	warn := func(code, feature, message string) {
		r.Warnings = append(r.Warnings, Warning{code, feature, message})
	}
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
	for _, d := range r.Drift {
		if d.Alarm {
			warn("drift", d.Feature, p.T("warning.drift", d.Feature, p.Num(*d.PSI, 2), p.Num(*d.Limit, 2)))
		}
	}
	if in.Evaluation == nil {
		return
	}
	for _, w := range in.Evaluation.Warnings {
		feature := page.Clean(w.Feature)
		switch w.Code {
		case leak.Missingness:
			name := "warning.missingness"
			if feature == "" {
				name = "warning.missingness.all"
			}
			warn(w.Code, feature, p.T(name, feature, p.Num(w.Value, 2)))
		case leak.SingleFeature, leak.InformationValue, leak.Parity, leak.TooGood:
			warn(w.Code, feature, p.T("warning."+w.Code, feature, p.Num(w.Value, 2)))
		case leak.CoverageGap, leak.Ablation:
			warn(w.Code, feature, p.T("warning."+w.Code, feature, p.Percent(w.Value)))
		case leak.Purity:
			warn(w.Code, feature, p.T("warning."+w.Code, feature, p.Num(w.Value, 0)))
		default:
			warn(page.Clean(w.Code), feature, page.Clean(w.Message))
		}
	}
}

// headline says in two sentences what happened and what to do.
func headline(r *Report, p *page.Printer) string {
	var what string
	b := r.Base
	if r.FirstNight {
		what = p.T("headline.first", p.Count(b.Top), p.Count(b.Accounts))
		if c, ok := r.Metrics["capture_10"]; ok {
			what += " " + p.T("headline.first.list", p.Percents(c))
		}
	} else {
		what = p.N("headline.entered", b.Entered, p.Date(r.PreviousAsOf), p.Count(b.Top), p.Count(b.Accounts))
	}
	if r.Action == Keep {
		return what + " " + p.T("headline.keep")
	}
	return what + " " + p.T("headline."+string(r.Action), r.ActionReasons[0])
}
