package audit

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/activity"
)

// Windows: a month is 30 days, so that months are alike; a year is 12 of them
// where there are trends, else 365 days.
const (
	monthDays   = 30
	trendMonths = 12
	yearDays    = 365
	signalDays  = 90 // within which a signal before a deal explains it
)

// Events counts what the optional tables hold, up to the day before the day of
// the audit. Give it all rows of a table, table after table: signals, touches and
// health before opportunities.
type Events struct {
	base    *Base
	asOf    int32
	intakes map[string]*activity.Intake

	signalled map[uint64][]int32 // days on which something was seen of an account
	signals   float64            // of the last 90 days
	clicks    float64            // opens and clicks likewise

	aimed          bool                 // marketing has aimed at some account in the last year
	touched        [trendMonths]float64 // touches of prospects by month
	firstTouch     int32
	answers        map[uint64]float64 // campaign responses of the last year, by account
	answersUnknown float64            // of accounts that are not in the base or not graded
	met            map[uint64]int32   // the last day on which sales touched a customer
	roleTouches    map[uint64]*pair   // active touches with a role: decision, all

	contacts map[uint64]*pair // engaged: with a role in the decision, all
	everyone pair             // contacts: with a role in the decision, all

	revenue map[uint64]*revenue
	churned map[uint64]int32 // customers with health: the day they left, or datasets.MissingDay

	opened       [trendMonths]float64 // deals by month
	amounts      [trendMonths]float64
	firstDeal    int32
	byGrade      [][2]outcomes // by grade: the last year, the year before
	bySegment    []outcomes    // of two years
	rivals       [2]outcomes   // of two years: without a competitor, with one
	wins         float64       // of the last year
	reasons      float64       // of these, with a reason
	explained    float64       // with a reason or a signal
	rivalUnknown float64

	campaigns []activity.Campaign
	releases  []activity.Release
}

type pair struct{ num, den float64 }

type outcomes struct{ won, lost float64 }

func (o outcomes) all() float64 { return o.won + o.lost }

type revenue struct {
	domain               string
	first, last          int32
	firstValue, newValue float64
}

// NewEvents returns the events of accounts of a base, as of a day.
func NewEvents(base *Base, asOf int32) *Events {
	return &Events{
		base: base, asOf: asOf, intakes: map[string]*activity.Intake{},
		signalled: map[uint64][]int32{}, answers: map[uint64]float64{}, met: map[uint64]int32{}, roleTouches: map[uint64]*pair{},
		contacts: map[uint64]*pair{}, revenue: map[uint64]*revenue{}, churned: map[uint64]int32{},
		byGrade: make([][2]outcomes, len(base.Grades)), bySegment: make([]outcomes, len(base.Segments)),
		firstTouch: math.MaxInt32, firstDeal: math.MaxInt32,
	}
}

// Read counts the rows of all tables. Signals and touches come first: deals are held
// against them.
func (e *Events) Read(ctx context.Context, set *activity.Set) error {
	for _, read := range []func() (*activity.Intake, error){
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Signal) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Touch) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Contacts) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Health) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Opportunity) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Campaign) },
		func() (*activity.Intake, error) { return activity.Each(ctx, set, e.Release) },
	} {
		in, err := read()
		if err != nil {
			return err
		}
		if in.Present() {
			e.intakes[in.Table] = in
		}
	}
	return nil
}

// ago returns how many days before the day of the audit a time is; ok is false
// where it is not known or not before it.
func (e *Events) ago(t activity.Time) (days int32, ok bool) {
	d := t.Day()
	return e.asOf - d, d != datasets.MissingDay && d < e.asOf
}

// month returns the place among the last twelve months, the oldest first.
func month(ago int32) (int, bool) {
	m := trendMonths - 1 - int(ago-1)/monthDays
	return m, ago >= 1 && m >= 0
}

