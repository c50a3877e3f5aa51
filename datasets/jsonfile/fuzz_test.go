package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

// FuzzRead: any bytes give rows or a located error of shape. A line that is read
// is valid JSON to encoding/json too, and its scalars are the same.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":"x","c":[1,"y",null],"d":{"e":true}}`, "[{\"a\":1},\n{\"b\":2}]", "{\"a\":\"\\ud83d\\ude80\\u00e9\\n\"}\n{}",
		`{"a":-0.5e+10}`, "{\"a\":\"\xe9\"}", `{"a":[]}`, `{"a.b":1,"a":{"b":2}}`, `{"":1}`, "\ufeff{\"a\":null}", `[`, `{"a":1}x`,
	} {
		f.Add([]byte(text))
	}
	path := filepath.Join(f.TempDir(), "fuzz.jsonl")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := datasettest.Read(t.Context(), jsonfile.New(path))
		if err != nil {
			if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v is not an error of shape that names the file", err)
			}
			return
		}
		text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
		if !utf8.Valid(data) || len(text) == 0 || text[0] != '{' {
			return // packed, UTF-16, or an array
		}
		i := 0
		for line := range bytes.Lines(text) {
			if line = bytes.Trim(line, " \t\r\n"); len(line) == 0 {
				continue
			}
			compare(t, got, i, line)
			i++
		}
		if i != len(got.Rows) {
			t.Errorf("%d rows, want %d", len(got.Rows), i)
		}
	})
}

// compare checks the scalars of row i, outside nested objects.
func compare(t *testing.T, got datasettest.Table, i int, line []byte) {
	t.Helper()
	var want map[string]any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&want); err != nil || d.More() {
		t.Fatalf("line %q was read, but encoding/json says: %v", line, err)
	}
	for c, name := range got.Header {
		value, ok := want[name]
		text := fmt.Sprint(value)
		switch value.(type) {
		case string, json.Number, bool:
		default:
			continue
		}
		if got.Types[c] == datasets.Set {
			text = "[" + text + "]"
			if value == "" {
				text = ""
			}
		}
		if ok && got.Rows[i][c] != text {
			t.Fatalf("row %d, %q is %q, want %q", i, name, got.Rows[i][c], text)
		}
	}
}
