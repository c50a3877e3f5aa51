package csvfile_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
)

// writeBench writes a generated account export of 31 columns, a third of its
// cells empty, and returns its path and its size in bytes.
func writeBench(b *testing.B, rows int, quote string) (string, int64) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "accounts.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	words := []string{"Industrial Machinery", "Paris", "51-200", "FR", "www.example.com", "2015-03-01", "1200000", "true"}
	for c := range 31 {
		fmt.Fprintf(w, ",column_%d"[min(1, 1-min(c, 1)):], c)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range rows {
		w.WriteByte('\n')
		for c := range 31 {
			if c > 0 {
				w.WriteByte(',')
			}
			if n := r.IntN(12); n < len(words) {
				w.WriteString(quote + words[n] + quote)
			}
		}
	}
	w.WriteByte('\n')
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return path, info.Size()
}

func BenchmarkRead(b *testing.B) {
	const rows = 100_000
	for _, quote := range []string{"", `"`} {
		b.Run("quote="+quote, func(b *testing.B) {
			path, size := writeBench(b, rows, quote)
			src := csvfile.New(path, csvfile.DefaultOptions())
			var batch datasets.Batch
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				r, err := src.Open(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for err == nil {
					err = r.Read(b.Context(), &batch)
					n += batch.Rows
				}
				if !errors.Is(err, io.EOF) || n != rows {
					b.Fatal(n, err)
				}
				if err := r.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
