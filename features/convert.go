package features

import (
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// A converter turns the cells of one column of the base into those of one
// feature, and counts them.
type converter interface {
	// reset starts a row group with an audit to count in, and empty dictionaries.
	reset(audit *FeatureAudit)

	// add appends rows from to to of src, a column of b, to dst.
	add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int)
}

// newConverter returns the converter of a spec. asOf is the last day that may
// be known, order how the column writes its dates.
func newConverter(s Spec, asOf int32, order parse.DateOrder) converter {
	switch s.Kind {
	case Number:
		if s.parser() == "year" {
			return &numbers{read: parse.Year}
		}
		return &numbers{read: parse.Number, plain: true}
	case Category:
		return &categories{read: textParsers[s.parser()]}
	case Flag:
		if s.parser() == "filled" {
			return &flags{read: filled}
		}
		return &flags{read: parse.Flag}
	case Date:
		return &dates{asOf: asOf, order: order}
	case Set:
		return &sets{read: setParser(s), item: textParsers[s.parser()], none: s.Empty == "none"}
	default:
		return &sets{read: words, item: parse.Category}
	}
}

// textParsers are the parsers of categories, and of the items of sets, by name.
var textParsers = map[string]func(string) (string, parse.Status){
	"text": parse.Category, "set": parse.Category, "country": parse.Country, "code": parse.Code,
}

// A tally counts cells by what became of them.
type tally struct{ audit *FeatureAudit }

// note counts the cell of row i of b.
func (t tally) note(status parse.Status, b *datasets.Batch, i int, cell string) {
	switch status {
	case parse.OK:
		t.audit.Filled++
		t.audit.Parsed++
	case parse.Unreadable:
		t.audit.Filled++
		t.audit.Unreadable++
		if len(t.audit.Samples) < maxSamples {
			t.audit.Samples = addSample(t.audit.Samples, Sample{b.Line(i), clip(cell)})
		}
	}
}

// known counts the cells of a column that needs no parser.
func (t tally) known(dst *datasets.Column, from int, rows int) {
	for i := from; i < from+rows; i++ {
		if !dst.Missing(i) {
			t.audit.Filled++
			t.audit.Parsed++
		}
	}
}

// numbers converts to numbers.
type numbers struct {
	tally
	read  func(string) (float64, parse.Status)
	plain bool // read is fast on digits
	memo  memo[number]
}

type number struct {
	value  float64
	status parse.Status
}

func (n *numbers) reset(audit *FeatureAudit) { n.audit = audit }

func (n *numbers) add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	at := len(dst.Numbers)
	switch src.Type {
	case datasets.Number:
		for _, v := range src.Numbers[from:to] {
			if math.IsInf(v, 0) {
				v = math.NaN()
			}
			dst.Numbers = append(dst.Numbers, v+0) // -0 becomes 0
		}
	case datasets.Integer:
		for i := from; i < to; i++ {
			v := float64(src.Integers[i])
			if src.Missing(i) {
				v = math.NaN()
			}
			dst.Numbers = append(dst.Numbers, v)
		}
	default:
		cells := textsOf(src, from, to)
		for i := from; i < to; i++ {
			v := n.of(cells.at(i))
			n.note(v.status, b, i, cells.at(i))
			dst.Numbers = append(dst.Numbers, v.value)
		}
		return
	}
	n.known(dst, at, to-from)
}

// of reads a cell.
func (n *numbers) of(cell string) (v number) {
	if cell == "" {
		return number{math.NaN(), parse.Missing}
	}
	if n.plain && isPlain(cell) {
		v.value, v.status = n.read(cell)
		return v
	}
	v, ok := n.memo.get(cell)
	if !ok {
		v.value, v.status = n.read(cell)
		if n.memo.wants(cell) {
			n.memo.put(cell, v)
		}
	}
	return v
}

