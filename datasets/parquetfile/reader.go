package parquetfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A reader reads some columns of some row groups, and implements
// datasets.Reader.
type reader struct {
	fields  []datasets.Field
	columns []columnReader
	file    *File
	owner   bool     // of file
	files   []string // to read after it

	group, endGroup int   // the current row group; where to stop
	left            int64 // rows left in it
	most            int64 // rows of a batch of it
	shared          shared
	row             int64 // number of the next row in the source, from 0
	err             error // final
}

// newReader returns a reader that stands before the file's first row group and
// ends before endGroup, which its caller sets.
func newReader(f *File, fields []datasets.Field) (*reader, error) {
	r := &reader{fields: fields, file: f, group: -1, columns: make([]columnReader, len(fields))}
	for i, field := range fields {
		col, err := f.bind(field)
		if err != nil {
			return nil, err
		}
		c := &r.columns[i]
		c.words = make([]vocabulary, len(col.leaves))
		for k := range col.leaves {
			t := field.Type
			if t == datasets.List {
				t = field.Children[k].Type
			}
			c.fillers = append(c.fillers, newFiller(t, &c.words[k]))
		}
	}
	return r, nil
}

// Schema returns the fields as asked for.
func (r *reader) Schema() []datasets.Field { return r.fields }

// Read implements datasets.Reader. A batch does not span row groups.
func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if r.err == nil {
		r.err = ctx.Err()
	}
	if r.err == nil {
		r.err = r.read(dst)
	}
	if r.err != nil {
		dst.Rows = 0
	}
	return r.err
}

func (r *reader) read(dst *datasets.Batch) error {
	for r.left == 0 {
		if err := r.nextGroup(); err != nil {
			return err
		}
	}
	n := int(min(r.left, r.most))
	text := 0
	for i := range r.columns {
		err := protect(func() error { return r.columns[i].read(&dst.Columns[i], n) })
		if err == nil && int64(n) == r.left {
			err = protect(r.columns[i].finish)
		}
		if text += len(dst.Columns[i].Data); err == nil && text > maxBatch {
			err = datasets.Shapef("with it, %d rows hold more than %d MiB of text; shorten it or drop the column", n, maxBatch>>20)
		}
		if err != nil {
			return r.fault(r.fields[i].Name, err)
		}
	}
	dst.First, dst.Rows = r.row, n
	r.row += int64(n)
	r.left -= int64(n)
	return nil
}

// fault names the place of an error in the data.
func (r *reader) fault(column string, err error) error { return r.file.fault(r.row, column, err) }

// fault names the place of an error in the data: a row, from 0, and a column.
func (f *File) fault(row int64, column string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("read parquet: %w", err)
	}
	if !errors.Is(err, datasets.ErrShape) {
		err = datasets.Shapef("%v; %s", err, damaged)
	}
	return fmt.Errorf("read parquet: %w", &datasets.RowError{Source: f.path, Row: row + 1, Column: column, Err: err})
}

// nextGroup moves on to the next row group, in this file or the next.
func (r *reader) nextGroup() error {
	r.group++
	if r.group >= r.endGroup {
		if len(r.files) == 0 {
			return io.EOF
		}
		return r.nextFile()
	}
	lib, err := r.file.footer.open(r.file.disk, r.group)
	if err != nil {
		return shape(r.file.path, err)
	}
	for i := range r.columns {
		c := &r.columns[i]
		col, err := r.file.bind(r.fields[i])
		if err != nil {
			return err
		}
		if err := protect(func() error { return c.open(r.file, lib, col, &r.shared) }); err != nil {
			return r.fault(r.fields[i].Name, err)
		}
	}
	r.left = r.file.GroupRows(r.group)
	r.most = datasets.BatchRows
	if size := r.size(lib.Metadata().RowGroups[0].Columns) / max(1, r.left); size > 0 {
		r.most = max(1, min(r.most, batchBytes/size))
	}
	return nil
}

// batchBytes is what a batch has about where rows are long: it then has fewer.
const batchBytes = 32 << 20

// size returns the bytes of the columns in the row group, before compression. The
// footer may lie about them: maxCells and maxBatch bound what is read.
func (r *reader) size(chunks []format.ColumnChunk) (bytes int64) {
	for i := range r.columns {
		for _, l := range r.columns[i].column.leaves {
			bytes += min(max(0, chunks[l.index].MetaData.TotalUncompressedSize), 1<<40)
		}
	}
	return bytes
}

// errClosed is what a closed reader gives.
var errClosed = errors.New("read parquet: the reader is closed")

// Close implements datasets.Reader. Closing again does nothing.
func (r *reader) Close() error {
	if errors.Is(r.err, errClosed) {
		return nil
	}
	r.err = errClosed
	var err error
	for i := range r.columns {
		err = errors.Join(err, protect(r.columns[i].close))
	}
	if r.owner {
		err = errors.Join(err, r.file.Close())
	}
	return err
}

// A columnReader reads one column of a batch: one leaf, or one a child.
type columnReader struct {
	column  column
	cursors []*cursor
	fillers []filler
	words   []vocabulary

	items   []byte          // definition levels of a run's items
	scratch datasets.Column // a set's codes, before missing ones are dropped
}

func (c *columnReader) open(f *File, lib *parquet.File, col column, s *shared) error {
	if err := c.close(); err != nil {
		return err
	}
	c.column = col
	for i, l := range col.leaves {
		c.cursors = append(c.cursors, newCursor(f, lib, l, s))
		c.fillers[i].forget()
	}
	return nil
}

func (c *columnReader) close() error {
	var err error
	for _, cur := range c.cursors {
		err = errors.Join(err, cur.close())
	}
	c.cursors = c.cursors[:0]
	return err
}

// finish checks that the chunks end where the row group does.
func (c *columnReader) finish() error {
	for _, cur := range c.cursors {
		if more, err := cur.more(); err != nil || more {
			if err == nil {
				err = errors.New("more rows than its row group declares")
			}
			return err
		}
	}
	return nil
}

// read appends the next n rows to dst.
func (c *columnReader) read(dst *datasets.Column, n int) error {
	switch dst.Type {
	case datasets.Set:
		if err := c.readSet(dst, n); err != nil {
			return err
		}
	case datasets.List:
		return c.readList(dst, n)
	default:
		if err := c.readFlat(dst, n); err != nil {
			return err
		}
	}
	if dst.Type == datasets.Set || dst.Type == datasets.Category {
		dst.Dictionary = slices.Clip(c.words[0].words)
	}
	return nil
}

func (c *columnReader) readFlat(dst *datasets.Column, n int) error {
	cur := c.cursors[0]
	for n > 0 {
		more, err := cur.more()
		if err != nil {
			return err
		}
		if !more {
			return fmt.Errorf("%d rows fewer than its row group declares", n)
		}
		p := &cur.page
		k := min(n, p.levels-p.pos)
		var def []byte
		if p.def != nil {
			def = p.def[p.pos : p.pos+k]
		}
		if err := c.fillers[0].fill(dst, p, def, cur.leaf.maxDef, k); err != nil {
			return err
		}
		p.pos += k
		n -= k
	}
	return nil
}
