// Package anyfile picks the reader of a file by looking at it: parquetfile,
// jsonfile or csvfile. What the file holds decides, packed or not; its name only
// where that leaves a doubt.
package anyfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/internal/textfile"
	"github.com/icpfit/icpfit/datasets/jsonfile"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// Open returns the file at path as a source, not yet opened:
//
//   - A file that starts with PAR1, and a folder (of Parquet parts), is Parquet.
//   - Text that starts like an object, or like an array of objects, is JSON.
//   - Other text that starts with a brace or bracket is JSON if its name says
//     so (.json, .jsonl, .ndjson, before any .gz or .zst).
//   - Anything else is delimited text, separator and encoding sniffed.
//
// A missing path is an error wrapping fs.ErrNotExist; an unreadable file is an
// error too. A file named .parquet that is none, Parquet inside gzip or zstd,
// and a file of a format that none of the three reads are errors wrapping
// datasets.ErrShape.
func Open(path string) (datasets.Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open: %s: %w; check the path", path, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("open: %w", err)
	case info.IsDir():
		return parquetfile.New(path), nil
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("open: %s: %w", path,
			datasets.Shapef("not a regular file; it is read more than once, so write it to disk first"))
	}
	parquet, err := isParquet(path)
	switch {
	case err != nil:
		return nil, err
	case parquet:
		return parquetfile.New(path), nil
	case namedParquet(path):
		return nil, fmt.Errorf("open: %s: %w", path,
			datasets.Shapef("named .parquet, but does not start with PAR1; copy the file again, or rename it"))
	}
	start, err := text(path)
	if err != nil {
		return nil, err
	}
	if isJSON(start, path) {
		return jsonfile.New(path), nil
	}
	return csvfile.New(path, csvfile.DefaultOptions()), nil
}

// isParquet reports whether the file starts like Parquet. The header of a text
// file may start with PAR1 too, so text behind it is not, unless its name says so.
func isParquet(path string) (yes bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("open: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, fmt.Errorf("open: %w", err)
	}
	return bytes.HasPrefix(head[:n], []byte("PAR1")) && (namedParquet(path) || !textfile.IsText(head[:n])), nil
}

// text returns the first characters of a text file.
func text(path string) (start []byte, err error) {
	f, err := textfile.Open(path, textfile.Unknown)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	start = make([]byte, 4096)
	n, err := io.ReadFull(f, start)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return start[:n], err
}

// isJSON reports whether text that starts so is JSON.
func isJSON(start []byte, path string) bool {
	const space = " \t\r\n"
	start = bytes.TrimLeft(start, space)
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return len(start) == 0 && namedJSON(path)
	}
	rest := bytes.TrimLeft(start[1:], space)
	if len(rest) > 0 && (start[0] == '{' && (rest[0] == '"' || rest[0] == '}') ||
		start[0] == '[' && (rest[0] == '{' || rest[0] == ']')) {
		return true
	}
	return namedJSON(path)
}

// namedJSON reports whether path is named like a file of JSON.
func namedJSON(path string) bool {
	name := strings.ToLower(path)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch filepath.Ext(name) {
	case ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

func namedParquet(path string) bool { return strings.EqualFold(filepath.Ext(path), ".parquet") }
