package parquetfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/plain"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A pageValues gathers the values of a page of one leaf column.
type pageValues interface {
	// put appends those of cells from to to of c that are there, and stores in
	// levels, of the same length, missing+1 where one is and missing where not.
	put(c *datasets.Column, from, to int, levels []byte, missing byte) error

	// count is how many values the page has, size how many bytes of memory,
	// text how many of them are text that is not in a dictionary.
	count() int
	size() int
	text() int

	// bounds returns the least and the most of at least one value.
	bounds() (least, most parquet.Value)

	// encode returns the values as the file has them, valid until the next call.
	encode() ([]byte, error)
	encoding() format.Encoding

	// clear starts the next page, reset the next row group.
	clear()
	reset()
}

// newValues returns the values of a leaf, which are those of a dictionary for a
// category and where the leaf has one.
func newValues(l *leafSpec) pageValues {
	switch l.cells {
	case datasets.Number:
		if l.dictionary {
			return newFewNumbers()
		}
		return newNumberValues()
	case datasets.Integer:
		switch {
		case l.narrow:
			return &narrowValues{deltas32()}
		case l.dictionary:
			return newFewIntegers()
		}
		return &integerValues{fixedValues[int64]{value: parquet.Int64Value, append: (&delta.BinaryPackedEncoding{}).EncodeInt64, form: format.DeltaBinaryPacked}}
	case datasets.Date:
		return &dayValues{deltas32()}
	case datasets.Flag:
		return &flagValues{}
	case datasets.Category:
		return &wordValues{index: make(map[string]int32), plain: textValues{filtered: l.filtered, bounded: l.bounded}}
	}
	return &textValues{filtered: l.filtered, bounded: l.bounded}
}

// fixedValues are numbers of one size.
type fixedValues[T float64 | int64 | int32] struct {
	values []T
	value  func(T) parquet.Value
	append func(dst []byte, src []T) ([]byte, error)
	form   format.Encoding // that append makes
	out    []byte          // encoded
}

// deltas32 returns 32-bit integers of which differences are written, in as many bits
// as these need: that is less to compress.
func deltas32() fixedValues[int32] {
	return fixedValues[int32]{value: parquet.Int32Value, append: (&delta.BinaryPackedEncoding{}).EncodeInt32, form: format.DeltaBinaryPacked}
}

// room returns the values with room for n more, of which so many are there yet.
func (p *fixedValues[T]) room(n int) (values []T, have int) {
	have = len(p.values)
	return slices.Grow(p.values, n)[:have+n], have
}

func (p *fixedValues[T]) count() int { return len(p.values) }

func (p *fixedValues[T]) size() int {
	if _, wide := any(p.values).([]int32); wide {
		return 4 * len(p.values)
	}
	return 8 * len(p.values)
}

func (p *fixedValues[T]) text() int { return 0 }

func (p *fixedValues[T]) bounds() (parquet.Value, parquet.Value) {
	least, most := extremes(p.values)
	return p.value(least), p.value(most)
}

// extremes returns the first least and the first most of values, none NaN.
func extremes[T cmp.Ordered](values []T) (least, most T) {
	least, most = values[0], values[0]
	for _, x := range values[1:] {
		if x < least {
			least = x
		}
		if x > most {
			most = x
		}
	}
	return least, most
}

func (p *fixedValues[T]) encode() (out []byte, err error) {
	p.out, err = p.append(p.out[:0], p.values)
	return p.out, err
}

func (p *fixedValues[T]) encoding() format.Encoding { return p.form }
func (p *fixedValues[T]) clear()                    { p.values = p.values[:0] }
func (p *fixedValues[T]) reset()                    { p.clear() }

// The loops of put store every cell and move on only past one that is there:
// without a branch, cells that are missing at random cost no more than others.

type numberValues struct{ fixedValues[float64] }

func newNumberValues() *numberValues {
	return &numberValues{fixedValues[float64]{value: parquet.DoubleValue, append: (&plain.Encoding{}).EncodeDouble}}
}

