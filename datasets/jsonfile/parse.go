package jsonfile

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

const maxDepth = 64

// A kind is what a key holds.
type kind uint8

const (
	null kind = 1 << iota
	scalar
	array
	object
)

// A visitor is told what a row holds. Slices are valid during the call.
type visitor interface {
	// key is called once for each key; path has the names of its parents before
	// it, joined by dots. An error ends the parse.
	key(path []byte, k kind) error
	// text is called for the scalar of the last key, and for each item of its
	// array that is not null.
	text(cell []byte)
}

// A parser reads one object at a time. It accepts what RFC 8259 does, save for
// the limits in the package's doc.
type parser struct {
	visit visitor
	b     []byte
	i     int
	path  []byte // of the key being read; "" for the row itself
	cell  []byte // a string without its escapes
	depth int
}

// object parses record, which is to hold one object and nothing else.
func (p *parser) object(record []byte) error {
	p.b, p.i, p.path, p.depth = record, 0, p.path[:0], 0
	p.space()
	if p.peek() != '{' {
		return p.fault("%s; want one object a line", p.found())
	}
	if err := p.members(); err != nil {
		return err
	}
	p.space()
	if p.i < len(p.b) {
		p.path = p.path[:0]
		return p.fault("%s behind the object; want one object a line", p.found())
	}
	return nil
}

// line returns the line of the place where the last parse ended, for a record
// that starts on line start.
func (p *parser) line(start int64) int64 {
	return start + int64(bytes.Count(p.b[:min(p.i, len(p.b))], []byte{'\n'}))
}

// members parses an object at the current place.
func (p *parser) members() error {
	if p.depth++; p.depth > maxDepth {
		return p.fault("more than %d levels; flatten the object", maxDepth)
	}
	p.i++
	parent := len(p.path)
	p.space()
	if p.peek() == '}' {
		p.i++
		p.depth--
		return nil
	}
	for {
		if err := p.member(parent); err != nil {
			return err
		}
		p.space()
		switch p.peek() {
		case ',':
			p.i++
			p.space()
		case '}':
			p.i++
			p.depth--
			return nil
		default:
			return p.fault("%s in an object; want a comma or }", p.found())
		}
	}
}

// member parses a key and its value. The path is as before afterwards.
func (p *parser) member(parent int) error {
	if p.peek() != '"' {
		return p.fault("%s in an object; want a key in quotes", p.found())
	}
	name, err := p.str()
	if err != nil {
		return err
	}
	if len(name) == 0 {
		return p.fault("key without a name; name it")
	}
	if parent > 0 {
		p.path = append(p.path, '.')
	}
	p.path = append(p.path, name...)
	p.space()
	if p.peek() != ':' {
		return p.fault("%s behind a key; want a colon", p.found())
	}
	p.i++
	p.space()
	if err := p.value(); err != nil {
		return err
	}
	p.path = p.path[:parent]
	return nil
}

// value parses the value of the key at path.
func (p *parser) value() error {
	switch p.peek() {
	case '{':
		if err := p.visit.key(p.path, object); err != nil {
			return err
		}
		return p.members()
	case '[':
		if err := p.visit.key(p.path, array); err != nil {
			return err
		}
		return p.items()
	}
	cell, k, err := p.scalar()
	if err != nil {
		return err
	}
	if err := p.visit.key(p.path, k); err != nil {
		return err
	}
	if k == scalar {
		p.visit.text(cell)
	}
	return nil
}

// items parses an array of scalars.
func (p *parser) items() error {
	p.i++
	p.space()
	if p.peek() == ']' {
		p.i++
		return nil
	}
	for {
		switch p.peek() {
		case '{', '[':
			return p.fault("array of objects or of arrays; want an array of texts or numbers, or a row of its own for each object")
		}
		cell, k, err := p.scalar()
		if err != nil {
			return err
		}
		if k == scalar {
			p.visit.text(cell)
		}
		p.space()
		switch p.peek() {
		case ',':
			p.i++
			p.space()
		case ']':
			p.i++
			return nil
		default:
			return p.fault("%s in an array; want a comma or ]", p.found())
		}
	}
}

// scalar parses a string, a number, true, false or null.
func (p *parser) scalar() ([]byte, kind, error) {
	if c := p.peek(); c == '"' {
		s, err := p.str()
		return s, scalar, err
	} else if c == '-' || c >= '0' && c <= '9' {
		s, err := p.number()
		return s, scalar, err
	}
	for _, word := range [...]string{"null", "true", "false"} {
		if bytes.HasPrefix(p.b[p.i:], []byte(word)) {
			s := p.b[p.i : p.i+len(word)]
			p.i += len(word)
			if word == "null" {
				return nil, null, nil
			}
			return s, scalar, nil
		}
	}
	return nil, null, p.fault("%s; want a value", p.found())
}

