package leak

import (
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// buckets is among how many bundles accounts are dealt: those of a bundle share
// a fold.
const buckets = 64

// An outline is a frame of patterns of empty cells: one flag a column, and the
// pattern itself as a category, so that combinations count too. Accounts of a
// bundle that have class and pattern in common are one row with their weight:
// large bases have few patterns.
type outline struct {
	*evaluate.Frame
	rows     map[outlineRow]int32
	patterns map[string]int32
}

type outlineRow struct {
	pattern  string
	customer bool
	bucket   uint64
}

func newOutline(f *evaluate.Frame, flags int) *outline {
	o := &outline{
		&evaluate.Frame{Batch: &datasets.Batch{}, AsOf: f.AsOf, Learn: true, Seed: f.Seed, Bins: f.Bins},
		map[outlineRow]int32{},
		map[string]int32{},
	}
	column := func(name string, t datasets.Type, kind features.Kind) {
		o.Batch.Columns = append(o.Batch.Columns, datasets.Column{Field: datasets.Field{Name: name, Type: t}})
		o.Specs = append(o.Specs, features.Spec{Name: name, Pillar: features.Firmographic, Kind: kind, Column: name})
	}
	for k := range flags {
		column(fmt.Sprintf("known %d", k), datasets.Flag, features.Flag)
	}
	column("pattern", datasets.Category, features.Category)
	return o
}

// add adds an account and returns its row.
func (o *outline) add(pattern string, customer bool, weight float64, key uint64) int32 {
	id := outlineRow{pattern, customer, model.Mix(key, 0x6275636b) % buckets}
	row, ok := o.rows[id]
	if ok {
		o.Weights[row] += weight
		return row
	}
	row = int32(o.Batch.Rows)
	o.rows[id] = row
	o.Batch.Rows++
	o.Customer, o.Weights, o.Keys = append(o.Customer, customer), append(o.Weights, weight), append(o.Keys, id.bucket)
	for k := range len(pattern) {
		c := &o.Batch.Columns[k]
		c.Flags = append(c.Flags, int8(pattern[k]-'0'))
	}
	c := &o.Batch.Columns[len(pattern)]
	code, ok := o.patterns[pattern]
	if !ok {
		code = int32(len(c.Dictionary))
		o.patterns[pattern] = code
		c.Dictionary = append(c.Dictionary, pattern)
	}
	c.Codes = append(c.Codes, code)
	return row
}
