package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// What a file may ask of us. parquet-go believes the sizes it reads: one
// flipped byte of the footer's length made it allocate 4 GB.
const (
	maxFooter     = 64 << 20 // bytes; a footer of 100,000 column chunks has about 15 MB
	maxGroups     = 100_000  // row groups
	maxColumns    = 4096     // leaf columns
	maxPage       = 64 << 20 // bytes of one page, compressed and not
	maxOpen       = 96 << 20 // bytes of the pages and dictionaries that a reader has open at once, one of each a column
	maxPageValues = 1 << 25  // values of one page, nulls included
	maxHeader     = 8 << 20  // bytes of one page header; long strings in its statistics
	maxCells      = 64 << 20 // bytes of one text column of one batch
	maxBatch      = 96 << 20 // bytes of all text columns of one batch
	maxItems      = 1 << 24  // items of one set or list column of one batch
)

// checkFooter looks at the frame of a file of that size, before the library
// does, and says where the parts of its footer are.
func checkFooter(r io.ReaderAt, size int64) (f sections, err error) {
	if size < 12 {
		return f, fmt.Errorf("%d bytes, less than any Parquet file", size)
	}
	var head, tail [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return f, err
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return f, err
	}
	if string(head[:4]) != "PAR1" || string(tail[4:]) != "PAR1" {
		return f, errors.New(`not a Parquet file: it does not start and end with "PAR1"`)
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if length > min(size-12, maxFooter) {
		return f, fmt.Errorf("its footer claims %d bytes of a file of %d", length, size)
	}
	f.start = size - 8 - length
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, f.start); err != nil {
		return f, err
	}
	if err := checkMetadata(footer); err != nil {
		return f, err
	}
	return f, f.find(footer)
}

// checkMetadata walks the footer without building anything. A list of one-byte
// structs decodes to hundreds of times its size, and nested structs of unknown
// fields overflow the stack, which no recover catches.
func checkMetadata(footer []byte) error {
	c := compact{b: footer}
	if err := c.skip(typeStruct, 0); err != nil {
		return fmt.Errorf("its footer is damaged: %w", err)
	}
	if c.i != len(footer) {
		return fmt.Errorf("its footer has %d bytes too many; signed and encrypted files are not read", len(footer)-c.i)
	}
	// A column chunk has some 100 bytes and five structs in lists.
	if most := 1<<16 + len(footer)/16; c.structs > most {
		return fmt.Errorf("its footer lists %d structures in %d bytes", c.structs, len(footer))
	}
	return nil
}

// checkLayout compares the opened file's counts and offsets with the file.
func checkLayout(meta *format.FileMetaData, footerStart int64) error {
	var rows int64
	for g := range meta.RowGroups {
		group := &meta.RowGroups[g]
		if len(group.Columns) > maxColumns {
			return fmt.Errorf("%d columns; at most %d are read", len(group.Columns), maxColumns)
		}
		if group.NumRows < 0 || group.NumRows > math.MaxInt64-rows {
			return fmt.Errorf("row group %d claims %d rows", g, group.NumRows)
		}
		rows += group.NumRows
		for c := range group.Columns {
			if err := checkChunk(&group.Columns[c], footerStart); err != nil {
				return fmt.Errorf("row group %d: %w", g, err)
			}
		}
	}
	if rows != meta.NumRows {
		return fmt.Errorf("its row groups hold %d rows, its footer says %d", rows, meta.NumRows)
	}
	return nil
}

// checkChunk checks that a column chunk lies between the magic and the footer.
func checkChunk(chunk *format.ColumnChunk, footerStart int64) error {
	m := &chunk.MetaData
	start := chunkStart(m)
	if start < 4 || m.TotalCompressedSize < 0 || start > footerStart || m.TotalCompressedSize > footerStart-start || m.NumValues < 0 {
		return fmt.Errorf("column %q: its %d bytes at %d are not inside the file", pathOf(m), m.TotalCompressedSize, start)
	}
	if chunk.FilePath != "" {
		return fmt.Errorf("column %q is stored in another file, %q", pathOf(m), chunk.FilePath)
	}
	return nil
}

// chunkStart returns where the library starts reading a chunk.
func chunkStart(m *format.ColumnMetaData) int64 {
	if m.DictionaryPageOffset != 0 {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}

func pathOf(m *format.ColumnMetaData) string {
	name := ""
	for i, p := range m.PathInSchema {
		if i > 0 {
			name += "."
		}
		name += p
	}
	return name
}

// protect runs fn and turns a panic, of the library or of unsound data in our
// hands, into an error.
func protect(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged data: %v", p)
		}
	}()
	return fn()
}

// damaged is the advice where the bytes do not make sense.
const damaged = "write the file again, or check its copy"

// shape makes err an error about the file's shape, unless the fault is the
// disk's.
func shape(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("read parquet: %w", err)
	}
	return datasets.Shapef("read parquet: %s: %v; %s", path, err, damaged)
}
