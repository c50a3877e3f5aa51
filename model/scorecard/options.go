// Package scorecard learns an additive points table by boosting one feature at
// a time, averaged over bags: the recipe of explainable boosting machines [1]
// with ridge-penalised Newton steps for categories and items.
//
// Every round visits each feature once, in an order shuffled per bag. A number,
// date or flag takes the stump (one cut) that lowers the log loss most; the
// missing bin is a leaf of its own; a category or item of a set takes a Newton
// step towards its ridge estimate, so a rare one stays near zero however long
// boosting goes on. Each bag leaves out one part of the accounts; the number of
// rounds is the one at which the parts left out are predicted best, together,
// so that every account counts once in the choice.
//
// Measured on the seven open sets, cyclic rounds were 0.3 to 1.5 points of AUC
// above greedy stumps over random columns, at a tenth of the time.
//
// [1] Lou, Caruana, Gehrke, "Intelligible models for classification and
// regression", KDD 2012; Nori et al., "InterpretML", arXiv 1909.09223.
package scorecard

import (
	"errors"
	"fmt"
)

// Options decide what Fit builds. Start from DefaultOptions; zero means zero.
type Options struct {
	Bags    int     `json:"bags"`     // models averaged, ≥ 2; each leaves out 1/Bags of the accounts
	Rounds  int     `json:"rounds"`   // most visits of each feature, ≥ 1
	Every   int     `json:"every"`    // rounds between looks at the part left out, ≥ 1
	Rate    float64 `json:"rate"`     // share of each Newton step taken, in (0, 1]
	L2      float64 `json:"l2"`       // penalty on the leaves of a stump, in Hessian units, ≥ 0
	Ridge   float64 `json:"ridge"`    // penalty on the score of a category or item, in Hessian units, > 0
	MinLeaf float64 `json:"min_leaf"` // least weight of accounts on either side of a cut, ≥ 0
	Pool    float64 `json:"pool"`     // most pool accounts a customer in a bag, > 0; more are sampled
}

// DefaultOptions returns options chosen on the mean over seven open sets, whose
// AUC they move by less than 0.001 within a factor of two. Ten pool accounts a
// customer and bag leave the variance of the pool at a tenth of the customers'.
func DefaultOptions() Options {
	return Options{Bags: 8, Rounds: 120, Every: 5, Rate: 0.2, L2: 5, Ridge: 3, MinLeaf: 10, Pool: 10}
}

// Validate reports every bad option.
func (o Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("scorecard: "+format, args...))
		}
	}
	check(o.Bags >= 2, "bags is %d; want at least 2", o.Bags)
	check(o.Rounds >= 1, "rounds is %d; want at least 1", o.Rounds)
	check(o.Every >= 1, "every is %d; want at least 1", o.Every)
	check(o.Rate > 0 && o.Rate <= 1, "rate is %g; want in (0, 1]", o.Rate)
	check(o.L2 >= 0, "l2 is %g; want at least 0", o.L2)
	check(o.Ridge > 0, "ridge is %g; want above 0", o.Ridge)
	check(o.MinLeaf >= 0, "min_leaf is %g; want at least 0", o.MinLeaf)
	check(o.Pool > 0, "pool is %g; want above 0", o.Pool)
	return errors.Join(errs...)
}
