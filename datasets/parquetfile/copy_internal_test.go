package parquetfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// TestCopyChecks tells lies about a column of several pages, one at a time: none is
// copied.
func TestCopyChecks(t *testing.T) {
	fields := []datasets.Field{{Name: "domain"}, {Name: "flag", Type: datasets.Flag}} // the other of one page
	var b datasets.Batch
	b.Prepare(fields)
	for i := range 30_000 {
		b.Columns[0].Data = fmt.Appendf(b.Columns[0].Data, "company-%d.com", i*i)
		b.Columns[0].Offsets = append(b.Columns[0].Offsets, int32(len(b.Columns[0].Data)))
		b.Columns[1].Flags = append(b.Columns[1].Flags, 1)
		b.Rows++
	}
	var file bytes.Buffer
	w, err := NewWriter(&file, fields, DefaultOptions())
	if err == nil {
		err = w.Write(&b)
	}
	if err == nil {
		err = w.Close()
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err == nil {
		err = os.WriteFile(path, file.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lib, err := f.footer.open(f.disk, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, other := lib.Metadata().RowGroups[0].Columns[0], lib.Metadata().RowGroups[0].Columns[1]
	var index format.OffsetIndex
	if err := f.unmarshal(c.OffsetIndexOffset, int64(c.OffsetIndexLength), &index); err != nil {
		t.Fatal(err)
	}
	body, err := f.section(nil, c.MetaData.DataPageOffset, c.MetaData.TotalCompressedSize)
	if err != nil {
		t.Fatal(err)
	}
	honest := index.PageLocations
	for i := range honest {
		honest[i].Offset -= c.MetaData.DataPageOffset
	}
	last := len(honest) - 1
	if last < 1 {
		t.Fatalf("%d pages; want several", last+1)
	}
	for name, lie := range map[string]func(p []format.PageLocation) []format.PageLocation{
		"nothing":          func(p []format.PageLocation) []format.PageLocation { return p },
		"no page":          func(p []format.PageLocation) []format.PageLocation { return nil },
		"without the last": func(p []format.PageLocation) []format.PageLocation { return p[:last] },
		"the last twice":   func(p []format.PageLocation) []format.PageLocation { return append(p, p[last]) },
		"another place":    func(p []format.PageLocation) []format.PageLocation { p[1].Offset++; return p },
		"before the file":  func(p []format.PageLocation) []format.PageLocation { p[0].Offset = -1; return p },
		"longer":           func(p []format.PageLocation) []format.PageLocation { p[last].CompressedPageSize++; return p },
		"other rows":       func(p []format.PageLocation) []format.PageLocation { p[1].FirstRowIndex++; return p },
	} {
		if err := checkPages(body, lie(slices.Clone(honest)), int64(b.Rows)); (err == nil) != (name == "nothing") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if checkPages(body, honest, int64(b.Rows)+1) == nil {
		t.Error("more rows than the pages have")
	}
	for name, lie := range map[string]func(c *format.ColumnChunk){
		"nothing":         func(*format.ColumnChunk) {},
		"values":          func(c *format.ColumnChunk) { c.MetaData.NumValues++ },
		"the length":      func(c *format.ColumnChunk) { c.MetaData.TotalCompressedSize-- },
		"beyond the file": func(c *format.ColumnChunk) { c.MetaData.TotalCompressedSize = 1 << 62 },
		"the pages": func(c *format.ColumnChunk) {
			c.OffsetIndexOffset, c.OffsetIndexLength = other.OffsetIndexOffset, other.OffsetIndexLength
		},
		"the index": func(c *format.ColumnChunk) {
			c.ColumnIndexOffset, c.ColumnIndexLength = other.ColumnIndexOffset, other.ColumnIndexLength
		},
		"the index's end": func(c *format.ColumnChunk) { c.ColumnIndexLength-- },
	} {
		told := c
		lie(&told)
		k := w.NewGroup().columns[0][0]
		if err := k.copy(f, &told, int64(b.Rows)); (err == nil) != (name == "nothing") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
