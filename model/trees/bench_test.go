package trees_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
	const less, many = 5, 35
	for b.Loop() {
		_, once := fit(less)
		f, all := fit(many)
		margins := make([]float64, test.Table.Rows)
		for i := range margins {
			margins[i] = f.Margin(test.Table, i)
		}
		b.ReportMetric((all-once).Seconds()*1000/(many-less), "ms/tree")
		b.ReportMetric(areaUnder(test.Customer, margins), "AUC")
	}
}

// few returns a base like most: 11,500 accounts, 225 of them customers, 12 numbers
// and three sets of 400 items, of which an account has five each.
func few() model.Data {
	const rows = 11_500
	rng := rand.New(rand.NewPCG(1, 1))
	d := model.Data{Table: &bin.Table{Rows: rows}, Seed: 1}
	for i := range rows {
		d.Customer, d.Weights, d.Keys = append(d.Customer, i < 225), append(d.Weights, 1), append(d.Keys, model.Mix(uint64(i), 1))
	}
	for k := range 15 {
		b := bin.Binning{Feature: strconv.Itoa(k), Pillar: features.Firmographic, Kind: features.Number, Edges: make([]float64, 62)}
		var c bin.Column
		if k >= 12 {
			b.Kind, b.Edges, b.Items, c.Offsets = features.Set, nil, make([]string, 400), []int32{0}
		}
		for i := range rows {
			if k < 12 {
				code := rng.IntN(64)
				if i < 225 {
					code = max(code, rng.IntN(64))
				}
				c.Codes = append(c.Codes, uint8(code))
				continue
			}
			c.Codes = append(c.Codes, 1)
			item := 0
			for range 5 {
				item += 1 + rng.IntN(79)
				c.Items = append(c.Items, uint16(item))
			}
			c.Offsets = append(c.Offsets, int32(len(c.Items)))
		}
		d.Table.Binnings, d.Table.Columns = append(d.Table.Binnings, b), append(d.Table.Columns, c)
		d.Monotone, d.Learn = append(d.Monotone, 0), append(d.Learn, true)
	}
	return d
}

// BenchmarkFew times whole fits with the default options on a base like most.
func BenchmarkFew(b *testing.B) {
	d := few()
	for _, l := range []model.Learner{trees.Learner{Options: trees.DefaultOptions(225)}, trees.Forest{Options: trees.DefaultForestOptions(225)}} {
		b.Run(l.Name(), func(b *testing.B) {
			b.ReportAllocs()
			grown := 0
			for b.Loop() {
				f, err := l.Fit(b.Context(), d)
				if err != nil {
					b.Fatal(err)
				}
				grown = len(f.Trees)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*grown), "ms/tree")
		})
	}
}
