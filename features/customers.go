package features

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// A Class says what a customer on the list stands for.
type Class string

// The classes. Best and pipeline accounts are learned from; ordinary and lost
// ones are left out of training, neither positive nor pool.
const (
	Best     Class = "best"
	Pipeline Class = "pipeline"
	Ordinary Class = "ordinary"
	Lost     Class = "lost"
)

// Classes lists the classes, the strongest first: a domain that is listed under
// several has the strongest.
var Classes = []Class{Best, Pipeline, Ordinary, Lost}

// positive reports whether accounts of the class are learned from.
func (c Class) positive() bool { return c == Best || c == Pipeline }

// weight is the weight of a customer whose list gives none.
func (c Class) weight() float64 {
	if c == Pipeline {
		return 0.5
	}
	return 1
}

// CustomerColumns are columns of the list of customers, or of the accounts where
// a filter picks the customers. "" is none; Domain may be "" only for a list of
// one column, and is not used by a filter.
type CustomerColumns struct {
	Domain string // website, URL or e-mail address
	Class  string // one of Classes; empty cells and no column: best
	WonAt  string // the day the customer was won
	Weight string // in (0, 100]; empty cells and no column: 1, or 0.5 for pipeline
}

// Customers says which accounts are customers: a list, or a filter over the
// accounts. It is read-only once made.
type Customers struct {
	entries  []customer     // one a domain
	byDomain map[string]int // entry by key
	intake   Intake

	filter *filter // nil for a list
}

// A customer is one domain of the list.
type customer struct {
	key    string
	class  Class
	wonAt  int32 // day, or datasets.MissingDay
	line   int64 // of wonAt
	weight float64
}

// An Intake counts what became of the rows of a customer list before they meet
// the accounts. All counts but Ordinary and Conflicts are of best and pipeline.
type Intake struct {
	Source     string                  `json:"source"`
	Listed     int                     `json:"listed"`
	ListedBest int                     `json:"listed_best"`
	Valid      int                     `json:"valid"`
	ValidBest  int                     `json:"valid_best"`
	Invalid    map[datasets.Reason]int `json:"invalid,omitempty"`
	Bad        []Sample                `json:"bad,omitempty"`      // cells without a domain key, up to 20
	Repeated   []string                `json:"repeated,omitempty"` // domains listed more than once, up to 20
	Ordinary   int                     `json:"ordinary"`           // rows of the classes ordinary and lost
	Conflicts  int                     `json:"conflicts"`          // domains listed under several classes
	First      []string                `json:"first,omitempty"`    // the first domains, up to 5
}

// Caps on the samples kept.
const (
	maxLost  = 20
	maxFirst = 5
)

