package report

import "strconv"

// A document is a report in words: what WriteHTML and WriteMarkdown both show,
// so that they cannot differ in a figure.
type document struct {
	Lang, Title, Name, Subtitle, Headline string
	Action, ActionTitle, ActionLabel      string
	Why                                   []string // reasons of the action
	Status, Warned                        string   // the model's age; how many warnings
	Key, Nav, Sort, Scroll, SameAsTable   string   // labels for screen readers and scripts
	Tiles                                 []tile
	Sections                              []section
	Footer                                string
}

// A tile is a key figure.
type tile struct{ Value, Label, Note string }

// A section is a chapter of the report.
type section struct {
	ID, Title, Nav, Lead string
	Parts                []part
}

// A part is a piece of a section; what is empty is not shown.
type part struct {
	Title, Note string
	Fold        bool // closed until clicked
	List        []string
	Legend      string // of the chart
	Chart       *chart
	Table       *table
	Cards       []card
}

// A card is a chart of one feature with its figures.
type card struct {
	Title, Sub, Note string
	Chart            *chart
	Table            *table
}

// A table has one cell a column in every row.
type table struct {
	Label    string // for screen readers
	Stack    bool   // on a narrow screen, each row becomes a card
	Sortable bool
	Columns  []column
	Rows     [][]field
}

// A column's title, and whether it holds numbers.
type column struct {
	Title  string
	Number bool
}

// A field is a cell of a table.
type field struct {
	Text  string
	Lines []string // instead of Text
	Sort  string   // number to sort by
	Grade string   // shown as a badge
	Bar   string   // width of a bar below the text
	Class string
}

// numbers and words make columns.
func words(titles ...string) []column {
	out := make([]column, len(titles))
	for i, t := range titles {
		out[i].Title = t
	}
	return out
}

func numbers(titles ...string) []column {
	out := words(titles...)
	for i := range out {
		out[i].Number = true
	}
	return out
}

// word is a cell of text.
func word(text string) field { return field{Text: text} }

// number is a cell that sorts by v.
func number(v float64, text string) field {
	return field{Text: text, Sort: strconv.FormatFloat(v, 'g', -1, 64)}
}

// letter is a cell with a grade.
func letter(grade string) field { return field{Text: grade, Grade: grade} }

// shareField is a cell with a share and its bar.
func (p *printer) shareField(share float64) field {
	f := number(share, p.percent(share))
	f.Bar = permille(share)
	return f
}

// optional is a cell with a number that may be unknown.
func (p *printer) optional(v *float64, text func(float64) string) field {
	if v == nil {
		return field{Text: p.t("none"), Sort: "-Infinity"}
	}
	return number(*v, text(*v))
}

// permille writes a share as a percentage for a chart.
func permille(share float64) string {
	return strconv.FormatFloat(100*max(0, min(1, share)), 'f', 2, 64) + "%"
}
