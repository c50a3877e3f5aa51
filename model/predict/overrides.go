package predict

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// Exclude is what an override says in the place of a grade to leave an account
// ungraded.
const Exclude = "exclude"

// OverrideColumns are the columns of a file of overrides.
var OverrideColumns = []string{"domain", "grade", "author", "reason", "expires"}

// Limits on a file of overrides: it is kept by people.
const (
	maxOverrides     = 100_000
	maxOverrideText  = 500 // characters of an author or a reason
	mostFaultsListed = 20
)

// An Override is what people have decided about one account.
type Override struct {
	Domain  string `json:"domain"`
	Grade   string `json:"grade"` // or Exclude
	Author  string `json:"author"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"` // the last date on which it holds; "": until it is withdrawn
	Line    int    `json:"line"`    // of the file, from 1
}

// Expired reports whether the override does not hold on a date any more.
func (o *Override) Expired(asOf string) bool { return o.Expires != "" && o.Expires < asOf }

// Overrides are the decisions of a file, by account. They are read-only and safe
// for concurrent use; nil is none.
type Overrides struct {
	List    []Override // in the order of the file
	File    string     // as errors name it
	index   map[uint64]int
	expired []bool // by index into List
}

// An OverrideError is every fault of a file of overrides.
type OverrideError struct{ Faults []string }

func (e *OverrideError) Error() string {
	shown := e.Faults[:min(len(e.Faults), mostFaultsListed)]
	text := "overrides: " + strings.Join(shown, "\noverrides: ")
	if n := len(e.Faults) - len(shown); n > 0 {
		text += fmt.Sprintf("\noverrides: %d more", n)
	}
	return text
}

// ReadOverrides reads a file of overrides for a night: a comma-separated header
// with OverrideColumns, in any order, then one account a line. file names it in
// errors. Grades must be of g; expired ones may be of an earlier scale.
//
// All faults come back at once, as an *OverrideError, with their lines: a column
// that lacks or is not known, no domain or one that is none, an account named
// twice, a grade that is not the scale's, no author, no reason, a bad date. Lines
// that start with # are skipped.
func ReadOverrides(r io.Reader, file, asOf string, g *model.Grades) (*Overrides, error) {
	in := csv.NewReader(r)
	in.Comment, in.FieldsPerRecord, in.TrimLeadingSpace = '#', -1, true
	p := overrideParser{file: file, asOf: asOf, out: &Overrides{File: file, index: map[uint64]int{}}}
	for _, c := range g.Cuts {
		p.grades = append(p.grades, c.Grade)
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			p.fault(syntax.Line, "%v; write one account a line, texts with commas in double quotes", syntax.Err)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("overrides: %s: %w", file, err)
		}
		line, _ := in.FieldPos(0)
		if p.columns == nil {
			if p.header(line, cells); len(p.faults) > 0 {
				break
			}
			continue
		}
		if p.row(line, cells); len(p.out.List) > maxOverrides {
			p.fault(line, "more than %d overrides; a rule that leaves out so many belongs into the model", maxOverrides)
			break
		}
	}
	if p.columns == nil && len(p.faults) == 0 {
		p.fault(1, "is empty; want the header %s", strings.Join(OverrideColumns, ","))
	}
	if len(p.faults) > 0 {
		return nil, &OverrideError{p.faults}
	}
	return p.out, nil
}

// An overrideParser gathers lines and faults.
type overrideParser struct {
	file, asOf string
	grades     []string
	columns    []int // of the file, by OverrideColumns
	width      int
	out        *Overrides
	faults     []string
}

func (p *overrideParser) fault(line int, format string, args ...any) {
	p.faults = append(p.faults, fmt.Sprintf("%s:%d: ", p.file, line)+fmt.Sprintf(format, args...))
}

