package calibrate

import (
	"math"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// leastCustomers is how many customers must stand behind the band that a lift is
// held against. Where there are more than a hundred it is a tenth of them: the
// lift of ten is known within a factor of two, and would bind by chance.
const leastCustomers = 10

// Support says what lift the customers can support: that of the strongest band,
// the least share of the pool, best first, with a tenth of the customers, and at
// least ten, out of fold.
type Support struct {
	Customers int              `json:"customers"`  // in the band
	PoolShare float64          `json:"pool_share"` // in the band
	Observed  metrics.Interval `json:"observed"`   // lift of the band
	Predicted float64          `json:"predicted"`  // mean lift of the band's pool accounts, as published
	Most      float64          `json:"most"`       // lift that no account may exceed
	Asked     float64          `json:"asked"`      // slope before
	Lowered   bool             `json:"lowered"`    // the slope was, to stay within
}

// Limit lowers the slope of c until the mean lift predicted for the strongest
// band is at most the upper bound of the lift observed there, and no account is
// given a lift above Most.
//
// The band's interval is Katz's for a ratio of two shares: on the logarithm, with
// variance 1/k − 1/n + 1/m − 1/N for k of n customers and m of N pool accounts,
// rows of unequal weight counting as (Σw)²/Σw² rows.
//
// Most is the greatest lift that the sample could show at all: a band with every
// customer and no pool account still has, at 95 %, a pool share of up to 3/N
// (the rule of three), so that no lift above N/3 could be told from N/3.
//
// The slope is what gives way, not the lift of single accounts, so that lift
// stays 2^((points − 50)/10) everywhere and reasons still add up. Support is nil
// where there are too few customers for a band: then lift is 1 throughout.
//
// Katz, Baptista, Azen and Pike, "Obtaining confidence intervals for the risk
// ratio in cohort studies", Biometrics 34 (1978). Hanley and Lippman-Hand, "If
// nothing goes wrong, is everything all right?", JAMA 249 (1983).
func (s *Sample) Limit(c model.Calibration) (model.Calibration, *Support) {
	b, ok := s.strongest()
	if !ok {
		return s.at(0), nil
	}
	support := b.support
	support.Asked = c.Slope
	within := func(c model.Calibration) bool {
		support.Predicted = b.predicted(c)
		return support.Predicted <= support.Observed.High && c.Shift+c.Slope*b.highest <= math.Log(support.Most)
	}
	if within(c) {
		return c, &support
	}
	support.Lowered = true
	low, high := 0.0, c.Slope
	for range 30 { // to a billionth
		if middle := (low + high) / 2; within(s.at(middle)) {
			low = middle
		} else {
			high = middle
		}
	}
	c = s.at(low)
	support.Predicted = b.predicted(c)
	return c, &support
}

// A band is the strongest one of a sample.
type band struct {
	support Support
	lifts   []float64 // log lifts of its pool accounts
	weights []float64
	highest float64 // log lift of the sample's best account
}

// predicted returns the mean lift of the band's pool accounts.
func (b *band) predicted(c model.Calibration) float64 {
	var sum, total float64
	for i, l := range b.lifts {
		sum += b.weights[i] * math.Exp(c.Shift+c.Slope*l)
		total += b.weights[i]
	}
	return sum / total
}

// strongest returns the strongest band that holds enough customers and some of
// the pool; accounts tied at its end are in it.
func (s *Sample) strongest() (*band, bool) {
	order := ascending(s.LogLift)
	slices.Reverse(order)
	b := &band{highest: s.LogLift[order[0]]}
	var all, in [2]tally
	for i, c := range s.Customer {
		all[class(c)].add(s.Weights[i])
	}
	least := max(leastCustomers, all[1].rows/10)
	for i := 0; i < len(order) && (in[1].rows < least || in[0].rows == 0); {
		for l := s.LogLift[order[i]]; i < len(order) && s.LogLift[order[i]] == l; i++ {
			row := order[i]
			in[class(s.Customer[row])].add(s.Weights[row])
			if !s.Customer[row] {
				b.lifts, b.weights = append(b.lifts, l), append(b.weights, s.Weights[row])
			}
		}
	}
	if in[1].rows < least || in[0].rows == 0 {
		return nil, false
	}
	share := in[0].sum / all[0].sum
	b.support = Support{Customers: in[1].rows, PoolShare: share, Observed: katz(in[1], all[1], in[0], all[0]), Most: all[0].effective() / 3}
	return b, true
}

func class(customer bool) int {
	if customer {
		return 1
	}
	return 0
}

// katz returns the ratio of two weighted shares with its interval.
func katz(k, n, m, of tally) metrics.Interval {
	ratio := k.sum / n.sum / (m.sum / of.sum)
	variance := (1-k.sum/n.sum)/(k.sum/n.sum*n.effective()) + (1-m.sum/of.sum)/(m.sum/of.sum*of.effective())
	factor := math.Exp(1.96 * math.Sqrt(max(0, variance)))
	return metrics.Interval{Value: ratio, Low: ratio / factor, High: ratio * factor}
}

// A tally counts weighted rows.
type tally struct {
	rows         int
	sum, squares float64
}

func (t *tally) add(w float64) {
	t.rows++
	t.sum += w
	t.squares += w * w
}

// effective returns the number of rows of equal weight that say as much.
func (t *tally) effective() float64 { return t.sum * t.sum / t.squares }
