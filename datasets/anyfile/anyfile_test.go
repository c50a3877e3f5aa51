package anyfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// parquet is the start of a Parquet file; anyfile looks no further.
const parquet = "PAR1\x15\x04\x15\x10\x00"

func packed(t *testing.T, how, text string) string {
	t.Helper()
	var b bytes.Buffer
	switch how {
	case "gzip":
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	case "zstd":
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		return string(w.EncodeAll([]byte(text), nil))
	}
	return b.String()
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestKinds: what a file holds decides, its name only in doubt.
func TestKinds(t *testing.T) {
	const object, array, table = "{\"a\":1}\n", " [\n {\"a\":1}]", "a,b\n1,2\n"
	for _, tt := range []struct{ name, text, want string }{
		{"x.csv", table, "csvfile"},
		{"x.json", table, "csvfile"},
		{"x", table, "csvfile"},
		{"x.csv.gz", packed(t, "gzip", table), "csvfile"},
		{"x.jsonl", object, "jsonfile"},
		{"x.csv", object, "jsonfile"},
		{"x", array, "jsonfile"},
		{"x.txt", "\ufeff" + array, "jsonfile"},
		{"x", "\xff\xfe{\x00\"\x00", "jsonfile"},
		{"x.gz", packed(t, "gzip", object), "jsonfile"},
		{"x.csv", packed(t, "zstd", array), "jsonfile"},
		{"x.json", "{}\n", "jsonfile"},
		{"x", "[]", "jsonfile"},
		{"x.csv", "[ID],[Name]\n1,2\n", "csvfile"},
		{"x", "{id},{name}\n1,2\n", "csvfile"},
		{"x.JSON", "{id:1}\n", "jsonfile"},
		{"x.ndjson.gz", packed(t, "gzip", "[1,2]\n"), "jsonfile"},
		{"x.json", "", "jsonfile"},
		{"x.csv", "", "csvfile"},
		{"x.parquet", parquet, "parquetfile"},
		{"x.csv", parquet, "parquetfile"},
		{"x.parquet", "PAR1", "parquetfile"},
		{"x.csv", "PAR1,b\n1,2\n", "csvfile"},
	} {
		path := writeFile(t, tt.name, tt.text)
		src, err := anyfile.Open(path)
		if err != nil {
			t.Errorf("%s of %q: %v", tt.name, tt.text, err)
			continue
		}
		if got := fmt.Sprintf("%T", src); got != "*"+tt.want+".Source" || src.Name() != path {
			t.Errorf("%s of %q is a %s named %s, want %s", tt.name, tt.text, got, src.Name(), tt.want)
		}
	}
	if src, err := anyfile.Open(t.TempDir()); err != nil || fmt.Sprintf("%T", src) != "*parquetfile.Source" {
		t.Errorf("a folder is %T, %v", src, err)
	}
}

// TestSameTable: one table in two formats reads alike.
func TestSameTable(t *testing.T) {
	want := datasettest.Table{Header: []string{"domain", "name"}, Rows: [][]string{{"a.example", "Été"}, {"b.example", ""}}}
	for name, text := range map[string]string{
		"csv":       "domain;name\na.example;Été\nb.example;\n",
		"latin-1":   "domain,name\na.example,\xc9t\xe9\nb.example,\n",
		"lines":     "{\"domain\":\"a.example\",\"name\":\"Été\"}\n{\"domain\":\"b.example\"}\n",
		"array, gz": packed(t, "gzip", "[{\"domain\":\"a.example\",\"name\":\"Été\"},{\"domain\":\"b.example\",\"name\":null}]"),
	} {
		src, err := anyfile.Open(writeFile(t, "table", text))
		if err != nil {
			t.Fatal(err)
		}
		if err := datasettest.Check(t.Context(), src, want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"x.parquet", "a,b\n1,2\n", "open: F: named .parquet, but does not start with PAR1; copy the file again, or rename it"},
		{"x.parquet.gz", packed(t, "gzip", parquet), "open: F: it holds Parquet where text is wanted; give the Parquet file itself, not packed"},
		{"x.csv", "PK\x03\x04", "open: F: it is a zip archive or an Excel workbook; unpack it, or save the sheet as CSV UTF-8"},
		{"x.csv.gz", packed(t, "gzip", "a,b\n")[:12], "read: F: its gzip stream is cut short; copy the file again"},
	} {
		path := writeFile(t, tt.name, tt.text)
		_, err := anyfile.Open(path)
		if err == nil || strings.ReplaceAll(err.Error(), path, "F") != tt.want || !errors.Is(err, datasets.ErrShape) {
			t.Errorf("%s: got  %v\nwant %s", tt.name, err, tt.want)
		}
	}
	if _, err := anyfile.Open(os.DevNull); !errors.Is(err, datasets.ErrShape) {
		t.Errorf("a device gave %v, want ErrShape", err)
	}
	missing := filepath.Join(t.TempDir(), "none.csv")
	if _, err := anyfile.Open(missing); !errors.Is(err, fs.ErrNotExist) || err.Error() != "open: "+missing+": file does not exist; check the path" {
		t.Errorf("a missing file gave %v", err)
	}
	if os.Geteuid() == 0 {
		t.Log("an unreadable file is not tried: the tests run as root, who may read any")
		return
	}
	secret := writeFile(t, "x.csv", "a\n1\n")
	if err := os.Chmod(secret, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := anyfile.Open(secret); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("an unreadable file gave %v", err)
	}
}
