package parquetfile

import (
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// Copy makes the text column of that name in g the one that row group from of f has,
// byte for byte: what is compressed is not compressed again. Write then leaves the
// column alone, and g must come to as many rows as row group from has. It reports
// false, and does nothing, where f does not have the column as a Writer with these
// options leaves it.
//
// The sum and the rows of every page are checked, and an error wraps
// datasets.ErrShape. What f says of the least and the most, and its filter, have no
// sum; they are as good as f.
//
// Copy is called once a column, before the first Write.
func (g *Group) Copy(name string, f *File, from int) (copied bool, err error) {
	err = protect(func() (err error) {
		copied, err = g.copyColumn(name, f, from)
		return err
	})
	if err == nil {
		return copied, nil
	}
	return false, f.fault(f.footer.groups[from].first, name, err)
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
	if k.copied != nil || k.rows > 0 || len(k.pages) > 0 {
		return false, errors.New("it has been written before it is copied")
	}
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
	for i := range pages.PageLocations {
		pages.PageLocations[i].Offset -= m.DataPageOffset
	}
	if n := len(pages.PageLocations); m.NumValues != rows || len(index.NullPages) != n || len(index.MinValues) != n || len(index.MaxValues) != n || len(index.NullCounts) != n {
		return fmt.Errorf("%d values and an index of %d pages, of which there are %d, for %d rows", m.NumValues, len(index.NullPages), n, rows)
	}
	if err := checkPages(body, pages.PageLocations, rows); err != nil {
		return err
	}
	if err := k.copyFilter(f, &m); err != nil {
		return err
	}
	k.pages, k.locations = append(k.pages, body), append(k.locations, pages.PageLocations...)
	m.DataPageOffset, m.BloomFilterOffset, m.BloomFilterLength, m.PathInSchema = 0, 0, 0, k.path
	k.meta, k.copied, k.allRows, k.complete = m, index, rows, true
	return nil
}

// copyFilter takes over the bloom filter of a column chunk, if it has one.
func (k *chunk) copyFilter(f *File, m *format.ColumnMetaData) error {
	filter, err := f.section(nil, m.BloomFilterOffset, int64(m.BloomFilterLength))
	if err != nil || len(filter) == 0 {
		return err
	}
	var h format.BloomFilterHeader
	n, err := unmarshalHead(filter, &h)
	if err != nil {
		return err
	}
	if n+int(h.NumBytes) != len(filter) {
		return fmt.Errorf("a filter of %d bytes says that it has %d", len(filter)-n, h.NumBytes)
	}
	k.filter.Write(filter)
	return nil
}

// checkPages checks that the pages of a chunk lie one behind the other and are there
// as they were written: nobody else looks at them before somebody reads the copy.
func checkPages(body []byte, pages []format.PageLocation, rows int64) error {
	at, first := int64(0), int64(0)
	for _, p := range pages {
		if p.Offset != at || p.FirstRowIndex != first || p.CompressedPageSize <= 0 || int64(p.CompressedPageSize) > int64(len(body))-at {
			return errors.New("its index has a page where none is")
		}
		at += int64(p.CompressedPageSize)
		n, err := checkPage(body[p.Offset:at])
		if err != nil {
			return err
		}
		first += n
	}
	if at != int64(len(body)) || first != rows {
		return fmt.Errorf("its index has %d of its %d bytes and %d of %d rows", at, len(body), first, rows)
	}
	return nil
}

// checkPage checks the sum of a page, and returns its rows.
func checkPage(page []byte) (rows int64, err error) {
	var h format.PageHeader
	n, err := unmarshalHead(page, &h)
	if err != nil {
		return 0, err
	}
	if h.Type != format.DataPageV2 || h.DataPageHeaderV2.V.Encoding != format.Plain {
		return 0, errors.New("a page is of another kind")
	}
	if body := page[n:]; int(h.CompressedPageSize) != len(body) || crc32.ChecksumIEEE(body) != uint32(h.CRC) {
		return 0, errors.New("a page does not have the sum that it states")
	}
	return int64(h.DataPageHeaderV2.V.NumRows), nil
}

// section reads bytes of the file behind b.
func (f *File) section(b []byte, offset, n int64) ([]byte, error) {
	if offset < 0 || n < 0 || offset > f.footer.start || n > f.footer.start-offset {
		return nil, fmt.Errorf("%d bytes at %d lie outside of its data", n, offset)
	}
	b = slices.Grow(b, int(n))[:len(b)+int(n)]
	if n == 0 {
		return b, nil
	}
	_, err := f.disk.ReadAt(b[len(b)-int(n):], offset)
	return b, err
}

// unmarshal reads a structure of the file.
func (f *File) unmarshal(offset, n int64, v any) error {
	b, err := f.section(nil, offset, n)
	if err != nil {
		return err
	}
	end, err := unmarshalHead(b, v)
	if err == nil && end != len(b) {
		err = errors.New("a structure ends before its bytes do")
	}
	return err
}

// unmarshalHead reads the structure at the start of b and returns where it ends. It
// is walked over before anything is allocated for it.
func unmarshalHead(b []byte, v any) (end int, err error) {
	walk := compact{b: b}
	if err := walk.skip(typeStruct, 0); err != nil {
		return 0, err
	}
	return walk.i, thrift.Unmarshal(&thrift.CompactProtocol{}, b[:walk.i], v)
}