// isPlain reports whether a cell has nothing but digits and points.
func isPlain(cell string) bool {
	for i := 0; i < len(cell); i++ {
		if c := cell[i]; (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return true
}

// categories converts to categories.
type categories struct {
	tally
	read  func(string) (string, parse.Status)
	memo  memo[category]
	words dictionary
}

type category struct {
	code   int32
	status parse.Status
}

func (c *categories) reset(audit *FeatureAudit) {
	c.audit = audit
	c.memo.forget()
	c.words.forget()
}

func (c *categories) add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	cells := textsOf(src, from, to)
	for i := from; i < to; i++ {
		cell := cells.at(i)
		v := category{-1, parse.Missing}
		if cell != "" {
			v = c.of(cell)
		}
		c.note(v.status, b, i, cell)
		dst.Codes = append(dst.Codes, v.code)
	}
	dst.Dictionary = c.words.texts
}

// of reads a cell.
func (c *categories) of(cell string) category {
	v, ok := c.memo.get(cell)
	if ok {
		return v
	}
	text, status := c.read(cell)
	v = category{-1, status}
	if status == parse.OK {
		v.code = c.words.code(cut(text))
	}
	if c.memo.wants(cell) {
		c.memo.put(cell, v)
	}
	return v
}

// flags converts to flags.
type flags struct {
	tally
	read func(string) (bool, parse.Status)
	memo memo[flag]
}

type flag struct {
	value  int8
	status parse.Status
}

func (f *flags) reset(audit *FeatureAudit) { f.audit = audit }

func (f *flags) add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	if src.Type == datasets.Flag {
		at := len(dst.Flags)
		dst.Flags = append(dst.Flags, src.Flags[from:to]...)
		f.known(dst, at, to-from)
		return
	}
	cells := textsOf(src, from, to)
	for i := from; i < to; i++ {
		cell := cells.at(i)
		v := flag{-1, parse.Missing}
		if cell != "" {
			v = f.of(cell)
		}
		f.note(v.status, b, i, cell)
		dst.Flags = append(dst.Flags, v.value)
	}
}

// of reads a cell.
func (f *flags) of(cell string) flag {
	v, ok := f.memo.get(cell)
	if ok {
		return v
	}
	yes, status := f.read(cell)
	v = flag{-1, status}
	if status == parse.OK {
		v.value = boolFlag(yes)
	}
	if f.memo.wants(cell) {
		f.memo.put(cell, v)
	}
	return v
}

// filled reads a cell that is worth something by being there, such as a stock
// ticker: any value is yes. An empty cell is missing, not no: it may be unknown.
func filled(cell string) (bool, parse.Status) {
	if parse.IsMissing(cell) {
		return false, parse.Missing
	}
	return true, parse.OK
}

// dates converts to dates. One after asOf is not known yet: missing.
type dates struct {
	tally
	asOf  int32
	order parse.DateOrder
	memo  memo[day]
}

type day struct {
	value  int32
	status parse.Status
}

func (d *dates) reset(audit *FeatureAudit) { d.audit = audit }

func (d *dates) add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	if src.Type == datasets.Date {
		at := len(dst.Days)
		dst.Days = append(dst.Days, src.Days[from:to]...)
		d.known(dst, at, to-from)
		d.hide(dst.Days[at:])
		return
	}
	at := len(dst.Days)
	cells := textsOf(src, from, to)
	for i := from; i < to; i++ {
		cell := cells.at(i)
		v := day{datasets.MissingDay, parse.Missing}
		if cell != "" {
			v = d.of(cell)
		}
		d.note(v.status, b, i, cell)
		dst.Days = append(dst.Days, v.value)
	}
	d.hide(dst.Days[at:])
}

// hide makes days after asOf missing.
func (d *dates) hide(days []int32) {
	for i, day := range days {
		if day > d.asOf {
			days[i] = datasets.MissingDay
			d.audit.Future++
		}
	}
}

// of reads a cell.
func (d *dates) of(cell string) day {
	v, ok := d.memo.get(cell)
	if !ok {
		v.value, v.status = d.order.Date(cell)
		if d.memo.wants(cell) {
			d.memo.put(cell, v)
		}
	}
	return v
}
