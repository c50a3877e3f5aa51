package parquetfile

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A page is one decoded data page and how much of it has been read.
type page struct {
	lib        parquet.Page // nil before the first
	def, rep   []byte       // levels; def is nil where nothing can be null
	levels     int          // values, nulls included
	pos        int          // levels read
	values     vector       // without nulls, if index is nil
	index      []int32      // without nulls, into dictionary
	dictionary vector
	used       int // values read
	present    int // values there are
}

// advance moves over the next n values and returns where they start.
func (p *page) advance(n int) (int, error) {
	if n > p.present-p.used {
		return 0, fmt.Errorf("%d values where levels want more", p.present)
	}
	p.used += n
	return p.used - n, nil
}

// A cursor reads the pages of one column chunk, in order.
type cursor struct {
	leaf  leaf
	pages parquet.Pages
	guard *pageGuard
	page  page
	share *shared
	size  int64 // bytes it has open
	done  bool
}

// newCursor returns a cursor over a column chunk of the only row group of lib.
func newCursor(f *File, lib *parquet.File, l leaf, s *shared) *cursor {
	return &cursor{
		leaf:  l,
		share: s,
		pages: lib.RowGroups()[0].ColumnChunks()[l.index].Pages(),
		guard: newPageGuard(f, &lib.Metadata().RowGroups[0].Columns[l.index].MetaData, l, s),
	}
}

// more makes sure that the current page has levels left. It returns false at
// the end of the chunk.
func (c *cursor) more() (bool, error) {
	for !c.done && c.page.pos == c.page.levels {
		if c.page.used != c.page.present {
			return false, fmt.Errorf("a page holds %d values more than its levels", c.page.present-c.page.used)
		}
		if err := c.next(); err != nil {
			return false, err
		}
	}
	return !c.done, nil
}

// next reads a page.
func (c *cursor) next() error {
	if c.page.lib != nil {
		parquet.Release(c.page.lib)
		c.page.lib = nil
	}
	c.page = page{dictionary: c.page.dictionary}
	switch err := c.guard.next(); {
	case errors.Is(err, io.EOF):
		c.done = true
		return nil
	case err != nil:
		return err
	}
	if err := c.count(int64(c.guard.header.uncompressed) + c.guard.dictionary); err != nil {
		return err
	}
	lib, err := c.pages.ReadPage()
	if err != nil {
		return fmt.Errorf("page: %w", noEOF(err))
	}
	c.page.lib = lib
	return c.look()
}

// count notes that the cursor has so many bytes open.
func (c *cursor) count(size int64) error {
	c.share.open += size - c.size
	c.size = size
	if c.share.open > maxOpen {
		return datasets.Shapef("with it, %d MiB of pages are open at once, at most %d are read; write the file again with pages of 1 MiB, or read fewer columns", c.share.open>>20, maxOpen>>20)
	}
	return nil
}

// noEOF replaces io.EOF, which would read as a regular end.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// look looks into the page just read.
func (c *cursor) look() error {
	p, h := &c.page, c.guard.header
	p.levels = int(p.lib.NumValues())
	if p.levels != int(h.values) {
		return fmt.Errorf("a page of %d values decodes to %d", h.values, p.levels)
	}
	p.present = p.levels
	if c.leaf.maxDef > 0 {
		if p.def = p.lib.DefinitionLevels(); len(p.def) != p.levels {
			return fmt.Errorf("%d definition levels for %d values", len(p.def), p.levels)
		}
		p.present = p.levels - int(p.lib.NumNulls())
	}
	if c.leaf.maxRep > 0 {
		if p.rep = p.lib.RepetitionLevels(); len(p.rep) != p.levels {
			return fmt.Errorf("%d repetition levels for %d values", len(p.rep), p.levels)
		}
	}
	if h.kind == format.DataPageV2 && p.present != int(h.values-h.nulls) {
		return fmt.Errorf("a page of %d nulls decodes to %d", h.nulls, p.levels-p.present)
	}
	p.values = vector{stored: c.leaf.stored, scale: c.leaf.scale}
	dictionary := p.lib.Dictionary()
	if dictionary == nil {
		if err := c.checkWidth(); err != nil {
			return err
		}
		return p.values.setValues(p.lib.Data(), p.present)
	}
	data := p.lib.Data()
	if p.index = data.Int32(); len(p.index) < p.present {
		return fmt.Errorf("%d values where %d are declared", len(p.index), p.present)
	}
	if p.dictionary.n == 0 {
		p.dictionary = p.values
		return p.dictionary.setValues(dictionary.Page().Data(), dictionary.Len())
	}
	return nil
}

// checkWidth refuses a plain page with too few bytes for its values: the
// library would fill up with whatever its buffer held before.
func (c *cursor) checkWidth() error {
	h := c.guard.header
	if h.encoding != format.Plain {
		return nil
	}
	bits := 0
	switch c.leaf.stored {
	case asBoolean:
		bits = 1
	case asFloat, asInt32, asUint32, asDecimal32, asDays:
		bits = 32
	case asDouble, asInt64, asUint64, asDecimal64, asMillis, asMicros, asNanos:
		bits = 64
	case asInt96:
		bits = 96
	}
	if have := int(h.uncompressed - h.definitions - h.repetitions); bits*c.page.present > 8*have {
		return fmt.Errorf("%d bytes for %d values", have, c.page.present)
	}
	return nil
}

// close gives the pages back.
func (c *cursor) close() error {
	if c.page.lib != nil {
		parquet.Release(c.page.lib)
	}
	c.page = page{}
	c.share.open -= c.size
	c.size = 0
	return c.pages.Close()
}
