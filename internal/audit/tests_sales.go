package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model/metrics"
)

// leastOutcomes is the least number of closed deals, in each of two groups or
// years, that are compared.
const leastOutcomes = 30

// stableMix is the least PSI at which the grades of deals are said to have
// changed, whatever chance explains.
const stableMix = .1

func (v *verdict) fitFades() {
	v.rule()
	if v.lacks(v.outcomeColumns()...) {
		return
	}
	var strata []fourfold
	var year, before outcomes
	var best [2]outcomes
	mix := [2][]float64{}
	for g, o := range v.Events.byGrade {
		strata = append(strata, fourfold{o[0].won, o[0].lost, o[1].won, o[1].lost})
		year.won, year.lost = year.won+o[0].won, year.lost+o[0].lost
		before.won, before.lost = before.won+o[1].won, before.lost+o[1].lost
		mix[0], mix[1] = append(mix[0], o[0].all()), append(mix[1], o[1].all())
		for when := range best {
			if g < v.Base.Top {
				best[when].won += o[when].won
				best[when].lost += o[when].lost
			}
		}
	}
	if v.few("deals", min(year.all(), before.all()), leastOutcomes) {
		return
	}
	odds, ok := commonOdds(strata)
	if !ok {
		v.few("wins", min(year.won, before.won), 1)
		return
	}
	v.figure("odds_trend", times, odds, year.all()+before.all()).at(1)
	v.figure("win_rate_before", shares, wilson(before.won, before.all()), before.all())
	v.figure("win_rate", shares, wilson(year.won, year.all()), year.all())
	for when, name := range []string{"best_win_rate", "best_win_rate_before"} {
		if o := best[when]; o.all() > 0 {
			v.figure(name, shares, wilson(o.won, o.all()), o.all(), v.Base.top())
		}
	}
	psi, noise := mixChange(mix, year.all(), before.all())
	v.count("mix", areas, psi, year.all()+before.all()).at(noise)
	v.fails(odds.High < 1, grave(odds.High < .75 && psi <= noise))
}

// mixChange returns the PSI of two distributions over the bins that are not
// empty in both, and the limit below which it is no change.
func mixChange(mix [2][]float64, n, m float64) (psi, limit float64) {
	var x, y []float64
	for i := range mix[0] {
		if mix[0][i]+mix[1][i] > 0 {
			x, y = append(x, mix[0][i]), append(y, mix[1][i])
		}
	}
	if len(x) < 2 {
		return 0, stableMix
	}
	psi, err := metrics.PSI(y, x)
	if err != nil {
		return math.NaN(), stableMix
	}
	noise := metrics.PSILimit(len(x), n, m, 0.05)
	return psi, max(noise, stableMix)
}

func (v *verdict) activityUpPipelineDown() {
	v.rule()
	if v.lacks(append(v.columns("touches", "date"), v.columns("opportunities", "created_at")...)...) {
		return
	}
	long := float64(v.asOf-max(v.Events.firstTouch, v.Events.firstDeal)) / monthDays
	if v.few("months", max(0, math.Floor(long)), trendMonths) {
		return
	}
	up, down := relative(v.Events.touched[:]), relative(v.Events.opened[:])
	sum := func(y [trendMonths]float64) (n float64) {
		for _, x := range y {
			n += x
		}
		return n
	}
	v.figure("touch_trend", paces, up, sum(v.Events.touched)).at(0)
	v.figure("deal_trend", paces, down, sum(v.Events.opened)).at(0)
	if sum(v.Events.amounts) > 0 {
		v.figure("amount_trend", paces, relative(v.Events.amounts[:]), sum(v.Events.opened))
	}
	v.fails(up.Low > 0 && down.High < 0, grave(down.High < -.02))
}

// leastWins is the least number of wins of which the explained share is told.
const leastWins = 10

