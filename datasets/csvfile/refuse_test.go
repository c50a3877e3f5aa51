package csvfile_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// TestRefusals fixes the text of every refusal. The file is named F, and each is
// a *datasets.RowError that wraps datasets.ErrShape.
func TestRefusals(t *testing.T) {
	small := csvfile.Options{MaxCell: 5}
	for _, tt := range []struct {
		name, text, want string
		opts             csvfile.Options
	}{
		{"row too short", "a,b,c\n1,2,3\n4,5\n", `F:3: row has 2 cells, want 3; the first without one is column "c"`, csvfile.Options{}},
		{"row of one", "a,b\n1,2\nx\n", `F:3: row has 1 cell, want 2; the first without one is column "b"`, csvfile.Options{}},
		{"row too short for a column without a name", "a,b,\n1,2\n", `F:2: row has 2 cells, want 3; the first without one is column 3`, csvfile.Options{}},
		{"row too long", "a,b\n1,2\n3,4,5,6\n", `F:3: row has 4 cells, want 2; quote a cell that holds the separator ","`, csvfile.Options{}},
		{"blank of spaces", "a,b\n1,2\n  \n3,4\n", `F:3: row has 1 cell, want 2; the first without one is column "b"`, csvfile.Options{}},
		{"lines of a quoted cell count", "a,b\n\"1\n\n\",2\n\n3\n", `F:6: row has 1 cell, want 2; the first without one is column "b"`, csvfile.Options{}},
		{"lines of CRLF count once", "a,b\r\n1,2\r\n3\r\n", `F:3: row has 1 cell, want 2; the first without one is column "b"`, csvfile.Options{}},
		{"lines of CR count", "a,b\r1,2\r3\r", `F:3: row has 1 cell, want 2; the first without one is column "b"`, csvfile.Options{}},
		{"name twice", "a,b, a \n1,2,3\n", `F:1: columns 1 and 3 are both named "a"; rename one`, csvfile.Options{}},
		{"value without a name", "a,,b\n1,,2\n3,x,4\n", `F:3: column 2 has a value and no name; name it in the header`, csvfile.Options{}},
		{"no name at all", " ,\n1,2\n", `F:1: header without a name; want the names of the columns on the first line`, csvfile.Options{}},
		{"NUL", "a,b\n1,x\x00y\n", `F:2: NUL byte; want text, and this may be a binary file`, csvfile.Options{}},
		{"NUL far in", "a,b\n" + strings.Repeat("1,2\n", 1<<19) + "3,\x00\n", `F:524290: column "b": NUL byte; want text, and this may be a binary file`, csvfile.Options{}},
		{"control characters", "\x01\x02,\x03\n\x04\x05,\x06\n", `F:1: control characters; want text, and this may be a binary file`, csvfile.Options{}},
		{"cell too long", "a,b\n1,23456\n1,234567\n", `F:3: column "b": cell is above 5 bytes; shorten it`, small},
		{"cell too long at the end", "a,b\n1,234567", `F:2: column "b": cell is above 5 bytes; shorten it`, small},
		{"first cell too long", "a,b\n123456,2\n", `F:2: column "a": cell is above 5 bytes; shorten it`, small},
		{"quoted cell too long", "a,b\n1,\"23\n456\"\n", `F:2: column "b": cell is above 5 bytes; shorten it, or close the quote it starts with`, small},
		{"name too long", "a,bbbbbb\n1,2\n", `F:1: cell is above 5 bytes; shorten it`, small},
		{"quote not closed", "a,b\n1,2\n3,\"4\n5,6\n", `F:3: column "b": quote is not closed before the end of the file; close it, or double a quote that is part of the cell`, csvfile.Options{}},
		{"text behind a quote", "a,b\n\"x\"y,2\n", `F:2: column "a": text behind the closing quote of a cell; write a quote inside a quoted cell twice`, csvfile.Options{}},
		{"empty file", "", `F:1: the file is empty; want a header and rows`, csvfile.Options{}},
		{"only a mark", "\ufeff", `F:1: the file is empty; want a header and rows`, csvfile.Options{}},
		{"only blank lines", "\n\r\n\n", `F:4: nothing but blank lines; want a header and rows`, csvfile.Options{}},
		{"header only", "a,b\n", `F:2: no rows behind the header; want at least one`, csvfile.Options{}},
		{"too many columns", strings.Repeat("a,", 4096) + "a\n", `F:1: more than 4096 columns; is the separator "," right?`, csvfile.Options{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, []byte(tt.text))
			opts := tt.opts
			if opts.MaxCell == 0 {
				opts = csvfile.DefaultOptions()
			}
			_, err := datasettest.Read(t.Context(), csvfile.New(path, opts))
			checkRefusal(t, err, path, tt.want)
			var row *datasets.RowError
			if !errors.As(err, &row) {
				t.Errorf("%v is no RowError", err)
			}
		})
	}
}

