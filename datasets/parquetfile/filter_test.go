package parquetfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// written returns a file of rows domains in row groups of 1,000, of which every
// tenth is missing.
func written(t *testing.T, rows int, filtered ...string) []byte {
	t.Helper()
	fields := []datasets.Field{{Name: "domain"}, {Name: "sector", Type: datasets.Category}, {Name: "n", Type: datasets.Number}}
	opts := parquetfile.DefaultOptions()
	opts.RowGroupRows, opts.Filtered = 1000, filtered
	var file bytes.Buffer
	w, err := parquetfile.NewWriter(&file, fields, opts)
	if err != nil {
		t.Fatal(err)
	}
	var b datasets.Batch
	b.Prepare(fields)
	b.Columns[1].Dictionary = []string{"Tech", "Retail"}
	for i := range rows {
		if i%10 > 0 {
			b.Columns[0].Data = fmt.Appendf(b.Columns[0].Data, "company-%d.com", i)
		}
		b.Columns[0].Offsets = append(b.Columns[0].Offsets, int32(len(b.Columns[0].Data)))
		b.Columns[1].Codes = append(b.Columns[1].Codes, int32(i/3000%2))
		b.Columns[2].Numbers = append(b.Columns[2].Numbers, float64(i))
		b.Rows++
	}
	if err := errors.Join(w.Write(&b), w.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func openBytes(t *testing.T, file []byte) *parquetfile.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestMayHold checks that no row group that has a text is ruled out, that nearly all
// others are, and that a file or column without a filter rules out nothing.
func TestMayHold(t *testing.T) {
	const rows = 20_000
	f := openBytes(t, written(t, rows, "domain", "sector"))
	kept := 0
	for i := range rows {
		text := fmt.Sprintf("company-%d.com", i)
		for g := range f.Groups() {
			may := f.MayHold(g, "domain", text)
			if g == i/1000 && i%10 > 0 && !may {
				t.Fatalf("row group %d has %s, and is ruled out", g, text)
			}
			if g != i/1000 && may {
				kept++
			}
		}
	}
	// 16 bits a value: about one in a thousand (Putze, Sanders, Singler, "Cache-,
	// hash- and space-efficient bloom filters", 2007, for blocks of 256 bits).
	if others := rows * 19; kept == 0 || kept > others/400 {
		t.Errorf("%d of %d row groups without a text may have it; want about one in a thousand", kept, others)
	}
	if !f.MayHold(0, "sector", "Tech") || f.MayHold(0, "sector", "Retail") || !f.MayHold(3, "sector", "Retail") {
		t.Error("a category's filter is not that of its texts")
	}
	plain := openBytes(t, written(t, rows))
	if !plain.MayHold(0, "domain", "nowhere.com") || !f.MayHold(0, "n", "1") || !f.MayHold(0, "no such column", "1") {
		t.Error("what has no filter rules out row groups")
	}
}

// TestFilterIsParquets checks the filters against the library's own reader of them,
// and that the file with them is the same each time and read as the one without.
func TestFilterIsParquets(t *testing.T) {
	file := written(t, 3_000, "domain")
	if !bytes.Equal(file, written(t, 3_000, "domain")) {
		t.Error("two files of the same rows differ")
	}
	lib, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f := openBytes(t, file)
	for g, group := range lib.RowGroups() {
		filter := group.ColumnChunks()[0].BloomFilter()
		if filter == nil {
			t.Fatalf("row group %d: the library finds no filter", g)
		}
		for i := range 4_000 {
			text := fmt.Sprintf("company-%d.com", i)
			want, err := filter.Check(parquet.ByteArrayValue([]byte(text)))
			if got := f.MayHold(g, "domain", text); err != nil || got != want {
				t.Fatalf("row group %d, %s: %t, the library says %t, %v", g, text, got, want, err)
			}
		}
	}
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"n", "x"}
	if _, err := parquetfile.NewWriter(&bytes.Buffer{}, []datasets.Field{{Name: "n", Type: datasets.Number}}, opts); err == nil {
		t.Error("a filter of numbers is accepted")
	}
}

// TestDamagedFilter checks that a filter with any byte of its header changed never
// fails a look-up: at worst a row group is not ruled out, or a wrong bit is read.
func TestDamagedFilter(t *testing.T) {
	file := written(t, 1_000, "domain")
	lib, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	at := lib.Metadata().RowGroups[0].Columns[0].MetaData.BloomFilterOffset
	if at == 0 {
		t.Fatal("no filter")
	}
	open := 0
	for i := range int64(24) {
		for _, flip := range []byte{0xff, 0x01, 0x80} {
			bad := bytes.Clone(file)
			bad[at+i] ^= flip
			if openBytes(t, bad).MayHold(0, "domain", "nowhere.com") {
				open++
			}
		}
	}
	if open == 0 {
		t.Error("every damaged header is believed")
	}
}