// number returns the digits as they are written.
func (p *parser) number() ([]byte, error) {
	start := p.i
	if p.peek() == '-' {
		p.i++
	}
	whole := p.digits()
	if whole == 0 || whole > 1 && p.b[p.i-whole] == '0' {
		return nil, p.fault("malformed number; want digits without a leading zero")
	}
	if p.peek() == '.' {
		p.i++
		if p.digits() == 0 {
			return nil, p.fault("malformed number; want digits behind its point")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		if p.digits() == 0 {
			return nil, p.fault("malformed number; want digits in its exponent")
		}
	}
	return p.b[start:p.i], nil
}

// digits skips digits and returns how many there were.
func (p *parser) digits() int {
	start := p.i
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.i++
	}
	return p.i - start
}

// str parses a string and returns its text.
func (p *parser) str() ([]byte, error) {
	p.i++
	start, high := p.i, byte(0)
	for p.i < len(p.b) {
		c := p.b[p.i]
		switch {
		case c == '"':
			s := p.b[start:p.i]
			if high >= utf8.RuneSelf && !utf8.Valid(s) {
				return nil, p.fault("invalid UTF-8; save the file as UTF-8")
			}
			p.i++
			return s, nil
		case c == '\\':
			return p.escapedStr(start)
		case c < ' ':
			return nil, p.control(c)
		}
		high |= c
		p.i++
	}
	return nil, p.fault("string is not closed; want a quote")
}

// escapedStr parses a string that started at start and has its first escape at
// the current place.
func (p *parser) escapedStr(start int) ([]byte, error) {
	p.cell = append(p.cell[:0], p.b[start:p.i]...)
	for p.i < len(p.b) {
		c := p.b[p.i]
		switch {
		case c == '"':
			if !utf8.Valid(p.cell) {
				return nil, p.fault("invalid UTF-8; save the file as UTF-8")
			}
			p.i++
			return p.cell, nil
		case c == '\\':
			if err := p.escape(); err != nil {
				return nil, err
			}
		case c < ' ':
			return nil, p.control(c)
		default:
			p.cell = append(p.cell, c)
			p.i++
		}
	}
	return nil, p.fault("string is not closed; want a quote")
}

// escapes maps the letter behind a backslash to what it stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape appends what the escape at the current place stands for.
func (p *parser) escape() error {
	p.i++
	c := p.peek()
	if to := escapes[c]; to != 0 {
		p.cell = append(p.cell, to)
		p.i++
		return nil
	}
	if c != 'u' {
		return p.fault("unknown escape in a string; double a backslash that stands for itself")
	}
	p.i++
	r, ok := p.hex(p.i)
	switch {
	case !ok:
		return p.fault(`malformed \u escape; want four hex digits`)
	case r == 0:
		return p.control(0)
	}
	p.i += 4
	if utf16.IsSurrogate(r) {
		// Half a pair becomes U+FFFD, as in encoding/json.
		low := rune(utf8.RuneError)
		if bytes.HasPrefix(p.b[p.i:], []byte(`\u`)) {
			low, _ = p.hex(p.i + 2)
		}
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			p.i += 6
		}
	}
	p.cell = utf8.AppendRune(p.cell, r)
	return nil
}

// hex returns the number in four hex digits at i.
func (p *parser) hex(i int) (rune, bool) {
	if i+4 > len(p.b) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.b[i:i+4]), 16, 16)
	return rune(n), err == nil
}

// control is the error of a control character in a string.
func (p *parser) control(c byte) error {
	if c == 0 {
		return p.fault("NUL in a string; remove it")
	}
	return p.fault("control character %q in a string; want it escaped", c)
}

// space skips white space.
func (p *parser) space() {
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// peek returns the current byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.i < len(p.b) {
		return p.b[p.i]
	}
	return 0
}

// found names the current byte for an error.
func (p *parser) found() string {
	if p.i >= len(p.b) {
		return "the text ends"
	}
	return strconv.QuoteRune(rune(p.b[p.i]))
}

// fault is an error at the key being read; locate adds file and line.
func (p *parser) fault(format string, args ...any) error {
	return &datasets.RowError{Column: string(p.path), Err: datasets.Shapef(format, args...)}
}
