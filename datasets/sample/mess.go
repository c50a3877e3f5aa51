package sample

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// odd returns a generator for the spelling of a cell, and whether to spell it
// oddly: at Mess 1, in the given share of the cells.
func (w *cells) odd(row int, share float64) (*rand.Rand, bool) {
	r := w.own(row)
	return r, r.Float64() < share*w.Options.Mess
}

// hostile are names that break careless programs: markup, a spreadsheet
// formula, text that runs backwards, a terminal escape, quotes, a line break.
var hostile = []string{
	"<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202eetavirp\u202c Ltd", "\x1b[31mRed Alert\x1b[0m Inc.",
	"Robert'); DROP TABLE accounts;--", "The \"Quoted\", Company", "Two\nLines SARL", "+1+1", "{{.Name}}",
}

// hostileEvery spaces them out: at Mess 1 a base of 30,000 rows has each of them.
const hostileEvery = 2000

// companyName spells most names as the company does. Duplicates are the rows
// that somebody typed again.
func (w *cells) companyName(dst []byte, row int) []byte {
	name := w.Name[row]
	share := .08
	if w.DuplicateOf[row] >= 0 {
		share = 1
	}
	r, odd := w.odd(row, share)
	if row%hostileEvery == hostileEvery/3 && r.Float64() < w.Options.Mess {
		return append(dst, hostile[row/hostileEvery%len(hostile)]...)
	}
	if !odd {
		return append(dst, name...)
	}
	switch r.IntN(5) {
	case 0:
		return append(dst, strings.ToUpper(name)...)
	case 1:
		return append(dst, strings.ToLower(name)...)
	case 2:
		return append(append(dst, name...), "  "...)
	case 3:
		short, _, _ := strings.Cut(name, " ")
		return append(dst, short...)
	default:
		return append(append(dst, name...), " (old)"...)
	}
}

func (w *cells) website(dst []byte, row int) []byte {
	r, odd := w.odd(row, .6)
	if w.rows[row] != usable {
		return append(dst, unusable(r, w.rows[row], w.Name[row])...)
	}
	if !odd && w.DuplicateOf[row] < 0 {
		return append(dst, w.Domain[row]...)
	}
	return appendAddress(dst, r, w.Domain[row])
}

// unusable returns a website that does not lead to a company.
func unusable(r *rand.Rand, kind rowKind, name string) string {
	slug, _, _ := strings.Cut(strings.ToLower(name), " ")
	switch kind {
	case freeMail:
		if r.IntN(2) == 0 {
			return slug + "@" + pick(r, []string{"gmail.com", "hotmail.com", "orange.fr", "outlook.com"})
		}
		return pick(r, []string{"gmail.com", "www.yahoo.com", "hotmail.com", "http://orange.fr"})
	case shared:
		return pick(r, []string{"https://www.facebook.com/", "https://www.linkedin.com/company/", "instagram.com/"}) + slug
	case invalid:
		return pick(r, []string{"http://", "to be completed", "192.168.0.12", "localhost", "www", slug})
	default: // unknown
		return pick(r, []string{"", "", "", "n/a", "-"})
	}
}

// appendAddress appends a domain in one of the ways that people write it.
func appendAddress(dst []byte, r *rand.Rand, domain string) []byte {
	switch r.IntN(8) {
	case 0:
		return append(append(dst, "www."...), domain...)
	case 1:
		return append(append(dst, "http://"...), domain...)
	case 2:
		return append(append(append(dst, "https://www."...), domain...), '/')
	case 3:
		return append(append(append(dst, "https://"...), domain...), "/en/contact?utm_source=crm"...)
	case 4:
		return append(dst, strings.ToUpper(domain)...)
	case 5:
		return append(append(dst, domain...), ' ')
	case 6:
		return append(append(append(dst, "HTTP://WWW."...), domain...), '.')
	default:
		return append(append(dst, pick(r, []string{"info@", "contact@", "sales@"})...), domain...)
	}
}

// bands are the ranges of head counts that directories publish.
var bands = [...]struct {
	most float64
	text string
}{
	{10, "1-10"}, {50, "11-50"}, {200, "51-200"}, {500, "201-500"}, {1000, "501-1000"}, {5000, "1,001-5,000"}, {10_000, "5,001-10,000"}, {math.Inf(1), "10,001+"},
}

func (w *cells) employees(dst []byte, row int) []byte {
	n := w.column(employeesCol).Numbers[row]
	r, odd := w.odd(row, .55)
	if !odd {
		return appendInt(dst, n)
	}
	switch r.IntN(8) {
	case 0, 1:
		for _, b := range bands {
			if n <= b.most {
				return append(dst, b.text...)
			}
		}
	case 2:
		return appendInt(append(dst, '~'), leading(n, 2, math.Round))
	case 3:
		return append(appendInt(dst, leading(n, 1, math.Floor)), '+')
	case 4:
		return appendGrouped(dst, n, ",")
	case 5:
		return appendGrouped(dst, n, " ")
	case 6:
		if n >= 1000 {
			return append(strconv.AppendFloat(dst, n/1000, 'f', 1, 64), 'k')
		}
	}
	return append(appendInt(dst, n), " employees"...)
}

