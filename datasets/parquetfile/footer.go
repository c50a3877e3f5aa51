package parquetfile

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

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
// metadata of the file.
type footer struct {
	meta    format.FileMetaData
	columns [][]format.ColumnIndex // of each row group
	offsets [][]format.OffsetIndex
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
func (f *footer) add(g *Group, meta format.RowGroup) error {
	n := len(f.meta.RowGroups)
	if n == parquet.MaxRowGroups {
		return fmt.Errorf("more than %d row groups: make them larger", n)
	}
	meta.Ordinal = int16(n)
	f.meta.RowGroups = append(f.meta.RowGroups, meta)
	f.meta.NumRows += meta.NumRows
	columns, offsets := make([]format.ColumnIndex, 0, len(meta.Columns)), make([]format.OffsetIndex, 0, len(meta.Columns))
	err := g.each(func(k *chunk) error {
		columns = append(columns, k.columnIndex())
		offsets = append(offsets, format.OffsetIndex{PageLocations: k.locations})
		return nil
	})
	f.columns, f.offsets = append(f.columns, columns), append(f.offsets, offsets)
	return err
}

// writeTo writes the indexes, the metadata and the end of the file.
func (f *footer) writeTo(w *offsetWriter) error {
	var protocol thrift.CompactProtocol
	encoder := thrift.NewEncoder(protocol.NewWriter(w))
	for g, columns := range f.columns {
		for i := range columns {
			chunk := &f.meta.RowGroups[g].Columns[i]
			chunk.ColumnIndexOffset = w.offset
			if err := encoder.Encode(&columns[i]); err != nil {
				return err
			}
			chunk.ColumnIndexLength = int32(w.offset - chunk.ColumnIndexOffset)
		}
	}
	for g, offsets := range f.offsets {
		for i := range offsets {
			chunk := &f.meta.RowGroups[g].Columns[i]
			chunk.OffsetIndexOffset = w.offset
			if err := encoder.Encode(&offsets[i]); err != nil {
				return err
			}
			chunk.OffsetIndexLength = int32(w.offset - chunk.OffsetIndexOffset)
		}
	}
	start := w.offset
	if err := encoder.Encode(&f.meta); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint32(nil, uint32(w.offset-start))
	if _, err := w.Write(append(end, magic...)); err != nil {
		return err
	}
	return w.w.Flush()
}
