package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// multipliers holds the powers of ten of words after a number.
var multipliers = map[string]int{
	"k": 3, "thousand": 3, "thousands": 3, "mille": 3, "millier": 3, "milliers": 3, "tsd": 3, "tausend": 3, "hundred": 2, "hundreds": 2,
	"m": 6, "mm": 6, "mn": 6, "mio": 6, "mln": 6, "mill": 6, "million": 6, "millions": 6, "millionen": 6,
	"b": 9, "bn": 9, "bln": 9, "billion": 9, "billions": 9, "md": 9, "mds": 9, "mrd": 9, "mia": 9, "milliard": 9, "milliards": 9, "milliarden": 9,
	"tn": 12, "trn": 12, "trillion": 12, "trillions": 12, "lakh": 5, "lakhs": 5, "lac": 5, "crore": 7, "crores": 7,
}

// currencies holds codes that may touch a number.
var currencies = wordSet("usd|eur|gbp|chf|cad|aud|jpy|inr|cny|rmb|sek|nok|dkk|pln|czk|huf|ron|brl|mxn|zar|sgd|hkd|nzd|krw|try|rub|ils|aed|sar|rs|kr|euro|euros|us")

// longestUnit bounds the words looked up in the two tables, in bytes.
const longestUnit = 12

// wordAt returns the letters that start at s[i].
func wordAt(s string, i int) string {
	end := i
	for end < len(s) && isLetter(s[end]) {
		end++
	}
	return s[i:end]
}

// readMultiplier returns the power of ten of the multiplier at s[i], after at
// most one blank, and the index behind it; without one, 0 and i.
func readMultiplier(s string, i int) (power, end int) {
	start := i
	if start < len(s) {
		if kind, size := separatorAt(s, start); kind == ' ' && s[start] != '\'' {
			start += size
		}
	}
	word := wordAt(s, start)
	if word == "" || len(word) > longestUnit {
		return 0, i
	}
	end = start + len(word)
	if rest := s[end:]; rest != "" && (isDigit(rest[0]) || strings.HasPrefix(rest, "²") || strings.HasPrefix(rest, "³")) {
		return 0, i
	}
	var buf [longestUnit]byte
	key := appendFolded(buf[:0], word)
	if power, ok := multipliers[string(key)]; ok {
		return power, end
	}
	if n := len(key) - 3; n > 0 && currencies[string(key[n:])] { // kEUR
		if power, ok := multipliers[string(key[:n])]; ok {
			return power, end
		}
	}
	return 0, i
}

// skipCurrency returns the index behind blanks, and a currency, at s[i].
func skipCurrency(s string, i int) int {
	i = skipBlanks(s, i)
	r, size := utf8.DecodeRuneInString(s[i:])
	if unicode.Is(unicode.Sc, r) {
		return skipBlanks(s, i+size)
	}
	if word := wordAt(s, i); word != "" && isCurrency(word) {
		i += len(word)
		if r, size := utf8.DecodeRuneInString(s[i:]); unicode.Is(unicode.Sc, r) { // US$
			i += size
		}
		return skipBlanks(s, i)
	}
	return i
}

func isCurrency(word string) bool {
	if len(word) > longestUnit {
		return false
	}
	var buf [longestUnit]byte
	return currencies[string(appendFolded(buf[:0], word))]
}

func skipBlanks(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return i
}

// How the second number of a range is tied to the first.
type connection uint8

const (
	noRange    connection = iota
	tightRange            // 5-10
	looseRange            // 5 - 10, 5 to 10
	badRange              // 2020-03: what follows is no upper end
)

// readUpper reads the upper end of a range whose lower end is s[start:i].
func readUpper(s string, start, i int) (high number, end int, how connection) {
	k := i
	if k < len(s) && (s[k] == '+' || s[k] == '%') {
		k++
	}
	k = skipCurrency(s, k)
	spaced := k > i
	after, word := skipConnector(s, k)
	if after == k || word && !spaced {
		return high, i, noRange
	}
	how = looseRange
	if after < len(s) && !spaced && isDigit(s[after]) {
		how = tightRange
	}
	if word && isAnd(wordAt(s, k)) {
		if between := prevWord(s, start); !strings.EqualFold(between, "between") && !strings.EqualFold(between, "entre") {
			return high, i, noRange
		}
	}
	after = skipCurrency(s, after)
	if after >= len(s) || !isDigit(s[after]) {
		return high, i, noRange
	}
	high, end, ok := readNumber(s, after)
	if !ok || high.start == '0' && high.digits > 1 {
		return high, i, badRange
	}
	return high, end, how
}

// skipConnector returns the index behind a dash or a word that joins the ends of
// a range, or i. word says that it was a word.
func skipConnector(s string, i int) (end int, word bool) {
	for _, dash := range [...]string{"-", "–", "—", "−", "‑", "‒", "~", "…", "...", ".."} {
		if strings.HasPrefix(s[i:], dash) {
			return i + len(dash), false
		}
	}
	for _, w := range [...]string{"to ", "à ", "a ", "bis ", "and ", "et ", "through "} {
		if len(s)-i > len(w) && strings.EqualFold(s[i:i+len(w)], w) {
			return i + len(w), true
		}
	}
	return i, false
}

