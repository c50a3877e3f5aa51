package parquetfile

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/icpfit/icpfit/datasets"
)

// Options decide how a file is written. Start from DefaultOptions.
type Options struct {
	// RowGroupRows is the number of rows after which Writer.Write starts a new
	// row group, ≥ 1. Readers work on one row group per goroutine.
	RowGroupRows int

	// Metadata is stored in the footer. The keys "icpfit.schema" and "pandas" are taken.
	Metadata map[string]string

	// Int32 names Integer columns to store as INT32, which other programs may
	// expect; a value that does not fit is an error.
	Int32 map[string]bool

	// Filtered names Text and Category columns that get a bloom filter in every
	// row group, two bytes a value: see File.MayHold.
	Filtered []string

	// Repeated names Number columns of which few values differ, such as shares in
	// a thousand: every row group has a dictionary of them, until it is full.
	Repeated []string
}

// DefaultOptions returns row groups of 131,072 rows: some 10 MB a group of 30
// columns, and enough groups to occupy all cores from a million rows on.
func DefaultOptions() Options { return Options{RowGroupRows: 131_072} }

// validate reports every fault of the fields and options.
func (o Options) validate(fields []datasets.Field) error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("write parquet: "+format, args...))
		}
	}
	check(o.RowGroupRows >= 1, "row group rows is %d; want at least 1", o.RowGroupRows)
	check(len(fields) > 0 && len(fields) <= maxColumns, "%d columns; want 1 to %d", len(fields), maxColumns)
	for _, key := range []string{schemaKey, pandasKey} {
		_, taken := o.Metadata[key]
		check(!taken, "metadata %q is the writer's own; use another key", key)
	}
	integers, names := make(map[string]bool), make(map[string]bool)
	for _, f := range fields {
		check(f.Name != "" && !names[f.Name], "column %q is without name, or named twice", f.Name)
		check(f.Type <= datasets.List, "column %q has an unknown type %v", f.Name, f.Type)
		check((f.Type == datasets.List) == (len(f.Children) > 0), "column %q: a list, and no other type, has children", f.Name)
		names[f.Name], integers[f.Name] = true, f.Type == datasets.Integer
		children := make(map[string]bool)
		for _, c := range f.Children {
			check(c.Name != "" && !children[c.Name], "column %q: child %q is without name, or named twice", f.Name, c.Name)
			check(c.Type < datasets.Set && len(c.Children) == 0, "column %q: child %q is a %v; want no set or list", f.Name, c.Name, c.Type)
			children[c.Name] = true
		}
	}
	for _, name := range o.Filtered {
		check(slices.ContainsFunc(fields, func(f datasets.Field) bool {
			return f.Name == name && (f.Type == datasets.Text || f.Type == datasets.Category)
		}), "filtered %q is not a text or category column", name)
	}
	for _, name := range o.Repeated {
		check(slices.ContainsFunc(fields, func(f datasets.Field) bool { return f.Name == name && f.Type == datasets.Number }), "repeated %q is not a number column", name)
	}
	for name, narrow := range o.Int32 {
		check(!narrow || integers[name], "int32 %q is not an integer column", name)
	}
	return errors.Join(errs...)
}

// A Writer writes one Parquet file. The same batches give the same bytes.
//
// Either call Write with one batch after the other, or fill row groups
// concurrently: NewGroup for each, Group.Write and Group.Flush from any
// goroutine, Group.Commit in the order wanted. After an error the file is
// broken, and Close returns that error.
type Writer struct {
	out     *offsetWriter
	footer  footer
	fields  []datasets.Field
	leaves  [][]leafSpec // of each field
	packer  *compressor
	options Options
	current *Group // Write's, nil between row groups
	err     error  // of Write, Commit or Close

	mu   sync.Mutex
	free []*Group // committed, to be used again; guarded by mu
}

// NewWriter starts a file with these columns on w. It returns an error that
// lists every fault of the fields and options.
func NewWriter(w io.Writer, fields []datasets.Field, opts Options) (*Writer, error) {
	if err := opts.validate(fields); err != nil {
		return nil, err
	}
	schema, err := encodeSchema(fields, opts.Int32)
	if err != nil {
		return nil, fmt.Errorf("write parquet: %w", err)
	}
	metadata := maps.Clone(opts.Metadata)
	if metadata == nil {
		metadata = make(map[string]string)
	}
	metadata[schemaKey] = schema
	if metadata[pandasKey], err = encodePandas(fields, opts.Int32); err != nil {
		return nil, fmt.Errorf("write parquet: %w", err)
	}
	shape := layout(fields, opts)
	out := &Writer{
		out: newOffsetWriter(w), fields: fields, options: opts, leaves: leafSpecs(shape, fields, opts),
	}
	if out.packer, err = newCompressor(); err != nil {
		return nil, fmt.Errorf("write parquet: %w", err)
	}
	if out.footer, err = newFooter(shape, metadata); err != nil {
		return nil, fmt.Errorf("write parquet: %w", err)
	}
	return out, nil
}

// Write appends a batch of any size. Its columns must be the Writer's fields,
// in their order. It starts a new row group every RowGroupRows rows.
func (w *Writer) Write(b *datasets.Batch) error {
	if w.err != nil {
		return w.err
	}
	w.err = w.write(b)
	return w.err
}

func (w *Writer) write(b *datasets.Batch) error {
	if err := checkBatch(b, w.fields); err != nil {
		return err
	}
	for from := 0; from < b.Rows; {
		if w.current == nil {
			w.current = w.NewGroup()
		}
		g := w.current
		to := min(b.Rows, from+w.options.RowGroupRows-g.rows)
		if err := g.append(b, from, to); err != nil {
			return err
		}
		from = to
		if g.rows == w.options.RowGroupRows {
			if err := w.commit(g); err != nil {
				return err
			}
			w.current = nil
		}
	}
	return nil
}

// Close writes what is left and the footer. It does not close the io.Writer.
func (w *Writer) Close() error {
	if w.err == nil && w.current != nil {
		w.err = w.commit(w.current)
		w.current = nil
	}
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("write parquet: the file is closed")
	err := w.begin()
	if err == nil {
		err = w.footer.writeTo(w.out)
	}
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

// begin writes the start of the file, once.
func (w *Writer) begin() error {
	if w.out.offset > 0 {
		return nil
	}
	_, err := io.WriteString(w.out, magic)
	return err
}

// commit writes a group to the file and keeps its memory.
func (w *Writer) commit(g *Group) error {
	if g.rows > 0 {
		if err := g.Flush(); err != nil {
			return err
		}
		if err := w.append(g); err != nil {
			return fmt.Errorf("write parquet: %w", err)
		}
	}
	g.reset()
	w.mu.Lock()
	w.free = append(w.free, g)
	w.mu.Unlock()
	return nil
}

// append writes a group that has been flushed.
func (w *Writer) append(g *Group) error {
	if err := w.begin(); err != nil {
		return err
	}
	meta, err := g.writeTo(w.out)
	if err != nil {
		return err
	}
	return w.footer.add(g, &meta)
}
