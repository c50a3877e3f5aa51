package datasets

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Type says which slices of a Column are in use.
type Type uint8

// The types of a column. Sources of text files yield Text only; typed files
// and feature tables use the others.
const (
	Text     Type = iota // Data and Offsets; an empty cell is missing
	Number               // Numbers; NaN is missing
	Integer              // Integers; missing where Null
	Date                 // Days since 1970-01-01; MissingDay is missing
	Flag                 // Flags: 1 yes, 0 no, -1 missing
	Category             // Codes into Dictionary, one a row; -1 is missing
	Set                  // Codes into Dictionary, Offsets by row; missing where Null
	List                 // Children hold the items' fields, Offsets by row; missing where Null
)

var typeNames = [...]string{"text", "number", "integer", "date", "flag", "category", "set", "list"}

// String returns the type's name, in lower case.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

// MissingDay marks a missing date in Column.Days.
const MissingDay int32 = math.MinInt32

// A Field names a column and its type. Children are the fields of a List's items.
type Field struct {
	Name     string
	Type     Type
	Children []Field
}

// A Column holds one column of a batch. Type says which slices are in use; the
// others are empty. All row-wise slices have the batch's number of rows;
// Offsets has one more: row i is [Offsets[i], Offsets[i+1]).
type Column struct {
	Field

	Data       []byte    // Text: the cells, one after the other, UTF-8
	Offsets    []int32   // Text, Set, List
	Numbers    []float64 // Number
	Integers   []int64   // Integer
	Days       []int32   // Date
	Flags      []int8    // Flag
	Codes      []int32   // Category: one a row; Set: one an item
	Dictionary []string  // Category, Set; shared between batches of one reader when it does not change
	Null       []bool    // Integer, Set, List: true where the row is missing; nil means none is
	Children   []Column  // List: the items' fields, one row an item
}

// Cell returns the bytes of row i of a Text column. They are valid until the
// batch is filled again.
func (c *Column) Cell(i int) []byte { return c.Data[c.Offsets[i]:c.Offsets[i+1]] }

// Text returns a copy of row i as text, "" where it is missing, infinite, or
// a set or list. Numbers are written in full, without exponent; a date is
// 2006-01-02, a flag true or false.
func (c *Column) Text(i int) string {
	if c.Missing(i) {
		return ""
	}
	switch c.Type {
	case Text:
		return string(c.Cell(i))
	case Category:
		return c.Dictionary[c.Codes[i]]
	case Number:
		if math.IsInf(c.Numbers[i], 0) {
			return ""
		}
		return strconv.FormatFloat(c.Numbers[i], 'f', -1, 64)
	case Integer:
		return strconv.FormatInt(c.Integers[i], 10)
	case Date:
		return time.Unix(int64(c.Days[i])*86400, 0).UTC().Format(time.DateOnly)
	case Flag:
		return strconv.FormatBool(c.Flags[i] == 1)
	}
	return ""
}

// Items returns the codes of row i of a Set column.
func (c *Column) Items(i int) []int32 { return c.Codes[c.Offsets[i]:c.Offsets[i+1]] }

// Missing reports whether row i has no value. An empty set is a value: it is
// known to be empty.
func (c *Column) Missing(i int) bool {
	switch c.Type {
	case Text:
		return c.Offsets[i] == c.Offsets[i+1]
	case Number:
		return math.IsNaN(c.Numbers[i])
	case Date:
		return c.Days[i] == MissingDay
	case Flag:
		return c.Flags[i] < 0
	case Category:
		return c.Codes[i] < 0
	default:
		return len(c.Null) > 0 && c.Null[i]
	}
}

// Reset empties the column and keeps its field and its memory.
func (c *Column) Reset() {
	c.Data, c.Numbers, c.Integers = c.Data[:0], c.Numbers[:0], c.Integers[:0]
	c.Days, c.Flags, c.Codes, c.Null = c.Days[:0], c.Flags[:0], c.Codes[:0], c.Null[:0]
	c.Offsets = c.Offsets[:0]
	switch c.Type {
	case Text, Set, List:
		c.Offsets = append(c.Offsets, 0)
	}
	for i := range c.Children {
		c.Children[i].Reset()
	}
}

// A Batch is a run of rows, held by column.
type Batch struct {
	Rows    int
	First   int64 // the number of the first row in its source, from 0
	Columns []Column

	// Lines holds, for text files, the line on which each row starts, from 1;
	// empty for other sources.
	Lines []int64

	// Filled holds how many cells of each row are not empty, where a Glancer leaves
	// cells out; else it is empty.
	Filled []uint16
}

// Column returns the column of that name, or nil.
func (b *Batch) Column(name string) *Column {
	for i := range b.Columns {
		if b.Columns[i].Name == name {
			return &b.Columns[i]
		}
	}
	return nil
}

// Line returns where row i is: its line in a text file, else its number from 1.
func (b *Batch) Line(i int) int64 {
	if i < len(b.Lines) {
		return b.Lines[i]
	}
	return b.First + int64(i) + 1
}

// Prepare gives b one empty column per field, keeping memory from an earlier use.
func (b *Batch) Prepare(fields []Field) {
	if len(b.Columns) != len(fields) {
		b.Columns = make([]Column, len(fields))
	}
	b.Rows, b.Lines, b.Filled = 0, b.Lines[:0], b.Filled[:0]
	for i, f := range fields {
		c := &b.Columns[i]
		c.Field = f
		if len(c.Children) != len(f.Children) {
			c.Children = make([]Column, len(f.Children))
		}
		for k, child := range f.Children {
			c.Children[k].Field = child
		}
		c.Reset()
	}
}
