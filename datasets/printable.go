package datasets

import (
	"strings"
	"unicode"
)

// Printable makes a text that may come from a CRM safe to print on a terminal
// or in a log: control characters (escapes and line ends among them) and
// invisible format characters (bidirectional overrides, zero-width ones) are
// dropped, but for the line ends of keepLines. What is not UTF-8 becomes U+FFFD.
func Printable(s string, keepLines bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && keepLines:
			return r
		case r == '\t':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
