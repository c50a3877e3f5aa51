package evaluate

import (
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
	Cells   []int32 // by row: its value or combination, also where customers are few or none; -1 where it is empty
	Parts   []Part  // what the figures within groups are of
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
	g.Cells = numbered(cells)
	g.Parts = parts(f, cells)
	return g
}

// numbered returns the number of each row's combination, in the order of their
// first rows; -1 where it is empty.
func numbered(cells [][]string) []int32 {
	index := map[string]int32{}
	out := make([]int32, len(cells))
	for i, c := range cells {
		if len(c) == 0 {
			out[i] = -1
			continue
		}
		key := strings.Join(c, "\x00")
		at, ok := index[key]
		if !ok {
			at = int32(len(index))
			index[key] = at
		}
		out[i] = at
	}
	return out
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
// row of the frame: the customers' own, and the pool's times the customers' share
// of the row's group over the pool's share of it, so that the pool holds every
// group as often as the customers do, at the same total. It is 0 where a row
// takes no part: rows not given, and those of groups that lack a class. Without a
// grouping it is the frame's own weights.
func (f *Frame) Matched(rows []int32) []float64 {
	if f.Group == nil {
		return f.Weights
	}
	customers, pool := make([]float64, f.Group.Groups), make([]float64, f.Group.Groups)
	var all float64 // weight of the pool
	for _, r := range rows {
		at := f.Group.Of[r]
		switch {
		case f.Customer[r]:
			customers[at] += f.Weights[r]
		case at >= 0:
			pool[at] += f.Weights[r]
		}
		if !f.Customer[r] {
			all += f.Weights[r]
		}
	}
	var total float64 // weight of the customers in groups that the pool has too
	for at, n := range customers {
		if pool[at] > 0 {
			total += n
		}
	}
	w := make([]float64, len(f.Weights))
	for _, r := range rows {
		at := f.Group.Of[r]
		switch {
		case at < 0 || customers[at] == 0 || pool[at] == 0:
		case f.Customer[r]:
			w[r] = f.Weights[r]
		default:
			w[r] = f.Weights[r] * customers[at] / total * all / pool[at]
		}
	}
	return w
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
