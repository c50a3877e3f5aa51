package activity

import (
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// An Outcome says how a deal ended.
type Outcome string

// The outcomes.
const (
	OutcomeUnknown Outcome = ""
	Open           Outcome = "open"
	Won            Outcome = "won"
	Lost           Outcome = "lost"
)

// outcome tells how a deal ended from its flags, which go first, and its stage.
func outcome(stage string, won, wonKnown, closed, closedKnown bool) Outcome {
	byStage := stages[datasets.FoldHeader(stage)]
	switch {
	case wonKnown && won:
		return Won
	case closedKnown && closed && wonKnown:
		return Lost
	case closedKnown && closed:
		return byStage
	case closedKnown:
		return Open
	case byStage == Lost, byStage == Won && !wonKnown:
		return byStage
	case stage != "" || wonKnown:
		return Open
	}
	return OutcomeUnknown
}

// stages holds what CRMs call the last stages, by FoldHeader.
var stages = folded(map[Outcome]string{
	Won:  "won|closed won|closedwon|closed - won|closed/won|gagné|gagnée|fermé gagné|fermée gagnée|conclu|conclue|signé|signée|clôturé gagné",
	Lost: "lost|closed lost|closedlost|closed - lost|closed/lost|perdu|perdue|fermé perdu|fermée perdue|abandoned|abandonné|abandonnée|clôturé perdu|disqualified",
})

// A Verdict is what a person says of an account or a campaign.
type Verdict string

// The verdicts: four of accounts, four of campaigns.
const (
	Accepted       Verdict = "accepted"
	Rejected       Verdict = "rejected"
	SaidWon        Verdict = "won"
	SaidLost       Verdict = "lost"
	Excellent      Verdict = "excellent"
	Good           Verdict = "good"
	Fair           Verdict = "fair"
	Poor           Verdict = "poor"
	VerdictUnknown Verdict = ""
)

// Verdicts lists the verdicts.
var Verdicts = []Verdict{Accepted, Rejected, SaidWon, SaidLost, Excellent, Good, Fair, Poor}

// OfCampaign reports whether the verdict rates a campaign.
func (v Verdict) OfCampaign() bool { return v == Excellent || v == Good || v == Fair || v == Poor }

var verdicts = folded(map[Verdict]string{
	Accepted:  "accepted|accept|qualified|yes|accepté|acceptée|qualifié|qualifiée|retenu|retenue",
	Rejected:  "rejected|reject|refused|disqualified|unqualified|no|rejeté|rejetée|refusé|refusée|écarté|écartée|disqualifié|disqualifiée",
	SaidWon:   "won|win|closed won|gagné|gagnée",
	SaidLost:  "lost|loss|closed lost|perdu|perdue",
	Excellent: "excellent|excellente|very good|très bon|très bonne",
	Good:      "good|bon|bonne",
	Fair:      "fair|average|ok|moyen|moyenne|passable",
	Poor:      "poor|bad|mauvais|mauvaise|médiocre",
})

// folded indexes words, separated by |, by what they mean.
func folded[T comparable](words map[T]string) map[string]T {
	index := map[string]T{}
	for meaning, list := range words {
		for word := range strings.SplitSeq(list, "|") {
			index[datasets.FoldHeader(word)] = meaning
		}
	}
	return index
}
