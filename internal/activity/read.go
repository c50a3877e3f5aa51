package activity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/parse"
)

// An Input is where one table is.
type Input struct {
	Source  datasets.Source
	Columns map[string]string // headers by the names of columns, where they are not recognised
}

// A Set is the optional tables of a project, and the base that their rows are
// joined to. Start from NewSet.
type Set struct {
	base   *Base
	inputs map[string]Input
}

// NewSet returns the tables in inputs, by name. A nil base joins nothing: a
// row's domain is then the key that its cell holds, and ids lead nowhere. A name
// that is not in Tables is an error.
func NewSet(base *Base, inputs map[string]Input) (*Set, error) {
	for name := range inputs {
		if _, ok := Lookup(name); !ok {
			return nil, fmt.Errorf("read tables: %q is no table", name)
		}
	}
	return &Set{base, inputs}, nil
}

// Has reports whether the project has the table.
func (s *Set) Has(table string) bool { _, ok := s.inputs[table]; return ok }

// Each hands every row of the table of T to yield, in order, but for those that
// are in the recycle bin, that lack a required cell, or that repeat an id. It
// ends at the first error of yield. A table that the project does not have has
// no rows; its Intake needs every column.
//
// A required column that is not there is a *features.ColumnError; a table of
// contacts that holds people is an error wrapping datasets.ErrShape.
func Each[T Record, P filler[T]](ctx context.Context, s *Set, yield func(T) error) (*Intake, error) {
	var record T
	table := tableOf(record)
	input, ok := s.inputs[table.Name]
	intake := &Intake{Table: table.Name}
	if !ok {
		return intake, nil
	}
	intake.Source = input.Source.Name()
	p := &pass{table: table, base: s.base, intake: intake}
	err := p.run(ctx, input, func(r *row) error {
		P(&record).fill(r)
		if r.bad {
			return nil
		}
		return yield(record)
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", table.Name, err)
	}
	return intake, nil
}

// All returns every row of the table of T, as Each does: for tables that fit
// into memory.
func All[T Record, P filler[T]](ctx context.Context, s *Set) ([]T, *Intake, error) {
	var rows []T
	intake, err := Each[T, P](ctx, s, func(row T) error {
		rows = append(rows, row)
		return nil
	})
	return rows, intake, err
}

// A place is one column in the source.
type place struct {
	Column
	at     int // -1: it is not there
	order  parse.DateOrder
	intake *ColumnIntake
	texts  map[string]string
}

// intern returns a text that is held once, as long as there are few of them.
func (p *place) intern(text string) string {
	if kept, ok := p.texts[text]; ok {
		return kept
	}
	text = strings.Clone(text)
	if len(p.texts) < maxInterned {
		p.texts[text] = text
	}
	return text
}

// A pass is one reading of a table.
type pass struct {
	table   Table
	base    *Base
	intake  *Intake
	columns map[string]*place
	seen    map[string]bool // ids of deals and leads
}

// run reads the source to its end.
func (p *pass) run(ctx context.Context, input Input, do func(*row) error) (err error) {
	r, err := input.Source.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := p.find(r.Schema(), input); err != nil {
		return err
	}
	var b datasets.Batch
	for first := true; ; first = false {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, datasets.ErrNoRows) {
				p.finish()
				return nil
			}
			return err
		}
		if first {
			p.orders(&b)
		}
		for i := range b.Rows {
			if err := p.row(&row{pass: p, batch: &b, i: i}, do); err != nil {
				return err
			}
		}
	}
}

// row counts one row and hands it on.
func (p *pass) row(r *row, do func(*row) error) error {
	p.intake.Rows++
	if deleted, _ := r.flagIf("deleted"); deleted {
		p.intake.Deleted++
		return nil
	}
	if p.repeats(r) {
		p.intake.Repeated++
		return nil
	}
	if err := do(r); err != nil {
		return err
	}
	if r.bad {
		p.intake.Bad++
		return nil
	}
	p.intake.Read++
	if r.stray {
		p.intake.Unjoined++
		p.intake.Strays = addSample(p.intake.Strays, r.batch.Line(r.i), r.strayed)
	}
	return nil
}

