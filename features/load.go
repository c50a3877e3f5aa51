package features

import (
	"context"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
)

// A Row is what Table.Load knows of a row when it asks whether to keep it.
type Row struct {
	Number   int64  // in the table, from 0
	Hash     uint64 // DomainHash of the domain; 0 where there is none
	Reason   datasets.Reason
	Class    Class // "" for the pool
	Customer bool
}

// Load returns the rows that keep picks, all of them if it is nil, as one batch
// with the columns of these names, in this order. Dictionaries are common to
// all rows, each text once, in the order in which kept rows first use them. keep
// is called once a row, in order.
//
// Memory grows with the rows kept; a row group of which none is kept is not
// read further. An unknown column is a *ColumnError.
func (t *Table) Load(ctx context.Context, columns []string, keep func(Row) bool) (*datasets.Batch, error) {
	return t.load(ctx, columns, keep, func(int) bool { return true })
}

// Find returns the row of the account with that domain key, which is not a
// duplicate of another, with the columns of these names; no row where there is
// none. It reads the row groups that may hold it by their filters, and the
// others only where these do not: a damaged filter hides no account.
func (t *Table) Find(ctx context.Context, columns []string, domain string) (*datasets.Batch, error) {
	hash := DomainHash(domain)
	keep := func(r Row) bool { return r.Hash == hash && r.Reason != datasets.DuplicateOf }
	may := func(g int) bool { return t.groups[g].file.MayHold(t.groups[g].index, "domain", domain) }
	found, err := t.load(ctx, columns, keep, may)
	if err != nil || found.Rows > 0 {
		return found, err
	}
	return t.load(ctx, columns, keep, func(g int) bool { return !may(g) })
}

// load loads from the row groups that may hold what is asked for.
func (t *Table) load(ctx context.Context, columns []string, keep func(Row) bool, may func(group int) bool) (*datasets.Batch, error) {
	fields, err := t.fields(columns)
	if err != nil {
		return nil, err
	}
	l := &loader{table: t, columns: columns, keep: keep, codes: make([]recoder, len(fields)), words: make([]dictionary, len(fields))}
	l.out.Prepare(fields)
	for g := range t.groups {
		if !may(g) {
			continue
		}
		if err := l.loadGroup(ctx, g); err != nil {
			return nil, fmt.Errorf("load feature table: %w", err)
		}
	}
	for i := range l.words {
		l.out.Columns[i].Dictionary = l.words[i].texts
	}
	return &l.out, nil
}

// A loader gathers rows.
type loader struct {
	table   *Table
	columns []string
	keep    func(Row) bool

	row   int64  // number of the next row
	kept  []bool // by row of the group
	batch datasets.Batch
	out   datasets.Batch
	codes []recoder    // by column
	words []dictionary // by column
}

func (l *loader) loadGroup(ctx context.Context, g int) error {
	if l.keep != nil {
		n, err := l.choose(ctx, g)
		if err != nil || n == 0 {
			return err
		}
	}
	r, err := l.table.Group(g, l.columns)
	if err != nil {
		return err
	}
	at := 0 // in kept
	return eachRow(ctx, r, &l.batch, func() error {
		var kept []bool
		if l.keep != nil {
			kept = l.kept[at : at+l.batch.Rows]
		}
		at += l.batch.Rows
		l.take(kept)
		return nil
	})
}

// The columns that Row is made of.
var (
	accountsRow  = []string{"domain", "row_reason", "class"}
	customersRow = []string{"domain", "class"}
)

// choose fills kept for group g and returns how many rows to keep.
func (l *loader) choose(ctx context.Context, g int) (int, error) {
	names := accountsRow
	if l.table.Name == CustomersTable {
		names = customersRow
	}
	r, err := l.table.Group(g, names)
	if err != nil {
		return 0, err
	}
	n := 0
	l.kept = l.kept[:0]
	err = eachRow(ctx, r, &l.batch, func() error {
		for i := range l.batch.Rows {
			yes := l.keep(rowOf(&l.batch, i, l.row))
			l.kept = append(l.kept, yes)
			l.row++
			if yes {
				n++
			}
		}
		return nil
	})
	return n, err
}

// rowOf returns row i of a batch with the columns of accountsRow or customersRow.
func rowOf(b *datasets.Batch, i int, number int64) Row {
	row := Row{Number: number}
	if key := b.Columns[0].Cell(i); len(key) > 0 {
		row.Hash = DomainHash(string(key))
	}
	for k := 1; k < len(b.Columns); k++ {
		c := &b.Columns[k]
		if c.Missing(i) {
			continue
		}
		if text := c.Dictionary[c.Codes[i]]; c.Name == "class" {
			row.Class = Class(text)
		} else {
			row.Reason = datasets.Reason(text)
		}
	}
	row.Customer = row.Class.positive()
	return row
}

// take appends the rows of the batch that are kept; nil keeps all.
func (l *loader) take(kept []bool) {
	for k := range l.out.Columns {
		dst, src, codes := &l.out.Columns[k], &l.batch.Columns[k], &l.codes[k]
		codes.follow(src.Dictionary)
		give := l.words[k].code
		for i := range l.batch.Rows {
			if kept != nil && !kept[i] {
				continue
			}
			first := len(dst.Codes)
			appendRow(dst, src, i)
			for j, code := range dst.Codes[first:] {
				dst.Codes[first+j] = codes.code(code, give)
			}
		}
	}
	for i := range l.batch.Rows {
		if kept == nil || kept[i] {
			l.out.Rows++
		}
	}
}
