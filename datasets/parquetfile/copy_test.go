package parquetfile_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// copyFrom writes the rows of a file of function written once more, with its domains
// copied where they can be; it says whether they were.
func copyFrom(f *parquetfile.File, opts parquetfile.Options) (data []byte, copied bool, err error) {
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, f.Schema(), opts)
	if err != nil {
		return nil, false, err
	}
	for at := range f.Groups() {
		g := w.NewGroup()
		if copied, err = g.Copy("domain", f, at); err != nil {
			return nil, false, err
		}
		r, err := f.Group(at, f.Schema())
		if err != nil {
			return nil, false, err
		}
		err = datasets.Drain(context.Background(), r, func(b *datasets.Batch) error {
			if copied { // what is left alone need not be right
				b.Column("domain").Data = bytes.Repeat([]byte("?"), len(b.Column("domain").Data))
			}
			return g.Write(b)
		})
		if err = errors.Join(err, g.Flush(), g.Commit()); err != nil {
			return nil, false, err
		}
	}
	err = w.Close()
	return out.Bytes(), copied, err
}

// TestCopy checks that a column that is copied comes to the bytes of one that is
// written, index, statistics and filter with it, and that one which would not is
// written.
func TestCopy(t *testing.T) {
	for _, tt := range []struct {
		name     string
		from, to []string // filtered
		want     bool
	}{
		{"plain", nil, nil, true},
		{"filtered", []string{"domain"}, []string{"domain"}, true},
		{"to be filtered", nil, []string{"domain"}, false},
		{"not to be filtered", []string{"domain"}, nil, false},
	} {
		f := openBytes(t, written(t, 25_500, tt.from...))
		opts := parquetfile.DefaultOptions()
		opts.RowGroupRows, opts.Filtered = 1000, tt.to
		got, copied, err := copyFrom(f, opts)
		if err != nil {
			t.Fatal(err)
		}
		if want := written(t, 25_500, tt.to...); copied != tt.want || !bytes.Equal(got, want) {
			t.Errorf("%s: copied is %v, and %d bytes, of which the first %d are the same as of the %d that are written", tt.name, copied, len(got), common(got, want), len(want))
		}
	}
}

// TestCopyManyPages copies columns of several pages.
func TestCopyManyPages(t *testing.T) {
	fields := []datasets.Field{{Name: "domain"}, {Name: "text"}}
	r := rand.New(rand.NewPCG(1, 2))
	var b datasets.Batch
	b.Prepare(fields)
	for range 30_000 {
		for c := range b.Columns {
			for range r.IntN(60) {
				b.Columns[c].Data = append(b.Columns[c].Data, byte('a'+r.IntN(26)))
			}
			b.Columns[c].Offsets = append(b.Columns[c].Offsets, int32(len(b.Columns[c].Data)))
		}
		b.Rows++
	}
	opts := parquetfile.DefaultOptions()
	want := encode(t, fields, opts, &b)
	got, copied, err := copyFrom(openBytes(t, want), opts)
	if err != nil || !copied || !bytes.Equal(got, want) {
		t.Errorf("copied is %v, %v, and %d bytes, of which the first %d are the same as of %d", copied, err, len(got), common(got, want), len(want))
	}
}

// TestCopyRefuses checks what cannot be copied, and what must not.
func TestCopyRefuses(t *testing.T) {
	f := openBytes(t, written(t, 1500))
	var out bytes.Buffer
	opts := parquetfile.DefaultOptions()
	w, err := parquetfile.NewWriter(&out, f.Schema(), opts)
	if err != nil {
		t.Fatal(err)
	}
	g := w.NewGroup()
	for _, name := range []string{"sector", "n", "nobody"} {
		if copied, err := g.Copy(name, f, 0); copied || err != nil {
			t.Errorf("column %q is copied: %v, %v", name, copied, err)
		}
	}
	if copied, err := g.Copy("domain", f, 1); !copied || err != nil { // 500 rows
		t.Fatalf("copied is %v, %v", copied, err)
	}
	r, err := f.Group(0, f.Schema())
	if err == nil {
		err = datasets.Drain(t.Context(), r, g.Write)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Flush(); err == nil {
		t.Error("a column of 500 rows is copied into a row group of 1,000")
	}
}

// TestCopyOfDamage flips bytes of a file: whatever it says then, its domains are
// refused, or copied as they were.
func TestCopyOfDamage(t *testing.T) {
	whole := written(t, 2500, "domain")
	want := domainsOf(t, openBytes(t, whole))
	path := filepath.Join(t.TempDir(), "x.parquet")
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"domain"}
	r := rand.New(rand.NewPCG(3, 4))
	refused, taken := 0, 0
	for range 1000 {
		data := bytes.Clone(whole)
		at := len(data) - 1 - r.IntN(min(len(data), 6000)) // mostly the indexes and the footer
		data[at] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := parquetfile.OpenFile(path)
		if err != nil {
			continue
		}
		got, copied, err := copyFrom(f, opts)
		if err != nil {
			refused++
			if !errors.Is(err, datasets.ErrShape) && strings.Contains(err.Error(), `column "domain"`) {
				t.Fatalf("byte %d: %v", at, err)
			}
		} else if copied {
			taken++
			if domains := domainsOf(t, openBytes(t, got)); !slices.Equal(domains, want) {
				t.Fatalf("byte %d: other domains are copied", at)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if refused == 0 || taken == 0 {
		t.Errorf("%d files are refused, %d copied", refused, taken)
	}
}

func domainsOf(t *testing.T, f *parquetfile.File) (domains []string) {
	t.Helper()
	for g := range f.Groups() {
		r, err := f.Group(g, []datasets.Field{{Name: "domain"}})
		if err == nil {
			err = datasets.Drain(t.Context(), r, func(b *datasets.Batch) error {
				for i := range b.Rows {
					domains = append(domains, b.Columns[0].Text(i))
				}
				return nil
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return domains
}

// TestCopyOfBadPage checks that a page is not copied with a byte in it that is not as it
// was written.
func TestCopyOfBadPage(t *testing.T) {
	whole := written(t, 1000)
	opts := parquetfile.DefaultOptions()
	for at := 200; at < 700; at += 20 { // of the first page, of domains, behind its header
		data := bytes.Clone(whole)
		data[at] ^= 4
		f := openBytes(t, data)
		w, err := parquetfile.NewWriter(io.Discard, f.Schema(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if copied, err := w.NewGroup().Copy("domain", f, 0); copied || !errors.Is(err, datasets.ErrShape) {
			t.Errorf("byte %d: copied is %v, %v", at, copied, err)
		}
	}
}
