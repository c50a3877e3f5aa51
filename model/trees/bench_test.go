package trees_test

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/trees"
)

// read returns the data that scripts/bench/trees.py has made: a file of codes a
// column, one of labels. The last fifth of the rows is for testing.
func read(b *testing.B, dir string) (train, test model.Data) {
	b.Helper()
	labels, err := os.ReadFile(filepath.Join(dir, "labels"))
	if err != nil {
		b.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "column*"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no columns in %s: %v", dir, err)
	}
	edges := make([]float64, 248) // codes 1 to 249
	for i := range edges {
		edges[i] = float64(i)
	}
	part := func(from, to int) model.Data {
		d := model.Data{Table: &bin.Table{Rows: to - from}, Seed: 1}
		for i, y := range labels[from:to] {
			d.Customer, d.Weights, d.Keys = append(d.Customer, y == 1), append(d.Weights, 1), append(d.Keys, model.Mix(uint64(i), 1))
		}
		return d
	}
	cut := len(labels) / 5 * 4
	train, test = part(0, cut), part(cut, len(labels))
	for _, name := range files {
		codes, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		for _, d := range []*model.Data{&train, &test} {
			d.Table.Binnings = append(d.Table.Binnings, bin.Binning{Feature: filepath.Base(name), Pillar: features.Firmographic, Kind: features.Number, Edges: edges})
			d.Monotone, d.Learn = append(d.Monotone, 0), append(d.Learn, true)
		}
		train.Table.Columns = append(train.Table.Columns, bin.Column{Codes: codes[:cut:cut]})
		test.Table.Columns = append(test.Table.Columns, bin.Column{Codes: codes[cut:]})
	}
	return train, test
}

// areaUnder returns the AUC of margins.
func areaUnder(customer []bool, margins []float64) float64 {
	order := make([]int, len(margins))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(margins[a], margins[b]) })
	var sum, n float64
	for rank, i := range order {
		if customer[i] {
			sum += float64(rank + 1)
			n++
		}
	}
	return (sum - n*(n+1)/2) / n / (float64(len(order)) - n)
}

// BenchmarkMillion times a tree of 31 leaves on the data in ICPFIT_BENCH_DIR, as
// the difference between fits of many and of few trees: what is done once counts
// for neither. scripts/bench/trees.sh runs it beside LightGBM and XGBoost.
func BenchmarkMillion(b *testing.B) {
	dir := os.Getenv("ICPFIT_BENCH_DIR")
	if dir == "" {
		b.Skip("ICPFIT_BENCH_DIR is not set: scripts/bench/trees.sh makes the data")
	}
	train, test := read(b, dir)
	fit := func(rounds int) (*model.Fit, time.Duration) {
		o := trees.Options{
			Bags: 1, Pool: math.MaxFloat64, Rounds: rounds, Every: rounds, Rate: 0.1, Leaves: 31, Depth: 64, L2: 1,
			LeastRows: 20, Columns: 1, Rows: 1,
		}
		start := time.Now()
		f, err := trees.Learner{Options: o}.Fit(b.Context(), train)
		if err != nil {
			b.Fatal(err)
		}
		return f, time.Since(start)
	}
	const few, many = 5, 35
	for b.Loop() {
		_, once := fit(few)
		f, all := fit(many)
		margins := make([]float64, test.Table.Rows)
		for i := range margins {
			margins[i] = f.Margin(test.Table, i)
		}
		b.ReportMetric((all-once).Seconds()*1000/(many-few), "ms/tree")
		b.ReportMetric(areaUnder(test.Customer, margins), "AUC")
	}
}
