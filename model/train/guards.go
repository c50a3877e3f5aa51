package train

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// What grades must show out of fold before they are published. Grades cut by lift
// without cuts of one's own are merged until they do; of other cuts, which people
// have chosen, the notes say where they do not.
const (
	// leastCustomers is how many out-of-fold customers must stand behind a
	// grade that claims more than the average pool account.
	leastCustomers = 10

	// mostA is the largest share of the pool that may be A.
	mostA = 0.10

	// leastRatio is by how much the lift of a grade must exceed that of the next.
	// By lift, grades are a factor of 2 apart; with 20 customers a grade, one pair
	// in five looks nearer than this by chance. So where the order is right grades
	// are merged only if the 95 % interval of the ratio lies below it, and noted
	// otherwise.
	leastRatio = 1.5
)

// A band is what a grade holds out of fold.
type band struct {
	customers, accounts int     // rows
	captured, pool      float64 // shares of the customers' and of the pool's weight
}

func (b band) empty() bool { return b.customers == 0 && b.accounts == 0 }

// lift is +Inf where there are customers and no pool.
func (b band) lift() float64 { return b.captured / b.pool }

func (b band) with(o band) band {
	return band{b.customers + o.customers, b.accounts + o.accounts, b.captured + o.captured, b.pool + o.pool}
}

// mostRatio returns the upper 95 % bound of the ratio of the lifts of b and o, on
// the logarithm, by the counts behind both.
func (b band) mostRatio(o band) float64 {
	var variance float64
	for _, n := range []int{b.customers, b.accounts, o.customers, o.accounts} {
		variance += 1 / float64(n) // +Inf at 0: nothing is known then
	}
	return b.lift() / o.lift() * math.Exp(1.96*math.Sqrt(variance))
}

// bands returns what is between the cuts: one more than there are.
func bands(f *evaluate.Frame, margins []float64, cuts []int64) []band {
	out := make([]band, len(cuts)+1)
	var customers, pool float64
	for row, v := range margins {
		at := 0
		for at < len(cuts) && v < float64(cuts[at]) {
			at++
		}
		w := f.Weights[row]
		if f.Customer[row] {
			out[at].customers++
			out[at].captured += w
			customers += w
		} else {
			out[at].accounts++
			out[at].pool += w
			pool += w
		}
	}
	for i := range out {
		if customers > 0 {
			out[i].captured /= customers
		}
		if pool > 0 {
			out[i].pool /= pool
		}
	}
	return out
}

// liftLeasts cuts at fixed lifts, then raises A where too much of the pool would
// be in it, gives no grade that claims more than the average account to fewer
// customers than must stand behind it, and merges neighbours whose lifts out of
// fold are in the wrong order or surely too near. Merged grades take the letter
// that their joint lift earns; the other stays empty.
func liftLeasts(f *evaluate.Frame, m *model.Model, margins, lifts []float64, names []string) (cuts []int64, notes []string) {
	for _, lift := range lifts {
		cuts = append(cuts, m.Margin(50+10*math.Log2(lift)))
	}
	if least := leastA(f, m, margins); least > cuts[0] {
		notes = append(notes, fmt.Sprintf("A starts at %.1f points instead of %.1f: more than %.0f %% of the pool would be A", m.Points(least), 50+10*math.Log2(lifts[0]), 100*mostA))
		cuts[0] = least
	}
	for i, lift := range lifts {
		if lift <= 1 {
			break
		}
		if held := bands(f, margins, cuts)[i].customers; held < leastCustomers {
			notes = append(notes, fmt.Sprintf("%s is empty: only %d customers out of fold stand behind a lift of %g, want %d", names[i], held, lift, leastCustomers))
			lower(cuts, i)
		}
	}
	for {
		b := bands(f, margins, cuts)
		upper, next, ok := violation(b)
		if !ok {
			return cuts, append(notes, near(b, names)...)
		}
		joint := b[upper].with(b[next])
		// Together they may still earn the better letter. The last grade takes what
		// has no other, so it is never merged upwards.
		if next < len(lifts) && joint.lift() >= lifts[upper] && (upper > 0 || joint.pool <= mostA) {
			for i := upper; i < next; i++ { // grades between them hold nothing
				cuts[i] = cuts[next]
			}
			notes = append(notes, fmt.Sprintf("%s is empty, its accounts are %s: %s", names[next], names[upper], why(b[upper], b[next])))
			continue
		}
		lower(cuts, upper)
		notes = append(notes, fmt.Sprintf("%s is empty, its accounts are %s: %s", names[upper], names[upper+1], why(b[upper], b[next])))
	}
}

