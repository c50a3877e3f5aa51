package csvfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/internal/textfile"
)

// blockSize is how many bytes are read at a time. The first block is also what
// the separator and the line end are sniffed in.
const blockSize = 1 << 20

// batchBytes ends a batch early where cells are long, so that its memory stays
// bounded and its offsets fit in 32 bits.
const batchBytes = 16 << 20

// A reader is one pass over a file.
type reader struct {
	path   string
	file   *textfile.File
	scan   *scanner
	fields []datasets.Field // named columns
	header header
	rows   int64 // read so far
	err    error // final
}

func (r *reader) Schema() []datasets.Field { return r.fields }

// start fills the first block, finds out how the file is written, and reads
// the header.
func (r *reader) start(ctx context.Context, sep rune) error {
	s := r.scan
	s.ctx = ctx
	for !s.nul && s.end < s.block {
		if ok, err := s.more(); err != nil {
			return r.locate(err, -1)
		} else if !ok {
			break
		}
	}
	sample := s.buf[:s.end]
	switch {
	case len(sample) == 0 && !s.nul:
		return r.locate(s.fault(1, "the file is empty; want a header and rows"), -1)
	case s.nul:
		line := 1 + int64(bytes.Count(sample, []byte{'\n'}))
		return r.locate(s.fault(line, "NUL byte; want text, and this may be a binary file"), -1)
	case controls(sample, sep):
		return r.locate(s.fault(1, "control characters; want text, and this may be a binary file"), -1)
	}
	eol := sniffEnd(sample)
	declaredSep, skip := declared(sample)
	if sep == 0 {
		sep = declaredSep
	}
	s.pos += skip // its line end then reads as a blank line
	if sep == 0 {
		sep = rune(sniffSeparator(sample[skip:], eol, s.maxCell, s.eof))
	}
	s.use([]byte(string(sep)), eol)
	return r.readHeader()
}

// readHeader reads the names of the columns.
func (r *reader) readHeader() error {
	s := r.scan
	if ok, err := s.nextRow(); err != nil {
		return r.locate(err, -1)
	} else if !ok {
		return r.locate(s.fault(s.line, "nothing but blank lines; want a header and rows"), -1)
	}
	line := s.line
	var names datasets.Column
	names.Reset()
	for {
		end, err := s.cell(&names)
		if err != nil {
			return r.locate(err, -1)
		}
		if len(names.Offsets)-1 > maxColumns {
			return r.locate(s.fault(line, "more than %d columns; is the separator %q right?", maxColumns, s.sep), -1)
		}
		if end == endRow {
			break
		}
	}
	h, err := newHeader(&names)
	if err != nil {
		return r.locate(&datasets.RowError{Row: line, Err: err}, -1)
	}
	r.header, r.fields = h, h.fields()
	return nil
}

// Read fills dst with the next rows.
func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if r.err != nil {
		return r.err
	}
	if err := r.fill(ctx, dst); err != nil {
		r.err = err
		dst.Prepare(r.fields)
		return err
	}
	r.rows += int64(dst.Rows)
	return nil
}

func (r *reader) fill(ctx context.Context, dst *datasets.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := r.scan
	s.ctx = ctx
	dst.First = r.rows
	r.header.bind(dst)
	start := s.base + int64(s.pos)
	for dst.Rows < datasets.BatchRows && s.base+int64(s.pos)-start < batchBytes {
		ok, err := s.nextRow()
		if err != nil {
			return r.locate(err, -1)
		}
		if !ok {
			break
		}
		line := s.line
		if r.header.wanted != nil {
			err = r.glance(line, dst)
		} else {
			err = r.row(line)
		}
		if err != nil {
			return err
		}
		dst.Lines = append(dst.Lines, line)
		dst.Rows++
	}
	if err := r.checkUnnamed(dst.Lines); err != nil {
		return err
	}
	switch {
	case dst.Rows > 0:
		return nil
	case r.rows == 0:
		return r.locate(&datasets.RowError{Row: s.line, Err: datasets.ErrNoRows}, -1)
	}
	return io.EOF
}

// row appends the cells of a row to the columns.
func (r *reader) row(line int64) error {
	cells, last := r.header.cells, len(r.header.cells)-1
	for i, c := range cells {
		end, err := r.scan.cell(c)
		if err != nil {
			return r.locate(err, i)
		}
		if (end == endRow) != (i == last) {
			return r.ragged(line, i+1, end)
		}
	}
	return nil
}

// glance appends the wanted cells of a row to their columns, and counts those of named
// columns that are not empty.
func (r *reader) glance(line int64, dst *datasets.Batch) error {
	filled, ok := r.scan.glance(len(r.header.cells), r.header.kept)
	if !ok {
		var err error
		if filled, err = r.glanceAny(line); err != nil {
			return err
		}
	}
	for i := range r.header.spare { // blanks, or they are refused
		if o := r.header.spare[i].Offsets; o[len(o)-1] > o[len(o)-2] {
			filled--
		}
	}
	dst.Filled = append(dst.Filled, uint16(filled))
	return nil
}

// glanceAny is glance for a row of any kind. It counts cells of columns without a name
// too.
func (r *reader) glanceAny(line int64) (filled int, err error) {
	cells, last := r.header.cells, len(r.header.cells)-1
	for i, c := range cells {
		var end ending
		var there bool
		if c == nil {
			there, end, err = r.scan.skip()
		} else {
			before := len(c.Data)
			end, err = r.scan.cell(c)
			there = len(c.Data) > before
		}
		if err != nil {
			return 0, r.locate(err, i)
		}
		if (end == endRow) != (i == last) {
			return 0, r.ragged(line, i+1, end)
		}
		if there {
			filled++
		}
	}
	return filled, nil
}

// ragged is the error of a row with the wrong number of cells, of which found
// have been read.
func (r *reader) ragged(line int64, found int, end ending) error {
	want := len(r.header.cells)
	if end == endRow {
		return r.locate(r.scan.fault(line, "row has %s, want %d; the first without one is column %s",
			count(found), want, r.header.describe(found)), -1)
	}
	n, err := r.scan.countCells()
	if err != nil {
		return r.locate(err, -1)
	}
	return r.locate(r.scan.fault(line, "row has %s, want %d; quote a cell that holds the separator %q",
		count(found+n), want, r.scan.sep), -1)
}

func count(cells int) string {
	if cells == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", cells)
}

// checkUnnamed refuses a value in a column that has no name.
func (r *reader) checkUnnamed(lines []int64) error {
	for i, c := range r.header.cells {
		if r.header.names[i] != "" || len(bytes.TrimSpace(c.Data)) == 0 {
			continue
		}
		for row, line := range lines {
			if len(bytes.TrimSpace(c.Cell(row))) > 0 {
				return r.locate(r.scan.fault(line, "column %d has a value and no name; name it in the header", i+1), -1)
			}
		}
	}
	return nil
}

// locate adds the file, and the name of the column at place i unless i < 0, to
// a fault of the scanner. Other errors are returned as they are.
func (r *reader) locate(err error, i int) error {
	row, ok := err.(*datasets.RowError) // never wrapped by the scanner
	if !ok {
		return err
	}
	row.Source = r.path
	if i >= 0 {
		row.Column = r.header.title(i)
	}
	return row
}

// Close closes the file. A second call does nothing; Read is an error after it.
func (r *reader) Close() error {
	if r.err == nil {
		r.err = errors.New("read: " + r.path + ": the reader is closed")
	}
	return r.file.Close()
}