// checkRefusal checks the text of an error, in which F stands for path.
func checkRefusal(t *testing.T, err error, path, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	if got := strings.ReplaceAll(err.Error(), path, "F"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !errors.Is(err, datasets.ErrShape) {
		t.Errorf("%v does not wrap ErrShape", err)
	}
}

// TestRefusedFiles fixes what is said of files that are no text, or broken.
func TestRefusedFiles(t *testing.T) {
	long := strings.Repeat("1,2\n", 100_000)
	gz, zst := pack(t, "gzip", []byte("a,b\n"+long)), pack(t, "zstd", []byte("a,b\n"+long))
	damaged := append([]byte(nil), gz...)
	damaged[len(damaged)-8] ^= 1 // its checksum
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"gzip cut short", gz[:len(gz)/2], "read: F: its gzip stream is cut short; copy the file again"},
		{"gzip without its end", gz[:len(gz)-1], "read: F: its gzip stream is cut short; copy the file again"},
		{"gzip of three bytes", gz[:3], "read: F: its gzip stream is cut short; copy the file again"},
		{"gzip damaged", damaged, "read: F: its gzip stream is damaged (gzip: invalid checksum); copy the file again"},
		{"zstd cut short", zst[:len(zst)/2], "read: F: its zstd stream is cut short; copy the file again"},
		{"workbook", []byte("PK\x03\x04....."), "open: F: it is a zip archive or an Excel workbook; unpack it, or save the sheet as CSV UTF-8"},
		{"Parquet", []byte("PAR1\x15\x00\x15"), "open: F: it holds Parquet where text is wanted; give the Parquet file itself, not packed"},
		{"packed twice", pack(t, "gzip", gz), "open: F: it is packed twice; unpack it once"},
		{"half a character", []byte("\xff\xfea\x00\n\x00b"), "read: F: its UTF-16 text ends in half a character; copy the file again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, tt.data)
			_, err := datasettest.Read(t.Context(), open(path))
			checkRefusal(t, err, path, tt.want)
		})
	}
}

func TestRefusedPaths(t *testing.T) {
	dir := t.TempDir()
	_, err := open(dir).Open(t.Context())
	checkRefusal(t, err, dir, "open: F: it is a folder; name a file in it")

	missing := filepath.Join(dir, "none.csv")
	if _, err := open(missing).Open(t.Context()); !errors.Is(err, fs.ErrNotExist) ||
		err.Error() != "open: "+missing+": file does not exist; check the path" {
		t.Errorf("got %v", err)
	}
	_, err = open(os.DevNull).Open(t.Context())
	checkRefusal(t, err, os.DevNull, "open: F: not a regular file; it is read more than once, so write it to disk first")
}

func TestOptions(t *testing.T) {
	bad := csvfile.Options{Separator: '"', MaxCell: 0}
	const want = "csvfile: separator is '\"'; want a character other than a quote or a line end\n" +
		"csvfile: max_cell is 0; want from 1 to 268435456 bytes"
	if err := bad.Validate(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := csvfile.New("any.csv", bad).Open(t.Context()); err == nil || err.Error() != want {
		t.Errorf("Open gave %v, want %s", err, want)
	}
	for _, sep := range []rune{'\n', '\r', -1, 0xD800, 0xFFFD} {
		if (csvfile.Options{Separator: sep, MaxCell: 1}).Validate() == nil {
			t.Errorf("separator %U is accepted", sep)
		}
	}
	for _, o := range []csvfile.Options{csvfile.DefaultOptions(), {MaxCell: 1}, {Separator: '→', MaxCell: 1 << 28}} {
		if err := o.Validate(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestHugeCell reads a file with a cell of 100 MB: it is refused in less memory
// than a tenth of that.
func TestHugeCell(t *testing.T) {
	for _, start := range []string{"", `"`} {
		path := writeFile(t, []byte("a,b\n1,"+start+strings.Repeat("x", 100_000_000)+start+"\n"))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := datasettest.Read(t.Context(), open(path))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), `:2: column "b": cell is above 1048576 bytes`) {
			t.Errorf("got %v", err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 10_000_000 {
			t.Errorf("%d bytes were allocated, want at most 10,000,000", used)
		}
	}
}

// TestRowTooLarge reads a row of 80 cells of 1 MiB, all within bounds.
func TestRowTooLarge(t *testing.T) {
	const cells = 80
	var header []string
	for i := range cells {
		header = append(header, strings.Repeat("c", i+1))
	}
	cell := strings.Repeat("x", 1<<20)
	text := strings.Join(header, ",") + "\n" + strings.Repeat(cell+",", cells-1) + cell + "\n"
	path := writeFile(t, []byte(text))
	_, err := datasettest.Read(t.Context(), open(path))
	if err == nil || !strings.Contains(err.Error(), "row is above 64 MiB; is the separator right?") || !errors.Is(err, datasets.ErrShape) {
		t.Errorf("got %v", err)
	}
}

// stops is a context that is cancelled when it has been asked n times.
type stops struct {
	context.Context
	n int
}

func (s *stops) Err() error {
	if s.n--; s.n < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelBetweenBlocks gives up inside one Read: 8 MB of blank lines are
// eight blocks and no batch.
func TestCancelBetweenBlocks(t *testing.T) {
	path := writeFile(t, []byte("a,b\n"+strings.Repeat("\n", 8<<20)+"1,2\n"))
	src := open(path)
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var batch datasets.Batch
	ctx := &stops{t.Context(), 4}
	if err := r.Read(ctx, &batch); !errors.Is(err, context.Canceled) || batch.Rows != 0 {
		t.Errorf("Read gave %d rows and %v, want context.Canceled", batch.Rows, err)
	}
	if _, err := open(path).Open(&stops{t.Context(), 4}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open gave %v, want context.Canceled", err)
	}
}
