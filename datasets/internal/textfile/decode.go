package textfile

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/icpfit/icpfit/datasets"
)

// decoder returns the bytes of r as UTF-8.
func decoder(r io.Reader, enc Encoding) io.Reader {
	switch enc {
	case UTF16LE:
		return &transcoder{src: r, step: utf16Step(binary.LittleEndian)}
	case UTF16BE:
		return &transcoder{src: r, step: utf16Step(binary.BigEndian)}
	case Windows1252:
		return &transcoder{src: r, step: windows1252Step}
	case Mixed:
		return &transcoder{src: r, step: mixedStep}
	}
	return r
}

// A step appends the text of the first character in src to dst and returns how
// many bytes it took: 0 if it needs more, which it may not say when last is set.
type step func(dst, src []byte, last bool) ([]byte, int, error)

// A transcoder turns an encoding into UTF-8, block by block.
type transcoder struct {
	src  io.Reader
	step step
	raw  [32 << 10]byte
	kept int    // raw[:kept] waits for the bytes behind it
	out  []byte // decoded, not yet read
	buf  []byte // out's memory
	err  error  // what to return when out is empty
}

func (t *transcoder) Read(p []byte) (int, error) {
	for len(t.out) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.fill()
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

// fill decodes another block.
func (t *transcoder) fill() {
	n, err := t.src.Read(t.raw[t.kept:])
	raw := t.raw[:t.kept+n]
	dst := t.buf[:0]
	for len(raw) > 0 {
		var took int
		var fault error
		dst, took, fault = t.step(dst, raw, err != nil)
		if fault != nil {
			err = fault
			break
		}
		if took == 0 {
			break
		}
		raw = raw[took:]
	}
	t.kept = copy(t.raw[:], raw)
	t.buf, t.out, t.err = dst, dst, err
}

// windows1252 holds the text of each byte. The five bytes that the code page
// leaves undefined are control characters, as in browsers.
var windows1252 = func() (table [256]string) {
	for b := range table {
		r := charmap.Windows1252.DecodeByte(byte(b))
		if r == utf8.RuneError {
			r = rune(b)
		}
		table[b] = string(r)
	}
	return table
}()

func windows1252Step(dst, src []byte, _ bool) ([]byte, int, error) {
	if n := asciiLen(src); n > 0 {
		return append(dst, src[:n]...), n, nil
	}
	return append(dst, windows1252[src[0]]...), 1, nil
}

func mixedStep(dst, src []byte, last bool) ([]byte, int, error) {
	if n := asciiLen(src); n > 0 {
		return append(dst, src[:n]...), n, nil
	}
	if !last && !utf8.FullRune(src) {
		return dst, 0, nil
	}
	if r, n := utf8.DecodeRune(src); r != utf8.RuneError || n > 1 {
		return append(dst, src[:n]...), n, nil
	}
	return append(dst, windows1252[src[0]]...), 1, nil
}

// utf16Step decodes UTF-16. Half a surrogate pair becomes U+FFFD; half a code
// unit at the end means that the file is cut short.
func utf16Step(order binary.ByteOrder) step {
	return func(dst, src []byte, last bool) ([]byte, int, error) {
		if len(src) < 2 {
			if last {
				return dst, 0, datasets.Shapef("its UTF-16 text ends in half a character; copy the file again")
			}
			return dst, 0, nil
		}
		r := rune(order.Uint16(src))
		if !utf16.IsSurrogate(r) {
			return utf8.AppendRune(dst, r), 2, nil
		}
		if len(src) < 4 {
			if last {
				return utf8.AppendRune(dst, utf8.RuneError), 2, nil
			}
			return dst, 0, nil
		}
		if pair := utf16.DecodeRune(r, rune(order.Uint16(src[2:]))); pair != utf8.RuneError {
			return utf8.AppendRune(dst, pair), 4, nil
		}
		return utf8.AppendRune(dst, utf8.RuneError), 2, nil
	}
}