// flagIf is flag for a column that not every table knows.
func (r *row) flagIf(name string) (value, known bool) {
	if r.columns[name] == nil {
		return false, false
	}
	return r.flag(name)
}

// repeats reports whether the row's record was read before: a CRM's export may
// be of several reports put together.
func (p *pass) repeats(r *row) bool {
	place, cell := r.cell("id")
	if place == nil || parse.IsMissing(cell) {
		return false
	}
	id := IDKey(cell)
	if p.seen[id] {
		return true
	}
	p.seen[id] = true
	return false
}

// find looks for the table's columns in the source.
func (p *pass) find(schema []datasets.Field, input Input) error {
	headers := make([]string, len(schema))
	for i, f := range schema {
		headers[i] = f.Name
	}
	if err := p.noPeople(headers); err != nil {
		return err
	}
	fault := &features.ColumnError{Source: input.Source.Name(), Have: headers}
	p.columns, p.seen = map[string]*place{}, map[string]bool{}
	taken := map[int]bool{}
	for _, c := range p.table.Columns {
		at := -1
		if header, ok := input.Columns[c.Name]; ok {
			if at = exact(headers, header); at < 0 {
				fault.Missing = append(fault.Missing, features.MissingColumn{Role: p.table.Name + "." + c.Name, Column: header})
			}
		} else if at = datasets.Find(headers, p.table.names(c)); taken[at] {
			at = -1
		}
		if at >= 0 && (schema[at].Type == datasets.Set || schema[at].Type == datasets.List) {
			return datasets.Shapef("%s: column %q is of type %s; want one value a row", fault.Source, headers[at], schema[at].Type)
		}
		if at < 0 && c.Required && input.Columns[c.Name] == "" {
			fault.Missing = append(fault.Missing, features.MissingColumn{Role: fmt.Sprintf("%s (or name another under tables.%s.columns)", p.table.Name, p.table.Name), Column: c.Name})
		}
		taken[at] = at >= 0
		place := &place{Column: c, at: at, texts: map[string]string{}, intake: &ColumnIntake{Name: c.Name}}
		if at >= 0 {
			place.intake.Header = headers[at]
		}
		p.columns[c.Name] = place
	}
	if p.table.ByAccount && p.columns["domain"].at < 0 && p.columns["account_id"].at < 0 {
		fault.Missing = append(fault.Missing, features.MissingColumn{Role: fmt.Sprintf("%s, nor account_id (or name another under tables.%s.columns)", p.table.Name, p.table.Name), Column: "domain"})
	}
	if fault.Missing != nil {
		return fault
	}
	return nil
}

func exact(headers []string, name string) int {
	for i, h := range headers {
		if strings.TrimPrefix(h, "\ufeff") == name {
			return i
		}
	}
	return -1
}

// people are headers that a table of counts has no use for.
var people = []string{"First Name", "FirstName", "Last Name", "LastName", "Full Name", "Prénom", "Nom de famille", "Mobile Phone", "MobilePhone"}

// noPeople refuses a table of contacts that holds persons instead of counts.
func (p *pass) noPeople(headers []string) error {
	if p.table.Name != contacts.Name {
		return nil
	}
	if at := datasets.Find(headers, people); at >= 0 {
		return datasets.Shapef("%s: column %q is about single persons; want counts: domain, role, level, count", p.intake.Source, headers[at])
	}
	return nil
}

// orders decides how each column writes dates, from the first batch.
func (p *pass) orders(b *datasets.Batch) {
	for _, place := range p.columns {
		if place.Kind != Instant || place.at < 0 || b.Columns[place.at].Type != datasets.Text {
			continue
		}
		cells := make([]string, b.Rows)
		for i := range cells {
			cells[i] = b.Columns[place.at].Text(i)
		}
		place.order = parse.OrderOf(cells)
	}
}

// finish lists what was found, in the table's order.
func (p *pass) finish() {
	for _, c := range p.table.Columns {
		if place := p.columns[c.Name]; place.at >= 0 || place.intake.Known > 0 {
			p.intake.Columns = append(p.intake.Columns, *place.intake)
		}
	}
}
