package parquetfile

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"

	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// pageSize is how many bytes of memory a page has when it ends: 256 KiB, less
// what its last rows may be too many.
const pageSize = 256 * 1024 * 98 / 100

// A pageMaker gathers the levels and values of a data page, and encodes them.
type pageMaker struct {
	*leafSpec
	packer *compressor
	values pageValues
	rep    []byte // levels
	def    []byte
	rows   int
	items  []byte // of rows of a set: 1 where one is there

	head                       bytes.Buffer // the page, encoded
	repCoded, defCoded, packed []byte
}

// clear starts the next page.
func (p *pageMaker) clear() {
	p.values.clear()
	p.rep, p.def, p.rows = p.rep[:0], p.def[:0], 0
}

// full reports whether the page is to end. Its size is counted as the library
// counts that of its buffers, so that pages are the same.
func (p *pageMaker) full() bool {
	perRow := 4
	if p.topRep > 0 {
		perRow = 8
	}
	return perRow*p.rows+len(p.rep)+len(p.def)+p.values.size() >= pageSize
}

// nulls is how many missing cells, and rows without items, the page has.
func (p *pageMaker) nulls() int { return len(p.def) - p.values.count() }

// encode makes the parts of the page: its header, which it also returns, the two
// kinds of levels, and the compressed values.
func (p *pageMaker) encode() (h format.PageHeader, err error) {
	if p.topRep > 0 {
		if p.repCoded, err = encodeLevels(p.repCoded, p.rep, p.topRep); err != nil {
			return h, err
		}
	}
	if p.defCoded, err = encodeLevels(p.defCoded, p.def, p.topDef); err != nil {
		return h, err
	}
	values, err := p.values.encode()
	if err != nil {
		return h, err
	}
	if err := p.compress(values); err != nil {
		return h, err
	}
	levels := len(p.repCoded) + len(p.defCoded)
	sum := crc32.Update(crc32.ChecksumIEEE(p.repCoded), crc32.IEEETable, p.defCoded)
	h = format.PageHeader{
		Type:                 format.DataPageV2,
		UncompressedPageSize: int32(levels + len(values)),
		CompressedPageSize:   int32(levels + len(p.packed)),
		CRC:                  int32(crc32.Update(sum, crc32.IEEETable, p.packed)),
		DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
			NumValues: int32(len(p.def)), NumNulls: int32(p.nulls()), NumRows: int32(p.rows),
			Encoding:                   p.values.encoding(),
			DefinitionLevelsByteLength: int32(len(p.defCoded)), RepetitionLevelsByteLength: int32(len(p.repCoded)),
			IsCompressed: thrift.New(true),
		}),
	}
	p.head.Reset()
	return h, writeHeader(&p.head, &h)
}

// encodeLevels run-length encodes levels into dst's memory.
func encodeLevels(dst, levels []byte, top byte) ([]byte, error) {
	return (&rle.Encoding{BitWidth: bits.Len8(top)}).EncodeLevels(dst, levels)
}

// compress compresses the values of a page into p.packed.
func (p *pageMaker) compress(values []byte) (err error) {
	if len(values) > math.MaxInt32/2 { // with levels and header, an int32 holds its size
		return fmt.Errorf("a page of %d bytes; write shorter texts", len(values))
	}
	p.packed, err = p.packer.compress(p.packed, values)
	return err
}

// writeHeader writes the header of a page.
func writeHeader(w *bytes.Buffer, h *format.PageHeader) error {
	var protocol thrift.CompactProtocol
	return thrift.NewEncoder(protocol.NewWriter(w)).Encode(h)
}
