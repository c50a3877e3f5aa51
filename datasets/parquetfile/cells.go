package parquetfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

// A filler appends cells of one leaf to a column of a batch.
type filler interface {
	// fill appends one cell per definition level of def, or n present cells
	// if def is nil. The next values of p belong to the levels equal to top.
	fill(dst *datasets.Column, p *page, def []byte, top byte, n int) error

	// forget drops what it knows of a dictionary: another column chunk follows.
	forget()
}

// newFiller returns the filler for a leaf read as type t. words is where a
// category's texts are kept.
func newFiller(t datasets.Type, words *vocabulary) filler {
	switch t {
	case datasets.Number:
		return &fixed[float64]{
			slot: func(c *datasets.Column) *[]float64 { return &c.Numbers }, missing: math.NaN(), convert: (*vector).appendNumbers,
		}
	case datasets.Integer:
		return &fixed[int64]{
			slot: func(c *datasets.Column) *[]int64 { return &c.Integers }, convert: (*vector).appendIntegers, nulls: true,
		}
	case datasets.Date:
		return &fixed[int32]{
			slot: func(c *datasets.Column) *[]int32 { return &c.Days }, missing: datasets.MissingDay, convert: (*vector).appendDays,
		}
	case datasets.Flag:
		return &fixed[int8]{
			slot: func(c *datasets.Column) *[]int8 { return &c.Flags }, missing: -1, convert: (*vector).appendFlags,
		}
	case datasets.Text:
		return &texts{}
	}
	return &fixed[int32]{ // Category, Set
		slot: func(c *datasets.Column) *[]int32 { return &c.Codes }, missing: -1, convert: words.appendCodes,
	}
}

// A fixed fills a slice of cells of one size.
type fixed[T any] struct {
	slot    func(*datasets.Column) *[]T
	convert func(v *vector, dst []T, lo, hi int) ([]T, error)
	missing T
	nulls   bool // Null says what is missing

	dictionary []T // the chunk's dictionary, converted
	known      bool
	scratch    []T
}

func (f *fixed[T]) forget() { f.dictionary, f.known = f.dictionary[:0], false }

func (f *fixed[T]) fill(dst *datasets.Column, p *page, def []byte, top byte, n int) error {
	present := n
	if def != nil {
		present = bytes.Count(def, []byte{top})
	}
	slot := f.slot(dst)
	before := len(*slot)
	var err error
	if present == n {
		*slot, err = f.take(*slot, p, n)
	} else {
		if f.scratch, err = f.take(f.scratch[:0], p, present); err == nil {
			f.scratch = append(f.scratch, f.missing)
			*slot = spread(*slot, f.scratch, def, top)
		}
	}
	if err != nil || !f.nulls {
		return err
	}
	for i := range len(*slot) - before {
		dst.Null = append(dst.Null, def != nil && def[i] != top)
	}
	return nil
}

// take appends the next n values of the page to dst.
func (f *fixed[T]) take(dst []T, p *page, n int) ([]T, error) {
	lo, err := p.advance(n)
	if err != nil || p.index == nil {
		if err == nil {
			dst, err = f.convert(&p.values, dst, lo, lo+n)
		}
		return dst, err
	}
	if !f.known {
		if f.dictionary, err = f.convert(&p.dictionary, f.dictionary[:0], 0, p.dictionary.n); err != nil {
			return dst, err
		}
		f.known = true
	}
	words := f.dictionary
	for _, i := range p.index[lo : lo+n] {
		if uint(i) >= uint(len(words)) {
			return dst, fmt.Errorf("index %d into a dictionary of %d", i, len(words))
		}
		dst = append(dst, words[i])
	}
	return dst, nil
}

// spread appends one cell per level: the next of values where the level is top,
// else missing, which is the last of values. Which it is no processor guesses well, so
// that there is no branch to take.
func spread[T any](dst, values []T, def []byte, top byte) []T {
	from := len(dst)
	dst = slices.Grow(dst, len(def))[:from+len(def)]
	next, last := 0, len(values)-1
	for i, d := range def {
		there := same(d, top)
		dst[from+i] = values[last^(last^next)&-there]
		next += there
	}
	return dst
}

// same returns 1 if a and b are the same, else 0.
func same(a, b byte) int { return int((uint32(a^b) - 1) >> 31) }

