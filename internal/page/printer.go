package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/metrics"
)

// Langs are the languages of pages.
var Langs = []string{"en", "fr"}

// A Catalogue holds texts by language and key.
type Catalogue map[string]map[string]string

// Common holds the texts that all pages need.
var Common = Catalogue{"en": english, "fr": french}

// A Printer writes words and numbers in one language.
type Printer struct {
	Lang              string
	words             map[string]string // of the page
	common            map[string]string
	features          map[string]string // words for features, by key
	decimal, thousand string
	percentSign       string
}

// NewPrinter returns the printer of a language; "" is English. own holds the
// page's texts, which come before the common ones.
func NewPrinter(lang string, own Catalogue) (*Printer, error) {
	switch lang {
	case "", "en":
		return &Printer{"en", own["en"], english, englishFeatures, ".", ",", "%"}, nil
	case "fr":
		// Thin no-break space between thousands, no-break space before the sign.
		return &Printer{"fr", own["fr"], french, frenchFeatures, ",", "\u202f", "\u00a0%"}, nil
	}
	return nil, fmt.Errorf("report: language is %q; want one of %s", lang, strings.Join(Langs, ", "))
}

// T returns the text of a key with its arguments filled in.
func (p *Printer) T(key string, args ...any) string {
	text, ok := p.text(key)
	if !ok {
		panic("page: no text " + key + " in " + p.Lang)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (p *Printer) text(key string) (string, bool) {
	if text, ok := p.words[key]; ok {
		return text, true
	}
	text, ok := p.common[key]
	return text, ok
}

// Or returns the text of a key, or a cleaned text of the data where the
// catalogue has none.
func (p *Printer) Or(key, other string) string {
	if text, ok := p.text(key); ok {
		return text
	}
	return Clean(other)
}

// N returns the text of key for a number of things, which is its first
// argument: key.one or key.many.
func (p *Printer) N(key string, n int64, args ...any) string {
	form := ".many"
	if n == 1 || n == 0 && p.Lang == "fr" {
		form = ".one"
	}
	return p.T(key+form, append([]any{p.Count(n)}, args...)...)
}

// Count writes a whole number.
func (p *Printer) Count(n int64) string { return p.Num(float64(n), 0) }

// Num writes a number with so many decimals: 1,234.5 or 1 234,5.
func (p *Printer) Num(v float64, decimals int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), ".")
	var b strings.Builder
	if v < 0 && strings.Trim(whole+fraction, "0") != "" {
		b.WriteRune('−')
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(p.thousand)
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteString(p.decimal + fraction)
	}
	return b.String()
}

// Signed writes a number with its sign, none for what rounds to zero.
func (p *Printer) Signed(v float64, decimals int) string {
	s := p.Num(v, decimals)
	if v > 0 && strings.Trim(s, "0.,") != "" {
		return "+" + s
	}
	return s
}

// Percent writes a share.
func (p *Printer) Percent(share float64) string {
	if share > 0 && share < 0.0005 {
		return "<" + p.Num(0.1, 1) + p.percentSign
	}
	return p.Num(100*share, 1) + p.percentSign
}

// Percents writes a share with its interval.
func (p *Printer) Percents(i metrics.Interval) string {
	return fmt.Sprintf("%s (%s–%s)", p.Percent(i.Value), p.Num(100*i.Low, 1), p.Num(100*i.High, 1))
}

// Whole writes a share in whole percent.
func (p *Printer) Whole(share float64) string {
	if share > 0 && share < 0.005 {
		return "<" + p.Num(1, 0) + p.percentSign
	}
	return p.Num(100*share, 0) + p.percentSign
}

// Plain writes an estimate with its interval, three decimals.
func (p *Printer) Plain(i metrics.Interval) string {
	return p.Num(i.Value, 3) + " (" + p.Num(i.Low, 3) + "–" + p.Num(i.High, 3) + ")"
}

// Times writes a lift with its interval.
func (p *Printer) Times(i metrics.Interval) string {
	return fmt.Sprintf("%s× (%s–%s)", p.Num(i.Value, 1), p.Num(i.Low, 1), p.Num(i.High, 1))
}

// Fill says what filling in a feature would do for an account of which nothing is
// known: it would be of a grade or better with a share of the values.
func (p *Printer) Fill(feature, grade string, share float64) string {
	return p.T("fill", p.Name(feature), grade, p.Whole(share))
}

// Date writes a date, 2006-01-02, in words; another text as it is.
func (p *Printer) Date(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return Clean(iso)
	}
	if d.Day() == 1 && p.Lang == "fr" {
		return fmt.Sprintf("1er %s %d", p.T("month."+strconv.Itoa(int(d.Month()))), d.Year())
	}
	return fmt.Sprintf("%d %s %d", d.Day(), p.T("month."+strconv.Itoa(int(d.Month()))), d.Year())
}

// Value translates a value as grade tables show it: the words for unknown, for
// an empty set and of flags, and numbers like 1,234.5.
func (p *Printer) Value(kind features.Kind, text string) string {
	switch {
	case text == "unknown",
		text == "none" && (kind == features.Set || kind == features.Words),
		kind == features.Flag && (text == "yes" || text == "no"):
		return p.T("value." + text)
	case kind == features.Number:
		return strings.NewReplacer(",", p.thousand, ".", p.decimal).Replace(Clean(text))
	}
	return Clean(text)
}

// Name writes a feature's name as words: in the language where it is one of those
// that bases usually have, else "last call" of last_call. That a column is as
// somebody typed it, as country_raw says, is no part of the name.
func (p *Printer) Name(feature string) string {
	if cut := strings.TrimSuffix(feature, "_raw"); cut != "" {
		feature = cut
	}
	key := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, feature)
	if words, ok := p.features[key]; ok {
		return words
	}
	return Clean(strings.ReplaceAll(feature, "_", " "))
}

// Feature is Name with a capital first.
func (p *Printer) Feature(name string) string {
	words := p.Name(name)
	r, n := utf8.DecodeRuneInString(words)
	if n == 0 {
		return words
	}
	return string(unicode.ToUpper(r)) + words[n:]
}

// Country writes a country's code, FR, by its name; another text as it is.
func (p *Printer) Country(code string) string {
	if len(code) != 2 {
		return code
	}
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return code
	}
	tag := language.English
	if p.Lang == "fr" {
		tag = language.French
	}
	if name := display.Regions(tag).Name(region); name != "" {
		return name
	}
	return code
}

// List joins texts: a, b and c.
func (p *Printer) List(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " " + p.T("list.and") + " " + texts[last]
}
