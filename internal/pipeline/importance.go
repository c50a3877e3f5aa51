package pipeline

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/train"
)

// importanceFields are the columns of importance.parquet and importance.csv: one
// row a feature and slot. Those of the feature are the same in all its rows.
var importanceFields = []datasets.Field{
	{Name: "feature", Type: datasets.Category},
	{Name: "pillar", Type: datasets.Category},
	{Name: "importance", Type: datasets.Number}, // mean absolute points over the pool
	{Name: "slot", Type: datasets.Integer},
	{Name: "label", Type: datasets.Text},
	{Name: "points", Type: datasets.Number}, // of the table
	{Name: "spread", Type: datasets.Number}, // standard error of the effect
	{Name: "customers", Type: datasets.Integer},
	{Name: "pool", Type: datasets.Integer},
	{Name: "effect", Type: datasets.Number}, // points, with the part of the trees
	{Name: "gain", Type: datasets.Number},   // nats a customer
	{Name: "gain_low", Type: datasets.Number},
	{Name: "gain_high", Type: datasets.Number},
	{Name: "gain_share", Type: datasets.Number},
	{Name: "capture_10_drop", Type: datasets.Number},
	{Name: "capture_10_drop_low", Type: datasets.Number},
	{Name: "capture_10_drop_high", Type: datasets.Number},
}

// importanceRow is one row of it.
type importanceRow struct {
	feature, pillar, label string
	slot, customers, pool  int64
	numbers                []float64 // of the other columns, in their order
}

// writeImportance writes importance.parquet and importance.csv.
func writeImportance(stage *artifact.Staging, m *model.Model, all []train.Importance) error {
	var rows []importanceRow
	for k := range m.Terms {
		t := &m.Terms[k]
		var i train.Importance
		if k < len(all) {
			i = all[k]
		}
		for slot := range t.MicroPoints {
			r := importanceRow{feature: t.Feature, pillar: string(t.Pillar), label: t.Label(slot), slot: int64(slot), customers: int64(t.Customers[slot]), pool: int64(t.Pool[slot])}
			spread, share := math.NaN(), math.NaN()
			if t.Spread != nil {
				spread = float64(t.Spread[slot]) / model.Micro
			}
			if i.GainShare != nil {
				share = *i.GainShare
			}
			r.numbers = append(r.numbers, t.Importance(), float64(t.MicroPoints[slot])/model.Micro, spread, float64(t.Shape()[slot])/model.Micro)
			r.numbers = append(append(append(r.numbers, ends(i.Gain)...), share), ends(i.CaptureDrop)...)
			rows = append(rows, r)
		}
	}
	return errors.Join(writeTable(stage, "importance.parquet", importanceFields, importanceBatch(rows), nil), stage.Write("importance.csv", importanceCSV(rows)))
}

// ends returns an interval's value and ends, NaN where there is none.
func ends(i *metrics.Interval) []float64 {
	if i == nil {
		return []float64{math.NaN(), math.NaN(), math.NaN()}
	}
	return []float64{i.Value, i.Low, i.High}
}

func importanceBatch(rows []importanceRow) *datasets.Batch {
	var b datasets.Batch
	b.Prepare(importanceFields)
	for i := range rows {
		r := &rows[i]
		numbers := r.numbers
		for c, f := range importanceFields {
			to := &b.Columns[c]
			switch f.Name {
			case "feature":
				addCode(to, r.feature)
			case "pillar":
				addCode(to, r.pillar)
			case "label":
				to.Data = append(to.Data, r.label...)
				to.Offsets = append(to.Offsets, int32(len(to.Data)))
			case "slot":
				to.Integers = append(to.Integers, r.slot)
			case "customers":
				to.Integers = append(to.Integers, r.customers)
			case "pool":
				to.Integers = append(to.Integers, r.pool)
			default:
				to.Numbers = append(to.Numbers, numbers[0])
				numbers = numbers[1:]
			}
		}
		b.Rows++
	}
	return &b
}

// addCode appends a text to a category column.
func addCode(c *datasets.Column, text string) {
	for code, t := range c.Dictionary {
		if t == text {
			c.Codes = append(c.Codes, int32(code))
			return
		}
	}
	c.Codes = append(c.Codes, int32(len(c.Dictionary)))
	c.Dictionary = append(c.Dictionary, text)
}

// importanceCSV writes the rows for spreadsheets: no cell can be a formula.
func importanceCSV(rows []importanceRow) []byte {
	var b strings.Builder
	for c, f := range importanceFields {
		if c > 0 {
			b.WriteByte(',')
		}
		b.WriteString(f.Name)
	}
	b.WriteByte('\n')
	for i := range rows {
		r := &rows[i]
		number := func(v float64) string {
			if math.IsNaN(v) {
				return ""
			}
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
		fmt.Fprintf(&b, "%s,%s,%s,%d,%s", page.Cell(page.Clean(r.feature)), page.Cell(r.pillar), number(r.numbers[0]), r.slot, page.Cell(page.Clean(r.label)))
		fmt.Fprintf(&b, ",%s,%s,%d,%d", number(r.numbers[1]), number(r.numbers[2]), r.customers, r.pool)
		for _, v := range r.numbers[3:] {
			b.WriteString("," + number(v))
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}
