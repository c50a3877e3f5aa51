package metrics

import "math"

// An Information is the information value of a feature's bins,
//
//	IV = Σ (pᵢ − qᵢ) ln(pᵢ/qᵢ)
//
// where pᵢ and qᵢ are the shares of the customers and of the pool in bin i: the
// Jeffreys divergence of the two, 0 if they agree, without upper bound. Of two
// normal distributions d standard deviations apart it is d², and their AUC
// Φ(d/√2): an AUC of 0.80 goes with 1.42, one of 0.95 with 5.41.
type Information struct {
	Value float64 // as counted
	Null  float64 // what it averages where the feature says nothing
	Error float64 // standard error of Value, by the delta method
}

// Excess is the value beyond what no information would give.
func (v Information) Excess() float64 { return v.Value - v.Null }

// InformationValue returns the information value of counts by bin, which are
// those of customers and pool accounts; sizes are how many accounts each class
// is worth: the sum of its counts, or fewer where these are sums of unequal
// weights. A bin that lacks a class counts as half an account of it.
//
// Null is (bins − 1)(1/n + 1/m) for classes of n and m: to second order 2 IV
// over (1/n + 1/m) is twice a χ² of bins − 1 degrees of freedom (Yurdakul and
// Naranjo, "Statistical properties of the population stability index", Journal
// of Risk Model Validation, 2020).
func InformationValue(customers, pool []float64, sizes [2]float64) Information {
	counts := [2][]float64{pool, customers}
	var total [2]float64
	for class := range counts {
		for _, n := range counts[class] {
			total[class] += n
		}
	}
	if total[0] == 0 || total[1] == 0 {
		return Information{Error: math.Inf(1)}
	}
	var v Information
	bins := -1.0
	var mean, square [2]float64 // of the influence of one account
	for i := range customers {
		if customers[i] == 0 && pool[i] == 0 {
			continue
		}
		bins++
		var s [2]float64
		for class := range s {
			s[class] = max(counts[class][i]/total[class], 0.5/sizes[class])
		}
		log := math.Log(s[1] / s[0])
		v.Value += (s[1] - s[0]) * log
		influence := [2]float64{-log + 1 - s[1]/s[0], log + 1 - s[0]/s[1]}
		for class, x := range influence {
			mean[class] += s[class] * x
			square[class] += s[class] * x * x
		}
	}
	v.Null = max(bins, 0) * (1/sizes[0] + 1/sizes[1])
	var variance float64
	for class := range mean {
		variance += max(0, square[class]-mean[class]*mean[class]) / sizes[class]
	}
	v.Error = math.Sqrt(variance)
	return v
}
