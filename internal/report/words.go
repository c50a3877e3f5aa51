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

// reason returns what a feature of that kind gives an account, in words.
func (p *printer) reason(feature string, kind features.Kind, value string, micro int64) Reason {
	r := Reason{Feature: clean(feature), Value: p.value(kind, value), MicroPoints: micro}
	r.Text = p.t("reason", r.Feature, r.Value, p.signed(float64(micro)/model.Micro, 1))
	return r
}

// value translates a value as grade tables show it: the words for unknown, for
// an empty set and of flags, and numbers like 1,234.5.
func (p *printer) value(kind features.Kind, text string) string {
	switch {
	case text == "unknown",
		text == "none" && (kind == features.Set || kind == features.Words),
		kind == features.Flag && (text == "yes" || text == "no"):
		return p.t("value." + text)
	case kind == features.Number:
		return strings.NewReplacer(",", p.thousand, ".", p.decimal).Replace(clean(text))
	}
	return clean(text)
}

// A labeller names the bins of one feature.
type labeller struct {
	*printer
	*bin.Binning
	year bool // numbers are years, written without thousands
}

// slots names the bins from slot first to slot last, which are neighbours of
// one kind, as bin.Label does for one bin in English.
func (l labeller) slots(first, last int) string {
	switch {
	case first == 0:
		return l.t("value.unknown")
	case l.Kind == features.Flag:
		return l.t([...]string{"value.no", "value.yes"}[first-1])
	case l.IsSet() && first == 1:
		return l.t("value.known")
	case l.IsSet():
		return clean(l.Labels[first-2])
	case l.Kind == features.Category && first-1 < len(l.Labels):
		return clean(l.Labels[first-1])
	case l.Kind == features.Category:
		return l.t("value.other")
	}
	text := l.between(first-1, last)
	if l.Kind == features.Date && len(l.Edges) > 0 {
		text += " " + l.t("days")
	}
	return text
}

// between names the numbers above edge low-1 up to edge high-1, counted from 0
// and open where there is no such edge.
func (l labeller) between(low, high int) string {
	n := len(l.Edges)
	switch {
	case low == 0 && high > n:
		return l.t("value.any")
	case low == 0:
		return l.t("bin.up_to", l.short(l.Edges[high-1]))
	case high > n:
		return l.t("bin.over", l.short(l.Edges[low-1]))
	}
	return l.t("bin.between", l.short(l.Edges[low-1]), l.short(l.Edges[high-1]))
}

// short writes an edge with as many digits as people read: 1,250 or 2.5.
func (l labeller) short(v float64) string {
	a := math.Abs(v)
	switch {
	case l.year:
		return strconv.FormatFloat(math.Floor(v), 'f', 0, 64)
	case a >= 1e15 || a > 0 && a < 1e-4:
		return strings.Replace(strconv.FormatFloat(v, 'g', 3, 64), ".", l.decimal, 1)
	case a >= 1000 || v == math.Trunc(v):
		return l.num(v, 0)
	}
	_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'g', 4, 64), ".")
	return l.num(v, len(fraction))
}

// axis writes an edge for an axis, where there is room for few characters:
// 12k, 1.35M.
func (l labeller) axis(v float64) string {
	for _, unit := range []struct {
		size float64
		sign string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= 10*unit.size || math.Abs(v) >= unit.size && unit.size > 1e3 {
			digits := strconv.FormatFloat(v/unit.size, 'g', 3, 64)
			return strings.Replace(strings.Replace(digits, ".", l.decimal, 1), "-", "−", 1) + unit.sign
		}
	}
	return l.short(v)
}
