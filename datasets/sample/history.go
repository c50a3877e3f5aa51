package sample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/icpfit/icpfit/datasets"
)

// A History is what happened with the accounts of a base in the three years
// before AsOf: what its optional tables hold. Deals are won and lost, answered
// campaigns make leads, customers stay or leave, all by the log lift of the
// company and by chance.
//
// Without debts nothing gets better or worse with time: deals are opened at a
// constant pace, campaigns go to accounts that fit, competitors change nothing.
// Each debt bends one of these.
type History struct {
	*Base
	deals     []deal
	campaigns []campaign
	touches   []touch
	leads     []lead
	drawn     int // deals, whether or not they came about
}

const (
	historyDays  = 3 * 365
	debtDays     = 365 // for how long a debt that grows has done so
	lostPerWon   = 2.5
	campaignDays = 30 // between two of them
	campaigns    = historyDays / campaignDays
)

// An outcome of a deal.
type outcome uint8

const (
	open outcome = iota
	won
	lost
)

type deal struct {
	row             int32
	created, closed int32 // closed: expected, if open
	outcome         outcome
	rival           int8 // place in rivals; 0: none
	amount          float64
}

type campaign struct {
	start                                              int32
	contents, targeted, sent, opened, clicked, answers int
	impressions                                        int
	personal                                           bool
}

type touch struct {
	row      int32
	day      int32
	campaign int16 // -1: of sales
	channel  string
	action   string
	role     int8
	count    int
}

type lead struct {
	row       int32
	campaign  int16
	created   int64 // seconds
	touched   int64 // 0: never
	converted int32 // datasets.MissingDay: not
}

// History makes the history of the base.
func (b *Base) History() *History {
	h := &History{Base: b}
	d := newDraws(b.Options.Seed)
	h.drawDeals(d)
	h.drawCampaigns(d)
	return h
}

// A picker draws rows with chances in proportion to weights.
type picker struct {
	rows []int32
	sums []float64
}

// newPicker returns a picker of the companies that have a domain and that keep
// takes, by the exponential of score.
func (h *History) newPicker(keep func(row int32) bool, score func(row int32) float64) *picker {
	p := &picker{}
	total := 0.0
	for i := range h.Options.Accounts {
		row := int32(i)
		if h.DuplicateOf[i] >= 0 || h.Domain[i] == "" || !keep(row) {
			continue
		}
		total += math.Exp(score(row))
		p.rows, p.sums = append(p.rows, row), append(p.sums, total)
	}
	return p
}

func (p *picker) draw(r *rand.Rand) int32 {
	u := r.Float64() * p.sums[len(p.sums)-1]
	return p.rows[min(sort.SearchFloat64s(p.sums, u), len(p.rows)-1)]
}

// drawDeals makes a won deal of every customer, lost ones of prospects, and open
// ones of both: those that will be closed after AsOf.
func (h *History) drawDeals(d *draws) {
	asOf := h.Options.AsOf
	for _, row := range h.found {
		h.add(d, row, h.Won[row], won)
	}
	prospect := func(row int32) bool { return !h.Customer[row] }
	some := h.newPicker(prospect, func(row int32) float64 { return .5 * h.LogLift[row] })
	alike := h.newPicker(prospect, func(row int32) float64 { return h.LogLift[row] })
	if len(some.rows) == 0 {
		return
	}
	// Deals that end after AsOf are open; without them the newest months would
	// look empty. They are won and lost at the pace of before.
	const later = 400
	pace := float64(len(h.found)) / historyDays
	for k := range int(lostPerWon * pace * (historyDays + later)) {
		r := d.at(streamLost, k)
		row, closed := some.draw(r), asOf-historyDays+int32(r.IntN(historyDays+later))
		h.add(d, row, closed, lost)
	}
	for k := range int(pace * later) {
		r := d.at(streamLater, k)
		h.add(d, alike.draw(r), asOf+int32(r.IntN(later)), won)
	}
	if h.Options.has(Fading) {
		for k := range int(3 * pace * debtDays) {
			r := d.at(streamLost, -1-k)
			h.add(d, alike.draw(r), asOf-int32(r.IntN(debtDays))-1, lost)
		}
	}
	slices.SortStableFunc(h.deals, func(x, y deal) int { return int(x.created - y.created) })
}

