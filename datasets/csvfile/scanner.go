package csvfile

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/bits"

	"github.com/icpfit/icpfit/datasets"
)

const (
	maxRow    = 64 << 20 // bytes of a row, beyond its longest cell
	maxSpaces = 64       // spaces dropped before a quote; more than that is text
	slack     = 64       // bytes behind the block, so that find, look and appendShort may load whole words
)

// An ending says what follows a cell.
type ending uint8

const (
	endCell ending = iota // a separator: the row goes on
	endRow                // a line end, or the end of the file
)

// A scanner cuts a stream into cells. Cells are copied from the block straight
// into columns; one that crosses a block's end is copied in parts, so nothing
// but the block is buffered.
type scanner struct {
	ctx     context.Context // of the Read under way; looked at between blocks
	src     io.Reader
	maxCell int
	block   int // bytes read at a time

	sep     []byte // the separator, one character
	eol     byte   // '\n', behind an optional '\r'; or '\r'
	sepMask uint64 // sep[0] in every byte
	eolMask uint64

	buf      []byte // buf[pos:end] is unread; buf[end] is eol, so that find stops
	pos, end int
	base     int64 // bytes of the stream before buf[0]
	row      int64 // where in the stream the current row starts
	line     int64 // line of buf[pos], from 1
	eof      bool
	nul      bool // a NUL byte follows buf[end-1]
	cr       bool // there has been a CR

	spans   []span          // of glance: the cells to keep of a row
	skipped datasets.Column // of skip
}

// newScanner reads src in blocks of some bytes, at least 2·maxSpaces. The
// separator is a comma and the line end LF until use says otherwise.
func newScanner(src io.Reader, maxCell, block int) *scanner {
	s := &scanner{src: src, maxCell: maxCell, block: block, buf: make([]byte, block+slack), line: 1}
	s.use([]byte{','}, '\n')
	return s
}

// use sets the separator and the line end.
func (s *scanner) use(sep []byte, eol byte) {
	const ones = 0x0101010101010101
	s.sep, s.eol = sep, eol
	s.sepMask, s.eolMask = uint64(sep[0])*ones, uint64(eol)*ones
	s.buf[s.end] = eol
}

// fault is an error at the current line. The reader adds file and column.
func (s *scanner) fault(line int64, format string, args ...any) error {
	return &datasets.RowError{Row: line, Err: datasets.Shapef(format, args...)}
}

// more moves the unread bytes to the front of the block and reads behind them.
// It reports false at the end of the stream.
func (s *scanner) more() (bool, error) {
	if err := s.ctx.Err(); err != nil {
		return false, err
	}
	if s.nul {
		return false, s.fault(s.line, "NUL byte; want text, and this may be a binary file")
	}
	if s.base+int64(s.pos)-s.row > maxRow+int64(s.maxCell) {
		return false, s.fault(s.line, "row is above %d MiB; is the separator right?", maxRow>>20)
	}
	n := copy(s.buf, s.buf[s.pos:s.end])
	s.base += int64(s.pos)
	s.pos, s.end = 0, n
	for !s.eof && s.end == n {
		m, err := s.src.Read(s.buf[s.end:s.block])
		if k := bytes.IndexByte(s.buf[s.end:s.end+m], 0); k >= 0 {
			m, s.nul = k, true
		}
		s.cr = s.cr || bytes.IndexByte(s.buf[s.end:s.end+m], '\r') >= 0
		s.end += m
		if err == io.EOF {
			s.eof = true
		} else if err != nil {
			return false, err
		}
		if s.nul && s.end == n {
			return s.more()
		}
	}
	s.buf[s.end] = s.eol
	return s.end > n, nil
}

// ensure makes n unread bytes available. It reports false if the stream ends
// before.
func (s *scanner) ensure(n int) (bool, error) {
	for s.end-s.pos < n {
		if ok, err := s.more(); !ok {
			return false, err
		}
	}
	return true, nil
}

