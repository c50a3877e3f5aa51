package parquetfile_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// expected is testdata/expected.json, which scripts/reference/parquet_expected.py
// made with the version of pyarrow it names.
type expected struct {
	PyArrow string `json:"pyarrow"`
	Files   map[string]struct {
		Error   string           `json:"error"` // pyarrow cannot open the file
		Columns []expectedColumn `json:"columns"`
	} `json:"files"`
}

type expectedColumn struct {
	Name   string   `json:"name"`
	Error  string   `json:"error"` // pyarrow cannot read the column
	Type   string   `json:"type"`
	Cells  []string `json:"cells"`
	SHA256 string   `json:"sha256"`
}

// refused lists what is refused of apache/parquet-testing, as file and column,
// with a part of the reason. All else must read as pyarrow reads it.
var refused = map[string]string{
	// No column of a Batch holds these types.
	"binary_truncated_min_max.parquet binary_partial_truncation":      "not UTF-8",
	"byte_stream_split_extended.gzip.parquet flba5_plain":             "FIXED_LEN_BYTE_ARRAY(5)",
	"byte_stream_split_extended.gzip.parquet flba5_byte_stream_split": "FIXED_LEN_BYTE_ARRAY(5)",
	"datapage_v2.snappy.parquet e":                                    "list<INT32>",
	"fixed_length_byte_array.parquet flba_field":                      "FIXED_LEN_BYTE_ARRAY(4)",
	"large_string_map.brotli.parquet arr":                             "map",
	"list_columns.parquet int64_list":                                 "list<INT64>",
	"map_no_value.parquet my_map":                                     "map",
	"map_no_value.parquet my_map_no_v":                                "map",
	"map_no_value.parquet my_list":                                    "list<INT32>",
	"nested_lists.snappy.parquet a":                                   "list<list<list<BYTE_ARRAY (UTF8)>>>",
	"nested_maps.snappy.parquet a":                                    "map",
	"nested_structs.rust.parquet *":                                   "struct<min, max, mean, count, sum, variance>",
	"nonnullable.impala.parquet Int_Array":                            "list<INT32>",
	"nonnullable.impala.parquet int_array_array":                      "list<list<INT32>>",
	"nonnullable.impala.parquet Int_Map":                              "map",
	"nonnullable.impala.parquet int_map_array":                        "list<map>",
	"nonnullable.impala.parquet nested_Struct":                        "struct<a, B, c, G>",
	"null_list.parquet emptylist":                                     "list<INT32 (NULL)>",
	"nullable.impala.parquet int_array":                               "list<INT32>",
	"nullable.impala.parquet int_array_Array":                         "list<list<INT32>>",
	"nullable.impala.parquet int_map":                                 "map",
	"nullable.impala.parquet int_Map_Array":                           "list<map>",
	"nullable.impala.parquet nested_struct":                           "struct<A, b, C, g>",
	"nulls.snappy.parquet b_struct":                                   "struct<b_c_int>",
	"old_list_structure.parquet a":                                    "list<struct<array>>",
	"repeated_primitive_no_list.parquet Int32_list":                   "repeated INT32",
	"repeated_primitive_no_list.parquet group_of_lists":               "struct<Int32_list_in_group, String_list_in_group>",
	// Beyond the library, or a risk: see codec.go.
	"datapage_v2_empty_datapage.snappy.parquet value": "corrupt input",
	"hadoop_lz4_compressed.parquet *":                 "compressed with LZ4",
	"non_hadoop_lz4_compressed.parquet *":             "compressed with LZ4",
	// Damaged. pyarrow reads them all the same: it does not compare checksums,
	// and takes the day of an INT96 for 4,186,877,979 days after 1970.
	"datapage_v1-corrupt-checksum.parquet *":           "crc32 checksum mismatch",
	"rle-dict-uncompressed-corrupt-checksum.parquet *": "crc32 checksum mismatch",
	"nation.dict-malformed.parquet name":               "13 are left",
	"nation.dict-malformed.parquet comment_col":        "13 are left",
	"int96_from_spark.parquet a":                       "millions of years",
	"repeated_no_annotation.parquet *":                 "its row groups hold 6 rows, its footer says 0",
	"column_chunk_key_value_metadata.parquet *":        "missing required field", // the library wants values
}

// wholeFile are the files that are refused without naming a column: their
// footers do not hold together.
var wholeFile = []string{"repeated_no_annotation.parquet", "column_chunk_key_value_metadata.parquet"}

