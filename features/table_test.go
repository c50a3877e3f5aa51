package features_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
)

func TestLoad(t *testing.T) {
	base := memory{header: []string{"d", "s", "n"}, step: 4096}
	const rows = 40_000 // two row groups
	for i := range rows {
		base.rows = append(base.rows, []string{domainNo(i), fmt.Sprintf("even%d|x%d", i%2, i), fmt.Sprint(i)})
	}
	base.rows[7][0] = ""
	table := build(t, features.Input{
		Accounts: base, Domain: "d", Customers: listOf(t, domainNo(5), domainNo(39_999)),
		Specs: []features.Spec{spec("s", features.Set), spec("n", features.Number)},
	}).accounts
	if table.Rows() != rows || table.Groups() != 2 {
		t.Fatalf("%d rows in %d groups", table.Rows(), table.Groups())
	}
	var reasons, customers []int64
	got, err := table.Load(t.Context(), []string{"n", "domain", "s"}, func(r features.Row) bool {
		if r.Reason != "" {
			reasons = append(reasons, r.Number)
			if r.Reason != datasets.NoDomain || r.Hash != 0 {
				t.Errorf("row %+v", r)
			}
		}
		if r.Customer {
			customers = append(customers, r.Number)
			if r.Class != features.Best || r.Hash != features.DomainHash(domainNo(int(r.Number))) {
				t.Errorf("row %+v", r)
			}
		}
		return r.Customer || r.Number == 6
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{7}, reasons); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{5, 39_999}, customers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"even1", "x5", "even0", "x6", "x39999"}, got.Columns[2].Dictionary); diff != "" {
		t.Error(diff)
	}
	var shown []string
	for i := range got.Rows {
		shown = append(shown, showCell(&got.Columns[0], i)+" "+showCell(&got.Columns[1], i)+" "+showCell(&got.Columns[2], i))
	}
	if diff := cmp.Diff([]string{"5 company-5.com [even1 x5]", "6 company-6.com [even0 x6]", "39999 company-39999.com [even1 x39999]"}, shown); diff != "" {
		t.Error(diff)
	}
	if none, err := table.Load(t.Context(), []string{"n"}, func(features.Row) bool { return false }); err != nil || none.Rows != 0 {
		t.Errorf("none kept: %v, %v", none, err)
	}
	if _, err := table.Load(t.Context(), []string{"domian"}, nil); err == nil || !strings.Contains(err.Error(), `did you mean "domain"?`) {
		t.Errorf("unknown column: %v", err)
	}

	r, err := table.Group(1, []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	var b datasets.Batch
	n := 0
	for {
		if err = r.Read(t.Context(), &b); err != nil {
			break
		}
		if n == 0 && b.Columns[0].Numbers[0] != 1<<15 {
			t.Errorf("the second group starts with %v", b.Columns[0].Numbers[0])
		}
		n += b.Rows
	}
	if !errors.Is(err, io.EOF) || n != rows-1<<15 {
		t.Errorf("group of %d rows, %v", n, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestFind finds single accounts of a base of three row groups: in any of them, not
// duplicates, and none that are not there.
func TestFind(t *testing.T) {
	base := memory{header: []string{"d", "n"}, step: 4096}
	const rows = 70_000
	for i := range rows {
		base.rows = append(base.rows, []string{domainNo(i), fmt.Sprint(i)})
	}
	base.rows[69_000][0] = domainNo(3) // the first of them has the later number
	table := build(t, features.Input{
		Accounts: base, Domain: "d", Customers: listOf(t, domainNo(5)), Specs: []features.Spec{spec("n", features.Number)},
	}).accounts
	if table.Groups() != 3 {
		t.Fatalf("%d row groups", table.Groups())
	}
	for _, i := range []int{0, 5, 32_767, 32_768, 69_999} {
		got, err := table.Find(t.Context(), []string{"domain", "n"}, domainNo(i))
		if err != nil || got.Rows != 1 || string(got.Columns[0].Cell(0)) != domainNo(i) || got.Columns[1].Numbers[0] != float64(i) {
			t.Errorf("%d: %d rows, %v", i, got.Rows, err)
		}
	}
	if got, err := table.Find(t.Context(), []string{"n"}, domainNo(3)); err != nil || got.Rows != 1 {
		t.Errorf("of two rows of a domain: %d, %v", got.Rows, err)
	}
	for _, none := range []string{"nowhere.com", domainNo(69_000), ""} {
		if got, err := table.Find(t.Context(), []string{"n"}, none); err != nil || got.Rows != 0 {
			t.Errorf("%q: %d rows, %v", none, got.Rows, err)
		}
	}
	if _, err := table.Find(t.Context(), []string{"domian"}, domainNo(0)); err == nil {
		t.Error("an unknown column is found")
	}
}

// TestFindDamagedFilter zeroes the filter of the domains, which then rules out every
// account: they are found nevertheless.
func TestFindDamagedFilter(t *testing.T) {
	file := tableFile(t, nil)
	lib, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	at := lib.Metadata().RowGroups[0].Columns[0].MetaData.BloomFilterOffset
	size := lib.RowGroups()[0].ColumnChunks()[0].BloomFilter().Size()
	for header := range int64(64) { // of unknown length: until the filter finds nothing
		bad := bytes.Clone(file)
		clear(bad[at+header : at+header+size])
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "part-0.parquet"), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := parquetfile.OpenFile(filepath.Join(folder, "part-0.parquet"))
		if err != nil {
			continue
		}
		hidden := !f.MayHold(0, "domain", "a.com")
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if !hidden {
			continue
		}
		table, err := features.OpenTable(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close() //nolint:errcheck // nothing was written
		if got, err := table.Find(t.Context(), []string{"domain"}, "a.com"); err != nil || got.Rows != 1 {
			t.Errorf("a.com: %d rows, %v", got.Rows, err)
		}
		return
	}
	t.Fatal("no damage hides the account")
}

// tableFile returns the file of a small accounts table.
func tableFile(t *testing.T, change func(*features.Input)) []byte {
	t.Helper()
	in := baseOf("a.com", "b.com")
	if change != nil {
		change(&in)
	}
	var file bytes.Buffer
	if _, err := features.Build(t.Context(), in, features.Output{Accounts: &file, Customers: io.Discard}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestOpenTableErrors(t *testing.T) {
	good := tableFile(t, nil)
	foreign := func(metadata map[string]string) []byte {
		var file bytes.Buffer
		opts := parquetfile.DefaultOptions()
		opts.Metadata = metadata
		w, err := parquetfile.NewWriter(&file, []datasets.Field{{Name: "domain"}}, opts)
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  []string
	}{
		{"no part", map[string][]byte{"_manifest.json": good}, []string{"no part-*.parquet"}},
		{"cut short", map[string][]byte{"part-0.parquet": good[:len(good)-9]}, []string{"part-0.parquet"}},
		{"second part cut short", map[string][]byte{"part-0.parquet": good, "part-1.parquet": good[:len(good)/2]}, []string{"part-1.parquet"}},
		{"not ours", map[string][]byte{"part-0.parquet": foreign(nil)}, []string{"part-0.parquet", "not a feature table"}},
		{"newer", map[string][]byte{"part-0.parquet": foreign(map[string]string{"icpfit.format": "2"})}, []string{"part-0.parquet", "format 2", "newer icpfit"}},
		{"no specs", map[string][]byte{"part-0.parquet": foreign(map[string]string{"icpfit.format": "1", "icpfit.table": "accounts"})}, []string{"damaged", "specs"}},
		{"no table", map[string][]byte{"part-0.parquet": foreign(map[string]string{"icpfit.format": "1", "icpfit.spec": "[]"})}, []string{"damaged", `table ""`}},
		{"another date", map[string][]byte{"part-0.parquet": good, "part-1.parquet": tableFile(t, func(in *features.Input) { in.AsOf-- })}, []string{"part-1.parquet", "another table"}},
		{"other specs", map[string][]byte{"part-0.parquet": good, "part-1.parquet": tableFile(t, func(in *features.Input) { in.Specs[0].Name = "y" })}, []string{"part-1.parquet", "another table"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, file := range tt.files {
				if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := features.OpenTable(folder)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
		})
	}
}

func TestTwoParts(t *testing.T) {
	folder := t.TempDir()
	for name, file := range map[string][]byte{
		"part-0.parquet": tableFile(t, nil),
		"part-1.parquet": tableFile(t, func(in *features.Input) { in.Accounts = baseOf("c.com").Accounts }),
		"_part.parquet":  []byte("not read"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	table, err := features.OpenTable(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.com 1", "b.com 2", "c.com 1"}, show(t, table, "domain", "account_id")); diff != "" {
		t.Error(diff)
	}
	if err := table.Close(); err != nil {
		t.Error(err)
	}
}

func TestLatestTable(t *testing.T) {
	root := t.TempDir()
	if _, _, err := features.LatestTable(filepath.Join(root, "none"), ""); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "icpfit features") {
		t.Errorf("no folder: %v", err)
	}
	for _, name := range []string{"as_of=2026-01-31", "as_of=2025-12-31", "as_of=tomorrow", "_tmp", "as_of=2026-13-01"} {
		if err := os.Mkdir(filepath.Join(root, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for before, want := range map[string]string{"": "2026-01-31", "2026-02-01": "2026-01-31", "2026-01-31": "2025-12-31", "2025-12-31": ""} {
		asOf, folder, err := features.LatestTable(root, before)
		if asOf != want || (err == nil) != (want != "") || want != "" && folder != filepath.Join(root, "as_of="+want) {
			t.Errorf("before %q: %q %q %v, want %q", before, asOf, folder, err, want)
		}
	}
}
