package parquetfile

import (
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

// encodeCodes encodes places in a dictionary.
func encodeCodes(dst []byte, codes []int32) ([]byte, error) {
	return (&rle.DictionaryEncoding{}).EncodeInt32(dst[:0], codes)
}

// pointValues are integers of which few differ, in a dictionary that a row group
// has of its own, in the order of their first use.
type pointValues struct {
	index  map[int64]int32
	points []int64 // the dictionary
	recent []entry // by slotOf, so that few look-ups go to index
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

// slotBits says how many points are recent: 32 KB of them.
const slotBits = 11

// slotOf returns where a point is looked for among the recent ones: Fibonacci
// hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4).
func slotOf(point int64) uint64 { return uint64(point) * 0x9e3779b97f4a7c15 >> (64 - slotBits) }

func newPointValues() *pointValues {
	return &pointValues{
		index: make(map[int64]int32), recent: make([]entry, 1<<slotBits),
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
		e := &p.recent[slotOf(x)]
		if e.next == 0 || e.point != x {
			*e = entry{x, p.enter(x) + 1}
		}
		p.codes = append(p.codes, e.next-1)
	}
	return nil
}

// enter returns the place of a point in the dictionary, into which it puts it.
func (p *pointValues) enter(point int64) int32 {
	at, ok := p.index[point]
	if !ok {
		at = int32(len(p.points))
		p.index[point] = at
		p.points = append(p.points, point)
	}
	return at
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
	clear(p.index)
	clear(p.recent)
	p.points, p.outgrown = p.points[:0], false
}

// dictionary implements dictionaryValues.
func (p *pointValues) dictionary() ([]byte, int, error) {
	page, err := (&plain.Encoding{}).EncodeInt64(nil, p.points)
	return page, len(p.points), err
}
