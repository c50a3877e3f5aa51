package report

import (
	"regexp"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// remarks are the notes that model/train writes about the cuts, in English, and what
// they are in French. Their numbers have a decimal point.
var remarks = []struct {
	english *regexp.Regexp
	french  string
}{
	{remark(`A starts at (N) points instead of (N): more than (N) % of the pool would be A`), "A commence à $1 points au lieu de $2 : plus de $3 % du vivier serait A"},
	{remark(`(G) is empty: only (N) customers out of fold stand behind a lift of (N), want (N)`), "$1 est vide : seuls $2 clients hors échantillon soutiennent un lift de $3, il en faut $4"},
	{remark(`(G) is empty, its accounts are (G): lifts of (N) and (N) out of fold are in the wrong order`), "$1 est vide, ses comptes sont $2 : hors échantillon, les lifts de $3 et $4 sont dans le mauvais ordre"},
	{remark(`(G) is empty, its accounts are (G): lifts of (N) and (N) out of fold are too near, want a factor of (N)`), "$1 est vide, ses comptes sont $2 : hors échantillon, les lifts de $3 et $4 sont trop proches, il faut un facteur de $5"},
	{remark(`(G) is empty: the pool's accounts tie where it would start`), "$1 est vide : les comptes du vivier sont à égalité là où elle commencerait"},
	{remark(`(G) and (G) can hardly be told apart: lifts of (N) and (N) out of fold, want a factor of (N)`), "$1 et $2 se distinguent à peine : lifts de $3 et $4 hors échantillon, il faut un facteur de $5"},
	{remark(`A holds (N) % of the pool, more than (N) %`), "A contient $1 % du vivier, plus de $2 %"},
	{remark(`(G) rests on (N) customers out of fold; want (N) behind a lift above 1`), "$1 repose sur $2 clients hors échantillon ; il en faut $3 derrière un lift supérieur à 1"},
	{remark(`(G) has a lift of (N) out of fold, less than (G) with (N)`), "$1 a un lift de $2 hors échantillon, moins que $3 avec $4"},
	{remark(`no account has a lift: fewer than ten customers support none`), "aucun compte n’a de lift : moins de dix clients n’en soutiennent aucun"},
	{remark(`lifts were lowered, slope (N) instead of (N): so few accounts cannot show a lift above (N)`), "les lifts ont été abaissés, pente $1 au lieu de $2 : si peu de comptes ne peuvent montrer un lift au-delà de $3"},
	{remark(`lifts were lowered, slope (N) instead of (N): the (N) customers of the strongest (N) % of the pool support a mean lift of up to (N)`), "les lifts ont été abaissés, pente $1 au lieu de $2 : les $3 clients des $4 % les plus forts du vivier soutiennent un lift moyen d’au plus $5"},
}

// remark compiles a note in which (N) is a number and (G) a grade.
func remark(text string) *regexp.Regexp {
	text = strings.NewReplacer(`(N)`, `(-?[0-9.]+)`, `(G)`, `([A-Z])`, `.`, `\.`).Replace(text)
	return regexp.MustCompile("^" + strings.ReplaceAll(text, `[0-9\.]`, `[0-9.]`) + "$")
}

var point = regexp.MustCompile(`([0-9])\.([0-9])`)

// gradeNotes returns the notes about the cuts in the language of p, each once.
func gradeNotes(notes []string, p *page.Printer) []string {
	out := []string{}
	if p.Lang == "en" {
		for _, note := range notes {
			out = append(out, page.CleanNote(note))
		}
		return out
	}
	unknown := false
	for _, note := range notes {
		french, ok := inFrench(note)
		switch {
		case ok:
			out = append(out, french)
		case !unknown:
			out, unknown = append(out, p.T("notes.other")), true
		}
	}
	return out
}

func inFrench(note string) (string, bool) {
	for _, r := range remarks {
		if at := r.english.FindStringSubmatchIndex(note); at != nil {
			text := string(r.english.ExpandString(nil, r.french, note, at))
			text = point.ReplaceAllString(text, "$1,$2")
			return strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " %", "\u00a0%").Replace(text), true
		}
	}
	return "", false
}
