package segment

import (
	"github.com/icpfit/icpfit/internal/page"
)

// Words holds the texts of segments by language.
var Words = page.Catalogue{"en": english, "fr": french}

var english = map[string]string{
	"segment.found":        "%s segments of %s accounts, as many as are found again in other samples of the base.",
	"segment.asked":        "%s segments of %s accounts, as many as were asked for; adjusted Rand index between samples %s.",
	"segment.none":         "No stable segments in this base: its %[2]s accounts are one.",
	"segment.written":      "%s segments of %s accounts, written by people.",
	"segment.no_structure": "the differences that they explain are those of any base (%s of them; %s where the columns are shuffled)",
	"segment.unstable":     "other samples give others (adjusted Rand index %s)",
	"segment.too_small":    "one of them holds %s of the accounts",
	"segment.why":          "The best of %s segments is not taken: %s.",

	"segment.segment":   "segment",
	"segment.accounts":  "accounts",
	"segment.share":     "share",
	"segment.customers": "customers",
	"segment.lift":      "customers against the rest",
	"segment.mean":      "mean points",
	"segment.stability": "found again",
	"segment.other":     "other",
	"segment.all":       "all accounts",
	"segment.mixed":     "mixed",
	"segment.empty":     "no account is in it",
	"segment.typical":   "typical: %s",
	"segment.value":     "%s: %s of them, %s of the others, %s",
	"segment.sizes":     "Sizes against %s: PSI %s, limit %s: as they were.",
	"segment.moved":     "Sizes against %s: PSI %s, limit %s: the base has moved; look at the segments, and renew them if they no longer fit.",

	"segments.title":        "Segments",
	"segments.unmade":       "No segments of this night: icpfit segments divides the scored accounts, and from then on every night does.",
	"segments.nobody":       "No account is scored, so there is nobody to divide.",
	"segments.chart":        "Customers by segment",
	"segments.chart.desc":   "Bar: share of the customers in the segment, with its 95% interval. Tick: share of the scored accounts.",
	"segments.note":         "Every scored account, customer or prospect, is in exactly one segment. Intervals are 95%. Customers against the rest: the share of customers in the segment over that among all other accounts.",
	"segments.segment":      "Segment",
	"segments.accounts":     "Accounts",
	"segments.share":        "Share",
	"segments.before":       "Night before",
	"segments.customers":    "Customers",
	"segments.captured":     "Of the customers",
	"segments.lift":         "Customers against the rest",
	"segments.points":       "Mean points",
	"segments.stability":    "Found again",
	"segments.grades":       "Grades",
	"segments.grades.desc":  "Share of the accounts of %s by grade.",
	"segments.values":       "Values that set it apart",
	"segments.value":        "Value",
	"segments.value.of":     "%s: %s",
	"segments.here":         "Here",
	"segments.elsewhere":    "Elsewhere",
	"segments.times":        "Times as frequent",
	"segments.nothing":      "No value sets it apart.",
	"segments.trials":       "How their number was chosen",
	"segments.trials.note":  "Made of %[2]s accounts of %[1]s. Each number of segments is looked for in 20 pairs of samples of 1,000 accounts; the adjusted Rand index says how far the two agree: 1 is the same segments, 0 is chance. Segments explain a part of the differences between accounts in any base; only what goes beyond that of shuffled columns counts. Of the numbers that are possible and about as stable as the best, the largest is taken.",
	"segments.number":       "Segments",
	"segments.rand":         "Adjusted Rand (95% interval)",
	"segments.explained":    "Explained",
	"segments.shuffled":     "Shuffled",
	"segments.smallest":     "Smallest",
	"segments.verdict":      "Verdict",
	"segments.possible":     "possible",
	"segments.unstable":     "not found again",
	"segments.no_structure": "no more than in any base",
	"segments.too_small":    "one is too small",

	"reconcile.title":     "Marketing against sales",
	"reconcile.sentence":  "%s accounts have a segment of both: adjusted Rand index %s (1: the same segments, 0: chance); %s accounts are in conflict.",
	"reconcile.apart":     "Marketing has segments of %s scored accounts, sales of %s, and hardly an account is in both: nothing can be compared.",
	"reconcile.side":      "%s: %s scored accounts, %s of which the other list lacks.",
	"reconcile.unpaired":  "%s: no counterpart for %s.",
	"reconcile.twice":     "%s: %s rows are of a domain that has another segment in a row before, which counts.",
	"reconcile.neither":   "In neither list: %s scored accounts.",
	"reconcile.table":     "Accounts by marketing's segment (rows) and that of sales (columns)",
	"reconcile.across":    "Marketing / sales",
	"reconcile.common":    "One list for both, most points first",
	"reconcile.rule":      "Segments that have most accounts in common become one, each at most once. An account in conflict goes to the nearer of the two by its features, any other to the segment of the list that has it, and one of neither list to the nearest.",
	"reconcile.overlap":   "Overlap",
	"reconcile.agreed":    "Agreed",
	"reconcile.conflicts": "Conflicts: the first %s of %s; _conflicts.csv has all",
	"reconcile.account":   "Account",
	"reconcile.grade":     "Grade",
	"reconcile.marketing": "Marketing",
	"reconcile.sales":     "Sales",
	"reconcile.proposed":  "Proposed",
}

