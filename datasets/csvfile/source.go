// Package csvfile reads delimited text as it comes: any separator, UTF-8 with
// or without a byte order mark, UTF-16, latin-1 and Windows-1252, lines that end
// in LF, CRLF or CR, packed with gzip or zstd, or plain.
//
// The first row is the header; its names are trimmed. Every column is
// datasets.Text, and cells are as written: neither trimmed nor parsed. An empty
// cell is missing, quoted or not.
//
// # What is accepted
//
// The separator is sniffed among comma, semicolon, tab and bar, unless Options
// names it; a first line like "sep=;" is obeyed. A quoted cell may hold
// separators, line ends (kept as they are) and quotes written twice; spaces
// around the quotes are dropped. A quote inside an unquoted cell stands for
// itself. Blank lines are skipped. The line end is the first one found outside
// quotes: where it is LF or CRLF, a lone CR is part of its cell.
//
// Text that is not UTF-8 is recognised over the whole file before the first row
// is read, see textfile.Detect; that pass is not repeated while the file's size
// and time stay the same. A column without a name is dropped if it is empty.
//
// # What is refused
//
// A row with more or fewer cells than the header, two columns of one name, a
// value in a column without a name, a NUL byte, an over-long cell, a quote that
// is not closed, text behind a closing quote, more than 4,096 columns, and a
// file without rows are each a *datasets.RowError that wraps datasets.ErrShape.
// Memory is bounded whatever the file holds.
package csvfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/internal/textfile"
)

// Options decide how a file is read. Start from DefaultOptions.
type Options struct {
	// Separator stands between cells; 0 asks for it to be sniffed. Any
	// character but a quote and the ends of a line will do.
	Separator rune

	// MaxCell is the most bytes, as UTF-8, that a cell may have; from 1 to 1 << 28.
	MaxCell int
}

// DefaultOptions sniffs the separator and allows cells of 1 MiB, eight times
// the longest text a Salesforce field holds.
func DefaultOptions() Options { return Options{MaxCell: 1 << 20} }

// Validate reports every bad option, not just the first.
func (o Options) Validate() error {
	var errs []error
	switch {
	case o.Separator == '"' || o.Separator == '\n' || o.Separator == '\r':
		errs = append(errs, fmt.Errorf("csvfile: separator is %q; want a character other than a quote or a line end", o.Separator))
	case !utf8.ValidRune(o.Separator) || o.Separator == utf8.RuneError:
		errs = append(errs, fmt.Errorf("csvfile: separator is %U; want a valid character", o.Separator))
	}
	if o.MaxCell < 1 || o.MaxCell > 1<<28 {
		errs = append(errs, fmt.Errorf("csvfile: max_cell is %d; want from 1 to %d bytes", o.MaxCell, 1<<28))
	}
	return errors.Join(errs...)
}

// A Source is a file of delimited text. It is safe for concurrent use; each of
// its Readers is not.
type Source struct {
	path string
	opts Options

	mu      sync.Mutex
	size    int64 // of the file that encoding is about
	changed time.Time
	known   textfile.Encoding
}

// New returns the file at path as a source. The file is not touched before Open.
func New(path string, opts Options) *Source { return &Source{path: path, opts: opts} }

// Name returns the path.
func (s *Source) Name() string { return s.path }

// Open reads the header. A file that is missing, empty, of another format, or
// whose header is malformed is an error; so are bad Options. A file with a
// header and no rows opens, and its first Read is an error.
func (s *Source) Open(ctx context.Context) (datasets.Reader, error) { return s.open(ctx, nil) }

// Glance implements datasets.Glancer.
func (s *Source) Glance(ctx context.Context, columns []string) (datasets.Reader, error) {
	return s.open(ctx, append([]string{}, columns...))
}

// open reads the header; of columns that are not wanted no cells are kept, unless
// wanted is nil.
func (s *Source) open(ctx context.Context, wanted []string) (datasets.Reader, error) {
	if err := s.opts.Validate(); err != nil {
		return nil, err
	}
	enc, err := s.encoding(ctx)
	if err != nil {
		return nil, err
	}
	file, err := textfile.Open(s.path, enc)
	if err != nil {
		return nil, err
	}
	r := &reader{path: s.path, file: file, scan: newScanner(file, s.opts.MaxCell, blockSize)}
	if err := r.start(ctx, s.opts.Separator); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	r.header.wanted = wanted
	return r, nil
}

// encoding detects the file's encoding, or remembers it.
func (s *Source) encoding(ctx context.Context) (textfile.Encoding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path)
	if err == nil && s.known != textfile.Unknown && s.size == info.Size() && s.changed.Equal(info.ModTime()) {
		return s.known, nil
	}
	enc, derr := textfile.Detect(ctx, s.path)
	if derr != nil {
		return textfile.Unknown, derr
	}
	if err == nil {
		s.known, s.size, s.changed = enc, info.Size(), info.ModTime()
	}
	return enc, nil
}
