package parquetfile

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A File is an open Parquet file. Its methods may be called from several
// goroutines at once; the readers it gives out may not be shared.
type File struct {
	path     string
	disk     *os.File
	footer   sections
	metadata []format.KeyValue
	rows     int64
	columns  []column
	own      bool // written by a Writer of this package
}

// OpenFile opens the file at path and checks its footer. It returns an error
// wrapping datasets.ErrShape if the file is not Parquet, is cut short or does
// not hold together.
func OpenFile(path string) (*File, error) {
	disk, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read parquet: %w", err)
	}
	f := &File{path: path, disk: disk}
	if err := protect(f.open); err != nil {
		_ = disk.Close() // read only; the first error says more
		return nil, shape(path, err)
	}
	return f, nil
}

func (f *File) open() error {
	info, err := f.disk.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	if f.footer, err = checkFooter(f.disk, info.Size()); err != nil {
		return err
	}
	lib, err := openLibrary(f.disk, info.Size())
	if err != nil {
		return err
	}
	meta := lib.Metadata()
	for _, kv := range meta.KeyValueMetadata { // what is decoded shares the memory of the whole footer
		f.metadata = append(f.metadata, format.KeyValue{Key: strings.Clone(kv.Key), Value: strings.Clone(kv.Value)})
	}
	f.rows = meta.NumRows
	root, err := tree(meta.Schema)
	if err != nil {
		return err
	}
	seen := make(map[string]bool)
	for _, n := range root.children {
		if seen[n.name] {
			return fmt.Errorf("two columns are named %q", n.name)
		}
		seen[n.name] = true
		f.columns = append(f.columns, columnOf(n))
	}
	if err := errors.Join(checkLayout(meta, f.footer.start), f.footer.number(meta.RowGroups)); err != nil {
		return errors.Join(err, f.refusals()) // all that is wrong at once
	}
	for i := range f.columns {
		if err := checkCodecs(meta.RowGroups, f.columns[i]); err != nil {
			f.columns[i].err = fmt.Errorf("column %q is %w", f.columns[i].field.Name, err)
		}
	}
	return f.applySchema(meta.CreatedBy)
}

// checkCodecs refuses codecs that are not read, and a column that changes its
// codec: the library goes by the first row group.
func checkCodecs(groups []format.RowGroup, col column) error {
	for _, l := range col.leaves {
		for g := range groups {
			codec, first := groups[g].Columns[l.index].MetaData.Codec, groups[0].Columns[l.index].MetaData.Codec
			if err := readable(codec); err != nil {
				return err
			}
			if codec != first {
				return fmt.Errorf("compressed with %v and with %v; write the file again with one", first, codec)
			}
		}
	}
	return nil
}

// Close closes the file. Readers of it fail afterwards.
func (f *File) Close() error { return f.disk.Close() }

// Rows returns the number of rows.
func (f *File) Rows() int64 { return f.rows }

// Groups returns the number of row groups.
func (f *File) Groups() int { return len(f.footer.groups) }

// GroupRows returns the number of rows of row group g, from 0.
func (f *File) GroupRows(g int) int64 { return f.footer.groups[g].rows }

// Metadata returns the value of a key of the file's metadata, and whether it
// has that key.
func (f *File) Metadata(key string) (string, bool) {
	i := slices.IndexFunc(f.metadata, func(kv format.KeyValue) bool { return kv.Key == key })
	if i < 0 {
		return "", false
	}
	return f.metadata[i].Value, true
}

// Schema returns the columns that can be read, in the file's order. The others
// are left out; Group says why when asked for one of them by name.
func (f *File) Schema() []datasets.Field {
	var fields []datasets.Field
	for _, c := range f.columns {
		if c.err == nil {
			fields = append(fields, c.field)
		}
	}
	return fields
}

// refusals joins the errors of the columns that cannot be read.
func (f *File) refusals() error {
	var errs []error
	for _, c := range f.columns {
		errs = append(errs, c.err)
	}
	return errors.Join(errs...)
}

// complete returns an error unless a Batch can hold the whole file.
func (f *File) complete() error {
	if len(f.columns) == 0 {
		return datasets.Shapef("read parquet: %s: it has no columns; give it some", f.path)
	}
	if err := f.refusals(); err != nil {
		return datasets.Shapef("read parquet: %s: %v", f.path, err)
	}
	return nil
}

// Group returns a reader of row group g (from 0) with the columns that fields
// name, as the types they ask for: a text may be read as a category, an integer
// as a number. A list may be read with some of its children. Batches number
// their rows within the file.
//
// Each goroutine may read a row group of its own. The readers do not close the
// file.
func (f *File) Group(g int, fields []datasets.Field) (datasets.Reader, error) {
	r, err := newReader(f, fields)
	if err != nil {
		return nil, err
	}
	r.group, r.endGroup, r.row = g-1, g+1, f.footer.groups[g].first
	return r, nil
}

// bind returns the column that a field names, with the leaves it asks for.
func (f *File) bind(field datasets.Field) (column, error) {
	i := slices.IndexFunc(f.columns, func(c column) bool { return c.field.Name == field.Name })
	if i < 0 {
		return column{}, datasets.Shapef("read parquet: %s: no column %q; name one that the file has", f.path, field.Name)
	}
	c := f.columns[i]
	if c.err != nil {
		return c, datasets.Shapef("read parquet: %s: %v", f.path, c.err)
	}
	wrong := func() (column, error) {
		return c, datasets.Shapef("read parquet: %s: column %q is a %v, not a %v; ask for a type it can be read as",
			f.path, field.Name, c.field.Type, field.Type)
	}
	switch {
	case c.field.Type == datasets.Set || field.Type == datasets.Set || (c.field.Type == datasets.List) != (field.Type == datasets.List):
		if c.field.Type != field.Type {
			return wrong()
		}
	case field.Type == datasets.List:
		leaves := c.leaves
		c.leaves = nil
		for _, child := range field.Children {
			k := slices.IndexFunc(leaves, func(l leaf) bool { return l.name == child.Name })
			if k < 0 || !leaves[k].stored.reads(child.Type) {
				return c, datasets.Shapef("read parquet: %s: column %q: its items have no field %q that is a %v; ask for one they have",
					f.path, field.Name, child.Name, child.Type)
			}
			c.leaves = append(c.leaves, leaves[k])
		}
		if len(c.leaves) == 0 {
			return wrong()
		}
	case !c.leaves[0].stored.reads(field.Type):
		return wrong()
	}
	return c, nil
}
