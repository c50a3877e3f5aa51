// Package textfile opens a text file of any common wrapping as one stream of
// UTF-8: gzip and zstd are undone, a byte order mark is dropped, UTF-16 and
// Windows-1252 are decoded.
//
// Files are told apart by their first bytes, never by their name. Reading is
// streamed: memory does not depend on the size of the file, packed or not.
package textfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
)

// headBytes are looked at to tell what a file is.
const headBytes = 4096

// maxWindow bounds the memory of a zstd stream: what `zstd --long` writes.
const maxWindow = 128 << 20

// A File is an open stream of text. It is not safe for concurrent use.
type File struct {
	path   string
	file   *os.File
	packed string // "gzip", "zstd", or "" for a plain file
	unpack io.Closer
	head   *bufio.Reader // the unpacked bytes
	text   io.Reader     // head, decoded
	marked Encoding      // what the first bytes say
}

// Open opens path and decodes it as enc. With Unknown, UTF-16 is recognised
// by its first bytes and anything else is passed through as it is.
//
// A missing file is an error wrapping fs.ErrNotExist. A folder, a device, and a
// file whose first bytes are those of another format (a workbook, an archive)
// are errors wrapping datasets.ErrShape.
func Open(path string, enc Encoding) (*File, error) {
	f, err := openRaw(path)
	if err != nil {
		return nil, err
	}
	if err := f.start(enc); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// openRaw opens a regular file.
func openRaw(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open: %s: %w; check the path", path, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("open: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("open: %s: %w", path, datasets.Shapef("it is a folder; name a file in it"))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("open: %s: %w", path,
			datasets.Shapef("not a regular file; it is read more than once, so write it to disk first"))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return &File{path: path, file: file}, nil
}

// start undoes the compression and sets up the decoder.
func (f *File) start(enc Encoding) error {
	raw := bufio.NewReaderSize(f.file, headBytes)
	plain, err := f.unwrap(raw)
	if err != nil {
		return f.fault(err)
	}
	f.head = bufio.NewReaderSize(plain, headBytes)
	head, err := f.head.Peek(headBytes)
	if err != nil && err != io.EOF {
		return f.fault(err)
	}
	if what := foreign(head); what != "" {
		return fmt.Errorf("open: %s: %w", f.path, datasets.Shapef("%s", what))
	}
	marked, mark := sniff(head)
	if _, err := f.head.Discard(mark); err != nil {
		return f.fault(err)
	}
	f.marked = marked
	if marked != Unknown {
		enc = marked
	}
	f.text = decoder(f.head, enc)
	return nil
}

// unwrap returns the bytes inside raw's compression.
func (f *File) unwrap(raw *bufio.Reader) (io.Reader, error) {
	magic, err := raw.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		f.packed = "gzip"
		z, err := gzip.NewReader(raw)
		f.unpack = z
		if err != nil {
			f.unpack = nil
		}
		return z, err
	case isZstd(magic):
		f.packed = "zstd"
		z, err := zstd.NewReader(raw, zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		f.unpack = z.IOReadCloser()
		return z, nil
	}
	return raw, nil
}

// isZstd recognises a frame, and the skippable frame that some writers put
// before the first one.
func isZstd(magic []byte) bool {
	if len(magic) < 4 {
		return false
	}
	return bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:], []byte{0x2a, 0x4d, 0x18})
}

// Read reads decoded text. An error other than io.EOF names the file, and wraps
// datasets.ErrShape where the file's compression or encoding is broken.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.text.Read(p)
	if err != nil && err != io.EOF {
		err = f.fault(err)
	}
	return n, err
}

// fault adds the file's name to an error met on reading.
func (f *File) fault(err error) error {
	var path *fs.PathError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("read: %w", err)
	case errors.Is(err, datasets.ErrShape):
	case f.packed == "":
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		err = datasets.Shapef("its %s stream is cut short; copy the file again", f.packed)
	default:
		err = datasets.Shapef("its %s stream is damaged (%v); copy the file again", f.packed, err)
	}
	return fmt.Errorf("read: %s: %w", f.path, err)
}

// Close closes the file. A second call does nothing.
func (f *File) Close() error {
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	if f.unpack != nil {
		// Its error repeats one that Read gave, or is about bytes not asked for.
		_ = f.unpack.Close()
	}
	return file.Close()
}
