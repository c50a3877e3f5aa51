package metrics

import (
	"math"
	"slices"
)

// An Area is an area under the curve with its standard error.
type Area struct{ Value, Error float64 }

// Low and High are the bounds of its 95 % interval, within [0, 1].
func (a Area) Low() float64  { return max(0, a.Value-1.96*a.Error) }
func (a Area) High() float64 { return min(1, a.Value+1.96*a.Error) }

// Interval returns the area with its 95 % interval.
func (a Area) Interval() Interval { return Interval{a.Value, a.Low(), a.High()} }

// Area returns the AUC of the ranking and its standard error by DeLong, DeLong
// and Clarke-Pearson (Biometrics 44, 1988): with V₁(i) the share of the pool
// below customer i and V₀(j) the share of the customers above pool account j,
// ties half,
//
//	var = Σ wᵢ²(V₁(i) − AUC)² / (Σ wᵢ)² · n/(n−1)  +  the same of the pool.
//
// Accounts of one group are summed before they are squared. It is what the
// bootstrap converges to, without its draws; of one group in a class the error
// is not known and infinite.
func (r *Ranking) Area() Area {
	var total [2]float64
	for i := range r.margin {
		class, w := r.at(i, nil)
		total[class] += w
	}
	// First the AUC, then how far each account is from it.
	share := make([]float64, len(r.margin)) // of the other class that this account beats
	var above [2]float64                    // weight of each class ranked above
	var won float64
	for i := 0; i < len(r.margin); {
		var tied [2]float64
		j := i
		for ; j < len(r.margin) && r.margin[j] == r.margin[i]; j++ {
			class, w := r.at(j, nil)
			tied[class] += w
		}
		for k := i; k < j; k++ {
			if r.customer[k] {
				share[k] = (total[0] - above[0] - tied[0]/2) / total[0]
				won += r.weight[k] * share[k]
			} else {
				share[k] = (above[1] + tied[1]/2) / total[1]
			}
		}
		above[0], above[1] = above[0]+tied[0], above[1]+tied[1]
		i = j
	}
	a := Area{Value: won / total[1]}
	var variance float64
	for class, groups := range r.groups {
		off := make([]float64, groups)
		for i := range r.margin {
			if c, w := r.at(i, nil); c == class {
				off[r.group[i]] += w * (share[i] - a.Value) / total[class]
			}
		}
		var squares float64
		for _, x := range off {
			squares += x * x
		}
		n := float64(groups)
		variance += squares * n / (n - 1)
	}
	a.Error = math.Sqrt(variance)
	if math.IsNaN(a.Error) {
		a.Error = math.Inf(1)
	}
	return a
}

// Within returns how a ranking does inside groups: the mean of the AUC in each,
// weighted by its customers, which is the probability that a customer ranks above
// a pool account of its own group. What only tells the groups apart adds nothing
// to it. The interval is of n replicates of the cluster bootstrap.
//
// Each group lists its rows; a row may be in several, or in none. Groups that
// lack a class do not count; ErrOneClass is returned where all do.
func Within(margins []float64, customer []bool, weights []float64, keys []uint64, groups [][]int32, n int, seed uint64) (Interval, error) {
	r, err := Rank(margins, customer, weights, keys)
	if err != nil {
		return Interval{}, err
	}
	place := make([]int32, len(margins)) // of a row in the ranking
	for at, row := range r.order {
		place[row] = int32(at)
	}
	var sorted [][]int32 // places by group, best first
	for _, rows := range groups {
		at := make([]int32, len(rows))
		var has [2]bool
		for i, row := range rows {
			at[i] = place[row]
			class, _ := r.at(int(place[row]), nil)
			has[class] = true
		}
		if has[0] && has[1] {
			slices.Sort(at)
			sorted = append(sorted, at)
		}
	}
	if len(sorted) == 0 {
		return Interval{}, ErrOneClass
	}
	value := r.within(sorted, nil)
	replicates := make([]float64, 0, n)
	draws := r.drawer(seed)
	for i := range n {
		if v := r.within(sorted, draws(i)); !math.IsNaN(v) {
			replicates = append(replicates, v)
		}
	}
	if len(replicates) == 0 {
		return Interval{value, 0, 1}, nil
	}
	return Percentile(value, replicates, 1), nil
}

// within returns the customers' mean AUC in groups of places, NaN without any.
func (r *Ranking) within(groups [][]int32, c *counts) float64 {
	var sum, weight float64
	for _, places := range groups {
		var customers, pool, won float64
		for i := 0; i < len(places); {
			m := r.margin[places[i]]
			var tied [2]float64
			for ; i < len(places) && r.margin[places[i]] == m; i++ {
				class, w := r.at(int(places[i]), c)
				tied[class] += w
			}
			won += tied[0] * (customers + tied[1]/2)
			customers, pool = customers+tied[1], pool+tied[0]
		}
		if customers > 0 && pool > 0 {
			sum += won / pool // customers × AUC
			weight += customers
		}
	}
	return sum / weight
}
