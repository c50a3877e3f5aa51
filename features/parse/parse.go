// Package parse turns messy cells into values: what people type, and what CRM
// exports and public lists hold, become numbers, dates, flags, ISO country
// codes, categories and sets.
//
//	Number              51-200, ~100, 200+, 1.2M, $5 million, 1 200,5
//	Year, Date          1998, 2006-04-15T03:23:15Z, 15/04/2006, 15 avril 2006
//	Flag                yes, non, x, 1.0
//	Country, Countries  États-Unis, gb|ie, Krakow, Poland / Remote
//	Category, Set       text in one form, and lists of it
//	Words, Code         words of a free text; NAICS, SIC and NACE codes
//
// A parser returns a value and a Status. Missing means that the cell says
// nothing; Unreadable means that it says something the parser does not
// understand, which callers count and show. The value is then NaN, "",
// datasets.MissingDay or false: never a plausible one.
//
// Every parser is a pure function, safe for concurrent use. Plain values cost no
// allocation.
package parse

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Status says what became of a cell.
type Status uint8

// The statuses.
const (
	OK         Status = iota // the value is good
	Missing                  // the cell is empty or says that nothing is known
	Unreadable               // the cell says something else
)

var statusNames = [...]string{"ok", "missing", "unreadable"}

// String returns the status in lower case.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// Names lists the parsers a feature may ask for. number, range, money and
// percent are all Number; text is Category.
var Names = []string{
	"number", "range", "money", "percent", "year", "date", "flag", "country", "text", "code", "set", "words",
}

// IsMissing reports whether a cell says that nothing is known: it is blank, has
// only punctuation that stands for nothing, or holds a word such as "n/a",
// "#N/A", "null", "Select", "unknown" or "non renseigné", in any case.
//
// "None" is not among them: as a category it may be an answer, and in a set it
// says that the set is known to be empty. The parsers of numbers, dates, flags,
// countries and codes take it as missing.
func IsMissing(s string) bool {
	s = trim(s)
	if s == "" {
		return true
	}
	if len(s) > longestWord || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	var buf [2 * longestWord]byte
	return missingWords[string(appendFolded(buf[:0], s))]
}

// isNothing is IsMissing for the parsers of which "none" cannot be a value.
func isNothing(s string) bool {
	return IsMissing(s) || isNone(s)
}

// isNone reports whether a cell says that there is none.
func isNone(s string) bool {
	switch s = trim(s); len(s) {
	case 2:
		return s == "[]" || s == "{}"
	case 4, 5, 6:
		return strings.EqualFold(s, "none") || strings.EqualFold(s, "aucun") || strings.EqualFold(s, "aucune")
	}
	return false
}

// longestWord is the length of the longest of the words below, in bytes.
const longestWord = 40

var missingWords = wordSet(`-|--|---|----|–|—|−|.|..|...|…|?|??|???|*|_|/|\|n/a|na|n.a|n.a.|<na>|(n/a)|[n/a]|n/d|n.d.|n/c|n.c.|#n/a|#na|#n/d|` +
	`#n/a n/a|#null!|#value!|#ref!|#div/0!|#name?|#num!|#error!|#valeur!|#nom?|nan|-nan|nat|null|(null)|<null>|[null]|nil|<nil>|\n|undefined|void|` +
	`select|(select)|-select-|--select--|-- select --|select one|select...|please select|please choose|choose|--none--|-none-|-- none --|` +
	`unknown|(unknown)|unk|unspecified|not specified|not available|not applicable|not provided|not disclosed|undisclosed|not set|not known|no data|no value|` +
	`(not set)|blank|(blank)|empty|(empty)|(none)|<none>|missing|tbd|tba|tbc|to be determined|to be defined|` +
	`inconnu|inconnue|(inconnu)|non renseigne|non renseignee|non renseignes|non specifie|non specifiee|non communique|non communiquee|non disponible|non defini|non definie|` +
	`non connu|indefini|sans objet|s.o.|s/o|vide|(vide)|a definir|a completer|a renseigner|selectionner|selectionnez|choisir|aucune donnee`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, word := range strings.Split(words, "|") {
		set[word] = true
	}
	return set
}

// trim removes blanks, and characters that print nothing, from both ends.
func trim(s string) string {
	if n := len(s); n == 0 || isPrinting(s[0]) && isPrinting(s[n-1]) {
		return s
	}
	return strings.TrimFunc(s, isBlank)
}

// isPrinting reports the bytes that are no blank in ASCII.
func isPrinting(c byte) bool { return c > ' ' && c < 0x7f }

// isBlank reports white space, control and formatting characters.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// appendFolded appends s in lower case and without accents.
func appendFolded(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, lower(c))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if plain, ok := plainLetters[r]; ok {
			dst = append(dst, plain...)
		} else {
			if d := norm.NFD.PropertiesString(s[i:]).Decomposition(); d != nil {
				r, _ = utf8.DecodeRune(d)
			}
			if !unicode.Is(unicode.Mn, r) {
				dst = utf8.AppendRune(dst, unicode.ToLower(r))
			}
		}
		i += size
	}
	return dst
}

// plainLetters holds letters that Unicode does not decompose.
var plainLetters = map[rune]string{
	'ø': "o", 'Ø': "o", 'ß': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d", 'ı': "i",
	'’': "'", '‘': "'", 'ʼ': "'", '‐': "-", '‑': "-", '\u00a0': " ", '\u202f': " ", '\u2009': " ", '\ufeff': "", '\u200b': "",
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
