package leak

import (
	"fmt"
	"math"
	"strings"

	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/metrics"
)

// fewest is the least number of customers, and of pool accounts, whose value
// must be known for a figure of it to mean anything.
const fewest = 20

// pureCustomers is the least number of customers that hold a pure value.
const pureCustomers = 10

// screenFeature runs the detectors that look at one feature.
func (r *Report) screenFeature(k int) {
	t := r.table
	b := &t.bins.Binnings[k]
	n := t.count(k, nil)
	r.screenMissing(k, &n)
	if rowsKnown(&n, 0, b) < fewest || rowsKnown(&n, 1, b) < fewest {
		return
	}
	scores, use := t.ratios(k)
	area, err := t.area(scores, use)
	if err != nil {
		return // a class has no known value: coverage says so
	}
	warned := r.add(SingleFeature, b.Feature, area.Value, area.Low(),
		fmt.Sprintf("%s alone ranks customers above the pool with probability %.2f (95 %%: %.2f to %.2f)", b.Feature, area.Value, area.Low(), area.High()),
		"check that it is known before the sale, and leave it out if not")
	if !warned {
		r.screenInformation(b, &n)
	}
	r.screenPurity(b, &n)
}

func rowsKnown(n *counts, class int, b *bin.Binning) int {
	if b.IsSet() {
		return n.rows[class][1]
	}
	sum := 0
	for _, x := range n.rows[class][1:] {
		sum += x
	}
	return sum
}

// screenMissing compares the shares of customers and pool of which a feature is
// known. The AUC of "the cell is empty" is half the difference above ½, so one
// warning says it: the missingness, or below its limit the coverage gap.
func (r *Report) screenMissing(k int, n *counts) {
	t, b := r.table, &r.table.bins.Binnings[k]
	var share [2]float64
	var variance float64
	for class := range share {
		share[class] = n.known(class, b.IsSet()) / t.total[class]
		variance += share[class] * (1 - share[class]) / t.sizes[class]
	}
	gap := math.Abs(share[1] - share[0])
	bound := gap - 1.96*math.Sqrt(variance)
	known := fmt.Sprintf("known for %.0f %% of customers and %.0f %% of the pool", 100*share[1], 100*share[0])
	advice := "missing: neutral keeps it out of the points"
	if learns(r.frame, k) {
		advice = "set missing: neutral to keep it out of the points"
	}
	if r.add(Missingness, b.Feature, 0.5+gap/2, 0.5+bound/2,
		fmt.Sprintf("whether %s is filled tells customers from the pool by itself (AUC %.2f): %s", b.Feature, 0.5+gap/2, known), advice) {
		return
	}
	r.add(CoverageGap, b.Feature, gap, bound, fmt.Sprintf("%s is %s", b.Feature, known), "check who fills it; "+advice)
}

// shrink is how many customers drawn like the pool are added to those of a slot
// before its ratio is taken, so that a rare value does not count as certain.
const shrink = 5

// ratios scores each row by the log ratio of customers to pool of its value, as
// counted in the other folds, and tells which rows have a known value. The items
// of a set add up, as if they were independent.
func (t *table) ratios(k int) (scores []float64, known []bool) {
	scores, known = make([]float64, len(t.rows)), make([]bool, len(t.rows))
	c, set := &t.bins.Columns[k], t.bins.Binnings[k].IsSet()
	folds := uint8(0)
	for _, f := range t.fold {
		folds = max(folds, f+1)
	}
	for f := range folds {
		n := t.count(k, func(i int) bool { return t.fold[i] != f })
		ratio := slotRatios(&n, set)
		for i, code := range c.Codes {
			if t.fold[i] != f || code == 0 {
				continue
			}
			known[i] = true
			if !set {
				scores[i] = ratio[code]
				continue
			}
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				scores[i] += ratio[2+int(item)]
			}
		}
	}
	return scores, known
}

// slotRatios returns the shrunk log ratio of each slot; of an item, the ratio of
// having it less that of not having it.
func slotRatios(n *counts, set bool) []float64 {
	customers, pool := n.known(1, set), n.known(0, set)
	ratio := make([]float64, len(n.weight[0]))
	of := func(c, p float64, slots float64) float64 {
		share := (p + 0.5) / (pool + 0.5*slots)
		return math.Log((c + shrink*share) / (customers + shrink) / share)
	}
	if !set {
		for slot := 1; slot < len(ratio); slot++ {
			ratio[slot] = of(n.weight[1][slot], n.weight[0][slot], float64(len(ratio)-1))
		}
		return ratio
	}
	for slot := 2; slot < len(ratio); slot++ {
		c, p := n.weight[1][slot], n.weight[0][slot]
		ratio[slot] = of(c, p, 2) - of(customers-c, pool-p, 2)
	}
	return ratio
}

// screenInformation finds features whose information is in few accounts, which
// an AUC hardly shows. Of a set each item is looked at.
func (r *Report) screenInformation(b *bin.Binning, n *counts) {
	value := func(customers, pool []float64) metrics.Information {
		var sizes [2]float64
		for class := range sizes {
			sizes[class] = r.table.sizes[class] * n.known(class, b.IsSet()) / r.table.total[class]
		}
		return metrics.InformationValue(customers, pool, sizes)
	}
	var best metrics.Information
	what := b.Feature
	if !b.IsSet() {
		best = value(n.weight[1][1:], n.weight[0][1:])
	} else {
		for slot := 2; slot < b.Slots(); slot++ {
			c, p := n.weight[1][slot], n.weight[0][slot]
			v := value([]float64{c, n.weight[1][1] - c}, []float64{p, n.weight[0][1] - p})
			if v.Excess()-1.96*v.Error > best.Excess()-1.96*best.Error {
				best, what = v, fmt.Sprintf("%s = %s", b.Feature, b.Label(slot))
			}
		}
	}
	r.add(InformationValue, b.Feature, best.Excess(), best.Excess()-1.96*best.Error,
		fmt.Sprintf("%s has an information value of %.2f beyond chance; above %.2f is rare for what is known before the sale", what, best.Excess(), Limits[InformationValue].Warn),
		"check that it is not written after the sale")
}

// screenPurity warns of values that nearly only customers have; an empty half
// account stands for none in the pool.
func (r *Report) screenPurity(b *bin.Binning, n *counts) {
	first := 1
	if b.IsSet() {
		first = 2
	}
	half := 0.5 * r.table.total[0] / r.table.sizes[0]
	var pure []string
	var highest float64
	for slot := first; slot < b.Slots(); slot++ {
		if n.rows[1][slot] < pureCustomers {
			continue
		}
		lift := n.weight[1][slot] / r.table.total[1] / (max(n.weight[0][slot], half) / r.table.total[0])
		if lift > Limits[Purity].Warn {
			pure = append(pure, fmt.Sprintf("%s = %s is held by %d customers and %d pool accounts of the sample", b.Feature, b.Label(slot), n.rows[1][slot], n.rows[0][slot]))
		}
		highest = max(highest, lift)
	}
	const most = 3
	if more := len(pure) - most; more > 0 {
		pure = append(pure[:most], fmt.Sprintf("%d more values like these", more))
	}
	r.add(Purity, b.Feature, highest, highest, strings.Join(pure, ", "), "check that it is not written after the sale")
}