func (p *numberValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	dst, n := p.room(to - from)
	src := c.Numbers[from:to]
	levels = levels[:len(src)]
	for i, x := range src {
		there := byte(0)
		if x == x {
			there = 1
		}
		dst[n], levels[i] = x, missing+there
		n += int(there)
	}
	p.values = dst[:n]
	return nil
}

type integerValues struct{ fixedValues[int64] }

// newPlainIntegers returns integers as they go on where a dictionary is given up.
func newPlainIntegers() *integerValues {
	return &integerValues{fixedValues[int64]{value: parquet.Int64Value, append: (&plain.Encoding{}).EncodeInt64}}
}

func (p *integerValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	dst, n := p.room(to - from)
	if len(c.Null) == 0 {
		copy(dst[n:], c.Integers[from:to])
		fill(levels, missing+1)
		p.values = dst
		return nil
	}
	null := c.Null[from:to]
	for i, x := range c.Integers[from:to] {
		there := byte(1)
		if null[i] {
			there = 0
		}
		dst[n], levels[i] = x, missing+there
		n += int(there)
	}
	p.values = dst[:n]
	return nil
}

// narrowValues are integers stored as INT32.
type narrowValues struct{ fixedValues[int32] }

func (p *narrowValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	dst, n := p.room(to - from)
	for i, x := range c.Integers[from:to] {
		levels[i] = missing
		if isNull(c, from+i) {
			continue
		}
		if x != int64(int32(x)) {
			return fmt.Errorf("row %d: %d does not fit an int32; write the column as int64", from+i, x)
		}
		dst[n], levels[i] = int32(x), missing+1
		n++
	}
	p.values = dst[:n]
	return nil
}

type dayValues struct{ fixedValues[int32] }

func (p *dayValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	dst, n := p.room(to - from)
	for i, x := range c.Days[from:to] {
		there := byte(0)
		if x != datasets.MissingDay {
			there = 1
		}
		dst[n], levels[i] = x, missing+there
		n += int(there)
	}
	p.values = dst[:n]
	return nil
}

// flagValues are booleans, a byte each until they are encoded.
type flagValues struct{ flags, out []byte }

func (p *flagValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	n := len(p.flags)
	dst := slices.Grow(p.flags, to-from)[:n+to-from]
	most := byte(0)
	for i, x := range c.Flags[from:to] {
		there := 1 - byte(x)>>7
		dst[n], levels[i] = byte(x), missing+there
		n += int(there)
		most = max(most, byte(x+1))
	}
	if most > 2 {
		return fmt.Errorf("a flag of rows %d to %d is not -1, 0 or 1", from, to-1)
	}
	p.flags = dst[:n]
	return nil
}

func (p *flagValues) count() int { return len(p.flags) }
func (p *flagValues) size() int  { return (len(p.flags) + 7) / 8 }
func (p *flagValues) text() int  { return 0 }

func (p *flagValues) bounds() (parquet.Value, parquet.Value) {
	return parquet.BooleanValue(bytes.IndexByte(p.flags, 0) < 0), parquet.BooleanValue(bytes.IndexByte(p.flags, 1) >= 0)
}

func (p *flagValues) encode() ([]byte, error) {
	dst := p.out[:0]
	flags := p.flags
	for ; len(flags) >= 8; flags = flags[8:] {
		f := flags[:8]
		dst = append(dst, f[0]|f[1]<<1|f[2]<<2|f[3]<<3|f[4]<<4|f[5]<<5|f[6]<<6|f[7]<<7)
	}
	if len(flags) > 0 {
		last := byte(0)
		for i, f := range flags {
			last |= f << i
		}
		dst = append(dst, last)
	}
	p.out = dst
	return dst, nil
}

func (p *flagValues) encoding() format.Encoding { return format.Plain }
func (p *flagValues) clear()                    { p.flags = p.flags[:0] }
func (p *flagValues) reset()                    { p.clear() }

// isNull is Column.Missing for a column whose Null may be empty, not only nil.
func isNull(c *datasets.Column, i int) bool { return len(c.Null) > 0 && c.Null[i] }

func fill(dst []byte, b byte) {
	for i := range dst {
		dst[i] = b
	}
}
