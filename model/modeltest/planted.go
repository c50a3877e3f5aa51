package modeltest

import (
	"math"
	"math/rand/v2"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// The planted features, in the order of truth.
const (
	size = iota
	sector
	hiring
	tools
	planted4
)

// truth is the log lift of the slots of the planted features, missing first.
// For the set: missing, known, then one an item.
var truth = [planted4][]float64{
	size:   {0, -1, -0.6, -0.2, 0.2, 0.6, 1},
	sector: {0, 0.8, 0, -0.8, 0.2},
	hiring: {0, -0.3, 0.5},
	tools:  {0, 0, 0.7, -0.7, 0.4},
}

// binnings are those of the planted features.
func binnings() []bin.Binning {
	return []bin.Binning{
		{Feature: "size", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{2, 7, 20, 54, 148}}, // e, e², …: even steps on the logarithm
		{Feature: "sector", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"a", "b", "c"}, Labels: []string{"A", "B", "C"}},
		{Feature: "hiring", Pillar: features.Firmographic, Kind: features.Flag},
		{Feature: "tools", Pillar: features.Technographic, Kind: features.Set, Items: []string{"x", "y", "z"}, Labels: []string{"X", "Y", "Z"}},
	}
}

// planted draws customers and pool accounts of known log lift: features at
// random, an eighth of each unknown, customers in proportion to exp(signal ×
// log lift). It returns the data and each row's log lift.
func planted(customers, pool int, signal float64, seed uint64) (model.Data, []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := &bin.Table{Binnings: binnings(), Columns: make([]bin.Column, planted4)}
	t.Columns[tools].Offsets = []int32{0}
	d := model.Data{Table: t, Monotone: make([]int, planted4), Learn: make([]bool, planted4), Seed: seed}
	var lifts []float64
	counts := [2]int{}
	for counts[0] < pool || counts[1] < customers {
		codes, items := draw(rng)
		lift := 0.0
		for k, c := range codes {
			lift += signal * truth[k][c]
		}
		for _, item := range items {
			lift += signal * truth[tools][2+item]
		}
		class := 0
		if counts[0] == pool {
			class = 1
		}
		// Rejection: the log lift is at most 3.5 times the signal.
		if class == 1 && rng.Float64() > math.Exp(lift-3.5*signal) {
			continue
		}
		counts[class]++
		for k, c := range codes {
			t.Columns[k].Codes = append(t.Columns[k].Codes, c)
		}
		t.Columns[tools].Items = append(t.Columns[tools].Items, items...)
		t.Columns[tools].Offsets = append(t.Columns[tools].Offsets, int32(len(t.Columns[tools].Items)))
		d.Customer, d.Weights = append(d.Customer, class == 1), append(d.Weights, 1)
		d.Keys = append(d.Keys, model.Mix(uint64(len(lifts)), 77))
		lifts = append(lifts, lift)
	}
	t.Rows = len(lifts)
	return d, lifts
}

// draw returns one account's codes and items.
func draw(rng *rand.Rand) (codes [planted4]uint8, items []uint16) {
	for k, b := range binnings() {
		if rng.IntN(8) == 0 {
			continue
		}
		codes[k] = 1
		if !b.IsSet() {
			codes[k] += uint8(rng.IntN(b.Slots() - 1))
			continue
		}
		for item := range b.Items {
			if rng.IntN(2) == 0 {
				items = append(items, uint16(item))
			}
		}
	}
	return codes, items
}

// rows returns d with the given rows only, in that order.
func rows(d model.Data, order []int32) model.Data {
	out := d
	out.Table = d.Table.Select(order)
	out.Customer, out.Weights, out.Keys = nil, nil, nil
	for _, r := range order {
		out.Customer = append(out.Customer, d.Customer[r])
		out.Weights = append(out.Weights, d.Weights[r])
		out.Keys = append(out.Keys, d.Keys[r])
	}
	return out
}

// all returns the numbers 0 to n-1.
func all(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}
