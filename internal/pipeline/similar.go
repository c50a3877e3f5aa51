package pipeline

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

const (
	similarCustomers = 5 // that are named
	sharedValues     = 3 // that are named of each
	sharedItems      = 3 // of a set
)

// similar names the customers whose values are worth most like the account's: the
// distance is the sum, over the features of the fit, of the points by which they
// differ (model.Term.Distance).
func (x *explainer) similar(ctx context.Context, customers *features.Table) error {
	columns := []string{"domain", "name"}
	for _, s := range x.m.Specs[:len(x.m.Terms)] {
		columns = append(columns, s.Name)
	}
	best, err := customers.Load(ctx, columns, nil)
	if err != nil {
		return err
	}
	theirs := bin.Bin(x.binnings()[:len(x.m.Terms)], best, x.day)
	nearest := make([]neighbour, 0, similarCustomers+1)
	for i := range best.Rows {
		if string(best.Column("domain").Cell(i)) == x.key {
			continue
		}
		n := neighbour{row: i}
		for k := range x.m.Terms {
			n.distance += x.m.Terms[k].Distance(&x.bins[k], 0, &theirs.Columns[k], i)
		}
		at, _ := slices.BinarySearchFunc(nearest, n, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(domainOf(best, a.row), domainOf(best, b.row)), cmp.Compare(a.row, b.row))
		})
		nearest = slices.Insert(nearest, at, n)
		nearest = nearest[:min(len(nearest), similarCustomers)]
	}
	for _, n := range nearest {
		x.e.Similar = append(x.e.Similar, explain.Similar{
			Domain: domainOf(best, n.row), Name: string(best.Column("name").Cell(n.row)), Distance: float64(n.distance) / model.Micro,
			Shared: x.shared(theirs, n.row),
		})
	}
	return nil
}

// A neighbour is a customer and how far it is.
type neighbour struct {
	row      int
	distance int64
}

func domainOf(b *datasets.Batch, row int) string { return string(b.Column("domain").Cell(row)) }

// shared lists what the account and a customer have in common: bins, or items of a
// set, that are worth something, most first.
func (x *explainer) shared(theirs *bin.Table, row int) []explain.Shared {
	out := []explain.Shared{}
	for k := range x.m.Terms {
		term := &x.m.Terms[k]
		slots := []int{int(x.bins[k].Codes[0])}
		if slots[0] == 0 || slots[0] != int(theirs.Columns[k].Codes[row]) {
			continue
		}
		if term.IsSet() {
			slots = bothHave(term, &x.bins[k], &theirs.Columns[k], row)
		}
		s := explain.Shared{Feature: term.Feature}
		var names []string
		for i, slot := range slots {
			s.MicroPoints += int64(term.Shape()[slot])
			if i < sharedItems {
				names = append(names, x.t.Label(k, slot))
			}
		}
		if s.Value = strings.Join(names, ", "); s.MicroPoints != 0 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b explain.Shared) int { return cmp.Compare(abs(b.MicroPoints), abs(a.MicroPoints)) })
	return out[:min(len(out), sharedValues)]
}

// bothHave returns the slots of the items that two sets have, worth most first.
func bothHave(term *model.Term, a, b *bin.Column, row int) (slots []int) {
	for _, item := range a.Items {
		if _, ok := slices.BinarySearch(b.Items[b.Offsets[row]:b.Offsets[row+1]], item); ok {
			slots = append(slots, 2+int(item))
		}
	}
	slices.SortStableFunc(slots, func(i, j int) int {
		return cmp.Compare(abs(int64(term.Shape()[j])), abs(int64(term.Shape()[i])))
	})
	return slots
}
