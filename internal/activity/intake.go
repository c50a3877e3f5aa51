package activity

import (
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// An Intake says what became of the rows of a table. The Intake of a table that
// the project does not have has no Source and no rows.
type Intake struct {
	Table    string         `json:"table"`
	Source   string         `json:"source,omitempty"`
	Rows     int64          `json:"rows"`               // of the source
	Read     int64          `json:"read"`               // of these, handed on
	Deleted  int64          `json:"deleted,omitempty"`  // of the others, in the recycle bin
	Bad      int64          `json:"bad,omitempty"`      // of the others, without what makes a row mean anything
	Repeated int64          `json:"repeated,omitempty"` // of the others, of an id that was read before
	Unjoined int64          `json:"unjoined,omitempty"` // of those read, of no account of the base
	Strays   []Sample       `json:"strays,omitempty"`   // the first 10 of these
	Columns  []ColumnIntake `json:"columns,omitempty"`  // those that the source has
}

// A ColumnIntake counts the cells of one column, over the rows that are not in
// the recycle bin.
type ColumnIntake struct {
	Name       string   `json:"name"`
	Header     string   `json:"header"` // as the source calls it; "": worked out from other columns
	Known      int64    `json:"known"`
	Unreadable int64    `json:"unreadable,omitempty"`
	Samples    []Sample `json:"samples,omitempty"` // the first 10 of these
}

// A Sample is a cell with its place.
type Sample struct {
	Line int64  `json:"line"`
	Text string `json:"text"` // at most 80 bytes, without control characters
}

const (
	maxSamples  = 10
	sampleBytes = 80
)

func (c *ColumnIntake) sample(line int64, cell string) { c.Samples = addSample(c.Samples, line, cell) }

func addSample(to []Sample, line int64, cell string) []Sample {
	if len(to) >= maxSamples {
		return to
	}
	cell = datasets.Printable(cell, false)
	if len(cell) > sampleBytes {
		cell = strings.ToValidUTF8(cell[:sampleBytes-3], "") + "…"
	}
	return append(to, Sample{line, cell})
}

// Present reports whether the project has the table.
func (in *Intake) Present() bool { return in.Source != "" }

// column returns the intake of a column, or nil.
func (in *Intake) column(name string) *ColumnIntake {
	i := slices.IndexFunc(in.Columns, func(c ColumnIntake) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &in.Columns[i]
}

// Needs returns those of the columns that the table lacks, or of which it knows
// no value; nil where a figure made of them can be computed. A name that is no
// column of the table is a bug, and panics.
func (in *Intake) Needs(columns ...string) Needs {
	table, _ := Lookup(in.Table)
	var needs Needs
	for _, name := range columns {
		if !slices.ContainsFunc(table.Columns, func(c Column) bool { return c.Name == name }) {
			panic("activity: " + in.Table + " has no column " + name)
		}
		if c := in.column(name); c == nil || c.Known == 0 {
			needs = append(needs, in.Table+"."+name)
		}
	}
	return needs
}

// Needs are the columns, as table.column, that a figure cannot be computed
// without.
type Needs []string

// String says so, as in "needs opportunities.closed_at".
func (n Needs) String() string {
	if len(n) == 0 {
		return ""
	}
	return "needs " + strings.Join(n, ", ")
}
