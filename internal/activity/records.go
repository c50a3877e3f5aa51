package activity

// An Account says which account a row is about.
type Account struct {
	Domain string // its key in the base; "": the row is of no account of the base
	Line   int64  // of a text file; else the number of the row, from 1
}

// A Signal is one row of signals.
type Signal struct {
	Account
	Kind, Source, Evidence string
	Date                   Time
	Value                  float64
}

func (s *Signal) fill(r *row) {
	*s = Signal{r.account(), r.text("kind"), r.text("source"), r.text("evidence"), r.time("date"), r.number("value")}
}

// An Opportunity is one row of opportunities. Amount and Margin are in the
// table's currency.
type Opportunity struct {
	Account
	ID                     string
	CreatedAt, ClosedAt    Time
	Stage                  string
	Outcome                Outcome
	Amount, Margin         float64
	Currency, Type, Source string
	Owner, Campaign        string
	Reason, Competitor     string
}

func (o *Opportunity) fill(r *row) {
	*o = Opportunity{
		Account: r.account(), ID: r.id("id"), CreatedAt: r.time("created_at"), ClosedAt: r.time("closed_at"),
		Stage: r.text("stage"), Amount: r.number("amount"), Margin: r.number("margin"),
		Currency: r.text("currency"), Type: r.text("type"), Source: r.text("source"), Owner: r.text("owner"),
		Campaign: r.text("campaign"), Reason: r.text("reason"), Competitor: r.text("competitor"),
	}
	won, wonKnown := r.flag("won")
	closed, closedKnown := r.flag("closed")
	if o.Outcome = outcome(o.Stage, won, wonKnown, closed, closedKnown); o.Outcome != OutcomeUnknown && !wonKnown {
		r.derived("won")
	}
}

// A Lead is one row of leads. FirstTouch is Unknown where sales never touched it.
type Lead struct {
	Account
	ID                                   string
	CreatedAt, FirstTouchAt, ConvertedAt Time
	Status, Source, Owner, Type          string
}

func (l *Lead) fill(r *row) {
	*l = Lead{
		r.account(), r.id("id"), r.time("created_at"), r.time("first_touch_at"), r.time("converted_at"),
		r.text("status"), r.text("source"), r.text("owner"), r.text("type"),
	}
}

// A Touch is one row of touches; Count is 1 where the table has none.
type Touch struct {
	Account
	Date                                       Time
	Channel, Action, By, Campaign, Role, Level string
	Count                                      float64
}

func (t *Touch) fill(r *row) {
	*t = Touch{
		r.account(), r.time("date"), r.text("channel"), r.text("action"), r.text("by"), r.text("campaign"),
		r.text("role"), r.text("level"), 1,
	}
	if r.has("count") {
		t.Count = r.number("count")
	}
}

// A Contacts is one row of contacts: a number of people, none of them named.
type Contacts struct {
	Account
	Role, Level                    string
	Count, Engaged, Valid, Consent float64
}

func (c *Contacts) fill(r *row) {
	*c = Contacts{
		r.account(), r.text("role"), r.text("level"),
		r.number("count"), r.number("engaged"), r.number("valid"), r.number("consent"),
	}
}

// A Campaign is one row of campaigns.
type Campaign struct {
	Account                                                                 // Domain is ""
	Campaign, Programme                                                     string
	StartedAt, EndedAt                                                      Time
	Contents, Targeted, Sent, Opened, Impressions, Clicked, Responses, Cost float64
}

func (c *Campaign) fill(r *row) {
	*c = Campaign{
		r.account(), r.text("campaign"), r.text("programme"), r.time("started_at"), r.time("ended_at"),
		r.number("contents"), r.number("targeted"), r.number("sent"), r.number("opened"),
		r.number("impressions"), r.number("clicked"), r.number("responses"), r.number("cost"),
	}
}

// A Cost is one row of costs; it may be of no account.
type Cost struct {
	Account
	Date              Time
	Amount            float64
	Campaign, Channel string
}

func (c *Cost) fill(r *row) {
	*c = Cost{r.account(), r.time("date"), r.number("amount"), r.text("campaign"), r.text("channel")}
}

// A Web is one row of web.
type Web struct {
	Account
	Date                                        Time
	Visitors, Seconds, Downloads, Forms, Events float64
}

func (w *Web) fill(r *row) {
	*w = Web{
		r.account(), r.time("date"), r.number("visitors"), r.number("seconds"),
		r.number("downloads"), r.number("forms"), r.number("events"),
	}
}

// A Health is one row of health.
type Health struct {
	Account
	Date                 Time
	Score, NPS, Revenue  float64
	RenewalAt, ChurnedAt Time
}

func (h *Health) fill(r *row) {
	*h = Health{
		r.account(), r.time("date"), r.number("score"), r.number("nps"), r.number("revenue"),
		r.time("renewal_at"), r.time("churned_at"),
	}
}

// A Release is one row of releases. Major holds unless the table says no.
type Release struct {
	Account // Domain is ""
	Date    Time
	Name    string
	Major   bool
}

func (x *Release) fill(r *row) {
	major, known := r.flag("major")
	*x = Release{r.account(), r.time("date"), r.text("name"), major || !known}
}

// A Feedback is one row of feedback, of an account or, where Campaign is not "",
// of a campaign.
type Feedback struct {
	Account
	Campaign string
	Verdict  Verdict
	Reason   string
	Date     Time
	Author   string
}

func (f *Feedback) fill(r *row) {
	*f = Feedback{r.account(), r.text("campaign"), r.verdict("verdict"), r.text("reason"), r.time("date"), r.text("author")}
}

// A Record is a row of one of the tables.
type Record interface {
	Signal | Opportunity | Lead | Touch | Contacts | Campaign | Cost | Web | Health | Release | Feedback
}

// filler is what a pointer to a Record does.
type filler[T any] interface {
	*T
	fill(*row)
}

// tableOf returns the table whose rows are T.
func tableOf(record any) Table {
	switch record.(type) {
	case Signal:
		return signals
	case Opportunity:
		return opportunities
	case Lead:
		return leads
	case Touch:
		return touches
	case Contacts:
		return contacts
	case Campaign:
		return campaigns
	case Cost:
		return costs
	case Web:
		return web
	case Health:
		return health
	case Release:
		return releases
	}
	return feedback
}
