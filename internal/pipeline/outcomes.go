package pipeline

import (
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/backtest"
)

// outcomeFields are the columns of a back-test's outcomes.parquet: one row a deal
// or customer that was looked at, so that its figures can be taken apart. The
// metadata has icpfit.table = outcomes and icpfit.format.
//
//	format 1   first version
var outcomeFields = []datasets.Field{
	{Name: "what", Type: datasets.Category}, // deal or customer
	{Name: "domain", Type: datasets.Text},   // null: of no account
	{Name: "grade", Type: datasets.Category},
	{Name: "won", Type: datasets.Flag},
	{Name: "date", Type: datasets.Date},
	{Name: "amount", Type: datasets.Number}, // in the currency of the table
	{Name: "cycle_days", Type: datasets.Number},
	{Name: "refused", Type: datasets.Category}, // why it does not count; null: it counts
}

// writeOutcomes writes outcomes.parquet.
func writeOutcomes(stage *artifact.Staging, rows []backtest.Outcome) error {
	var b datasets.Batch
	b.Prepare(outcomeFields)
	for i := range rows {
		o := &rows[i]
		for c := range outcomeFields {
			switch to := &b.Columns[c]; to.Name {
			case "what":
				addCode(to, o.What)
			case "domain":
				to.Data = append(to.Data, o.Domain...)
				to.Offsets = append(to.Offsets, int32(len(to.Data)))
			case "grade":
				addKnown(to, o.Grade)
			case "won":
				to.Flags = append(to.Flags, map[bool]int8{true: 1}[o.Won])
			case "date":
				to.Days = append(to.Days, o.Day)
			case "amount":
				to.Numbers = append(to.Numbers, finite(o.Amount))
			case "cycle_days":
				to.Numbers = append(to.Numbers, o.Cycle)
			case "refused":
				addKnown(to, o.Why)
			}
		}
		b.Rows++
	}
	return writeTable(stage, "outcomes.parquet", outcomeFields, &b, map[string]string{"icpfit.table": "outcomes", "icpfit.format": "1"})
}

// addKnown appends a text to a category column, "" as missing.
func addKnown(c *datasets.Column, text string) {
	if text == "" {
		c.Codes = append(c.Codes, -1)
		return
	}
	addCode(c, text)
}

// finite returns v, NaN where it is infinite: no row has a figure that others
// cannot read.
func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}
