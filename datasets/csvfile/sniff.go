package csvfile

import (
	"bytes"
	"context"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

// separators are those looked for, most usual first.
const separators = ",;\t|"

// A separator is judged on so many rows, or bytes if those are fewer.
const (
	sniffRows  = 100
	sniffBytes = 128 << 10
)

// sniffEnd returns what ends a line: the first of LF, CRLF and CR that is found
// outside quotes, or else the first of them at all.
func sniffEnd(sample []byte) byte {
	quoted, found := false, -1
	for i, b := range sample {
		if b == '"' {
			quoted = !quoted
		}
		if b != '\n' && b != '\r' {
			continue
		}
		if found < 0 {
			found = i
		}
		if !quoted {
			found = i
			break
		}
	}
	if found < 0 || sample[found] == '\n' || bytes.HasPrefix(sample[found:], []byte("\r\n")) {
		return '\n'
	}
	return '\r'
}

// sniffSeparator returns the separator that cuts most rows of the sample like
// its header, into at least two cells. Where two do equally well it is the one
// that makes more cells, then the more usual. A sample that none of them cuts
// has one column, and the comma is returned. whole says that the sample is all
// of the file.
func sniffSeparator(sample []byte, eol byte, maxCell int, whole bool) byte {
	if len(sample) > sniffBytes {
		sample, whole = sample[:sniffBytes], false
	}
	best, bestCells, bestShare := separators[0], 1, 0.0
	for _, sep := range []byte(separators) {
		cells, share := judge(sample, sep, eol, maxCell, whole)
		if cells > 1 && (share > bestShare || share == bestShare && cells > bestCells) {
			best, bestCells, bestShare = sep, cells, share
		}
	}
	return best
}

// judge returns the number of cells that sep finds in the header, and the share
// of rows that have as many.
func judge(sample []byte, sep, eol byte, maxCell int, whole bool) (cells int, share float64) {
	s := newScanner(bytes.NewReader(sample), maxCell, max(len(sample), 2*maxSpaces))
	s.ctx = context.Background() // the sample is in memory
	s.use([]byte{sep}, eol)
	rows, like := 0, 0
	for rows < sniffRows {
		if ok, err := s.nextRow(); !ok || err != nil {
			break
		}
		n, err := s.countCells()
		if rows == 0 {
			cells = n
		}
		if !whole && s.eof && s.pos == s.end {
			break // the sample cuts this row
		}
		rows++
		if err == nil && n == cells {
			like++
		}
		if err != nil {
			break
		}
	}
	return cells, float64(like) / float64(max(rows, 1))
}

// countCells reads a row and returns its number of cells.
func (s *scanner) countCells() (int, error) {
	var c datasets.Column
	for n := 1; ; n++ {
		c.Data, c.Offsets = c.Data[:0], c.Offsets[:0]
		end, err := s.cell(&c)
		if err != nil || end == endRow {
			return n, err
		}
	}
}

// declared obeys a first line like "sep=;", which Excel reads and writes. It
// returns the separator, and the length of the line without its end, or 0.
func declared(sample []byte) (rune, int) {
	rest, ok := bytes.CutPrefix(sample, []byte("sep="))
	if !ok {
		return 0, 0
	}
	r, n := utf8.DecodeRune(rest)
	if r == utf8.RuneError || len(rest) == n || rest[n] != '\r' && rest[n] != '\n' {
		return 0, 0
	}
	if (Options{Separator: r, MaxCell: 1}).Validate() != nil {
		return 0, 0
	}
	return r, len("sep=") + n
}

// controls reports whether the sample has so many control characters that it is
// no text; 1 in 20 is far beyond the stray ones of real exports.
func controls(sample []byte, sep rune) bool {
	n := 0
	for _, b := range sample {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && rune(b) != sep {
			n++
		}
	}
	return n*20 > len(sample)
}
