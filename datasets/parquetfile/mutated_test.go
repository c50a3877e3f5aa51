package parquetfile_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// seeds returns small files: ours, another writer's with every codec and page
// version and without checksums, and all of apache/parquet-testing where it is.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	own, _ := small(t)
	out := [][]byte{own}
	rows, _ := foreignRows()
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Lz4Raw} {
		for _, version := range []int{1, 2} {
			var b bytes.Buffer
			w := parquet.NewGenericWriter[foreignRow](&b, parquet.Compression(codec), parquet.DataPageVersion(version))
			if _, err := w.Write(rows); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			out = append(out, b.Bytes())
		}
	}
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "parquet-testing", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 1<<20 {
			out = append(out, data)
		}
	}
	return out
}

// TestMutated reads mutated files: no panic, an error that names the file, and
// the column where it is of one, and no more memory than allowed.
func TestMutated(t *testing.T) {
	files := seeds(t)
	datasettest.ReadMutated(t, os.Environ(), "mutated.parquet", 17, files, func(path string) datasets.Source { return parquetfile.New(path) }, func(number int, rows int64, err error) {
		if err != nil && rows > 0 && !strings.Contains(err.Error(), "column") {
			t.Errorf("file %d, mutation %d: %v does not name a column", number%len(files), number, err)
		}
	})
}

// save writes a Parquet file of one column, named note, in pages of about so
// many bytes.
func save(t *testing.T, path string, page int, cells int, cell string, options ...parquet.WriterOption) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	node := parquet.String()
	if len(options) > 0 {
		node = parquet.Encoded(node, &parquet.RLEDictionary)
	}
	schema := parquet.NewSchema("s", parquet.Group{"note": node})
	w := parquet.NewGenericWriter[any](f, append(options, schema, parquet.SkipPageBounds("note"), parquet.DataPageStatistics(false), parquet.ColumnIndexSizeLimit(func([]string) int { return 16 }), parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(page))...)
	values := make([]parquet.Value, 16)
	for i := range values {
		values[i] = parquet.ByteArrayValue([]byte(cell))
	}
	for range cells / len(values) {
		if _, err := w.ColumnWriters()[0].WriteRowValues(values); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.ColumnWriters()[0].Flush(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestBombs reads files of under a MiB that hold up to a gigabyte.
func TestBombs(t *testing.T) {
	const megabyte = 1 << 20
	datasettest.Alone(t, os.Environ(), func(t *testing.T, folder string) {
		long := strings.Repeat("icpfit, ", megabyte/8)
		save(t, filepath.Join(folder, "long.parquet"), megabyte, 1024, long)
		save(t, filepath.Join(folder, "page.parquet"), 90*megabyte, 96, long)
		save(t, filepath.Join(folder, "word.parquet"), megabyte, 16384, long[:megabyte/16], parquet.DictionaryMaxBytes(megabyte))
	}, func(t *testing.T, folder string) {
		for _, tt := range []struct {
			name, want string // "": all rows are read
			rows       int64
		}{
			{"long.parquet", "", 1024}, // a gigabyte, in small batches
			{"page.parquet", "at most 67108864 are read", 0},
			{"word.parquet", "of text; shorten it", 0}, // one word, a gigabyte of it
		} {
			path := filepath.Join(folder, tt.name)
			if info, err := os.Stat(path); err != nil || info.Size() > megabyte {
				t.Fatalf("%s: %v, %v; want under a MiB", tt.name, info.Size(), err)
			}
			rows, err := datasettest.ReadHostile(t, parquetfile.New(path))
			switch {
			case tt.want == "" && (err != nil || rows != tt.rows):
				t.Errorf("%s: %d rows, %v; want %d", tt.name, rows, err, tt.rows)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), `column "note"`)):
				t.Errorf("%s: got %v, want an error with %q that names the column", tt.name, err, tt.want)
			}
			t.Logf("%s: %d rows, %v", tt.name, rows, err)
		}
	})
}

// TestManyOpenPages reads a row group of a million rows and 30 columns with
// little memory; where every column is one page, it is refused.
func TestManyOpenPages(t *testing.T) {
	const rows = 1_000_000
	pages := map[string]int{"small.parquet": 1 << 20, "large.parquet": 8 << 20}
	datasettest.Alone(t, os.Environ(), func(t *testing.T, folder string) {
		group := parquet.Group{}
		for i := range 30 {
			group[fmt.Sprintf("n%02d", i)] = parquet.Leaf(parquet.DoubleType)
		}
		values := make([]parquet.Value, 4096)
		for i := range values {
			values[i] = parquet.DoubleValue(float64(i))
		}
		for name, page := range pages {
			var b bytes.Buffer
			w := parquet.NewGenericWriter[any](&b, parquet.NewSchema("s", group), parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(page))
			for _, c := range w.ColumnWriters() {
				for from := 0; from < rows; from += len(values) {
					if _, err := c.WriteRowValues(values[:min(len(values), rows-from)]); err != nil {
						t.Fatal(err)
					}
				}
				if err := c.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}, func(t *testing.T, folder string) {
		n, err := datasettest.ReadHostile(t, parquetfile.New(filepath.Join(folder, "small.parquet")))
		if n != rows || err != nil {
			t.Errorf("pages of 1 MiB: %d rows, %v; want %d", n, err, rows)
		}
		_, err = datasettest.ReadHostile(t, parquetfile.New(filepath.Join(folder, "large.parquet")))
		if err == nil || !strings.Contains(err.Error(), `column "n1`) || !strings.Contains(err.Error(), "open at once") {
			t.Errorf("pages of 8 MB: got %v, want an error that names a column", err)
		}
		t.Log(err)
	})
}
