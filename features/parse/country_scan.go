package parse

import (
	"unicode"
	"unicode/utf8"
)

// longestName is the most words of a name that scan finds.
const longestName = 5

// scan adds the countries and states that a text names in full, and reports
// whether to stop. Codes do not count, since they are words ("in", "it", "us"),
// except US, USA, UK and UAE in capitals; nor do names that are other words too.
func (f *finder) scan(s string) bool {
	var ends, starts [longestName]int // of the last words read
	n := 0
	for i := 0; i < len(s) || n > 0; {
		for n < longestName && i < len(s) {
			start, end := nextWord(s, i)
			i = end
			if start == end {
				break
			}
			starts[n], ends[n] = start, end
			n++
		}
		used := 1
		for k := n; k > 0; k-- {
			if code := f.named(s[starts[0]:ends[k-1]], k); code != "" {
				if used = k; f.add(code) {
					return true
				}
				break
			}
		}
		copy(starts[:], starts[min(used, n):])
		copy(ends[:], ends[min(used, n):])
		n = max(0, n-used)
	}
	return false
}

// named returns the country that the words of a text name, or "".
func (f *finder) named(s string, words int) string {
	if len(s) > keySize {
		return ""
	}
	if words == 1 {
		switch s {
		case "US", "USA", "U.S", "U.S.", "U.S.A", "U.S.A.":
			return "US"
		case "UK", "U.K", "U.K.":
			return "GB"
		case "UAE", "U.A.E", "U.A.E.":
			return "AE"
		}
		if len(s) < 4 {
			return ""
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	if unicode.IsLower(first) && unicode.Is(unicode.Latin, first) {
		return ""
	}
	var buf [2 * keySize]byte
	key := appendKey(buf[:0], s)
	if p, ok := f.countries[string(key)]; ok {
		if p.kind == sure {
			return p.code
		}
		return ""
	}
	if len(key) > 3 {
		return f.states[string(key)]
	}
	return ""
}

// nextWord returns the extent of the next word of s from i on: letters and
// digits, or single letters with points (U.S.). It is empty at the end.
func nextWord(s string, i int) (start, end int) {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		i += size
	}
	start = i
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			break
		}
		i += size
	}
	for i-start == 1 || i > start+1 && s[i-2] == '.' { // U.S.A
		if i+1 >= len(s) || s[i] != '.' || !isLetter(s[i+1]) || i+2 < len(s) && isLetter(s[i+2]) {
			break
		}
		i += 2
	}
	return start, i
}
