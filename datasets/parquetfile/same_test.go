package parquetfile_test

import (
	"bytes"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// byLibrary is encode through the library's column writers.
func byLibrary(t testing.TB, fields []datasets.Field, opts parquetfile.Options, batches ...*datasets.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := parquetfile.WriteByLibrary(&out, fields, opts, batches...); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSameBytes writes files that the library's own column writers write too:
// they are the same byte for byte.
func TestSameBytes(t *testing.T) {
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"text", "category"}
	opts.Int32 = map[string]bool{"integer": false}
	small := opts
	small.RowGroupRows = 997
	wide, wideRows := wideBatches(150_000)
	for _, tt := range []struct {
		name    string
		fields  []datasets.Field
		opts    parquetfile.Options
		batches []*datasets.Batch
	}{
		{"no rows", allTypes, opts, []*datasets.Batch{newBatch(allTypes, nil)}},
		{"no batch", allTypes, opts, nil},
		{"one row", allTypes, opts, []*datasets.Batch{newBatch(allTypes, edges()[:1])}},
		{"edges", allTypes, opts, []*datasets.Batch{newBatch(allTypes, edges())}},
		{"small groups", allTypes, small, []*datasets.Batch{newBatch(allTypes, manyRows(5000)), newBatch(allTypes, manyRows(3000)[1000:])}},
		{"many pages", allTypes, opts, []*datasets.Batch{newBatch(allTypes, manyRows(40_000)), newBatch(allTypes, manyRows(50_000)[39_991:])}},
		{"wide", wide, parquetfile.DefaultOptions(), wideRows},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, want := encode(t, tt.fields, tt.opts, tt.batches...), byLibrary(t, tt.fields, tt.opts, tt.batches...)
			if !bytes.Equal(got, want) {
				t.Errorf("%d bytes, the library writes %d, and the first %d are the same", len(got), len(want), common(got, want))
			}
		})
	}
}

// common returns how many bytes a and b start with that are the same.
func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
