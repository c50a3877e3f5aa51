// Package parquetfile reads and writes Parquet files column by column: users'
// inputs, and icpfit's own feature and grade tables.
//
// Reading goes through the library's typed pages, never through rows:
//
//	file        a footer checked before the library sees it, columns, row groups
//	section     where the row groups are in the footer, of which one at a time is opened
//	reader      batches of at most datasets.BatchRows rows, one cursor a column
//	cursor      the pages of one column chunk, each checked before it is decoded
//	Writer      columns to row groups; several groups may be filled at once
//
// Writing goes from the columns of a batch to pages, value by value nowhere but in
// loops over one type. A file is the one the library's column writers make of the
// same rows, byte for byte, but that a dictionary of numbers most of which are there
// once is given up after a page, not when it is full:
//
//	group       a row group being filled, one encoder a column
//	chunk       a column chunk: its pages, what the footer says of them, its filter
//	copy        a column chunk that another file has, taken over as it is
//	pagemaker   the levels and values of a page (put…), encoded and compressed
//	footer      indexes and metadata, with the schema as the library writes it
//
// What a Parquet column becomes:
//
//	DOUBLE, FLOAT, FLOAT16, DECIMAL             number
//	INT32, INT64 and the smaller and unsigned   integer, or number where asked
//	BOOLEAN                                     flag
//	DATE, TIMESTAMP, INT96                      date: the UTC day, rounded down
//	STRING, ENUM, JSON, UUID                    text, or category where asked
//	BYTE_ARRAY without annotation               the same; an error unless UTF-8
//	list<string>                                set
//	list<struct of the above>                   list
//
// Anything else (maps, structs, lists of numbers or of lists, times of day,
// intervals) is refused with an error that names the column and its type.
// A null, a NaN and an empty string are missing; null and empty items of a set
// are dropped. A null list is missing, an empty one is known to be empty.
//
// Pages may be plain or compressed with SNAPPY, GZIP, ZSTD or LZ4_RAW; BROTLI,
// LZO, the old LZ4 and encrypted files are refused.
//
// Files written here carry their fields in the metadata under "icpfit.schema",
// which says on reading what is text and what is category; a file whose columns
// do not agree with it is refused as damaged. The metadata "pandas" keeps
// integers and flags with missing cells exact when pandas reads them.
//
// Numbers of which few values differ have a dictionary where Options.Repeated says
// so: grade tables are a twelfth smaller for it, and written sooner. Of columns of
// integers and dates differences are written (DELTA_BINARY_PACKED), for the same reason.
//
//	icpfit.schema 1   JSON: {"version":1,"fields":[{"name","type","bits","children"}]}
//
// Files are hostile until checked: sizes and counts are compared with the file
// before anything is allocated for them (guard.go has the limits), and a panic
// of the library is an error wrapping datasets.ErrShape.
package parquetfile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// A Source reads one Parquet file, or a folder of them as one table.
type Source struct{ path string }

// New returns a source over the file at path or, if path is a folder, over its
// *.parquet files in the order of their names. Names that start with "_" or "."
// are skipped. All files of a folder must have the same fields. Nothing is
// opened before Open.
func New(path string) *Source { return &Source{path: path} }

// Name returns the path.
func (s *Source) Name() string { return s.path }

// Open starts a pass over all rows and all columns. A column that a Batch
// cannot hold is an error here that names it: dropping it silently would hide
// data from the user. A folder is read file by file, and a file that differs
// from the first is an error when its turn comes.
func (s *Source) Open(ctx context.Context) (datasets.Reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	paths, err := s.files()
	if err != nil {
		return nil, err
	}
	file, err := OpenFile(paths[0])
	if err != nil {
		return nil, err
	}
	r, err := newReader(file, file.Schema())
	if err == nil {
		err = file.complete()
	}
	if err != nil {
		_ = file.Close() // read only; the first error says more
		return nil, err
	}
	r.owner, r.files, r.endGroup = true, paths[1:], file.Groups()
	return r, nil
}

// files lists the files to read, never none.
func (s *Source) files() ([]string, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, fmt.Errorf("read parquet: %w", err)
	}
	if !info.IsDir() {
		return []string{s.path}, nil
	}
	entries, err := os.ReadDir(s.path) // sorted by name
	if err != nil {
		return nil, fmt.Errorf("read parquet: %w", err)
	}
	var paths []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && filepath.Ext(name) == ".parquet" && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".") {
			paths = append(paths, filepath.Join(s.path, name))
		}
	}
	if len(paths) == 0 {
		return nil, datasets.Shapef("read parquet: %s: no *.parquet file in this folder; name a folder that holds some", s.path)
	}
	return paths, nil
}

// nextFile moves r to the next file of a folder.
func (r *reader) nextFile() error {
	file, err := OpenFile(r.files[0])
	if err != nil {
		return err
	}
	if err = file.complete(); err == nil && !reflect.DeepEqual(file.Schema(), r.fields) {
		err = datasets.Shapef("read parquet: %s: its columns differ from those of %s; give all files of a folder the same columns and types",
			file.path, r.file.path)
	}
	if err != nil {
		_ = file.Close() // read only; the first error says more
		return err
	}
	if err := r.file.Close(); err != nil {
		return err
	}
	r.file, r.files, r.group, r.endGroup = file, r.files[1:], -1, file.Groups()
	return nil
}
