package sample

// The catalogue is made up, with the shape of a B2B account base: many small
// services firms, few large ones, the English-speaking and French markets
// ahead, web tools common and enterprise systems tied to size. The lift of each
// entry is its part of the truth, in nats before scale; see truth.go.

type industry struct {
	name      string
	share     float64 // of the base
	employees float64 // median
	spread    float64 // of ln employees
	revenue   float64 // per employee, thousand dollars a year, median
	funded    float64 // odds factor of venture funding
	lift      float64
	words     []string
}

var industries = [...]industry{
	{"Software", .13, 45, 1.5, 140, 6, .9, []string{"platform", "cloud", "API", "analytics"}},
	{"Financial technology", .04, 60, 1.4, 210, 8, .8, []string{"payments", "lending", "risk", "banking"}},
	{"E-commerce", .07, 30, 1.4, 260, 3, .7, []string{"store", "marketplace", "checkout", "brands"}},
	{"Media", .05, 35, 1.4, 130, 1.5, .2, []string{"publishing", "audience", "content", "video"}},
	{"Telecommunications", .02, 180, 1.7, 280, 1, .1, []string{"network", "fibre", "mobile", "carrier"}},
	{"Professional services", .17, 25, 1.5, 120, .5, 0, []string{"advisory", "audit", "legal", "consulting"}},
	{"Healthcare", .09, 90, 1.6, 110, 1.5, -.1, []string{"clinic", "patients", "devices", "care"}},
	{"Retail", .08, 70, 1.7, 190, .5, -.2, []string{"shops", "fashion", "grocery", "home"}},
	{"Logistics", .05, 110, 1.6, 160, .8, -.2, []string{"freight", "warehouse", "fleet", "delivery"}},
	{"Education", .05, 120, 1.5, 70, .6, -.3, []string{"courses", "school", "campus", "training"}},
	{"Energy", .03, 150, 1.8, 420, 1, -.4, []string{"solar", "grid", "utilities", "storage"}},
	{"Manufacturing", .11, 130, 1.6, 220, .2, -.5, []string{"machines", "parts", "plant", "packaging"}},
	{"Hospitality", .04, 60, 1.4, 70, .2, -.6, []string{"hotels", "catering", "travel", "events"}},
	{"Construction", .05, 50, 1.5, 180, .1, -.9, []string{"building", "roofing", "civil works", "renovation"}},
	{"Public sector", .02, 300, 1.6, 90, .01, -1, []string{"citizens", "city", "services", "agency"}},
}

type country struct {
	code, name, french string
	others             []string // other spellings seen in exports
	share              float64
	lift               float64
	tlds               []string
	forms              []string // legal forms
}

