package calibrate

import (
	"math"
	"math/rand/v2"

	"github.com/icpfit/icpfit/model/metrics"
)

// ECE is the expected calibration error with what chance alone would show.
type ECE struct {
	metrics.Interval
	Noise float64 `json:"noise"` // mean of a model that is right
	Bins  int     `json:"bins"`
}

// replicates of the bootstrap behind the interval of the calibration error.
const replicates = 500

// Error returns the expected calibration error of log odds,
//
//	ECE = Σ_b |Σ_{i in b} wᵢ (yᵢ − pᵢ)| / Σ wᵢ
//
// over bins of equal weight in the order of p, clamp(customers/20, 4, 10) of
// them; accounts tied at a border share a bin. It is a probability, to be held
// against the share of customers in the sample.
//
// A model that is right has an error too: in bin b the number of customers
// strays from its mean μ by about σ√(2/π), at most 2μ, with σ² = Σ wᵢ pᵢ(1−pᵢ),
// a row of weight w standing for w accounts. Noise is the sum of that. The
// interval is the bootstrap's, over groups within bins that stay; it is moved to
// the value, because resampling adds the same noise once more.
//
// Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using
// Bayesian binning", AAAI (2015). Roelofs et al., "Mitigating bias in calibration
// error estimation", AISTATS (2022), on bins of equal mass.
func (s *Sample) Error(logOdds []float64) ECE {
	wanted := max(4, min(10, s.customers()/20))
	bin, bins := equalMass(logOdds, s.Weights, wanted)
	gap := make([]float64, len(logOdds)) // w (y − p)
	spread, mean := make([]float64, bins), make([]float64, bins)
	var total float64
	for i, m := range logOdds {
		p := logistic(m)
		y := 0.0
		if s.Customer[i] {
			y = 1
		}
		gap[i] = s.Weights[i] * (y - p)
		spread[bin[i]] += s.Weights[i] * p * (1 - p)
		mean[bin[i]] += s.Weights[i] * p
		total += s.Weights[i]
	}
	e := ECE{Bins: bins}
	for b := range bins {
		e.Noise += min(math.Sqrt(2/math.Pi*spread[b]), 2*mean[b]) / total
	}
	value := absolute(gap, nil, bin, bins) / total
	e.Interval = s.interval(value, gap, bin, bins)
	return e
}

// interval returns the bootstrap interval of an error with that value.
func (s *Sample) interval(value float64, gap []float64, bin []uint8, bins int) metrics.Interval {
	group, groups := s.groups()
	values := make([]float64, replicates)
	counts := [2][]float64{make([]float64, groups[0]), make([]float64, groups[1])}
	times := make([]float64, len(gap))
	var mean float64
	for r := range values {
		rng := rand.New(rand.NewPCG(s.Seed, uint64(r)))
		for class := range counts {
			metrics.Draw(counts[class], rng)
		}
		var total float64
		for i, c := range s.Customer {
			times[i] = counts[class(c)][group[i]]
			total += times[i] * s.Weights[i]
		}
		values[r] = absolute(gap, times, bin, bins) / total
		mean += values[r] / replicates
	}
	for r := range values {
		values[r] += value - mean
	}
	i := metrics.Percentile(value, values, 1)
	i.Low = max(0, i.Low)
	return i
}

// absolute returns the sum over bins of the absolute sum of gaps, each row
// counted so many times; nil means once.
func absolute(gap, times []float64, bin []uint8, bins int) float64 {
	sums := make([]float64, bins)
	for i, g := range gap {
		if times != nil {
			g *= times[i]
		}
		sums[bin[i]] += g
	}
	var total float64
	for _, v := range sums {
		total += math.Abs(v)
	}
	return total
}

// groups returns each row's group among the pool's or the customers', and how
// many there are of either.
func (s *Sample) groups() (of []int32, n [2]int) {
	at := [2]map[uint64]int32{{}, {}}
	of = make([]int32, len(s.Keys))
	for i, k := range s.Keys {
		c := class(s.Customer[i])
		g, ok := at[c][k]
		if !ok {
			g = int32(n[c])
			at[c][k] = g
			n[c]++
		}
		of[i] = g
	}
	return of, n
}

// equalMass returns the bin of every row, at most wanted of them, of about equal
// weight in the order of x: a row whose accounts before it hold the share b/wanted
// of the weight starts bin b. Rows with equal x share a bin.
func equalMass(x, weights []float64, wanted int) (bin []uint8, bins int) {
	order := ascending(x)
	var total float64
	for _, w := range weights {
		total += w
	}
	bin = make([]uint8, len(x))
	below, last := 0.0, -1
	for i := 0; i < len(order); {
		at := min(wanted-1, int(below/total*float64(wanted)+1e-9))
		if at > last {
			last = at
			bins++
		}
		for v := x[order[i]]; i < len(order) && x[order[i]] == v; i++ {
			bin[order[i]] = uint8(bins - 1)
			below += weights[order[i]]
		}
	}
	return bin, bins
}
