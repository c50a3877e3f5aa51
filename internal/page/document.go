package page

import (
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/model/metrics"
)

// A Document is a page in words: what WriteHTML and WriteMarkdown both show, so
// that they cannot differ in a figure.
type Document struct {
	Lang, Title, Name, Subtitle, Headline string
	Action, ActionTitle, ActionLabel      string   // Action is keep, retrain or fix_data: the colour
	Why                                   []string // reasons of the action
	Warned, WarnedAt                      string   // how many warnings, and the section that lists them
	Key, Nav, Sort, Scroll, SameAsTable   string   // labels for screen readers and scripts
	Tiles                                 []Tile
	Sections                              []Section
	Footer                                string
}

// A Tile is a key figure.
type Tile struct{ Value, Label, Note string }

// NewTile returns a key figure; note may be "".
func NewTile(value, label, note string) Tile { return Tile{value, label, note} }

// A Section is a chapter.
type Section struct {
	ID, Title, Nav, Lead string
	Parts                []Part
}

// A Part is a piece of a section; what is empty is not shown.
type Part struct {
	Title, Note string
	Fold        bool // closed until clicked
	List        []string
	Legend      string // of the chart
	Chart       *Chart
	Table       *Table
	TableTitle  string // of a table below its chart, closed until clicked; "": the table is shown
	Cards       []Card
}

// A Card is a chart of one feature with its figures.
type Card struct {
	Title, Sub, Note string
	Chart            *Chart
	Table            *Table
}

// A Table has one cell a column in every row.
type Table struct {
	Label    string // for screen readers
	Stack    bool   // on a narrow screen, each row becomes a card
	Sortable bool
	Cut      bool // only the first rows are shown until all are asked for
	Matrix   bool // the first cell of a row is its title; cells are narrow
	Columns  []Column
	Rows     [][]Field
	Details  []*Detail // what opens below each row; nil: none
}

// filterFrom is the number of rows from which a sortable table has a box to filter
// it by.
const filterFrom = 12

// Filter reports whether the table has a box to filter it by.
func (t *Table) Filter() bool { return t.Sortable && len(t.Rows) >= filterFrom }

// A Detail is what a row of a table opens: the columns' facts, a chart, sentences.
type Detail struct {
	Title string
	Facts []Fact
	Chart *Chart
	List  []string
	Note  string
	Code  string // a command that says more
}

// A Fact is a thing and what it is.
type Fact struct{ Name, Text string }

// A Column has a title, and whether it holds numbers.
type Column struct {
	Title  string
	Number bool
}

// A Field is a cell of a table.
type Field struct {
	Text  string
	Lines []string // sentences, instead of Text
	Sort  string   // number to sort by
	Grade string   // shown as a badge
	Bar   string   // width of a bar below the text
	Class string
}

// Words makes columns of texts.
func Words(titles ...string) []Column {
	out := make([]Column, len(titles))
	for i, t := range titles {
		out[i].Title = t
	}
	return out
}

// Numbers makes columns of numbers.
func Numbers(titles ...string) []Column {
	out := Words(titles...)
	for i := range out {
		out[i].Number = true
	}
	return out
}

// Word is a cell of text.
func Word(text string) Field { return Field{Text: text} }

// Number is a cell that sorts by v.
func Number(v float64, text string) Field {
	return Field{Text: text, Sort: strconv.FormatFloat(v, 'g', -1, 64)}
}

// Letter is a cell with a grade.
func Letter(grade string) Field { return Field{Text: grade, Grade: grade} }

// Share is a cell with a share and its bar.
func (p *Printer) Share(share float64) Field {
	f := Number(share, p.Percent(share))
	f.Bar = Permille(share)
	return f
}

// Optional is a cell with a number that may be unknown.
func (p *Printer) Optional(v *float64, text func(float64) string) Field {
	if v == nil {
		return Field{Text: p.T("none"), Sort: "-Infinity"}
	}
	return Number(*v, text(*v))
}

// Permille writes a share as a percentage for a chart.
func Permille(share float64) string {
	return strconv.FormatFloat(100*max(0, min(1, share)), 'f', 2, 64) + "%"
}

// Interval is a cell with an estimate that may be unknown.
func (p *Printer) Interval(i *metrics.Interval, text func(metrics.Interval) string) Field {
	if i == nil {
		return p.Optional(nil, nil)
	}
	return Number(i.Value, text(*i))
}

// GradeClass returns the style class of a grade.
func GradeClass(grade string) string {
	if len(grade) != 1 || grade < "A" || grade > "F" {
		return "grade"
	}
	return "grade grade-" + strings.ToLower(grade)
}

// number gives every chart an id of its own.
func (d *Document) number() {
	n := 0
	give := func(c *Chart) {
		if c != nil {
			n++
			c.ID = n
		}
	}
	for _, s := range d.Sections {
		for _, p := range s.Parts {
			give(p.Chart)
			if p.Table != nil {
				for _, detail := range p.Table.Details {
					if detail != nil {
						give(detail.Chart)
					}
				}
			}
			for _, c := range p.Cards {
				give(c.Chart)
			}
		}
	}
}
