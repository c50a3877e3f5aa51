package logistic_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/metrics"
)

// shape is shape.json of scripts/bench/logistic_peer.py: beside it, codes has
// one byte a cell, by column, and label one a row; the last rows are to test on.
type shape struct {
	Train, Test int
	Edges       [][]float64
}

// benchData reads what ICPFIT_BENCH_LOGISTIC holds: data to train and to test on.
func benchData(b *testing.B) (train, test model.Data) {
	dir := os.Getenv("ICPFIT_BENCH_LOGISTIC")
	if dir == "" {
		b.Skip("ICPFIT_BENCH_LOGISTIC is not set: scripts/bench/logistic.sh sets it")
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	var s shape
	if err := json.Unmarshal(read("shape.json"), &s); err != nil {
		b.Fatal(err)
	}
	codes, label := read("codes"), read("label")
	part := func(from, to int) model.Data {
		d := model.Data{Table: &bin.Table{Rows: to - from}, Monotone: make([]int, len(s.Edges)), Learn: make([]bool, len(s.Edges)), Seed: 1}
		for k, edges := range s.Edges {
			column := codes[k*len(label) : (k+1)*len(label)]
			d.Table.Columns = append(d.Table.Columns, bin.Column{Codes: column[from:to]})
			d.Table.Binnings = append(d.Table.Binnings, bin.Binning{Feature: fmt.Sprint(k), Pillar: features.Firmographic, Kind: features.Number, Edges: edges})
		}
		for i, y := range label[from:to] {
			d.Customer, d.Weights, d.Keys = append(d.Customer, y == 1), append(d.Weights, 1), append(d.Keys, uint64(i))
		}
		return d
	}
	return part(0, s.Train), part(s.Train, s.Train+s.Test)
}

// BenchmarkFit fits one ridge penalty, λ = 1, then a path of 50, on the
// data of scripts/bench/logistic.sh.
func BenchmarkFit(b *testing.B) {
	train, test := benchData(b)
	one := logistic.DefaultOptions()
	one.Alphas, one.Penalties, one.Pool = []float64{0}, []float64{1}, 1e9
	path := logistic.DefaultOptions()
	path.Alphas, path.Pool = []float64{0}, 1e9
	for _, c := range []struct {
		name    string
		options logistic.Options
	}{{"one", one}, {"path", path}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				start := time.Now()
				f, err := logistic.Learner{Options: c.options}.Fit(b.Context(), train)
				if err != nil {
					b.Fatal(err)
				}
				seconds := time.Since(start).Seconds()
				margins := make([]float64, test.Table.Rows)
				for i := range margins {
					margins[i] = f.Margin(test.Table, i)
				}
				r, err := metrics.Rank(margins, test.Customer, test.Weights, test.Keys)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(seconds, "s/fit")
				b.ReportMetric(r.Summarise(nil).AUC, "auc")
				b.ReportMetric(float64(train.Table.Rows)/seconds, "rows/s")
			}
		})
	}
}
