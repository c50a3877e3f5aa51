package metrics

import (
	"fmt"
	"slices"
)

// Captured returns for every account whether a list as long as a share of the
// pool would hold it: 1, 0, or for accounts tied at the cut the part of them that
// fits. The weighted mean over the customers is the capture of Summary.
//
// Slices of different lengths and a missing class are errors; see Rank for what
// margins and weights must be.
func Captured(margins []float64, customer []bool, weights []float64, share float64) ([]float64, error) {
	r, err := Rank(margins, customer, weights, nil)
	if err != nil {
		return nil, err
	}
	if !(share > 0) || share > 1 {
		return nil, fmt.Errorf("metrics: share is %v; want above 0, at most 1", share)
	}
	var total, above float64
	for i, c := range r.customer {
		if !c {
			total += r.weight[i]
		}
	}
	out := make([]float64, len(margins))
	for i := 0; i < len(r.margin); {
		m, tied := r.margin[i], 0.0
		for ; i < len(r.margin) && r.margin[i] == m; i++ {
			if !r.customer[i] {
				tied += r.weight[i]
			}
		}
		if tied == 0 || above+tied < share*total*(1-rounding) {
			above += tied
			continue
		}
		part := min(1, (share*total-above)/tied)
		for to, v := range margins {
			switch {
			case v > m:
				out[to] = 1
			case v == m:
				out[to] = part
			}
		}
		return out, nil
	}
	return slices.Repeat([]float64{1}, len(margins)), nil
}
