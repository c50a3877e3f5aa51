package model_test

import (
	"fmt"
	"log"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// A service loads a model once and scores accounts as they come.
func ExampleLoad() {
	text, err := os.ReadFile("testdata/compat/format-1.json")
	if err != nil {
		log.Fatal(err)
	}
	m, err := model.Load(text)
	if err != nil {
		log.Fatal(err)
	}

	// One account: 120 employees, in tech, hiring; the rest is unknown.
	account := unknown(m.Columns())
	account.Column("employees").Numbers[0] = 120
	sector := account.Column("sector")
	sector.Dictionary, sector.Codes[0] = []string{"Tech"}, 0
	account.Column("hiring").Flags[0] = 1

	scorer := model.NewScorer(m, 20_269) // 2025-06-30; one a goroutine
	var s model.Scores
	if err := scorer.Score(&s, account); err != nil {
		log.Fatal(err)
	}
	points := m.Points(s.Margin[0])
	fmt.Printf("grade %s: %.1f points, lift %.1f\n", m.Grades.Cuts[m.Grades.Index(s.Margin[0])].Grade, points, model.Lift(points))
	for k, t := range m.Terms {
		if !s.Unknown[k][0] {
			fmt.Printf("%+.1f %s\n", float64(s.Contributions[k][0])/model.Micro, t.Feature)
		}
	}
	// Output:
	// grade A: 58.5 points, lift 1.8
	// +5.0 employees
	// +7.0 sector
	// +1.5 hiring
}

// unknown returns one account of which nothing is known.
func unknown(fields []datasets.Field) *datasets.Batch {
	b := &datasets.Batch{}
	b.Prepare(fields)
	b.Rows = 1
	for i := range b.Columns {
		c := &b.Columns[i]
		switch c.Type {
		case datasets.Number:
			c.Numbers = []float64{math.NaN()}
		case datasets.Date:
			c.Days = []int32{datasets.MissingDay}
		case datasets.Flag:
			c.Flags = []int8{-1}
		case datasets.Category:
			c.Codes = []int32{-1}
		default:
			c.Offsets, c.Null = []int32{0, 0}, []bool{true}
		}
	}
	return b
}

// BenchmarkAccount scores one account after the other, as a service would, each
// with dictionaries of its own.
func BenchmarkAccount(b *testing.B) {
	m, account := tiny(b), row(base(), 0)
	scorer := model.NewScorer(m, 20_000)
	var s model.Scores
	b.ReportAllocs()
	for b.Loop() {
		scorer.NewReader()
		if err := scorer.Score(&s, account); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatch scores a generated base in one batch.
func BenchmarkBatch(b *testing.B) {
	g := generate(b)
	scorer := model.NewScorer(g.made(b), g.frame.AsOf)
	var s model.Scores
	b.ReportAllocs()
	for b.Loop() {
		if err := scorer.Score(&s, g.frame.Batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(g.frame.Batch.Rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
