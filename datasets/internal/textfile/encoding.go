package textfile

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// An Encoding says how the bytes of a file stand for characters.
type Encoding uint8

// The encodings of text files.
const (
	Unknown     Encoding = iota // bytes are passed through as they are
	UTF8                        // valid over the whole file
	UTF16LE                     // little end first, as Windows and Excel write it
	UTF16BE                     // big end first
	Windows1252                 // one byte a character; a superset of latin-1's printable part
	Mixed                       // UTF-8, with some bytes of Windows-1252 among it
)

const byteOrderMark = "\xef\xbb\xbf"

// Detect tells the encoding of the file by reading all of it, so that one
// latin-1 byte after a gigabyte of ASCII counts like one on the first line:
//
//   - a byte order mark, or zeros at every other byte, is UTF-16;
//   - bytes that are valid UTF-8 throughout are UTF8;
//   - if the bytes that are not valid outnumber the valid characters beyond
//     ASCII, every byte is Windows-1252;
//   - otherwise the file is Mixed (two exports pasted together, a cut
//     character): valid characters stand, and each other byte is Windows-1252.
//
// ctx is looked at between blocks. Errors are those of Open and Read.
func Detect(ctx context.Context, path string) (enc Encoding, err error) {
	f, err := Open(path, Unknown)
	if err != nil {
		return Unknown, err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if f.marked == UTF16LE || f.marked == UTF16BE {
		return f.marked, nil
	}
	var c census
	block := make([]byte, 256<<10)
	kept := 0
	for {
		if err := ctx.Err(); err != nil {
			return Unknown, err
		}
		n, err := f.Read(block[kept:])
		if err != nil && err != io.EOF {
			return Unknown, err
		}
		kept = copy(block, c.count(block[:kept+n], err == io.EOF))
		if err == io.EOF {
			return c.encoding(), nil
		}
	}
}

// A census counts the two kinds of bytes beyond ASCII.
type census struct {
	valid   int64 // characters beyond ASCII in valid UTF-8
	invalid int64 // bytes that are part of none
}

func (c *census) encoding() Encoding {
	switch {
	case c.invalid == 0:
		return UTF8
	case c.invalid > c.valid:
		return Windows1252
	}
	return Mixed
}

// count adds the characters of p. Unless last is set it returns the bytes at
// p's end that may be the start of a character, to be seen again.
func (c *census) count(p []byte, last bool) []byte {
	for {
		p = p[asciiLen(p):]
		if len(p) == 0 || !last && !utf8.FullRune(p) {
			return p
		}
		r, n := utf8.DecodeRune(p)
		if r == utf8.RuneError && n == 1 {
			c.invalid++
		} else {
			c.valid++
		}
		p = p[n:]
	}
}

// asciiLen returns the number of ASCII bytes that p starts with.
func asciiLen(p []byte) int {
	i := 0
	for ; i+8 <= len(p); i += 8 {
		if binary.LittleEndian.Uint64(p[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for i < len(p) && p[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// sniff tells what the first bytes alone can tell: UTF-16, or Unknown. mark is
// the length of the byte order mark to drop.
func sniff(head []byte) (enc Encoding, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte(byteOrderMark)):
		return Unknown, len(byteOrderMark)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE, 2
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	// Western text has a zero in nearly every pair, always on one side; binary
	// files have theirs on both. 40 % leaves room for names in other scripts.
	pairs := len(head) / 2
	switch {
	case pairs >= 2 && zeros[1]*5 >= pairs*2 && zeros[0]*10 < zeros[1]:
		return UTF16LE, 0
	case pairs >= 2 && zeros[0]*5 >= pairs*2 && zeros[1]*10 < zeros[0]:
		return UTF16BE, 0
	}
	return Unknown, 0
}

// foreign returns what to say of a file that starts like one of another
// format, or "".
func foreign(head []byte) string {
	for _, f := range []struct{ magic, says string }{
		{"PAR1", "it holds Parquet where text is wanted; give the Parquet file itself, not packed"},
		{"PK\x03\x04", "it is a zip archive or an Excel workbook; unpack it, or save the sheet as CSV UTF-8"},
		{"\xd0\xcf\x11\xe0", "it is an old Excel workbook; save the sheet as CSV UTF-8"},
		{"%PDF-", "it is a PDF; export the table as CSV"},
		{"SQLite format 3", "it is an SQLite database; export the table as CSV"},
		{"\xfd7zXZ\x00", "it is packed with xz; unpack it, or pack it with gzip or zstd"},
		{"BZh", "it is packed with bzip2; unpack it, or pack it with gzip or zstd"},
		{"\x1f\x8b", "it is packed twice; unpack it once"},
		{"\x28\xb5\x2f\xfd", "it is packed twice; unpack it once"},
		{"ARROW1\x00\x00", "it is an Arrow file; write it as Parquet or CSV"},
		{"Obj\x01", "it is an Avro file; write it as Parquet or CSV"},
		{"\xff\xfe\x00\x00", "it is UTF-32; save it as UTF-8"},
		{"\x00\x00\xfe\xff", "it is UTF-32; save it as UTF-8"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) && !isWord(f.magic, head) {
			return f.says
		}
	}
	return ""
}

// isWord reports whether the letters of a magic are the start of ordinary text:
// a CSV file may well have a first column named BZhours.
func isWord(magic string, head []byte) bool {
	return (magic == "BZh" || magic == "PAR1") && IsText(head)
}

// IsText reports whether head, the first bytes of a file, is ASCII without a
// NUL: no binary format with a magic of letters starts so.
func IsText(head []byte) bool {
	return asciiLen(head) == len(head) && bytes.IndexByte(head, 0) < 0
}
