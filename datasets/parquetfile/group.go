package parquetfile

import (
	"fmt"

	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A Group is a row group being filled.
type Group struct {
	w       *Writer
	columns []encoder
	rows    int
}

// NewGroup starts a row group. It may be called from any goroutine.
func (w *Writer) NewGroup() *Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.free); n > 0 {
		g := w.free[n-1]
		w.free = w.free[:n-1]
		return g
	}
	g := &Group{w: w}
	for _, leaves := range w.leaves {
		var e encoder
		for i := range leaves {
			e = append(e, newChunk(&leaves[i], w.packer))
		}
		g.columns = append(g.columns, e)
	}
	return g
}

// Write appends a batch of any size to the group, however many rows it has.
func (g *Group) Write(b *datasets.Batch) error {
	if err := checkBatch(b, g.w.fields); err != nil {
		return err
	}
	return g.append(b, 0, b.Rows)
}

// append appends rows from to to of a batch that has been checked.
func (g *Group) append(b *datasets.Batch, from, to int) error {
	for i := range g.columns {
		c := &b.Columns[i]
		if err := protect(func() error { return g.columns[i].write(c, from, to) }); err != nil {
			return fmt.Errorf("write parquet: column %q: %w", c.Name, err)
		}
	}
	g.rows += to - from
	return nil
}

// Flush encodes and compresses what Write has buffered. Called last by the
// goroutine that fills the group, it leaves nothing to Commit but to copy bytes.
func (g *Group) Flush() error {
	err := g.each(func(k *chunk) error {
		if k.copied != nil && k.allRows != int64(g.rows) {
			return fmt.Errorf("column %q is copied from a row group of %d rows into one of %d", k.path[0], k.allRows, g.rows)
		}
		return protect(k.finish)
	})
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

// each calls visit with every column chunk, in the order of the file.
func (g *Group) each(visit func(*chunk) error) error {
	for _, e := range g.columns {
		for _, k := range e {
			if err := visit(k); err != nil {
				return err
			}
		}
	}
	return nil
}

// Commit writes the group behind those committed before it, and what
// Writer.Write buffered before that. Only one goroutine at a time may call
// Commit, Write or Close of a Writer and its groups. The group is not to be
// used again.
func (g *Group) Commit() error {
	w := g.w
	if w.err == nil && w.current != nil {
		w.err = w.commit(w.current)
		w.current = nil
	}
	if w.err == nil {
		w.err = w.commit(g)
	}
	return w.err
}

// writeTo writes the group's pages and filters, and returns its metadata.
func (g *Group) writeTo(w *offsetWriter) (format.RowGroup, error) {
	meta := format.RowGroup{NumRows: int64(g.rows), FileOffset: w.offset, SortingColumns: []format.SortingColumn{}}
	if err := g.each(func(k *chunk) error { return k.writeTo(w) }); err != nil {
		return meta, err
	}
	err := g.each(func(k *chunk) error {
		if err := k.writeFilter(w); err != nil {
			return err
		}
		meta.Columns = append(meta.Columns, format.ColumnChunk{MetaData: k.meta})
		meta.TotalByteSize += k.meta.TotalUncompressedSize
		meta.TotalCompressedSize += k.meta.TotalCompressedSize
		return nil
	})
	return meta, err
}

// reset empties the group, keeping its memory.
func (g *Group) reset() {
	for _, e := range g.columns {
		for _, k := range e {
			k.reset()
		}
	}
	g.rows = 0
}
