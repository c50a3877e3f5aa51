package modeltest

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// signals are the columns of a generated base that are of the intent pillar.
var signals = []string{"web_visits_90d", "pricing_page_visits"}

// technographic are those of the technographic pillar.
var technographic = []string{"technologies", "crm_in_use"}

// Frame returns the frame of a generated base's clean columns: its customers
// against all its other companies. A share of the cells is emptied at random,
// whoever the company is. Specs are those of the fit; see Signals.
func Frame(base *sample.Base, empty float64) *evaluate.Frame {
	f := &evaluate.Frame{Batch: &datasets.Batch{}, AsOf: base.Options.AsOf, Seed: 1, Bins: bin.DefaultOptions()}
	var rows []int32
	for i, of := range base.DuplicateOf {
		if of < 0 {
			rows = append(rows, int32(i))
		}
	}
	f.Batch.Rows = len(rows)
	for k := range base.Columns {
		c := take(&base.Columns[k], rows)
		rng := rand.New(rand.NewPCG(base.Options.Seed, uint64(k)))
		for i := range rows {
			if rng.Float64() < empty {
				clearCell(&c, i)
			}
		}
		f.Batch.Columns = append(f.Batch.Columns, c)
		if !slices.Contains(signals, c.Name) {
			f.Specs = append(f.Specs, spec(c.Field))
		}
	}
	for _, r := range rows {
		f.Customer, f.Weights = append(f.Customer, base.Customer[r]), append(f.Weights, 1)
		f.Keys = append(f.Keys, model.Mix(uint64(r), 5))
	}
	return f
}

// Signals returns the specs of a frame's intent signals.
func Signals(f *evaluate.Frame) []features.Spec {
	var out []features.Spec
	for _, name := range signals {
		out = append(out, spec(f.Batch.Column(name).Field))
	}
	return out
}

func spec(f datasets.Field) features.Spec {
	kinds := map[datasets.Type]features.Kind{
		datasets.Number: features.Number, datasets.Category: features.Category, datasets.Set: features.Set, datasets.Flag: features.Flag, datasets.Date: features.Date,
	}
	s := features.Spec{Name: f.Name, Pillar: features.Firmographic, Kind: kinds[f.Type], Column: f.Name}
	if slices.Contains(signals, f.Name) {
		s.Pillar = features.Intent
	} else if slices.Contains(technographic, f.Name) {
		s.Pillar = features.Technographic
	}
	return s
}

// take returns a copy of the given rows of c.
func take(c *datasets.Column, rows []int32) datasets.Column {
	out := datasets.Column{Field: c.Field, Dictionary: c.Dictionary}
	if c.Type == datasets.Set {
		out.Offsets = []int32{0}
	}
	for _, r := range rows {
		switch c.Type {
		case datasets.Number:
			out.Numbers = append(out.Numbers, c.Numbers[r])
		case datasets.Date:
			out.Days = append(out.Days, c.Days[r])
		case datasets.Flag:
			out.Flags = append(out.Flags, c.Flags[r])
		case datasets.Category:
			out.Codes = append(out.Codes, c.Codes[r])
		default:
			out.Codes = append(out.Codes, c.Items(int(r))...)
			out.Offsets = append(out.Offsets, int32(len(out.Codes)))
			out.Null = append(out.Null, c.Missing(int(r)))
		}
	}
	return out
}

// clearCell empties a cell. The items of a missing set stay in place: nobody
// may look at them.
func clearCell(c *datasets.Column, i int) {
	switch c.Type {
	case datasets.Number:
		c.Numbers[i] = math.NaN()
	case datasets.Date:
		c.Days[i] = datasets.MissingDay
	case datasets.Flag:
		c.Flags[i] = -1
	case datasets.Category:
		c.Codes[i] = -1
	default:
		c.Null[i] = true
	}
}
