package parse

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Country returns the ISO 3166-1 alpha-2 code of the first country a cell names,
// in upper case; Kosovo is XK. It is "" unless the status is OK.
//
// It knows codes of two and three letters, names in English, French and five
// more languages, official names, American states, Canadian provinces and large
// cities, without regard to case and accents, alone or in a place (London, UK)
// or a text (USA only). After a comma a state comes before a country of the same
// code, unless the city says otherwise: Chicago, IL is in the US and Tel Aviv,
// IL is not. A code after a bare hyphen (-cu|-ir) is an exclusion and names no
// country. NA alone is Missing; in a list it is Namibia. Worldwide, Remote,
// Europe and the like are Unreadable: they say something, but no country.
func Country(s string) (iso2 string, status Status) {
	if isNothing(s) {
		return "", Missing
	}
	f := finder{places: loadPlaces(), first: true}
	f.cell(s)
	if f.code == "" {
		return "", Unreadable
	}
	return f.code, OK
}

// Countries appends the codes of all countries a cell names to dst, in order,
// each once, and returns the extended slice. See Country.
func Countries(dst []string, s string) []string {
	if isNothing(s) {
		return dst
	}
	f := finder{places: loadPlaces(), codes: dst, start: len(dst)}
	f.cell(s)
	return f.codes
}

// A finder collects the countries of a cell.
type finder struct {
	*places
	first bool     // stop at the first one
	code  string   // the first one
	codes []string // all of them, from start, unless first
	start int
}

// add takes a code and reports whether to stop.
func (f *finder) add(code string) bool {
	if f.code == "" {
		f.code = code
	}
	if f.first {
		return true
	}
	if !slices.Contains(f.codes[f.start:], code) {
		f.codes = append(f.codes, code)
	}
	return false
}

// longestCell bounds the text that is searched, in bytes.
const longestCell = 1000

// cell searches the parts of a cell that bars, semicolons, slashes and line ends
// separate.
func (f *finder) cell(s string) {
	if p, ok := f.lookup(s); ok && p.kind != excluded {
		f.add(p.code)
		return
	}
	if len(s) > longestCell {
		s = strings.ToValidUTF8(s[:longestCell], "")
	}
	for s != "" {
		part := s
		if end := strings.IndexAny(s, "|;/\n"); end >= 0 {
			part, s = s[:end], s[end+1:]
		} else {
			s = ""
		}
		if f.part(trim(part)) {
			return
		}
	}
}

// part searches one place or sentence and reports whether to stop.
func (f *finder) part(s string) bool {
	if p, ok := f.lookup(s); ok {
		return p.kind != excluded && f.add(p.code)
	}
	if isWorldwide(s) {
		return false
	}
	city, last, found := cutLast(s)
	if found && strings.IndexByte(city, ',') < 0 {
		if code := f.afterComma(city, last); code != "" {
			return f.add(code)
		}
	}
	count := len(f.codes)
	for rest, more := s, true; more; {
		var item string
		item, rest, more = strings.Cut(rest, ",")
		if f.item(trim(item)) {
			return true
		}
	}
	if !found || f.first && f.code != "" || len(f.codes) > count {
		return false
	}
	return f.anyKind(s)
}

// item adds what one item of a list of places names for certain.
func (f *finder) item(s string) bool {
	if p, ok := f.lookup(s); ok && p.kind == sure {
		return f.add(p.code)
	}
	return f.scan(s)
}

// anyKind adds the last item of a list of places that could be a country, a
// state or a city.
func (f *finder) anyKind(s string) bool {
	for {
		rest, last, found := cutLast(s)
		if code := f.afterComma(rest, last); found && code != "" {
			return f.add(code)
		}
		if p, ok := f.lookup(last); ok && p.kind != excluded {
			return f.add(p.code)
		}
		if !found {
			return false
		}
		s = rest
	}
}

// afterComma resolves "city, last" where last is the code of a state, or the
// name of a state and of a country.
func (f *finder) afterComma(city, last string) string {
	var buf [keySize]byte
	key := appendKey(buf[:0], last)
	state, ok := f.states[string(key)]
	if !ok || len(key) == 2 && strings.ToUpper(last) != last {
		return ""
	}
	if country, ok := f.countries[string(key)]; ok {
		city, _, _ = strings.Cut(city, ",")
		if p, ok := f.lookup(city); ok && p.code == country.code {
			return country.code
		}
	}
	return state
}

// lookup returns the country that s as a whole names.
func (f *finder) lookup(s string) (place, bool) {
	if len(s) > keySize {
		return place{}, false
	}
	if len(s) == 3 && s[0] == '-' && isLetter(s[1]) && isLetter(s[2]) {
		return place{kind: excluded}, true
	}
	var buf [2 * keySize]byte
	key := appendKey(buf[:0], s)
	for {
		if p, ok := f.countries[string(key)]; ok {
			return p, true
		}
		if code, ok := f.states[string(key)]; ok {
			return place{code, region}, true
		}
		if code, ok := f.cities[string(key)]; ok {
			return place{code, region}, true
		}
		rest, ok := cutTitle(key)
		if !ok {
			return place{}, false
		}
		key = rest
	}
}

// keySize bounds the names that are looked up, in bytes.
const keySize = 64

// appendKey appends the form of s under which names are listed: letters and
// digits without case and accents, "and" for &, one blank for all else but
// points, which vanish.
func appendKey(dst []byte, s string) []byte {
	start := len(dst)
	dst = appendFolded(dst, s)
	n := start
	blank := false
	for i := start; i < len(dst); i++ {
		c := dst[i]
		switch {
		case c == '.':
			continue
		case c == '&' && i+1 < len(dst) && i > start && dst[i-1] == ' ' && dst[i+1] == ' ': // three bytes become five
			return appendKey(dst[:start], strings.ReplaceAll(s, "&", "and"))
		case c < utf8.RuneSelf && !isDigit(c) && !isLetter(c):
			blank = n > start
			continue
		}
		if blank {
			dst[n] = ' '
			n++
			blank = false
		}
		dst[n] = c
		n++
	}
	return dst[:n]
}

// cutTitle removes an article or a form of government from the front of a key.
func cutTitle(key []byte) (rest []byte, ok bool) {
	for _, title := range titles {
		if len(key) > len(title) && string(key[:len(title)]) == title {
			return key[len(title):], true
		}
	}
	return key, false
}

// cutLast cuts s around its last comma.
func cutLast(s string) (before, last string, found bool) {
	cut := strings.LastIndexByte(s, ',')
	if cut < 0 {
		return "", s, false
	}
	return trim(s[:cut]), trim(s[cut+1:]), true
}

// isWorldwide reports a sentence that starts by saying that no one country is
// meant: those it goes on to name are examples and time zones.
func isWorldwide(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	first := letters(s)
	for _, word := range [...]string{"worldwide", "worlwide", "global", "globally", "anywhere", "international"} {
		if strings.EqualFold(first, word) {
			return strings.Count(s, " ") > 3
		}
	}
	return false
}
