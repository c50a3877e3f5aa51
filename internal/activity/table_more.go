package activity

import (
	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/salesforce"
)

var campaigns = Table{
	Name: "campaigns", Doc: "Campaigns: what was put out and what came back.",
	presets: []datasets.Headers{salesforce.Campaigns()},
	Columns: []Column{
		{Name: "campaign", Kind: Text, Required: true, Doc: "its id or name, as other tables have it", Other: []string{"campaign_id"}},
		{Name: "programme", Kind: Text, Doc: "personalised or general", Other: []string{"program", "kind"}},
		{Name: "started_at", Kind: Instant, Doc: "its first day", Other: []string{"date", "start"}},
		{Name: "ended_at", Kind: Instant, Doc: "its last day; empty: still running", Other: []string{"end"}},
		{Name: "contents", Kind: Number, Doc: "pieces of content published for it", Other: []string{"assets", "pieces"}},
		{Name: "targeted", Kind: Number, Doc: "accounts aimed at"},
		{Name: "sent", Kind: Number, Doc: "e-mails sent"},
		{Name: "opened", Kind: Number, Doc: "e-mails opened", Other: []string{"opens"}},
		{Name: "impressions", Kind: Number, Doc: "ads shown"},
		{Name: "clicked", Kind: Number, Doc: "clicks on e-mails and ads", Other: []string{"clicks"}},
		{Name: "responses", Kind: Number, Doc: "answers of any kind", Other: []string{"responded"}},
		{Name: "cost", Kind: Number, Doc: "what it cost"},
		deleted,
	},
}

var costs = Table{
	Name: "costs", Doc: "What marketing and sales cost.",
	Columns: account(
		Column{Name: "date", Kind: Instant, Required: true, Doc: "when it was spent"},
		Column{Name: "amount", Kind: Number, Required: true, Doc: "how much, in the currency of opportunities", Other: []string{"cost", "spend"}},
		Column{Name: "campaign", Kind: Text, Doc: "for which campaign", Other: []string{"campaign_id"}},
		Column{Name: "channel", Kind: Text, Doc: "through which channel", Other: []string{"source"}},
	),
}

var web = Table{
	Name: "web", Doc: "Traffic of the company's site by account and day.", ByAccount: true,
	Columns: account(
		Column{Name: "date", Kind: Instant, Required: true, Doc: "the day"},
		Column{Name: "visitors", Kind: Number, Doc: "visitors", Other: []string{"users", "visits", "sessions"}},
		Column{Name: "seconds", Kind: Number, Doc: "time on the site, in seconds", Other: []string{"time_on_site"}},
		Column{Name: "downloads", Kind: Number, Doc: "downloads"},
		Column{Name: "forms", Kind: Number, Doc: "forms sent"},
		Column{Name: "events", Kind: Number, Doc: "registrations for events"},
	),
}

var health = Table{
	Name: "health", Doc: "State of customers: health, satisfaction, revenue, and whether they stay.", ByAccount: true,
	Columns: account(
		Column{Name: "date", Kind: Instant, Required: true, Doc: "as of when"},
		Column{Name: "score", Kind: Number, Doc: "health, 0 to 100", Other: []string{"health", "health_score"}},
		Column{Name: "nps", Kind: Number, Doc: "answer to the recommendation question, 0 to 10", Other: []string{"nps_score"}},
		Column{Name: "revenue", Kind: Number, Doc: "revenue of the last 12 months", Other: []string{"arr"}},
		Column{Name: "renewal_at", Kind: Instant, Doc: "when the contract is to be renewed", Other: []string{"renewal_date"}},
		Column{Name: "churned_at", Kind: Instant, Doc: "when the customer left; empty: has not", Other: []string{"churn_date", "cancelled_at"}},
	),
}

var releases = Table{
	Name: "releases", Doc: "Changes of the company's own product.",
	Columns: []Column{
		{Name: "date", Kind: Instant, Required: true, Doc: "when it came out", Other: []string{"released_at", "release_date"}},
		{Name: "name", Kind: Text, Doc: "what it is called", Other: []string{"version", "release"}},
		{Name: "major", Kind: Flag, Doc: "whether it changed for whom the product is; absent: yes"},
	},
}

var feedback = Table{
	Name: "feedback", Doc: "What sales and marketing say: of an account (accepted, rejected, won, lost) or of a campaign (excellent to poor).",
	Columns: account(
		Column{Name: "campaign", Kind: Text, Doc: "the campaign, where the row is about one", Other: []string{"campaign_id"}},
		Column{Name: "verdict", Kind: Text, Required: true, Doc: "of an account: accepted, rejected, won, lost; of a campaign: excellent, good, fair, poor; French words too", Other: []string{"status", "result", "avis"}},
		Column{Name: "reason", Kind: Text, Doc: "why", Other: []string{"comment", "motif", "raison"}},
		Column{Name: "date", Kind: Instant, Doc: "when it was said", Other: []string{"created_at"}},
		Column{Name: "author", Kind: Text, Doc: "who said so: a role or a team will do", Other: []string{"by", "auteur"}},
	),
}
