package parse

import "strings"

// Code returns the industry code a cell holds, as text, so that leading zeros
// stay: the digits in front of a title (5112 - Software), with the letter of a
// French NAF code (62.01Z is 6201Z), without NACE's point and without the
// decimals a spreadsheet adds (5112.0 is 5112). A range of sectors (31-33, as
// NAICS has it) stays one. A name in front (SIC 7372) is passed over. It is ""
// unless the status is OK. A code has 1 to 8 digits; zeros alone are Missing.
func Code(s string) (code string, status Status) {
	if isNothing(s) {
		return "", Missing
	}
	s = skipCodeName(trim(s))
	end := digitsEnd(s, 0)
	if end == 0 || end > 8 {
		return "", Unreadable
	}
	code, rest := s[:end], s[end:]
	if end == 2 && len(rest) >= 3 && rest[0] == '-' && digitsEnd(rest, 1) == 3 && rest[1:3] > code {
		code, rest = s[:5], rest[3:]
	} else if fraction := digitsEnd(rest, 1); rest != "" && rest[0] == '.' && fraction > 1 {
		switch {
		case end == 2 && fraction <= 3: // NACE: two digits, a point, one or two more
			code = code + rest[1:fraction]
		case strings.Trim(rest[1:fraction], "0") != "":
			return "", Unreadable
		}
		rest = rest[fraction:]
	}
	if rest != "" && (isLetter(rest[0]) || isDigit(rest[0])) {
		if len(code) != 4 || len(rest) > 1 && (isLetter(rest[1]) || isDigit(rest[1])) || !isLetter(rest[0]) {
			return "", Unreadable
		}
		code += strings.ToUpper(rest[:1])
	}
	if strings.Trim(code, "0") == "" {
		return "", Missing
	}
	return code, OK
}

// skipCodeName drops the name of a classification in front of a code.
func skipCodeName(s string) string {
	word := wordAt(s, 0)
	switch strings.ToLower(word) {
	case "sic", "naics", "naf", "ape", "nace", "code", "isic":
		s = strings.TrimLeft(s[len(word):], " :#-.")
		if word != "" && isLetterFirst(s) {
			return skipCodeName(s)
		}
	}
	return s
}

func isLetterFirst(s string) bool { return s != "" && isLetter(s[0]) }
