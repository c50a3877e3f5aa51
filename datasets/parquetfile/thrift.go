package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// The types of Thrift's compact protocol that need a name.
const (
	typeStop   = 0
	typeTrue   = 1
	typeFalse  = 2
	typeByte   = 3
	typeI16    = 4
	typeI32    = 5
	typeI64    = 6
	typeDouble = 7
	typeBinary = 8
	typeList   = 9
	typeSet    = 10
	typeStruct = 12
)

// maxDepth bounds nesting; Parquet's own structs nest six deep.
const maxDepth = 32

// errShort says that the bytes end before the structure does.
var errShort = errors.New("it ends too soon")

// A compact walks bytes of Thrift's compact protocol, allocating nothing.
//
// Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
type compact struct {
	b       []byte
	i       int
	structs int // structs met as items of lists
}

func (c *compact) byte() (byte, error) {
	if c.i >= len(c.b) {
		return 0, errShort
	}
	c.i++
	return c.b[c.i-1], nil
}

func (c *compact) uvarint() (uint64, error) {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b, err := c.byte()
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, errors.New("a number has more than 64 bits")
}

// int32 reads a zigzag number that must fit 32 bits.
func (c *compact) int32() (int32, error) {
	u, err := c.uvarint()
	if err != nil {
		return 0, err
	}
	v := int64(u>>1) ^ -int64(u&1)
	if v != int64(int32(v)) {
		return 0, fmt.Errorf("%d has more than 32 bits", v)
	}
	return int32(v), nil
}

// field reads a field's header; last is the id of the field before it.
func (c *compact) field(last int32) (id int32, typ byte, err error) {
	b, err := c.byte()
	if err != nil || b == typeStop {
		return 0, typeStop, err
	}
	if delta := b >> 4; delta != 0 {
		return last + int32(delta), b & 15, nil
	}
	id, err = c.int32()
	return id, b & 15, err
}

// advance skips n bytes.
func (c *compact) advance(n uint64) error {
	if n > uint64(len(c.b)-c.i) {
		return errShort
	}
	c.i += int(n)
	return nil
}

// skip walks over one value of that type.
func (c *compact) skip(typ byte, depth int) error {
	if depth > maxDepth {
		return errors.New("it nests too deep")
	}
	switch typ {
	case typeTrue, typeFalse: // the value is in the header
		return nil
	case typeByte:
		return c.advance(1)
	case typeI16, typeI32, typeI64:
		_, err := c.uvarint()
		return err
	case typeDouble:
		return c.advance(8)
	case typeBinary:
		n, err := c.uvarint()
		if err != nil {
			return err
		}
		return c.advance(n)
	case typeList, typeSet:
		return c.skipList(depth)
	case typeStruct:
		return c.skipStruct(depth)
	}
	return fmt.Errorf("type %d is not used in Parquet", typ) // maps among them
}

func (c *compact) skipStruct(depth int) error {
	var id int32
	for {
		var typ byte
		var err error
		if id, typ, err = c.field(id); err != nil || typ == typeStop {
			return err
		}
		if err := c.skip(typ, depth+1); err != nil {
			return err
		}
	}
}

func (c *compact) skipList(depth int) error {
	b, err := c.byte()
	if err != nil {
		return err
	}
	n, typ := uint64(b>>4), b&15
	if n == 15 {
		if n, err = c.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(len(c.b)-c.i) { // an item has at least a byte
		return errShort
	}
	switch typ {
	case typeTrue, typeFalse:
		return c.advance(n)
	case typeStruct:
		c.structs += int(n)
	}
	for range n {
		if err := c.skip(typ, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// appendListHeader appends the start of a list of n items of that type.
func appendListHeader(b []byte, n int, typ byte) []byte {
	if n < 15 {
		return append(b, byte(n)<<4|typ)
	}
	return binary.AppendUvarint(append(b, 15<<4|typ), uint64(n))
}

// A pageHeader is what the guard needs to know of a page.
type pageHeader struct {
	kind         format.PageType
	uncompressed int32 // bytes
	compressed   int32 // bytes
	values       int32 // nulls included
	nulls        int32 // version 2 only
	encoding     format.Encoding
	definitions  int32 // bytes of levels before the compressed part, version 2 only
	repetitions  int32 // the same
	plain        bool  // version 2: not compressed whatever the chunk's codec
	checksum     bool  // the library compares one
}

// parseHeader reads a page header from the start of b and returns its length,
// or errShort if b does not hold all of it.
func parseHeader(b []byte) (h pageHeader, n int, err error) {
	c := compact{b: b}
	var id int32
	for {
		var typ byte
		if id, typ, err = c.field(id); err != nil || typ == typeStop {
			return h, c.i, err
		}
		switch {
		case id == 1 && typ == typeI32:
			var kind int32
			kind, err = c.int32()
			h.kind = format.PageType(kind)
		case id == 2 && typ == typeI32:
			h.uncompressed, err = c.int32()
		case id == 3 && typ == typeI32:
			h.compressed, err = c.int32()
		case id == 4 && typ == typeI32:
			var crc int32
			crc, err = c.int32()
			h.checksum = crc != 0
		case typ == typeStruct && (id == 5 || id == 7 || id == 8):
			err = h.parseDetails(&c, id == 8)
		default:
			err = c.skip(typ, 1)
		}
		if err != nil {
			return h, 0, err
		}
	}
}

// parseDetails reads the part of a header that depends on the kind of page.
// The three kinds agree on field 1, and all but version 2 on field 2.
func (h *pageHeader) parseDetails(c *compact, v2 bool) error {
	var id int32
	for {
		var typ byte
		var err error
		if id, typ, err = c.field(id); err != nil || typ == typeStop {
			return err
		}
		if typ != typeI32 {
			if v2 && id == 7 {
				h.plain = typ == typeFalse
			}
			if err := c.skip(typ, 2); err != nil {
				return err
			}
			continue
		}
		v, err := c.int32()
		if err != nil {
			return err
		}
		h.set(id, v, v2)
	}
}

// set stores one number of a page header's details.
func (h *pageHeader) set(id, v int32, v2 bool) {
	switch {
	case id == 1:
		h.values = v
	case id == 2 && v2:
		h.nulls = v
	case id == 2 || id == 4 && v2:
		h.encoding = format.Encoding(v)
	case id == 5 && v2:
		h.definitions = v
	case id == 6 && v2:
		h.repetitions = v
	}
}