// TestParquetTesting reads every file of apache/parquet-testing, column by
// column: each reads as pyarrow reads it, or is refused by name.
func TestParquetTesting(t *testing.T) {
	folder := sharedData(t, "parquet-testing")
	text, err := os.ReadFile(filepath.Join("testdata", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.parquet"))
	if err != nil || len(paths) != len(want.Files) {
		t.Fatalf("%d files, want %d, %v", len(paths), len(want.Files), err)
	}
	var read, columns int
	seen := make(map[string]bool)
	for _, path := range paths {
		name := filepath.Base(path)
		if reason := want.Files[name].Error; reason != "" {
			if _, err := parquetfile.New(path).Open(t.Context()); !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), "column ") {
				t.Errorf("%s: pyarrow gives %s, Open gives %v, want an error that names a column", name, reason, err)
			}
		}
		for _, col := range want.Files[name].Columns {
			key := name + " " + col.Name
			cells, err := readColumn(path, col.Name)
			if _, ok := refused[name+" *"]; ok {
				key = name + " *"
			}
			reason, refuse := refused[key]
			switch {
			case refuse != (err != nil):
				t.Errorf("%s: refused %t, want %t: %v", key, err != nil, refuse, err)
			case refuse:
				seen[key] = true
				columns++
				named := strings.Contains(err.Error(), fmt.Sprintf("column %q", col.Name)) || slices.Contains(wholeFile, name)
				if !errors.Is(err, datasets.ErrShape) || !named || !strings.Contains(err.Error(), reason) {
					t.Errorf("%s: error %q does not name the column and %q", key, err, reason)
				}
			default:
				read++
				checkCells(t, key, col, cells)
			}
		}
	}
	for key := range refused {
		if !seen[key] {
			t.Errorf("%s is not refused, or not there", key)
		}
	}
	t.Logf("%d files: %d columns read as pyarrow %s reads them, %d refused", len(paths), read, want.PyArrow, columns)
}

func checkCells(t *testing.T, key string, want expectedColumn, cells []string) {
	t.Helper()
	if want.SHA256 != "" {
		sum := sha256.Sum256([]byte(strings.Join(cells, "\n")))
		if got := hex.EncodeToString(sum[:]); got != want.SHA256 {
			t.Errorf("%s: cells hash to %s, want %s; first %q", key, got, want.SHA256, cells[:min(5, len(cells))])
		}
		return
	}
	if want.Cells == nil || !slices.Equal(cells, want.Cells) {
		t.Errorf("%s (%s): got %q, want %q %s", key, want.Type, cells, want.Cells, want.Error)
	}
}

// readColumn reads one column of a file and renders it as the script does.
func readColumn(path, name string) (cells []string, err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	field := datasets.Field{Name: name}
	for _, f := range f.Schema() {
		if f.Name == name {
			field = f
		}
	}
	for g := range f.Groups() {
		r, err := f.Group(g, []datasets.Field{field})
		if err != nil {
			return nil, err
		}
		b := &datasets.Batch{}
		for err = r.Read(context.Background(), b); err == nil; err = r.Read(context.Background(), b) {
			for i := range b.Rows {
				cells = append(cells, render(&b.Columns[0], i))
			}
		}
		if err != io.EOF {
			return nil, errors.Join(err, r.Close())
		}
		if err := r.Close(); err != nil {
			return nil, err
		}
	}
	return cells, nil
}

// render renders a cell: see scripts/reference/parquet_expected.py.
func render(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return "-"
	}
	switch c.Type {
	case datasets.Text:
		return "=" + string(c.Cell(i))
	case datasets.Number:
		return fmt.Sprintf("=%016x", math.Float64bits(c.Numbers[i]))
	case datasets.Integer:
		return fmt.Sprintf("=%d", c.Integers[i])
	case datasets.Date:
		return fmt.Sprintf("=%d", c.Days[i])
	case datasets.Flag:
		return fmt.Sprintf("=%t", c.Flags[i] == 1)
	case datasets.Category:
		return "=" + c.Dictionary[c.Codes[i]]
	}
	var items []string
	for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
		if c.Type == datasets.Set {
			items = append(items, "="+c.Dictionary[c.Codes[k]])
			continue
		}
		var parts []string
		for n := range c.Children {
			parts = append(parts, render(&c.Children[n], int(k)))
		}
		items = append(items, strings.Join(parts, "\x1e"))
	}
	return "[" + strings.Join(items, "\x1f") + "]"
}

// sharedData returns a folder of the data sets kept beside the repository.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test")
		}
	}
	folder := filepath.Join(root, "..", "shared", "data", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("skipped: the public data sets are not here: %v", err)
	}
	return folder
}
