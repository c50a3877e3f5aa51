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
	name := v.Feature + ": " + v.Label(p)
	return p.T("segment.value", name, p.Percent(v.Share), p.Percent(v.Rest), p.Times(v.Lift))
}
