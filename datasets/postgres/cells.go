package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

const (
	// epoch2000 is the day 2000-01-01, from which the server counts.
	epoch2000 = 10957

	microsPerDay = 86_400_000_000
)

// A column turns the cells of one column of the result into those of a batch.
type column struct {
	wire  wire
	items *items // of asTexts
}

// errWidth is the fault of a server that does not keep to its own protocol.
var errWidth = errors.New("the server sent a cell of another width than its type has")

// add appends a cell to dst; nil is NULL. row numbers the row, from 1.
func (c *column) add(dst *datasets.Column, cell []byte, row int64) error {
	switch types[c.wire] {
	case datasets.Text:
		if !utf8.Valid(cell) {
			return datasets.Shapef("text that is not UTF-8: %.60q; repair it in the database", cell)
		}
		dst.Data = append(dst.Data, cell...)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
	case datasets.Integer:
		v, null, err := c.integer(cell)
		if err != nil {
			return err
		}
		dst.Integers, dst.Null = append(dst.Integers, v), append(dst.Null, null)
	case datasets.Number:
		v, err := c.number(cell)
		if err != nil {
			return err
		}
		dst.Numbers = append(dst.Numbers, v)
	case datasets.Flag:
		v, err := flag(cell)
		if err != nil {
			return err
		}
		dst.Flags = append(dst.Flags, v)
	case datasets.Date:
		v, err := c.day(cell)
		if err != nil {
			return err
		}
		dst.Days = append(dst.Days, v)
	case datasets.Set:
		codes, err := c.items.add(dst.Codes, cell, row)
		if err != nil {
			return err
		}
		dst.Codes, dst.Null = codes, append(dst.Null, cell == nil)
		dst.Offsets = append(dst.Offsets, int32(len(codes)))
	}
	return nil
}

func (c *column) integer(cell []byte) (v int64, null bool, err error) {
	switch {
	case cell == nil:
		return 0, true, nil
	case c.wire == asDigits && string(cell) == "NaN":
		return 0, true, nil
	case c.wire == asDigits:
		v, err = strconv.ParseInt(string(cell), 10, 64)
		return v, false, err
	case c.wire == asOID && len(cell) == 4:
		return int64(binary.BigEndian.Uint32(cell)), false, nil
	case c.wire == asOID:
		return 0, false, errWidth
	}
	switch len(cell) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(cell))), false, nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(cell))), false, nil
	case 8:
		return int64(binary.BigEndian.Uint64(cell)), false, nil
	}
	return 0, false, errWidth
}

// number returns NaN for a cell that is no finite number.
func (c *column) number(cell []byte) (v float64, err error) {
	switch {
	case cell == nil:
		return math.NaN(), nil
	case c.wire == asDecimal:
		if v, err = strconv.ParseFloat(string(cell), 64); err != nil {
			return 0, datasets.Shapef("the number %.40s is beyond what a double precision holds; divide it, or cast it to text", cell)
		}
	case len(cell) == 4:
		v = float64(math.Float32frombits(binary.BigEndian.Uint32(cell)))
	case len(cell) == 8:
		v = math.Float64frombits(binary.BigEndian.Uint64(cell))
	default:
		return 0, errWidth
	}
	if math.IsInf(v, 0) {
		return math.NaN(), nil
	}
	return v, nil
}

func flag(cell []byte) (int8, error) {
	switch {
	case cell == nil:
		return -1, nil
	case len(cell) == 1 && cell[0] <= 1:
		return int8(cell[0]), nil
	}
	return 0, errWidth
}

// day returns the UTC day of a date or a moment; an infinite one is missing.
func (c *column) day(cell []byte) (int32, error) {
	switch {
	case cell == nil:
		return datasets.MissingDay, nil
	case c.wire == asDay && len(cell) == 4:
		days := int32(binary.BigEndian.Uint32(cell))
		if days == math.MaxInt32 || days == math.MinInt32 {
			return datasets.MissingDay, nil
		}
		return days + epoch2000, nil
	case c.wire == asMicros && len(cell) == 8:
		micros := int64(binary.BigEndian.Uint64(cell))
		if micros == math.MaxInt64 || micros == math.MinInt64 {
			return datasets.MissingDay, nil
		}
		days := micros / microsPerDay
		if micros%microsPerDay < 0 {
			days--
		}
		return int32(days + epoch2000), nil
	}
	return 0, errWidth
}

// maxDictionary is how many items a set's dictionary may have before it is
// started afresh with the next batch, so that memory does not grow with the
// number of rows.
const maxDictionary = 1 << 16

// items numbers the items of a set column.
type items struct {
	texts []string
	codes map[string]int32
	seen  []int64 // by code, the last row that had it
}

func newItems() *items { return &items{codes: map[string]int32{}} }

// errArray is the fault of an array that is not laid out as one.
var errArray = errors.New("the server sent an array that is not whole")

// add appends the codes of an array: four bytes each of dimensions, whether
// there are NULLs, and the items' type; then length and first index of every
// dimension; then each item behind its length, which is -1 for NULL. The items
// of all dimensions make one set.
func (s *items) add(dst []int32, array []byte, row int64) ([]int32, error) {
	if array == nil {
		return dst, nil
	}
	if len(array) < 12 {
		return dst, errArray
	}
	dimensions := int(binary.BigEndian.Uint32(array))
	if dimensions > 6 || len(array) < 12+8*dimensions { // the server's own limit
		return dst, errArray
	}
	for rest := array[12+8*dimensions:]; len(rest) > 0; {
		if len(rest) < 4 {
			return dst, errArray
		}
		n := int32(binary.BigEndian.Uint32(rest))
		rest = rest[4:]
		if n < 0 {
			continue
		}
		if int(n) > len(rest) {
			return dst, errArray
		}
		if n > 0 {
			if !utf8.Valid(rest[:n]) {
				return dst, datasets.Shapef("text that is not UTF-8: %.60q; repair it in the database", rest[:n])
			}
			dst = s.code(dst, rest[:n], row)
		}
		rest = rest[n:]
	}
	return dst, nil
}

// code appends the code of an item unless row has it already.
func (s *items) code(dst []int32, item []byte, row int64) []int32 {
	code, ok := s.codes[string(item)]
	if !ok {
		code = int32(len(s.texts))
		text := string(item)
		s.texts, s.codes[text], s.seen = append(s.texts, text), code, append(s.seen, 0)
	}
	if s.seen[code] == row {
		return dst
	}
	s.seen[code] = row
	return append(dst, code)
}

// shapef is an error about the shape of the result.
func (r *reader) shapef(format string, args ...any) error {
	return &Error{Source: r.source.name, kind: datasets.ErrShape, Msg: fmt.Sprintf(format, args...)}
}
