package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// The tables, as their files name them.
const (
	AccountsTable  = "accounts"
	CustomersTable = "customers"
)

// tableFormat is the version of the files; the package comment has the log.
const tableFormat = 1

// Keys of the files' metadata.
const (
	keyFormat   = "icpfit.format"
	keyTable    = "icpfit.table"
	keySpec     = "icpfit.spec"
	keySpecHash = "icpfit.spec_hash"
	keyAsOf     = "icpfit.as_of"
)

// A Table is a published feature table. Close it after use. Its methods may be
// called from several goroutines at once; the readers it gives out may not be
// shared.
type Table struct {
	Name     string           // AccountsTable or CustomersTable
	Fields   []datasets.Field // all columns, in their order
	Specs    []Spec
	SpecHash string
	AsOf     string // 2006-01-02

	files  []*parquetfile.File
	groups []place
}

// A place is a row group of one of the files; first numbers its first row in
// the table.
type place struct {
	file  *parquetfile.File
	index int
}

// OpenTable opens the table in folder: all its part-*.parquet files, in the
// order of their names. Every fault is an error that names the file: a file
// that is no feature table, is cut short, is of another format, or disagrees
// with the first. A folder without a part wraps fs.ErrNotExist.
func OpenTable(folder string) (*Table, error) {
	paths, err := filepath.Glob(filepath.Join(globSafe(folder), "part-*.parquet"))
	if err != nil {
		return nil, fmt.Errorf("open feature table: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("open feature table: %s: no part-*.parquet; run icpfit features: %w", folder, os.ErrNotExist)
	}
	t := &Table{}
	for i, path := range paths {
		if err := t.open(path, i == 0); err != nil {
			return nil, errors.Join(fmt.Errorf("open feature table: %w", err), t.Close())
		}
	}
	return t, nil
}

// globSafe makes a path match itself only.
func globSafe(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// open adds the file at path.
func (t *Table) open(path string, first bool) error {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	t.files = append(t.files, f)
	for g := range f.Groups() {
		t.groups = append(t.groups, place{f, g})
	}
	head, err := readHead(f, path)
	if err != nil {
		return err
	}
	if first {
		t.Name, t.Fields, t.Specs, t.SpecHash, t.AsOf = head.Name, head.Fields, head.Specs, head.SpecHash, head.AsOf
		return nil
	}
	if head.Name != t.Name || head.SpecHash != t.SpecHash || head.AsOf != t.AsOf || !reflect.DeepEqual(head.Fields, t.Fields) {
		return datasets.Shapef("%s: it is of another table than the parts before it; build the table anew", path)
	}
	return nil
}

// readHead reads what a file says about itself, and checks it.
func readHead(f *parquetfile.File, path string) (*Table, error) {
	value := func(key string) string { v, _ := f.Metadata(key); return v }
	format, err := strconv.Atoi(value(keyFormat))
	switch {
	case err != nil || format < 1:
		return nil, datasets.Shapef("%s: not a feature table: no %s in its metadata; build it with icpfit features", path, keyFormat)
	case format > tableFormat:
		return nil, datasets.Shapef("%s: format %d of feature tables, this icpfit reads up to %d; use a newer icpfit or build the table anew", path, format, tableFormat)
	}
	t := &Table{Name: value(keyTable), Fields: f.Schema(), SpecHash: value(keySpecHash), AsOf: value(keyAsOf)}
	damaged := func(what string) (*Table, error) {
		return nil, datasets.Shapef("%s: damaged: %s; build the table anew", path, what)
	}
	if err := json.Unmarshal([]byte(value(keySpec)), &t.Specs); err != nil {
		return damaged("its specs cannot be read")
	}
	fixed := map[string][]datasets.Field{AccountsTable: fixedAccounts, CustomersTable: fixedCustomers}[t.Name]
	if fixed == nil {
		return damaged(fmt.Sprintf("it is table %q", t.Name))
	}
	if Validate(t.Specs) != nil || SpecHash(t.Specs) != t.SpecHash {
		return damaged("its specs do not have the hash it states")
	}
	if !reflect.DeepEqual(t.Fields, fieldsOf(fixed, t.Specs)) {
		return damaged("its columns are not those of its specs")
	}
	if _, err := time.Parse(time.DateOnly, t.AsOf); err != nil {
		return damaged(fmt.Sprintf("its date is %q", t.AsOf))
	}
	return t, nil
}

// Close closes the table's files.
func (t *Table) Close() error {
	var errs []error
	for _, f := range t.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// Rows returns the number of rows.
func (t *Table) Rows() int64 {
	var n int64
	for _, f := range t.files {
		n += f.Rows()
	}
	return n
}

// Groups returns the number of row groups of all files together.
func (t *Table) Groups() int { return len(t.groups) }

// Group returns a reader of row group g, from 0, with the columns of these
// names, in this order. It numbers rows within its file. An unknown column is a
// *ColumnError.
func (t *Table) Group(g int, columns []string) (datasets.Reader, error) {
	fields, err := t.fields(columns)
	if err != nil {
		return nil, err
	}
	return t.groups[g].file.Group(t.groups[g].index, fields)
}

// Copy has row group to, which is to hold the rows of row group g, take over a text
// column as it is stored; it reports false where it cannot.
func (t *Table) Copy(to *parquetfile.Group, column string, g int) (bool, error) {
	return to.Copy(column, t.groups[g].file, t.groups[g].index)
}

// fields returns the fields of these names.
func (t *Table) fields(columns []string) ([]datasets.Field, error) {
	f := finder{source: t.Name + " table of " + t.AsOf, schema: t.Fields}
	var fields []datasets.Field
	for _, name := range columns {
		if at := f.find("reading", name); at >= 0 {
			fields = append(fields, t.Fields[at])
		}
	}
	return fields, f.err()
}

// LatestTable returns the newest table of a folder of as_of=2006-01-02 folders
// and the path of its own folder. before, a date of the same form, asks for an
// earlier one; "" for any. An error wraps fs.ErrNotExist if there is none.
func LatestTable(root, before string) (asOf, folder string, err error) {
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", "", fmt.Errorf("find feature table: %w", err)
	}
	for _, e := range slices.Backward(entries) { // sorted by name
		day, ok := strings.CutPrefix(e.Name(), "as_of=")
		if !ok || before != "" && day >= before {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day); err == nil {
			return day, filepath.Join(root, e.Name()), nil
		}
	}
	if before != "" {
		return "", "", fmt.Errorf("find feature table: %s: none before %s; run icpfit features: %w", root, before, os.ErrNotExist)
	}
	return "", "", fmt.Errorf("find feature table: %s: none; run icpfit features: %w", root, os.ErrNotExist)
}

// eachRow hands the batches of r to do.
func eachRow(ctx context.Context, r datasets.Reader, b *datasets.Batch, do func() error) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	for {
		if err := r.Read(ctx, b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := do(); err != nil {
			return err
		}
	}
}
