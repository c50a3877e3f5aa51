package parquetfile_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// TestOptions shows that each option changes the file, in the way it says.
func TestOptions(t *testing.T) {
	fields := []datasets.Field{{Name: "domain", Type: datasets.Text}, {Name: "tier", Type: datasets.Integer}}
	rows := [][]cell{{"a.com", int64(1)}, {"b.com", nil}, {"c.com", int64(-3)}}
	open := func(opts parquetfile.Options) *parquet.File {
		data := encode(t, fields, opts, newBatch(fields, rows))
		_, got, err := readAll(parquetfile.New(put(t, data)))
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, got, texts(rows))
		f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := open(parquetfile.DefaultOptions())
	if len(f.RowGroups()) != 1 || f.Root().Column("tier").Type().Kind() != parquet.Int64 {
		t.Errorf("default: %d row groups, tier is %v", len(f.RowGroups()), f.Root().Column("tier").Type())
	}
	if _, ok := f.Lookup("spec"); ok {
		t.Error("default: has metadata")
	}
	f = open(parquetfile.Options{RowGroupRows: 2, Metadata: map[string]string{"spec": "abc"}, Int32: map[string]bool{"tier": true}})
	if len(f.RowGroups()) != 2 || f.Root().Column("tier").Type().Kind() != parquet.Int32 {
		t.Errorf("%d row groups, tier is %v", len(f.RowGroups()), f.Root().Column("tier").Type())
	}
	if v, _ := f.Lookup("spec"); v != "abc" {
		t.Errorf("metadata spec is %q", v)
	}
}

// TestFaultyOptions names every fault at once.
func TestFaultyOptions(t *testing.T) {
	child := []datasets.Field{{Name: "c", Type: datasets.Text}}
	fields := []datasets.Field{
		{Name: "", Type: datasets.Text},
		{Name: "twice", Type: datasets.Text},
		{Name: "twice", Type: datasets.Number},
		{Name: "unknown", Type: 99},
		{Name: "childless", Type: datasets.List},
		{Name: "parent", Type: datasets.Text, Children: child},
		{Name: "deep", Type: datasets.List, Children: []datasets.Field{{Name: "x", Type: datasets.Set}, {Name: "y", Type: datasets.Text}, {Name: "y", Type: datasets.Text}}},
	}
	opts := parquetfile.Options{Metadata: map[string]string{"icpfit.schema": "x"}, Int32: map[string]bool{"twice": true}, Repeated: []string{"parent"}}
	_, err := parquetfile.NewWriter(io.Discard, fields, opts)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"row group rows is 0", `metadata "icpfit.schema"`, `int32 "twice" is not an integer column`, `repeated "parent" is not a number column`, `column "" is without name`, `column "twice" is without name, or named twice`,
		`column "unknown" has an unknown type`, `column "childless": a list`, `column "parent": a list`, `child "x" is a set`, `child "y" is without name, or named twice`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
	if _, err := parquetfile.NewWriter(io.Discard, nil, parquetfile.DefaultOptions()); err == nil {
		t.Error("no error for no columns")
	}
}

// TestFaultyBatches gives batches that do not fit the file; the writer is then
// broken for good.
func TestFaultyBatches(t *testing.T) {
	fields := []datasets.Field{
		{Name: "tier", Type: datasets.Integer},
		{Name: "kind", Type: datasets.Category},
		{Name: "list", Type: datasets.List, Children: []datasets.Field{{Name: "n", Type: datasets.Number}}},
	}
	rows := [][]cell{{int64(1), "a", [][]cell{{1.}}}, {int64(2), "b", nil}}
	for _, tt := range []struct {
		name string
		harm func(*datasets.Batch)
		want string
	}{
		{"fewer columns", func(b *datasets.Batch) { b.Columns = b.Columns[:2] }, "2 columns for a file of 3"},
		{"another name", func(b *datasets.Batch) { b.Columns[0].Name = "other" }, `column "other"`},
		{"another type", func(b *datasets.Batch) { b.Columns[0].Type = datasets.Number }, "has number column"},
		{"another child", func(b *datasets.Batch) { b.Columns[2].Children[0].Name = "m" }, `child number "m"`},
		{"fewer cells", func(b *datasets.Batch) { b.Columns[0].Integers = b.Columns[0].Integers[:1] }, "1 cells"},
		{"fewer nulls", func(b *datasets.Batch) { b.Columns[0].Null = b.Columns[0].Null[:1] }, "1 nulls"},
		{"fewer items", func(b *datasets.Batch) { b.Columns[2].Children[0].Numbers = nil }, `child "n": 0 cells`},
		{"code beyond", func(b *datasets.Batch) { b.Columns[1].Codes[1] = 2 }, "code 2 of a dictionary of 2"},
		{"code below", func(b *datasets.Batch) { b.Columns[1].Codes[1] = -2 }, "code -2"},
		{"too large for an int32", func(b *datasets.Batch) { b.Columns[0].Integers[1] = 1 << 31 }, `column "tier": row 1: 2147483648 does not fit an int32`},
		{"too small for an int32", func(b *datasets.Batch) { b.Columns[0].Integers[1] = -1<<31 - 1 }, "-2147483649 does not fit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := parquetfile.DefaultOptions()
			opts.Int32 = map[string]bool{"tier": true}
			w, err := parquetfile.NewWriter(io.Discard, fields, opts)
			if err != nil {
				t.Fatal(err)
			}
			b := newBatch(fields, rows)
			tt.harm(b)
			if err := w.Write(b); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("write gave %v, want %q", err, tt.want)
			}
			if w.Write(newBatch(fields, rows)) == nil || w.Close() == nil {
				t.Error("the writer went on after an error")
			}
		})
	}
}

