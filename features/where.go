package features

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// A filter picks the customers among the accounts.
type filter struct {
	where string
	cols  CustomerColumns
}

// FilterCustomers returns the customers that a filter picks among the accounts:
// the rows for which the Condition where is true. Its columns are those of the
// source.
//
//	Type == "Customer" and not ($env["Billing Country"] in ["France", "FR"])
//
// cols names columns of the accounts that give class, won_at and weight.
//
// An expression that does not parse is an error with a caret here; unknown
// columns are found by Build and Scan, which know the columns.
func FilterCustomers(where string, cols CustomerColumns) (*Customers, error) {
	if _, _, err := columnsIn(where); err != nil {
		return nil, datasets.Shapef("customers: where: %v", err)
	}
	return &Customers{filter: &filter{where: where, cols: cols}}, nil
}

// A picker is a filter made ready for the columns of a source. It is not safe
// for concurrent use; the condition may be shared.
type picker struct {
	source  string
	matcher *Matcher
	at      *customerColumns
	found   []entry
	names   []string // of the columns that it looks into
}

// bind compiles the filter for the accounts of b. A nil filter makes no picker.
func (f *filter) bind(b *base) (*picker, error) {
	if f == nil {
		return nil, nil
	}
	find := finder{source: b.Accounts.Name(), schema: b.schema}
	at := &customerColumns{
		source: find.source, domain: find.find("domain", b.Domain), class: find.find("class", f.cols.Class),
		wonAt: find.find("won_at", f.cols.WonAt), weight: find.find("weight", f.cols.Weight),
	}
	if err := find.err(); err != nil {
		return nil, err
	}
	c, err := NewCondition(f.where, b.schema)
	if err != nil {
		return nil, datasets.Shapef("customers: where: %v", err)
	}
	names := slices.Clone(c.Columns())
	for _, k := range []int{at.domain, at.class, at.wonAt, at.weight} {
		if k >= 0 {
			names = append(names, b.schema[k].Name)
		}
	}
	return &picker{source: find.source, at: at, matcher: c.Bind(), names: names}, nil
}

// columns returns the names of the columns that p looks into.
func (p *picker) columns() []string {
	if p == nil {
		return nil
	}
	return p.names
}

// add collects the rows of b that the filter picks.
func (p *picker) add(b *datasets.Batch) error {
	if p == nil {
		return nil
	}
	p.matcher.Start(b)
	for i := range b.Rows {
		ok, err := p.matcher.Holds(i)
		if err != nil {
			return &datasets.RowError{Source: p.source, Row: b.Line(i), Err: datasets.Shapef("customers: where: %v", err)}
		}
		if !ok {
			continue
		}
		e, err := p.at.entry(b, i)
		if err != nil {
			return err
		}
		p.found = append(p.found, e)
	}
	return nil
}
