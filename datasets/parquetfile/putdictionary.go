package parquetfile

import (
	"math"
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

// fewAtFirst is how many numbers may differ before it counts how often each is used.
const fewAtFirst = 1000

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

// fewValues are numbers of which few differ, in a dictionary that a row group has
// of its own, in the order of their first use. What differs is told by the bits:
// 0 and -0 do.
type fewValues struct {
	points []int64 // the dictionary: integers, or the bits of floats
	slots  []entry // where a point is in it: a power of two of them, at most half of them taken
	codes  []int32 // the page: places in points
	out    []byte  // codes, encoded
	used   []bool  // of points, for bounds
	coded  int     // cells of the row group's pages before

	outgrown bool                      // the dictionary is full or of no use, and what follows is plain
	plain    pageValues                // from then on
	value    func(int64) parquet.Value // of a point
	below    func(a, b int64) bool     // of points, by their value
}

// An entry is a point and its place in the dictionary, plus one.
type entry struct {
	point int64
	next  int32
}

// fewIntegers are cells of Integer columns, fewNumbers of Number columns.
type (
	fewIntegers struct{ fewValues }
	fewNumbers  struct{ fewValues }
)

func newFewIntegers() *fewIntegers {
	return &fewIntegers{fewValues{
		slots: make([]entry, 1<<10), plain: newPlainIntegers(), value: parquet.Int64Value,
		below: func(a, b int64) bool { return a < b },
	}}
}

func newFewNumbers() *fewNumbers {
	number := func(point int64) float64 { return math.Float64frombits(uint64(point)) }
	return &fewNumbers{fewValues{
		slots: make([]entry, 1<<10), plain: newNumberValues(),
		value: func(point int64) parquet.Value { return parquet.DoubleValue(number(point)) },
		below: func(a, b int64) bool { return number(a) < number(b) },
	}}
}

func (p *fewIntegers) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	if p.outgrown {
		return p.plain.put(c, from, to, levels, missing)
	}
	p.codes = slices.Grow(p.codes, to-from)
	if len(c.Null) == 0 {
		fill(levels, missing+1)
		for _, x := range c.Integers[from:to] {
			p.codes = append(p.codes, p.enter(x))
		}
		return nil
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

func (p *fewNumbers) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	if p.outgrown {
		return p.plain.put(c, from, to, levels, missing)
	}
	for i, x := range c.Numbers[from:to] {
		if levels[i] = missing; x != x {
			continue
		}
		levels[i]++
		p.codes = append(p.codes, p.enter(int64(math.Float64bits(x))))
	}
	return nil
}

// enter returns the place of a point in the dictionary, into which it puts it.
func (p *fewValues) enter(point int64) int32 {
	if e := p.slot(point); e.next != 0 {
		return e.next - 1
	}
	return p.take(point)
}

// take puts a point into the dictionary that is not there yet.
func (p *fewValues) take(point int64) int32 {
	p.points = append(p.points, point)
	*p.slot(point) = entry{point, int32(len(p.points))}
	if 2*len(p.points) > len(p.slots) {
		p.grow()
	}
	return int32(len(p.points) - 1)
}

// slot returns the entry of a point, or the one to take for it: the first free
// one from where Fibonacci hashing puts it (Knuth, The Art of Computer
// Programming, volume 3, section 6.4).
func (p *fewValues) slot(point int64) *entry {
	slots, last := p.slots, uint64(len(p.slots)-1)
	at := uint64(point) * 0x9e3779b97f4a7c15 >> (bits.LeadingZeros64(last) & 63)
	for slots[at].point != point && slots[at].next != 0 {
		at = (at + 1) & last
	}
	return &slots[at]
}

// grow doubles the slots.
func (p *fewValues) grow() {
	p.slots = make([]entry, 2*len(p.slots))
	for i, point := range p.points {
		*p.slot(point) = entry{point, int32(i + 1)}
	}
}

func (p *fewValues) count() int { return len(p.codes) + p.plain.count() }
func (p *fewValues) size() int  { return 4*len(p.codes) + p.plain.size() }
func (p *fewValues) text() int  { return 0 }

func (p *fewValues) bounds() (parquet.Value, parquet.Value) {
	if p.outgrown {
		return p.plain.bounds()
	}
	p.used = append(p.used[:0], make([]bool, len(p.points))...)
	for _, at := range p.codes {
		p.used[at] = true
	}
	least := p.points[p.codes[0]]
	most := least
	for at, used := range p.used {
		switch point := p.points[at]; {
		case !used:
		case p.below(point, least):
			least = point
		case p.below(most, point):
			most = point
		}
	}
	return p.value(least), p.value(most)
}

func (p *fewValues) encode() (out []byte, err error) {
	if p.outgrown {
		return p.plain.encode()
	}
	p.out, err = encodeCodes(p.out, p.codes)
	return p.out, err
}

func (p *fewValues) encoding() format.Encoding {
	if p.outgrown {
		return format.Plain
	}
	return format.RLEDictionary
}

func (p *fewValues) clear() {
	p.coded += len(p.codes)
	unused := len(p.points) > fewAtFirst && 2*len(p.points) > p.coded // most are there once: they only cost time and room
	p.outgrown = p.outgrown || unused || 8*len(p.points) > maxDictionary
	p.codes = p.codes[:0]
	p.plain.clear()
}

func (p *fewValues) reset() {
	p.clear()
	clear(p.slots)
	p.points, p.coded, p.outgrown = p.points[:0], 0, false
}

// dictionary implements dictionaryValues.
func (p *fewValues) dictionary() ([]byte, int, error) {
	page, err := (&plain.Encoding{}).EncodeInt64(nil, p.points)
	return page, len(p.points), err
}
