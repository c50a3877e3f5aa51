package csvfile_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// A shape is a way of writing a table.
type shape struct {
	separator, end, encoding, pack string
}

func (s shape) String() string {
	return fmt.Sprintf("%q %q %s %s", s.separator, s.end, s.encoding, s.pack)
}

// write puts table into a file of this shape, all cells quoted.
func (s shape) write(t *testing.T, table datasettest.Table) string {
	t.Helper()
	var b strings.Builder
	for _, row := range append([][]string{table.Header}, table.Rows...) {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(s.separator)
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString(s.end)
	}
	return writeFile(t, pack(t, s.pack, encode(t, s.encoding, b.String())))
}

func encode(t *testing.T, encoding, text string) []byte {
	t.Helper()
	units := utf16.Encode([]rune(text))
	var little, big []byte
	for _, u := range units {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	switch encoding {
	case "utf-8":
		return []byte(text)
	case "utf-8 bom":
		return []byte("\ufeff" + text)
	case "utf-16le":
		return little
	case "utf-16be":
		return big
	case "utf-16le bom":
		return append([]byte{0xff, 0xfe}, little...)
	case "utf-16be bom":
		return append([]byte{0xfe, 0xff}, big...)
	case "windows-1252":
		b, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(b)
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
	path := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(path string) *csvfile.Source { return csvfile.New(path, csvfile.DefaultOptions()) }

// TestContract runs the whole suite over the plainest shape and the farthest.
func TestContract(t *testing.T) {
	for _, s := range []shape{
		{",", "\n", "utf-8", "plain"},
		{"\t", "\r\n", "utf-16le bom", "gzip"},
		{";", "\r", "utf-8 bom", "zstd"},
	} {
		t.Run(s.String(), func(t *testing.T) {
			datasettest.TestSource(t, func(t *testing.T, table datasettest.Table) datasets.Source {
				return open(s.write(t, table))
			})
		})
	}
}

// TestShapes reads one table in every shape there is. Its text is within
// Windows-1252; the other encodings hold more, which TestContract covers.
func TestShapes(t *testing.T) {
	table := datasettest.Table{Header: []string{"domain", "société", "notes"}}
	for i := range 9 {
		table.Rows = append(table.Rows, []string{
			fmt.Sprintf("d%d.example", i), "Façade & Fils, S.A.; „Ltd“ – 5 €", strings.Repeat("a,b;c\td|e\n\"é\"", i),
		})
	}
	n := 0
	for _, separator := range []string{",", ";", "\t", "|"} {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			for _, encoding := range []string{
				"utf-8", "utf-8 bom", "utf-16le", "utf-16be", "utf-16le bom", "utf-16be bom", "windows-1252",
			} {
				for _, packed := range []string{"plain", "gzip", "zstd"} {
					s := shape{separator, end, encoding, packed}
					n++
					if err := datasettest.Check(t.Context(), open(s.write(t, table)), table); err != nil {
						t.Errorf("%v: %v", s, err)
					}
				}
			}
		}
	}
	if n != 4*3*7*3 {
		t.Errorf("%d shapes, want %d", n, 4*3*7*3)
	}
}

// TestAnySeparator asks for separators that are not sniffed.
func TestAnySeparator(t *testing.T) {
	table := datasettest.Accounts(50)
	for _, sep := range []rune{'!', '^', '§', '→', '🚀', '\x01', '\x1f', ' ', ':'} {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			s := shape{string(sep), end, "utf-8", "plain"}
			opts := csvfile.DefaultOptions()
			opts.Separator = sep
			if err := datasettest.Check(t.Context(), csvfile.New(s.write(t, table), opts), table); err != nil {
				t.Errorf("%v: %v", s, err)
			}
		}
	}
}
