package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A footer that is decoded takes two kilobytes a column chunk, ten times what it
// takes on disk: of ten million accounts, more than reading and writing them. So
// what is kept of it is where its parts are, and the library opens one row group at
// a time.

// A sections says where the parts of a file's footer are.
type sections struct {
	head, tail []byte // what is before the list of row groups, and behind it
	groups     []section
	start      int64 // of the footer in the file
}

// A section is the place of a row group in a footer.
type section struct {
	from, to int
	ordinal  [2]int // from, to: its number in the file
	rows     int64
	first    int64 // number of its first row in the file
}

// find finds the parts of a footer that checkMetadata has walked over.
func (f *sections) find(footer []byte) error {
	c := compact{b: footer}
	for id := int32(0); ; {
		var typ byte
		var err error
		if id, typ, err = c.field(id); err != nil || typ == typeStop {
			return err
		}
		if id != 4 || typ != typeList {
			err = c.skip(typ, 1)
		} else if f.head != nil {
			err = errors.New("its footer has two lists of row groups")
		} else {
			err = f.findGroups(&c)
		}
		if err != nil {
			return err
		}
	}
}

// findGroups finds the items of the list of row groups at c.
func (f *sections) findGroups(c *compact) error {
	f.head = slices.Clone(c.b[:c.i])
	b, err := c.byte()
	if err != nil {
		return err
	}
	n := uint64(b >> 4)
	if n == 15 {
		if n, err = c.uvarint(); err != nil {
			return err
		}
	}
	if n > 0 && b&15 != typeStruct {
		return errors.New("its row groups are no structures")
	}
	if n > maxGroups {
		return fmt.Errorf("%d row groups; at most %d are read", n, maxGroups)
	}
	for range n {
		g, err := findGroup(c)
		if err != nil {
			return err
		}
		f.groups = append(f.groups, g)
	}
	f.tail = slices.Clone(c.b[c.i:])
	return nil
}

// findGroup finds the end of the row group at c, and its ordinal.
func findGroup(c *compact) (g section, err error) {
	g.from = c.i
	for id := int32(0); ; {
		var typ byte
		if id, typ, err = c.field(id); err != nil || typ == typeStop {
			g.to = c.i
			return g, err
		}
		from := c.i
		if err = c.skip(typ, 2); err != nil {
			return g, err
		}
		if id == 7 && typ == typeI16 {
			g.ordinal = [2]int{from, c.i}
		}
	}
}

// number notes the rows of each row group.
func (f *sections) number(groups []format.RowGroup) error {
	if len(groups) != len(f.groups) {
		return fmt.Errorf("its footer has %d row groups, and is read as %d", len(f.groups), len(groups))
	}
	first := int64(0)
	for g := range groups {
		f.groups[g].rows, f.groups[g].first = groups[g].NumRows, first
		first += groups[g].NumRows
	}
	return nil
}

// open opens a file that has row group g and no other.
func (f *sections) open(disk io.ReaderAt, g int) (lib *parquet.File, err error) {
	group := f.groups[g]
	b := make([]byte, group.to-group.from)
	if _, err := disk.ReadAt(b, f.start+int64(group.from)); err != nil {
		return nil, err
	}
	tail := appendListHeader(slices.Clone(f.head), 1, typeStruct)
	if group.ordinal[1] > 0 { // the library compares it with the place in the list
		tail = append(append(tail, b[:group.ordinal[0]-group.from]...), 0)
		b = b[group.ordinal[1]-group.from:]
	}
	tail = append(append(tail, b...), f.tail...)
	if err := checkMetadata(tail); err != nil { // it is not what was checked before
		return nil, err
	}
	tail = append(binary.LittleEndian.AppendUint32(tail, uint32(len(tail))), magic...)
	err = protect(func() error {
		lib, err = openLibrary(spliced{disk, f.start, tail}, f.start+int64(len(tail)))
		return err
	})
	return lib, err
}

func openLibrary(r io.ReaderAt, size int64) (*parquet.File, error) {
	return parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(64<<10))
}

// A spliced file is one up to start, and tail from there.
type spliced struct {
	disk  io.ReaderAt
	start int64
	tail  []byte
}

// ReadAt implements io.ReaderAt.
func (s spliced) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < s.start {
		own := min(int64(len(p)), s.start-off)
		var err error
		if n, err = s.disk.ReadAt(p[:own], off); n < int(own) {
			return n, err
		}
	}
	if n < len(p) {
		at := off + int64(n) - s.start
		if at < int64(len(s.tail)) {
			n += copy(p[n:], s.tail[at:])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