var countries = [...]country{
	{"US", "United States", "États-Unis", []string{"USA", "U.S.", "United States of America", "Etats-Unis"}, .33, .3, []string{"com", "com", "com", "io", "co", "net"}, []string{"Inc.", "LLC", "Corp."}},
	{"FR", "France", "France", []string{"FRANCE", "fr"}, .13, .5, []string{"fr", "fr", "com", "eu"}, []string{"SAS", "SARL", "SA"}},
	{"GB", "United Kingdom", "Royaume-Uni", []string{"UK", "Great Britain", "England"}, .10, .3, []string{"co.uk", "co.uk", "com", "io"}, []string{"Ltd", "PLC"}},
	{"DE", "Germany", "Allemagne", []string{"Deutschland", "DEU"}, .08, .1, []string{"de", "de", "com"}, []string{"GmbH", "AG"}},
	{"CA", "Canada", "Canada", []string{"CAN"}, .05, .2, []string{"ca", "com"}, []string{"Inc.", "Ltd"}},
	{"NL", "Netherlands", "Pays-Bas", []string{"The Netherlands", "Nederland"}, .04, .2, []string{"nl", "com"}, []string{"B.V."}},
	{"ES", "Spain", "Espagne", []string{"España"}, .04, -.1, []string{"es", "com"}, []string{"S.L.", "S.A."}},
	{"IT", "Italy", "Italie", []string{"Italia"}, .04, -.2, []string{"it", "com"}, []string{"S.r.l.", "S.p.A."}},
	{"BR", "Brazil", "Brésil", []string{"Brasil"}, .03, -.4, []string{"com.br", "com.br", "com"}, []string{"Ltda", "S.A."}},
	{"IN", "India", "Inde", []string{"IND"}, .03, -.5, []string{"in", "co.in", "com"}, []string{"Pvt Ltd"}},
	{"AU", "Australia", "Australie", []string{"AUS"}, .02, .1, []string{"com.au", "com"}, []string{"Pty Ltd"}},
	{"BE", "Belgium", "Belgique", []string{"België"}, .02, .3, []string{"be", "com"}, []string{"SRL", "NV"}},
	{"CH", "Switzerland", "Suisse", []string{"Schweiz"}, .02, .1, []string{"ch", "com"}, []string{"AG", "Sàrl"}},
	{"SE", "Sweden", "Suède", []string{"Sverige"}, .02, .1, []string{"se", "com"}, []string{"AB"}},
	{"DK", "Denmark", "Danemark", []string{"Danmark"}, .01, .1, []string{"dk", "com"}, []string{"ApS", "A/S"}},
	{"PL", "Poland", "Pologne", []string{"Polska"}, .01, -.2, []string{"pl", "com.pl"}, []string{"Sp. z o.o."}},
	{"IE", "Ireland", "Irlande", []string{"IRL"}, .01, .2, []string{"ie", "com"}, []string{"Ltd"}},
	{"PT", "Portugal", "Portugal", []string{"PRT"}, .01, -.1, []string{"pt", "com"}, []string{"Lda"}},
	{"SG", "Singapore", "Singapour", []string{"SGP"}, .005, 0, []string{"com.sg", "com"}, []string{"Pte Ltd"}},
	{"JP", "Japan", "Japon", []string{"JPN"}, .005, -.6, []string{"co.jp", "jp"}, []string{"K.K."}},
}

type technology struct {
	name  string
	base  float64         // log odds at 100 employees
	size  float64         // change of the log odds with each e-fold of employees
	boost map[int]float64 // by place in industries
	lift  float64
}

// Places in industries, for boosts and the interaction of the truth.
const (
	software, fintech, ecommerce, media                 = 0, 1, 2, 3
	healthcare, retail, logistics, manufacturing, civil = 6, 7, 8, 11, 13
)

// onlyAsCRM is the base of a technology that a company has only as its CRM.
const onlyAsCRM = -30

