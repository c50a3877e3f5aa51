package sample

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// truthScale makes the oracle's AUC about 0.85 at Signal 1.
const truthScale = 1.2

// score returns the company's log lift before Signal and the normaliser: what
// an oracle would rank by.
func (c *company) score(thisYear int) float64 {
	z := industries[c.industry].lift + countries[c.country].lift + stages[c.stage].lift + sizeLift(c.employees)
	for k, has := range c.technologies {
		if has {
			z += technologies[k].lift
		}
	}
	if c.hiring {
		z += .4
	}
	if thisYear-c.founded <= 15 {
		z += .2
	}
	if c.industry == ecommerce && c.technologies[shopify] {
		z += .5 // the one interaction
	}
	return truthScale * z
}

var shopify = slices.IndexFunc(technologies[:], func(t technology) bool { return t.name == "Shopify" })

// sizeLift is 1 from 50 to 500 employees and falls on both sides with the log
// of the number, to -1.2 for the smallest and -0.8 for the largest.
func sizeLift(employees float64) float64 {
	switch {
	case employees < 50:
		return math.Max(1-.6*math.Log(50/employees), -1.2)
	case employees > 500:
		return math.Max(1-.5*math.Log(employees/500), -.8)
	default:
		return 1
	}
}

// drawCustomers sets LogLift and draws the customers among the companies that
// can be found by their domain, without replacement, each with a chance in
// proportion to exp(LogLift): the highest of log lift plus Gumbel noise (Yellott,
// "The relationship between Luce's choice axiom, Thurstone's theory of
// comparative judgment, and the double exponential distribution", 1977).
func (b *Base) drawCustomers(d *draws, score []float64) error {
	n := b.Options.Accounts
	b.LogLift, b.Customer, b.Won = make([]float64, n), make([]bool, n), make([]int32, n)
	sum, count := 0.0, 0
	for i, z := range score {
		b.LogLift[i] = b.Options.Signal * z
		b.Won[i] = datasets.MissingDay
		if b.DuplicateOf[i] < 0 {
			sum += math.Exp(b.LogLift[i])
			count++
		}
	}
	type chance struct {
		row int32
		key float64
	}
	var found []chance
	for i := range score {
		b.LogLift[i] -= math.Log(sum / float64(count))
		if b.DuplicateOf[i] < 0 && b.Domain[i] != "" {
			u := 1 - d.at(streamCustomer, i).Float64() // in (0, 1]
			found = append(found, chance{int32(i), b.LogLift[i] - math.Log(-math.Log(u))})
		}
	}
	if len(found) < b.Options.Customers {
		return fmt.Errorf("sample: %d of %d accounts have a domain; want at least the %d customers, so ask for fewer or for less mess", len(found), n, b.Options.Customers)
	}
	slices.SortFunc(found, func(x, y chance) int {
		return cmp.Or(cmp.Compare(y.key, x.key), cmp.Compare(x.row, y.row))
	})
	for _, c := range found[:b.Options.Customers] {
		b.found = append(b.found, c.row)
		b.Customer[c.row] = true
		b.Won[c.row] = b.won(d, int(c.row))
	}
	slices.Sort(b.found)
	for i, of := range b.DuplicateOf {
		if of >= 0 {
			b.Customer[i], b.Won[i] = b.Customer[of], b.Won[of]
		}
	}
	return nil
}

// won draws the day a customer was won: within three years before AsOf, and
// after the company's last funding round by six weeks at least, so that nothing
// the base says of it was learned after it was won.
func (b *Base) won(d *draws, row int) int32 {
	last := b.Options.AsOf - 1
	first := max(last-3*365, b.column(fundingCol).Days[row]+45)
	return first + int32(d.at(streamWon, row).IntN(int(last-first)+1))
}

// OracleAUC returns the area under the ROC curve of the true log lift itself:
// the chance that a customer's is above that of a company which is none. No
// model can be expected to rank better. Ties count half; companies without a
// domain and repeated rows do not take part. It is NaN without customers.
func (b *Base) OracleAUC() float64 {
	type ranked struct {
		lift     float64
		customer bool
	}
	var all []ranked
	for i, l := range b.LogLift {
		if b.DuplicateOf[i] < 0 && b.Domain[i] != "" {
			all = append(all, ranked{l, b.Customer[i]})
		}
	}
	slices.SortFunc(all, func(x, y ranked) int { return cmp.Compare(x.lift, y.lift) })
	customers := float64(len(b.found))
	wins, below := 0.0, 0.0
	for i := 0; i < len(all); {
		tied, mine := 0.0, 0.0
		for ; i < len(all) && (tied+mine == 0 || all[i].lift == all[i-1].lift); i++ {
			if all[i].customer {
				mine++
			} else {
				tied++
			}
		}
		wins += mine * (below + tied/2)
		below += tied
	}
	return wins / (customers * (float64(len(all)) - customers))
}
