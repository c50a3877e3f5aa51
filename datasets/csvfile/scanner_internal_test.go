package csvfile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
)

// scanAll returns what a scanner makes of text: every cell, with "|" behind the
// last of a row and the line of each row, and the error that ended it. Rows of three
// plain cells are glanced at if asked for.
func scanAll(src io.Reader, sep string, eol byte, block int, glance bool) (cells []string, lines []int64, err error) {
	s := newScanner(src, 200, block)
	s.ctx = context.Background()
	s.use([]byte(sep), eol)
	var c datasets.Column // of all cells, so that one may harm another
	c.Reset()
	var ends []int // of rows, in cells
	three := []kept{{0, &c}, {1, &c}, {2, &c}}
	for err == nil {
		var ok bool
		if ok, err = s.nextRow(); !ok {
			break
		}
		lines = append(lines, s.line)
		if glance {
			before := len(c.Offsets)
			if filled, ok := s.glance(3, three); ok {
				for i := before; i < len(c.Offsets); i++ {
					if c.Offsets[i] > c.Offsets[i-1] {
						filled--
					}
				}
				if filled != 0 {
					return nil, nil, fmt.Errorf("line %d: %d more cells have text than were kept", s.line, filled)
				}
				ends = append(ends, len(c.Offsets)-1)
				continue
			}
		}
		for end := endCell; end == endCell && err == nil; {
			end, err = s.cell(&c)
		}
		ends = append(ends, len(c.Offsets)-1)
	}
	whole := len(c.Offsets) - 1
	if err != nil && whole > 0 {
		whole-- // how much was read of a cell with a fault is left open
	}
	for i := range whole {
		if cells = append(cells, string(c.Cell(i))); slices.Contains(ends, i+1) {
			cells = append(cells, "|")
		}
	}
	return cells, lines, err
}

// checkBlocks: where the ends of blocks fall makes no difference, nor whether rows are
// glanced at.
func checkBlocks(t *testing.T, text, sep string, eol byte) {
	t.Helper()
	cells, lines, err := scanAll(strings.NewReader(text), sep, eol, 1<<16, false)
	for name, src := range map[string]io.Reader{
		"glance":         strings.NewReader(text),
		"blocks, glance": strings.NewReader(text),
		"small block":    strings.NewReader(text),
		"byte by byte":   iotest.OneByteReader(strings.NewReader(text)),
		"end with bytes": iotest.DataErrReader(strings.NewReader(text)),
	} {
		block := 2 * maxSpaces
		if name == "glance" {
			block = 1 << 16
		}
		c, l, e := scanAll(src, sep, eol, block, strings.HasSuffix(name, "glance"))
		if !slices.Equal(c, cells) || !slices.Equal(l, lines) || !sameText(e, err) {
			t.Errorf("%s of %q by %q: %q at %v and %v, want %q at %v and %v", name, text, sep, c, l, e, cells, lines, err)
		}
	}
}

func sameText(a, b error) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Error() == b.Error())
}

func FuzzBlocks(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "\"1\"\"\r\n\",  \"2\" \r\n\r\n3,4\r", strings.Repeat("ab, \"cd\"\"e\" ,\r\n", 40),
		strings.Repeat(" ", 150) + "\"x\"\n", strings.Repeat("x", 130) + "→y\n", "a\rb\r\nc\r", "a,\x00b", "\"" + strings.Repeat("\n", 300),
		strings.Repeat("é→\xe2\x86", 60), "1→\"2\r\"\n3→\n",
		"\ne\xc3l\xe2\n\x00\x00\x00", "a\xe2\x86\x00",
		strings.Repeat("a,\"b\nc\",\n,,\"\"\r\n\"\",bcd,efghijklm\r\n", 30), strings.Repeat("a b \"c d\"\n", 40),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, sep := range []string{",", " ", "→"} {
			checkBlocks(t, text, sep, '\n')
			checkBlocks(t, text, sep, '\r')
		}
	})
}

// TestFind compares find with a plain loop, for every distance to the block's end.
func TestFind(t *testing.T) {
	s := newScanner(strings.NewReader(""), 1, 2*maxSpaces)
	for end := range 40 {
		for at := range end + 1 {
			for _, b := range []byte{',', '\n', ',' + 1, ',' | 0x80} {
				for i := range s.buf {
					s.buf[i] = '-' // one above the comma: a borrow from a match below would show
				}
				s.end = end
				s.buf[at] = b
				s.buf[end] = '\n'
				want := at
				for s.buf[want] != ',' && s.buf[want] != '\n' {
					want++
				}
				for from := range want + 1 {
					if got := s.find(from); got != want {
						t.Fatalf("find(%d) of %q = %d, want %d", from, s.buf[:end+1], got, want)
					}
				}
			}
		}
	}
}

// TestFindQuote looks for quotes among bytes that nearly are quotes or line ends.
func TestFindQuote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]byte("!\"#\n\v\ta")), 0, 60).Draw(t, "text")
		s := newScanner(bytes.NewReader(nil), 100, 128)
		s.end = copy(s.buf, text)
		s.use([]byte{','}, '\n')
		for from := range text {
			at, lines := s.findQuote(from)
			want := bytes.IndexByte(text[from:], '"')
			if want < 0 {
				want = len(text) - from
			}
			if at != from+want {
				t.Fatalf("%q from %d: the quote is at %d, want %d", text, from, at, from+want)
			}
			if bytes.IndexByte(text[from:at], '\n') >= 0 && !lines {
				t.Fatalf("%q from %d to %d: no line end", text, from, at)
			}
		}
	})
}

// TestMark looks for marks among bytes that nearly are one, with and without their
// upper bit.
func TestMark(t *testing.T) {
	bytes := rapid.SampledFrom([]byte("!\"#+,-\t\n\v\f\r\x0ea\x00\x01\x7f\x80\x8a\xa2\xac\xff"))
	rapid.Check(t, func(t *rapid.T) {
		s := newScanner(strings.NewReader(""), 100, 2*maxSpaces)
		for i := range s.buf {
			s.buf[i] = bytes.Draw(t, "byte")
		}
		same := bytes.Draw(t, "mark")
		from := rapid.IntRange(0, 64).Draw(t, "from")
		var want uint64
		for i, b := range s.buf[from : from+chunkBytes] {
			if b == same {
				want |= 1 << i
			}
		}
		if got := s.mark(from, uint64(same)*ones); got != want {
			t.Fatalf("%q is in %q at %b, not %b", same, s.buf[from:from+chunkBytes], want, got)
		}
	})
}
