package audit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

const daysPerMonth = 365.25 / 12

func (v *verdict) icpAge() {
	v.rule(v.Num(v.Limits.ReviewMonths, 0), v.Num(v.Limits.OverdueMonths, 0))
	learned, err := day(v.ModelAsOf)
	if err != nil {
		v.lacks("model")
		return
	}
	age := float64(v.asOf-learned) / daysPerMonth
	v.count("age", months, age, 0, v.Date(v.ModelAsOf)).at(v.Limits.ReviewMonths)
	v.fails(age >= v.Limits.ReviewMonths, grave(age >= v.Limits.OverdueMonths))
}

func (v *verdict) productChanged() {
	least := v.Limits.Releases
	v.rule(v.Num(least, 0), v.Num(max(2, 2*least), 0))
	learned, err := day(v.ModelAsOf)
	if err != nil {
		v.lacks("model")
		return
	}
	if v.lacks(v.columns("releases", "date")...) {
		return
	}
	if len(v.Events.releases) == 0 {
		v.few("releases", 0, 1)
		return
	}
	major := 0.0
	for _, r := range v.Events.releases {
		if r.Major && r.Date.Day() > learned {
			major++
		}
	}
	v.count("major", counts, major, float64(len(v.Events.releases)), v.Date(v.ModelAsOf)).at(least)
	for _, r := range v.Events.releases {
		if d := r.Date.Day(); r.Major && d > learned && len(v.test.Evidence) < 6 {
			v.say("release", v.Date(r.Date.String()), page.Clean(r.Name))
		}
	}
	v.fails(major >= least, grave(major >= max(2, 2*least)))
}

// Verdicts on a criterion of the written grid.
const (
	confirmed    = "confirmed"
	contradicted = "contradicted"
	tooFew       = "not_enough_data"
)

// noEffect is the odds ratio within which a criterion, whose whole interval lies
// within it, is shown to matter little, which contradicts that it earns points.
const noEffect = 1.25

// judge says what the customers make of a criterion. The interval is widened for
// the number of criteria looked at (Bonferroni).
func (c *Criterion) judge(criteria int) (string, metrics.Interval) {
	odds := oddsRatio(fourfold{float64(c.Customers[0]), float64(c.Customers[1]), float64(c.Pool[0]), float64(c.Pool[1])}, .05/float64(criteria))
	switch {
	case c.Customers[0]+c.Customers[1] == 0 || c.Pool[0] == 0 || c.Pool[1] == 0:
		return tooFew, metrics.Interval{Value: math.NaN(), High: math.Inf(1)}
	case odds.Low > 1:
		return confirmed, odds
	case odds.High < 1, odds.Low > 1/noEffect && odds.High < noEffect:
		return contradicted, odds
	}
	return tooFew, odds
}

func (v *verdict) gridContradicted() {
	v.rule(v.Num(noEffect, 2))
	if len(v.Grid) == 0 {
		v.lacks(cmp.Or(v.GridReason, "grid"))
		return
	}
	var wrong, all float64
	judged := 0
	for i := range v.Grid {
		c := &v.Grid[i]
		what, odds := c.judge(len(v.Grid))
		all += c.Most
		if what != tooFew {
			judged++
		}
		if what == contradicted {
			wrong += c.Most
		}
		e := v.figure("criterion", times, odds, float64(c.Customers[0]+c.Customers[1]), page.Clean(c.Feature), v.Num(c.Most, 0), v.T(what))
		e.at(1)
		if c.Learned != nil {
			v.count("learned", points, *c.Learned, 0, page.Clean(c.Feature))
		}
	}
	if judged == 0 {
		v.few("criteria", 0, 1)
		return
	}
	v.count("wrong_points", shares, wrong/all, float64(len(v.Grid)))
	v.fails(wrong > 0, grave(wrong >= all/3))
}

// Sampling of the accounts that are no targets, for the AUC of a list.
const (
	mostOthers = 50_000
	replicates = 300
)

// A listed account is one that could be a target.
type listed struct {
	size, points float64
	target       bool
}

func (v *verdict) targetsBySize() {
	v.rule()
	switch {
	case v.Base.SizedBy == "":
		v.lacks("audit.size")
		return
	case v.SizeAlone == nil || v.AUC == nil:
		v.lacks("evaluation.size_alone")
		return
	}
	byTouch := len(v.columns("touches", "date")) == 0
	if !byTouch && len(v.columns("opportunities", "created_at")) > 0 {
		v.lacks("touches.date")
		return
	}
	var all []listed
	targets := 0.0
	for i := range v.Base.accounts {
		a := &v.Base.accounts[i]
		if a.customer || a.grade < 0 || math.IsNaN(float64(a.size)) {
			continue
		}
		x := listed{float64(a.size), float64(a.points), v.target(a, byTouch)}
		all = append(all, x)
		if x.target {
			targets++
		}
	}
	if v.few("targets", targets, 30) || v.few("others", float64(len(all))-targets, 30) {
		return
	}
	bySize, byFit, gap := v.listAUC(all)
	v.figure("list_by_size", areas, bySize, targets, page.Clean(v.Base.SizedBy))
	v.figure("list_by_fit", areas, byFit, targets)
	v.figure("list_gap", signed, gap, targets).at(0)
	v.count("list_overlap", shares, overlap(all, func(x listed) float64 { return x.size }), targets, page.Clean(v.Base.SizedBy), v.Percent(targets/float64(len(all))))
	v.count("list_overlap_fit", shares, overlap(all, func(x listed) float64 { return x.points }), targets)
	v.figure("customers_by_size", areas, v.SizeAlone.AUC, 0, page.Clean(v.SizeAlone.Feature))
	v.figure("customers_by_fit", areas, *v.AUC, 0)
	fitIsBetter := v.SizeAlone.Difference.High < 0
	v.fails(fitIsBetter && gap.Low > 0 && bySize.Low > .55, grave(gap.Value >= .1 && bySize.Value >= .65))
}

