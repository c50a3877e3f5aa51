package parse

import (
	"strings"
	"unicode/utf8"
)

// A dateText is what the text of a date says, before its numbers are told apart.
type dateText struct {
	fields    [3]dateField // the numbers, in order
	n         int          // how many
	month     int          // of a month's name, or 0
	separator byte         // between the first two numbers
	epoch     bool         // seconds is the time since 1970 and there are no fields
	seconds   int64        // to add for an offset: from the day's start to the time in UTC
}

type dateField struct{ value, digits int }

// longestDate bounds the text of a date, in bytes.
const longestDate = 64

// readDate takes the text of a date apart.
func readDate(s string) (d dateText, status Status) {
	if isNothing(s) {
		return d, Missing
	}
	s = trim(s)
	if len(s) > longestDate || !d.read(s) {
		return d, Unreadable
	}
	return d, OK
}

// read fills d from s and reports whether s has the shape of a date.
func (d *dateText) read(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case isDigit(c):
			end := digitsEnd(s, i)
			if d.n > 0 && end < len(s) && s[end] == ':' {
				return d.readTime(s[i:])
			}
			if !d.addNumber(s[i:end]) {
				return false
			}
			i = skipOrdinal(s, end)
		case strings.IndexByte(" -/.,'()", c) >= 0:
			if d.n == 1 && d.separator == 0 {
				d.separator = c
			}
			i++
		default:
			word := letters(s[i:])
			if word == "" || !d.addWord(word) {
				return false
			}
			i += len(word)
		}
	}
	return d.n > 0 || d.epoch
}

// addNumber adds a number to the fields, or takes it for a time since 1970.
func (d *dateText) addNumber(digits string) bool {
	if d.epoch || d.n == len(d.fields) {
		return false
	}
	if n := len(digits); n > 8 {
		if d.n > 0 || d.month != 0 || n > 16 || n == 11 || n == 14 {
			return false
		}
		d.epoch, d.seconds = true, 0
		for _, c := range []byte(digits) {
			d.seconds = d.seconds*10 + int64(c-'0')
		}
		for ; n > 10; n -= 3 {
			d.seconds /= 1000
		}
		return true
	}
	d.fields[d.n] = dateField{value: atoi(digits), digits: len(digits)}
	d.n++
	return true
}

// addWord takes a word of a date: a month's name, a weekday's, a zone's.
func (d *dateText) addWord(word string) bool {
	if month := monthOf(word); month > 0 {
		if d.month != 0 {
			return false
		}
		d.month = month
		return true
	}
	var buf [2 * longestMonth]byte
	return len(word) <= longestMonth && dateFillers[string(appendFolded(buf[:0], word))]
}

// skipOrdinal returns the index behind the ending of an ordinal number: 15th, 1er.
func skipOrdinal(s string, i int) int {
	word := wordAt(s, i)
	for _, ending := range [...]string{"st", "nd", "rd", "th", "er", "e"} {
		if strings.EqualFold(word, ending) {
			return i + len(ending)
		}
	}
	return i
}

// readTime reads the time of day and what follows it: 3:15:52.829+02:00, 3:15 PM.
// Only an offset matters for the day.
func (d *dateText) readTime(s string) bool {
	var clock [3]int
	end := 0
	for k := range clock {
		start := end
		end = digitsEnd(s, start)
		if end == start || end-start > 2 {
			return false
		}
		clock[k] = atoi(s[start:end])
		if end == len(s) || s[end] != ':' {
			break
		}
		end++
	}
	if clock[0] > 24 || clock[1] > 59 || clock[2] > 60 {
		return false
	}
	if end+1 < len(s) && (s[end] == '.' || s[end] == ',') && isDigit(s[end+1]) {
		end = digitsEnd(s, end+1)
	}
	return d.readZone(trim(s[end:]), clock[0]*3600+clock[1]*60+clock[2])
}

// readZone reads what follows the time of day: an offset, a zone's name, a year.
func (d *dateText) readZone(s string, clock int) bool {
	for s != "" {
		switch word := letters(s); {
		case word != "":
			if !d.addWord(word) {
				return false
			}
			s = trim(s[len(word):])
		case (s[0] == '+' || s[0] == '-') && len(s) >= 3:
			offset, size, ok := readOffset(s[1:])
			if !ok {
				return false
			}
			if s[0] == '+' {
				offset = -offset
			}
			d.seconds = int64(clock + offset)
			s = trim(s[1+size:])
		case isDigit(s[0]) && d.n < len(d.fields): // Sat Apr 15 03:23:15 UTC 2006
			end := digitsEnd(s, 0)
			if end != 4 || !d.addNumber(s[:end]) {
				return false
			}
			s = trim(s[end:])
		default:
			return false
		}
	}
	return true
}

// readOffset reads hh, hhmm or hh:mm, in seconds.
func readOffset(s string) (seconds, size int, ok bool) {
	end := digitsEnd(s, 0)
	switch {
	case end == 4:
		return atoi(s[:2])*3600 + atoi(s[2:4])*60, 4, atoi(s[:2]) <= 15 && atoi(s[2:4]) < 60
	case end == 2 && len(s) >= 5 && s[2] == ':' && isDigit(s[3]) && isDigit(s[4]):
		return atoi(s[:2])*3600 + atoi(s[3:5])*60, 5, atoi(s[:2]) <= 15 && atoi(s[3:5]) < 60
	case end == 2:
		return atoi(s[:2]) * 3600, 2, atoi(s[:2]) <= 15
	}
	return 0, 0, false
}

// atoi returns the value of at most nine digits.
func atoi(digits string) (n int) {
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// longestMonth is the length of the longest month's name, in bytes.
const longestMonth = 16

// monthOf returns the number of the month that word names, or 0.
func monthOf(word string) int {
	if len(word) < 3 || len(word) > longestMonth || !utf8.ValidString(word) {
		return 0
	}
	var buf [2 * longestMonth]byte
	return months[string(appendFolded(buf[:0], word))]
}

var months = func() map[string]int {
	m := make(map[string]int)
	for i, names := range strings.Split(monthNames, "\n") {
		for _, name := range strings.Fields(names) {
			m[name] = i + 1
		}
	}
	return m
}()

// monthNames has a line for each month, in English and French.
const monthNames = `january jan janvier janv
february feb fevrier fevr fev
march mar mars
april apr avril avr
may mai
june jun juin
july jul juillet juil
august aug aout
september sep sept septembre
october oct octobre
november nov novembre
december dec decembre`

var dateFillers = wordSet("t|z|utc|gmt|am|pm|est|edt|cst|cdt|mst|mdt|pst|pdt|cet|cest|of|de|le|the|at|a|h|" +
	"mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|" +
	"lun|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche")
