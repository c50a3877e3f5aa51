package features

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// A taker is one worker of the first pass: it reads nothing but what names a
// row and says how good it is.
type taker struct {
	*base
	census  census
	parents *families // nil without a column of parents
	picker  *picker   // nil without a filter
	changed *Changed  // nil without a column of dates
	filled  []uint16
}

// names are what the first pass learned from the names of the rows.
type names struct {
	census    *census
	families  *families // nil without a column of parents
	customers *Customers
	changed   *Changed // nil without a column of dates
}

// takeCensus reads the base once or, where ids decide or parents are known by
// their id, twice. Its customers are those of the input or the ones that its
// filter picked.
func takeCensus(ctx context.Context, b *base, workers int) (names, error) {
	takers := make([]*taker, workers)
	calls := make([]func(*datasets.Batch) error, workers)
	for k := range takers {
		t, err := newTaker(b)
		if err != nil {
			return names{}, err
		}
		takers[k], calls[k] = t, t.add
	}
	if err := spread(ctx, glanced{b.Accounts, takers[0].columns()}, calls); err != nil {
		return names{}, err
	}
	all := takers[0]
	for _, t := range takers[1:] {
		all.merge(t)
	}
	all.census.settle()
	if err := all.learnIDs(ctx); err != nil {
		return names{}, err
	}
	n := names{&all.census, all.parents, b.Customers, all.changed}
	if all.picker != nil {
		var err error
		if n.customers, err = collect(b.Accounts.Name(), all.picker.found); err != nil {
			return names{}, err
		}
	}
	return n, nil
}

func newTaker(b *base) (*taker, error) {
	t := &taker{base: b}
	if b.layout.parent >= 0 {
		t.parents = newFamilies()
	}
	t.changed = newChanged(b)
	var err error
	if b.Customers != nil {
		t.picker, err = b.Customers.filter.bind(b)
	}
	return t, err
}

// columns returns the names of the columns that the first pass looks into.
func (t *taker) columns() []string {
	l := &t.layout
	var names []string
	for _, at := range []int{l.domain, l.id, l.modified, l.parent} {
		if at >= 0 {
			names = append(names, t.schema[at].Name)
		}
	}
	return append(names, t.picker.columns()...)
}

// glanced is a source of which some columns are read.
type glanced struct {
	datasets.Source
	columns []string
}

// Open starts a pass over these columns.
func (g glanced) Open(ctx context.Context) (datasets.Reader, error) {
	return datasets.Glance(ctx, g.Source, g.columns)
}

// collect makes a list of what a filter picked.
func collect(source string, found []entry) (*Customers, error) {
	slices.SortFunc(found, func(a, b entry) int { return cmp.Compare(a.line, b.line) })
	c := newCustomers(source)
	return c, c.take(found)
}

// add takes the rows of b.
func (t *taker) add(b *datasets.Batch) error {
	end := b.First + int64(b.Rows)
	if end > math.MaxUint32 {
		return fmt.Errorf("read accounts: %s: more than %d rows; split the base", t.Accounts.Name(), uint32(math.MaxUint32))
	}
	t.countFilled(b)
	domains := textsOf(&b.Columns[t.layout.domain], 0, b.Rows)
	changed := instantsOf(b, t.layout.modified, t.orders[t.layout.modified])
	t.changed.count(&changed, b.Rows, t.AsOf)
	for i := range b.Rows {
		raw, row := domains.at(i), uint32(b.First+int64(i))
		key, reason := datasets.DomainKey(raw)
		if reason != "" {
			continue
		}
		if key == raw {
			t.census.own.add(row)
		}
		t.census.add(candidate{nameHash(key), changed.at(i), row, t.filled[i]})
	}
	t.addParents(b, domains)
	return t.picker.add(b)
}

// countFilled counts the cells of each row that are not empty.
func (t *taker) countFilled(b *datasets.Batch) {
	if t.filled = append(t.filled[:0], b.Filled...); len(t.filled) > 0 {
		return
	}
	t.filled = append(t.filled, make([]uint16, b.Rows)...)
	for k := range b.Columns {
		c := &b.Columns[k]
		if c.Type == datasets.Text {
			for i := range t.filled {
				if c.Offsets[i] != c.Offsets[i+1] {
					t.filled[i]++
				}
			}
			continue
		}
		for i := range t.filled {
			if !c.Missing(i) {
				t.filled[i]++
			}
		}
	}
}

// addParents notes the parents that b names.
func (t *taker) addParents(b *datasets.Batch, domains texts) {
	if t.parents == nil {
		return
	}
	cells := textsOf(&b.Columns[t.layout.parent], 0, b.Rows)
	var ids texts
	if t.layout.id >= 0 {
		ids = textsOf(&b.Columns[t.layout.id], 0, b.Rows)
	}
	for i := range b.Rows {
		parent := parentName(cells.at(i))
		if parent == "" {
			continue
		}
		key, _ := datasets.DomainKey(domains.at(i))
		t.parents.add(ids.at(i), key, parent, b.First+int64(i))
	}
}

// merge adds what another worker took, and empties it.
func (t *taker) merge(other *taker) {
	for p, part := range other.census.parts {
		t.census.parts[p] = append(t.census.parts[p], part...)
		other.census.parts[p] = nil
	}
	t.census.own.merge(other.census.own)
	if t.parents != nil {
		t.parents.merge(other.parents)
	}
	t.changed.add(other.changed)
	if t.picker != nil {
		t.picker.found = append(t.picker.found, other.picker.found...)
	}
}

// learnIDs reads the ids of the top members and lets the smallest of each group
// survive, the first row of several, and learns the domains of parents. It
// reads the base once more, and only where there is something to learn.
func (t *taker) learnIDs(ctx context.Context) error {
	if t.layout.id < 0 || len(t.census.groups) == 0 && !t.parents.wanted() {
		return nil
	}
	members, groups := t.census.members, t.census.groups
	return datasets.EachBatch(ctx, t.Accounts, func(b *datasets.Batch) error {
		ids := textsOf(&b.Columns[t.layout.id], 0, b.Rows)
		t.parents.learn(textsOf(&b.Columns[t.layout.domain], 0, b.Rows), ids, b.Rows)
		for len(members) > 0 && int64(members[0].row) < b.First+int64(b.Rows) {
			m := members[0]
			members = members[1:]
			if m.top {
				id := rowID(ids.at(int(int64(m.row)-b.First)), int64(m.row))
				groups[m.group].offer(m.row, id)
			}
		}
		return nil
	})
}
