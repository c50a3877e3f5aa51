package activity

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// Limits on what is kept of a cell, and of the texts that are held once.
const (
	maxText     = 1000
	maxInterned = 1 << 14
)

// A row is one row of a table as records fill themselves from it.
type row struct {
	*pass
	batch *datasets.Batch
	i     int
	bad   bool // a required cell says nothing that can be read

	stray   bool   // the row is of no account of the base
	strayed string // what it names instead; of an address the domain only
}

// has reports whether the table has the column.
func (r *row) has(name string) bool { return r.columns[name].at >= 0 }

// cell returns the cell of a column, "" where there is none.
func (r *row) cell(name string) (*place, string) {
	p := r.columns[name]
	if p == nil || p.at < 0 {
		return p, ""
	}
	return p, r.batch.Columns[p.at].Text(r.i)
}

// known counts a cell by what became of it.
func (r *row) known(p *place, cell string, status parse.Status) {
	switch {
	case status == parse.OK:
		p.intake.Known++
	case status == parse.Unreadable:
		p.intake.Unreadable++
		p.intake.sample(r.batch.Line(r.i), cell)
	}
	if status != parse.OK && p.Required {
		r.bad = true
	}
}

func (r *row) text(name string) string {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 {
		return ""
	}
	if parse.IsMissing(cell) {
		r.known(p, cell, parse.Missing)
		return ""
	}
	cell = strings.TrimSpace(cell)
	if len(cell) > maxText {
		end := maxText
		for end > maxText-utf8.UTFMax && !utf8.RuneStart(cell[end]) {
			end--
		}
		cell = cell[:end]
	}
	cell = datasets.Printable(cell, false)
	r.known(p, cell, parse.OK)
	return p.intern(cell)
}

// id returns a record's id: the first of several.
func (r *row) id(name string) string {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 || parse.IsMissing(cell) {
		return ""
	}
	r.known(p, cell, parse.OK)
	return IDKey(cell)
}

func (r *row) number(name string) float64 {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 {
		return math.NaN()
	}
	v, status := parse.Number(cell)
	r.known(p, cell, status)
	return v
}

func (r *row) time(name string) Time {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 {
		return Unknown
	}
	v, status := p.order.Instant(cell)
	r.known(p, cell, status)
	if status != parse.OK {
		return Unknown
	}
	return Time(v)
}

func (r *row) flag(name string) (value, known bool) {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 {
		return false, false
	}
	value, status := parse.Flag(cell)
	r.known(p, cell, status)
	return value, status == parse.OK
}

func (r *row) verdict(name string) Verdict {
	p, cell := r.cell(name)
	if p == nil || p.at < 0 {
		return VerdictUnknown
	}
	v, ok := verdicts[datasets.FoldHeader(cell)]
	switch {
	case ok:
		r.known(p, cell, parse.OK)
	case parse.IsMissing(cell):
		r.known(p, cell, parse.Missing)
	default:
		r.known(p, cell, parse.Unreadable)
	}
	return v
}

// derived counts a column as known that the row has from others.
func (r *row) derived(name string) { r.columns[name].intake.Known++ }

// account finds the account of the row: by its domain, else by its id.
func (r *row) account() Account {
	a := Account{Line: r.batch.Line(r.i)}
	domain, byDomain := r.cell("domain")
	id, byID := r.cell("account_id")
	r.strayed = ""
	if !parse.IsMissing(byID) {
		r.known(id, byID, parse.OK)
		r.strayed = byID
	}
	if !parse.IsMissing(byDomain) {
		key, reason := datasets.DomainKey(byDomain)
		if reason == datasets.BadDomain {
			r.known(domain, byDomain, parse.Unreadable)
		} else {
			r.known(domain, byDomain, parse.OK)
			a.Domain = r.base.key(key)
		}
		r.strayed = byDomain[strings.LastIndexByte(byDomain, '@')+1:]
	}
	if a.Domain == "" && !parse.IsMissing(byID) {
		a.Domain = r.base.byID(IDKey(byID))
	}
	r.stray = a.Domain == "" && (r.table.ByAccount || r.strayed != "")
	return a
}

// IDKey returns the form of a record's id by which ids are compared. Of several,
// separated by ; or |, it is the first; of Salesforce's 18 characters it is the
// 15 that name the record, since exports hold either form.
func IDKey(cell string) string {
	cell = strings.TrimSpace(cell)
	if i := strings.IndexAny(cell, ";|"); i > 0 {
		cell = strings.TrimSpace(cell[:i])
	}
	if len(cell) == 18 && cell[15:] == salesforceSuffix(cell[:15]) {
		return cell[:15]
	}
	if len(cell) > maxText {
		cell = cell[:maxText]
	}
	return strings.Clone(cell)
}

// salesforceSuffix returns the three characters that say which letters of an id
// of 15 characters are capitals: one for five letters, in base 32.
func salesforceSuffix(id string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	var suffix [3]byte
	for group := range 3 {
		bits := 0
		for i := range 5 {
			if c := id[5*group+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		suffix[group] = digits[bits]
	}
	return string(suffix[:])
}
