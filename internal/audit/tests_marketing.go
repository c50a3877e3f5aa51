package audit

import (
	"maps"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model/metrics"
)

// leastClusters is the least number of accounts on which a share is estimated.
const leastClusters = 20

// accountsRatio returns the share of sums by account.
func accountsRatio(by map[uint64]*pair) (metrics.Interval, float64) {
	var r ratio
	total := 0.0
	for _, key := range slices.Sorted(maps.Keys(by)) { // sums of floats depend on the order
		r.add(by[key].num, by[key].den)
		total += by[key].den
	}
	return r.interval(), total
}

func (v *verdict) noDecisionRole() {
	v.rule(v.Percent(v.Limits.DecisionRole), v.Percent(v.Limits.DecisionRole/2))
	name, by := "engaged", v.Events.contacts
	if len(v.columns("contacts", "engaged")) > 0 || len(v.columns("contacts", "role")) > 0 && len(v.columns("contacts", "level")) > 0 {
		name, by = "answering", v.Events.roleTouches
		if len(v.columns("touches", "role")) > 0 && len(v.columns("touches", "level")) > 0 {
			v.lacks("contacts.role", "contacts.engaged")
			return
		}
	}
	if v.few("accounts", float64(len(by)), leastClusters) {
		return
	}
	share, n := accountsRatio(by)
	v.figure(name, shares, share, n, v.Count(int64(len(by)))).at(v.Limits.DecisionRole)
	if v.Events.everyone.den > 0 {
		v.count("contacts", shares, v.Events.everyone.num/v.Events.everyone.den, v.Events.everyone.den)
	}
	v.fails(share.High < v.Limits.DecisionRole, grave(share.High < v.Limits.DecisionRole/2))
}

// leastCampaigns is the least number of months with a campaign by which their
// trend is judged.
const leastCampaigns = 6

func (v *verdict) volumeOverEngagement() {
	v.rule()
	answers, audience := "responses", "targeted"
	if len(v.known("campaigns", answers)) > 0 {
		answers = "clicked"
	}
	if len(v.known("campaigns", audience)) > 0 {
		audience = "sent"
	}
	if v.lacks(v.known("campaigns", "started_at", "contents", answers, audience)...) {
		return
	}
	var contents, hits, aimed [trendMonths]float64
	for _, c := range v.Events.campaigns {
		n, k := c.Targeted, c.Responses
		if audience == "sent" {
			n = c.Sent
		}
		if answers == "clicked" {
			k = c.Clicked
		}
		m, in := month(v.asOf - c.StartedAt.Day())
		if !in || math.IsNaN(c.Contents) || math.IsNaN(n) || math.IsNaN(k) {
			continue
		}
		contents[m], hits[m], aimed[m] = contents[m]+c.Contents, hits[m]+k, aimed[m]+n
	}
	var volume, rate []float64
	for m := range contents {
		if aimed[m] > 0 {
			volume, rate = append(volume, contents[m]), append(rate, hits[m]/aimed[m])
		}
	}
	if v.few("campaigns", float64(len(rate)), leastCampaigns) {
		return
	}
	up, down := relative(volume), relative(rate)
	v.figure("contents_trend", paces, up, float64(len(volume))).at(0)
	v.figure("rate_trend", paces, down, float64(len(rate)), v.T("answers."+answers)).at(0)
	v.count("rate_first", shares, rate[0], aimed[0])
	v.count("rate_last", shares, rate[len(rate)-1], 0)
	v.fails(up.Low > 0 && down.High < 0, grave(down.High < -.05))
}

// relative returns the slope of y as a share of its mean.
func relative(y []float64) metrics.Interval {
	mean := 0.0
	for _, x := range y {
		mean += x / float64(len(y))
	}
	s := slope(y)
	if mean == 0 {
		return metrics.Interval{}
	}
	return metrics.Interval{Value: s.Value / mean, Low: s.Low / mean, High: s.High / mean}
}

func (v *verdict) wrongAudience() {
	v.rule(v.Base.rest(), v.Percent(v.Limits.WrongAudience), v.Percent(halfway(v.Limits.WrongAudience)))
	if v.lacks(v.columns("touches", "date", "action")...) {
		return
	}
	by := map[uint64]*pair{}
	for i := range v.Base.accounts {
		a := &v.Base.accounts[i]
		n := v.Events.answers[a.hash]
		if n == 0 {
			continue
		}
		x := &pair{den: n}
		if !v.Base.best(a) {
			x.num = n
		}
		by[a.hash] = x
	}
	if v.few("accounts", float64(len(by)), leastClusters) {
		return
	}
	share, n := accountsRatio(by)
	v.figure("answers_rest", shares, share, n, v.Base.rest(), v.Count(int64(len(by)))).at(v.Limits.WrongAudience)
	best, graded := 0.0, 0.0
	for i := range v.Base.accounts {
		if a := &v.Base.accounts[i]; a.grade >= 0 {
			graded++
			if v.Base.best(a) {
				best++
			}
		}
	}
	v.count("base_rest", shares, 1-best/max(graded, 1), graded, v.Base.rest())
	if v.Events.answersUnknown > 0 {
		v.count("answers_unknown", counts, v.Events.answersUnknown, 0)
	}
	v.fails(share.Low > v.Limits.WrongAudience, grave(share.Low > halfway(v.Limits.WrongAudience)))
}

// leastCustomers is the least number of customers by which it is told whether
// they stay.
const leastCustomers = 30

func (v *verdict) buyersLeave() {
	v.rule(v.Percent(v.Limits.Retention), v.Percent(v.Limits.Retention-.15), v.Base.top())
	if v.lacks(v.columns("health", "date", "churned_at")...) {
		return
	}
	var all, best outcomes // won: stayed for a year
	undated := 0.0
	for i := range v.Base.accounts {
		a := &v.Base.accounts[i]
		left, followed := v.Events.churned[a.hash]
		if !a.customer || !followed {
			continue
		}
		if a.won == datasets.MissingDay {
			undated++
			continue
		}
		if a.won > v.asOf-yearDays || left != datasets.MissingDay && left < a.won {
			continue
		}
		stayed := left == datasets.MissingDay || left > a.won+yearDays
		all.count(stayed)
		if v.Base.best(a) {
			best.count(stayed)
		}
	}
	if all.all() == 0 && undated > 0 {
		v.lacks("customers.won_at")
		return
	}
	if v.few("customers", all.all(), leastCustomers) {
		return
	}
	stay := wilson(all.won, all.all())
	v.figure("stay", shares, stay, all.all()).at(v.Limits.Retention)
	rest := outcomes{all.won - best.won, all.lost - best.lost}
	v.fails(stay.High < v.Limits.Retention, grave(stay.High < v.Limits.Retention-.15))
	if best.all() > 0 {
		v.figure("stay_of", shares, wilson(best.won, best.all()), best.all(), v.Base.top())
	}
	if rest.all() > 0 {
		v.figure("stay_of", shares, wilson(rest.won, rest.all()), rest.all(), v.Base.rest())
	}
	if best.all() >= leastClusters && rest.all() >= leastClusters {
		d := difference(best.won, best.all(), rest.won, rest.all())
		v.figure("stay_gap", gaps, d, all.all(), v.Base.top(), v.Base.rest()).at(0)
		v.fails(d.High < 0, Medium)
	}
}