// TestFaultyFlags gives flags that are neither yes, no nor missing.
func TestFaultyFlags(t *testing.T) {
	fields := []datasets.Field{{Name: "sure", Type: datasets.Flag}}
	for _, flag := range []int8{-128, -2, 2, 127} {
		b := newBatch(fields, [][]cell{{true}, {nil}, {false}})
		b.Columns[0].Flags[1] = flag
		w, err := parquetfile.NewWriter(io.Discard, fields, parquetfile.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(b); err == nil || !strings.Contains(err.Error(), `column "sure": a flag of rows 0 to 2 is not -1, 0 or 1`) {
			t.Errorf("flag %d: %v", flag, err)
		}
	}
}

// TestWriteAfterFlush fills a group further that was flushed: only pages end sooner.
func TestWriteAfterFlush(t *testing.T) {
	rows := manyRows(60)
	var out bytes.Buffer
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"text", "category"}
	w, err := parquetfile.NewWriter(&out, allTypes, opts)
	if err != nil {
		t.Fatal(err)
	}
	g := w.NewGroup()
	if err := errors.Join(g.Write(newBatch(allTypes, rows[:40])), g.Flush(), g.Write(newBatch(allTypes, rows[40:])), g.Flush(), g.Commit(), w.Close()); err != nil {
		t.Fatal(err)
	}
	_, got, err := readAll(parquetfile.New(put(t, out.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts(rows))
	f := openBytes(t, out.Bytes())
	for _, row := range rows {
		if word, ok := row[5].(string); ok && word != "" && !f.MayHold(0, "category", word) {
			t.Errorf("category %q is ruled out", word)
		}
	}
}

// TestInt32Bounds writes the largest and smallest values an INT32 holds.
func TestInt32Bounds(t *testing.T) {
	fields := []datasets.Field{{Name: "tier", Type: datasets.Integer}}
	rows := [][]cell{{int64(1<<31 - 1)}, {int64(-1 << 31)}}
	opts := parquetfile.DefaultOptions()
	opts.Int32 = map[string]bool{"tier": true}
	_, got, err := readAll(parquetfile.New(put(t, encode(t, fields, opts, newBatch(fields, rows)))))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts(rows))
}

// TestEmptyItems writes items that stand for nothing: they are dropped.
func TestEmptyItems(t *testing.T) {
	fields := []datasets.Field{{Name: "set", Type: datasets.Set}}
	b := newBatch(fields, [][]cell{{[]string{"", "a", ""}}, {[]string{""}}})
	b.Columns[0].Null = b.Columns[0].Null[:0] // as in a batch where nothing is missing
	_, got, err := readAll(parquetfile.New(put(t, encode(t, fields, parquetfile.DefaultOptions(), b))))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts([][]cell{{[]string{"a"}}, {[]string{}}}))
}

// errFull is the error of a full disk.
var errFull = errors.New("no space left on device")

// A fullDisk takes n bytes and fails from then on.
type fullDisk struct{ n int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if len(b) > d.n {
		n := d.n
		d.n = 0
		return n, errFull
	}
	d.n -= len(b)
	return len(b), nil
}

// TestFullDisk fills the disk at different places: Write, Commit or Close says so.
func TestFullDisk(t *testing.T) {
	table := manyRows(5000)
	size := len(encode(t, allTypes, parquetfile.Options{RowGroupRows: 1000}, newBatch(allTypes, table)))
	for _, room := range []int{0, 4, size / 2, size - 1} {
		w, err := parquetfile.NewWriter(&fullDisk{room}, allTypes, parquetfile.Options{RowGroupRows: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(newBatch(allTypes, table)), w.Close()); !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: got %v", room, size, err)
		}
	}
}
