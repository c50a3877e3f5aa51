package project

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Fault is one thing wrong in a settings file.
type Fault struct {
	File   string // "" for a Config that was not read from a file
	Line   int    // from 1; 0 where the fault is a key that is not there
	Column int    // from 1, in characters
	Path   string // the key, as in features[2].kind; "" for the file as a whole
	Msg    string // the fact; what to do

	excerpt string // the line and a caret under the column, or ""
	hidden  bool   // the value may be a secret: the excerpt ends before it
}

func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(printable(f.File))
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
		}
		b.WriteString(": ")
	}
	if f.Path != "" {
		b.WriteString(printable(clipTo(f.Path, maxExcerpt)) + ": ")
	}
	b.WriteString(printable(f.Msg))
	if f.excerpt != "" {
		b.WriteString("\n" + f.excerpt)
	}
	return b.String()
}

// A ConfigError is every fault of one stage of reading a settings file.
// Commands that meet it end with exit code 2.
type ConfigError struct{ Faults []Fault }

func (e *ConfigError) Error() string {
	if len(e.Faults) == 1 {
		return "read config: " + e.Faults[0].String()
	}
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return fmt.Sprintf("read config: %d faults\n%s", len(e.Faults), strings.Join(lines, "\n"))
}

// faultError returns faults as an error, in the order of the file, or nil.
func faultError(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return &ConfigError{Faults: faults}
}

// maxExcerpt is the most characters of a line that an error repeats.
const maxExcerpt = 100

// addressKey matches the key of a database's address, and its value.
var addressKey = regexp.MustCompile(`\bpostgres["']?\s*:\s*["']?(.*)$`)

// withoutAddress cuts a line before an address that is written out: it may hold a
// password, whatever the fault is that the line is shown for.
func withoutAddress(line string) (cut string, was bool) {
	m := addressKey.FindStringSubmatchIndex(line)
	if m == nil {
		return line, false
	}
	if value := line[m[2]:]; value == "" || strings.HasPrefix(value, fromEnv) || strings.HasPrefix(value, fromFile) {
		return line, false
	}
	return line[:m[2]], true
}

// excerpt returns line number n of text with a caret under the column. Where
// until > 0 the line ends before that column: what follows an unknown key may
// be a secret, and errors reach logs.
func excerpt(text string, n, column, until int) string {
	lines := strings.Split(text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	shown, cut := withoutAddress(strings.TrimRight(lines[n-1], "\r"))
	line, tail := []rune(shown), ""
	if cut {
		tail = "…"
	}
	column = min(max(column, 1), len(line)+1)
	if until > 0 && until-1 < len(line) {
		line, tail = line[:until-1], "…"
	}
	if start := column - 1 - maxExcerpt/2; start > 0 && len(line) > maxExcerpt {
		line, column = line[start:], column-start
	}
	if len(line) > maxExcerpt {
		line, tail = line[:maxExcerpt], "…"
	}
	pad := strings.Repeat(" ", column-1)
	return fmt.Sprintf("%4d | %s%s\n     | %s^", n, printable(string(line)), tail, pad)
}

// printable replaces characters that move a terminal, or the caret under them,
// by blanks: a settings file may come from anybody.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// clipTo shortens s to n characters.
func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// suggest returns `; did you mean "x"?` for the option nearest to word, or the
// list of options where none is near.
func suggest(word string, options []string) string {
	best, distance := "", 1+max(1, len(word)/3)
	for _, o := range options {
		if d := edits(strings.ToLower(word), strings.ToLower(o)); d < distance {
			best, distance = o, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; want one of " + strings.Join(options, ", ")
}

// edits returns the Levenshtein distance of a and b, where swapping two
// neighbours counts as one edit.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return max(len(x), len(y))
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
