package parse

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Category returns a cell's text in one form: trimmed, inner white space folded
// to single blanks, without control and formatting characters (bidi marks, soft
// hyphens), in Unicode's form NFC. Its case is kept: compare by Fold, show what
// came first. It is "" unless the status is OK, and never Unreadable. "None" is
// a category.
func Category(s string) (string, Status) {
	if s = clean(s); IsMissing(s) {
		return "", Missing
	}
	return s, OK
}

// Fold returns the form of s by which texts are compared: as Category makes it,
// and without case.
func Fold(s string) string {
	s = clean(s)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return norm.NFC.String(strings.Map(foldRune, s))
		}
	}
	return s
}

// foldRune returns one and the same of the runes that differ by case only.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if least == r && unicode.SimpleFold(r) == r {
		return r
	}
	return unicode.ToLower(least)
}

// clean trims s, folds its white space, and drops what prints nothing.
func clean(s string) string {
	s = trim(s)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == ' ' && s[i-1] == ' ' {
			return rewrite(s)
		}
	}
	return s
}

func rewrite(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c':
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// Set appends the items of s to dst and returns the extended slice: each as
// Category makes it, those that are missing dropped, of those equal by Fold only
// the first kept. separator "" is "|". "None", "aucun" and "[]" are the empty
// set; tell it from a missing cell by IsMissing.
func Set(dst []string, s, separator string) []string {
	if separator == "" {
		separator = "|"
	}
	if isNone(s) {
		return dst
	}
	start := len(dst)
	var seen map[string]bool
	for more := true; more; {
		var item string
		item, s, more = strings.Cut(s, separator)
		item, status := Category(item)
		if status != OK || isNone(item) {
			continue
		}
		if len(dst)-start < fewItems {
			if !containsFold(dst[start:], item) {
				dst = append(dst, item)
			}
			continue
		}
		if seen == nil {
			seen = make(map[string]bool)
			for _, known := range dst[start:] {
				seen[Fold(known)] = true
			}
		}
		if key := Fold(item); !seen[key] {
			seen[key] = true
			dst = append(dst, item)
		}
	}
	return dst
}

// fewItems is the number up to which items are compared with each other; of
// more, an index is made.
const fewItems = 64

func containsFold(items []string, item string) bool {
	for _, known := range items {
		if len(known) == len(item) && known == item || strings.EqualFold(known, item) {
			return true
		}
	}
	return false
}

// longestText bounds the words of Words, in bytes: what is longer is no word.
const longestText = 40

// Words appends the words of a text to dst and returns the extended slice: runs
// of letters and digits, of two characters to 40 bytes, in lower case and form
// NFC, each once, without the stop words of English and French.
func Words(dst []string, s string) []string {
	start := len(dst)
	var seen map[string]bool
	s = norm.NFC.String(s)
	for len(s) > 0 {
		var word string
		if word, s = cutWord(s); len(word) < 2 || len(word) > longestText || utf8.RuneCountInString(word) < 2 {
			continue
		}
		if word = strings.ToLower(word); stopWords[word] {
			continue
		}
		if len(dst)-start < fewItems {
			if !slices.Contains(dst[start:], word) {
				dst = append(dst, word)
			}
			continue
		}
		if seen == nil {
			seen = make(map[string]bool)
			for _, known := range dst[start:] {
				seen[known] = true
			}
		}
		if !seen[word] {
			seen[word] = true
			dst = append(dst, word)
		}
	}
	return dst
}

// cutWord returns the first run of letters, marks and digits of s, and the rest.
func cutWord(s string) (word, rest string) {
	start := strings.IndexFunc(s, isWordRune)
	if start < 0 {
		return "", ""
	}
	s = s[start:]
	end := strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) })
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isDigit(byte(r)) || isLetter(byte(r))
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// stopWords are words of English and French that carry no meaning of their own.
var stopWords = wordSet("an|and|any|are|as|at|be|been|but|by|can|do|for|from|had|has|have|he|her|his|how|if|in|into|is|it|its|more|most|no|not|of|on|or|our|out|she|so|such|" +
	"than|that|the|their|them|then|there|these|they|this|those|to|up|us|was|we|were|what|when|where|which|while|who|will|with|you|your|" +
	"au|aux|avec|car|ce|ces|cet|cette|chez|comme|dans|de|des|du|elle|elles|en|est|et|eux|il|ils|je|la|le|les|leur|leurs|lui|ma|mais|me|mes|moi|mon|ne|nos|notre|nous|ou|où|" +
	"par|pas|plus|pour|qu|que|qui|sa|sans|se|ses|si|son|sont|sur|ta|te|tes|toi|ton|tu|un|une|vos|votre|vous|été|être")
