package parquetfile

import (
	"math/bits"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/plain"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// maxDictionary is the size in bytes of a row group's dictionary after which the
// next page goes on without.
const maxDictionary = 1 << 20

// dictionaryValues have a dictionary.
type dictionaryValues interface {
	pageValues

	// dictionary returns the dictionary as the file has it, and how many values it has.
	dictionary() ([]byte, int, error)
}

// encodeCodes encodes places in a dictionary into dst's memory: their width in
// bits, then runs.
func encodeCodes(dst []byte, codes []int32) ([]byte, error) {
	all := int32(0)
	for _, code := range codes {
		all |= code
	}
	width := bits.Len32(uint32(all))
	runs, err := (&rle.Encoding{BitWidth: width}).EncodeInt32(dst, codes)
	return slices.Insert(runs, 0, byte(width)), err
}

// pointValues are integers of which few differ, in a dictionary that a row group
// has of its own, in the order of their first use.
type pointValues struct {
	points []int64 // the dictionary
	slots  []entry // where a point is in it: a power of two of them, at most half of them taken
	codes  []int32 // the page: places in points
	out    []byte  // codes, encoded

	outgrown bool          // the dictionary is full, and what follows is plain
	plain    integerValues // from then on
}

// An entry is a point and its place in the dictionary, plus one.
type entry struct {
	point int64
	next  int32
}

func newPointValues() *pointValues {
	return &pointValues{
		slots: make([]entry, 1<<10),
		plain: integerValues{plainValues[int64]{value: parquet.Int64Value, append: (&plain.Encoding{}).EncodeInt64}},
	}
}

func (p *pointValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	if p.outgrown {
		return p.plain.put(c, from, to, levels, missing)
	}
	for i, x := range c.Integers[from:to] {
		if levels[i] = missing; isNull(c, from+i) {
			continue
		}
		levels[i]++
		p.codes = append(p.codes, p.enter(x))
	}
	return nil
}

// enter returns the place of a point in the dictionary, into which it puts it.
func (p *pointValues) enter(point int64) int32 {
	e := p.slot(point)
	if e.next == 0 {
		p.points = append(p.points, point)
		*e = entry{point, int32(len(p.points))}
		if 2*len(p.points) > len(p.slots) {
			p.grow()
			return int32(len(p.points) - 1)
		}
	}
	return e.next - 1
}

// slot returns the entry of a point, or the one to take for it: the first free
// one from where Fibonacci hashing puts it (Knuth, The Art of Computer
// Programming, volume 3, section 6.4).
func (p *pointValues) slot(point int64) *entry {
	last := uint64(len(p.slots) - 1)
	at := uint64(point) * 0x9e3779b97f4a7c15 >> bits.LeadingZeros64(last)
	for p.slots[at].next != 0 && p.slots[at].point != point {
		at = (at + 1) & last
	}
	return &p.slots[at]
}

// grow doubles the slots.
func (p *pointValues) grow() {
	p.slots = make([]entry, 2*len(p.slots))
	for i, point := range p.points {
		*p.slot(point) = entry{point, int32(i + 1)}
	}
}

func (p *pointValues) count() int { return len(p.codes) + p.plain.count() }
func (p *pointValues) size() int  { return 4*len(p.codes) + p.plain.size() }
func (p *pointValues) text() int  { return 0 }

func (p *pointValues) bounds() (parquet.Value, parquet.Value) {
	if p.outgrown {
		return p.plain.bounds()
	}
	least := p.points[p.codes[0]]
	most := least
	for _, at := range p.codes {
		least, most = min(least, p.points[at]), max(most, p.points[at])
	}
	return parquet.Int64Value(least), parquet.Int64Value(most)
}

func (p *pointValues) encode() (out []byte, err error) {
	if p.outgrown {
		return p.plain.encode()
	}
	p.out, err = encodeCodes(p.out, p.codes)
	return p.out, err
}

func (p *pointValues) encoding() format.Encoding {
	if p.outgrown {
		return format.Plain
	}
	return format.RLEDictionary
}

func (p *pointValues) clear() {
	p.outgrown = p.outgrown || 8*len(p.points) > maxDictionary
	p.codes = p.codes[:0]
	p.plain.clear()
}

func (p *pointValues) reset() {
	p.clear()
	clear(p.slots)
	p.points, p.outgrown = p.points[:0], false
}

// dictionary implements dictionaryValues.
func (p *pointValues) dictionary() ([]byte, int, error) {
	page, err := (&plain.Encoding{}).EncodeInt64(nil, p.points)
	return page, len(p.points), err
}
