package feedback

// french holds the texts of feedback in French.
var french = map[string]string{
	"title": "Là où les ventes ne sont pas d’accord",
	"nav":   "Avis",
	"lead":  "Ce que l’on dit des comptes, face à leurs notes du %s. Cela ne change aucun score et n’est pas appris.",

	"grades.title": "Dernier avis sur chaque compte, par note",
	"col.grade":    "Note",
	"col.accepted": "Acceptés",
	"col.rejected": "Rejetés",
	"col.won":      "Gagnés",
	"col.lost":     "Perdus",
	"col.share":    "Rejetés (95 %)",
	"unscored":     "sans note",

	"rejected.title":      "Notés %s, rejetés par les ventes",
	"rejected.count.one":  "%s compte de ce genre.",
	"rejected.count.many": "%s comptes de ce genre.",
	"won.title":           "Notés %s, gagnés",
	"won.count.one":       "%s compte de ce genre.",
	"won.count.many":      "%s comptes de ce genre.",

	"too_few": "Moins de %s : trop peu pour chercher ce qu’ils ont en commun.",
	"nothing": "Ils n’ont rien en commun que le hasard n’explique : %s valeurs examinées, face à %s autres comptes des mêmes notes.",
	"note":    "%s valeurs examinées, face à %s autres comptes des mêmes notes. Une valeur n’est nommée que si, dans 95 % des tirages au hasard d’autant de comptes, aucune ne diffère aussi fortement ; la dernière colonne est la part des tirages où c’est le cas.",

	"rejected.shared": "%s est %s pour %s des rejetés (%s), et pour %s des autres comptes de leurs notes.",
	"won.shared":      "%s est %s pour %s des gagnés (%s), et pour %s des autres comptes de leurs notes.",
	"check.rewarded":  "Le modèle lui donne %s points en moyenne : vérifiez %s, si ses valeurs sont justes et si elle doit compter autant.",
	"check.punished":  "Le modèle lui donne %s points en moyenne : vérifiez %s, si ses valeurs sont justes et si elle doit coûter autant.",
	"check.unseen":    "Le modèle lui donne %s points en moyenne, elle ne compte donc guère : vérifiez %s, les ventes y voient ce que le modèle ne voit pas.",

	"shared.title":  "Ce qu’ils ont en commun",
	"col.feature":   "Caractéristique",
	"col.value":     "Valeur",
	"col.cases":     "Comptes",
	"col.of_cases":  "Parmi eux",
	"col.of_others": "Parmi les autres",
	"col.chance":    "Hasard",

	"reasons.title":    "Raisons données",
	"reason.one":       "%[2]s (%[1]s compte)",
	"reason.many":      "%[2]s (%[1]s comptes)",
	"cases.title.one":  "%s compte",
	"cases.title.many": "%s comptes",
	"col.domain":       "Compte",
	"col.date":         "Date",
	"col.author":       "Dit par",
	"col.reason":       "Raison",

	"campaigns.title":      "Campagnes",
	"campaigns.rated.one":  "%s campagne a été jugée.",
	"campaigns.rated.many": "%s campagnes ont été jugées ; les moins appréciées viennent d’abord.",
	"col.campaign":         "Campagne",
	"col.excellent":        "Excellente",
	"col.good":             "Bonne",
	"col.fair":             "Passable",
	"col.poor":             "Mauvaise",

	"notes.title":   "Ce qui n’a pas été lu",
	"unjoined.one":  "%s avis ne porte sur aucun compte de la base.",
	"unjoined.many": "%s avis ne portent sur aucun compte de la base.",
}
