package jsonfile_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

func gzipped(w io.Writer) (io.WriteCloser, error)   { return gzip.NewWriter(w), nil }
func zstandard(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }

// TestMutated reads mutated files: no panic, an error that names the file, and
// no more memory than allowed.
func TestMutated(t *testing.T) {
	lines := strings.Repeat(`{"domain":"acme.com","tags":["a","b",null],"size":{"employees":12,"revenue":-1.5e3},"name":"É\u00e9\n"}`+"\n"+`{"domain":"b.example","ok":true}`+"\n", 30)
	array := "[" + strings.Join(strings.Split(strings.TrimSpace(lines), "\n"), ",\n") + "]"
	files := [][]byte{[]byte(lines), []byte(array), datasettest.Pack(t, gzipped, []byte(lines)), datasettest.Pack(t, zstandard, []byte(array))}
	datasettest.ReadMutated(t, os.Environ(), "mutated.json", 19, files, func(path string) datasets.Source { return jsonfile.New(path) }, nil)
}

// TestBombs reads files of about a MiB that hold 256 MiB: one object that does
// not end, braces without end, keys without end.
func TestBombs(t *testing.T) {
	const block = 1 << 20
	keys := func(from int) string {
		var b strings.Builder
		for b.Len() < block {
			b.WriteString(`{"k`)
			b.WriteString(strings.Repeat("x", from%200))
			b.WriteString(`":1}` + "\n")
		}
		return b.String()
	}
	datasettest.Alone(t, os.Environ(), func(t *testing.T, folder string) {
		for name, text := range map[string][2]string{
			"text":   {`{"domain":"`, strings.Repeat("a", block)},
			"array":  {`[{"domain":"`, strings.Repeat("a", block)},
			"braces": {"", strings.Repeat(`{"a":`, block/5)},
			"items":  {`{"tags":["`, strings.Repeat(`a","b","`, block/8)},
			"rows":   {"", keys(7)},
		} {
			times := 256
			if name == "rows" {
				times = 16 // they are read to the end
			}
			datasettest.WritePacked(t, filepath.Join(folder, name+".json.gz"), gzipped, text[0], text[1], times)
			datasettest.WritePacked(t, filepath.Join(folder, name+".json.zst"), zstandard, text[0], text[1], times)
		}
	}, func(t *testing.T, folder string) {
		for name, want := range map[string]string{"text": "above 16 MiB", "array": "above 16 MiB", "braces": "above 16 MiB", "items": "above 16 MiB", "rows": ""} {
			for _, ext := range []string{".json.gz", ".json.zst"} {
				n, err := datasettest.ReadHostile(t, jsonfile.New(filepath.Join(folder, name+ext)))
				if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s%s: %d rows, %v; want %q", name, ext, n, err, want)
				}
				t.Logf("%s%s: %d rows, %v", name, ext, n, err)
			}
		}
	})
}
