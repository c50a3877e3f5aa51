package page

// englishFeatures are the words for features, by name in lower case without signs,
// whose names do not read well as they are.
var englishFeatures = map[string]string{
	"naics":              "NAICS code",
	"sic":                "SIC code",
	"numberofemployees":  "employees",
	"employeecount":      "employees",
	"annualrevenue":      "annual revenue",
	"billingcountry":     "country",
	"billingcountrycode": "country",
	"countrycode":        "country",
	"billingstate":       "region",
	"billingcity":        "city",
	"founded":            "year founded",
	"yearfounded":        "year founded",
	"foundedyear":        "year founded",
	"yearstarted":        "year founded",
	"crminuse":           "CRM in use",
	"crm":                "CRM",
	"webvisits90d":       "web visits in 90 days",
	"webvisits":          "web visits",
	"ishiring":           "hiring",
	"alexarank":          "Alexa rank",
	"alexarank2016":      "Alexa rank 2016",
	"revenuemusd":        "revenue (million USD)",
	"marketcapmusd":      "market cap (million USD)",
}
