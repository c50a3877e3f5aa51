package segment

import "math/rand/v2"

// Sample draws so many accounts of a contingency table.
func Sample(c *Contingency, n int64, seed uint64) *Contingency {
	var cells []float64
	for _, row := range c.Counts {
		for _, v := range row {
			cells = append(cells, float64(v))
		}
	}
	total := 0.0
	for _, v := range cells {
		total += v
	}
	drawn := make([]float64, len(cells))
	left, rng := n, rand.New(rand.NewPCG(seed, 99))
	for i, v := range cells {
		take := left
		if v < total {
			take = binomial(left, v/total, rng)
		}
		drawn[i], left, total = float64(take), left-take, total-v
	}
	out := &Contingency{}
	width := len(c.Counts[0])
	for i, v := range drawn {
		if i%width == 0 {
			out.Counts = append(out.Counts, make([]int64, width))
		}
		out.Counts[i/width][i%width] = int64(v)
	}
	return out
}
