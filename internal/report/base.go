package report

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A base is what one pass over an accounts table gathers: how the pool's values
// fall into the model's bins, and the names of a few accounts.
type base struct {
	slots [][]int64 // by term and slot, of the pool
	pool  int64     // scorable rows that are in no class of customers
}

// The columns of an accounts table that come before the features.
var baseColumns = []string{"account_id", "domain", "name", "row_reason", "class"}

const (
	baseID = iota
	baseDomain
	baseName
	baseReason
	baseClass
)

// readBase reads the accounts table in folder, which must be of that date, and
// fills the names of picks.
func readBase(ctx context.Context, folder, asOf string, m *model.Model, picks []*pick) (_ *base, err error) {
	t, err := features.OpenTable(folder)
	if err != nil {
		return nil, fmt.Errorf("report: accounts: %w", err)
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if t.Name != features.AccountsTable || t.AsOf != asOf {
		return nil, fmt.Errorf("report: accounts: %s is the %s table of %s; want the accounts table of %s", folder, t.Name, t.AsOf, asOf)
	}
	r := newBaseReader(m, asOf, picks)
	columns := append([]string(nil), baseColumns...)
	for i := range m.Terms {
		columns = append(columns, m.Terms[i].Feature)
	}
	for g := range t.Groups() {
		group, err := t.Group(g, columns)
		if err != nil {
			return nil, fmt.Errorf("report: accounts: %w", err)
		}
		for _, a := range r.appliers {
			a.NewReader()
		}
		if err := datasets.Drain(ctx, group, r.batch); err != nil {
			return nil, fmt.Errorf("report: accounts: %w", err)
		}
	}
	return &r.base, nil
}

// A baseReader fills a base.
type baseReader struct {
	base
	terms    []model.Term
	appliers []*bin.Applier
	codes    bin.Column
	inPool   []bool             // by row of the batch
	picks    map[string][]*pick // by id, not met yet
	met      []met              // in the batch
}

// A met is a pick and its row of the batch.
type met struct {
	*pick
	row int
}

func newBaseReader(m *model.Model, asOf string, picks []*pick) *baseReader {
	r := &baseReader{terms: m.Terms, picks: map[string][]*pick{}}
	day := dayOf(asOf)
	for i := range m.Terms {
		r.appliers = append(r.appliers, bin.NewApplier(&m.Terms[i].Binning, day))
		r.slots = append(r.slots, make([]int64, m.Terms[i].Slots()))
	}
	for _, p := range picks {
		r.picks[p.id] = append(r.picks[p.id], p)
	}
	return r
}

func (r *baseReader) batch(b *datasets.Batch) error {
	r.inPool, r.met = r.inPool[:0], r.met[:0]
	for i := range b.Rows {
		r.name(b, i)
		in := b.Columns[baseReason].Missing(i) && b.Columns[baseClass].Missing(i)
		r.inPool = append(r.inPool, in)
		if in {
			r.pool++
		}
	}
	for k := range r.terms {
		c := &b.Columns[len(baseColumns)+k]
		if want := r.terms[k].Kind.Type(); c.Type != want {
			return fmt.Errorf("feature %q: the column is a %s, the model wants a %s; run `icpfit features` again", c.Name, c.Type, want)
		}
		r.appliers[k].Apply(&r.codes, c, b.Rows)
		for _, m := range r.met {
			cell := cellOf{slot: r.codes.Codes[m.row], items: itemsOf(c, m.row)}
			if r.terms[k].IsSet() {
				cell.known = slices.Clone(r.codes.Items[r.codes.Offsets[m.row]:r.codes.Offsets[m.row+1]])
			}
			m.cells = append(m.cells, cell)
		}
		r.tally(r.slots[k], r.terms[k].IsSet())
	}
	return nil
}

// tally counts the binned column of the batch.
func (r *baseReader) tally(slots []int64, set bool) {
	c := &r.codes
	for i, in := range r.inPool {
		if !in {
			continue
		}
		slots[c.Codes[i]]++
		if set {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				slots[2+int(item)]++
			}
		}
	}
}

// name gives row i's name to the picks of its id and domain, and notes that they
// are met.
func (r *baseReader) name(b *datasets.Batch, i int) {
	for _, p := range r.picks[string(b.Columns[baseID].Cell(i))] {
		if p.domain == string(b.Columns[baseDomain].Cell(i)) && !p.met {
			p.name, p.met = string(b.Columns[baseName].Cell(i)), true
			if p.listed {
				r.met = append(r.met, met{p, i})
			}
		}
	}
}

// itemsOf returns the items of row i of a set, each once.
func itemsOf(c *datasets.Column, i int) (items []string) {
	if c.Type != datasets.Set || c.Missing(i) {
		return nil
	}
	seen := map[string]bool{}
	for _, code := range c.Items(i) {
		if item := c.Dictionary[code]; !seen[bin.Fold(item)] {
			seen[bin.Fold(item)] = true
			items = append(items, item)
		}
	}
	return items
}

// dayOf returns the days since 1970-01-01 of a date that has been checked.
func dayOf(date string) int32 { return int32(day(date).Unix() / 86400) }
