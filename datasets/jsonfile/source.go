// Package jsonfile reads JSON lines, one object a line, and files that hold one
// array of objects; packed with gzip or zstd, or plain; in UTF-8, or in UTF-16
// with a byte order mark.
//
// # Columns
//
// The columns are the keys of all rows, in order of first appearance, found by
// a pass over the whole file before the first row is read (not repeated while
// the file's size and time stay the same):
//
//   - A key with a string, a number, true or false is datasets.Text; numbers
//     keep the digits they are written with. null, "" and an absent key are
//     missing.
//   - A key that holds an array in any row is a datasets.Set. A scalar in it is
//     an array of one. null and an absent key are missing; [] is known to be
//     empty. null and "" inside an array are left out, and so is an item's
//     second appearance in a row.
//   - The keys of a nested object are joined to its own with a dot:
//     address.country. An array of objects or of arrays is refused.
//
// # What is refused
//
// Text that is not JSON, a key that comes twice in a row, a key without a name,
// invalid UTF-8, a NUL, more than 64 levels, more than 16 MiB in one object,
// more than 4,096 columns, and a file without rows are each a
// *datasets.RowError that wraps datasets.ErrShape.
package jsonfile

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// A Source is a file of JSON objects. It is safe for concurrent use; each of
// its Readers is not.
type Source struct {
	path string

	mu      sync.Mutex
	size    int64 // of the file that schema is about
	changed time.Time
	schema  *schema
}

// New returns the file at path as a source. The file is not touched before Open.
func New(path string) *Source { return &Source{path: path} }

// Name returns the path.
func (s *Source) Name() string { return s.path }

// Open finds the columns. A file that is missing or of another format is an
// error, and so is any malformed row, as all of them are looked at.
func (s *Source) Open(ctx context.Context) (datasets.Reader, error) {
	schema, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := openRecords(s.path)
	if err != nil {
		return nil, err
	}
	return newReader(s.path, schema, rows), nil
}

// columns infers the schema, or remembers it.
func (s *Source) columns(ctx context.Context) (*schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path)
	if err == nil && s.schema != nil && s.size == info.Size() && s.changed.Equal(info.ModTime()) {
		return s.schema, nil
	}
	found, ierr := infer(ctx, s.path)
	if ierr != nil {
		return nil, ierr
	}
	if err == nil {
		s.schema, s.size, s.changed = found, info.Size(), info.ModTime()
	}
	return found, nil
}

// infer reads all of the file for its keys.
func infer(ctx context.Context, path string) (_ *schema, err error) {
	rows, err := openRecords(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.close()) }()
	in := newInference()
	p := parser{visit: in}
	for {
		record, line, err := rows.next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, locate(path, line, err)
		}
		in.row++
		if err := p.object(record); err != nil {
			return nil, locate(path, p.line(line), err)
		}
	}
	if in.row == 0 {
		return nil, locate(path, 1, datasets.Shapef("no rows; want one JSON object a line"))
	}
	found := in.schema()
	if len(found.fields) == 0 {
		return nil, locate(path, 1, datasets.Shapef("no row has a key; want objects with the columns as keys"))
	}
	return found, nil
}