// LoadCustomers reads a list of customers. The rows of one domain become one
// customer with the strongest class, the earliest won_at and, of the rows of
// that class, the greatest weight. Cells without a domain key are counted, not
// errors; an unknown class, an unreadable date and a weight that is no number in
// (0, 100] are errors that name their row. A missing column is a *ColumnError.
func LoadCustomers(ctx context.Context, src datasets.Source, cols CustomerColumns) (*Customers, error) {
	var at *customerColumns
	var entries []entry
	err := datasets.EachBatch(ctx, src, func(b *datasets.Batch) (err error) {
		if at == nil {
			if at, err = cols.find(src.Name(), b); err != nil {
				return err
			}
		}
		for i := range b.Rows {
			e, err := at.entry(b, i)
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return nil
	})
	c := newCustomers(src.Name())
	if err == nil {
		err = c.take(entries)
	}
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	return c, nil
}

func newCustomers(source string) *Customers {
	return &Customers{byDomain: map[string]int{}, intake: Intake{Source: source, Invalid: map[datasets.Reason]int{}}}
}

// customerColumns are the columns of a list, -1 for none.
type customerColumns struct {
	source                       string
	domain, class, wonAt, weight int
}

// find looks the columns up in the batch's schema.
func (cols CustomerColumns) find(source string, b *datasets.Batch) (*customerColumns, error) {
	f := finder{source: source}
	for i := range b.Columns {
		f.schema = append(f.schema, b.Columns[i].Field)
	}
	at := &customerColumns{
		source: source, domain: f.find("domain", cols.Domain), class: f.find("class", cols.Class),
		wonAt: f.find("won_at", cols.WonAt), weight: f.find("weight", cols.Weight),
	}
	if cols.Domain == "" && len(f.schema) == 1 {
		at.domain = 0
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	if at.domain < 0 {
		return nil, datasets.Shapef("%s: which column holds the domain is not said; name one of %q", source, f.names())
	}
	for _, i := range []int{at.domain, at.class, at.wonAt, at.weight} {
		if i >= 0 && !hasText(f.schema[i].Type) {
			return nil, datasets.Shapef("%s: column %q is of type %s; want text", source, f.schema[i].Name, f.schema[i].Type)
		}
	}
	return at, nil
}

// An entry is a row of a list, before its domain and date are read.
type entry struct {
	line   int64
	domain string
	wonAt  string
	column string // of wonAt
	class  Class
	weight float64
}

// entry reads row i of b.
func (at *customerColumns) entry(b *datasets.Batch, i int) (entry, error) {
	e := entry{line: b.Line(i), class: Best, domain: strings.Clone(cellOf(b, at.domain, i))}
	fail := func(col int, cell, want string) (entry, error) {
		return e, unreadable(at.source, e.line, b.Columns[col].Name, cell, want)
	}
	if cell := cellOf(b, at.class, i); !parse.IsMissing(cell) {
		e.class = Class(strings.ToLower(strings.TrimSpace(cell)))
		if !slices.Contains(Classes, e.class) {
			return fail(at.class, cell, "a class; want one of "+list(Classes))
		}
	}
	e.weight = e.class.weight()
	cell := cellOf(b, at.weight, i)
	switch w, status := parse.Number(cell); {
	case status == parse.Missing:
	case status == parse.Unreadable || !(w > 0 && w <= 100):
		return fail(at.weight, cell, "a weight; want a number above 0, at most 100")
	default:
		e.weight = w
	}
	if at.wonAt >= 0 {
		e.wonAt, e.column = strings.Clone(cellOf(b, at.wonAt, i)), b.Columns[at.wonAt].Name
	}
	return e, nil
}

// unreadable is the error of a cell that is not what it has to be.
func unreadable(source string, line int64, column, cell, want string) error {
	return &datasets.RowError{Source: source, Row: line, Column: column, Err: datasets.Shapef("%q is not %s", clip(cell), want)}
}

// take makes customers of the rows of a list.
func (c *Customers) take(entries []entry) error {
	dates := make([]string, len(entries))
	for i, e := range entries {
		dates[i] = e.wonAt
	}
	order := parse.OrderOf(dates)
	for _, e := range entries {
		row := customer{class: e.class, weight: e.weight, line: e.line}
		var status parse.Status
		if row.wonAt, status = order.Date(e.wonAt); status == parse.Unreadable {
			return unreadable(c.intake.Source, e.line, e.column, e.wonAt, "a date; want 2026-01-31")
		}
		var reason datasets.Reason
		row.key, reason = datasets.DomainKey(e.domain)
		if row.key == "" && reason == datasets.FreeMailDomain {
			if row.key = datasets.Provider(e.domain); row.key != "" {
				reason = ""
			}
		}
		if reason != "" {
			c.reject(e.class, reason, Sample{e.line, clip(e.domain)})
			continue
		}
		c.add(row)
	}
	return nil
}

// cellOf returns the text of row i of column at, "" where at is -1.
func cellOf(b *datasets.Batch, at, i int) string {
	if at < 0 {
		return ""
	}
	return textsOf(&b.Columns[at], i, i+1).at(i)
}

// reject counts a row without a domain key.
func (c *Customers) reject(class Class, reason datasets.Reason, cell Sample) {
	n := &c.intake
	if !class.positive() {
		n.Ordinary++
		return
	}
	n.Listed++
	if class == Best {
		n.ListedBest++
	}
	n.Invalid[reason]++
	if len(n.Bad) < maxLost {
		n.Bad = append(n.Bad, cell)
	}
}

// add counts a row with a domain key and merges it with those of its domain.
func (c *Customers) add(row customer) {
	n := &c.intake
	switch {
	case !row.class.positive():
		n.Ordinary++
	case row.class == Best:
		n.ListedBest++
		n.ValidBest++
		fallthrough
	default:
		n.Listed++
		n.Valid++
	}
	if len(n.First) < maxFirst {
		n.First = append(n.First, strings.Clone(row.key))
	}
	at, ok := c.byDomain[row.key]
	if !ok {
		row.key = strings.Clone(row.key)
		c.byDomain[row.key] = len(c.entries)
		c.entries = append(c.entries, row)
		return
	}
	e := &c.entries[at]
	if len(n.Repeated) < maxLost && !slices.Contains(n.Repeated, e.key) {
		n.Repeated = append(n.Repeated, e.key)
	}
	if e.class != row.class {
		n.Conflicts++
	}
	e.merge(row)
}

// merge folds another row of the same domain into e, in any order.
func (e *customer) merge(row customer) {
	by := cmp.Compare(slices.Index(Classes, row.class), slices.Index(Classes, e.class))
	switch {
	case by < 0:
		e.class, e.weight = row.class, row.weight
	case by == 0:
		e.weight = math.Max(e.weight, row.weight)
	}
	if e.wonAt == datasets.MissingDay || row.wonAt != datasets.MissingDay && row.wonAt < e.wonAt {
		e.wonAt, e.line = row.wonAt, row.line
	}
}

// provider returns the index of the customer that is the mail provider named by
// an account's cell, or -1: it is found in the base, but has no key to be scored by.
func (c *Customers) provider(cell string) int {
	if key := datasets.Provider(cell); key != "" {
		return c.lookup(key)
	}
	return -1
}

// lookup returns the index of the customer with this key, or -1. A nil list has
// none.
func (c *Customers) lookup(key string) int {
	if c == nil {
		return -1
	}
	if at, ok := c.byDomain[key]; ok {
		return at
	}
	return -1
}
