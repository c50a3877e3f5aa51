package features_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features"
)

// BenchmarkBuild builds tables from a CSV of 31 columns: a domain, ten numbers,
// twelve categories, eight flags.
func BenchmarkBuild(b *testing.B) {
	const rows = 200_000
	path := filepath.Join(b.TempDir(), "accounts.csv")
	specs := writeBase(b, path, rows)
	in := features.Input{
		Accounts: csvfile.New(path, csvfile.DefaultOptions()), Domain: "website", Specs: specs,
		Customers: listOf(b, domainNo(1), domainNo(2)), AsOf: 20_000,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := features.Build(b.Context(), in, features.Output{Accounts: io.Discard, Customers: io.Discard}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// writeBase writes a seeded base and returns its specs.
func writeBase(tb testing.TB, path string, rows int) []features.Spec {
	tb.Helper()
	file, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriter(file)
	var specs []features.Spec
	fmt.Fprint(w, "website")
	for i := range 30 {
		kind := features.Number
		if i >= 22 {
			kind = features.Flag
		} else if i >= 10 {
			kind = features.Category
		}
		specs = append(specs, spec(fmt.Sprintf("f%d", i), kind))
		fmt.Fprintf(w, ",f%d", i)
	}
	r := rand.New(rand.NewPCG(1, 2))
	ranges := []string{"1-10", "11-50", "51-200", "201-500", "1,200", "200+"}
	for row := range rows {
		fmt.Fprintf(w, "\nhttps://www.%s/", domainNo(row))
		for i := range 30 {
			switch {
			case r.IntN(5) == 0:
				fmt.Fprint(w, ",")
			case i < 3:
				fmt.Fprintf(w, ",%q", ranges[r.IntN(len(ranges))])
			case i < 10:
				fmt.Fprintf(w, ",%d", r.IntN(100_000))
			case i < 22:
				fmt.Fprintf(w, ",Value %d", r.IntN(5*(i-9)*(i-9)))
			default:
				fmt.Fprintf(w, ",%t", r.IntN(3) == 0)
			}
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := file.Close(); err != nil {
		tb.Fatal(err)
	}
	return specs
}