// Signal counts a signal.
func (e *Events) Signal(s activity.Signal) error {
	ago, ok := e.ago(s.Date)
	if !ok {
		return nil
	}
	if ago <= signalDays {
		e.signals++
	}
	if a := e.base.find(s.Domain); a != nil && ago <= yearDays+signalDays+yearDays {
		e.signalled[a.hash] = append(e.signalled[a.hash], s.Date.Day())
	}
	return nil
}

// passive are the actions that are not the account's own doing.
var passive = []string{"", "sent", "shown", "delivered", "impression", "bounced", "envoyé", "affiché"}

// shallow are those that cost it nothing.
var shallow = []string{"opened", "clicked", "open", "click", "ouvert", "cliqué"}

// Touch counts a touch.
func (e *Events) Touch(t activity.Touch) error {
	ago, ok := e.ago(t.Date)
	if !ok || !(t.Count > 0) {
		return nil
	}
	a := e.base.find(t.Domain)
	action := fold(t.Action)
	bySales := fold(t.By) == "sales" || fold(t.By) == "ventes" || fold(t.By) == "commercial"
	if a == nil || !a.customerOn(t.Date.Day()) {
		e.firstTouch = min(e.firstTouch, e.asOf-ago)
		if m, in := month(ago); in {
			e.touched[m] += t.Count
		}
	}
	if ago <= signalDays && slices.Contains(shallow, action) {
		e.clicks += t.Count
	}
	if a != nil && a.customer && bySales {
		e.met[a.hash] = max(e.met[a.hash], t.Date.Day())
	}
	if ago > yearDays {
		return nil
	}
	if a != nil {
		a.worked = true
		a.aimed = a.aimed || !bySales
		e.aimed = e.aimed || !bySales
	}
	if slices.Contains(passive, action) {
		return nil
	}
	if !bySales || t.Campaign != "" {
		if a == nil || a.grade < 0 {
			e.answersUnknown += t.Count
		} else {
			e.answers[a.hash] += t.Count
		}
	}
	if t.Role != "" || t.Level != "" {
		add(e.roleTouches, hashOf(a, t.Domain), decides(t.Role, t.Level), t.Count)
	}
	return nil
}

// Contacts counts the contacts of an account.
func (e *Events) Contacts(c activity.Contacts) error {
	if c.Role == "" && c.Level == "" {
		return nil
	}
	decide := decides(c.Role, c.Level)
	if c.Count > 0 {
		e.everyone.den += c.Count
		if decide {
			e.everyone.num += c.Count
		}
	}
	if c.Engaged > 0 {
		add(e.contacts, hashOf(e.base.find(c.Domain), c.Domain), decide, c.Engaged)
	}
	return nil
}

func add(to map[uint64]*pair, key uint64, decide bool, n float64) {
	x := to[key]
	if x == nil {
		x = &pair{}
		to[key] = x
	}
	x.den += n
	if decide {
		x.num += n
	}
}

// hashOf returns the key of an account; what is of no account is one of its own.
func hashOf(a *account, domain string) uint64 {
	if a != nil {
		return a.hash
	}
	return 0
}

// Roles and levels of those who have a part in the decision, as CRMs in English
// and French call them. A level decides where no role is known.
var (
	deciders = []string{"decision", "décision", "decideur", "décideur", "economic buyer", "budget", "sponsor", "champion", "executive", "acheteur", "buyer"}
	levels   = []string{"c", "c-level", "c level", "cxo", "ceo", "cfo", "coo", "cto", "cmo", "cro", "vp", "vice president", "svp", "evp", "director", "head", "owner", "founder", "partner", "president", "directeur", "directrice", "dirigeant", "dirigeante", "président", "présidente", "gérant", "gérante", "associé", "fondateur", "comex", "codir"}
)

func decides(role, level string) bool {
	if r := fold(role); r != "" {
		return slices.ContainsFunc(deciders, func(d string) bool { return strings.Contains(r, d) })
	}
	l := fold(level)
	return slices.Contains(levels, l) || strings.HasPrefix(l, "c-") || strings.HasPrefix(l, "vp ") || strings.HasPrefix(l, "head of") || strings.HasPrefix(l, "director ")
}

