package jsonfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/internal/textfile"
)

const (
	blockSize = 1 << 20  // bytes read at a time
	maxRecord = 16 << 20 // bytes of an object
)

// records cuts a file into the bytes of its objects.
type records struct {
	file  *textfile.File
	in    *bufio.Reader
	line  int64                         // of the next byte, from 1
	buf   []byte                        // an object that is not whole in the block
	cut   func() ([]byte, int64, error) // nextLine or nextElement
	first bool                          // no element of the array has been read
}

// openRecords opens path and sees whether it holds lines or an array.
func openRecords(path string) (*records, error) {
	file, err := textfile.Open(path, textfile.Unknown)
	if err != nil {
		return nil, err
	}
	r := &records{file: file, in: bufio.NewReaderSize(file, blockSize), line: 1, first: true}
	b, err := r.skipSpace()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, file.Close())
	}
	r.cut = r.nextLine
	if err == nil && b == '[' {
		r.cut = r.nextElement
	} else if err == nil {
		if err := r.in.UnreadByte(); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return r, nil
}

// next returns the next object, valid until the next call, and the line it
// starts on; or io.EOF; or a fault, with its line. ctx is looked at between
// objects.
func (r *records) next(ctx context.Context) (record []byte, line int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, r.line, err
	}
	return r.cut()
}

func (r *records) close() error { return r.file.Close() }

// skipSpace returns the next byte that is not white space.
func (r *records) skipSpace() (byte, error) {
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return b, nil
		}
	}
}

// nextLine returns the next line that is not blank.
func (r *records) nextLine() ([]byte, int64, error) {
	for {
		line, err := r.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			line, err = r.longLine(line)
		}
		at := r.line
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, at, err
		}
		r.line++
		if line = bytes.Trim(line, " \t\r\n"); len(line) > 0 {
			return line, at, nil
		}
		if err != nil {
			return nil, at, err
		}
	}
}

// longLine reads the rest of a line that is longer than a block.
func (r *records) longLine(start []byte) ([]byte, error) {
	r.buf = append(r.buf[:0], start...)
	for {
		part, err := r.in.ReadSlice('\n')
		r.buf = append(r.buf, part...)
		if len(r.buf) > maxRecord {
			return nil, datasets.Shapef("line is above %d MiB; want one object a line", maxRecord>>20)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.buf, err
		}
	}
}

// nextElement returns the next object of the array.
func (r *records) nextElement() ([]byte, int64, error) {
	b, err := r.skipSpace()
	if err == nil && b == ']' {
		r.cut = r.afterArray
		return r.cut()
	}
	if err == nil && !r.first {
		if b != ',' {
			return nil, r.line, datasets.Shapef("%q behind an object of the array; want a comma or ]", b)
		}
		b, err = r.skipSpace()
	}
	r.first = false
	switch {
	case errors.Is(err, io.EOF):
		return nil, r.line, datasets.Shapef("the file ends inside its array; copy the file again")
	case err != nil:
		return nil, r.line, err
	case b != '{':
		return nil, r.line, datasets.Shapef("%q in the array; want objects", b)
	}
	return r.braces(r.line)
}

// braces reads an object whose first brace has been read, up to its last.
func (r *records) braces(at int64) ([]byte, int64, error) {
	r.buf = append(r.buf[:0], '{')
	depth, quoted, escaped := 1, false, false
	for depth > 0 {
		b, err := r.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return nil, at, datasets.Shapef("the file ends inside this object; copy the file again")
		case err != nil:
			return nil, at, err
		case len(r.buf) >= maxRecord:
			return nil, at, datasets.Shapef("object is above %d MiB; is a brace or a quote missing?", maxRecord>>20)
		case escaped:
			escaped = false
		case b == '"':
			quoted = !quoted
		case quoted:
			escaped = b == '\\'
		case b == '{':
			depth++
		case b == '}':
			depth--
		}
		if b == '\n' {
			r.line++
		}
		r.buf = append(r.buf, b)
	}
	return r.buf, at, nil
}

// afterArray returns io.EOF if nothing follows the array.
func (r *records) afterArray() ([]byte, int64, error) {
	b, err := r.skipSpace()
	if err == nil {
		err = datasets.Shapef("%q behind the array; want the end of the file", b)
	}
	return nil, r.line, err
}
