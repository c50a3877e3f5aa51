package csvfile_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

func gzipped(w io.Writer) (io.WriteCloser, error)   { return gzip.NewWriter(w), nil }
func zstandard(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }

// TestMutated reads mutated files: no panic, an error that names the file, and
// no more memory than allowed.
func TestMutated(t *testing.T) {
	table := "domain,name,\"notes, long\"\r\n" + strings.Repeat("acme.com,Été,\"two\r\nlines, \"\"quoted\"\"\"\r\nb.example,,x\r\n", 40)
	files := [][]byte{
		[]byte(table), datasettest.Pack(t, gzipped, []byte(table)), datasettest.Pack(t, zstandard, []byte(table)),
		[]byte(strings.ReplaceAll(table, ",", "\t")), append([]byte("\xff\xfe"), []byte(strings.Join(strings.Split(table[:200], ""), "\x00"))...),
	}
	datasettest.ReadMutated(t, os.Environ(), "mutated.csv", 18, files, func(path string) datasets.Source { return csvfile.New(path, csvfile.DefaultOptions()) }, nil)
}

// TestBombs reads files of about a MiB that hold half a gigabyte: one cell is
// refused by the name of its column, one header by the file's; rows are read.
func TestBombs(t *testing.T) {
	const block = 1 << 20
	rows := "domain,name\n" + strings.Repeat("acme.com,Acme\n", block/14)
	datasettest.Alone(t, os.Environ(), func(t *testing.T, folder string) {
		for name, text := range map[string][2]string{
			"cell":   {"domain,name\nacme.com,", strings.Repeat("a", block)},
			"quoted": {"domain,name\nacme.com,\"", strings.Repeat("a,\n", block/3)},
			"header": {"domain,", strings.Repeat("a", block)},
			"names":  {"domain", strings.Repeat(",a", block/2)},
			"rows":   {rows, strings.Repeat("acme.com,Acme\n", block/14)},
		} {
			times := 512
			if name == "rows" {
				times = 64 // they are read to the end
			}
			datasettest.WritePacked(t, filepath.Join(folder, name+".csv.gz"), gzipped, text[0], text[1], times)
			datasettest.WritePacked(t, filepath.Join(folder, name+".csv.zst"), zstandard, text[0], text[1], times)
		}
	}, func(t *testing.T, folder string) {
		for name, want := range map[string]string{"cell": `column "name"`, "quoted": `column "name"`, "header": "above", "names": "more than 4096 columns", "rows": ""} {
			for _, ext := range []string{".csv.gz", ".csv.zst"} {
				n, err := datasettest.ReadHostile(t, csvfile.New(filepath.Join(folder, name+ext), csvfile.DefaultOptions()))
				switch {
				case want == "" && (err != nil || n < 64*(block/14)):
					t.Errorf("%s%s: %d rows, %v; want all", name, ext, n, err)
				case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
					t.Errorf("%s%s: got %v, want an error with %q", name, ext, err, want)
				}
				t.Logf("%s%s: %d rows, %v", name, ext, n, err)
			}
		}
	})
}
