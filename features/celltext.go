package features

import (
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

// texts yields the cells of one column of a batch as strings; the zero texts
// yields nothing but missing ones. It holds one copy
// of the batch's bytes, so that a cell costs no allocation and stays valid when
// the batch is filled again.
type texts struct {
	col  *datasets.Column
	data string // Text: the column's bytes
	zero int32  // Text: where data starts in the column
}

// textsOf returns the texts of rows from to to of col.
func textsOf(col *datasets.Column, from, to int) texts {
	t := texts{col: col}
	if col.Type == datasets.Text {
		t.zero = col.Offsets[from]
		t.data = string(col.Data[t.zero:col.Offsets[to]])
	}
	return t
}

// at returns the text of row i, as Column.Text does, without a copy.
func (t texts) at(i int) string {
	c := t.col
	if c == nil {
		return ""
	}
	if c.Type == datasets.Text {
		return t.data[c.Offsets[i]-t.zero : c.Offsets[i+1]-t.zero]
	}
	return c.Text(i)
}

// hasText reports whether cells of type t can be read as texts.
func hasText(t datasets.Type) bool { return t != datasets.Set && t != datasets.List }

// direct reports whether a column of type t already is what kind k wants.
func direct(k Kind, t datasets.Type) bool {
	switch k {
	case Number:
		return t == datasets.Number || t == datasets.Integer
	case Flag:
		return t == datasets.Flag
	case Date:
		return t == datasets.Date
	case Set, Words:
		return t == datasets.Set
	}
	return false
}

// convertible reports whether a column of type t can become the spec's kind,
// as it is or through the spec's parser.
func convertible(s Spec, t datasets.Type) bool {
	if t == datasets.Text || t == datasets.Category || direct(s.Kind, t) {
		return true
	}
	switch s.Kind {
	case Number:
		return t == datasets.Date && s.parser() == "year"
	case Category:
		return t == datasets.Number || t == datasets.Integer || t == datasets.Flag
	case Flag:
		return t == datasets.Number || t == datasets.Integer
	case Date:
		return t == datasets.Integer
	}
	return false
}

// maxText is the most bytes that the tables keep of a name, an id, a category or
// an item: what is longer is no such thing.
const maxText = 1000

// cut returns the first maxText bytes of a text, without splitting a rune.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
