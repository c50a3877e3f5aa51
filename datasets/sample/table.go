package sample

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// A tableColumn is a column of the account table as exported.
type tableColumn struct {
	name    string
	missing float64 // share of empty cells at Mess 1
	write   func(w *cells, dst []byte, row int) []byte
}

// table is the account table. What is missing is missing at random, whoever the
// company is, so an honest check of missingness finds nothing.
var table = [...]tableColumn{
	{"id", 0, (*cells).id},
	{"company_name", 0, (*cells).companyName},
	{"website", 0, (*cells).website},
	{"industry", .10, (*cells).industry},
	{"employees", .15, (*cells).employees},
	{"annual_revenue", .40, (*cells).revenue},
	{"country", .05, (*cells).country},
	{"founded", .25, (*cells).founded},
	{"technologies", .35, (*cells).technologies},
	{"crm_in_use", .45, (*cells).crm},
	{"funding_stage", .40, (*cells).stage},
	{"hiring", .20, (*cells).hiring},
	{"last_funding_date", .45, (*cells).lastFunding},
	{"web_visits_90d", .10, (*cells).visits},
	{"pricing_page_visits", .10, (*cells).pricing},
	{"created_date", 0, (*cells).created},
	{"last_modified_date", 0, (*cells).modified},
	{"owner", .05, (*cells).owner},
	{"phone", .30, (*cells).phone},
	{"description", .35, (*cells).description},
	{"parent_id", 0, (*cells).parentID},
}

// cells writes the cells of one base. It is not safe for concurrent use.
type cells struct {
	*Base
	*draws
	col int // the column of the cell being written
}

func (b *Base) cells() *cells { return &cells{Base: b, draws: newDraws(b.Options.Seed)} }

// own returns the generator that spells the cell being written.
func (w *cells) own(row int) *rand.Rand { return w.at(streamSpelling+stream(w.col), row) }

// cell appends the text of a cell to dst.
func (w *cells) cell(dst []byte, row, col int) []byte {
	w.col = col
	if w.missing(row, col) {
		return w.blank(dst, row)
	}
	return table[col].write(w, dst, row)
}

// missing reports whether a cell is empty. A duplicate lacks what the row it
// repeats lacks, and more.
func (w *cells) missing(row, col int) bool {
	mess := w.Options.Mess
	if table[col].missing == 0 || mess == 0 {
		return false
	}
	source := row
	if of := w.DuplicateOf[row]; of >= 0 {
		if w.at(streamMissing+stream(col), row).Float64() < .4 {
			return true
		}
		source = int(of)
	}
	return w.at(streamEnriched, source).Float64() < shareBare*mess ||
		w.at(streamMissing+stream(col), source).Float64() < table[col].missing*mess
}

// blank appends what an export has where it has nothing.
func (w *cells) blank(dst []byte, row int) []byte {
	r := w.own(row)
	if r.Float64() < .85 {
		return dst
	}
	return append(dst, pick(r, []string{"n/a", "-", "N/A", "Select"})...)
}

func (w *cells) id(dst []byte, row int) []byte {
	dst = append(dst, "ACC-"...)
	return appendPadded(dst, row+1, 7)
}

func (w *cells) parentID(dst []byte, row int) []byte {
	if p := w.parent[row]; p >= 0 {
		return w.id(dst, int(p))
	}
	return dst
}

func (w *cells) visits(dst []byte, row int) []byte {
	return strconv.AppendFloat(dst, w.column(visitsCol).Numbers[row], 'f', 0, 64)
}

func (w *cells) pricing(dst []byte, row int) []byte {
	return strconv.AppendFloat(dst, w.column(pricingCol).Numbers[row], 'f', 0, 64)
}

func (w *cells) lastFunding(dst []byte, row int) []byte {
	return appendDay(dst, w.column(fundingCol).Days[row])
}

func (w *cells) created(dst []byte, row int) []byte { return appendDay(dst, w.createdOn(row)) }

func (w *cells) modified(dst []byte, row int) []byte { return appendDay(dst, w.modifiedOn(row)) }

// createdOn returns the day a record was made: within six years before AsOf,
// and for a duplicate earlier than the row it repeats.
func (w *cells) createdOn(row int) int32 {
	if of := w.DuplicateOf[row]; of >= 0 {
		return w.createdOn(int(of)) - 30 - int32(w.at(streamCreated, row).IntN(700))
	}
	return w.Options.AsOf - 30 - int32(w.at(streamCreated, row).IntN(6*365))
}

// modifiedOn returns the day a record was last changed. The row that a duplicate
// repeats is the newer of the two, and the more complete: it survives.
func (w *cells) modifiedOn(row int) int32 {
	if of := w.DuplicateOf[row]; of >= 0 {
		return w.modifiedOn(int(of)) - 1 - int32(w.at(streamModified, row).IntN(29))
	}
	created := w.createdOn(row)
	return created + int32(w.at(streamModified, row).IntN(int(w.Options.AsOf-created)))
}

var owners = []string{
	"Amelia Hart", "Bruno Keller", "Chloé Martin", "David Osei", "Elena Rossi", "Farid Benali",
	"Grace Lindqvist", "Hugo Lefèvre", "Ines Carvalho", "Jonas Weber", "Karen O'Neill", "Liam Byrne",
}

func (w *cells) owner(dst []byte, row int) []byte {
	return append(dst, pick(w.own(row), owners)...)
}

// phone appends a number out of the ranges set apart for fiction.
func (w *cells) phone(dst []byte, row int) []byte {
	r := w.own(row)
	switch countries[w.column(countryCol).Codes[row]].code {
	case "FR":
		return appendPadded(append(dst, "01 99 00 "...), r.IntN(10_000), 4)
	case "GB":
		return appendPadded(append(dst, "+44 20 7946 0"...), r.IntN(1000), 3)
	default:
		return appendPadded(append(dst, "+1 202-555-01"...), r.IntN(100), 2)
	}
}

func (w *cells) description(dst []byte, row int) []byte {
	r := w.own(row)
	ind := &industries[w.column(industryCol).Codes[row]]
	first, second := pick(r, ind.words), pick(r, ind.words)
	dst = append(dst, capital(pick(r, []string{"modern", "family-owned", "independent", "fast-growing", "leading", "regional"}))...)
	dst = append(append(append(dst, ' '), first...), " company"...)
	if second != first {
		dst = append(append(dst, ", "...), second...)
	}
	dst = append(append(dst, " for "...), pick(r, []string{"small firms", "large groups", "the public", "professionals", "local teams"})...)
	return append(dst, '.')
}

func appendPadded(dst []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for range width - len(s) {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}

func appendDay(dst []byte, d int32) []byte {
	if d == datasets.MissingDay {
		return dst
	}
	return time.Unix(int64(d)*86400, 0).UTC().AppendFormat(dst, time.DateOnly)
}