var french = map[string]string{
	"segment.found":        "%s segments de %s comptes : autant que d’autres échantillons de la base en retrouvent.",
	"segment.asked":        "%s segments de %s comptes, comme demandé ; indice de Rand ajusté entre échantillons : %s.",
	"segment.none":         "Pas de segments stables dans cette base : ses %[2]s comptes n’en forment qu’un.",
	"segment.written":      "%s segments de %s comptes, définis à la main.",
	"segment.no_structure": "ils n’expliquent que les différences de toute base (%s ; %s une fois les colonnes mélangées)",
	"segment.unstable":     "d’autres échantillons en donnent d’autres (indice de Rand ajusté %s)",
	"segment.too_small":    "l’un d’eux n’a que %s des comptes",
	"segment.why":          "La meilleure division, en %s segments, n’est pas retenue : %s.",

	"segment.segment":   "segment",
	"segment.accounts":  "comptes",
	"segment.share":     "part",
	"segment.customers": "clients",
	"segment.lift":      "clients, face au reste",
	"segment.mean":      "points en moyenne",
	"segment.stability": "retrouvé",
	"segment.other":     "autres",
	"segment.all":       "tous les comptes",
	"segment.mixed":     "mélangé",
	"segment.empty":     "aucun compte n’y entre",
	"segment.typical":   "typiques : %s",
	"segment.value":     "%s : %s d’entre eux, %s des autres, %s",
	"segment.sizes":     "Tailles face au %s : PSI %s, limite %s : inchangées.",
	"segment.moved":     "Tailles face au %s : PSI %s, limite %s : la base a bougé ; regardez les segments et refaites-les s’ils ne conviennent plus.",

	"segments.title":        "Segments",
	"segments.unmade":       "Pas de segments pour cette nuit : icpfit segments répartit les comptes notés, puis chaque nuit le fait.",
	"segments.nobody":       "Aucun compte n’est noté : il n’y a personne à répartir.",
	"segments.chart":        "Clients par segment",
	"segments.chart.desc":   "Barre : part des clients dans le segment, avec son intervalle à 95 %. Trait : part des comptes notés.",
	"segments.note":         "Chaque compte noté, client ou prospect, est dans un segment et un seul. Intervalles à 95 %. Clients face au reste : la part de clients du segment rapportée à celle de tous les autres comptes.",
	"segments.segment":      "Segment",
	"segments.accounts":     "Comptes",
	"segments.share":        "Part",
	"segments.before":       "Nuit d’avant",
	"segments.customers":    "Clients",
	"segments.captured":     "Des clients",
	"segments.lift":         "Clients face au reste",
	"segments.points":       "Points en moyenne",
	"segments.stability":    "Retrouvé",
	"segments.grades":       "Notes",
	"segments.grades.desc":  "Part des comptes de « %s » par note.",
	"segments.values":       "Valeurs qui le distinguent",
	"segments.value":        "Valeur",
	"segments.value.of":     "%s : %s",
	"segments.here":         "Ici",
	"segments.elsewhere":    "Ailleurs",
	"segments.times":        "Fois plus fréquent",
	"segments.nothing":      "Aucune valeur ne le distingue.",
	"segments.trials":       "Comment leur nombre a été choisi",
	"segments.trials.note":  "Faits de %[2]s comptes du %[1]s. Chaque nombre de segments est cherché dans 20 paires d’échantillons de 1 000 comptes ; l’indice de Rand ajusté dit à quel point les deux s’accordent : 1, les mêmes segments ; 0, le hasard. Des segments expliquent une part des différences dans toute base ; seul compte ce qui dépasse celle des colonnes mélangées. Parmi les nombres possibles et à peu près aussi stables que le meilleur, le plus grand est retenu.",
	"segments.number":       "Segments",
	"segments.rand":         "Rand ajusté (intervalle à 95 %)",
	"segments.explained":    "Expliqué",
	"segments.shuffled":     "Mélangé",
	"segments.smallest":     "Le plus petit",
	"segments.verdict":      "Verdict",
	"segments.possible":     "possible",
	"segments.unstable":     "pas retrouvés",
	"segments.no_structure": "pas plus que dans toute base",
	"segments.too_small":    "l’un d’eux est trop petit",

	"reconcile.title":     "Marketing face aux ventes",
	"reconcile.sentence":  "%s comptes ont un segment chez les deux : indice de Rand ajusté %s (1 : les mêmes segments ; 0 : le hasard) ; %s comptes sont en conflit.",
	"reconcile.apart":     "Le marketing a des segments de %s comptes notés, les ventes de %s, et presque aucun compte n’est chez les deux : rien à comparer.",
	"reconcile.side":      "%s : %s comptes notés, dont %s manquent à l’autre liste.",
	"reconcile.unpaired":  "%s : pas d’équivalent pour %s.",
	"reconcile.twice":     "%s : %s lignes sont d’un domaine qu’une ligne d’avant met dans un autre segment, qui compte.",
	"reconcile.neither":   "Dans aucune des deux listes : %s comptes notés.",
	"reconcile.table":     "Comptes par segment du marketing (lignes) et des ventes (colonnes)",
	"reconcile.across":    "Marketing / ventes",
	"reconcile.common":    "Une liste pour les deux, par points décroissants",
	"reconcile.rule":      "Les segments qui ont le plus de comptes en commun n’en font qu’un, chacun une fois au plus. Un compte en conflit va au plus proche des deux d’après ses champs, tout autre au segment de la liste qui l’a, et un compte d’aucune liste au plus proche de tous.",
	"reconcile.overlap":   "Recouvrement",
	"reconcile.agreed":    "D’accord",
	"reconcile.conflicts": "Conflits : les %s premiers de %s ; tous sont dans _conflicts.csv",
	"reconcile.account":   "Compte",
	"reconcile.grade":     "Note",
	"reconcile.marketing": "Marketing",
	"reconcile.sales":     "Ventes",
	"reconcile.proposed":  "Proposé",
}

