package train

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Sample says what was learned from.
type Sample struct {
	CustomerGroups int    `json:"customer_groups"` // of one ultimate parent each
	PoolGroups     int    `json:"pool_groups"`     //
	Dated          int    `json:"dated"`           // customers with a day on which they were won
	WonFirst       string `json:"won_first,omitempty"`
	WonLast        string `json:"won_last,omitempty"`
}

// Roles of the features by which segments are told apart.
const (
	Country = "country"
	Sector  = "sector"
	Size    = "size"
)

// A Segment measures the ranking among accounts that are alike in one feature.
type Segment struct {
	Role      string           `json:"role"`
	Feature   string           `json:"feature"`
	Label     string           `json:"label"`
	Customers int              `json:"customers"`
	Pool      int              `json:"pool"`
	AUC       metrics.Interval `json:"auc"`        // of its customers against its pool
	Capture   float64          `json:"capture_10"` // share of its customers in the best tenth of the whole pool
}

// leastSegment is the least number of customers for which a segment is measured,
// and of pool accounts.
const leastSegment = 20

// A Support says how much of the pool is unlike every customer.
type Support struct {
	Features []SupportFeature `json:"features"` // one at a time
	Cells    int              `json:"cells"`    // combinations of their values in the pool
	Without  int              `json:"without"`  // of these, combinations that no customer has
	Share    float64          `json:"share"`    // of the pool in combinations that no customer has
	Top      *float64         `json:"top"`      // of the pool's accounts graded A or B, out of fold; null: there are none, or grades are cut on priority
}

// A SupportFeature is one of the features that make the cells.
type SupportFeature struct {
	Role    string  `json:"role"`
	Feature string  `json:"feature"`
	Share   float64 `json:"share"` // of the pool with a value that no customer has
}

// sectors and countries are the words by which a category is taken for one.
var (
	sectors   = []string{"sector", "industry", "secteur", "branche", "vertical", "naics", "sic_code"}
	countries = []string{"country", "pays", "nation"}
)

// roles returns the numbers of the features that are country, sector and size.
func roles(specs []features.Spec) map[string]int {
	out := map[string]int{}
	for k, s := range specs {
		role := ""
		switch {
		case s.Kind == features.Number && names(s, sizes):
			role = Size
		case s.Kind == features.Category && (s.Parser == "country" || names(s, countries)):
			role = Country
		case (s.Kind == features.Category || s.Kind == features.Set) && names(s, sectors):
			role = Sector
		}
		if _, taken := out[role]; role != "" && !taken {
			out[role] = k
		}
	}
	return out
}

// Roles names the features that are country, sector and size, by role; what no
// feature is, is not there.
func Roles(specs []features.Spec) map[string]string {
	out := map[string]string{}
	for role, k := range roles(specs) {
		out[role] = specs[k].Name
	}
	return out
}

// A division parts the accounts by the values of one feature.
type division struct {
	role    string
	binning bin.Binning
	codes   []int32   // by row: the slot, of a set that of its most frequent item
	rows    [][]int32 // by slot; an account is in every item that it has
}

// divisions returns the parts by country, sector and size, where there are such
// features. Sizes are in bands of a quarter of the customers.
func divisions(f *evaluate.Frame, m *model.Model) []division {
	var out []division
	at := roles(f.Specs)
	for _, role := range []string{Country, Sector, Size} {
		k, ok := at[role]
		if !ok {
			continue
		}
		d := division{role: role, binning: m.Terms[k].Binning}
		if role == Size {
			d.binning.Edges = sizeBands(&m.Terms[k])
		}
		var c bin.Column
		bin.NewApplier(&d.binning, f.AsOf).Apply(&c, f.Batch.Column(d.binning.Feature), f.Batch.Rows)
		d.part(&c)
		out = append(out, d)
	}
	return out
}

// part takes the accounts' codes.
func (d *division) part(c *bin.Column) {
	d.rows = make([][]int32, d.binning.Slots())
	for i, code := range c.Codes {
		slots := []int32{int32(code)}
		if c.Offsets != nil && c.Offsets[i] < c.Offsets[i+1] {
			slots = slots[:0]
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				slots = append(slots, 2+int32(item))
			}
		}
		d.codes = append(d.codes, slots[0])
		for _, slot := range slots {
			d.rows[slot] = append(d.rows[slot], int32(i))
		}
	}
}

// sizeBands returns those of a term's edges that leave at least a quarter of the
// customers, and leastSegment, in every band.
func sizeBands(t *model.Term) []float64 {
	known := 0
	for _, n := range t.Customers[1:] {
		known += n
	}
	least := max(leastSegment, known/4)
	var out []float64
	band, left := 0, known
	for i, edge := range t.Edges {
		band += t.Customers[1+i]
		left -= t.Customers[1+i]
		if band >= least && left >= least {
			out = append(out, edge)
			band = 0
		}
	}
	return out
}

