package train

import (
	"context"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Curve says how the ranking grows with the number of customers, by one
// learner on parts of them, and what twice as many would add.
type Curve struct {
	Learner string       `json:"learner"`
	Points  []CurvePoint `json:"points"`

	// The AUC follows ceiling − slope/√customers (least squares over the points,
	// weighted by their precision).
	Ceiling float64 `json:"ceiling"`
	Slope   float64 `json:"slope"`

	Doubled metrics.Interval `json:"doubled"` // what twice the customers would add to the AUC
}

// A CurvePoint is the AUC reached with so many customers.
type CurvePoint struct {
	Customers int              `json:"customers"` // trained on in each fold
	AUC       metrics.Interval `json:"auc"`
}

// shares are the parts of the customers that the curve is drawn through.
var shares = []float64{0.2, 0.35, 0.6, 1}

// curve measures l on growing parts of the customers, on the folds of the first
// repeat, of which all has its scores when all customers take part. A part is
// drawn by the accounts' keys, and holds the smaller ones. All customers of a fold
// are tested, whatever the part trained on.
func curve(ctx context.Context, f *evaluate.Frame, l model.Learner, all *evaluate.OutOfFold) (*Curve, error) {
	c := &Curve{Learner: l.Name()}
	fold := all.Fold[0]
	var se []float64
	for _, share := range shares {
		scores, trained := make([]float64, len(fold)), 0
		for k := range uint8(evaluate.Folds) {
			train, test, customers := part(f, fold, k, share)
			trained += customers
			if share == 1 {
				continue
			}
			if err := f.Apart(ctx, []model.Learner{l}, train, test, [][]float64{scores}); err != nil {
				return nil, fmt.Errorf("train: learning curve: %w", err)
			}
		}
		if share == 1 {
			scores = all.Score[0]
		}
		r, err := metrics.Rank(scores, f.Customer, f.Weights, f.Keys)
		if err != nil {
			return nil, fmt.Errorf("train: learning curve: %w", err)
		}
		var auc []float64
		for _, s := range r.Bootstrap(replicatesPaired, nil, f.Seed) {
			auc = append(auc, s.AUC)
		}
		interval := metrics.Percentile(r.Summarise(nil).AUC, auc, 1)
		c.Points = append(c.Points, CurvePoint{Customers: (trained + evaluate.Folds/2) / evaluate.Folds, AUC: interval})
		se = append(se, max(1e-6, (interval.High-interval.Low)/3.92))
	}
	c.fit(se)
	return c, nil
}

// part returns the rows outside of fold k, of the customers a share, and those
// inside; and how many customers are among the first.
func part(f *evaluate.Frame, fold []uint8, k uint8, share float64) (train, test []int32, customers int) {
	for i, x := range fold {
		switch {
		case x == k:
			test = append(test, int32(i))
		case !f.Customer[i]:
			train = append(train, int32(i))
		case model.Uniform(f.Keys[i], f.Seed+curveSeed) < share:
			train = append(train, int32(i))
			customers++
		}
	}
	return train, test, customers
}

// curveSeed keeps the parts apart from folds and pool samples.
const curveSeed = 0x63757276

// fit fits the curve to its points, whose standard errors are given, and says
// what doubling would add. The error of a point that counts here is that of the
// draw of the customers trained on: the accounts tested are the same for all, so
// what is common to the points moves the ceiling and not the slope. It is taken
// from how far the points lie from the curve, and at least a fifth of se.
func (c *Curve) fit(se []float64) {
	var sw, sx, sy, sxx, sxy float64
	for i, p := range c.Points {
		x, w := 1/math.Sqrt(float64(p.Customers)), 1/(se[i]*se[i])
		sw, sx, sy, sxx, sxy = sw+w, sx+w*x, sy+w*p.AUC.Value, sxx+w*x*x, sxy+w*x*p.AUC.Value
	}
	det := sw*sxx - sx*sx
	if !(det > 0) {
		return
	}
	slope := (sw*sxy - sx*sy) / det
	c.Ceiling, c.Slope = (sy-slope*sx)/sw, -slope
	var off float64
	for i, p := range c.Points {
		d := (p.AUC.Value - c.Ceiling + c.Slope/math.Sqrt(float64(p.Customers))) / se[i]
		off += d * d
	}
	scale := max(0.2, math.Sqrt(off/float64(len(c.Points)-2)))
	n := float64(c.Points[len(c.Points)-1].Customers)
	gain := (1 - 1/math.Sqrt2) / math.Sqrt(n)
	half := 4.30 * scale * math.Sqrt(sw/det) * gain // Student's t with 2 degrees of freedom
	c.Doubled = metrics.Interval{Value: c.Slope * gain, Low: c.Slope*gain - half, High: c.Slope*gain + half}
}
