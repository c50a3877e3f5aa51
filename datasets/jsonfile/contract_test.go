package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

// A shape is a way of writing a table as JSON.
type shape struct {
	array         bool // one array over many lines, not one object a line
	end           string
	encoding, how string
}

// write puts table into a file of this shape. Numbers, flags and sets are
// written as such; a missing cell is null.
func (s shape) write(t *testing.T, table datasettest.Table) string {
	t.Helper()
	var b strings.Builder
	for i, row := range table.Rows {
		cells := make([]string, len(row))
		for c, cell := range row {
			cells[c] = quote(t, table.Header[c]) + ": " + value(t, cell, table.Types[c])
		}
		switch {
		case !s.array:
			b.WriteString("{" + strings.Join(cells, ", ") + "}" + s.end)
		case i == 0:
			b.WriteString("[" + s.end + "{" + strings.Join(cells, ","+s.end) + "}")
		default:
			b.WriteString("," + s.end + "{" + strings.Join(cells, ","+s.end) + "}")
		}
	}
	if s.array {
		b.WriteString(s.end + "]" + s.end)
	}
	return writeFile(t, pack(t, s.how, encode(t, s.encoding, b.String())))
}

func value(t *testing.T, cell string, kind datasets.Type) string {
	items, isSet := datasettest.Items(cell)
	switch {
	case cell == "":
		return "null"
	case kind == datasets.Set && isSet:
		quoted := make([]string, len(items))
		for i, item := range items {
			quoted[i] = quote(t, item)
		}
		return "[" + strings.Join(quoted, ",") + "]"
	case kind == datasets.Number || kind == datasets.Flag:
		return cell
	}
	return quote(t, cell)
}

func quote(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func encode(t *testing.T, encoding, text string) []byte {
	t.Helper()
	switch encoding {
	case "utf-8":
		return []byte(text)
	case "utf-8 bom":
		return []byte("\ufeff" + text)
	case "utf-16le bom":
		out := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return out
	}
	t.Fatalf("unknown encoding %q", encoding)
	return nil
}

func pack(t *testing.T, how string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	switch how {
	case "gzip":
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	case "zstd":
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		return w.EncodeAll(data, nil)
	}
	return data
}

func writeFile(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accounts.jsonl")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestContract(t *testing.T) {
	for _, s := range []shape{{false, "\n", "utf-8", "plain"}, {true, "\r\n", "utf-16le bom", "gzip"}} {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			datasettest.TestSource(t, func(t *testing.T, table datasettest.Table) datasets.Source {
				return jsonfile.New(s.write(t, table))
			})
		})
	}
}

func TestShapes(t *testing.T) {
	table := datasettest.Accounts(20)
	for _, array := range []bool{false, true} {
		for _, end := range []string{"\n", "\r\n", "\n\n"} {
			for _, encoding := range []string{"utf-8", "utf-8 bom", "utf-16le bom"} {
				for _, how := range []string{"plain", "gzip", "zstd"} {
					s := shape{array, end, encoding, how}
					if err := datasettest.Check(t.Context(), jsonfile.New(s.write(t, table)), table); err != nil {
						t.Errorf("%+v: %v", s, err)
					}
				}
			}
		}
	}
}
