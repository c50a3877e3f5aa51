package segment

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/icpfit/icpfit/model/metrics"
)

// A Contingency counts accounts by their segment in two divisions:
// Counts[i][k] are in segment i of the first and k of the second. All rows have the
// same length.
type Contingency struct {
	Counts [][]int64
}

// AdjustedRand returns the adjusted Rand index of the two divisions [1]: 1 where
// they are the same, 0 on average where one says nothing of the other, less than 0
// where they agree less than that. Where both put all accounts together, or all
// apart, it is 1. An error says that there are fewer than two accounts.
//
// [1] Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985).
func (c *Contingency) AdjustedRand() (float64, error) {
	cells := make([]float64, 0, len(c.Counts))
	for _, row := range c.Counts {
		for _, n := range row {
			cells = append(cells, float64(n))
		}
	}
	width := 0
	if len(c.Counts) > 0 {
		width = len(c.Counts[0])
	}
	return adjustedRand(cells, len(c.Counts), width)
}

// errFew says that two accounts are needed to be together or apart.
var errFew = errors.New("segment: adjusted Rand: fewer than two accounts")

// adjustedRand is AdjustedRand of a table of counts, row by row.
func adjustedRand(cells []float64, height, width int) (float64, error) {
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	rows, columns := make([]float64, height), make([]float64, width)
	var n, both float64
	for i, v := range cells {
		rows[i/width] += v
		columns[i%width] += v
		n += v
		both += pairs(v)
	}
	if n < 2 {
		return 0, errFew
	}
	var a, b float64
	for _, v := range rows {
		a += pairs(v)
	}
	for _, v := range columns {
		b += pairs(v)
	}
	expected := a / pairs(n) * b
	most := (a + b) / 2
	if most == expected {
		return 1, nil // both all together, or all apart
	}
	return (both - expected) / (most - expected), nil
}

// replicates is how often accounts are drawn anew for an interval.
const replicates = 500

// AdjustedRandInterval returns the adjusted Rand index with its 95 % interval by
// the bootstrap: as many accounts are drawn from the table, with replacement.
func (c *Contingency) AdjustedRandInterval(seed uint64) (metrics.Interval, error) {
	value, err := c.AdjustedRand()
	if err != nil {
		return metrics.Interval{}, err
	}
	var cells []float64
	var n int64
	for _, row := range c.Counts {
		for _, v := range row {
			cells = append(cells, float64(v))
			n += v
		}
	}
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	drawn, values := make([]float64, len(cells)), make([]float64, 0, replicates)
	for range replicates {
		multinomial(drawn, cells, n, rng)
		v, err := adjustedRand(drawn, len(c.Counts), len(c.Counts[0]))
		if err != nil {
			return metrics.Interval{}, err
		}
		values = append(values, v)
	}
	return metrics.Percentile(value, values, 1), nil
}

// multinomial deals n accounts out to cells with the chance of their counts.
func multinomial(dst, counts []float64, n int64, rng *rand.Rand) {
	left, weight := n, float64(n)
	for i, v := range counts {
		dst[i] = 0
		if v <= 0 || left == 0 {
			continue
		}
		take := left
		if v < weight {
			take = binomial(left, v/weight, rng)
		}
		dst[i] = float64(take)
		left -= take
		weight -= v
	}
}

// binomial draws how many of n succeed with chance p: one by one where that is
// quick, by the normal approximation beyond, where it is close.
func binomial(n int64, p float64, rng *rand.Rand) int64 {
	const few, common = 256, 30
	mean, failed := float64(n)*p, float64(n)*(1-p)
	switch {
	case mean > common && failed > common && n > few:
		return max(0, min(n, int64(math.Round(mean+rng.NormFloat64()*math.Sqrt(mean*(1-p))))))
	case p > 0.5:
		return n - binomial(n, 1-p, rng)
	case n <= few:
		taken := int64(0)
		for range n {
			if rng.Float64() < p {
				taken++
			}
		}
		return taken
	}
	// The waiting times between successes are geometric: about mean steps.
	taken, at := int64(0), 0.0
	for {
		at += math.Floor(math.Log(1-rng.Float64())/math.Log1p(-p)) + 1
		if at > float64(n) {
			return taken
		}
		taken++
	}
}

// agreement returns the adjusted Rand index of two divisions of the same rows into
// k segments each.
func agreement(a, b []int32, k int) float64 {
	cells := make([]float64, k*k)
	for i := range a {
		cells[int(a[i])*k+int(b[i])]++
	}
	v, err := adjustedRand(cells, k, k)
	if err != nil {
		return 0
	}
	return v
}
