package parse

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A number is mantissa·10^(exponent+scale); scale is that of its multiplier.
type number struct {
	mantissa uint64
	exponent int
	scale    int
	start    byte // its first digit
	digits   int  // before the separators of groups and decimals end
}

// exact is the largest power of ten, and the largest mantissa, for which one
// multiplication or division of floats is exactly rounded.
const (
	exactPower    = 22
	exactMantissa = 1 << 53
)

func (n number) float() float64 {
	e := n.exponent + n.scale
	switch {
	case n.mantissa == 0:
		return 0
	case n.mantissa <= exactMantissa && e >= 0 && e <= exactPower:
		return float64(n.mantissa) * math.Pow10(e)
	case n.mantissa <= exactMantissa && e < 0 && e >= -exactPower:
		return float64(n.mantissa) / math.Pow10(-e)
	}
	var buf [40]byte
	text := strconv.AppendUint(buf[:0], n.mantissa, 10)
	text = strconv.AppendInt(append(text, 'e'), int64(e), 10)
	v, _ := strconv.ParseFloat(string(text), 64) // out of range is ±Inf, which Number refuses
	return v
}

func (n number) unscaled() number { n.scale = 0; return n }

// A separators counts what stands between the groups of digits of a number.
type separators struct {
	blanks, points, commas int
	last                   int  // index of the last point or comma
	regular                bool // groups of three after the first, which has one to three
	indian                 bool // groups of two, the last of three
	before                 int  // digits in the first group
	after                  int  // digits in the last group
}

// readNumber reads the number at s[i] with its exponent and its multiplier. It
// reports false if its separators make no sense.
func readNumber(s string, i int) (n number, end int, ok bool) {
	sep, end := scanGroups(s, i)
	decimal, ok := sep.decimal(s[i:end])
	if !ok {
		return n, i, false
	}
	n.start, n.digits = s[i], sep.before
	for k := i; k < end; k++ {
		if !isDigit(s[k]) {
			continue
		}
		fraction := decimal && k > sep.last
		if n.mantissa < math.MaxUint64/10-1 {
			n.mantissa = n.mantissa*10 + uint64(s[k]-'0')
			if fraction {
				n.exponent--
			}
		} else if !fraction {
			n.exponent++
		}
	}
	last := end
	end = readExponent(s, end, &n)
	n.scale, end = readMultiplier(s, end)
	if end == last && sep.isGroupingPoint(s, end) {
		n.exponent = 0
	}
	return n, end, true
}

// isGroupingPoint reports whether the only separator before s[end] is a point
// that groups: nobody writes 10.000 employees for ten.
func (sep separators) isGroupingPoint(s string, end int) bool {
	return sep.points == 1 && sep.commas+sep.blanks == 0 && sep.regular && s[end-3:end] == "000" &&
		s[sep.last-sep.before] != '0' && !strings.HasPrefix(s[skipBlanks(s, end):], "%")
}

// scanGroups finds the extent of a number's groups of digits and describes the
// separators.
func scanGroups(s string, i int) (sep separators, end int) {
	sep.regular, sep.indian = true, true
	end = digitsEnd(s, i)
	sep.before = end - i
	sep.after = sep.before
	for end < len(s) {
		kind, size := separatorAt(s, end)
		if kind == 0 {
			break
		}
		next := digitsEnd(s, end+size)
		n := next - end - size
		if n == 0 || kind == ' ' && (n != 3 || sep.before > 3 || sep.points+sep.commas > 0 || sep.after != 3 && sep.blanks > 0) {
			break
		}
		sep.regular = sep.regular && sep.before <= 3 && sep.before > 0 && n == 3
		sep.indian = sep.indian && sep.before <= 2 && (sep.points+sep.commas == 0 || sep.after == 2)
		switch kind {
		case ' ':
			sep.blanks++
		case '.':
			sep.points, sep.last = sep.points+1, end
		case ',':
			sep.commas, sep.last = sep.commas+1, end
		}
		sep.after, end = n, next
	}
	return sep, end
}

// separatorAt returns the kind of separator at s[i] (a blank or an apostrophe is
// ' ') and its size in bytes, or 0.
func separatorAt(s string, i int) (kind byte, size int) {
	switch c := s[i]; {
	case c == '.' || c == ',':
		return c, 1
	case c == ' ' || c == '\'':
		return ' ', 1
	case c < utf8.RuneSelf:
		return 0, 0
	}
	switch r, size := utf8.DecodeRuneInString(s[i:]); r {
	case '\u00a0', '\u202f', '\u2009', '\u2007', '’':
		return ' ', size
	}
	return 0, 0
}

// decimal reports whether the last point or comma of text is the decimal one; ok
// is false where the separators contradict each other.
func (sep separators) decimal(text string) (decimal, ok bool) {
	switch {
	case sep.points+sep.commas == 0:
		return false, true
	case sep.blanks > 0:
		return true, sep.points+sep.commas == 1
	case sep.points > 0 && sep.commas > 0:
		return true, sep.mixed(text)
	case sep.points == 1:
		return true, true
	case sep.commas == 1:
		return !sep.regular || sep.before == 1 && text[0] == '0', true
	}
	return false, sep.regular || sep.commas > 0 && sep.indian && sep.after == 3
}

// mixed reports whether the groups before the decimal separator are well formed:
// 1,234,567.8 or 1.234.567,8 or 1,00,000.5.
func (sep separators) mixed(text string) bool {
	cut := strings.LastIndexAny(text, ".,")
	group := text[cut] ^ '.' ^ ','
	if strings.IndexByte(text[:cut], text[cut]) >= 0 {
		return false
	}
	whole, end := scanGroups(text[:cut], 0)
	if end != cut {
		return false
	}
	return strings.IndexByte(text[:cut], group) > 0 && (whole.regular || whole.indian && whole.after == 3)
}

// readExponent reads e+06 and the like.
func readExponent(s string, i int, n *number) int {
	if i+1 >= len(s) || s[i]|0x20 != 'e' {
		return i
	}
	k, sign := i+1, 1
	if s[k] == '+' || s[k] == '-' {
		if s[k] == '-' {
			sign = -1
		}
		k++
	}
	end := digitsEnd(s, k)
	if end == k || end-k > 4 || end < len(s) && isLetter(s[end]) {
		return i
	}
	e := 0
	for ; k < end; k++ {
		e = e*10 + int(s[k]-'0')
	}
	n.exponent += sign * e
	return end
}

func digitsEnd(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}
