package feedback

// english holds the texts of feedback in English. Keys that end in .one and .many
// take a number first.
var english = map[string]string{
	"title": "Where sales disagrees",
	"nav":   "Feedback",
	"lead":  "What people say of the accounts, against their grades of %s. It changes no score and is not learned from.",

	"grades.title": "Newest verdict on each account, by grade",
	"col.grade":    "Grade",
	"col.accepted": "Accepted",
	"col.rejected": "Rejected",
	"col.won":      "Won",
	"col.lost":     "Lost",
	"col.share":    "Rejected (95%)",
	"unscored":     "no grade",

	"rejected.title":      "Graded %s, rejected by sales",
	"rejected.count.one":  "%s such account.",
	"rejected.count.many": "%s such accounts.",
	"won.title":           "Graded %s, won",
	"won.count.one":       "%s such account.",
	"won.count.many":      "%s such accounts.",

	"too_few": "Fewer than %s: too few to look for what they share.",
	"nothing": "They share nothing that chance does not explain: %s values were looked at, against %s other accounts of the same grades.",
	"note":    "%s values were looked at, against %s other accounts of the same grades. A value is named only where no value at all differs as strongly in 95% of random draws of as many accounts; the last column is the share of draws in which one does.",

	"rejected.shared": "%s is %s for %s of the rejected (%s), and for %s of the others of their grades.",
	"won.shared":      "%s is %s for %s of the won (%s), and for %s of the others of their grades.",
	"check.rewarded":  "The model gives it %s points on average: check %s, whether its values are right and whether it should count so much.",
	"check.punished":  "The model gives it %s points on average: check %s, whether its values are right and whether it should cost so much.",
	"check.unseen":    "The model gives it %s points on average, so it hardly counts: check %s, sales sees something in it that the model does not.",

	"shared.title":  "What they share",
	"col.feature":   "Feature",
	"col.value":     "Value",
	"col.cases":     "Accounts",
	"col.of_cases":  "Of these",
	"col.of_others": "Of the others",
	"col.chance":    "Chance",

	"reasons.title":    "Reasons given",
	"reason.one":       "%[2]s (%[1]s account)",
	"reason.many":      "%[2]s (%[1]s accounts)",
	"cases.title.one":  "%s account",
	"cases.title.many": "%s accounts",
	"col.domain":       "Account",
	"col.date":         "Date",
	"col.author":       "Said by",
	"col.reason":       "Reason",

	"campaigns.title":      "Campaigns",
	"campaigns.rated.one":  "%s campaign was rated.",
	"campaigns.rated.many": "%s campaigns were rated; the least liked come first.",
	"col.campaign":         "Campaign",
	"col.excellent":        "Excellent",
	"col.good":             "Good",
	"col.fair":             "Fair",
	"col.poor":             "Poor",

	"notes.title":   "What was not read",
	"unjoined.one":  "%s verdict is on no account of the base.",
	"unjoined.many": "%s verdicts are on no account of the base.",
}
