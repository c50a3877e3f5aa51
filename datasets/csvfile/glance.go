package csvfile

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/icpfit/icpfit/datasets"
)

// glance passes over a row of so many cells, appends those to keep to their columns,
// and returns how many cells of the row have text. A row that it cannot pass over, and
// reports as ok false, is as it was: one that does not end in the block, or is not
// written plainly.
//
// It looks at 64 bytes at a time, each of which is a bit of a word: which of them are
// quotes says which are within quotes, and that which end a cell. No cell is looked
// at on its own unless it is kept. Langdale and Lemire, "Parsing gigabytes of JSON
// per second", VLDB Journal 28 (2019), section 3.1.
func (s *scanner) glance(columns int, keep []kept) (filled int, ok bool) {
	if len(s.sep) > 1 {
		return 0, false
	}
	s.spans = s.spans[:0]
	cells, rest := 0, keep // that have ended; that are still to come
	from, lines := s.pos, int64(0)
	last := before{end: 1} // what is known of the byte before: it ended a cell, in a manner of speaking
	for at := s.pos; at < s.end; at += chunkBytes {
		c := s.look(at, &last)
		if c.strange != 0 {
			return 0, false
		}
		n := bits.OnesCount64(c.ends)
		ends, cell := c.ends, cells
		for ; len(rest) > 0 && rest[0].cell < cells+n; rest = rest[1:] {
			for ; cell < rest[0].cell; cell++ {
				from = at + bits.TrailingZeros64(ends) + 1
				ends &= ends - 1
			}
			s.spans = append(s.spans, span{from, at + bits.TrailingZeros64(ends)})
		}
		if c.ends != 0 {
			from = at + chunkBytes - bits.LeadingZeros64(c.ends)
		}
		cells, filled, lines = cells+n, filled+n-bits.OnesCount64(c.empty), lines+int64(bits.OnesCount64(c.lines))
		if c.row != 0 {
			if cells != columns || from-s.pos > s.maxCell || !s.keep(keep) {
				return 0, false
			}
			s.pos, s.line = from, s.line+lines+1
			return filled, true
		}
	}
	return 0, false
}

// A kept cell is one whose text is asked for, and where it goes.
type kept struct {
	cell int // of the row
	to   *datasets.Column
}

// A span is where a cell begins and what ends it, in the block.
type span struct{ from, end int }

// keep appends the cells that were found to their columns, or none of them if one
// has a quote in its text.
func (s *scanner) keep(cells []kept) bool {
	for i, c := range s.spans {
		from, to := c.from, c.end
		if s.buf[to] == '\n' && s.eol == '\n' && to > from && s.buf[to-1] == '\r' {
			to--
		}
		if to > from && s.buf[from] == '"' {
			from, to = from+1, to-1
			if bytes.IndexByte(s.buf[from:to], '"') >= 0 {
				return false
			}
		}
		s.spans[i] = span{from, to}
	}
	for i, c := range s.spans {
		to := cells[i].to
		to.Data = append(to.Data, s.buf[c.from:c.end]...)
		to.Offsets = append(to.Offsets, int32(len(to.Data)))
	}
	return true
}

// chunkBytes is how many bytes are looked at at once.
const chunkBytes = 64

// A chunk says of each of 64 bytes, in a bit each, what it is to the row that they
// are part of; of bytes behind the row's end, nothing.
type chunk struct {
	ends    uint64 // ends a cell
	row     uint64 // ends the row
	empty   uint64 // ends a cell without text
	lines   uint64 // a line end within quotes
	strange uint64 // a quote, or what follows one, that is not where a plain cell has it
}

// before is what the last byte of the chunk before is: 0 or 1 each, but for inside.
type before struct {
	end    uint64 // it ends a cell
	inside uint64 // all ones where it is within quotes, or opens them
	first  uint64 // a quote with which a cell begins
	shut   uint64 // a quote that closes, or is the first of two
	hollow uint64 // such a quote right behind the one with which the cell began
	cr     uint64 // a CR behind a closing quote
	bare   uint64 // a CR that is all of a cell
}

// look looks at 64 bytes from place i on, and moves last on to the last of them.
func (s *scanner) look(i int, last *before) (c chunk) {
	sep, eol, quote, cr := s.mark(i, s.sepMask), s.mark(i, s.eolMask), s.mark(i, '"'*ones), uint64(0)
	if s.cr && s.eol == '\n' {
		cr = s.mark(i, '\r'*ones)
	}
	if left := s.end - i; left < chunkBytes {
		within := uint64(1)<<left - 1
		sep, eol, quote, cr = sep&within, eol&within, quote&within, cr&within
	}
	inside := parity(quote) ^ last.inside // from an opening quote on, until before the closing
	c.ends = (sep | eol) &^ inside
	c.row = eol &^ inside
	c.lines = eol & inside

	follows := c.ends<<1 | last.end // an end
	opens, shuts := quote&inside, quote&^inside
	first := opens & follows
	hollow := shuts & (first<<1 | last.first)
	bare := cr & (follows | hollow<<1 | last.hollow)
	afterShut := shuts<<1 | last.shut
	crs := cr & afterShut
	c.strange = opens&^(follows|afterShut) | afterShut&^(c.ends|opens|cr) | (crs<<1|last.cr)&^c.row
	c.empty = c.ends&(follows|hollow<<1|last.hollow) | c.row&(bare<<1|last.bare)

	*last = before{c.ends >> 63, -(inside >> 63), first >> 63, shuts >> 63, hollow >> 63, crs >> 63, bare >> 63}
	if c.row != 0 {
		c.row &= -c.row
		row := c.row<<1 - 1 // the bytes up to the row's end
		c.ends, c.lines, c.strange, c.empty = c.ends&row, c.lines&row, c.strange&row, c.empty&row
	}
	return c
}

const ones = 0x0101010101010101

// mark returns which of 64 bytes from place i on are that of same, which has it eight
// times.
func (s *scanner) mark(i int, same uint64) uint64 {
	b := s.buf[i : i+chunkBytes]
	return zeros(binary.LittleEndian.Uint64(b)^same) | zeros(binary.LittleEndian.Uint64(b[8:])^same)<<8 |
		zeros(binary.LittleEndian.Uint64(b[16:])^same)<<16 | zeros(binary.LittleEndian.Uint64(b[24:])^same)<<24 |
		zeros(binary.LittleEndian.Uint64(b[32:])^same)<<32 | zeros(binary.LittleEndian.Uint64(b[40:])^same)<<40 |
		zeros(binary.LittleEndian.Uint64(b[48:])^same)<<48 | zeros(binary.LittleEndian.Uint64(b[56:])^same)<<56
}

// zeros returns which of the eight bytes of x are zero, a bit each. Of a byte's lower
// bits plus 0x7f the upper bit is set unless they are zero: no byte borrows from another.
func zeros(x uint64) uint64 {
	const low, gather = 0x7f7f7f7f7f7f7f7f, 0x0102040810204080 // gather moves the lowest bits of eight bytes into the highest byte
	return (^(x&low + low | x) >> 7 & ones) * gather >> 56
}

// parity returns of each bit whether the number of bits up to and with it is odd.
func parity(x uint64) uint64 {
	x ^= x << 1
	x ^= x << 2
	x ^= x << 4
	x ^= x << 8
	x ^= x << 16
	return x ^ x<<32
}
