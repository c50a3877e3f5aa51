package predict_test

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model/predict"
)

// BenchmarkNight grades 200,000 accounts: a first night, one on which nothing
// changed, and one on which all points did.
func BenchmarkNight(b *testing.B) {
	n := setUp(b)
	const rows, file = 200_000, 100_000
	var batches []*datasets.Batch
	r := rand.New(rand.NewPCG(1, 2))
	for first := 0; first < rows; first += file {
		batches = append(batches, scrambled(n.all, first, file, r))
	}
	in := n.input()
	in.Accounts = writeTable(b, filepath.Join(n.folder, "accounts"), 32_768, batches...)
	first, _, _ := run(b, in)
	folder := b.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "part-0000.parquet"), first, 0o600); err != nil {
		b.Fatal(err)
	}
	night := func(b *testing.B, in predict.Input, after bool) {
		b.ReportAllocs()
		for b.Loop() {
			if after {
				p, err := predict.LoadPrevious(folder)
				if err != nil {
					b.Fatal(err)
				}
				in.Previous = p
			}
			if _, err := predict.Run(b.Context(), in, io.Discard, io.Discard); err != nil {
				b.Fatal(err)
			}
			if after {
				if err := in.Previous.Close(); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	}
	b.Run("first", func(b *testing.B) { night(b, in, false) })
	b.Run("same", func(b *testing.B) { night(b, in, true) })
	b.Run("all", func(b *testing.B) {
		m := *n.model
		m.BasePoints += 0.5 // another model: the points of all accounts move
		in := in
		in.Model = &m
		night(b, in, true)
	})
}
