package model

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// Golden holds made-up accounts and the margins they must get. Every engine
// that applies the model scores them first; a mismatch stops the run.
type Golden struct {
	Columns []GoldenColumn `json:"columns"` // one a feature of the fit
	Margins []int64        `json:"margins"`
}

// A GoldenColumn holds one feature's values: nil is unknown. Dates are ages in
// days; flags are 0 or 1.
type GoldenColumn struct {
	Feature string     `json:"feature"`
	Numbers []*float64 `json:"numbers,omitempty"`
	Texts   []*string  `json:"texts,omitempty"`
	Sets    [][]string `json:"sets,omitempty"`
}

// Golden accounts are as many as the largest feature has bins, within bounds:
// then each bin of each feature is met, and each item of each set.
const (
	fewestGolden = 12
	mostGolden   = 256
)

func (m *Model) goldenRows() int {
	rows := fewestGolden
	for k := range m.Terms {
		if !m.Terms[k].IsSet() {
			rows = max(rows, m.Terms[k].Slots())
		}
	}
	return min(rows, mostGolden)
}

// MakeGolden stores golden accounts in m: account i has, for feature k, a value
// of bin i + k, counted round the bins, so that all features vary at once. Of a
// set, the first is unknown, the second known to be empty, and the others share
// the items.
func (m *Model) MakeGolden() error {
	g := &Golden{}
	rows := m.goldenRows()
	for k := range m.Terms {
		t := &m.Terms[k]
		c := GoldenColumn{Feature: t.Feature}
		for i := range rows {
			if t.IsSet() {
				c.Sets = append(c.Sets, goldenSet(t.Items, (i+k)%rows, rows))
				continue
			}
			c.add(&t.Binning, (i+k)%t.Slots())
		}
		g.Columns = append(g.Columns, c)
	}
	m.Golden = g
	margins, err := m.scoreGolden(rows)
	g.Margins = margins
	return err
}

// goldenSet returns the set of account i of so many: nil is unknown.
func goldenSet(items []string, i, rows int) []string {
	if i == 0 {
		return nil
	}
	set := []string{}
	for at := i - 2; i > 1 && at < len(items); at += rows - 2 {
		set = append(set, items[at])
	}
	return set
}

// add appends a value that falls into the slot of a feature that is no set.
func (c *GoldenColumn) add(b *bin.Binning, slot int) {
	var number *float64
	var text *string
	switch {
	case b.Kind == features.Category:
		if slot > 0 {
			v := "\u2205 any other"
			if slot-1 < len(b.Values) {
				v = b.Values[slot-1]
			}
			text = &v
		}
		c.Texts = append(c.Texts, text)
		return
	case slot == 0:
	case b.Kind == features.Flag:
		v := float64(slot - 1)
		number = &v
	case len(b.Edges) == 0:
		v := 1.0
		number = &v
	case slot <= len(b.Edges):
		v := b.Edges[slot-1] // an edge belongs to the bin below it
		if b.Kind == features.Date {
			v = math.Floor(v)
		}
		number = &v
	default:
		v := math.Floor(b.Edges[len(b.Edges)-1]) + 1
		number = &v
	}
	c.Numbers = append(c.Numbers, number)
}

// CheckGolden scores the golden accounts and reports the first that differs.
func (m *Model) CheckGolden() error {
	if m.Golden == nil {
		return nil
	}
	margins, err := m.scoreGolden(len(m.Golden.Margins))
	if err != nil {
		return err
	}
	for i, want := range m.Golden.Margins {
		if margins[i] != want {
			return fmt.Errorf("model: golden account %d scores %d; want %d: this program and the model disagree, train again", i, margins[i], want)
		}
	}
	return nil
}

func (m *Model) scoreGolden(rows int) ([]int64, error) {
	b := &datasets.Batch{Rows: rows}
	for k := range m.Golden.Columns {
		b.Columns = append(b.Columns, m.Golden.Columns[k].column(m.Terms[k].Kind))
	}
	fit := *m
	fit.Intent = nil
	var s Scores
	if err := NewScorer(&fit, 0).Score(&s, b); err != nil {
		return nil, err
	}
	return s.Margin, nil
}

// column returns the values as a column of a table dated 1970-01-01.
func (c *GoldenColumn) column(kind features.Kind) datasets.Column {
	out := datasets.Column{Field: datasets.Field{Name: c.Feature, Type: kind.Type()}}
	for _, v := range c.Numbers {
		number, day, flag := math.NaN(), datasets.MissingDay, int8(-1)
		if v != nil {
			number, day, flag = *v, -int32(*v), int8(*v)
		}
		out.Numbers, out.Days, out.Flags = append(out.Numbers, number), append(out.Days, day), append(out.Flags, flag)
	}
	for _, t := range c.Texts {
		code := int32(-1)
		if t != nil {
			code = int32(len(out.Dictionary))
			out.Dictionary = append(out.Dictionary, *t)
		}
		out.Codes = append(out.Codes, code)
	}
	if c.Sets == nil {
		return out
	}
	out.Offsets = []int32{0}
	for _, items := range c.Sets {
		out.Null = append(out.Null, items == nil)
		for _, item := range items {
			out.Codes = append(out.Codes, int32(len(out.Dictionary)))
			out.Dictionary = append(out.Dictionary, item)
		}
		out.Offsets = append(out.Offsets, int32(len(out.Codes)))
	}
	return out
}
