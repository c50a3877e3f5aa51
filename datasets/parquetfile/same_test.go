package parquetfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"pgregory.net/rapid"

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
// they are the same byte for byte, where dictionaries of numbers are of use.
func TestSameBytes(t *testing.T) {
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"text", "category"}
	opts.Int32 = map[string]bool{"integer": false}
	small := opts
	small.RowGroupRows = 997
	repeated := opts
	repeated.Repeated = []string{"number"}
	overflow := parquetfile.DefaultOptions() // of row groups in which a dictionary overflows, and one in which none does
	overflow.RowGroupRows = 65_000
	many := repeated // of which the first row group's dictionary overflows
	many.Filtered, many.Int32, many.RowGroupRows = nil, nil, 420_000
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
		{"repeated numbers", allTypes, repeated, []*datasets.Batch{newBatch(allTypes, edges()), rounded(newBatch(allTypes, manyRows(40_000)))}},
		{"many pages", allTypes, opts, []*datasets.Batch{newBatch(allTypes, manyRows(40_000)), newBatch(allTypes, manyRows(50_000)[39_991:])}},
		{"too many repeated numbers", allTypes[1:2], many, []*datasets.Batch{differing(400_000, 3), differing(420_000, 3)}},
		{"overflow", overflowing, overflow, overflowBatches(70_000)},
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

// TestOverflow checks that overflowBatches do what TestSameBytes wants of them: each
// column has pages with a dictionary, then pages without.
func TestOverflow(t *testing.T) {
	opts := parquetfile.DefaultOptions()
	opts.RowGroupRows = 65_000
	data := encode(t, overflowing, opts, overflowBatches(70_000)...)
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Metadata().RowGroups[0].Columns {
		m := &f.Metadata().RowGroups[0].Columns[i].MetaData
		if coded, plain := dataPages(m); coded == 0 || plain == 0 {
			t.Errorf("%v has %d pages with a dictionary and %d without, want some of either", m.PathInSchema, coded, plain)
		}
	}
}

// TestUselessDictionary checks that numbers of which most differ have a dictionary in
// the first page of a row group and none from then on, in a column and in a list, and
// that they are read as what they are; the file is smaller than with it.
func TestUselessDictionary(t *testing.T) {
	fields := []datasets.Field{allTypes[1], {Name: "list", Type: datasets.List, Children: []datasets.Field{{Name: "points", Type: datasets.Integer}}}}
	b := &datasets.Batch{}
	b.Prepare(fields)
	b.Rows = 90_000
	list := &b.Columns[1]
	for i := range b.Rows {
		b.Columns[0].Numbers = append(b.Columns[0].Numbers, float64(i)/7)
		list.Children[0].Integers = append(list.Children[0].Integers, int64(i)*41, int64(i)*41+1)
		list.Offsets = append(list.Offsets, int32(len(list.Children[0].Integers)))
	}
	opts := parquetfile.DefaultOptions()
	opts.Repeated = []string{"number"}
	opts.RowGroupRows = 60_000
	got, want := encode(t, fields, opts, b), byLibrary(t, fields, opts, b)
	checkLibraryRows(t, got, want)
	if len(got) >= len(want) {
		t.Errorf("%d bytes, the library writes %d", len(got), len(want))
	}
	f, err := parquet.OpenFile(bytes.NewReader(got), int64(len(got)))
	if err != nil {
		t.Fatal(err)
	}
	for g := range f.Metadata().RowGroups {
		for i := range f.Metadata().RowGroups[g].Columns {
			coded, plain := dataPages(&f.Metadata().RowGroups[g].Columns[i].MetaData)
			if coded != 1 || plain == 0 {
				t.Errorf("row group %d, column %d: %d pages with a dictionary and %d without", g, i, coded, plain)
			}
		}
	}
}

// dataPages returns how many data pages have a dictionary, and how many have none.
func dataPages(m *format.ColumnMetaData) (coded, plain int32) {
	for _, s := range m.EncodingStats {
		switch {
		case s.PageType != format.DataPageV2:
		case s.Encoding == format.Plain:
			plain += s.Count
		case s.Encoding == format.RLEDictionary:
			coded += s.Count
		}
	}
	return coded, plain
}

// rounded rounds the numbers of a batch, so that a few hundred are left.
func rounded(b *datasets.Batch) *datasets.Batch {
	for i, x := range b.Columns[1].Numbers {
		b.Columns[1].Numbers[i] = math.Round(x*50) / 50
	}
	return b
}