// target reports whether an account is a target: marketing has aimed at it; where
// that aims at nobody, it was touched; where no touches are known, a deal was
// opened.
func (v *verdict) target(a *account, byTouch bool) bool {
	switch {
	case !byTouch:
		return a.dealt
	case v.Events.aimed:
		return a.aimed
	}
	return a.worked
}

// listAUC returns how well size and fit rank the targets above the others, and
// the difference, paired.
func (v *verdict) listAUC(all []listed) (bySize, byFit, gap metrics.Interval) {
	r := rand.New(rand.NewPCG(0x61756469, 1))
	others := 0
	for _, x := range all {
		if !x.target {
			others++
		}
	}
	keep := math.Min(1, mostOthers/float64(others))
	var margins [2][]float64
	var target []bool
	for _, x := range all {
		if !x.target && keep < 1 && r.Float64() >= keep {
			continue
		}
		margins[0], margins[1], target = append(margins[0], x.size), append(margins[1], x.points), append(target, x.target)
	}
	var value [2]float64
	var drawn [2][]float64
	for i := range margins {
		ranking, err := metrics.Rank(margins[i], target, nil, nil)
		if err != nil {
			panic("audit: " + err.Error()) // both classes are there and no margin is NaN
		}
		value[i] = ranking.Summarise(nil).AUC
		for _, s := range ranking.Bootstrap(replicates, nil, 1) {
			drawn[i] = append(drawn[i], s.AUC)
		}
	}
	apart := make([]float64, replicates)
	for k := range apart {
		apart[k] = drawn[0][k] - drawn[1][k]
	}
	gap = metrics.Percentile(value[0]-value[1], apart, 1)
	return metrics.Percentile(value[0], drawn[0], 1), metrics.Percentile(value[1], drawn[1], 1), gap
}

// overlap returns the share of the targets that are among as many accounts with
// the most of something; accounts that tie at the end count in proportion.
func overlap(all []listed, of func(listed) float64) float64 {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(x, y listed) int { return cmp.Compare(of(y), of(x)) })
	n := 0
	for _, x := range all {
		if x.target {
			n++
		}
	}
	last := of(sorted[n-1])
	var above, targetsAbove, tied, targetsTied float64
	for _, x := range sorted {
		hit := 0.0
		if x.target {
			hit = 1
		}
		if of(x) > last {
			above, targetsAbove = above+1, targetsAbove+hit
		} else if of(x) == last {
			tied, targetsTied = tied+1, targetsTied+hit
		}
	}
	return (targetsAbove + targetsTied*(float64(n)-above)/tied) / float64(n)
}

// leastDeals is the least number of closed deals by which segments are judged,
// leastInSegment that of a segment.
const (
	leastDeals     = 100
	leastInSegment = 5
)

func (v *verdict) segmentsUnvalidated() {
	v.rule(v.Percent(v.Limits.Unsupported))
	if v.Base.SegmentedBy == "" {
		v.lacks("audit.segment")
		return
	}
	if v.lacks(v.outcomeColumns()...) {
		return
	}
	size := make([]float64, len(v.Base.Segments))
	known := 0.0
	for i := range v.Base.accounts {
		if s := v.Base.accounts[i].segment; s >= 0 {
			size[s]++
			known++
		}
	}
	var won, closed []float64
	var names []string
	deals, bare := 0.0, 0.0
	for i, o := range v.Events.bySegment {
		if o.all() == 0 {
			bare += size[i]
		}
		if o.all() >= leastInSegment {
			won, closed, names = append(won, o.won), append(closed, o.all()), append(names, v.Base.Segments[i])
			deals += o.all()
		}
	}
	if v.few("deals", deals, leastDeals) || v.few("segments", float64(len(closed)), 2) {
		return
	}
	spread := between(won, closed)
	v.figure("spread", widths, spread, deals, page.Clean(v.Base.SegmentedBy), v.Count(int64(len(closed)))).at(0)
	v.count("unsupported", shares, bare/known, known).at(v.Limits.Unsupported)
	v.segmentRows(names, won, closed)
	v.fails(spread.Low == 0, Medium)
	v.fails(bare/known > v.Limits.Unsupported, Low)
}

// segmentRows shows the segments with the most deals.
func (v *verdict) segmentRows(names []string, won, closed []float64) {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(closed[j], closed[i]) })
	for _, i := range order[:min(5, len(order))] {
		v.figure("segment", shares, wilson(won[i], closed[i]), closed[i], page.Clean(names[i]))
	}
}

// outcomeColumns returns what is not there of what says how deals ended.
func (v *verdict) outcomeColumns() []string {
	needs := v.columns("opportunities", "closed_at")
	for _, name := range []string{"won", "stage"} {
		if len(v.columns("opportunities", name)) == 0 {
			return needs
		}
	}
	return append(needs, "opportunities.won")
}