// add notes a deal, unless it would be opened after AsOf or a debt keeps it from
// being opened.
func (h *History) add(d *draws, row, closed int32, end outcome) {
	r := d.at(streamDeal, h.drawn)
	h.drawn++
	cycle := int32(clamp(60*math.Exp(.5*r.NormFloat64()-.1*h.LogLift[row]), 7, 300))
	x := deal{row: row, created: closed - cycle, closed: closed, outcome: end}
	x.amount = roundTo(clamp(9000*math.Pow(h.column(employeesCol).Numbers[row]/100, .4)*math.Exp(.6*r.NormFloat64()), 500, 5e6), 3)
	shareRival := .45
	if h.Options.has(First) {
		shareRival = map[outcome]float64{won: .12, lost: .8, open: .6}[end]
	}
	if r.Float64() < shareRival {
		x.rival = 1 + int8(r.IntN(len(rivals)-1))
	}
	if closed >= h.Options.AsOf {
		x.outcome = open
	}
	if x.created >= h.Options.AsOf {
		return
	}
	if since := x.created - (h.Options.AsOf - debtDays); h.Options.has(Funnel) && since > 0 && end != won {
		if r.Float64() < .9*float64(since)/debtDays {
			return
		}
	}
	h.deals = append(h.deals, x)
}

var rivals = []string{"none", "Northwind", "Initrode", "Umbra CRM", "Hooli"}

// drawCampaigns aims a campaign a month at a list of accounts, and sales at
// those it has deals with.
func (h *History) drawCampaigns(d *draws) {
	o := &h.Options
	all := func(int32) bool { return true }
	aim := h.newPicker(all, func(row int32) float64 {
		switch {
		case o.has(Size):
			return 2.5 * math.Log(h.column(employeesCol).Numbers[row])
		case o.has(Audience):
			return 0
		}
		return 2 * h.LogLift[row]
	})
	h.campaigns = make([]campaign, campaigns)
	if len(aim.rows) > 0 {
		for k := range h.campaigns {
			h.campaign(d, aim, k)
		}
	}
	for k := range h.deals {
		h.work(d, k)
	}
	for _, row := range h.found {
		h.review(d, row)
	}
	slices.SortStableFunc(h.touches, func(x, y touch) int { return int(x.day - y.day) })
	slices.SortStableFunc(h.leads, func(x, y lead) int { return int(x.created/86400 - y.created/86400) })
}

// growth returns how far a debt that grows has come at a day, 0 to 1.
func (h *History) growth(debt Debt, day int32) float64 {
	if !h.Options.has(debt) {
		return 0
	}
	return clamp(1-float64(h.Options.AsOf-day)/debtDays, 0, 1)
}

// campaign runs campaign k.
func (h *History) campaign(d *draws, aim *picker, k int) {
	r := d.at(streamCampaign, k)
	c := &h.campaigns[k]
	c.start = h.Options.AsOf - int32((campaigns-k)*campaignDays)
	volume := h.growth(Volume, c.start+campaignDays)
	c.contents = int(float64(4+r.IntN(3)) * (1 + 4*volume))
	c.personal = k%3 == 0
	size := min(int(float64(max(h.Options.Accounts/100, 40))*(1+3*h.growth(Funnel, c.start+campaignDays))), len(aim.rows)/2+1)
	c.impressions = size * (200 + r.IntN(100))
	taken := make(map[int32]bool, size)
	for tries := 0; len(taken) < size && tries < 20*size; tries++ {
		row := aim.draw(d.at(streamTarget, k<<32+tries))
		if taken[row] || h.Customer[row] && h.Won[row] <= c.start {
			continue
		}
		taken[row] = true
		h.target(d, k, row, 1-.8*volume)
	}
	c.targeted = len(taken)
}

