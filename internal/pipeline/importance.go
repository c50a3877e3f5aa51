package pipeline

import (
	"errors"
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
// row a feature and slot. Those of the feature are the same in all its rows. A
// figure that is not known, as of a written grid, is null; the Parquet file's
// metadata has icpfit.table = importance and icpfit.format.
//
//	format 1   feature to capture_10_drop_high; no icpfit.format in the metadata
//	format 2   kind, low, high, effect_low, effect_high, table_points, alone_points, together_points
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
	{Name: "kind", Type: datasets.Category},          // number, category, set …
	{Name: "low", Type: datasets.Number},             // of a number's bin, which holds what is above low and at most high; of a date in days before the as-of date; null: no bound
	{Name: "high", Type: datasets.Number},            //
	{Name: "effect_low", Type: datasets.Number},      // 95 % interval of the effect, from the spread
	{Name: "effect_high", Type: datasets.Number},     //
	{Name: "table_points", Type: datasets.Number},    // mean absolute points over the pool: from the table,
	{Name: "alone_points", Type: datasets.Number},    // from trees by this feature alone,
	{Name: "together_points", Type: datasets.Number}, // from trees by this feature together with others
}

// importanceFormat is the version of these columns.
const importanceFormat = "2"

// importanceRow is one row of it.
type importanceRow struct {
	feature, pillar, label, kind string
	slot, customers, pool        int64
	numbers                      []float64 // of the other columns, in their order
}

// writeImportance writes importance.parquet and importance.csv.
func writeImportance(stage *artifact.Staging, m *model.Model, e *train.Evaluation) error {
	english, err := page.NewPrinter("en", nil)
	if err != nil {
		return err
	}
	var rows []importanceRow
	for k := range m.Terms {
		t := &m.Terms[k]
		label := t.Label
		if m.Specs[k].Parser == "year" { // written without thousands
			years := page.NewLabeller(english, &t.Binning, "year")
			label = func(slot int) string { return years.Slots(slot, slot) }
		}
		var i train.Importance
		if k < len(e.Importance) {
			i = e.Importance[k]
		}
		share := math.NaN()
		if i.GainShare != nil {
			share = *i.GainShare
		}
		parts := []float64{math.NaN(), math.NaN(), math.NaN()}
		if e.Composition != nil {
			of := e.Composition.Features[k]
			parts = []float64{of.Table, of.Alone, of.Together}
		}
		for slot := range t.MicroPoints {
			r := importanceRow{feature: t.Feature, pillar: string(t.Pillar), label: label(slot), kind: string(t.Kind), slot: int64(slot), customers: int64(t.Customers[slot]), pool: int64(t.Pool[slot])}
			spread, effect := math.NaN(), float64(t.Shape()[slot])/model.Micro
			if t.Spread != nil {
				spread = float64(t.Spread[slot]) / model.Micro
			}
			low, high := t.Bounds(slot)
			r.numbers = append(r.numbers, t.Importance(), float64(t.MicroPoints[slot])/model.Micro, spread, effect)
			r.numbers = append(append(append(r.numbers, ends(i.Gain)...), share), ends(i.CaptureDrop)...)
			r.numbers = append(append(r.numbers, low, high, effect-metrics.Z95*spread, effect+metrics.Z95*spread), parts...)
			rows = append(rows, r)
		}
	}
	metadata := map[string]string{"icpfit.table": "importance", "icpfit.format": importanceFormat}
	return errors.Join(writeTable(stage, "importance.parquet", importanceFields, importanceBatch(rows), metadata), stage.Write("importance.csv", importanceCSV(rows)))
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
			case "kind":
				addCode(to, r.kind)
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
		for c, cell := range rows[i].cells() {
			if c > 0 {
				b.WriteByte(',')
			}
			b.WriteString(cell)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// cells writes the row's cells in the order of the columns.
func (r *importanceRow) cells() []string {
	out := make([]string, 0, len(importanceFields))
	numbers := r.numbers
	for _, f := range importanceFields {
		switch f.Name {
		case "feature":
			out = append(out, page.Cell(page.Clean(r.feature)))
		case "pillar":
			out = append(out, page.Cell(r.pillar))
		case "kind":
			out = append(out, page.Cell(r.kind))
		case "label":
			out = append(out, page.Cell(page.Clean(r.label)))
		case "slot":
			out = append(out, strconv.FormatInt(r.slot, 10))
		case "customers":
			out = append(out, strconv.FormatInt(r.customers, 10))
		case "pool":
			out = append(out, strconv.FormatInt(r.pool, 10))
		default:
			text := ""
			if v := numbers[0]; !math.IsNaN(v) {
				text = strconv.FormatFloat(v, 'g', -1, 64)
			}
			out, numbers = append(out, text), numbers[1:]
		}
	}
	return out
}
