package datasets

import (
	"strings"
	"unicode"
)

// splitAddress finds, in what somebody typed, the part that holds the host,
// possibly with a user and a port, and whether a path that could be somebody's
// page follows it. "" means that nothing is there.
func splitAddress(raw string) (authority string, page bool) {
	s := strings.TrimFunc(raw, isPadding)
	if open := strings.IndexByte(s, '<'); open >= 0 { // Name <a@b.com>
		s, _, _ = strings.Cut(s[open+1:], ">")
	}
	s = firstValue(strings.TrimFunc(s, isPadding))
	s = trimScheme(s)
	s = strings.TrimLeft(s, "/\\")
	if end := strings.IndexAny(s, "/\\?#"); end >= 0 {
		page = isPage(s[end:])
		s = s[:end]
	}
	return strings.TrimFunc(s, isPadding), page
}

// firstValue returns what comes before the first blank, comma, semicolon or bar.
func firstValue(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return r == ',' || r == ';' || r == '|' || unicode.IsSpace(r)
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// trimScheme removes the schemes in front of s: people paste one after another.
func trimScheme(s string) string {
	for range 4 {
		rest := s
		if before, after, found := strings.Cut(s, "://"); found && isScheme(before) {
			rest = after
		} else if before, after, found := strings.Cut(s, ":"); found && isTypedScheme(before) {
			rest = strings.TrimLeft(after, "/")
		} else if before, after, found := strings.Cut(s, "//"); found && isTypedScheme(before) { // http//acme.com
			rest = after
		}
		if rest == s {
			break
		}
		s = rest
	}
	return s
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || s[i] != '+' && s[i] != '-' && s[i] != '.' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return true
}

// isTypedScheme reports the schemes that are recognised without "://".
func isTypedScheme(s string) bool {
	return strings.EqualFold(s, "http") || strings.EqualFold(s, "https") || strings.EqualFold(s, "mailto")
}

// isPage reports whether what follows the host leads to somebody's page. A
// query alone is a campaign's tag.
func isPage(rest string) bool {
	if strings.HasPrefix(strings.TrimLeft(rest, "/\\"), "#!") { // twitter.com/#!/acme
		return true
	}
	path, _, _ := strings.Cut(rest, "?")
	path, _, _ = strings.Cut(path, "#")
	first, _, _ := strings.Cut(strings.Trim(path, "/\\"), "/")
	return first != "" && !ownPaths[first]
}

// bareHost removes the user and the port. It refuses what has a colon left: an
// IPv6 address, or a port that is none.
func bareHost(authority string) (string, bool) {
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	if name, port, found := strings.Cut(host, ":"); found {
		if strings.Trim(port, "0123456789") != "" || len(port) > 5 {
			return "", false
		}
		host = name
	}
	return host, host != ""
}

// isPadding reports the characters that surround a value and are not part of it.
func isPadding(r rune) bool {
	switch r {
	case ',', ';', '|', '"', '\'', '`', '<', '>', '(', ')', '{', '}', '“', '”', '„', '‘', '’', '«', '»':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}

// absent holds the ways of writing that there is no domain.
var absent = func() map[string]bool {
	m := make(map[string]bool)
	for _, word := range strings.Split(absentWords, "|") {
		m[word] = true
	}
	return m
}()

const absentWords = `n/a|na|n.a|n.a.|n/d|n.d|n.d.|#n/a|none|no|null|nil|nan|undefined|unknown|select|tbd|tba|` +
	`not available|not applicable|not provided|not specified|no website|no domain|no site|empty|blank|(blank)|missing|` +
	`aucun|aucune|inconnu|inconnue|non renseigné|non renseigne|pas de site|pas de site web|non disponible|s.o.`

// isAbsent reports whether s says that there is no domain, or has neither a
// letter nor a digit to say anything.
func isAbsent(s string) bool {
	s = strings.TrimFunc(s, isPadding)
	if len(s) > 40 {
		return false
	}
	if absent[strings.ToLower(s)] {
		return true
	}
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
}
