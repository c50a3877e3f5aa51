package scorecard_test

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/scorecard"
)

// A benchSet is what scripts/bench/scorecard_peer.py writes.
type benchSet struct {
	Columns []struct {
		Name  string        `json:"name"`
		Kind  features.Kind `json:"kind"`
		Cells []string      `json:"cells"`
	} `json:"columns"`
	Customer []bool `json:"customer"`
	Test     []bool `json:"test"` // held out
}

// BenchmarkFit times binning and fit, without pairs, on the set that
// scripts/bench/scorecard.sh made, and measures the AUC on its held-out rows.
func BenchmarkFit(b *testing.B) {
	path := os.Getenv("ICPFIT_BENCH_SCORECARD")
	if path == "" {
		b.Skip("ICPFIT_BENCH_SCORECARD names no set; run scripts/bench/scorecard.sh")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var set benchSet
	if err := json.Unmarshal(text, &set); err != nil {
		b.Fatal(err)
	}
	batch := set.batch()
	d := model.Data{Seed: 1}
	var train, held []int32
	for i, test := range set.Test {
		if test {
			held = append(held, int32(i))
			continue
		}
		train = append(train, int32(i))
		d.Customer, d.Weights = append(d.Customer, set.Customer[i]), append(d.Weights, 1)
		d.Keys = append(d.Keys, model.Mix(uint64(i), 1))
	}
	d.Monotone, d.Learn = make([]int, len(set.Columns)), slices.Repeat([]bool{true}, len(set.Columns))
	o := scorecard.DefaultOptions()
	o.Pairs = 0
	var f *model.Fit
	var table *bin.Table
	start := time.Now()
	for b.Loop() {
		binnings := make([]bin.Binning, len(set.Columns))
		for k, c := range set.Columns {
			spec := features.Spec{Name: c.Name, Kind: c.Kind, Pillar: features.Firmographic}
			binnings[k] = bin.Fit(spec, &batch.Columns[k], train, 0, bin.DefaultOptions())
		}
		table = bin.Bin(binnings, batch, 0)
		d.Table = table.Select(train)
		if f, err = (scorecard.Learner{Options: o}).Fit(b.Context(), d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(time.Since(start).Seconds()/float64(b.N), "s/fit")
	b.ReportMetric(auc(f, table, held, set.Customer), "auc")
}

func (s *benchSet) batch() *datasets.Batch {
	batch := &datasets.Batch{Rows: len(s.Customer)}
	for _, c := range s.Columns {
		var column datasets.Column
		switch c.Kind {
		case features.Number:
			column = numbers(c.Name, c.Cells)
		case features.Set:
			column = sets(c.Name, c.Cells)
		default:
			column = categories(c.Name, c.Cells)
		}
		batch.Columns = append(batch.Columns, column)
	}
	return batch
}

// sets makes a column of cells such as "a|b"; "" is missing.
func sets(name string, cells []string) datasets.Column {
	c := datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Set}, Offsets: []int32{0}}
	seen := map[string]int32{}
	for _, cell := range cells {
		for _, item := range strings.Split(cell, "|") {
			item = strings.TrimSpace(item)
			if item == "" {
				continue
			}
			code, ok := seen[item]
			if !ok {
				code = int32(len(c.Dictionary))
				seen[item] = code
				c.Dictionary = append(c.Dictionary, item)
			}
			c.Codes = append(c.Codes, code)
		}
		c.Offsets = append(c.Offsets, int32(len(c.Codes)))
		c.Null = append(c.Null, cell == "")
	}
	return c
}

// auc returns the share of pairs of a customer and a pool account of the rows
// in which the customer has the higher margin, ties half.
func auc(f *model.Fit, t *bin.Table, rows []int32, customer []bool) float64 {
	type scored struct {
		margin   float64
		customer bool
	}
	var s []scored
	for _, r := range rows {
		s = append(s, scored{f.Margin(t, int(r)), customer[r]})
	}
	slices.SortFunc(s, func(a, b scored) int { return cmp.Compare(a.margin, b.margin) })
	var pool, won, pairs float64
	for i := 0; i < len(s); {
		var tied [2]float64
		j := i
		for ; j < len(s) && s[j].margin == s[i].margin; j++ {
			if s[j].customer {
				tied[1]++
			} else {
				tied[0]++
			}
		}
		pairs += tied[1] * (pool + tied[0]/2)
		pool, won, i = pool+tied[0], won+tied[1], j
	}
	return pairs / (pool * won)
}
