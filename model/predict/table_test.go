package predict_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/predict"
)

// take returns the rows of b with these numbers, in this order, as a batch that
// shares only dictionaries with b.
func take(b *datasets.Batch, rows []int) *datasets.Batch {
	out := &datasets.Batch{Rows: len(rows), Columns: make([]datasets.Column, len(b.Columns))}
	for k := range b.Columns {
		takeColumn(&out.Columns[k], &b.Columns[k], rows)
	}
	return out
}

func takeColumn(dst, src *datasets.Column, rows []int) {
	*dst = datasets.Column{Field: src.Field, Dictionary: src.Dictionary}
	dst.Reset()
	for _, i := range rows {
		switch src.Type {
		case datasets.Text:
			dst.Data = append(dst.Data, src.Cell(i)...)
			dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
		case datasets.Number:
			dst.Numbers = append(dst.Numbers, src.Numbers[i])
		case datasets.Integer:
			dst.Integers, dst.Null = append(dst.Integers, src.Integers[i]), append(dst.Null, src.Missing(i))
		case datasets.Date:
			dst.Days = append(dst.Days, src.Days[i])
		case datasets.Flag:
			dst.Flags = append(dst.Flags, src.Flags[i])
		case datasets.Category:
			dst.Codes = append(dst.Codes, src.Codes[i])
		case datasets.Set:
			dst.Codes = append(dst.Codes, src.Items(i)...)
			dst.Offsets, dst.Null = append(dst.Offsets, int32(len(dst.Codes))), append(dst.Null, src.Missing(i))
		default:
			panic(fmt.Sprintf("a feature table has no %v", src.Type))
		}
	}
}

// some returns the first rows of tonight's base, as a table of their own.
func (n *night) some(t testing.TB, rows int) (*datasets.Batch, predict.Input) {
	t.Helper()
	numbers := make([]int, rows)
	for i := range numbers {
		numbers[i] = i
	}
	b := take(n.all, numbers)
	in := n.input()
	in.Accounts = writeTable(t, filepath.Join(n.folder, "accounts"), 3_000, b)
	return b, in
}

// metadataKeys are those of a feature table.
var metadataKeys = []string{"icpfit.format", "icpfit.table", "icpfit.spec", "icpfit.spec_hash", "icpfit.as_of"}

// writeTable writes a feature table with the head of the one in folder like: one
// file a batch, in row groups of so many rows. It is closed when the test ends.
func writeTable(t testing.TB, like string, groupRows int, batches ...*datasets.Batch) *features.Table {
	t.Helper()
	folder := t.TempDir()
	head, err := parquetfile.OpenFile(filepath.Join(like, "part-0.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	opts := parquetfile.DefaultOptions()
	opts.RowGroupRows, opts.Metadata = groupRows, map[string]string{}
	for _, key := range metadataKeys {
		opts.Metadata[key], _ = head.Metadata(key)
	}
	fields := head.Schema()
	if err := head.Close(); err != nil {
		t.Fatal(err)
	}
	for i, b := range batches {
		f, err := os.Create(filepath.Join(folder, fmt.Sprintf("part-%04d.parquet", i)))
		if err != nil {
			t.Fatal(err)
		}
		w, err := parquetfile.NewWriter(f, fields, opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	table, err := features.OpenTable(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	return table
}