func isAnd(word string) bool { return strings.EqualFold(word, "and") || strings.EqualFold(word, "et") }

// prevWord returns the word before s[i], over blanks, opening brackets and
// currencies.
func prevWord(s string, i int) string {
	end := len(strings.TrimRightFunc(s[:i], func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) || r == '(' || r == ',' || r == '.' || r == '~'
	}))
	start := end
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:start])
		if !unicode.IsLetter(r) {
			break
		}
		start -= size
	}
	return s[start:end]
}

// inWord reports whether the digit at s[i] belongs to a word or a longer number
// before it. A currency's code is not a word.
func inWord(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	if i == 0 || r == utf8.RuneError {
		return false
	}
	if !unicode.IsLetter(r) {
		return unicode.IsDigit(r) || r == '_' || r == '@' || r == '/' && i > 1 && isLetter(s[i-2])
	}
	return !isCurrency(prevWord(s, i))
}

// runsIntoWord reports whether letters at s[i] are followed by digits: the
// number is a piece of an identifier.
func runsIntoWord(s string, i int) bool {
	word := wordAt(s, i)
	end := i + len(word)
	return word != "" && end < len(s) && isDigit(s[end]) || i < len(s) && (s[i] == '@' || s[i] == '_')
}

// hasMinus reports whether a minus sign touches the number at s[i], or the
// currency before it, and is not a hyphen or the bullet of a list.
func hasMinus(s string, i int) bool {
	before := s[:i]
	if cut := strings.TrimRightFunc(before, func(r rune) bool { return unicode.Is(unicode.Sc, r) || r == ' ' }); cut != strings.TrimRight(before, " ") {
		before = cut
	}
	rest, found := strings.CutSuffix(before, "-")
	if !found {
		if rest, found = strings.CutSuffix(before, "−"); !found {
			return false
		}
	}
	r, _ := utf8.DecodeLastRuneInString(rest)
	return rest == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != ')'
}

// inAccountingBrackets reports whether s holds nothing but the amount s[i:end],
// its currency and brackets around it.
func inAccountingBrackets(s string, i, end int) bool {
	before, found := strings.CutSuffix(strings.TrimRightFunc(s[:i], isCurrencyOrBlank), "(")
	if !found || strings.TrimFunc(before, isCurrencyOrBlank) != "" {
		return false
	}
	after, found := strings.CutPrefix(strings.TrimLeftFunc(s[end:], isCurrencyOrBlank), ")")
	return found && strings.TrimFunc(after, isCurrencyOrBlank) == ""
}

func isCurrencyOrBlank(r rune) bool {
	return unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) || r == '%'
}

// skipDate returns the index behind the date that the digits at s[i] belong to,
// or i: October 2020, 15 avril 2006, as of 2020.
func skipDate(s string, i int) int {
	end := digitsEnd(s, i)
	before := prevWord(s, i)
	if monthOf(before) > 0 {
		return skipYear(s, end)
	}
	if end-i <= 2 {
		start := skipBlanks(s, end)
		if word := letters(s[start:]); monthOf(word) > 0 {
			return skipYear(s, start+len(word))
		}
	}
	if isYear(s[i:end]) && dateWords[before] {
		return end
	}
	if isYear(s[i:end]) && before == "of" {
		if k := strings.LastIndex(s[:i], before); strings.EqualFold(prevWord(s, k), "as") {
			return end
		}
	}
	return i
}

// dateWords are words after which four digits are a year.
var dateWords = wordSet("in|since|until|en|depuis|fin|year|fy|late|early|mid|spring|summer|autumn|fall|winter")

// skipYear returns the index behind a year that may follow a day or a month.
func skipYear(s string, i int) int {
	k := i
	for k < len(s) && strings.IndexByte(" ,.-/'", s[k]) >= 0 {
		k++
	}
	if end := digitsEnd(s, k); isYear(s[k:end]) {
		return end
	}
	return i
}

// isYear reports four digits from 1900 to 2099.
func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") && isDigit(s[2]) && isDigit(s[3])
}

// letters returns the letters that s starts with.
func letters(s string) string {
	if n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); n >= 0 {
		return s[:n]
	}
	return s
}

// isLink reports the start of a web address.
func isLink(s string) bool {
	return len(s) > 4 && (s[0] == 'h' || s[0] == 'w') &&
		(strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www."))
}

// skipBlob returns the index of the next blank or bracket after s[i].
func skipBlob(s string, i int) int {
	if n := strings.IndexAny(s[i:], " \t\r\n()[]{}|;\u00a0"); n > 0 {
		return i + n
	}
	if i < len(s) && strings.IndexByte(" \t\r\n()[]{}|;", s[i]) >= 0 {
		return i + 1
	}
	return len(s)
}