// target sends a campaign to an account, which may answer.
func (h *History) target(d *draws, k int, row int32, answering float64) {
	c := &h.campaigns[k]
	r := d.at(streamAnswer, k<<32+int(row))
	day := c.start + int32(r.IntN(campaignDays-5))
	people := 1 + r.IntN(4)
	h.touches = append(h.touches, touch{row, day, int16(k), "email", "sent", drawRole(r, 0), people})
	c.sent += people
	for range people {
		c.opened += btoi(r.Float64() < .3)
	}
	fit := h.LogLift[row]
	if h.Options.has(Audience) {
		fit = 0
	}
	if r.Float64() >= math.Min(.12*math.Exp(.25*fit)*answering, .9) {
		return
	}
	c.answers++
	t := touch{row, day + int32(r.IntN(5)), int16(k), "email", "clicked", drawRole(r, h.engaging()), 1}
	switch u := r.Float64(); {
	case u < .25:
		t.action = "answered"
	case u < .40:
		t.channel, t.action = "event", "attended"
	default:
		c.clicked += 1 + r.IntN(2)
	}
	h.touches = append(h.touches, t)
	if t.action != "clicked" || r.Float64() < .3 {
		h.lead(r, t)
	}
}

// lead notes that an answer became a lead.
func (h *History) lead(r *rand.Rand, t touch) {
	l := lead{row: t.row, campaign: t.campaign, created: int64(t.day)*86400 + int64(7*3600+r.IntN(11*3600)), converted: datasets.MissingDay}
	end := int64(h.Options.AsOf) * 86400
	if r.Float64() > .08 {
		if l.touched = l.created + int64(3600*math.Min(8*math.Exp(1.2*r.NormFloat64()), 2000)); l.touched >= end {
			l.touched = 0
		}
	}
	at := sort.Search(len(h.deals), func(i int) bool { return h.deals[i].created >= t.day })
	for _, x := range h.deals[at:] {
		if x.created > t.day+120 {
			break
		}
		if x.row == t.row {
			l.converted = x.created
			break
		}
	}
	h.leads = append(h.leads, l)
}

// work has sales touch the account of a deal.
func (h *History) work(d *draws, k int) {
	x := h.deals[k]
	r := d.at(streamDealTouch, k)
	for range 2 + r.IntN(4) {
		h.sell(r, x.row, x.created+int32(r.IntN(int(x.closed-x.created))))
	}
}

// reviewDays is between two meetings of sales with a customer.
const reviewDays = 91

// review has sales meet a customer each quarter until now.
func (h *History) review(d *draws, row int32) {
	if h.Options.has(Neglect) {
		return
	}
	r := d.at(streamReview, int(row))
	for day := h.Won[row] + 60 + int32(r.IntN(30)); day < h.Options.AsOf; day += reviewDays {
		h.sell(r, row, day)
	}
}

// sell notes that sales touched an account, unless the day has not come.
func (h *History) sell(r *rand.Rand, row, day int32) {
	channel, action := "call", "answered"
	if r.Float64() < .4 {
		channel, action = "meeting", "attended"
	}
	if t := (touch{row, day, -1, channel, action, drawRole(r, h.engaging()), 1}); day < h.Options.AsOf {
		h.touches = append(h.touches, t)
	}
}

// Roles of people at an account, with their levels.
var roles = [...]struct {
	name   string
	levels []string
	people float64 // at an account, on average
}{
	{"decision maker", []string{"C", "VP", "director"}, 2},
	{"influencer", []string{"manager", "director"}, 3},
	{"user", []string{"specialist", "manager"}, 4},
}

// engaging returns the row of engagement that holds.
func (h *History) engaging() int { return btoi(h.Options.has(Roles)) }

// engagement is the share of people of each role who engage, without and with
// the debt of roles.
var engagement = [2][len(roles)]float64{{.35, .30, .25}, {.01, .10, .50}}

// drawRole draws the role of one who is touched.
func drawRole(r *rand.Rand, debt int) int8 {
	total := 0.0
	for i := range roles {
		total += roles[i].people * engagement[debt][i]
	}
	u := r.Float64() * total
	for i := range roles {
		if u -= roles[i].people * engagement[debt][i]; u < 0 {
			return int8(i)
		}
	}
	return int8(len(roles) - 1)
}

func (c *campaign) name(k int) string {
	themes := []string{"Webinar", "Benchmark report", "Customer story", "Product tour", "Buyer's guide", "Round table"}
	return fmt.Sprintf("%s %02d", themes[k%len(themes)], k+1)
}
