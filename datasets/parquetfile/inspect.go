package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Run lengths and counts inside a page's body are believed by the library as
// well: five bytes can ask for 64 GB, and running out of memory cannot be
// recovered from. So bodies are looked through first. Pages of our own files
// that carry a checksum are spared it: reading them twice would cost a quarter of
// the speed, and no accident gets past the checksum.

// slack is how many values more than declared a page may encode: runs are
// padded, by some writers generously.
const slack = 4096

// inspect returns an error if the body of a data page, which starts at off,
// encodes more values than its header declares.
func (g *pageGuard) inspect(h pageHeader, off int64) error {
	if h.kind != format.DataPage && h.kind != format.DataPageV2 || g.own && h.checksum {
		return nil
	}
	g.shared.packed = slices.Grow(g.shared.packed[:0], int(h.compressed))[:h.compressed]
	if _, err := g.r.ReadAt(g.shared.packed, off); err != nil {
		return err
	}
	most := uint64(h.values) + slack
	if h.kind == format.DataPageV2 {
		rep, rest := g.shared.packed[:h.repetitions], g.shared.packed[h.repetitions:]
		if err := errors.Join(checkRuns(rep, 1, most), checkRuns(rest[:h.definitions], levelBits(g.leaf.maxDef), most)); err != nil {
			return err
		}
		values, err := g.decompress(rest[h.definitions:], h.plain)
		if err != nil {
			return err
		}
		return checkValues(h.encoding, values, most)
	}
	body, err := g.decompress(g.shared.packed, false)
	if err != nil {
		return err
	}
	for _, top := range []byte{g.leaf.maxRep, g.leaf.maxDef} {
		if top == 0 {
			continue
		}
		var runs []byte
		if runs, body, err = prefixed(body); err != nil {
			return err
		}
		if err := checkRuns(runs, levelBits(top), most); err != nil {
			return err
		}
	}
	return checkValues(h.encoding, body, most)
}

// decompress returns the decompressed bytes; checkCodec has bounded them.
func (g *pageGuard) decompress(b []byte, plain bool) ([]byte, error) {
	if plain || g.meta.Codec == format.Uncompressed || len(b) == 0 {
		return b, nil
	}
	var err error
	g.shared.body, err = parquet.LookupCompressionCodec(g.meta.Codec).Decode(g.shared.body[:cap(g.shared.body)], b)
	return g.shared.body, err
}

// levelBits returns the width of levels up to top.
func levelBits(top byte) uint64 {
	bits := uint64(0)
	for ; top > 0; top >>= 1 {
		bits++
	}
	return bits
}

// prefixed splits bytes that start with their length.
func prefixed(b []byte) (head, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errShort
	}
	n := binary.LittleEndian.Uint32(b)
	if b = b[4:]; uint64(n) > uint64(len(b)) {
		return nil, nil, errShort
	}
	return b[:n], b[n:], nil
}

// checkRuns walks runs of the RLE hybrid of that bit width, at most most values.
//
// Source: https://github.com/apache/parquet-format/blob/master/Encodings.md
func checkRuns(b []byte, width, most uint64) error {
	var values uint64
	for len(b) > 0 {
		head, n := binary.Uvarint(b)
		if n <= 0 {
			return errors.New("a run has no length")
		}
		b = b[n:]
		count := head >> 1
		size := (width + 7) / 8 // one value, repeated
		if head&1 == 1 {        // groups of eight values
			if count > most {
				return fmt.Errorf("a run of %d values or more, the page declares %d", count, most-slack)
			}
			size, count = count*width, count*8
		}
		if values += count; count > most || values > most {
			return fmt.Errorf("runs of %d values or more, the page declares %d", count, most-slack)
		}
		b = b[min(size, uint64(len(b))):] // the last run may be cut short
	}
	return nil
}

// checkValues looks through the values of a page.
func checkValues(enc format.Encoding, b []byte, most uint64) error {
	switch enc {
	//lint:ignore SA1019 old writers use PlainDictionary
	case format.PlainDictionary, format.RLEDictionary:
		if len(b) == 0 {
			return nil
		}
		return checkRuns(b[1:], uint64(b[0]), most)
	case format.RLE:
		if len(b) == 0 {
			return nil
		}
		runs, _, err := prefixed(b)
		if err != nil {
			return err
		}
		return checkRuns(runs, 1, most)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, err := deltaHeader(&compact{b: b}, most)
		return err
	case format.DeltaByteArray:
		c := &compact{b: b}
		prefixes, err := deltaSum(c, most)
		if err != nil {
			return err
		}
		suffixes, err := deltaSum(c, most)
		if err != nil {
			return err
		}
		if prefixes+suffixes > maxPage {
			return fmt.Errorf("texts of %d bytes; at most %d are read", prefixes+suffixes, maxPage)
		}
	}
	return nil
}

// A deltas is the header of DELTA_BINARY_PACKED numbers.
type deltas struct {
	perBlock, perMini, count uint64
	minis                    int
	first                    int64
}

// deltaHeader reads the header of at most most numbers.
func deltaHeader(c *compact, most uint64) (d deltas, err error) {
	var numbers [4]uint64
	if len(c.b) == c.i {
		return d, nil // a page of nulls
	}
	for i := range numbers {
		if numbers[i], err = c.uvarint(); err != nil {
			return d, err
		}
	}
	d.perBlock, d.count = numbers[0], numbers[2]
	d.first = int64(numbers[3]>>1) ^ -int64(numbers[3]&1)
	if d.count > most {
		return d, fmt.Errorf("%d values, the page declares %d", d.count, most-slack)
	}
	if d.perBlock == 0 || d.perBlock > 65536 || numbers[1] == 0 || d.perBlock%numbers[1] != 0 || d.perBlock/numbers[1]%8 != 0 {
		return d, fmt.Errorf("blocks of %d values in %d parts", d.perBlock, numbers[1])
	}
	d.minis, d.perMini = int(numbers[1]), d.perBlock/numbers[1]
	return d, nil
}

// deltaSum adds up lengths encoded as DELTA_BINARY_PACKED and moves behind them.
func deltaSum(c *compact, most uint64) (int64, error) {
	d, err := deltaHeader(c, most)
	if err != nil || d.count == 0 {
		return 0, err
	}
	value, sum := d.first, d.first
	for left := d.count - 1; left > 0; {
		zigzag, err := c.uvarint()
		if err != nil {
			return 0, err
		}
		least := int64(zigzag>>1) ^ -int64(zigzag&1)
		widths := c.b[c.i:min(c.i+d.minis, len(c.b))]
		if err := c.advance(uint64(d.minis)); err != nil {
			return 0, err
		}
		for _, width := range widths {
			if left == 0 {
				break // parts behind the last value are not stored
			}
			from := c.i
			if err := c.advance(d.perMini * uint64(width) / 8); err != nil {
				return 0, err
			}
			for i := uint64(0); i < d.perMini && left > 0; i++ {
				value += least + bitsAt(c.b[from:c.i], i*uint64(width), width)
				if value < 0 || value > math.MaxInt32 {
					return 0, fmt.Errorf("a length of %d bytes", value)
				}
				sum += value
				left--
			}
		}
	}
	return sum, nil
}

// bitsAt returns width bits of b from bit at on, lowest first.
func bitsAt(b []byte, at uint64, width byte) int64 {
	var v uint64
	for k := range uint64(width) {
		v |= uint64(b[(at+k)/8]>>((at+k)%8)&1) << k
	}
	return int64(v)
}
