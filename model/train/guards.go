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
	// By lift, grades are a factor of 2 apart.
	leastRatio = 1.5
)

// A band is what a grade holds out of fold.
type band struct {
	customers      int
	captured, pool float64 // shares of the customers' and of the pool's weight
}

func (b band) empty() bool { return b.customers == 0 && b.pool == 0 }

// lift is +Inf where there are customers and no pool.
func (b band) lift() float64 { return b.captured / b.pool }

func (b band) with(o band) band {
	return band{b.customers + o.customers, b.captured + o.captured, b.pool + o.pool}
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
// fold are in the wrong order or too near. A grade that is merged away keeps its
// letter and stays empty.
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
		upper, next, ok := tooNear(bands(f, margins, cuts))
		if !ok {
			return cuts, notes
		}
		b := bands(f, margins, cuts)
		why := fmt.Sprintf("lifts of %.2f and %.2f out of fold are too near, want a factor of %g", b[upper].lift(), b[next].lift(), leastRatio)
		if b[upper].lift() < b[next].lift() {
			why = fmt.Sprintf("lifts of %.2f and %.2f out of fold are in the wrong order", b[upper].lift(), b[next].lift())
		}
		if joint := b[upper].with(b[next]).lift(); upper > 0 && next < len(lifts) && joint >= lifts[upper] {
			cuts[upper] = cuts[next] // together they still earn the better letter
			notes = append(notes, fmt.Sprintf("%s is empty, its accounts are %s: %s", names[next], names[upper], why))
			continue
		}
		lower(cuts, upper)
		notes = append(notes, fmt.Sprintf("%s is empty, its accounts are %s: %s", names[upper], names[next], why))
	}
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

// tooNear returns the best pair of neighbours, empty grades aside, whose lifts
// are not in order by the least ratio.
func tooNear(b []band) (upper, next int, ok bool) {
	upper = -1
	for i := range b {
		if b[i].empty() {
			continue
		}
		if upper >= 0 && !(b[upper].lift() >= leastRatio*b[i].lift()) {
			return upper, i, true
		}
		upper = i
	}
	return 0, 0, false
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
	upper := -1
	for i := range b {
		if b[i].empty() {
			continue
		}
		claimed := b[i].lift() > 1
		if claims != nil {
			claimed = i < len(claims) && claims[i] > 1
		}
		if !written && claimed && b[i].customers < leastCustomers {
			notes = append(notes, fmt.Sprintf("%s rests on %d customers out of fold; want %d behind a lift above 1", names[i], b[i].customers, leastCustomers))
		}
		if upper >= 0 {
			better, worse := b[upper].lift(), b[i].lift()
			switch {
			case better < worse:
				notes = append(notes, fmt.Sprintf("%s has a lift of %.2f out of fold, less than %s with %.2f", names[upper], better, names[i], worse))
			case !written && !(better >= leastRatio*worse):
				notes = append(notes, fmt.Sprintf("%s and %s are too near to be told apart: lifts of %.2f and %.2f out of fold", names[upper], names[i], better, worse))
			}
		}
		upper = i
	}
	return notes
}
