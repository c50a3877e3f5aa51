package jsonfile

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/icpfit/icpfit/datasets"
)

const (
	// batchBytes ends a batch early where rows are long, so that its memory
	// stays bounded and its offsets fit in 32 bits.
	batchBytes = 16 << 20

	// maxDictionary is how many items a set's dictionary may have before it is
	// started afresh with the next batch, so that memory does not grow with the
	// file.
	maxDictionary = 1 << 16
)

// A reader is the second pass over a file; it is the visitor of its rows.
type reader struct {
	keyTable
	path   string
	schema *schema
	rows   *records
	parse  parser
	batch  *datasets.Batch
	sets   []*set // by column; nil for text
	kinds  []kind // by column, in the current row; 0 if it has none
	column int    // of the last key; -1 if it has none
	count  int64  // rows read so far
	err    error  // final
}

func newReader(path string, s *schema, rows *records) *reader {
	r := &reader{
		keyTable: keyTable{names: s.names, place: s.place, seen: make([]int64, len(s.names)), last: -1},
		path:     path, schema: s, rows: rows,
		sets: make([]*set, len(s.fields)), kinds: make([]kind, len(s.fields)),
	}
	for i, f := range s.fields {
		if f.Type == datasets.Set {
			r.sets[i] = newSet()
		}
	}
	r.parse.visit = r
	return r
}

func (r *reader) Schema() []datasets.Field { return r.schema.fields }

// Read fills dst with the next rows.
func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.schema.fields)
	if r.err != nil {
		return r.err
	}
	if err := r.fill(ctx, dst); err != nil {
		r.err = err
		dst.Prepare(r.schema.fields)
		return err
	}
	r.count += int64(dst.Rows)
	return nil
}

func (r *reader) fill(ctx context.Context, dst *datasets.Batch) error {
	r.batch, dst.First = dst, r.count
	for _, s := range r.sets {
		if s != nil && len(s.items) > maxDictionary {
			*s = *newSet()
		}
	}
	for bytes := 0; dst.Rows < datasets.BatchRows && bytes < batchBytes; {
		record, line, err := r.rows.next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return locate(r.path, line, err)
		}
		bytes += len(record)
		r.row++
		clear(r.kinds)
		if err := r.parse.object(record); err != nil {
			return locate(r.path, r.parse.line(line), err)
		}
		r.endRow()
		dst.Lines = append(dst.Lines, line)
		dst.Rows++
	}
	if dst.Rows == 0 {
		return io.EOF
	}
	for i, s := range r.sets {
		if s != nil {
			dst.Columns[i].Dictionary = s.items[:len(s.items):len(s.items)]
		} else {
			dst.Columns[i].Dictionary = nil
		}
	}
	return nil
}

// key finds the column of a key.
func (r *reader) key(path []byte, k kind) error {
	n := r.find(path)
	if n < 0 {
		return fmt.Errorf("read: %s: key %q is new; %w", r.path, path, errChanged)
	}
	r.column = r.schema.column[n]
	switch {
	case r.column < 0 && k&(scalar|array) != 0, k == array && r.sets[r.column] == nil:
		return fmt.Errorf("read: %s: key %q holds something new; %w", r.path, path, errChanged)
	case r.column >= 0:
		r.kinds[r.column] = k
	}
	return r.mark(n)
}

// text adds to the cell of the last key.
func (r *reader) text(cell []byte) {
	c := &r.batch.Columns[r.column]
	if s := r.sets[r.column]; s == nil {
		c.Data = append(c.Data, cell...)
	} else if len(cell) > 0 {
		c.Codes = s.add(c.Codes, cell, r.row)
	}
}

// endRow ends every column's cell.
func (r *reader) endRow() {
	for i, s := range r.sets {
		c := &r.batch.Columns[i]
		if s == nil {
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
			continue
		}
		empty := len(c.Codes) == int(c.Offsets[len(c.Offsets)-1])
		c.Null = append(c.Null, empty && r.kinds[i] != array)
		c.Offsets = append(c.Offsets, int32(len(c.Codes)))
	}
}

// Close closes the file. A second call does nothing; Read is an error after it.
func (r *reader) Close() error {
	if r.err == nil {
		r.err = errors.New("read: " + r.path + ": the reader is closed")
	}
	return r.rows.close()
}

// A set numbers the items of a set column.
type set struct {
	items []string
	codes map[string]int32
	seen  []int64 // by code, the last row that had it
}

func newSet() *set { return &set{codes: map[string]int32{}} }

// add appends the code of an item unless row has it already.
func (s *set) add(dst []int32, item []byte, row int64) []int32 {
	code, ok := s.codes[string(item)]
	if !ok {
		code = int32(len(s.items))
		name := string(item)
		s.items, s.codes[name], s.seen = append(s.items, name), code, append(s.seen, 0)
	}
	if s.seen[code] == row {
		return dst
	}
	s.seen[code] = row
	return append(dst, code)
}
