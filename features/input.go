package features

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// An Input is everything a feature table is made of.
type Input struct {
	Accounts datasets.Source

	// Columns of Accounts. Domain is required; "" means that the base has none.
	Domain   string // website, URL or e-mail address
	ID       string // the account's id; without it the number of the row
	Name     string
	Modified string // when the row was last changed: the newest row of a domain survives
	Parent   string // the parent account, by id or by domain

	Specs     []Spec
	Customers *Customers // nil: none, every account is pool
	AsOf      int32      // day since 1970-01-01 after which nothing may be known
	Lag       int32      // days before won_at of which a customer's dates are not used; ≥ 0
}

// validate reports every fault of in that needs no look at the base.
func (in *Input) validate() error {
	errs := []error{Validate(in.Specs)}
	if in.Domain == "" {
		errs = append(errs, errors.New("accounts: no domain column is named; want the column with the website"))
	}
	if in.Lag < 0 {
		errs = append(errs, fmt.Errorf("customers: lag is %d days; want at least 0", in.Lag))
	}
	return errors.Join(errs...)
}

// DayString returns a day since 1970-01-01 as 2006-01-02, as folders and
// metadata hold it.
func DayString(day int32) string {
	return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly)
}

// A MissingColumn is a column that was asked for and is not there.
type MissingColumn struct {
	Role    string `json:"role"`              // what wanted it: "domain", `feature "employees"`
	Column  string `json:"column"`            // its name
	Nearest string `json:"nearest,omitempty"` // the column that may have been meant
}

// A ColumnError says that a source lacks columns. Have are those it has.
type ColumnError struct {
	Source  string
	Missing []MissingColumn
	Have    []string
}

// Error names the missing columns, the nearest existing ones, and all of them.
func (e *ColumnError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Source)
	for i, m := range e.Missing {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "no column %q for %s", m.Column, m.Role)
		if m.Nearest != "" {
			fmt.Fprintf(&b, ", did you mean %q?", m.Nearest)
		}
	}
	const most = 40
	fmt.Fprintf(&b, "; it has %q", e.Have[:min(most, len(e.Have))])
	if len(e.Have) > most {
		fmt.Fprintf(&b, " and %d more", len(e.Have)-most)
	}
	return b.String()
}

// Is makes errors.Is(err, datasets.ErrShape) true.
func (e *ColumnError) Is(target error) bool { return target == datasets.ErrShape }

// A finder looks up columns of a source by name and remembers the missing ones.
type finder struct {
	source  string
	schema  []datasets.Field
	missing []MissingColumn
}

// find returns the index of the column of that name, -1 if name is "" or, after
// noting it, if there is none.
func (f *finder) find(role, name string) int {
	if name == "" {
		return -1
	}
	at := slices.IndexFunc(f.schema, func(c datasets.Field) bool { return c.Name == name })
	if at < 0 {
		f.missing = append(f.missing, MissingColumn{role, name, nearest(name, f.names())})
	}
	return at
}

func (f *finder) names() []string {
	names := make([]string, len(f.schema))
	for i, c := range f.schema {
		names[i] = c.Name
	}
	return names
}

// err returns what find missed, or nil.
func (f *finder) err() error {
	if f.missing == nil {
		return nil
	}
	return &ColumnError{f.source, f.missing, f.names()}
}

// A layout holds where an input's columns are in its source; -1 is nowhere.
type layout struct {
	domain, id, name, modified, parent int
	features                           []int
}

// layout finds in's columns in schema, and checks that each can become what
// its role or kind says.
func (in *Input) layout(schema []datasets.Field) (layout, error) {
	f := finder{source: in.Accounts.Name(), schema: schema}
	l := layout{
		domain: f.find("domain", in.Domain), id: f.find("id", in.ID), name: f.find("name", in.Name),
		modified: f.find("modified", in.Modified), parent: f.find("parent", in.Parent),
	}
	for _, s := range in.Specs {
		l.features = append(l.features, f.find(fmt.Sprintf("feature %q", s.Name), s.Column))
	}
	if err := f.err(); err != nil {
		return l, err
	}
	var errs []error
	for _, at := range []int{l.domain, l.id, l.name, l.modified, l.parent} {
		if at >= 0 && !hasText(schema[at].Type) {
			errs = append(errs, datasets.Shapef("%s: column %q is of type %s; want text", f.source, schema[at].Name, schema[at].Type))
		}
	}
	for i, at := range l.features {
		if s := in.Specs[i]; !convertible(s, schema[at].Type) {
			errs = append(errs, datasets.Shapef("%s: column %q is of type %s, which cannot become kind %s of feature %q; want another kind or column",
				f.source, s.Column, schema[at].Type, s.Kind, s.Name))
		}
	}
	return l, errors.Join(errs...)
}
