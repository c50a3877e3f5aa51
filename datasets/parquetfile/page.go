package parquetfile

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/format"
)

// A pageGuard walks the page headers of a column chunk ahead of the library,
// so that no page is decoded whose sizes and counts do not fit the file.
type pageGuard struct {
	r        io.ReaderAt
	meta     *format.ColumnMetaData
	off, end int64
	leaf     leaf
	own      bool  // the file is one of ours
	values   int64 // in the data pages so far
	buf      []byte
	shared   *shared
	header   pageHeader // of the last data page

	dictionary int64 // bytes of the dictionary, 0 without
}

// shared is what the cursors of a reader have in common.
type shared struct {
	open   int64  // bytes of the pages and dictionaries that are open
	packed []byte // a page's body as it is in the file
	body   []byte // and decompressed
}

func newPageGuard(f *File, meta *format.ColumnMetaData, l leaf, s *shared) *pageGuard {
	start := chunkStart(meta)
	return &pageGuard{r: f.disk, meta: meta, leaf: l, off: start, end: start + meta.TotalCompressedSize, own: f.own, shared: s}
}

// next checks the headers up to and including the next data page. It returns
// io.EOF after the last page, if the pages hold what the footer says.
func (g *pageGuard) next() error {
	for {
		if g.off >= g.end || g.values == g.meta.NumValues {
			// Some writers leave padding, or an empty page, at the end.
			if g.values != g.meta.NumValues {
				return fmt.Errorf("its pages hold %d values, the footer says %d", g.values, g.meta.NumValues)
			}
			return io.EOF
		}
		h, n, err := g.read()
		if err != nil {
			return err
		}
		if err := g.check(h, g.off+int64(n)); err != nil {
			return err
		}
		if err := g.inspect(h, g.off+int64(n)); err != nil {
			return fmt.Errorf("page at byte %d: %w", g.off, err)
		}
		if h.kind == format.DictionaryPage {
			g.dictionary = int64(h.uncompressed)
		}
		g.off += int64(n) + int64(h.compressed)
		if h.kind == format.DataPage || h.kind == format.DataPageV2 {
			g.header = h
			g.values += int64(h.values)
			return nil
		}
	}
}

// read reads the header at g.off. Most have under 100 bytes; those with long
// strings in their statistics are read again, in a larger buffer.
func (g *pageGuard) read() (h pageHeader, n int, err error) {
	if g.buf == nil {
		g.buf = make([]byte, 256)
	}
	for {
		b := g.buf[:min(int64(len(g.buf)), g.end-g.off)]
		if _, err := g.r.ReadAt(b, g.off); err != nil {
			return h, 0, err
		}
		h, n, err = parseHeader(b)
		if !errors.Is(err, errShort) || len(b) < len(g.buf) || len(b) >= maxHeader {
			if err != nil {
				err = fmt.Errorf("page header at byte %d: %w", g.off, err)
			}
			return h, n, err
		}
		g.buf = make([]byte, 8*len(g.buf))
	}
}

// check compares a page's header with the file; body is where its data starts.
func (g *pageGuard) check(h pageHeader, body int64) error {
	levels := int64(h.definitions) + int64(h.repetitions)
	compressed, uncompressed := int64(h.compressed)-levels, int64(h.uncompressed)-levels
	switch {
	case h.compressed < 0 || h.uncompressed < 0 || h.definitions < 0 || h.repetitions < 0 || compressed < 0 || uncompressed < 0:
		return fmt.Errorf("page header at byte %d: negative size", g.off)
	case int64(h.compressed) > g.end-body:
		return fmt.Errorf("page at byte %d claims %d bytes, %d are left", g.off, h.compressed, g.end-body)
	case h.compressed > maxPage || h.uncompressed > maxPage:
		return fmt.Errorf("page at byte %d holds %d bytes; at most %d are read", g.off, h.uncompressed, maxPage)
	case h.values < 0 || h.values > maxPageValues || h.nulls < 0 || h.nulls > h.values:
		return fmt.Errorf("page at byte %d claims %d values", g.off, h.values)
	case h.kind == format.DictionaryPage && h.values > h.uncompressed:
		return fmt.Errorf("dictionary at byte %d claims %d values in %d bytes", g.off, h.values, h.uncompressed)
	case h.kind != format.DictionaryPage && int64(h.values) > g.meta.NumValues-g.values:
		return fmt.Errorf("page at byte %d claims %d values, the footer leaves %d", g.off, h.values, g.meta.NumValues-g.values)
	case g.own && h.kind != format.DictionaryPage && !slices.Contains(g.meta.Encoding, h.encoding):
		return fmt.Errorf("page at byte %d is encoded as %v, which the footer does not list", g.off, h.encoding)
	}
	codec := g.meta.Codec
	if h.plain {
		codec = format.Uncompressed
	}
	if err := checkCodec(codec, g.r, body+levels, compressed, uncompressed); err != nil {
		return fmt.Errorf("page at byte %d: %w", g.off, err)
	}
	return nil
}
