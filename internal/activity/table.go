package activity

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/hubspot"
	"github.com/icpfit/icpfit/datasets/salesforce"
)

// A Kind says what the cells of a column are.
type Kind string

// The kinds of column.
const (
	Domain  Kind = "domain" // what names the account: a domain, website or e-mail address
	ID      Kind = "id"     // a record's id
	Text    Kind = "text"
	Instant Kind = "time" // a date, with or without a time of day, UTC
	Number  Kind = "number"
	Flag    Kind = "flag" // yes or no
)

// Kinds lists the kinds.
var Kinds = []Kind{Domain, ID, Text, Instant, Number, Flag}

// A Column is one column of a table.
type Column struct {
	Name     string
	Kind     Kind
	Required bool   // without it no row means anything
	Doc      string // what it holds, and in what unit
	Other    []string
}

// A Table is one of the optional tables. One of its account columns is required
// where ByAccount holds.
type Table struct {
	Name      string
	Doc       string
	ByAccount bool
	Columns   []Column

	presets []datasets.Headers
}

// Tables lists the optional tables.
var Tables = []Table{
	signals, opportunities, leads, touches, contacts, campaigns, costs, web, health, releases, feedback,
}

// Lookup returns the table of that name.
func Lookup(name string) (Table, bool) {
	i := slices.IndexFunc(Tables, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return Tables[i], true
}

// names returns what a column may be called, best first.
func (t Table) names(c Column) []string {
	names := append([]string{c.Name}, c.Other...)
	for _, p := range t.presets {
		names = append(names, p[c.Name]...)
	}
	return names
}

// account returns the columns by which a row belongs to an account.
func account(more ...Column) []Column {
	return append([]Column{
		{Name: "domain", Kind: Domain, Doc: "the account: a domain, website or e-mail address", Other: []string{"website", "account domain", "company domain name", "email", "domaine", "site web"}},
		{Name: "account_id", Kind: ID, Doc: "the account, by its id in the base; not needed beside domain", Other: []string{"account", "company_id"}},
	}, more...)
}

var deleted = Column{Name: "deleted", Kind: Flag, Doc: "yes: the row is in the recycle bin and is skipped", Other: []string{"is_deleted", "_fivetran_deleted"}}

var signals = Table{
	Name: "signals", Doc: "Dated signals about accounts: visits, hiring, funding, tenders.", ByAccount: true,
	Columns: account(
		Column{Name: "kind", Kind: Text, Required: true, Doc: "what was seen: pricing_page, funding, tender, renewal …", Other: []string{"type", "signal", "event"}},
		Column{Name: "date", Kind: Instant, Required: true, Doc: "when it was seen", Other: []string{"seen_at", "created_at", "timestamp"}},
		Column{Name: "value", Kind: Number, Doc: "how much of it: visits, money, share"},
		Column{Name: "source", Kind: Text, Doc: "who says so"},
		Column{Name: "evidence", Kind: Text, Doc: "a sentence or an address that shows it", Other: []string{"url", "note"}},
	),
}

var opportunities = Table{
	Name: "opportunities", Doc: "Deals: when each was opened and closed, how it ended and what it was worth.", ByAccount: true,
	presets: []datasets.Headers{salesforce.Opportunities(), hubspot.Deals()},
	Columns: account(
		Column{Name: "id", Kind: ID, Doc: "the deal's id; a deal that is listed twice counts once"},
		Column{Name: "created_at", Kind: Instant, Doc: "when it was opened", Other: []string{"opened_at"}},
		Column{Name: "closed_at", Kind: Instant, Doc: "when it was closed, or is expected to be"},
		Column{Name: "stage", Kind: Text, Doc: "closed won and closed lost say how it ended, in English or French; anything else is open"},
		Column{Name: "won", Kind: Flag, Doc: "whether it was won; goes before stage"},
		Column{Name: "closed", Kind: Flag, Doc: "whether it is closed; closed and not won is lost"},
		Column{Name: "amount", Kind: Number, Doc: "its worth, in one currency for the whole table", Other: []string{"value", "deal_size"}},
		Column{Name: "margin", Kind: Number, Doc: "what of the amount is profit, in the same currency", Other: []string{"gross_margin"}},
		Column{Name: "currency", Kind: Text, Doc: "ISO code of the currency"},
		Column{Name: "type", Kind: Text, Doc: "new business, expansion, renewal; transactional or complex"},
		Column{Name: "source", Kind: Text, Doc: "where it came from"},
		Column{Name: "owner", Kind: Text, Doc: "who works it"},
		Column{Name: "campaign", Kind: Text, Doc: "the campaign that brought it"},
		Column{Name: "reason", Kind: Text, Doc: "why it was won or lost, as recorded", Other: []string{"win_reason", "loss_reason", "close_reason"}},
		Column{Name: "competitor", Kind: Text, Doc: "the rival met; none is known to be none", Other: []string{"rival"}},
		deleted,
	),
}

var leads = Table{
	Name: "leads", Doc: "Leads, consolidated by account: when each came in and when sales first touched it.", ByAccount: true,
	presets: []datasets.Headers{salesforce.Leads()},
	Columns: account(
		Column{Name: "id", Kind: ID, Doc: "the lead's id", Other: []string{"lead_id"}},
		Column{Name: "created_at", Kind: Instant, Doc: "when it came in", Other: []string{"createdate"}},
		Column{Name: "first_touch_at", Kind: Instant, Doc: "when sales first touched it; empty: never", Other: []string{"hs_sa_first_engagement_date", "first engagement date"}},
		Column{Name: "converted_at", Kind: Instant, Doc: "when it became an opportunity", Other: []string{"hs_lifecyclestage_opportunity_date"}},
		Column{Name: "status", Kind: Text, Doc: "lead, prospect, opportunity or customer, or the CRM's own words", Other: []string{"lifecyclestage", "lifecycle stage", "hs_lead_status"}},
		Column{Name: "source", Kind: Text, Doc: "where it came from", Other: []string{"hs_analytics_source", "original source"}},
		Column{Name: "owner", Kind: Text, Doc: "who works it", Other: []string{"hubspot_owner_id", "contact owner"}},
		Column{Name: "type", Kind: Text, Doc: "transactional or complex"},
		deleted,
	),
}

var touches = Table{
	Name: "touches", Doc: "Touches between an account and marketing or sales.", ByAccount: true,
	presets: []datasets.Headers{salesforce.Tasks()},
	Columns: account(
		Column{Name: "date", Kind: Instant, Required: true, Doc: "when it was", Other: []string{"hs_timestamp", "activity date", "created_at"}},
		Column{Name: "channel", Kind: Text, Doc: "email, call, meeting, ad, social, web, event", Other: []string{"engagement_type"}},
		Column{Name: "action", Kind: Text, Doc: "sent, opened, clicked, answered, attended …; sent and shown are not the account's own doing", Other: []string{"event", "outcome"}},
		Column{Name: "by", Kind: Text, Doc: "marketing or sales", Other: []string{"team"}},
		Column{Name: "campaign", Kind: Text, Doc: "the campaign it belongs to", Other: []string{"campaign_id"}},
		Column{Name: "role", Kind: Text, Doc: "the role of who was touched: decision maker, influencer, user", Other: []string{"buying_role", "hs_buying_role"}},
		Column{Name: "level", Kind: Text, Doc: "the level of who was touched: C, VP, director, manager", Other: []string{"seniority"}},
		Column{Name: "count", Kind: Number, Doc: "how many such touches; absent: 1", Other: []string{"touches"}},
		deleted,
	),
}

var contacts = Table{
	Name: "contacts", Doc: "Contacts by account, role and level: counts, no names.", ByAccount: true,
	Columns: account(
		Column{Name: "role", Kind: Text, Doc: "decision maker, influencer, user …", Other: []string{"buying_role"}},
		Column{Name: "level", Kind: Text, Doc: "C, VP, director, manager …", Other: []string{"seniority"}},
		Column{Name: "count", Kind: Number, Required: true, Doc: "contacts of that role and level", Other: []string{"contacts"}},
		Column{Name: "engaged", Kind: Number, Doc: "of these, touched in the last 90 days", Other: []string{"active"}},
		Column{Name: "valid", Kind: Number, Doc: "of these, with a valid e-mail address", Other: []string{"valid_email"}},
		Column{Name: "consent", Kind: Number, Doc: "of these, with a legal basis to be written to", Other: []string{"gdpr"}},
	),
}
