package csvfile_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// FuzzRead: any bytes give rows or an error, and every batch is well formed.
// Where encoding/csv accepts the text too, both read the same cells.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "a,b\n\"1\"\"\",\"2\n3\"\n", "a\n\n\"\"\n", " a ,b\n 1, 2\n", "a,b\n5\" x,\"y\"", "a,b\r\n1,2\r\n\r\n",
		"a;b\n1;2\n", "a\tb\n1\t2", "\xff\xfea\x00\n\x001\x00\n\x00", "a,b\n\xe9,\xc3\xa9\n", "\x1f\x8b\x08", "sep=,\na,b\n1,2\n",
		"a,b\r1,2\r", "a,,b\n1,,2\n", "\"a", "a,b\n \"1\" ,2\n", "\ufeffa,b\n1,2",
	} {
		f.Add([]byte(text))
	}
	path := filepath.Join(f.TempDir(), "fuzz.csv")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		opts := csvfile.DefaultOptions()
		if _, err := datasettest.Read(t.Context(), csvfile.New(path, opts)); err != nil {
			checkPlace(t, err, path)
		}
		opts.Separator = ','
		got, err := datasettest.Read(t.Context(), csvfile.New(path, opts))
		if err != nil {
			checkPlace(t, err, path)
			return
		}
		if want, ok := standard(data); ok {
			compare(t, got, want)
		}
	})
}

// checkPlace: an error of a file that was found names it, and is one of shape.
func checkPlace(t *testing.T, err error, path string) {
	t.Helper()
	if !strings.Contains(err.Error(), path) {
		t.Errorf("%v does not name the file", err)
	}
	if !errors.Is(err, datasets.ErrShape) {
		t.Errorf("%v does not wrap ErrShape", err)
	}
}

// standard reads data with encoding/csv. It reports false for what the two
// packages mean to read differently: CR, other encodings, marks and sep= lines.
func standard(data []byte) ([][]string, bool) {
	if !utf8.Valid(data) || bytes.ContainsAny(data, "\r\x00") || bytes.HasPrefix(data, []byte("\ufeff")) ||
		bytes.HasPrefix(data, []byte("sep=")) {
		return nil, false
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	return rows, err == nil && len(rows) > 0
}

// compare leaves out the columns without a name, which csvfile drops, and
// trims the names.
func compare(t *testing.T, got datasettest.Table, want [][]string) {
	t.Helper()
	var keep []int
	var header []string
	for c, name := range want[0] {
		if name = strings.TrimSpace(name); name != "" {
			keep, header = append(keep, c), append(header, name)
		}
	}
	if !slices.Equal(got.Header, header) {
		t.Fatalf("header %q, want %q", got.Header, header)
	}
	if len(got.Rows) != len(want)-1 {
		t.Fatalf("%d rows, want %d", len(got.Rows), len(want)-1)
	}
	for i, row := range got.Rows {
		for c, cell := range row {
			if w := want[i+1][keep[c]]; cell != w {
				t.Fatalf("row %d, column %d is %q, want %q", i, c, cell, w)
			}
		}
	}
}
