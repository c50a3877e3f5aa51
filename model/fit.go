package model

import (
	"math"

	"github.com/icpfit/icpfit/model/bin"
)

// A Fit is a learner's result on the log-odds scale: a table of additive
// scores, and trees whose values are added to it. A learner of trees alone has
// a table of zeros.
type Fit struct {
	Intercept float64
	Scores    [][]float64 // by feature and slot
	Spread    [][]float64 // standard deviation over bags, same shape; nil where there are none
	Trees     []Tree
}

// Margin returns the log odds of one row of t.
func (f *Fit) Margin(t *bin.Table, row int) float64 {
	m := f.Intercept
	for k := range t.Columns {
		c, s := &t.Columns[k], f.Scores[k]
		m += s[c.Codes[row]]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[row]:c.Offsets[row+1]] {
				m += s[2+int(item)]
			}
		}
	}
	for j := range f.Trees {
		m += f.Trees[j].Values[f.Trees[j].Leaf(t, row)]
	}
	return m
}

// Recentre moves the intercept to where the customers expected by f are as
// many as there are in d: the one-dimensional maximum of the likelihood, by
// Newton's method.
func (f *Fit) Recentre(d *Data) {
	margins := f.Margins(d.Table)
	for i := range margins {
		margins[i] -= f.Intercept
	}
	f.RecentreOn(d, margins)
}

// RecentreOn is Recentre for those who know the margins without the intercept.
func (f *Fit) RecentreOn(d *Data, margins []float64) {
	for range 50 {
		var g, h float64
		for i, m := range margins {
			p := 1 / (1 + math.Exp(-m-f.Intercept))
			y := 0.0
			if d.Customer[i] {
				y = 1
			}
			g += d.Weights[i] * (y - p)
			h += d.Weights[i] * p * (1 - p)
		}
		step := max(-1, min(1, g/max(h, 1e-12)))
		f.Intercept += step
		if math.Abs(step) < 1e-12 {
			return
		}
	}
}

// Neutralise gives the missing bin of every feature that may not learn one the
// average score of the pool's known values: then being unknown says nothing.
// Where no pool account has a known value, being known would say it all: the
// feature then scores 0 throughout.
func (f *Fit) Neutralise(d *Data) {
	for k := range d.Table.Columns {
		if d.Learn[k] {
			continue
		}
		known, mean := f.poolMean(d, k)
		if known > 0 {
			f.Scores[k][0] = mean
		} else {
			clear(f.Scores[k])
		}
	}
}

// poolMean returns the weight of the pool accounts whose value of feature k is
// known, and their mean score.
func (f *Fit) poolMean(d *Data, k int) (known, mean float64) {
	c, s := &d.Table.Columns[k], f.Scores[k]
	var sum float64
	for i, code := range c.Codes {
		if d.Customer[i] || code == 0 {
			continue
		}
		w := d.Weights[i]
		known += w
		sum += w * s[code]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				sum += w * s[2+int(item)]
			}
		}
	}
	if known == 0 {
		return 0, 0
	}
	return known, sum / known
}

// Margins returns the log odds of every row of t.
func (f *Fit) Margins(t *bin.Table) []float64 {
	out := make([]float64, t.Rows)
	for i := range out {
		out[i] = f.Intercept
	}
	for k := range t.Columns {
		c, s := &t.Columns[k], f.Scores[k]
		for i, code := range c.Codes {
			out[i] += s[code]
		}
		if c.Offsets == nil {
			continue
		}
		for i := range out {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				out[i] += s[2+int(item)]
			}
		}
	}
	if len(f.Trees) == 0 {
		return out
	}
	trees := newForest(len(t.Columns))
	index := map[string]int32{}
	var values []float64
	for i := range f.Trees {
		trees.plant(f.Trees[i].Nodes, index, func(k int32) *bin.Binning { return &t.Binnings[k] })
		values = append(values, f.Trees[i].Values...)
	}
	trees.sum(out, values, t.Columns, t.Rows)
	return out
}

// Blend returns the fit whose margin is the weighted sum of those of fits of the
// same table, which must be as many as weights. The spread is that of the
// members that have one, as if they were independent.
func Blend(fits []*Fit, weights []float64) *Fit {
	out := &Fit{Scores: make([][]float64, len(fits[0].Scores))}
	for k, s := range fits[0].Scores {
		out.Scores[k] = make([]float64, len(s))
	}
	for i, f := range fits {
		w := weights[i]
		if w == 0 {
			continue
		}
		out.Intercept += w * f.Intercept
		for k, s := range f.Scores {
			for slot, v := range s {
				out.Scores[k][slot] += w * v
			}
		}
		out.addSpread(f.Spread, w)
		for _, t := range f.Trees {
			scaled := Tree{Nodes: t.Nodes, Values: make([]float64, len(t.Values))}
			for at, v := range t.Values {
				scaled.Values[at] = w * v
			}
			out.Trees = append(out.Trees, scaled)
		}
	}
	return out
}

func (f *Fit) addSpread(spread [][]float64, w float64) {
	if spread == nil {
		return
	}
	if f.Spread == nil {
		f.Spread = make([][]float64, len(spread))
		for k, s := range spread {
			f.Spread[k] = make([]float64, len(s))
		}
	}
	for k, s := range spread {
		for slot, v := range s {
			f.Spread[k][slot] = math.Hypot(f.Spread[k][slot], w*v)
		}
	}
}
