package parse

import (
	"math"
	"strings"
)

// Number returns the number a cell holds, or the first one of its text, always
// finite. It is NaN unless the status is OK.
//
// A range counts as its arithmetic midpoint (51-200 is 125.5) and an open range
// as its bound (200+, < 10, more than 50). Currencies are ignored, 12% is 12,
// (500) is -500. Multipliers in English, French and German are applied (k,
// million, M€, Md, bn, Mio, lakh, …); one on the upper end of a range counts for
// both ends (5-10M).
//
// Separators: blanks (also no-break ones) and apostrophes group by three. Of a
// point and a comma the last is the decimal one. A comma alone groups when three
// digits follow and at most three, not just 0, stand before: 1,200 is 1200,
// while 1,5 and 0,125 are decimal. A point alone is decimal, 1.234 is 1.234, save
// before 000 where something else is in the cell: 10.000 employees. Several of
// one kind group: 1.200.000.
//
// Numbers inside words (Web2, 37a6), dates, times and years after a month or
// "as of" are passed over. A text without any number is Unreadable.
func Number(s string) (float64, Status) {
	if v, ok := plainNumber(s); ok {
		return v, OK
	}
	if isNothing(s) {
		return math.NaN(), Missing
	}
	s = trim(s)
	for i := 0; i < len(s); {
		if isLink(s[i:]) {
			i = skipBlob(s, i)
			continue
		}
		if !isDigit(s[i]) && (s[i] != '.' || i+1 == len(s) || !isDigit(s[i+1]) || i > 0 && isLetter(s[i-1])) {
			i++
			continue
		}
		a, end, ok := amountAt(s, i)
		if !ok {
			i = max(end, skipBlob(s, i))
			continue
		}
		if v := a.value(); !math.IsInf(v, 0) {
			return v, OK
		}
		break
	}
	return math.NaN(), Unreadable
}

// plainNumber reads digits with at most one point and a minus sign: the cells of
// a clean column. With at most 15 digits the division is exactly rounded.
func plainNumber(s string) (float64, bool) {
	digits, negative := s, false
	if len(s) > 1 && s[0] == '-' {
		digits, negative = s[1:], true
	}
	if len(digits) == 0 || len(digits) > 16 {
		return 0, false
	}
	mantissa, point := uint64(0), -1
	for i := 0; i < len(digits); i++ {
		switch c := digits[i]; {
		case isDigit(c):
			mantissa = mantissa*10 + uint64(c-'0')
		case c == '.' && point < 0 && i > 0 && i+1 < len(digits):
			point = i
		default:
			return 0, false
		}
	}
	if point < 0 && len(digits) > 15 {
		return 0, false
	}
	v := float64(mantissa)
	if point >= 0 {
		v /= math.Pow10(len(digits) - 1 - point)
	}
	if negative {
		v = -v
	}
	return v, true
}

// An amount is mantissa·10^exponent, or the midpoint of a range when high is set.
type amount struct {
	number
	high     number
	isRange  bool
	negative bool
}

func (a amount) value() float64 {
	v := a.float()
	if a.isRange {
		high := a.high.float()
		v += (high - v) / 2
	}
	if a.negative {
		v = -v
	}
	return v
}

// amountAt reads the amount that starts at s[i], with what stands around it. If
// there is none it reports false, and where to go on at the earliest.
func amountAt(s string, i int) (a amount, end int, ok bool) {
	if inWord(s, i) {
		return a, i + 1, false
	}
	if end := skipDate(s, i); end > i {
		return a, end, false
	}
	low, end, ok := readNumber(s, i)
	if !ok {
		return a, i + 1, false
	}
	a.number = low
	high, rangeEnd, connector := readUpper(s, i, end)
	switch {
	case connector == noRange:
	case connector == badRange:
		return a, i + 1, false
	default:
		shareScale(&low, &high)
		if high.float() >= low.float() {
			a.number, a.high, a.isRange, end = low, high, true, rangeEnd
		} else if connector == tightRange {
			return a, i + 1, false // a date, a phone number
		}
	}
	if end < len(s)-1 && strings.IndexByte("/:-_", s[end]) >= 0 && isDigit(s[end+1]) {
		return a, i + 1, false // a date, a time, a ratio
	}
	if runsIntoWord(s, end) {
		return a, i + 1, false
	}
	a.negative = !a.isRange && (hasMinus(s, i) || inAccountingBrackets(s, i, end))
	return a, end, true
}

// shareScale gives the multiplier of one end of a range to the other.
func shareScale(low, high *number) {
	switch {
	case high.scale > 0 && low.scale == 0 && low.float() <= high.unscaled().float():
		low.scale = high.scale
	case low.scale > 0 && high.scale == 0 && low.unscaled().float() <= high.float():
		high.scale = low.scale
	}
}