// nextRow skips blank lines. It reports false at the end of the stream.
func (s *scanner) nextRow() (bool, error) {
	for {
		s.row = s.base + int64(s.pos)
		if ok, err := s.ensure(1); !ok {
			return false, err
		}
		switch b := s.buf[s.pos]; {
		case b == s.eol:
			s.pos++
			s.line++
		case b == '\n': // the second half of CRLF, in a file of CR
			s.pos++
		case b == '\r':
			ok, err := s.ensure(2)
			if err != nil {
				return false, err
			}
			if ok && s.buf[s.pos+1] != '\n' {
				return true, nil
			}
			s.pos++
		default:
			return true, nil
		}
	}
}

// cell appends the next cell to c and says what ended it.
func (s *scanner) cell(c *datasets.Column) (ending, error) {
	if s.pos == s.end {
		if ok, err := s.more(); !ok {
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
			return endRow, err
		}
	}
	from, i, next := s.pos, 0, 0 // the text is buf[from:i], what ends it is buf[next]
	lines := false               // the text may hold line ends
	switch s.buf[s.pos] {
	case ' ':
		return s.slow(c)
	case '"':
		from++
		if i, lines = s.findQuote(from); i == s.end {
			return s.slow(c)
		}
		next = i + 1
	default:
		i = s.find(from)
		next = i
	}
	if i-from > s.maxCell || len(s.sep) > 1 {
		return s.slow(c)
	}
	end := endCell
	switch b := s.buf[next]; {
	case next == s.end:
		return s.slow(c)
	case b == s.eol:
		end = endRow
		if next == i && b == '\n' && i > from && s.buf[i-1] == '\r' {
			i--
		}
	case b != s.sep[0]:
		return s.slow(c) // CR, a space or a second quote behind a quote
	}
	if lines {
		s.line += int64(bytes.Count(s.buf[from:i], []byte{s.eol}))
	}
	if end == endRow {
		s.line++
	}
	s.pos = next + 1
	c.Data = appendShort(c.Data, s.buf, from, i)
	c.Offsets = append(c.Offsets, int32(len(c.Data)))
	return end, nil
}

// skip passes over the next cell, and says whether it has text and what ended it.
func (s *scanner) skip() (filled bool, end ending, err error) {
	s.skipped.Reset()
	end, err = s.cell(&s.skipped)
	return len(s.skipped.Data) > 0, end, err
}

// appendShort appends src[from:to]. Where dst has room it copies sixteen bytes
// whatever the length, which a processor does faster than it guesses lengths.
func appendShort(dst, src []byte, from, to int) []byte {
	n := len(dst)
	if to-from > 16 || cap(dst)-n < 16 || len(src)-from < 16 {
		return append(dst, src[from:to]...)
	}
	copy(dst[n:n+16], src[from:from+16])
	return dst[:n+to-from]
}

// find returns the place of the first separator byte or line end at i or
// behind; it is at most s.end. It compares eight bytes at a time: a byte of
// x^mask is zero where x has the byte looked for, and (y-1)&^y has the top bit
// of the lowest zero byte set.
func (s *scanner) find(i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	buf, sep, eol := s.buf, s.sepMask, s.eolMask
	for {
		w := binary.LittleEndian.Uint64(buf[i:])
		a, b := w^sep, w^eol
		if m := ((a-ones)&^a | (b-ones)&^b) & tops; m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
		i += 8
	}
}

// findQuote returns the place of the first quote at i or behind, s.end where there
// is none, and whether there may be a line end before it. It compares as find does.
func (s *scanner) findQuote(i int) (at int, lines bool) {
	const ones, tops, quotes = 0x0101010101010101, 0x8080808080808080, '"' * 0x0101010101010101
	buf, eol := s.buf, s.eolMask
	for i < s.end {
		w := binary.LittleEndian.Uint64(buf[i:])
		a, b := w^quotes, w^eol
		quote, end := (a-ones)&^a&tops, (b-ones)&^b&tops
		if quote == 0 {
			lines = lines || end != 0
			i += 8
			continue
		}
		lines = lines || end&(quote-1) != 0 // of the quotes found, the lowest is one
		return min(i+bits.TrailingZeros64(quote)>>3, s.end), lines
	}
	return s.end, lines
}