// Sentence says how many segments there are, and why.
func (d *Divided) Sentence(p *page.Printer) string {
	k := p.Count(int64(len(d.Portraits)))
	switch d.Verdict {
	case Asked:
		return p.T("segment.asked", k, p.Count(d.Scored), p.Plain(d.Trials[0].Stability))
	case None:
		return p.T("segment.none", k, p.Count(d.Scored)) + d.why(p)
	}
	return p.T("segment."+d.Verdict, k, p.Count(d.Scored))
}

// why says what speaks against the most stable number of segments.
func (d *Divided) why(p *page.Printer) string {
	var top *Trial
	for i := range d.Trials {
		if t := &d.Trials[i]; top == nil || t.Stability.Value > top.Stability.Value {
			top = t
		}
	}
	if top == nil {
		return ""
	}
	fault := ""
	switch top.Fault {
	case NoStructure:
		fault = p.T("segment.no_structure", p.Percent(top.Explained), p.Percent(top.Shuffled))
	case Unstable:
		fault = p.T("segment.unstable", p.Num(top.Stability.Value, 2))
	default:
		fault = p.T("segment.too_small", p.Percent(top.Smallest))
	}
	return " " + p.T("segment.why", p.Count(int64(top.Segments)), fault)
}

// SizesSentence compares the sizes with those of the night before; "" where there
// is none.
func (d *Divided) SizesSentence(p *page.Printer) string {
	if d.Sizes == nil {
		return ""
	}
	key := "segment.sizes"
	if d.Sizes.Alarm {
		key = "segment.moved"
	}
	return p.T(key, p.Date(d.Sizes.AsOf), p.Num(d.Sizes.PSI, 3), p.Num(d.Sizes.Limit, 3))
}

// Title returns the name of the segment in the printer's language.
func (s *Portrait) Title(p *page.Printer) string {
	switch {
	case s.Name == Other:
		return p.T("segment.other")
	case s.Name == All:
		return p.T("segment.all")
	case s.Where != "":
		return s.Name
	}
	return Name(p, s.Named, s.Twin)
}

// Sentence says how frequent a value is in the segment and elsewhere.
func (v *Value) Sentence(p *page.Printer) string {
	return p.T("segment.value", p.T("segments.value.of", p.Feature(v.Feature), v.Label(p)), p.Percent(v.Share), p.Percent(v.Rest), p.Times(v.Lift))
}