// revenue is in dollars; another sign before a number is a slip, not a rate.
func (w *cells) revenue(dst []byte, row int) []byte {
	x := w.column(revenueCol).Numbers[row]
	r, odd := w.odd(row, .55)
	if !odd {
		return appendInt(dst, x)
	}
	unit, word, letter := 1e6, " million", "M"
	if x >= 1e9 {
		unit, word, letter = 1e9, " billion", "B"
	}
	switch k := r.IntN(6); {
	case k == 0:
		return appendGrouped(append(dst, '$'), x, ",")
	case k == 1:
		return append(appendGrouped(dst, x, " "), ",50"...)
	case k == 2:
		return appendGrouped(dst, x, "\u202f")
	case x < 1e5:
		return append(appendInt(append(dst, '$'), x), ".00"...)
	case k == 3:
		return append(appendDecimal(append(dst, '$'), x/unit, '.'), word...)
	case k == 4 && x < 1e9:
		return append(appendDecimal(append(dst, "€"...), x/unit, ','), letter...)
	default:
		return append(appendDecimal(dst, x/unit, '.'), letter...)
	}
}

func (w *cells) founded(dst []byte, row int) []byte {
	dst = appendInt(dst, w.column(foundedCol).Numbers[row])
	if _, odd := w.odd(row, .05); odd {
		dst = append(dst, ".0"...)
	}
	return dst
}

func (w *cells) country(dst []byte, row int) []byte {
	place := &countries[w.column(countryCol).Codes[row]]
	r, odd := w.odd(row, .6)
	if !odd {
		return append(dst, place.name...)
	}
	switch r.IntN(5) {
	case 0:
		return append(dst, place.code...)
	case 1:
		return append(dst, strings.ToLower(place.code)...)
	case 2:
		return append(dst, place.french...)
	case 3:
		return append(append(dst, strings.ToUpper(place.name)...), ' ')
	default:
		return append(dst, pick(r, place.others)...)
	}
}

func (w *cells) industry(dst []byte, row int) []byte { return w.category(dst, industryCol, row) }
func (w *cells) crm(dst []byte, row int) []byte      { return w.category(dst, crmCol, row) }
func (w *cells) stage(dst []byte, row int) []byte    { return w.category(dst, stageCol, row) }

// category spells one cell in ten in another case or with a blank.
func (w *cells) category(dst []byte, f feature, row int) []byte {
	c := w.column(f)
	value := c.Dictionary[c.Codes[row]]
	r, odd := w.odd(row, .1)
	if !odd {
		return append(dst, value...)
	}
	switch r.IntN(3) {
	case 0:
		return append(dst, strings.ToLower(value)...)
	case 1:
		return append(dst, strings.ToUpper(value)...)
	default:
		return append(append(dst, value...), ' ')
	}
}

func (w *cells) technologies(dst []byte, row int) []byte {
	c := w.column(technologiesCol)
	separator := "|"
	if _, odd := w.odd(row, .1); odd {
		separator = " | "
	}
	for i, code := range c.Items(row) {
		if i > 0 {
			dst = append(dst, separator...)
		}
		dst = append(dst, c.Dictionary[code]...)
	}
	return dst
}

func (w *cells) hiring(dst []byte, row int) []byte {
	yes := w.column(hiringCol).Flags[row] == 1
	words := [2]string{"false", "true"}
	if r, odd := w.odd(row, .4); odd {
		words = pick(r, [][2]string{{"No", "Yes"}, {"0", "1"}, {"FALSE", "TRUE"}, {"non", "oui"}, {"N", "Y"}})
	}
	return append(dst, words[btoi(yes)]...)
}

func appendInt(dst []byte, x float64) []byte { return strconv.AppendFloat(dst, x, 'f', 0, 64) }

// appendDecimal appends x with two decimals at most and the given decimal mark.
func appendDecimal(dst []byte, x float64, mark byte) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, math.Round(x*100)/100, 'f', -1, 64)
	if i := bytes.IndexByte(dst[start:], '.'); i >= 0 {
		dst[start+i] = mark
	}
	return dst
}

// appendGrouped appends a whole number in groups of three digits.
func appendGrouped(dst []byte, x float64, separator string) []byte {
	digits := strconv.FormatFloat(x, 'f', 0, 64)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, separator...)
		}
		dst = append(dst, digits[i])
	}
	return dst
}

// leading keeps the first so many digits of a whole number.
func leading(x float64, digits int, round func(float64) float64) float64 {
	unit := math.Max(math.Pow(10, math.Floor(math.Log10(x))-float64(digits-1)), 1)
	return round(x/unit) * unit
}
