package leak

import (
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A table is the frame as detectors count it: the accounts that are learned
// from, with the weights they are learned with, binned by values alone.
type table struct {
	rows     []int32 // of the frame
	customer []bool
	weights  []float64
	keys     []uint64
	fold     []uint8
	sizes    [2]float64 // how many pool accounts, and customers, the weights are worth: (Σw)²/Σw²
	total    [2]float64 // weight of the pool, and of the customers
	bins     *bin.Table
}

func newTable(f *evaluate.Frame) *table {
	t := &table{}
	fold, weights := f.Deal(0), f.Matched(f.All())
	var squares [2]float64
	for i, w := range weights {
		if w == 0 {
			continue
		}
		t.rows = append(t.rows, int32(i))
		t.customer, t.weights, t.keys, t.fold = append(t.customer, f.Customer[i]), append(t.weights, w), append(t.keys, f.Keys[i]), append(t.fold, fold[i])
		class := classOf(f.Customer[i])
		t.total[class] += w
		squares[class] += w * w
	}
	for class := range squares {
		if squares[class] > 0 {
			t.sizes[class] = t.total[class] * t.total[class] / squares[class]
		}
	}
	binnings := make([]bin.Binning, len(f.Specs))
	for k, s := range f.Specs {
		binnings[k] = bin.Fit(s, f.Batch.Column(s.Name), t.rows, f.AsOf, f.Bins)
	}
	t.bins = bin.Bin(binnings, f.Batch, f.AsOf).Select(t.rows)
	return t
}

func classOf(customer bool) int {
	if customer {
		return 1
	}
	return 0
}

// of returns the elements of the table's rows.
func of[T any](t *table, byRow []T) []T {
	out := make([]T, len(t.rows))
	for i, r := range t.rows {
		out[i] = byRow[r]
	}
	return out
}

// area returns the AUC of scores of the rows in use; nil: all.
func (t *table) area(scores []float64, use []bool) (metrics.Area, error) {
	if use == nil {
		r, err := metrics.Rank(scores, t.customer, t.weights, t.keys)
		if err != nil {
			return metrics.Area{}, err
		}
		return r.Area(), nil
	}
	var s, w []float64
	var c []bool
	var k []uint64
	for i, ok := range use {
		if ok {
			s, c, w, k = append(s, scores[i]), append(c, t.customer[i]), append(w, t.weights[i]), append(k, t.keys[i])
		}
	}
	r, err := metrics.Rank(s, c, w, k)
	if err != nil {
		return metrics.Area{}, err
	}
	return r.Area(), nil
}

// counts holds the weight of pool and customers by slot, and their rows.
type counts struct {
	weight [2][]float64
	rows   [2][]int
}

// count counts the slots of feature k over the rows for which use says so; nil:
// all.
func (t *table) count(k int, use func(i int) bool) counts {
	var n counts
	slots := t.bins.Binnings[k].Slots()
	for class := range n.weight {
		n.weight[class], n.rows[class] = make([]float64, slots), make([]int, slots)
	}
	c := &t.bins.Columns[k]
	for i, code := range c.Codes {
		if use != nil && !use(i) {
			continue
		}
		class := classOf(t.customer[i])
		n.weight[class][code] += t.weights[i]
		n.rows[class][code]++
		if c.Offsets == nil {
			continue
		}
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			n.weight[class][2+int(item)] += t.weights[i]
			n.rows[class][2+int(item)]++
		}
	}
	return n
}

// known returns the weight of a class whose value is known.
func (n *counts) known(class int, set bool) float64 {
	if set {
		return n.weight[class][1]
	}
	var sum float64
	for _, w := range n.weight[class][1:] {
		sum += w
	}
	return sum
}
