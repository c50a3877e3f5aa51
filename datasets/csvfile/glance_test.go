package csvfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
)

// A tester is a test or a check of many.
type tester interface {
	rapid.TB
	Context() context.Context
}

// glanced is what a pass over a file says: of each row its line, the wanted cells and
// how many are not empty; then the error that ended it.
func glanced(t tester, path string, columns []string, whole bool) (rows []string) {
	t.Helper()
	src := csvfile.New(path, csvfile.Options{MaxCell: 300})
	r, err := src.Open(t.Context())
	if !whole && err == nil {
		err = r.Close()
		if err == nil {
			r, err = src.Glance(t.Context(), columns)
		}
	}
	if err != nil {
		return []string{err.Error()}
	}
	var b datasets.Batch
	for {
		if err := r.Read(t.Context(), &b); err != nil {
			if !errors.Is(err, io.EOF) {
				rows = append(rows, err.Error())
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			return rows
		}
		for i := range b.Rows {
			filled := 0
			var cells []string
			for k := range b.Columns {
				c := &b.Columns[k]
				wanted := slices.Contains(columns, c.Name)
				if whole && !c.Missing(i) {
					filled++
				}
				if wanted {
					cells = append(cells, string(c.Cell(i)))
				} else if !whole && (len(c.Data) > 0 || len(c.Offsets) > 1) {
					t.Fatalf("column %q is kept", c.Name)
				}
			}
			if !whole {
				filled = int(b.Filled[i])
			}
			rows = append(rows, fmt.Sprintf("%d: %q, %d filled", b.Line(i), cells, filled))
		}
	}
}

// TestGlance compares passes that leave cells out with those that do not, on files of
// any bytes that mean something in one.
func TestGlance(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.csv")
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 9).Draw(t, "columns")
		var names, wanted []string
		for i := range columns {
			names = append(names, fmt.Sprint("c", i))
			if rapid.Bool().Draw(t, "wanted") {
				wanted = append(wanted, names[i])
			}
		}
		sep := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "separator")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
		cell := rapid.OneOf(
			rapid.StringMatching(`[a-c]{0,12}`), rapid.Just(""), rapid.Just(`""`), rapid.StringMatching(`"[a-c,;\n\r ]{0,90}"`),
			rapid.Just(`"a""b"`), rapid.Just(`""""`), rapid.Just(` "a" `), rapid.Just(` a `), rapid.Just("a\rb"), rapid.StringMatching(`[a-c]{50,80}`), rapid.StringMatching(`[€¢Ê]{1,9}`), // bytes of ,, " and LF but for the upper bit
		)
		if rapid.IntRange(0, 3).Draw(t, "wild") == 0 {
			cell = rapid.OneOf(cell, rapid.StringMatching(`["a,\n\r ]{0,9}`), rapid.Just(`a"b`), rapid.Just(`"a"b`))
		}
		var text strings.Builder
		text.WriteString(strings.Join(names, sep))
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			text.WriteString(end)
			for i := range columns {
				if i > 0 {
					text.WriteString(sep)
				}
				text.WriteString(cell.Draw(t, "cell"))
			}
		}
		if rapid.Bool().Draw(t, "last line ends") {
			text.WriteString(end)
		}
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		got, want := glanced(t, path, wanted, false), glanced(t, path, wanted, true)
		if !slices.Equal(got, want) {
			t.Fatalf("%q, of which %q:\n%s\nwant\n%s", text.String(), wanted, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestGlanceAnywhere has what is odd in a row lie at the end of the bytes that are looked
// at at once, and across it.
func TestGlanceAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.csv")
	for _, odd := range []string{
		`"a"`, `""`, `"a""b"`, `""""`, `""""""`, `"a"b`, `"a" `, `"a" b`, "\"a\"\rb", "\"\"\r", "\"\"\rb", "\"a\"\r", "\r", "\ra", "a\r", ` "a"`, `a"b`, "\"a\nb\"", "\"\n\"", "\"a\r\nb\"", `""a`,
	} {
		for _, end := range []string{"\n", "\r\n"} {
			for before := 52; before < 66; before++ { // around the last of 64 bytes
				for _, row := range []string{strings.Repeat("x", before) + ",y," + odd, odd + "," + strings.Repeat("x", before) + ",y"} {
					text := "a,b,c" + end + row + end + row + end + "1,2,3" + end
					if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
					all := []string{"a", "b", "c"}[before%2:]
					got, want := glanced(t, path, all, false), glanced(t, path, all, true)
					if !slices.Equal(got, want) {
						t.Fatalf("%q:\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
				}
			}
		}
	}
}

// TestGlanceWithoutName checks that blanks in a column without a name do not count.
func TestGlanceWithoutName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(path, []byte("a,,b,\n1,  ,2,\n\"x\"\"y\", ,,\"\"\n,,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, want := glanced(t, path, []string{"b"}, false), glanced(t, path, []string{"b"}, true)
	if !slices.Equal(got, want) || len(want) != 3 || !strings.HasSuffix(want[0], "2 filled") {
		t.Errorf("%q, want %q", got, want)
	}
}
