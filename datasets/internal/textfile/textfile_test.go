package textfile_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/icpfit/icpfit/datasets/internal/textfile"
)

func writeFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string, enc textfile.Encoding) string {
	t.Helper()
	f, err := textfile.Open(path, enc)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return string(text)
}

// TestDetect: the texts are what their writers meant, by the code charts.
func TestDetect(t *testing.T) {
	far := strings.Repeat("0123456789\n", 100_000) // beyond several blocks
	for _, tt := range []struct {
		name, bytes string
		enc         textfile.Encoding
		want        string
	}{
		{"empty", "", textfile.UTF8, ""},
		{"ASCII", "abc\n", textfile.UTF8, "abc\n"},
		{"UTF-8", "é→🚀", textfile.UTF8, "é→🚀"},
		{"UTF-8 behind a mark", "\ufeffé", textfile.UTF8, "é"},
		{"a second mark is text", "\ufeff\ufeffa", textfile.UTF8, "\ufeffa"},
		{"latin-1", "caf\xe9", textfile.Windows1252, "café"},
		{"latin-1 far behind", far + "caf\xe9", textfile.Windows1252, far + "café"},
		{"the replacement character is valid", "a\ufffdb", textfile.UTF8, "a\ufffdb"},
		{"as many valid as not", "é \xe9", textfile.Mixed, "é é"},
		{"more that are not", "é \xe9\xe8", textfile.Windows1252, "Ã© éè"},
		{"cut character", "éé\xc3", textfile.Mixed, "ééÃ"},
		{"cut character inside", "éé\xe2\x82,é", textfile.Mixed, "ééâ‚,é"},
		{"all of the code page's own", "\x80\x8a\x99\x9f\xff\x81", textfile.Windows1252, "€Š™Ÿÿ\u0081"},
		{"UTF-16LE", "a\x00,\x00b\x00\n\x00\xe9\x00", textfile.UTF16LE, "a,b\né"},
		{"UTF-16BE", "\x00a\x00,\x00b\x00\n\x00\xe9", textfile.UTF16BE, "a,b\né"},
		{"UTF-16LE mark", "\xff\xfe\x3d\xd8\x80\xde", textfile.UTF16LE, "🚀"},
		{"UTF-16BE mark", "\xfe\xff\xd8\x3d\xde\x80", textfile.UTF16BE, "🚀"},
		{"half a pair", "\xff\xfe\x3d\xd8a\x00\x3d\xd8", textfile.UTF16LE, "\ufffda\ufffd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, tt.bytes)
			enc, err := textfile.Detect(t.Context(), path)
			if err != nil || enc != tt.enc {
				t.Errorf("encoding %d, %v; want %d", enc, err, tt.enc)
			}
			if got := read(t, path, enc); got != tt.want {
				t.Errorf("text %.60q, want %.60q", got, tt.want)
			}
		})
	}
}

// TestBlockEnds moves a character over the end of every block in use.
func TestBlockEnds(t *testing.T) {
	for _, block := range []int{4096, 32 << 10, 256 << 10} {
		for shift := range 8 {
			lead := strings.Repeat("x", block-shift)
			for _, tail := range []string{"é", "→", "🚀", "é\xe9"} {
				path := writeFile(t, lead+tail+lead)
				enc, err := textfile.Detect(t.Context(), path)
				if err != nil {
					t.Fatal(err)
				}
				want := lead + strings.ReplaceAll(tail, "\xe9", "é") + lead
				if got := read(t, path, enc); got != want {
					t.Fatalf("%q at %d behind encoding %d is %q", tail, len(lead), enc, got[len(lead):len(got)-len(lead)])
				}
			}
		}
	}
}

// TestSkippableFrame: parallel zstd tools write a frame of their own first.
func TestSkippableFrame(t *testing.T) {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	packed := append([]byte("\x50\x2a\x4d\x18\x04\x00\x00\x00skip"), w.EncodeAll([]byte("a,b\n"), nil)...)
	if got := read(t, writeFile(t, string(packed)), textfile.Unknown); got != "a,b\n" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkDetect(b *testing.B) {
	for name, line := range map[string]string{
		"ASCII":  "www.example.com,Industrial Machinery,51-200,FR\n",
		"French": "Société Générale,Énergie & Santé,51-200,Île-de-France\n",
	} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(line, 400_000)
			path := writeFile(b, text)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := textfile.Detect(b.Context(), path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
