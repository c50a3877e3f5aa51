package infer

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// quantity matches a number with what may follow it: 1,200.5  3 k  $5 million  40 %  200+ employees.
const quantity = `\d[\d.,' \x{a0}\x{202f}]*(e\d+)?(k|m|b|mm|bn|mn|md|mio|mrd|thousand|million|millions|billion|billions|milliard|milliards|mille)? ?[+%$€£¥]?( ?(usd|eur|gbp|chf|employees|people|staff|employes|employés|salaries|salariés|personnes|fte))?`

var (
	typedNumber = regexp.MustCompile(`^[~<>≈+\-(]{0,2} ?(about |over |approx\.? |env\.? |plus de )?[$€£¥]? ?\d`)
	amount      = regexp.MustCompile(`^[~<>≈+±\-]{0,2} ?[$€£¥]? ?` + quantity + `( ?(-|–|—|to|a|à|and|et) ?[$€£¥]? ?` + quantity + `)?\.?$`)
	digits      = regexp.MustCompile(`^\d+$`)
	leadingZero = regexp.MustCompile(`^0\d+$`)
	urlCell     = regexp.MustCompile(`(?i)^(https?:)?//\S+$|^www\.\S+$|^[\w.-]+\.[a-z]{2,}/\S*$`)
	emailCell   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
)

func isPlainNumber(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil && strings.ContainsAny(cell[:1], "0123456789+-.")
}

// isAmount reports whether a cell is a number or a range of numbers and its
// unit, and nothing else: not an address that starts with a number.
func isAmount(cell string) bool { return amount.MatchString(strings.ToLower(cell)) }

func isYear(cell string) bool {
	n, err := strconv.ParseFloat(cell, 64)
	return err == nil && n >= 1000 && n <= 2200 && n == float64(int(n))
}

func hasLeadingZero(cell string) bool { return leadingZero.MatchString(cell) }

func isURL(cell string) bool { return urlCell.MatchString(cell) }

func isEmail(cell string) bool { return emailCell.MatchString(cell) }

func isShort(cell string) bool { return len(cell) <= 3 }

func isPercent(cell string) bool { return strings.HasSuffix(cell, "%") }

func isMoney(cell string) bool { return strings.ContainsAny(cell, "$€£¥") }

// isBareDomain reports whether a cell is a domain and nothing else.
func isBareDomain(cell string) bool {
	key, _ := datasets.DomainKey(cell)
	return key != "" && !strings.ContainsAny(cell, " @/:,") && strings.Contains(cell, ".")
}

func isDate(cell string) bool {
	_, status := parse.Date(cell)
	return status == parse.OK
}

// isEpoch reports whether a cell can be seconds or milliseconds since 1970.
func isEpoch(cell string) bool {
	return (len(cell) == 10 || len(cell) == 13) && digits.MatchString(cell)
}

func isFlag(cell string) bool {
	_, status := parse.Flag(cell)
	return status == parse.OK
}

func isYes(cell string) bool {
	yes, status := parse.Flag(cell)
	return status == parse.OK && yes
}

func isCountry(cell string) bool {
	_, status := parse.Country(cell)
	return status == parse.OK
}

// isTypedNumber reports whether a cell begins with a number as people type it.
func isTypedNumber(cell string) bool {
	if !typedNumber.MatchString(strings.ToLower(cell)) {
		return false
	}
	_, status := parse.Number(cell)
	return status == parse.OK
}
