package parquetfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// magic is how a Parquet file starts and ends.
const magic = "PAR1"

// An offsetWriter counts what is written.
type offsetWriter struct {
	w      *bufio.Writer
	offset int64
}

func newOffsetWriter(w io.Writer) *offsetWriter {
	return &offsetWriter{w: bufio.NewWriterSize(w, 32<<10)}
}

// Write implements io.Writer.
func (w *offsetWriter) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.offset += int64(n)
	return n, err
}

// A footer gathers what stands behind the row groups: their indexes and the
// metadata of the file. Row groups are kept as they are encoded, in a tenth of the
// memory.
type footer struct {
	meta    format.FileMetaData // without row groups
	groups  encodings           // their metadata, without the places of their indexes
	columns encodings           // column indexes, of one row group after the other
	offsets encodings           // offset indexes, likewise
}

// encodings are structures in Thrift's compact protocol.
type encodings [][]byte

func (e *encodings) add(v any) error {
	var protocol thrift.CompactProtocol
	b, err := thrift.Marshal(&protocol, v)
	*e = append(*e, slices.Clone(b))
	return err
}

func (e encodings) writeTo(w io.Writer) error {
	for _, b := range e {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// newFooter takes schema and metadata from a file without rows that the library
// writes, so both are as the library has them.
func newFooter(schema *parquet.Schema, metadata map[string]string) (f footer, err error) {
	err = protect(func() error {
		lib := parquet.NewGenericWriter[any](io.Discard, schema, &parquet.WriterConfig{KeyValueMetadata: metadata},
			parquet.CreatedBy(writerName, "1", "parquetfile")) // fixed: the same input gives the same bytes
		if err := lib.Close(); err != nil {
			return err
		}
		f.meta = *lib.File().Metadata()
		return nil
	})
	return f, err
}

// add appends a row group that has been written.
func (f *footer) add(g *Group, meta *format.RowGroup) error {
	n := len(f.groups)
	if n == parquet.MaxRowGroups {
		return fmt.Errorf("more than %d row groups: make them larger", n)
	}
	meta.Ordinal = int16(n)
	f.meta.NumRows += meta.NumRows
	return errors.Join(f.groups.add(meta), g.each(func(k *chunk) error {
		index := k.columnIndex()
		return errors.Join(f.columns.add(&index), f.offsets.add(&format.OffsetIndex{PageLocations: k.locations}))
	}))
}

// writeTo writes the indexes, the metadata and the end of the file.
func (f *footer) writeTo(w *offsetWriter) error {
	columns := w.offset
	if err := f.columns.writeTo(w); err != nil {
		return err
	}
	offsets := w.offset
	if err := f.offsets.writeTo(w); err != nil {
		return err
	}
	start := w.offset
	if err := f.writeMeta(w, columns, offsets); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint32(nil, uint32(w.offset-start))
	if _, err := w.Write(append(end, magic...)); err != nil {
		return err
	}
	return w.w.Flush()
}

// writeMeta writes the metadata of the file, whose column and offset indexes start
// there.
func (f *footer) writeMeta(w *offsetWriter, columns, offsets int64) error {
	var protocol thrift.CompactProtocol
	var around sections
	b, err := thrift.Marshal(&protocol, &f.meta)
	if err == nil {
		err = around.find(b)
	}
	if err != nil {
		return err
	}
	if _, err := w.Write(appendListHeader(around.head, len(f.groups), typeStruct)); err != nil {
		return err
	}
	chunk := 0
	for _, b := range f.groups {
		var group format.RowGroup
		if err := thrift.Unmarshal(&protocol, b, &group); err != nil {
			return err
		}
		for k := range group.Columns {
			c := &group.Columns[k]
			c.ColumnIndexOffset, c.ColumnIndexLength = columns, int32(len(f.columns[chunk]))
			c.OffsetIndexOffset, c.OffsetIndexLength = offsets, int32(len(f.offsets[chunk]))
			columns, offsets, chunk = columns+int64(c.ColumnIndexLength), offsets+int64(c.OffsetIndexLength), chunk+1
		}
		if err := thrift.NewEncoder(protocol.NewWriter(w)).Encode(&group); err != nil {
			return err
		}
	}
	_, err = w.Write(around.tail)
	return err
}
