package parquetfile_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// wideBatches returns a feature table like those of a real base: a domain, 10
// numbers, 12 categories of 5 to 1,000 texts and 8 flags, 10 % of them missing.
func wideBatches(rows int) ([]datasets.Field, []*datasets.Batch) {
	fields := []datasets.Field{{Name: "domain", Type: datasets.Text}}
	for i := range 30 {
		t := []datasets.Type{datasets.Number, datasets.Category, datasets.Flag}[min(2, max(0, (i-10+12)/12))]
		fields = append(fields, datasets.Field{Name: fmt.Sprintf("f%d", i), Type: t})
	}
	dictionaries := make([][]string, 31)
	for i := range dictionaries {
		for k := range []int{5, 10, 20, 50, 200, 1000}[i%6] {
			dictionaries[i] = append(dictionaries[i], fmt.Sprintf("cat%d_value_%04d", i, k))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	var batches []*datasets.Batch
	for first := 0; first < rows; first += datasets.BatchRows {
		b := &datasets.Batch{}
		b.Prepare(fields)
		b.Rows, b.First = min(datasets.BatchRows, rows-first), int64(first)
		for i := range b.Columns {
			fillWide(&b.Columns[i], dictionaries[i], b.Rows, first, r)
		}
		batches = append(batches, b)
	}
	return fields, batches
}

func fillWide(c *datasets.Column, dictionary []string, rows, first int, r *rand.Rand) {
	if c.Type == datasets.Category {
		c.Dictionary = dictionary
	}
	for i := range rows {
		missing := r.IntN(10) == 0
		switch c.Type {
		case datasets.Text:
			c.Data = fmt.Appendf(c.Data, "acct%d.example.com", (first+i)*2654435761%1_000_000_007)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		case datasets.Number:
			x := r.NormFloat64()
			if missing {
				x = math.NaN()
			}
			c.Numbers = append(c.Numbers, x)
		case datasets.Category:
			code := int32(r.IntN(len(dictionary)))
			if missing {
				code = -1
			}
			c.Codes = append(c.Codes, code)
		default:
			flag := int8(r.IntN(2))
			if missing {
				flag = -1
			}
			c.Flags = append(c.Flags, flag)
		}
	}
}

// gradedBatches returns a table like that of a night's grades: 24 columns of all
// types but dates and sets, and a list of five items a row.
func gradedBatches(rows int) ([]datasets.Field, []*datasets.Batch) {
	fields := []datasets.Field{{Name: "domain"}, {Name: "account_id"}}
	for i := range 10 {
		fields = append(fields, datasets.Field{Name: fmt.Sprint("category", i), Type: datasets.Category})
	}
	for i := range 7 {
		fields = append(fields, datasets.Field{Name: fmt.Sprint("number", i), Type: datasets.Number})
	}
	fields = append(fields, datasets.Field{Name: "tier", Type: datasets.Integer}, datasets.Field{Name: "margin", Type: datasets.Integer},
		datasets.Field{Name: "a", Type: datasets.Flag}, datasets.Field{Name: "b", Type: datasets.Flag}, datasets.Field{Name: "c", Type: datasets.Flag},
		datasets.Field{Name: "reasons", Type: datasets.List, Children: []datasets.Field{
			{Name: "feature", Type: datasets.Category}, {Name: "value", Type: datasets.Category}, {Name: "points", Type: datasets.Integer},
		}})
	dictionary := make([]string, 300)
	for i := range dictionary {
		dictionary[i] = fmt.Sprint("a value of a feature, number ", i)
	}
	r := rand.New(rand.NewPCG(5, 6))
	var batches []*datasets.Batch
	for first := 0; first < rows; first += datasets.BatchRows {
		b := &datasets.Batch{}
		b.Prepare(fields)
		b.Rows, b.First = min(datasets.BatchRows, rows-first), int64(first)
		for i := range b.Columns {
			fillGraded(&b.Columns[i], dictionary, b.Rows, first, r)
		}
		batches = append(batches, b)
	}
	return fields, batches
}

func fillGraded(c *datasets.Column, dictionary []string, rows, first int, r *rand.Rand) {
	c.Dictionary = dictionary
	for i := range rows {
		switch c.Type {
		case datasets.Text:
			c.Data = fmt.Appendf(c.Data, "acct%d.example.com", (first+i)*2654435761%1_000_000_007)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		case datasets.Number:
			c.Numbers = append(c.Numbers, 50+10*r.NormFloat64())
		case datasets.Category:
			c.Codes = append(c.Codes, int32(max(-1, r.IntN(len(dictionary))-30))) // a tenth is missing
		case datasets.Integer:
			c.Integers = append(c.Integers, int64(r.IntN(2000))*1000)
		case datasets.Flag:
			c.Flags = append(c.Flags, int8(r.IntN(8)/7))
		case datasets.List:
			c.Offsets = append(c.Offsets, int32(5*(i+1)))
			feature, value, points := &c.Children[0], &c.Children[1], &c.Children[2]
			feature.Dictionary, value.Dictionary = dictionary[:24], dictionary
			for range 5 {
				f, v := r.IntN(24), r.IntN(1+r.IntN(12))
				feature.Codes, value.Codes = append(feature.Codes, int32(f)), append(value.Codes, int32(f*12+v))
				points.Integers = append(points.Integers, int64(f*1_000_003+v*77_777))
			}
		}
	}
}

const benchRows = 500_000

func BenchmarkWrite(b *testing.B) {
	fields, batches := wideBatches(benchRows)
	benchmarkWrite(b, fields, batches)
}

// BenchmarkWriteList writes a table like that of a night's grades.
func BenchmarkWriteList(b *testing.B) {
	fields, batches := gradedBatches(benchRows)
	benchmarkWrite(b, fields, batches)
}

// benchmarkWrite writes batches, and does so through the library's column writers.
func benchmarkWrite(b *testing.B, fields []datasets.Field, batches []*datasets.Batch) {
	run := func(write func(out io.Writer)) func(b *testing.B) {
		return func(b *testing.B) {
			var out bytes.Buffer
			write(&out)
			size := out.Len()
			b.ReportAllocs()
			for b.Loop() {
				out.Reset()
				write(&out)
			}
			b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(size)/benchRows, "B/row")
		}
	}
	b.Run("by=icpfit", run(func(out io.Writer) { writeAll(b, out, fields, batches) }))
	b.Run("by=library", run(func(out io.Writer) {
		if err := parquetfile.WriteByLibrary(out, fields, parquetfile.DefaultOptions(), batches...); err != nil {
			b.Fatal(err)
		}
	}))
}

func BenchmarkRead(b *testing.B) {
	fields, batches := wideBatches(benchRows)
	path := filepath.Join(b.TempDir(), "wide.parquet")
	var out bytes.Buffer
	writeAll(b, &out, fields, batches)
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	batch := &datasets.Batch{}
	b.ReportAllocs()
	for b.Loop() {
		r, err := parquetfile.New(path).Open(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		for err = r.Read(b.Context(), batch); err == nil; err = r.Read(b.Context(), batch) {
			rows += batch.Rows
		}
		if err != io.EOF || rows != benchRows {
			b.Fatalf("%d rows, %v", rows, err)
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func writeAll(t testing.TB, out io.Writer, fields []datasets.Field, batches []*datasets.Batch) {
	t.Helper()
	w, err := parquetfile.NewWriter(out, fields, parquetfile.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