func (p *overrideParser) header(line int, cells []string) {
	p.columns, p.width = make([]int, len(OverrideColumns)), len(cells)
	for i, name := range OverrideColumns {
		p.columns[i] = -1
		for k, cell := range cells {
			if strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff")), name) {
				p.columns[i] = k
			}
		}
		if p.columns[i] < 0 {
			p.fault(line, "no column %q; want the header %s", name, strings.Join(OverrideColumns, ","))
		}
	}
	for _, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff")))
		if !slices.Contains(OverrideColumns, name) {
			p.fault(line, "column %q is not known; want the header %s", name, strings.Join(OverrideColumns, ","))
		}
	}
}

func (p *overrideParser) row(line int, cells []string) {
	if len(cells) != p.width {
		p.fault(line, "has %d cells, the header %d; texts with commas go into double quotes", len(cells), p.width)
		return
	}
	cell := func(column int) string { return strings.TrimSpace(cells[p.columns[column]]) }
	o := Override{Line: line, Grade: cell(1), Author: cell(2), Reason: cell(3), Expires: cell(4)}
	faults := len(p.faults)
	key, why := datasets.DomainKey(cell(0))
	switch {
	case cell(0) == "":
		p.fault(line, "column \"domain\": is empty; give the account's domain")
	case key == "":
		p.fault(line, "column \"domain\": %q is no account's domain (%s); give one like acme.com", cell(0), why)
	}
	o.Domain = key
	if o.Expires != "" {
		if _, err := time.Parse(time.DateOnly, o.Expires); err != nil {
			p.fault(line, "column \"expires\": %q is no date; want one like 2026-12-31, or nothing", o.Expires)
		}
	}
	p.grade(&o)
	for column, text := range map[int]string{2: o.Author, 3: o.Reason} {
		switch name := OverrideColumns[column]; {
		case text == "":
			p.fault(line, "column %q: is empty; an override by hand has an author and a reason", name)
		case !utf8.ValidString(text):
			p.fault(line, "column %q: is not UTF-8; save the file as UTF-8", name)
		case utf8.RuneCountInString(text) > maxOverrideText:
			p.fault(line, "column %q: has more than %d characters", name, maxOverrideText)
		}
	}
	if len(p.faults) > faults {
		slices.Sort(p.faults[faults:]) // a map has no order
		return
	}
	hash := features.DomainHash(key)
	if first, twice := p.out.index[hash]; twice {
		p.fault(line, "%s is on line %d already; keep one of the two", key, p.out.List[first].Line)
		return
	}
	p.out.index[hash] = len(p.out.List)
	p.out.List = append(p.out.List, o)
	p.out.expired = append(p.out.expired, o.Expired(p.asOf))
}

// grade checks what an override says; letters may be written small.
func (p *overrideParser) grade(o *Override) {
	switch {
	case o.Grade == "":
		p.fault(o.Line, "column \"grade\": is empty; want one of %s, or %s", strings.Join(p.grades, ", "), Exclude)
	case strings.EqualFold(o.Grade, Exclude):
		o.Grade = Exclude
	case slices.Contains(p.grades, strings.ToUpper(o.Grade)):
		o.Grade = strings.ToUpper(o.Grade)
	case !o.Expired(p.asOf):
		p.fault(o.Line, "column \"grade\": %q is not one of %s, or %s", o.Grade, strings.Join(p.grades, ", "), Exclude)
	}
}

// find returns the override of the account with that hash, -1 for none.
func (o *Overrides) find(hash uint64) int {
	if o == nil {
		return -1
	}
	if i, ok := o.index[hash]; ok {
		return i
	}
	return -1
}

// Expired returns those that do not hold any more.
func (o *Overrides) Expired() []Override {
	var out []Override
	for i, x := range o.List {
		if o.expired[i] {
			out = append(out, x)
		}
	}
	return out
}

// hash returns the hash of the account that override i is about.
func (o *Overrides) hash(i int) uint64 { return features.DomainHash(o.List[i].Domain) }

// unknown returns the overrides in force whose account is not in the base: one
// that left it, or a slip of the pen. met tells by index which were met.
func (o *Overrides) unknown(met func(i int) bool) []Override {
	out := []Override{}
	for i, x := range o.List {
		if !o.expired[i] && !met(i) {
			out = append(out, x)
		}
	}
	return out
}