// why says what is wrong with two neighbours.
func why(upper, next band) string {
	if upper.lift() < next.lift() {
		return fmt.Sprintf("lifts of %.2f and %.2f out of fold are in the wrong order", upper.lift(), next.lift())
	}
	return fmt.Sprintf("lifts of %.2f and %.2f out of fold are too near, want a factor of %g", upper.lift(), next.lift(), leastRatio)
}

// lower empties grade i: its accounts go to the grade below.
func lower(cuts []int64, i int) {
	cuts[i] = math.MaxInt64
	if i > 0 {
		cuts[i] = cuts[i-1]
	}
}

// leastA returns the least margin at which at most mostA of the pool is A, both
// of the pool as the model scores it and out of fold.
func leastA(f *evaluate.Frame, m *model.Model, margins []float64) int64 {
	least := int64(math.MinInt64)
	if q := m.Quantiles; len(q) > 0 {
		least = q[int((1-mostA)*float64(len(q)-1))] + 1
	}
	if outside, err := capacityLeast(f, margins, mostA*f.PoolWeight()); err == nil {
		least = max(least, outside)
	}
	return least
}

// neighbours calls f with each grade and the next, empty ones aside, best first,
// until it returns false.
func neighbours(b []band, f func(upper, next int) bool) {
	upper := -1
	for i := range b {
		if b[i].empty() {
			continue
		}
		if upper >= 0 && !f(upper, i) {
			return
		}
		upper = i
	}
}

// violation returns the best pair of neighbours that must be merged.
func violation(b []band) (upper, next int, ok bool) {
	neighbours(b, func(i, j int) bool {
		upper, next = i, j
		ok = b[i].lift() < b[j].lift() || b[i].mostRatio(b[j]) < leastRatio
		return !ok
	})
	return upper, next, ok
}

// near notes the neighbours in the right order that are nearer than they should be.
func near(b []band, names []string) (notes []string) {
	neighbours(b, func(i, j int) bool {
		if better, worse := b[i].lift(), b[j].lift(); better >= worse && better < leastRatio*worse {
			notes = append(notes, fmt.Sprintf("%s and %s can hardly be told apart: lifts of %.2f and %.2f out of fold, want a factor of %g", names[i], names[j], better, worse, leastRatio))
		}
		return true
	})
	return notes
}

// doubts says what grades with these cuts do not show out of fold. A written grid
// claims an order and no lift; cuts by lift claim theirs, others what is observed.
func doubts(f *evaluate.Frame, margins []float64, cuts []int64, claims []float64, names []string, written bool) (notes []string) {
	if customers, pool := f.Totals(); customers == 0 || pool == 0 {
		return nil
	}
	b := bands(f, margins, cuts)
	if !written && b[0].pool > mostA {
		notes = append(notes, fmt.Sprintf("A holds %.1f %% of the pool, more than %.0f %%", 100*b[0].pool, 100*mostA))
	}
	for i := range b {
		claimed := b[i].lift() > 1
		if claims != nil {
			claimed = i < len(claims) && claims[i] > 1
		}
		if !written && claimed && !b[i].empty() && b[i].customers < leastCustomers {
			notes = append(notes, fmt.Sprintf("%s rests on %d customers out of fold; want %d behind a lift above 1", names[i], b[i].customers, leastCustomers))
		}
	}
	neighbours(b, func(i, j int) bool {
		if better, worse := b[i].lift(), b[j].lift(); better < worse {
			notes = append(notes, fmt.Sprintf("%s has a lift of %.2f out of fold, less than %s with %.2f", names[i], better, names[j], worse))
		}
		return true
	})
	if !written {
		notes = append(notes, near(b, names)...)
	}
	return notes
}
