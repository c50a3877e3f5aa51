package train

import (
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// Bounds of what a composition is worked out from: composedPool accounts show a
// mean to a hundredth of its spread, and composedWalks of an account through a
// tree take less than a second.
const (
	composedPool  = 4000
	composedWalks = 16 << 20
)

// composeSeed keeps the draw of accounts apart from other draws.
const composeSeed = 0x636f6d70

// compose says what the points of pool accounts are made of; nil for a written
// grid, whose points nothing was learned from, and without a pool.
func compose(f *evaluate.Frame, m *model.Model) *model.Composition {
	_, pool := f.Totals()
	if m.Grid != nil || pool == 0 {
		return nil
	}
	share := min(composedPool, composedWalks/float64(max(len(m.Trees), 1))) / float64(pool)
	var rows []int32
	var weights []float64
	for i, customer := range f.Customer {
		if !customer && (share >= 1 || model.Uniform(f.Keys[i], f.Seed+composeSeed) < share) {
			rows, weights = append(rows, int32(i)), append(weights, f.Weights[i])
		}
	}
	if len(rows) == 0 {
		return nil
	}
	binnings := make([]bin.Binning, len(m.Terms))
	for k := range m.Terms {
		binnings[k] = m.Terms[k].Binning
	}
	return m.Compose(bin.Bin(binnings, f.Batch, f.AsOf).Select(rows), weights)
}
