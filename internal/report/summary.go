package report

import (
	"github.com/icpfit/icpfit/model/leak"
)

// tooBroad is the share of the base in A or B above which the profile is no
// ideal customer profile.
const tooBroad = 0.40

// addWarnings collects the doubts about the report: those of the training, the
// model's age, a profile that fits everybody, features that drifted.
func (r *Report) addWarnings(in *Input, p *printer) {
	warn := func(code, feature, message string) {
		r.Warnings = append(r.Warnings, Warning{code, feature, message})
	}
	if r.Model.Provisional {
		warn("provisional", "", p.t("warning.provisional"))
	}
	if r.Model.Status == due {
		warn("due", "", p.t("warning.due"))
	}
	if share := ratio(r.Base.Top, r.Base.Scored); share > tooBroad {
		warn("too_broad", "", p.t("warning.too_broad", p.percent(share)))
	}
	for _, d := range r.Drift {
		if d.Alarm {
			warn("drift", d.Feature, p.t("warning.drift", d.Feature, p.num(*d.PSI, 2), p.num(*d.Limit, 2)))
		}
	}
	if in.Evaluation == nil {
		return
	}
	for _, w := range in.Evaluation.Warnings {
		feature := clean(w.Feature)
		switch w.Code {
		case leak.Missingness:
			name := "warning.missingness"
			if feature == "" {
				name = "warning.missingness.all"
			}
			warn(w.Code, feature, p.t(name, feature, p.num(w.Value, 2)))
		case leak.SingleFeature, leak.InformationValue, leak.Parity, leak.TooGood:
			warn(w.Code, feature, p.t("warning."+w.Code, feature, p.num(w.Value, 2)))
		case leak.CoverageGap, leak.Ablation:
			warn(w.Code, feature, p.t("warning."+w.Code, feature, p.percent(w.Value)))
		case leak.Purity:
			warn(w.Code, feature, p.t("warning."+w.Code, feature, p.num(w.Value, 0)))
		default:
			warn(clean(w.Code), feature, clean(w.Message))
		}
	}
}

// headline says in two sentences what happened and what to do.
func headline(r *Report, p *printer) string {
	var what string
	b := r.Base
	if r.FirstNight {
		what = p.t("headline.first", p.count(b.Top), p.count(b.Accounts))
		if c, ok := r.Metrics["capture_10"]; ok {
			what += " " + p.t("headline.first.list", p.percents(c))
		}
	} else {
		what = p.n("headline.entered", b.Entered, p.date(r.PreviousAsOf), p.count(b.Top), p.count(b.Accounts))
	}
	if r.Action == Keep {
		return what + " " + p.t("headline.keep")
	}
	return what + " " + p.t("headline."+string(r.Action), r.ActionReasons[0])
}