func fold(s string) string {
	return strings.ToLower(strings.TrimSpace(strings.ReplaceAll(s, "_", " ")))
}

// Health notes the revenue of a customer and whether it left.
func (e *Events) Health(h activity.Health) error {
	a := e.base.find(h.Domain)
	ago, ok := e.ago(h.Date)
	if a == nil || !ok {
		return nil
	}
	if _, seen := e.churned[a.hash]; !seen {
		e.churned[a.hash] = datasets.MissingDay
	}
	if left := h.ChurnedAt.Day(); left != datasets.MissingDay && left < e.asOf {
		e.churned[a.hash] = left
	}
	if math.IsNaN(h.Revenue) || ago > 2*yearDays {
		return nil
	}
	d := h.Date.Day()
	r := e.revenue[a.hash]
	if r == nil {
		e.revenue[a.hash] = &revenue{h.Domain, d, d, h.Revenue, h.Revenue}
		return nil
	}
	if d < r.first {
		r.first, r.firstValue = d, h.Revenue
	}
	if d >= r.last {
		r.last, r.newValue = d, h.Revenue
	}
	return nil
}

// Opportunity counts a deal. One that is closed after the day of the audit was
// open then.
func (e *Events) Opportunity(o activity.Opportunity) error {
	a := e.base.find(o.Domain)
	if ago, ok := e.ago(o.CreatedAt); ok {
		if a != nil && ago <= yearDays {
			a.dealt = true
		}
		e.firstDeal = min(e.firstDeal, e.asOf-ago)
		if m, in := month(ago); in {
			e.opened[m]++
			if !math.IsNaN(o.Amount) {
				e.amounts[m] += o.Amount
			}
		}
	}
	ago, ok := e.ago(o.ClosedAt)
	if !ok || o.Outcome != activity.Won && o.Outcome != activity.Lost || ago > 2*yearDays {
		return nil
	}
	won := o.Outcome == activity.Won
	if a != nil {
		e.closed(a, won, ago)
	}
	switch rival := fold(o.Competitor); rival {
	case "":
		e.rivalUnknown++
	case "none", "no", "aucun", "aucune", "no competitor", "sans concurrent":
		e.rivals[0].count(won)
	default:
		e.rivals[1].count(won)
	}
	if won && ago <= yearDays {
		e.win(&o, a)
	}
	return nil
}

// closed counts a closed deal of an account of the base.
func (e *Events) closed(a *account, won bool, ago int32) {
	if a.segment >= 0 {
		e.bySegment[a.segment].count(won)
	}
	if a.grade < 0 {
		return
	}
	when := 0
	if ago > yearDays {
		when = 1
	}
	e.byGrade[a.grade][when].count(won)
}

// win counts what is known of why a deal was won.
func (e *Events) win(o *activity.Opportunity, a *account) {
	e.wins++
	reason := o.Reason != ""
	seen := false
	if opened := o.CreatedAt.Day(); a != nil && opened != datasets.MissingDay {
		seen = slices.ContainsFunc(e.signalled[a.hash], func(d int32) bool { return d <= opened && d > opened-signalDays })
	}
	if reason {
		e.reasons++
	}
	if reason || seen {
		e.explained++
	}
}

func (o *outcomes) count(won bool) {
	if won {
		o.won++
	} else {
		o.lost++
	}
}

// Campaign notes a campaign.
func (e *Events) Campaign(c activity.Campaign) error {
	if _, ok := e.ago(c.StartedAt); ok {
		e.campaigns = append(e.campaigns, c)
	}
	return nil
}

// Release notes a release of the product.
func (e *Events) Release(r activity.Release) error {
	if _, ok := e.ago(r.Date); ok {
		e.releases = append(e.releases, r)
	}
	return nil
}
