package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// The columns of an accounts table that tell accounts, and where they are.
var baseColumns = []string{"account_id", "domain", "name"}

const (
	baseID = iota
	baseDomain
	baseName
)

// readBase reads the accounts table in folder, which must be of that date, and
// fills the names of picks and the cells of those that are listed: it reads the
// features of those row groups only that hold one.
func readBase(ctx context.Context, folder, asOf string, m *model.Model, picks []*pick) (err error) {
	t, err := features.OpenTable(folder)
	if err != nil {
		return fmt.Errorf("report: accounts: %w", err)
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if t.Name != features.AccountsTable || t.AsOf != asOf {
		return fmt.Errorf("report: accounts: %s is the %s table of %s; want the accounts table of %s", folder, t.Name, t.AsOf, asOf)
	}
	r := newBaseReader(m, asOf, picks)
	columns := make([]string, len(m.Terms))
	for i := range m.Terms {
		columns[i] = m.Terms[i].Feature
	}
	for g := range t.Groups() {
		r.start()
		if err := r.read(ctx, t, g, baseColumns, r.name); err != nil {
			return err
		}
		if len(r.met) == 0 {
			continue
		}
		if err := r.read(ctx, t, g, columns, r.look); err != nil {
			return err
		}
	}
	return nil
}

// A baseReader fills picks, one row group after the other.
type baseReader struct {
	terms    []model.Term
	appliers []*bin.Applier
	codes    bin.Column
	picks    map[string][]*pick // by id
	met      []met              // those of the group that are listed, by row
	rows     int                // of the group, read so far
}

// A met is a pick and its row of the group.
type met struct {
	*pick
	row int
}

func newBaseReader(m *model.Model, asOf string, picks []*pick) *baseReader {
	r := &baseReader{terms: m.Terms, picks: map[string][]*pick{}}
	day := dayOf(asOf)
	for i := range m.Terms {
		r.appliers = append(r.appliers, bin.NewApplier(&m.Terms[i].Binning, day))
	}
	for _, p := range picks {
		r.picks[p.id] = append(r.picks[p.id], p)
	}
	return r
}

// start begins a row group.
func (r *baseReader) start() {
	r.met = r.met[:0]
	for _, a := range r.appliers {
		a.NewReader()
	}
}

// read shows do the batches of columns of a row group.
func (r *baseReader) read(ctx context.Context, t *features.Table, group int, columns []string, do func(*datasets.Batch) error) error {
	r.rows = 0
	g, err := t.Group(group, columns)
	if err == nil {
		err = datasets.Drain(ctx, g, do)
	}
	if err != nil {
		return fmt.Errorf("report: accounts: %w", err)
	}
	return nil
}

// name gives their names to the picks of a batch, and notes those that are listed.
func (r *baseReader) name(b *datasets.Batch) error {
	for i := range b.Rows {
		for _, p := range r.picks[string(b.Columns[baseID].Cell(i))] {
			if p.domain == string(b.Columns[baseDomain].Cell(i)) && !p.met {
				p.name, p.met = string(b.Columns[baseName].Cell(i)), true
				if p.listed {
					r.met = append(r.met, met{p, r.rows + i})
				}
			}
		}
	}
	r.rows += b.Rows
	return nil
}

// look notes the cells of those of the batch that were met.
func (r *baseReader) look(b *datasets.Batch) error {
	byRow := func(m met, row int) int { return cmp.Compare(m.row, row) }
	from, _ := slices.BinarySearchFunc(r.met, r.rows, byRow)
	to, _ := slices.BinarySearchFunc(r.met, r.rows+b.Rows, byRow)
	for k := range r.terms {
		c := &b.Columns[k]
		if want := r.terms[k].Kind.Type(); c.Type != want {
			return fmt.Errorf("feature %q: the column is a %s, the model wants a %s; run `icpfit features` again", c.Name, c.Type, want)
		}
		if from == to {
			continue
		}
		r.appliers[k].Apply(&r.codes, c, b.Rows)
		for _, m := range r.met[from:to] {
			at := m.row - r.rows
			cell := cellOf{slot: r.codes.Codes[at], items: itemsOf(c, at)}
			if r.terms[k].IsSet() {
				cell.known = slices.Clone(r.codes.Items[r.codes.Offsets[at]:r.codes.Offsets[at+1]])
			}
			m.cells = append(m.cells, cell)
		}
	}
	r.rows += b.Rows
	return nil
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
