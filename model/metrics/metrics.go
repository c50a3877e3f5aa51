// Package metrics measures a ranking of customers against a pool: slices in,
// numbers out.
//
// The pool is unlabelled, not negative: some of its accounts would be good
// customers. So the metrics here are those that such data support: the share
// of customers captured, the lift over the pool, the area under the curve
// against the pool, log loss on the label "customer". Accuracy, precision and
// probability of fit are not among them.
//
// Accounts have a margin, a label, a weight and a group; a higher margin is a
// better rank, and tied accounts share their places.
package metrics

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrOneClass is returned when there are no customers or no pool accounts.
var ErrOneClass = errors.New("metrics: one class only; want customers and a pool")

// Shares are the list lengths, as shares of the pool, at which capture and lift
// are reported.
var Shares = []float64{0.01, 0.02, 0.05, 0.10, 0.20, 0.50}

// A Ranking holds accounts sorted by margin, best first.
type Ranking struct {
	margin   []float64
	customer []bool
	weight   []float64
	group    []int32 // index into the customers' groups or the pool's
	groups   [2]int  // number of pool groups, of customer groups
	order    []int32 // the row that each account was
}

// Rank sorts accounts by margin. weights nil means ones; keys name the groups
// that a bootstrap draws together, nil means each account is its own. Slices
// of different lengths, a NaN margin, a weight that is not finite and above 0,
// and a missing class are errors.
func Rank(margins []float64, customer []bool, weights []float64, keys []uint64) (*Ranking, error) {
	n := len(margins)
	if len(customer) != n || weights != nil && len(weights) != n || keys != nil && len(keys) != n {
		return nil, fmt.Errorf("metrics: %d margins, %d labels, %d weights, %d keys; want the same number", n, len(customer), len(weights), len(keys))
	}
	order := make([]int32, n)
	for i, m := range margins {
		if math.IsNaN(m) {
			return nil, fmt.Errorf("metrics: margin %d is NaN", i)
		}
		if weights != nil && (!(weights[i] > 0) || math.IsInf(weights[i], 0)) {
			return nil, fmt.Errorf("metrics: weight %d is %v; want finite and above 0", i, weights[i])
		}
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case margins[a] > margins[b]:
			return -1
		case margins[a] < margins[b]:
			return 1
		}
		return 0
	})
	r := &Ranking{margin: make([]float64, n), customer: make([]bool, n), weight: make([]float64, n), group: make([]int32, n), order: order}
	groups := r.number(customer, keys)
	for to, from := range order {
		r.margin[to], r.customer[to], r.weight[to], r.group[to] = margins[from], customer[from], 1, groups[from]
		if weights != nil {
			r.weight[to] = weights[from]
		}
	}
	if r.groups[0] == 0 || r.groups[1] == 0 {
		return nil, ErrOneClass
	}
	return r, nil
}

// number returns the group of every account: its number among the customers' or
// the pool's, in the order of the rows. It does not depend on margins, so that
// one seed draws the same accounts for rankings of the same rows: their
// replicates are paired.
func (r *Ranking) number(customer []bool, keys []uint64) []int32 {
	out := make([]int32, len(customer))
	index := [2]map[uint64]int32{{}, {}}
	for i, c := range customer {
		class := 0
		if c {
			class = 1
		}
		if keys == nil {
			out[i] = int32(r.groups[class])
			r.groups[class]++
			continue
		}
		g, ok := index[class][keys[i]]
		if !ok {
			g = int32(r.groups[class])
			index[class][keys[i]] = g
			r.groups[class]++
		}
		out[i] = g
	}
	return out
}

// A Summary holds the metrics of one ranking.
type Summary struct {
	// AUC is the probability that a customer ranks above a pool account, ties
	// counted half: P(s_P > s_U) + ½ P(s_P = s_U). With a share α of hidden
	// customers in the pool its ceiling is 1 − α/2.
	AUC float64

	// Capture is, for each of Shares, the share of the customers that rank
	// above the pool's quantile 1 − share: how many of them a list as long as
	// that share of the pool would hold. Accounts tied at the cut count in
	// proportion; customers between the last pool account on the list and the
	// next are not on it. Lift is capture divided by share.
	Capture []float64

	// Customers and Pool are, for each band of the cuts given to Bands, the
	// shares of the customers and of the pool in it.
	Customers, Pool []float64
}

// Summarise returns the metrics of the ranking as it is.
func (r *Ranking) Summarise(b Bands) Summary { return r.summarise(b, nil) }

// Bands are the borders of grades, descending: band i holds margins at or above
// Bands[i] and below the border before it; one more band holds the rest.
type Bands []float64

// counts are a bootstrap's multiplicities of the pool's and the customers'
// groups; nil means all ones.
type counts [2][]float64

// rounding is by how much, relatively, a sum of weights may fall short of a
// share of the pool and still reach it: else the order of summation would decide
// on which side of a cut a customer stands.
const rounding = 1e-12

// summarise returns the metrics with every account's weight multiplied by the
// count of its group.
func (r *Ranking) summarise(bands Bands, c *counts) Summary {
	var total [2]float64
	for i := range r.margin {
		class, w := r.at(i, c)
		total[class] += w
	}
	s := Summary{Capture: make([]float64, len(Shares)), Customers: make([]float64, len(bands)+1), Pool: make([]float64, len(bands)+1)}
	var customers, pool, won float64
	share, band := 0, 0
	for i := 0; i < len(r.margin); {
		m := r.margin[i]
		var tied [2]float64
		for ; i < len(r.margin) && r.margin[i] == m; i++ {
			class, w := r.at(i, c)
			tied[class] += w
		}
		won += tied[0] * (customers + tied[1]/2)
		for share < len(Shares) && pool+tied[0] >= Shares[share]*total[0]*(1-rounding) {
			s.Capture[share] = customers
			if tied[0] > 0 {
				s.Capture[share] += tied[1] * min(1, (Shares[share]*total[0]-pool)/tied[0])
			}
			share++
		}
		for band < len(bands) && m < bands[band] {
			band++
		}
		s.Customers[band] += tied[1] / total[1]
		s.Pool[band] += tied[0] / total[0]
		pool += tied[0]
		customers += tied[1]
	}
	for ; share < len(Shares); share++ {
		s.Capture[share] = customers
	}
	s.AUC = won / (total[0] * total[1])
	for k := range s.Capture {
		s.Capture[k] /= total[1]
	}
	return s
}

// at returns the class of sorted account i, 1 for a customer, and its weight.
func (r *Ranking) at(i int, c *counts) (class int, w float64) {
	if r.customer[i] {
		class = 1
	}
	w = r.weight[i]
	if c != nil {
		w *= c[class][r.group[i]]
	}
	return class, w
}

// AUCError returns the standard error of an AUC of so many independent customers
// and pool accounts [1].
//
// [1] Hanley and McNeil, "The meaning and use of the area under a receiver
// operating characteristic (ROC) curve", Radiology 143 (1982), equation 2.
func AUCError(auc float64, customers, pool int) float64 {
	p, u := float64(customers), float64(pool)
	q1, q2 := auc/(2-auc), 2*auc*auc/(1+auc)
	return math.Sqrt((auc*(1-auc) + (p-1)*(q1-auc*auc) + (u-1)*(q2-auc*auc)) / (p * u))
}