var technologies = [...]technology{
	{"Google Analytics", .9, -.05, nil, 0},
	{"WordPress", -.3, -.25, map[int]float64{software: -.8, media: .6}, -.1},
	{"Google Workspace", -.3, -.2, map[int]float64{software: .8, media: .5}, .1},
	{"Microsoft 365", .4, .25, map[int]float64{software: -.6}, 0},
	{"Cloudflare", -.6, .05, map[int]float64{software: .7, ecommerce: .5}, 0},
	{"Amazon Web Services", -1.0, .2, map[int]float64{software: 1.5, fintech: 1.3, media: .5}, .2},
	{"Microsoft Azure", -1.4, .4, map[int]float64{manufacturing: .3}, 0},
	{"Google Cloud", -2.0, .2, map[int]float64{software: 1.1, media: .4}, .1},
	{"Shopify", -3.2, -.2, map[int]float64{ecommerce: 3.2, retail: 1.4}, .4},
	{"Magento", -3.8, .15, map[int]float64{ecommerce: 2, retail: 1.2}, .1},
	{"WooCommerce", -3.0, -.35, map[int]float64{ecommerce: 1.9, retail: .8}, 0},
	{"Stripe", -2.6, -.15, map[int]float64{software: 1.8, ecommerce: 1.6, fintech: 1.2}, .3},
	{"PayPal", -2.2, -.1, map[int]float64{ecommerce: 1.8, retail: .6}, 0},
	{"Klaviyo", -4.0, -.1, map[int]float64{ecommerce: 2.6, retail: .9}, .2},
	{"Mailchimp", -1.5, -.25, map[int]float64{ecommerce: .5}, 0},
	{"Intercom", -3.2, .1, map[int]float64{software: 2, fintech: 1.6}, .3},
	{"Zendesk", -2.8, .3, map[int]float64{software: 1.2, ecommerce: 1.1}, .2},
	{"Freshdesk", -3.4, .05, map[int]float64{software: .7}, .1},
	{"Segment", -4.2, .25, map[int]float64{software: 2.1, ecommerce: 1.4, fintech: 1.6}, .4},
	{"Mixpanel", -4.0, .15, map[int]float64{software: 2, fintech: 1.4}, .2},
	{"Amplitude", -4.3, .25, map[int]float64{software: 2, fintech: 1.3}, .2},
	{"Hotjar", -2.6, 0, map[int]float64{software: .9, ecommerce: .8}, .1},
	{"Snowflake", -4.0, .5, map[int]float64{software: 1.7, fintech: 1.7, ecommerce: .9, retail: .5}, .6},
	{"Databricks", -4.8, .55, map[int]float64{software: 1.5, fintech: 1.4}, .3},
	{"BigQuery", -4.0, .35, map[int]float64{software: 1.4, ecommerce: 1, media: .7}, .3},
	{"dbt", -5.0, .3, map[int]float64{software: 2, fintech: 1.8, ecommerce: 1}, .4},
	{"Tableau", -3.2, .55, nil, 0},
	{"Power BI", -2.4, .5, map[int]float64{manufacturing: .4}, -.1},
	{"Looker", -4.5, .4, map[int]float64{software: 1.5, ecommerce: .9}, .2},
	{"Slack", -1.4, .05, map[int]float64{software: 1.8, fintech: 1.4, media: .8}, .2},
	{"Microsoft Teams", -.4, .35, nil, -.1},
	{"Zoom", -.9, .15, nil, 0},
	{"Jira", -2.4, .3, map[int]float64{software: 2.2, fintech: 1.5}, .1},
	{"GitHub", -2.8, .15, map[int]float64{software: 2.6, fintech: 1.7}, .1},
	{"Notion", -2.6, -.15, map[int]float64{software: 1.5, media: .6}, .1},
	{"Asana", -2.8, .05, map[int]float64{media: .7}, 0},
	{"Okta", -4.2, .65, map[int]float64{software: 1.2, fintech: 1.1}, .1},
	{"DocuSign", -2.7, .3, nil, 0},
	{"SAP", -3.8, .9, map[int]float64{manufacturing: 1.1, logistics: .6, retail: .4}, -.6},
	{"Oracle ERP", -4.4, .85, map[int]float64{manufacturing: .6}, -.4},
	{"Microsoft Dynamics", -3.8, .5, map[int]float64{manufacturing: .5}, -.3},
	{"NetSuite", -4.0, .4, map[int]float64{software: .9, ecommerce: 1}, .2},
	{"Sage", -2.4, -.05, map[int]float64{civil: .8, manufacturing: .3}, -.2},
	{"QuickBooks", -1.8, -.5, nil, -.1},
	{"Workday", -5.0, .95, map[int]float64{healthcare: .3}, -.1},
	{"ADP", -3.0, .4, nil, 0},
	{"Autodesk", -3.6, .2, map[int]float64{civil: 2.4, manufacturing: 1.5}, -.2},
	{"HubSpot", onlyAsCRM, 0, nil, .5},
	{"Salesforce", onlyAsCRM, 0, nil, .2},
	{"Pipedrive", onlyAsCRM, 0, nil, .2},
	{"Zoho CRM", onlyAsCRM, 0, nil, 0},
}

// A crm is what a company sells with. Those with a technology appear in the
// company's technologies too.
type crm struct {
	name       string
	base, size float64 // as in technology, of a multinomial choice
	technology string
}

var crms = [...]crm{
	{"No CRM", 0, -.5, ""},
	{"HubSpot", -.6, -.1, "HubSpot"},
	{"Salesforce", -.9, .3, "Salesforce"},
	{"Pipedrive", -1.4, -.4, "Pipedrive"},
	{"Microsoft Dynamics", -1.9, .4, "Microsoft Dynamics"},
	{"SAP", -2.6, .7, "SAP"},
	{"Zoho", -1.6, -.3, "Zoho CRM"},
	{"Spreadsheet", -.7, -.6, ""},
}

type stage struct {
	name string
	odds float64 // against bootstrapped, before the industry's factor
	lift float64
}

var stages = [...]stage{
	{"Bootstrapped", 1, 0},
	{"Seed", .06, .1},
	{"Series A", .05, .4},
	{"Series B", .03, .6},
	{"Series C+", .02, .4},
	{"Private equity", .05, 0},
	{"Public", .03, -.2},
}
