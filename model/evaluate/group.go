package evaluate

import (
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// leastInGroup is the least number of customers from which a group is one of its
// own: the AUC within fewer has a standard error above 0.06.
const leastInGroup = 20

// A Grouping divides the accounts into groups within which they are to be
// ranked, such as the lists they came from. What only tells the groups apart is
// then of no use to a learner: Fit weights the pool's accounts so that every
// group is as frequent in the pool as among the customers, and leaves out those
// of groups that have no customer.
type Grouping struct {
	Feature string
	Of      []int32 // by row: its group; -1 where the group has no customer
	Groups  int
	Parts   []Part // what the figures within groups are of
}

// A Part is a group as people name it, and its rows. The accounts of a set
// belong to the part of each of their items.
type Part struct {
	Label     string
	Rows      []int32
	Customers int
}

// GroupBy groups the frame's accounts by a column: by category or flag, by
// distinct combination of a set's items; an empty cell is a group too. Groups
// with fewer than 20 customers are one group together.
func (f *Frame) GroupBy(spec features.Spec) *Grouping {
	cells := groupCells(f, spec)
	g := &Grouping{Feature: spec.Name, Of: make([]int32, len(cells))}
	customers := map[string]int{}
	for i, c := range cells {
		if f.Customer[i] {
			customers[strings.Join(c, "\x00")]++
		}
	}
	index := map[string]int32{}
	for i, c := range cells {
		key := strings.Join(c, "\x00")
		n := customers[key]
		if n == 0 {
			g.Of[i] = -1
			continue
		}
		if n < leastInGroup {
			key = "\x01few"
		}
		at, ok := index[key]
		if !ok {
			at = int32(len(index))
			index[key] = at
		}
		g.Of[i] = at
	}
	g.Groups = len(index)
	g.Parts = parts(f, cells)
	return g
}

// parts returns the parts with at least leastInGroup customers, by label.
func parts(f *Frame, cells [][]string) []Part {
	byLabel := map[string]*Part{}
	for i, c := range cells {
		if len(c) == 0 {
			c = []string{"unknown"}
		}
		for _, label := range c {
			p := byLabel[label]
			if p == nil {
				p = &Part{Label: label}
				byLabel[label] = p
			}
			p.Rows = append(p.Rows, int32(i))
			if f.Customer[i] {
				p.Customers++
			}
		}
	}
	var out []Part
	for _, p := range byLabel {
		if p.Customers >= leastInGroup {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(a, b Part) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// groupCells returns the folded items of every row's cell, ascending; none where
// it is empty.
func groupCells(f *Frame, spec features.Spec) [][]string {
	c := f.Batch.Column(spec.Name)
	folded := make([]string, len(c.Dictionary))
	for i, text := range c.Dictionary {
		folded[i] = bin.Fold(text)
	}
	out := make([][]string, f.Batch.Rows)
	for i := range out {
		if c.Missing(i) {
			continue
		}
		switch c.Type {
		case datasets.Category:
			out[i] = []string{folded[c.Codes[i]]}
		case datasets.Flag:
			out[i] = []string{[]string{"no", "yes"}[c.Flags[i]]}
		default:
			for _, code := range c.Items(i) {
				out[i] = append(out[i], folded[code])
			}
			slices.Sort(out[i])
			out[i] = slices.Compact(out[i])
		}
	}
	return out
}

// Matched returns the weights with which the given rows are learned from, by
// row of the frame: the customers' own, and the pool's so that it holds every
// group as often as the customers do, at the same total. It is 0 where a row
// takes no part. The accounts of sets are weighted for the combinations and for
// each item in turn, until all agree (Deming and Stephan, "On a least squares
// adjustment of a sampled frequency table when the expected marginal totals are
// known", 1940). Without a grouping it is the frame's own weights.
func (f *Frame) Matched(rows []int32) []float64 {
	if f.Group == nil {
		return f.Weights
	}
	w := make([]float64, len(f.Weights))
	customers := make([]float64, f.Group.Groups)
	var total, all float64
	for _, r := range rows {
		if f.Customer[r] {
			w[r] = f.Weights[r]
			customers[f.Group.Of[r]] += w[r]
			total += w[r]
		} else {
			all += f.Weights[r]
		}
	}
	for _, r := range rows {
		if at := f.Group.Of[r]; !f.Customer[r] && at >= 0 && customers[at] > 0 {
			w[r] = f.Weights[r]
		}
	}
	if total == 0 {
		return w
	}
	for range 50 {
		off := f.matchGroups(rows, w, customers, all/total)
		for i := range f.Group.Parts {
			off = max(off, f.matchPart(&f.Group.Parts[i], w, total, all))
		}
		if off < 1e-6 {
			break
		}
	}
	f.matchGroups(rows, w, customers, all/total)
	return w
}

// matchGroups scales the pool's weights to scale times those of the customers,
// group by group, and returns by how much the furthest was off.
func (f *Frame) matchGroups(rows []int32, w, customers []float64, scale float64) float64 {
	pool := make([]float64, len(customers))
	for _, r := range rows {
		if !f.Customer[r] && w[r] > 0 {
			pool[f.Group.Of[r]] += w[r]
		}
	}
	// A group of which the pool holds nothing leaves its share to the others.
	var held, wanted float64
	for at, n := range customers {
		wanted += n
		if pool[at] > 0 {
			held += n
		}
	}
	off := 0.0
	factor := make([]float64, len(customers))
	for at, n := range customers {
		if pool[at] > 0 && held > 0 {
			factor[at] = n * scale * wanted / held / pool[at]
			off = max(off, math.Abs(math.Log(max(factor[at], 1e-300))))
		}
	}
	for _, r := range rows {
		if !f.Customer[r] && w[r] > 0 {
			w[r] *= factor[f.Group.Of[r]]
		}
	}
	return off
}

// matchPart scales the pool's weights inside a part and outside of it to the
// customers' shares, and returns by how much they were off.
func (f *Frame) matchPart(p *Part, w []float64, total, all float64) float64 {
	var customers, pool, whole float64
	for _, r := range p.Rows {
		if f.Customer[r] {
			customers += w[r]
		} else {
			pool += w[r]
		}
	}
	for i, v := range w {
		if !f.Customer[i] {
			whole += v
		}
	}
	if customers == 0 || customers == total || pool == 0 || pool >= whole*(1-1e-9) {
		return 0
	}
	inside, outside := customers/total*all/pool, (1-customers/total)*all/(whole-pool)
	for i := range w {
		if !f.Customer[i] {
			w[i] *= outside
		}
	}
	for _, r := range p.Rows {
		if !f.Customer[r] {
			w[r] *= inside / outside
		}
	}
	return max(math.Abs(math.Log(inside)), math.Abs(math.Log(outside)))
}

// taking returns the rows that take part, and the weights of all.
func (f *Frame) taking(rows []int32) ([]int32, []float64) {
	w := f.Matched(rows)
	if f.Group == nil {
		return rows, w
	}
	var out []int32
	for _, r := range rows {
		if w[r] > 0 {
			out = append(out, r)
		}
	}
	return out, w
}

// Whole returns all accounts of the frame, binned as d is and with the frame's
// own weights, and makes the missing bins of fit the average of this pool: a
// model that was learned within groups is stated against the pool as it is.
func (f *Frame) Whole(fit *model.Fit, d *model.Data) *model.Data {
	if f.Group == nil {
		return d
	}
	whole := f.data(bin.Bin(d.Table.Binnings, f.Batch, f.AsOf), f.All(), f.Weights)
	fit.Neutralise(whole)
	return whole
}
