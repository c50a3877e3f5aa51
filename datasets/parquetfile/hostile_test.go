package parquetfile_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// small returns a file with all types, two row groups and 12 rows, and its rows.
func small(t testing.TB) (data []byte, rows [][]string) {
	t.Helper()
	table := edges()
	table[5][0] = "short"
	table = slices.Concat(table, table)
	return encode(t, allTypes, parquetfile.Options{RowGroupRows: 7}, newBatch(allTypes, table)), texts(table)
}

// readBytes reads data as a file of one folder.
func readBytes(t testing.TB, path string, data []byte) ([]datasets.Field, [][]string, error) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return readAll(parquetfile.New(path))
}

// TestTruncated cuts a file at one byte in ten: always an error about its shape.
func TestTruncated(t *testing.T) {
	data, _ := small(t)
	path := filepath.Join(t.TempDir(), "cut.parquet")
	for n := 0; n < len(data); n += 10 {
		if _, _, err := readBytes(t, path, data[:n]); !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), "cut.parquet") {
			t.Fatalf("cut to %d of %d bytes: got %v, want an error that names the file", n, len(data), err)
		}
	}
}

// TestFlipped changes 2,000 bytes of a file, one at a time: it reads the same,
// or gives an error. Page bodies have checksums, and "icpfit.schema" guards the
// footer, so no change of one byte may change a value.
func TestFlipped(t *testing.T) {
	data, want := small(t)
	path := filepath.Join(t.TempDir(), "flipped.parquet")
	r := rand.New(rand.NewPCG(5, 6))
	refused := 0
	const changes = 2000
	for i := range changes {
		at := i * len(data) / changes
		to := data[at] ^ 1<<r.IntN(8)
		if r.IntN(2) == 0 {
			to = data[at] ^ byte(1+r.IntN(255))
		}
		flipped := slices.Clone(data)
		flipped[at] = to
		fields, rows, err := readBytes(t, path, flipped)
		switch {
		case err != nil && !errors.Is(err, datasets.ErrShape):
			t.Fatalf("byte %d is %d: error %v is none of shape", at, to, err)
		case err != nil:
			refused++
		case len(fields) != len(allTypes) || !slices.EqualFunc(rows, want, slices.Equal):
			t.Errorf("byte %d is %d, was %d: read without error, %d rows of other values", at, to, data[at], len(rows))
		}
	}
	t.Logf("%d changes of a file of %d bytes: %d refused, the others read the same", changes, len(data), refused)
}

// TestFooterLength claims footers that the file cannot hold: no memory is spent
// on them.
func TestFooterLength(t *testing.T) {
	data, _ := small(t)
	path := filepath.Join(t.TempDir(), "footer.parquet")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, length := range []uint32{0, uint32(len(data)) - 11, 64<<20 + 1, 1 << 31, 0xFFFFFFFF} {
		damaged := slices.Clone(data)
		binary.LittleEndian.PutUint32(damaged[len(damaged)-8:], length)
		if _, _, err := readBytes(t, path, damaged); !errors.Is(err, datasets.ErrShape) {
			t.Errorf("footer of %d bytes: got %v", length, err)
		}
	}
	runtime.ReadMemStats(&after)
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 16<<20 {
		t.Errorf("five damaged footers took %d bytes of memory, want under 16 MiB", spent)
	}
}

// TestNotParquet opens what is no Parquet file.
func TestNotParquet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	for _, tt := range []struct{ name, data, want string }{
		{"empty", "", "0 bytes"},
		{"short", "PAR1PAR1", "8 bytes"},
		{"text", "domain,name\nacme.com,Acme\n", "not a Parquet file"},
		{"encrypted", "PAR1xxxx\x04\x00\x00\x00PARE", "not a Parquet file"},
		{"no footer", "PAR1\x00\x00\x00\x00PAR1", "footer"},
		{"nested", "PAR1" + strings.Repeat("\x1c", 1000) + "\xe8\x03\x00\x00PAR1", "nests too deep"},
		{"long list", "PAR1" + "\x19\xfc\xff\xff\xff\x0f" + "\x06\x00\x00\x00PAR1", "ends too soon"},
	} {
		if _, _, err := readBytes(t, path, []byte(tt.data)); !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// FuzzOpen reads whatever it is given: an error or rows, no panic.
func FuzzOpen(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"))
	path := filepath.Join(f.TempDir(), "fuzz.parquet")
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := readBytes(t, path, data); err != nil && !errors.Is(err, datasets.ErrShape) {
			t.Errorf("error %v is none of shape", err)
		}
	})
}
