package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/metrics"
)

// Langs are the languages of reports.
var Langs = []string{"en", "fr"}

var catalogue = map[string]map[string]string{"en": english, "fr": french}

// A printer writes words and numbers in one language.
type printer struct {
	lang              string
	words             map[string]string
	decimal, thousand string
	percentSign       string
}

// newPrinter returns the printer of a language; "" is English.
func newPrinter(lang string) (*printer, error) {
	switch lang {
	case "", "en":
		return &printer{"en", english, ".", ",", "%"}, nil
	case "fr":
		// Thin no-break space between thousands, no-break space before the sign.
		return &printer{"fr", french, ",", "\u202f", "\u00a0%"}, nil
	}
	return nil, fmt.Errorf("report: language is %q; want one of %s", lang, strings.Join(Langs, ", "))
}

// t returns the text of a key of the catalogue with its arguments filled in.
func (p *printer) t(key string, args ...any) string {
	text, ok := p.words[key]
	if !ok {
		panic("report: no text " + key + " in " + p.lang)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// or returns the text of a key, or a cleaned text of the data where the
// catalogue has none.
func (p *printer) or(key, other string) string {
	if text, ok := p.words[key]; ok {
		return text
	}
	return clean(other)
}

// n returns the text of key for a number of things, which is its first
// argument: key.one or key.many.
func (p *printer) n(key string, n int64, args ...any) string {
	form := ".many"
	if n == 1 || n == 0 && p.lang == "fr" {
		form = ".one"
	}
	return p.t(key+form, append([]any{p.count(n)}, args...)...)
}

// count writes a whole number.
func (p *printer) count(n int64) string { return p.num(float64(n), 0) }

// num writes a number with so many decimals: 1,234.5 or 1 234,5.
func (p *printer) num(v float64, decimals int) string {
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

// signed writes a number with its sign, none for what rounds to zero.
func (p *printer) signed(v float64, decimals int) string {
	s := p.num(v, decimals)
	if v > 0 && strings.Trim(s, "0.,") != "" {
		return "+" + s
	}
	return s
}

// percent writes a share.
func (p *printer) percent(share float64) string {
	if share > 0 && share < 0.0005 {
		return "<" + p.num(0.1, 1) + p.percentSign
	}
	return p.num(100*share, 1) + p.percentSign
}

// percents writes a share with its interval.
func (p *printer) percents(i metrics.Interval) string {
	return fmt.Sprintf("%s (%s–%s)", p.percent(i.Value), p.num(100*i.Low, 1), p.num(100*i.High, 1))
}

// times writes a lift with its interval.
func (p *printer) times(i metrics.Interval) string {
	return fmt.Sprintf("%s× (%s–%s)", p.num(i.Value, 1), p.num(i.Low, 1), p.num(i.High, 1))
}

// date writes a date, 2006-01-02, in words; another text as it is.
func (p *printer) date(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return clean(iso)
	}
	return fmt.Sprintf("%d %s %d", d.Day(), p.t("month."+strconv.Itoa(int(d.Month()))), d.Year())
}

// reason returns what a feature gives an account, in words.
func (p *printer) reason(feature, value string, micro int64) Reason {
	r := Reason{Feature: clean(feature), Value: p.value(value), MicroPoints: micro}
	r.Text = p.t("reason", r.Feature, r.Value, p.signed(float64(micro)/model.Micro, 1))
	return r
}

// value translates the words that stand for values in a grade table: unknown
// and none, and yes and no of flags.
func (p *printer) value(text string) string { return p.or("value."+text, text) }

// binLabel describes a slot of a binning, as bin.Label does in English.
func (p *printer) binLabel(b *bin.Binning, slot int) string {
	n := len(b.Edges)
	switch {
	case slot == 0:
		return p.t("value.unknown")
	case b.Kind == features.Flag:
		return p.t([...]string{"value.no", "value.yes"}[slot-1])
	case b.IsSet() && slot == 1:
		return p.t("value.known")
	case b.IsSet():
		return clean(b.Labels[slot-2])
	case b.Kind == features.Category && slot-1 < len(b.Labels):
		return clean(b.Labels[slot-1])
	case b.Kind == features.Category:
		return p.t("value.other")
	case n == 0:
		return p.t("value.any")
	}
	unit := ""
	if b.Kind == features.Date {
		unit = " " + p.t("days")
	}
	switch slot - 1 {
	case 0:
		return p.t("bin.up_to", p.short(b.Edges[0])) + unit
	case n:
		return p.t("bin.over", p.short(b.Edges[n-1])) + unit
	}
	return p.t("bin.between", p.short(b.Edges[slot-2]), p.short(b.Edges[slot-1])) + unit
}

// short writes an edge with as many digits as people read: 1,250 or 2.5.
func (p *printer) short(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e15 || a > 0 && a < 1e-4:
		return strings.Replace(strconv.FormatFloat(v, 'g', 3, 64), ".", p.decimal, 1)
	case a >= 1000 || v == math.Trunc(v):
		return p.num(v, 0)
	}
	digits := strconv.FormatFloat(v, 'g', 4, 64)
	_, fraction, _ := strings.Cut(digits, ".")
	return p.num(v, len(fraction))
}