// differing returns rows of one number each, of which so many at a time are the same.
func differing(rows, same int) *datasets.Batch {
	b := &datasets.Batch{}
	b.Prepare(allTypes[1:2])
	b.Rows = rows
	for i := range rows {
		b.Columns[0].Numbers = append(b.Columns[0].Numbers, float64(i/same))
	}
	return b
}

// common returns how many bytes a and b start with that are the same.
func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// overflowing are columns with a dictionary, which overflowBatches makes too large.
var overflowing = []datasets.Field{
	{Name: "category", Type: datasets.Category},
	{Name: "set", Type: datasets.Set},
	{Name: "list", Type: datasets.List, Children: []datasets.Field{{Name: "word", Type: datasets.Category}, {Name: "points", Type: datasets.Integer}}},
}

// overflowBatches returns batches in which nearly every text is new, and of integers
// every third.
func overflowBatches(rows int) []*datasets.Batch {
	var out []*datasets.Batch
	for first := 0; first < rows; first += datasets.BatchRows {
		b := &datasets.Batch{}
		b.Prepare(overflowing)
		b.Rows = min(datasets.BatchRows, rows-first)
		category, set, list := &b.Columns[0], &b.Columns[1], &b.Columns[2]
		word, points := &list.Children[0], &list.Children[1]
		for i := range b.Rows {
			category.Dictionary = append(category.Dictionary, fmt.Sprintf("a category of its own that nobody else has, number %d", (first+i)/2))
			category.Codes = append(category.Codes, int32(i)-int32(b2i(i%7 == 0))*int32(i+1))
			for k := range i % 12 {
				set.Codes = append(set.Codes, int32(i*(k+1)%b.Rows))
				word.Codes = append(word.Codes, int32(i-k))
				points.Integers = append(points.Integers, (int64(first+i)*12+int64(k))/3)
			}
			set.Offsets, list.Offsets = append(set.Offsets, int32(len(set.Codes))), append(list.Offsets, int32(len(word.Codes)))
		}
		set.Dictionary, word.Dictionary = category.Dictionary, category.Dictionary
		out = append(out, b)
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestFilterOfOverflow checks that a filter knows the texts of the pages that go
// on without dictionary, and that these are read as any others.
func TestFilterOfOverflow(t *testing.T) {
	fields, batches := overflowing[:1], overflowBatches(70_000)
	for _, b := range batches {
		b.Columns = b.Columns[:1]
	}
	opts := parquetfile.DefaultOptions()
	opts.Filtered = []string{"category"}
	data := encode(t, fields, opts, batches...)
	f := openBytes(t, data)
	ruledOut := 0
	for i := range 35_000 {
		if !f.MayHold(0, "category", fmt.Sprintf("a category of its own that nobody else has, number %d", i)) {
			t.Fatalf("text %d is in the file, and ruled out", i)
		}
		ruledOut += b2i(!f.MayHold(0, "category", fmt.Sprint("not in the file ", i)))
	}
	if ruledOut < 34_000 {
		t.Errorf("of 35,000 texts that are not in the file %d are ruled out", ruledOut)
	}
	checkLibraryRows(t, data, byLibrary(t, fields, parquetfile.DefaultOptions(), batches...))
}

// checkLibraryRows checks that the library's own reader finds the same rows in two files.
func checkLibraryRows(t testing.TB, got, want []byte) {
	t.Helper()
	a, b := parquet.NewGenericReader[any](bytes.NewReader(got)), parquet.NewGenericReader[any](bytes.NewReader(want))
	if a.NumRows() != b.NumRows() {
		t.Fatalf("%d rows, want %d", a.NumRows(), b.NumRows())
	}
	left, right := make([]any, 500), make([]any, 500)
	for first := 0; ; first += 500 {
		clear(left)
		clear(right)
		n, err := a.Read(left)
		m, err2 := b.Read(right)
		if n != m || !reflect.DeepEqual(left[:n], right[:m]) {
			t.Fatalf("rows %d to %d differ", first, first+max(n, m))
		}
		if errors.Is(err, io.EOF) && errors.Is(err2, io.EOF) {
			return
		}
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSameBytesOfAnyRows writes random rows of all types in random batches, each
// with dictionaries of its own. The file is the library's byte for byte, and its
// rows are read as they were written.
func TestSameBytesOfAnyRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		opts := parquetfile.DefaultOptions()
		opts.RowGroupRows = rapid.SampledFrom([]int{1, 7, 8, 64, 1000, 1025, 131_072}).Draw(rt, "row group rows")
		opts.Int32 = map[string]bool{"integer": rapid.Bool().Draw(rt, "int32")}
		// Not the category: the library gives a chunk without any text the size of
		// the filter of the chunk before it, though it has none.
		opts.Filtered = rapid.SampledFrom([][]string{nil, {"text"}}).Draw(rt, "filtered")
		opts.Repeated = rapid.SampledFrom([][]string{nil, {"number"}}).Draw(rt, "repeated")
		sizes := rapid.SliceOfN(rapid.IntRange(0, 40), 0, 5).Draw(rt, "rows of batches")
		if opts.RowGroupRows >= 64 && rapid.Bool().Draw(rt, "large") {
			sizes = append(sizes, rapid.IntRange(0, 3000).Draw(rt, "rows of the last batch"))
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		missing := rapid.SampledFrom([]float64{0, 0.01, 0.5, 1}).Draw(rt, "missing")
		words := rapid.SampledFrom([]int{1, 3, 400}).Draw(rt, "words")
		var batches []*datasets.Batch
		var rows [][]cell
		for _, n := range sizes {
			more := randomRows(r, n, missing, words)
			batch := newBatch(allTypes, more)
			shuffle(r, &batch.Columns[5])
			shuffle(r, &batch.Columns[6])
			shuffle(r, &batch.Columns[7].Children[1])
			batches = append(batches, batch)
			for _, row := range more {
				if set, ok := row[6].([]string); ok {
					row[6] = present(set)
				}
				rows = append(rows, row)
			}
		}
		got, want := encode(t, allTypes, opts, batches...), byLibrary(t, allTypes, opts, batches...)
		if !bytes.Equal(got, want) {
			rt.Fatalf("%d bytes, the library writes %d, and the first %d are the same", len(got), len(want), common(got, want))
		}
		_, read, err := readAll(parquetfile.New(put(t, got)))
		if err != nil {
			rt.Fatal(err)
		}
		checkRows(t, read, texts(rows))
	})
}

// shuffle gives a column another dictionary of the same meaning: texts nobody
// uses, an empty text that is a missing cell, and a text twice.
func shuffle(r *rand.Rand, c *datasets.Column) {
	shift := r.IntN(4)
	dictionary := append([]string{"unused", "", "unused too"}[:min(shift, 3)], c.Dictionary...)
	if len(c.Dictionary) > 0 {
		dictionary = append(dictionary, c.Dictionary[0])
	}
	for i, code := range c.Codes {
		switch {
		case code == 0 && r.IntN(2) == 0:
			c.Codes[i] = int32(len(dictionary) - 1)
		case code >= 0:
			c.Codes[i] = code + int32(shift)
		case shift >= 2 && r.IntN(2) == 0:
			c.Codes[i] = 1
		}
	}
	c.Dictionary = dictionary
}

// randomRows returns rows of allTypes of which that share of cells is missing.
func randomRows(r *rand.Rand, n int, missing float64, words int) [][]cell {
	word := func() string { return fmt.Sprint("word", r.IntN(words)) }
	any := func(v cell) cell {
		if r.Float64() < missing {
			return nil
		}
		return v
	}
	rows := make([][]cell, n)
	for i := range rows {
		set := []string{}
		for range r.IntN(4) {
			set = append(set, []string{word(), ""}[b2i(r.IntN(9) == 0)])
		}
		items := [][]cell{}
		for range r.IntN(6) {
			items = append(items, []cell{any(word()), any(word()), any(int64(r.IntN(words))), any(r.NormFloat64()), any(int32(r.IntN(9))), any(r.IntN(2) == 0)})
		}
		number := []float64{r.NormFloat64(), 0, math.Copysign(0, -1), math.Inf(1), math.NaN()}[r.IntN(5)]
		rows[i] = []cell{
			any([]string{word(), ""}[r.IntN(2)]), any(number), any(int64(int32(r.Uint32()))), any(int32(r.Uint32()) | 1), any(r.IntN(2) == 0),
			any([]string{word(), ""}[b2i(r.IntN(9) == 0)]), any(set), any(items),
		}
	}
	return rows
}

// present leaves the empty texts out of a set, as reading does.
func present(set []string) []string {
	out := []string{}
	for _, item := range set {
		if item != "" {
			out = append(out, item)
		}
	}
	return out
}
