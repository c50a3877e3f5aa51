package page

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the most characters of a CRM's text that a report shows.
const maxText = 120

// maxNote is the most characters of a sentence that a model or an evaluation holds.
const maxNote = 2000

// Clean makes a text of a CRM fit to be shown anywhere. Line ends and tabs
// become spaces; other control characters (C0, C1), invisible format characters
// (bidirectional marks and overrides, zero-width and tag characters) and private
// ones are dropped; what is not UTF-8 becomes U+FFFD. The joiners that Persian
// and Indic scripts need stay. Runs of spaces become one, and long texts are cut.
func Clean(s string) string { return clean(s, maxText) }

// CleanNote is Clean for sentences of the project's own files, which may be longer.
func CleanNote(s string) string { return clean(s, maxNote) }

func clean(s string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == '\u200c' || r == '\u200d': // joiners
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
			continue
		}
		if space = space && n > 0; space {
			n++
		}
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// CleanAll cleans each text.
func CleanAll(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		out = append(out, Clean(t))
	}
	return out
}

// markdown escapes a text so that Markdown shows it as it is: no markup, no
// HTML, no table cells of its own, no link made of an address.
func markdown(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
			continue
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '>':
			b.WriteString("&gt;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#|~@!$", r),
			r == ':' && strings.HasPrefix(s[i:], "://"),
			r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// formula are the characters at which a spreadsheet takes a cell for a formula,
// full-width forms included (OWASP, "CSV Injection").
const formula = "=+-@\t\r\n＝＋－＠"

// Cell makes a text safe as a cell of a CSV file that people open in a
// spreadsheet, and quotes it.
func Cell(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if r, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune(formula, r) {
		s = "'" + s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
