package evaluate

import (
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/calibrate"
)

// A Written is a grid written by people, as what is believed before anything is
// learned: a baseline to be beaten, and the scores that a learner's penalty may
// pull to.
type Written struct {
	Margins []float64    // by row of the frame
	Terms   []model.Term // micro-points by slot, of the features the grid names; weighted as in its margin
}

// beliefs returns the log odds that the grid holds likely, by feature of d and
// slot: its points, averaged over the pool's accounts of each slot, times the
// slope by which their sum predicts the customers among d's rows. It returns nil
// where there is no grid, or one by which customers rank below the pool. The
// slope is found on d alone, so nothing of a fold left out is in it.
func (f *Frame) beliefs(d *model.Data, rows []int32) [][]float64 {
	if f.Written == nil {
		return nil
	}
	out := make([][]float64, len(f.Specs))
	sum := make([]float64, len(rows))
	named := false
	for k := range f.Written.Terms {
		t := &f.Written.Terms[k]
		for i := range f.Specs {
			if f.Specs[i].Name != t.Feature {
				continue
			}
			named = true
			if t.IsSet() {
				out[i] = itemBeliefs(t, &d.Table.Binnings[i])
			} else {
				out[i] = f.slotBeliefs(t, d, i, rows)
			}
			addBeliefs(sum, out[i], &d.Table.Columns[i])
		}
	}
	if !named {
		return nil
	}
	slope := calibrate.Slope(sum, d.Customer, d.Weights)
	if !(slope > 0) {
		return nil
	}
	for _, prior := range out {
		for s := range prior {
			prior[s] *= slope
		}
	}
	return out
}

// slotBeliefs returns the mean points of t by slot of feature k of d, over the
// pool. An empty slot, and that of missing values, have the mean of all.
func (f *Frame) slotBeliefs(t *model.Term, d *model.Data, k int, rows []int32) []float64 {
	var c bin.Column
	bin.NewApplier(&t.Binning, f.AsOf).Apply(&c, f.Batch.Column(t.Feature), f.Batch.Rows)
	points, weight := make([]float64, d.Table.Binnings[k].Slots()), make([]float64, d.Table.Binnings[k].Slots())
	var all, total float64
	for i, code := range d.Table.Columns[k].Codes {
		if d.Customer[i] || code == 0 {
			continue
		}
		p := float64(t.MicroPoints[c.Codes[rows[i]]]) / model.Micro
		points[code] += d.Weights[i] * p
		weight[code] += d.Weights[i]
		all += d.Weights[i] * p
		total += d.Weights[i]
	}
	for s := range points {
		switch {
		case weight[s] > 0:
			points[s] /= weight[s]
		case total > 0:
			points[s] = all / total
		}
	}
	return points
}

// itemBeliefs returns the points of the items of b; 0 for those that t does not name.
func itemBeliefs(t *model.Term, b *bin.Binning) []float64 {
	named := map[string]float64{}
	for i, item := range t.Items {
		named[item] = float64(t.MicroPoints[2+i]) / model.Micro
	}
	points := make([]float64, b.Slots())
	for i, item := range b.Items {
		points[2+i] = named[item]
	}
	return points
}

// addBeliefs adds the scores of a column's rows to sum.
func addBeliefs(sum, scores []float64, c *bin.Column) {
	for i, code := range c.Codes {
		sum[i] += scores[code]
		if c.Offsets == nil {
			continue
		}
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			sum[i] += scores[2+int(item)]
		}
	}
}
