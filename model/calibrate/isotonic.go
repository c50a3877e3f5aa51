package calibrate

import "slices"

// Isotonic returns the fit to y, in the order of x, that never falls and has the
// least weighted squared error, by pooling adjacent violators in O(n log n). Rows
// with equal x get equal values, their weighted mean at first. The result is in
// the order of the rows.
//
// For labels 0 and 1 the same fit has the least log loss.
//
// Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order
// Restrictions" (1972).
func Isotonic(x, y, w []float64) []float64 {
	order := ascending(x)
	type block struct {
		mean, weight float64
		end          int // in order
	}
	var blocks []block
	for i := 0; i < len(order); {
		b := block{}
		for v := x[order[i]]; i < len(order) && x[order[i]] == v; i++ {
			b.mean += w[order[i]] * y[order[i]]
			b.weight += w[order[i]]
		}
		b.mean, b.end = b.mean/b.weight, i
		for len(blocks) > 0 && blocks[len(blocks)-1].mean >= b.mean {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			total := last.weight + b.weight
			b.mean, b.weight = (last.mean*last.weight+b.mean*b.weight)/total, total
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, len(x))
	i := 0
	for _, b := range blocks {
		for ; i < b.end; i++ {
			out[order[i]] = b.mean
		}
	}
	return out
}

// ascending returns the rows in the order of x, ties in the order of the rows.
func ascending(x []float64) []int32 {
	order := make([]int32, len(x))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	return order
}
