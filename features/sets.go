package features

import (
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// maxItems is the most items of one cell that a set keeps, the first ones:
// beyond, a cell is no list of what a company has.
const maxItems = 1000

// setParser returns the parser of a set written in one cell. It appends the
// items to dst, none unless the status is OK.
func setParser(s Spec) func(dst []string, cell string) ([]string, parse.Status) {
	sep := s.separator()
	switch s.parser() {
	case "country":
		return countries
	case "code":
		return func(dst []string, cell string) ([]string, parse.Status) { return codes(dst, cell, sep) }
	}
	return func(dst []string, cell string) ([]string, parse.Status) {
		dst = parse.Set(dst, cell, sep)
		return dst, setStatus(len(dst), cell, sep)
	}
}

// setStatus tells an empty set from a cell, or items, that say nothing.
func setStatus(items int, cell, sep string) parse.Status {
	if items > 0 {
		return parse.OK
	}
	for more := !parse.IsMissing(cell); more; {
		var item string
		if item, cell, more = strings.Cut(cell, sep); !parse.IsMissing(item) {
			return parse.OK // it says "none"
		}
	}
	return parse.Missing
}

// codes reads a set of codes. Items that are no code are left out; a cell of
// nothing else is unreadable.
func codes(dst []string, cell, sep string) ([]string, parse.Status) {
	dst = parse.Set(dst, cell, sep)
	status := setStatus(len(dst), cell, sep)
	read := dst[:0]
	for _, item := range dst {
		if code, status := parse.Code(item); status == parse.OK && !slices.Contains(read, code) {
			read = append(read, code)
		}
	}
	if len(read) == 0 && len(dst) > 0 {
		return read, parse.Unreadable
	}
	return read, status
}

// countries reads a set of countries.
func countries(dst []string, cell string) ([]string, parse.Status) {
	if dst = parse.Countries(dst, cell); len(dst) > 0 {
		return dst, parse.OK
	}
	country, status := parse.Country(cell)
	if status == parse.OK {
		dst = append(dst, country)
	}
	return dst, status
}

// words reads a text as the set of its words. A text without words says nothing.
func words(dst []string, cell string) ([]string, parse.Status) {
	if parse.IsMissing(cell) {
		return dst, parse.Missing
	}
	if dst = parse.Words(dst, cell); len(dst) == 0 {
		return dst, parse.Missing
	}
	return dst, parse.OK
}

// sets converts to sets, of what a list in a cell holds or of its words.
type sets struct {
	tally
	read  func(dst []string, cell string) ([]string, parse.Status)
	item  func(string) (string, parse.Status) // one item of a set that needs no splitting
	memo  memo[run32]
	arena []int32 // codes of the remembered cells
	words dictionary
	none  bool // an empty cell is known to be none

	split []string // the items of the current cell
	items recoder  // for a source that is a set
}

// run32 is a remembered cell: its codes are arena[from:to].
type run32 struct {
	from, to int32
	status   parse.Status
}

func (s *sets) reset(audit *FeatureAudit) {
	s.audit = audit
	s.memo.forget()
	s.words.forget()
	s.arena, s.items = s.arena[:0], recoder{}
}

func (s *sets) add(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	if src.Type == datasets.Set {
		s.addItems(dst, src, from, to)
	} else {
		s.addCells(dst, b, src, from, to)
	}
	dst.Dictionary = s.words.texts
}

// addCells adds cells that hold a list, or words.
func (s *sets) addCells(dst *datasets.Column, b *datasets.Batch, src *datasets.Column, from, to int) {
	cells := textsOf(src, from, to)
	for i := from; i < to; i++ {
		cell, status := cells.at(i), parse.Missing
		switch {
		case s.none && strings.TrimSpace(cell) == "":
			status = parse.OK
		case cell != "":
			status = s.addCell(dst, cell)
		}
		s.note(status, b, i, cell)
		dst.Null = append(dst.Null, status != parse.OK)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Codes)))
	}
}

// addCell adds the items of a cell.
func (s *sets) addCell(dst *datasets.Column, cell string) parse.Status {
	v, ok := s.memo.get(cell)
	if ok {
		dst.Codes = append(dst.Codes, s.arena[v.from:v.to]...)
		return v.status
	}
	var status parse.Status
	s.split, status = s.read(s.split[:0], cell)
	first := len(dst.Codes)
	for _, item := range s.split[:min(len(s.split), maxItems)] {
		dst.Codes = append(dst.Codes, s.words.code(cut(item)))
	}
	if s.memo.wants(cell) {
		at := int32(len(s.arena))
		s.arena = append(s.arena, dst.Codes[first:]...)
		s.memo.put(cell, run32{at, int32(len(s.arena)), status})
	}
	return status
}

// addItems adds rows of a column that is a set already.
func (s *sets) addItems(dst, src *datasets.Column, from, to int) {
	at := len(dst.Null)
	s.items.follow(src.Dictionary)
	give := s.codeOf
	for i := from; i < to; i++ {
		first, items := len(dst.Codes), src.Items(i)
		for _, code := range items {
			item := s.items.code(code, give)
			if item >= 0 && len(dst.Codes)-first < maxItems && !slices.Contains(dst.Codes[first:], item) {
				dst.Codes = append(dst.Codes, item)
			}
		}
		// A set of which no item can be read is not known to be empty.
		dst.Null = append(dst.Null, src.Missing(i) && !s.none || len(items) > 0 && len(dst.Codes) == first)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Codes)))
	}
	s.known(dst, at, to-from)
}

// codeOf returns the code of an item of a set that is a set already, or -1.
func (s *sets) codeOf(text string) int32 {
	item, status := s.item(text)
	if status != parse.OK {
		return -1
	}
	return s.words.code(cut(item))
}
