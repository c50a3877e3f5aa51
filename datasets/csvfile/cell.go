package csvfile

import (
	"bytes"

	"github.com/icpfit/icpfit/datasets"
)

// slow appends a cell that is quoted, crosses a block's end, is very long or
// ends in a separator of several bytes.
func (s *scanner) slow(c *datasets.Column) (ending, error) {
	data, end, err := s.anyCell(c.Data)
	c.Data = data
	c.Offsets = append(c.Offsets, int32(len(data)))
	return end, err
}

// anyCell looks behind leading spaces for a quote.
func (s *scanner) anyCell(dst []byte) ([]byte, ending, error) {
	spaces := 0
	for s.sep[0] != ' ' && spaces < maxSpaces {
		ok, err := s.ensure(spaces + 1)
		if err != nil {
			return dst, endRow, err
		}
		if !ok || s.buf[s.pos+spaces] != ' ' {
			break
		}
		spaces++
	}
	ok, err := s.ensure(spaces + 1)
	if err != nil {
		return dst, endRow, err
	}
	if ok && s.buf[s.pos+spaces] == '"' {
		s.pos += spaces + 1
		return s.quoted(dst)
	}
	return s.unquoted(dst)
}

// unquoted appends a cell up to the next separator or line end.
func (s *scanner) unquoted(dst []byte) ([]byte, ending, error) {
	start, from := len(dst), s.pos
	for {
		i := s.find(from)
		if i < s.end && s.buf[i] == s.eol {
			dst = append(dst, s.buf[s.pos:i]...)
			s.pos = i + 1
			dst, err := s.unquotedEnd(dst, start)
			s.line++
			return dst, endRow, err
		}
		rest := s.buf[i:s.end]
		cut := len(rest) < len(s.sep) && bytes.HasPrefix(s.sep, rest) && (i == s.end || !s.eof)
		if !cut && bytes.HasPrefix(rest, s.sep) {
			dst = append(dst, s.buf[s.pos:i]...)
			s.pos = i + len(s.sep)
			return dst, endCell, s.checkSize(len(dst)-start, s.line, "shorten it")
		}
		if !cut {
			from = i + 1 // the first byte of the separator, without the rest of it
			continue
		}
		dst = append(dst, s.buf[s.pos:i]...)
		s.pos = i
		if err := s.checkSize(len(dst)-start, s.line, "shorten it"); err != nil {
			return dst, endRow, err
		}
		ok, err := s.more()
		if err != nil {
			return dst, endRow, err
		}
		if !ok && s.pos == s.end {
			dst, err := s.unquotedEnd(dst, start)
			return dst, endRow, err
		}
		from = s.pos
	}
}

// unquotedEnd drops the CR of a CRLF from the last cell of a row.
func (s *scanner) unquotedEnd(dst []byte, start int) ([]byte, error) {
	if n := len(dst); s.eol == '\n' && n > start && dst[n-1] == '\r' {
		dst = dst[:n-1]
	}
	return dst, s.checkSize(len(dst)-start, s.line, "shorten it")
}

// quoted appends a cell whose opening quote has been read.
func (s *scanner) quoted(dst []byte) ([]byte, ending, error) {
	start, line := len(dst), s.line
	for {
		part := s.buf[s.pos:s.end]
		i := bytes.IndexByte(part, '"')
		if i >= 0 {
			part = part[:i]
		}
		dst = append(dst, part...)
		s.line += int64(bytes.Count(part, []byte{s.eol}))
		s.pos += len(part)
		if err := s.checkSize(len(dst)-start, line, "shorten it, or close the quote it starts with"); err != nil {
			return dst, endRow, err
		}
		if i < 0 {
			ok, err := s.more()
			if err == nil && !ok {
				err = s.fault(line, "quote is not closed before the end of the file; close it, or double a quote that is part of the cell")
			}
			if err != nil {
				return dst, endRow, err
			}
			continue
		}
		s.pos++
		twice, err := s.ensure(1)
		if err != nil {
			return dst, endRow, err
		}
		if !twice || s.buf[s.pos] != '"' {
			end, err := s.afterQuote()
			return dst, end, err
		}
		dst = append(dst, '"')
		s.pos++
	}
}

// afterQuote reads what ends a quoted cell.
func (s *scanner) afterQuote() (ending, error) {
	for {
		ok, err := s.ensure(len(s.sep))
		if err != nil {
			return endRow, err
		}
		rest := s.buf[s.pos:s.end]
		switch {
		case !ok && len(rest) == 0:
			return endRow, nil
		case bytes.HasPrefix(rest, s.sep):
			s.pos += len(s.sep)
			return endCell, nil
		case rest[0] == s.eol:
			s.pos++
			s.line++
			return endRow, nil
		case rest[0] == ' ':
			s.pos++
			continue
		case rest[0] == '\r':
			more, err := s.ensure(2)
			if err != nil {
				return endRow, err
			}
			if !more || s.buf[s.pos+1] == '\n' {
				s.pos++
				continue
			}
		}
		return endRow, s.fault(s.line, "text behind the closing quote of a cell; write a quote inside a quoted cell twice")
	}
}

// checkSize refuses a cell of more than maxCell bytes.
func (s *scanner) checkSize(n int, line int64, advice string) error {
	if n <= s.maxCell {
		return nil
	}
	return s.fault(line, "cell is above %d bytes; %s", s.maxCell, advice)
}
