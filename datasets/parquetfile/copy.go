package parquetfile

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// Copy makes the text column of that name in g the one that row group from of f has,
// byte for byte, once their sums are checked: what is compressed is not compressed again. Write then leaves the
// column alone, and g must come to as many rows as row group from has. It reports
// false, and does nothing, where f does not have the column as a Writer with these
// options leaves it.
//
// Copy is called before the first Write.
func (g *Group) Copy(name string, f *File, from int) (copied bool, err error) {
	err = protect(func() (err error) {
		copied, err = g.copyColumn(name, f, from)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("copy parquet: %s: column %q: %w", f.path, name, err)
	}
	return copied, nil
}

func (g *Group) copyColumn(name string, f *File, from int) (bool, error) {
	to := slices.IndexFunc(g.w.fields, func(c datasets.Field) bool { return c.Name == name && c.Type == datasets.Text })
	at := slices.IndexFunc(f.columns, func(c column) bool { return c.field.Name == name && c.field.Type == datasets.Text && c.err == nil })
	if to < 0 || at < 0 || !f.own {
		return false, nil
	}
	lib, err := f.footer.open(f.disk, from)
	if err != nil {
		return false, err
	}
	k, c := g.columns[to][0], &lib.Metadata().RowGroups[0].Columns[f.columns[at].leaves[0].index]
	if !k.alike(c) {
		return false, nil
	}
	return true, k.copy(f, c, f.GroupRows(from))
}

// alike reports whether a column chunk of a file is written as k's are.
func (k *chunk) alike(c *format.ColumnChunk) bool {
	m := &c.MetaData
	return m.Codec == k.packer.codec() && slices.Equal(m.Encoding, k.meta.Encoding) && m.Type == k.meta.Type &&
		m.DictionaryPageOffset == 0 && (m.BloomFilterLength > 0) == k.filtered &&
		c.OffsetIndexLength > 0 && c.ColumnIndexLength > 0 && m.DataPageOffset > 0
}

// copy takes over a column chunk of a file.
func (k *chunk) copy(f *File, c *format.ColumnChunk, rows int64) error {
	m := c.MetaData
	var pages format.OffsetIndex
	index := new(format.ColumnIndex)
	err := errors.Join(
		f.unmarshal(c.OffsetIndexOffset, int64(c.OffsetIndexLength), &pages),
		f.unmarshal(c.ColumnIndexOffset, int64(c.ColumnIndexLength), index))
	if err != nil {
		return err
	}
	body, err := f.section(k.nextPage(), m.DataPageOffset, m.TotalCompressedSize)
	if err != nil {
		return err
	}
	filter, err := f.section(nil, m.BloomFilterOffset, int64(m.BloomFilterLength))
	if err != nil {
		return err
	}
	for _, p := range pages.PageLocations {
		p.Offset -= m.DataPageOffset
		if err := checkPage(body, p); err != nil {
			return err
		}
		k.locations = append(k.locations, p)
	}
	k.pages = append(k.pages, body)
	k.filter.Write(filter)
	m.DataPageOffset, m.BloomFilterOffset, m.BloomFilterLength, m.PathInSchema = 0, 0, 0, k.path
	k.meta, k.copied, k.allRows, k.complete = m, index, rows, true
	return nil
}

// checkPage checks that the page at p in the pages of a chunk is there as it was
// written: nobody else will look at it before somebody reads the copy.
func checkPage(pages []byte, p format.PageLocation) error {
	if p.Offset < 0 || p.CompressedPageSize < 0 || p.Offset+int64(p.CompressedPageSize) > int64(len(pages)) {
		return datasets.Shapef("a page lies outside of its column; %s", damaged)
	}
	page := pages[p.Offset : p.Offset+int64(p.CompressedPageSize)]
	walk := compact{b: page}
	if err := walk.skip(typeStruct, 0); err != nil {
		return err
	}
	var h format.PageHeader
	if err := thrift.Unmarshal(&thrift.CompactProtocol{}, page[:walk.i], &h); err != nil {
		return err
	}
	if body := page[walk.i:]; int(h.CompressedPageSize) != len(body) || crc32.ChecksumIEEE(body) != uint32(h.CRC) {
		return datasets.Shapef("a page does not have the sum that it states; %s", damaged)
	}
	return nil
}

// section reads bytes of the file behind b.
func (f *File) section(b []byte, offset, n int64) ([]byte, error) {
	if offset < 0 || n < 0 || offset+n > f.footer.start {
		return nil, datasets.Shapef("bytes %d to %d lie outside of its data; %s", offset, offset+n, damaged)
	}
	b = slices.Grow(b, int(n))[:len(b)+int(n)]
	if _, err := f.disk.ReadAt(b[len(b)-int(n):], offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// unmarshal reads a structure of the file.
func (f *File) unmarshal(offset, n int64, v any) error {
	b, err := f.section(nil, offset, n)
	if err != nil {
		return err
	}
	walk := compact{b: b}
	if err := walk.skip(typeStruct, 0); err != nil { // before anything is allocated for it
		return err
	}
	return thrift.Unmarshal(&thrift.CompactProtocol{}, b, v)
}