func (v *verdict) winsUnexplained() {
	v.rule(v.Percent(v.Limits.Explained), v.Percent(v.Limits.Explained/2))
	if v.lacks(v.outcomeColumns()...) {
		return
	}
	if len(v.columns("opportunities", "reason")) > 0 && len(v.columns("signals", "date")) > 0 {
		v.lacks("opportunities.reason")
		return
	}
	e := v.Events
	if v.few("wins", e.wins, leastWins) {
		return
	}
	share := wilson(e.explained, e.wins)
	v.figure("explained", shares, share, e.wins).at(v.Limits.Explained)
	v.count("reasons", shares, e.reasons/e.wins, e.wins)
	v.fails(share.High < v.Limits.Explained, grave(share.High < v.Limits.Explained/2))
}

func (v *verdict) winsByBeingFirst() {
	v.rule(v.Num(100*v.Limits.FirstGap, 0), v.Num(200*v.Limits.FirstGap, 0))
	if v.lacks(append(v.outcomeColumns(), v.known("opportunities", "competitor")...)...) {
		return
	}
	alone, against := v.Events.rivals[0], v.Events.rivals[1]
	if v.few("deals_alone", alone.all(), leastOutcomes) || v.few("deals_against", against.all(), leastOutcomes) {
		return
	}
	gap := difference(alone.won, alone.all(), against.won, against.all())
	v.figure("first_gap", gaps, gap, alone.all()+against.all()).at(v.Limits.FirstGap)
	v.figure("win_rate_alone", shares, wilson(alone.won, alone.all()), alone.all())
	v.figure("win_rate_against", shares, wilson(against.won, against.all()), against.all())
	v.count("wins_alone", shares, alone.won/max(alone.won+against.won, 1), alone.won+against.won)
	if v.Events.rivalUnknown > 0 {
		v.count("rival_unknown", counts, v.Events.rivalUnknown, 0)
	}
	v.fails(gap.Low > v.Limits.FirstGap, grave(gap.Low > 2*v.Limits.FirstGap))
}

// What a decline is, and who is old enough to have one.
const (
	declined     = .8 // of the first revenue of two years
	settledDays  = 180
	apartDays    = 90  // between two readings of a revenue
	metDays      = 180 // within which sales is to meet who declines
	shownDecline = 5
)

func (v *verdict) accountsUnaudited() {
	v.rule(v.Percent(v.Limits.Audited), v.Percent(v.Limits.Audited/2))
	if v.lacks(v.columns("health", "date", "revenue")...) {
		return
	}
	var followed, met outcomes
	var falling []*revenue
	growing := 0.0
	meetings := len(v.columns("touches", "date", "by")) == 0
	for i := range v.Base.accounts {
		a := &v.Base.accounts[i]
		left, known := v.Events.churned[a.hash]
		if !a.longWon(settledDays, v.asOf) || known && left != datasets.MissingDay {
			continue
		}
		r := v.Events.revenue[a.hash]
		seen := r != nil && r.last-r.first >= apartDays && r.firstValue > 0
		followed.count(seen)
		switch {
		case !seen:
		case r.newValue > r.firstValue:
			growing++
		case r.newValue < declined*r.firstValue:
			falling = append(falling, r)
			day, ok := v.Events.met[a.hash]
			met.count(ok && day > v.asOf-metDays)
		}
	}
	if v.few("customers", followed.all(), leastCustomers) {
		return
	}
	share := wilson(followed.won, followed.all())
	v.figure("followed", shares, share, followed.all()).at(v.Limits.Audited)
	v.fails(share.High < v.Limits.Audited, grave(share.High < v.Limits.Audited/2))
	v.count("growing", counts, growing, followed.won)
	v.count("falling", counts, float64(len(falling)), followed.won)
	if meetings && len(falling) >= leastWins {
		seen := wilson(met.won, met.all())
		v.figure("falling_met", shares, seen, met.all()).at(v.Limits.Audited)
		v.fails(seen.High < v.Limits.Audited, grave(seen.High < v.Limits.Audited/2))
	}
	slices.SortFunc(falling, func(x, y *revenue) int {
		return cmp.Or(cmp.Compare(y.firstValue-y.newValue, x.firstValue-x.newValue), cmp.Compare(x.domain, y.domain))
	})
	for _, r := range falling[:min(shownDecline, len(falling))] {
		v.say("decline", v.T("from_to", v.Num(r.firstValue, 0), v.Num(r.newValue, 0)), r.domain).Domain = r.domain
	}
}