// describe adds to the evaluation what a reader needs to know of the accounts;
// margins are out of fold.
func (e *Evaluation) describe(f *evaluate.Frame, m *model.Model, margins []float64) error {
	e.Sample = learnedFrom(f)
	if e.Importance == nil {
		for k := range m.Terms {
			e.Importance = append(e.Importance, Importance{Feature: m.Terms[k].Feature, Pillar: m.Terms[k].Pillar})
		}
	}
	for k := range e.Importance {
		e.Importance[k].MeanAbsolute = m.Terms[k].MeanAbsolute
	}
	e.Composition = compose(f, m)
	e.Segments = []Segment{}
	if e.Customers == 0 || e.Pool == 0 {
		return nil
	}
	parts := divisions(f, m)
	for _, d := range parts {
		segments, err := d.measure(f, margins)
		if err != nil {
			return fmt.Errorf("train: segments by %s: %w", d.binning.Feature, err)
		}
		e.Segments = append(e.Segments, segments...)
	}
	e.Support = support(f, parts, m, margins)
	return nil
}

func learnedFrom(f *evaluate.Frame) *Sample {
	s := &Sample{}
	var groups [2]map[uint64]bool
	for class := range groups {
		groups[class] = map[uint64]bool{}
	}
	first, last := int32(math.MaxInt32), int32(math.MinInt32)
	for i, customer := range f.Customer {
		if !customer {
			groups[0][f.Keys[i]] = true
			continue
		}
		groups[1][f.Keys[i]] = true
		if f.WonAt != nil && f.WonAt[i] != datasets.MissingDay {
			s.Dated++
			first, last = min(first, f.WonAt[i]), max(last, f.WonAt[i])
		}
	}
	s.PoolGroups, s.CustomerGroups = len(groups[0]), len(groups[1])
	if s.Dated > 0 {
		s.WonFirst, s.WonLast = date(first), date(last)
	}
	return s
}

// date writes a day since 1970-01-01.
func date(day int32) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }

// measure returns the segments of a division that have enough accounts, those
// with most customers first.
func (d *division) measure(f *evaluate.Frame, margins []float64) ([]Segment, error) {
	captured, err := metrics.Captured(margins, f.Customer, f.Weights, 0.1)
	if err != nil {
		return nil, err
	}
	var out []Segment
	for slot, rows := range d.rows {
		part := f.Rows(rows)
		s := Segment{Role: d.role, Feature: d.binning.Feature, Label: d.binning.Label(slot)}
		if s.Customers, s.Pool = part.Totals(); min(s.Customers, s.Pool) < leastSegment {
			continue
		}
		score := make([]float64, len(rows))
		var held, weight float64
		for i, r := range rows {
			score[i] = margins[r]
			if f.Customer[r] {
				held += f.Weights[r] * captured[r]
				weight += f.Weights[r]
			}
		}
		s.Capture = held / weight
		r, err := metrics.Rank(score, part.Customer, part.Weights, part.Keys)
		if err != nil {
			return nil, err
		}
		var auc []float64
		for _, replicate := range r.Bootstrap(replicatesPaired, nil, f.Seed) {
			auc = append(auc, replicate.AUC)
		}
		s.AUC = metrics.Percentile(r.Summarise(nil).AUC, auc, 1)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Segment) int { return b.Customers - a.Customers })
	return out, nil
}

// support counts the pool's accounts whose country, sector and size, one at a
// time and together, no customer has; nil without such features.
func support(f *evaluate.Frame, parts []division, m *model.Model, margins []float64) *Support {
	if len(parts) == 0 {
		return nil
	}
	s := &Support{}
	for i := range parts {
		d := &parts[i]
		share, _, _ := outside(f, func(row int) [3]int32 { return [3]int32{d.codes[row]} }, nil)
		s.Features = append(s.Features, SupportFeature{d.role, d.binning.Feature, share})
	}
	cell := func(row int) (out [3]int32) {
		for i := range parts {
			out[i] = parts[i].codes[row]
		}
		return out
	}
	s.Share, s.Cells, s.Without = outside(f, cell, nil)
	if m.Grades.On == "priority" {
		return s
	}
	top := func(row int) bool { return m.Grades.Index(int64(math.Floor(margins[row]))) < 2 }
	if share, cells, _ := outside(f, cell, top); cells > 0 {
		s.Top = &share
	}
	return s
}

// outside returns the share of the pool, or of its accounts that of picks, in
// cells without customers; how many cells they are in, and how many of these are
// without.
func outside(f *evaluate.Frame, cell func(row int) [3]int32, of func(row int) bool) (share float64, cells, without int) {
	customers, pool := map[[3]int32]bool{}, map[[3]int32]bool{}
	for i, c := range f.Customer {
		if c {
			customers[cell(i)] = true
		}
	}
	var alone, all float64
	for i, c := range f.Customer {
		if c || of != nil && !of(i) {
			continue
		}
		at := cell(i)
		all += f.Weights[i]
		if !customers[at] {
			alone += f.Weights[i]
		}
		if !pool[at] {
			pool[at] = true
			cells++
			if !customers[at] {
				without++
			}
		}
	}
	if all == 0 {
		return 0, 0, 0
	}
	return alone / all, cells, without
}
