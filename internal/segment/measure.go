package segment

import (
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// A Feature is one of those by which accounts are told apart.
type Feature struct {
	bin.Binning
	Ranks []float64 `json:"ranks,omitempty"` // number, date: where each bin lies among the known values, 0 to 1
	Years bool      `json:"years,omitempty"` // a number that is written without thousands
}

// A Measure says how far two accounts are apart.
type Measure struct {
	Features []Feature `json:"features"`
}

// Bins of a sample. The ranks of 32 bins differ from those of single values by
// 0.016 at most; a category or item that fewer than one account in 500 has tells
// few accounts apart, and adds one more thing to compare.
const (
	rankBins   = 32
	leastShare = 500
	leastRows  = 10
	mostValues = 200
)

// NewMeasure returns the measure that a sample of accounts gives. sample holds the
// columns of specs; asOf, the day since 1970-01-01 of the table, makes ages of
// dates.
func NewMeasure(specs []features.Spec, sample *datasets.Batch, asOf int32) *Measure {
	rows := make([]int32, sample.Rows)
	for i := range rows {
		rows[i] = int32(i)
	}
	o := bin.Options{NumberBins: rankBins, MinRows: max(leastRows, sample.Rows/leastShare), Categories: mostValues, Items: mostValues}
	m := &Measure{}
	for _, s := range specs {
		c := sample.Column(s.Name)
		f := Feature{Binning: bin.Fit(s, c, rows, asOf, o), Years: s.Parser == "year"}
		if f.ranked() {
			var codes bin.Column
			bin.NewApplier(&f.Binning, asOf).Apply(&codes, c, sample.Rows)
			f.Ranks = ranks(&f.Binning, codes.Codes)
		}
		m.Features = append(m.Features, f)
	}
	return m
}

// ranked reports whether values are compared by their rank.
func (f *Feature) ranked() bool { return f.Kind == features.Number || f.Kind == features.Date }

// ranks returns, for each bin, the share of the known values that are below its
// middle.
func ranks(b *bin.Binning, codes []uint8) []float64 {
	counts := make([]int, b.Slots())
	for _, c := range codes {
		counts[c]++
	}
	known := 0
	for _, n := range counts[1:] {
		known += n
	}
	out := make([]float64, len(counts)-1)
	below := 0
	for i, n := range counts[1:] {
		out[i] = (float64(below) + float64(n)/2) / float64(max(known, 1))
		below += n
	}
	return out
}

// validate checks a measure that was read from a file.
func (m *Measure) validate() error {
	if len(m.Features) == 0 {
		return fmt.Errorf("segment: no features; want at least one")
	}
	for i := range m.Features {
		f := &m.Features[i]
		if err := f.Validate(); err != nil {
			return err
		}
		want := 0
		if f.ranked() {
			want = f.Slots() - 1
		}
		if len(f.Ranks) != want {
			return fmt.Errorf("segment: feature %q has %d ranks; want %d", f.Feature, len(f.Ranks), want)
		}
		for k, r := range f.Ranks {
			if !(r >= 0 && r <= 1) || k > 0 && r < f.Ranks[k-1] {
				return fmt.Errorf("segment: feature %q: rank %d is %v; want rising numbers from 0 to 1", f.Feature, k, r)
			}
		}
	}
	return nil
}

// binnings returns the features' binnings.
func (m *Measure) binnings() []bin.Binning {
	out := make([]bin.Binning, len(m.Features))
	for i := range m.Features {
		out[i] = m.Features[i].Binning
	}
	return out
}

// names returns the features' names.
func (m *Measure) names() []string {
	out := make([]string, len(m.Features))
	for i := range m.Features {
		out[i] = m.Features[i].Feature
	}
	return out
}

// Codes returns the codes of a batch, whose columns are found by name.
func (m *Measure) Codes(b *datasets.Batch, asOf int32) *bin.Table {
	return bin.Bin(m.binnings(), b, asOf)
}

// Distance returns how far rows i and j of a table of codes are apart, 0 to 1, and
// false where no feature is known of both. It is what centres are measured in;
// nothing that streams needs it.
func (m *Measure) Distance(t *bin.Table, i, j int) (float64, bool) {
	sum, known := 0.0, 0
	for k := range m.Features {
		c := &t.Columns[k]
		if c.Codes[i] == 0 || c.Codes[j] == 0 {
			continue
		}
		known++
		sum += m.Features[k].apart(c, i, j)
	}
	if known == 0 {
		return 0, false
	}
	return sum / float64(known), true
}

// apart returns how far two known values of a feature are apart.
func (f *Feature) apart(c *bin.Column, i, j int) float64 {
	a, b := c.Codes[i], c.Codes[j]
	switch {
	case f.ranked():
		r, s := f.Ranks[a-1], f.Ranks[b-1]
		return max(r, s) - min(r, s)
	case f.IsSet():
		return setsApart(c.Items[c.Offsets[i]:c.Offsets[i+1]], c.Items[c.Offsets[j]:c.Offsets[j+1]])
	case a == b && int(a) <= f.named():
		return 0
	}
	return 1 // any other value differs from any other
}

// setsApart returns one minus the cosine of two sets of items; two that have none
// are the same.
func setsApart(a, b []uint16) float64 {
	if len(a) == 0 && len(b) == 0 {
		return 0
	}
	both := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			both++
		}
	}
	if both == 0 {
		return 1
	}
	return 1 - float64(both)*inverseRoot[min(len(a), maxRoot)]*inverseRoot[min(len(b), maxRoot)]
}
