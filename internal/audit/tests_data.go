package audit

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
)

// rows returns the number of rows of the base, and false where it is empty.
func (v *verdict) rows() (float64, bool) {
	n := float64(v.Data.Rows)
	return n, !v.few("rows", n, 1)
}

func (v *verdict) duplicates() {
	v.rule(v.Percent(v.Limits.Duplicates), v.Percent(2*v.Limits.Duplicates))
	n, ok := v.rows()
	if !ok {
		return
	}
	share := float64(v.Data.Duplicates.Total) / n
	v.count("duplicates", shares, share, n).at(v.Limits.Duplicates)
	failed := share > v.Limits.Duplicates
	for _, m := range v.Data.Duplicates.Merged[:min(5, len(v.Data.Duplicates.Merged))] {
		v.say("merged", v.T("merged_into", page.Clean(m.AccountID), page.Clean(m.Survivor)), m.Domain).Domain = m.Domain
	}
	v.fails(failed, grave(share > 2*v.Limits.Duplicates))
}

func (v *verdict) staleRecords() {
	v.rule(v.Num(v.Limits.StaleMonths, 0), v.Percent(v.Limits.StaleRecords), v.Percent(halfway(v.Limits.StaleRecords)))
	c := v.Data.Changed
	if c == nil {
		v.lacks(cmp.Or(v.RecordsReason, "accounts.modified"))
		return
	}
	if v.few("records", float64(c.Dated), 1) {
		return
	}
	share := float64(c.Older(int(v.Limits.StaleMonths))) / float64(c.Dated)
	v.count("stale", shares, share, float64(c.Dated), v.Num(v.Limits.StaleMonths, 0), page.Clean(c.Column)).at(v.Limits.StaleRecords)
	if c.Others > 0 {
		v.count("undated", counts, float64(c.Others), 0)
	}
	v.fails(share > v.Limits.StaleRecords, grave(share > halfway(v.Limits.StaleRecords)))
}

// halfway is half of the way from a limit to all.
func halfway(limit float64) float64 { return (1 + limit) / 2 }

func (v *verdict) missingData() {
	v.rule(v.Percent(v.Limits.Coverage), v.Percent(v.Limits.Coverage/2))
	if v.few("rows", float64(v.Data.Scorable), 1) {
		return
	}
	c, p := float64(v.Data.Customers), float64(v.Data.Scorable-v.Data.Customers-v.Data.LeftOut)
	type known struct {
		name  string
		share float64
	}
	var all []known
	sum := 0.0
	for _, f := range v.Data.Features {
		x := known{f.Name, (f.Customers*c + f.Pool*p) / max(c+p, 1)}
		all = append(all, x)
		sum += x.share
	}
	if v.few("features", float64(len(all)), 1) {
		return
	}
	mean := sum / float64(len(all))
	v.count("coverage", shares, mean, c+p, v.Count(int64(len(all)))).at(v.Limits.Coverage)
	slices.SortStableFunc(all, func(x, y known) int { return cmp.Compare(x.share, y.share) })
	for _, x := range all[:min(5, len(all))] {
		v.count("known", shares, x.share, c+p, page.Clean(x.name))
	}
	v.fails(mean < v.Limits.Coverage, grave(mean < v.Limits.Coverage/2))
}

// noDomain are the reasons for which a row has no key of its own.
var noDomain = []datasets.Reason{datasets.NoDomain, datasets.BadDomain, datasets.FreeMailDomain, datasets.SharedHost}

func (v *verdict) domainErrors() {
	v.rule(v.Percent(v.Limits.DomainErrors), v.Percent(3*v.Limits.DomainErrors))
	n, ok := v.rows()
	if !ok {
		return
	}
	bad := 0.0
	for _, r := range noDomain {
		bad += float64(v.Data.Reasons[r])
	}
	v.count("domain_errors", shares, bad/n, n).at(v.Limits.DomainErrors)
	for _, r := range noDomain {
		if k := v.Data.Reasons[r]; k > 0 {
			v.count("reason", counts, float64(k), n, string(r))
		}
	}
	for _, s := range v.Data.BadDomains[:min(3, len(v.Data.BadDomains))] {
		v.say("bad_domain", page.Clean(s.Text), v.Count(s.Line))
	}
	v.fails(bad/n > v.Limits.DomainErrors, grave(bad/n > 3*v.Limits.DomainErrors))
}

func (v *verdict) clicksNotIntent() {
	v.rule(v.Percent(v.Limits.Intent), v.Num(v.Limits.IntentAUC, 2))
	at := slices.IndexFunc(v.Data.Pillars, func(p features.PillarAudit) bool { return p.Pillar == features.Intent && p.Features > 0 })
	if at < 0 {
		v.lacks("features.intent")
		return
	}
	if v.few("rows", float64(v.Data.Scorable), 1) {
		return
	}
	pillar := v.Data.Pillars[at]
	c, p := float64(v.Data.Customers), float64(v.Data.Scorable-v.Data.Customers-v.Data.LeftOut)
	share := (pillar.Customers*c + pillar.Pool*p) / max(c+p, 1)
	v.count("intent_known", shares, share, c+p, v.Count(int64(pillar.Features))).at(v.Limits.Intent)
	v.fails(share < v.Limits.Intent, grave(share < v.Limits.Intent/3))
	if v.Intent != nil {
		v.figure("intent_auc", areas, v.Intent.AUC, float64(v.Intent.Customers)).at(v.Limits.IntentAUC)
		v.fails(v.Intent.AUC.High < v.Limits.IntentAUC, Medium)
	}
	if len(v.columns("signals", "date")) == 0 {
		v.count("signals_90", counts, v.Events.signals, 0)
	}
	if len(v.columns("touches", "date")) == 0 {
		v.count("clicks_90", counts, v.Events.clicks, 0)
	}
}
