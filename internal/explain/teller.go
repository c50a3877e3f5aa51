package explain

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// Catalogue holds the package's texts by language.
var Catalogue = page.Catalogue{"en": english, "fr": french}

// A Teller puts what a model says of accounts into sentences of one language. It
// may be used from several goroutines at once.
type Teller struct {
	*page.Printer
	m      *model.Model
	labels []page.Labeller // by term
	term   map[string]int  // by feature
}

// NewTeller returns a teller of a model in a language, "" for English.
func NewTeller(lang string, m *model.Model) (*Teller, error) {
	p, err := page.NewPrinter(lang, Catalogue)
	if err != nil {
		return nil, err
	}
	t := &Teller{Printer: p, m: m, term: map[string]int{}}
	for k := range m.Terms {
		t.term[m.Terms[k].Feature] = k
		t.labels = append(t.labels, page.NewLabeller(p, &m.Terms[k].Binning, m.Specs[k].Parser))
	}
	return t, nil
}

// sentence starts a text with a capital.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// points writes an amount of points, without its sign.
func (t *Teller) points(micro int64) string {
	v := math.Abs(float64(micro)) / model.Micro
	form := "points.many"
	if rounded := math.Round(v*10) / 10; rounded == 1 && t.Lang == "en" || rounded < 2 && t.Lang == "fr" {
		form = "points.one"
	}
	return t.T(form, t.Num(v, 1))
}

// signed writes an amount of points with its sign.
func (t *Teller) signed(micro int64) string { return t.Signed(float64(micro)/model.Micro, 1) }

// effect says what an amount of points does: "This adds 6.1 points".
func (t *Teller) effect(micro int64) string {
	switch {
	case slight(micro):
		return t.T("effect.none")
	case micro > 0:
		return t.T("effect.plus", t.points(micro))
	default:
		return t.T("effect.minus", t.points(micro))
	}
}

// slight reports whether an amount of points would be written as 0.0.
func slight(micro int64) bool { return math.Abs(float64(micro)) < model.Micro/20 }

// list joins texts: a, b and c. word is the key of the last conjunction.
func (t *Teller) list(texts []string, word string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " " + t.T(word) + " " + texts[last]
}