// texts fills Data and Offsets.
type texts struct {
	checked bool // the chunk's dictionary is UTF-8
}

func (t *texts) forget() { t.checked = false }

func (t *texts) fill(dst *datasets.Column, p *page, def []byte, top byte, n int) error {
	present := n
	if def != nil {
		present = bytes.Count(def, []byte{top})
	}
	lo, err := p.advance(present)
	if err != nil {
		return err
	}
	before := len(dst.Offsets)
	if p.index == nil {
		err = copyCells(dst, &p.values, lo, lo+present)
	} else {
		err = t.lookUp(dst, p, lo, lo+present)
	}
	if err != nil || def == nil {
		return err
	}
	dst.Offsets = spreadEnds(dst.Offsets, before, def, top)
	return nil
}

// lookUp appends cells lo to hi of a page of indices.
func (t *texts) lookUp(dst *datasets.Column, p *page, lo, hi int) error {
	words := &p.dictionary
	if !t.checked {
		if err := checkText(words, 0, words.n); err != nil {
			return err
		}
		t.checked = true
	}
	for _, i := range p.index[lo:hi] {
		if uint(i) >= uint(words.n) {
			return fmt.Errorf("index %d into a dictionary of %d", i, words.n)
		}
		if dst.Data = append(dst.Data, words.cell(int(i))...); len(dst.Data) > maxCells {
			return errTooMuchText
		}
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
	}
	return nil
}

var errTooMuchText = datasets.Shapef("%d rows hold more than %d bytes of text; shorten it or drop the column", datasets.BatchRows, maxCells)

// copyCells appends cells lo to hi of v, which lie one after the other.
func copyCells(dst *datasets.Column, v *vector, lo, hi int) error {
	if err := checkText(v, lo, hi); err != nil {
		return err
	}
	start := v.offsets[lo]
	if len(dst.Data)+int(v.offsets[hi]-start) > maxCells {
		return errTooMuchText
	}
	base := int32(len(dst.Data))
	dst.Data = append(dst.Data, v.data[start:v.offsets[hi]]...)
	for _, end := range v.offsets[lo+1 : hi+1] {
		dst.Offsets = append(dst.Offsets, base+int32(end-start))
	}
	return nil
}

// spreadEnds makes room, in the ends of cells from before on, for the empty
// cells of the levels below top: each ends where the cell before it does.
func spreadEnds(ends []int32, before int, def []byte, top byte) []int32 {
	k := len(ends) - 1 // the last end not yet moved
	ends = slices.Grow(ends, before+len(def)-len(ends))[:before+len(def)]
	for i := len(def) - 1; i >= 0; i-- {
		ends[before+i] = ends[k]
		k -= same(def[i], top)
	}
	return ends
}

// checkText returns an error unless cells lo to hi are UTF-8. Most cells are
// ASCII, and one look at all of them tells.
func checkText(v *vector, lo, hi int) error {
	if v.offsets != nil && isASCII(v.data[v.offsets[lo]:v.offsets[hi]]) {
		return nil
	}
	for i := lo; i < hi; i++ {
		if !utf8.Valid(v.cell(i)) {
			return datasets.Shapef("it holds bytes that are not UTF-8; write it as text or drop it")
		}
	}
	return nil
}

func isASCII(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// A vocabulary numbers the texts of a category or set as they come. It only
// grows, and lives as long as its reader: a code never changes its meaning.
type vocabulary struct {
	codes map[string]int32
	words []string
}

// appendCodes appends the codes of values lo to hi of v, -1 for empty texts.
func (w *vocabulary) appendCodes(v *vector, dst []int32, lo, hi int) ([]int32, error) {
	if err := checkText(v, lo, hi); err != nil {
		return dst, err
	}
	for i := lo; i < hi; i++ {
		cell := v.cell(i)
		code, ok := w.codes[string(cell)]
		if !ok {
			code = w.add(string(cell))
		}
		dst = append(dst, code)
	}
	return dst, nil
}

func (w *vocabulary) add(word string) int32 {
	if word == "" {
		return -1
	}
	if w.codes == nil {
		w.codes = make(map[string]int32)
	}
	code := int32(len(w.words))
	w.codes[word] = code
	w.words = append(w.words, word)
	return code
}
