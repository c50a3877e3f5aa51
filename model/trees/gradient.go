package trees

import (
	"math"
	"sync/atomic"

	"github.com/icpfit/icpfit/model"
)

// units turns gradients and hessians into whole numbers: powers of two.
type units struct{ g, h float64 }

// newUnits returns units by which the gradients of log loss can be summed in 32
// bits. Before the first tree Σ w|g| is 2PU/(P+U), for customers' weight P and the
// pool's U, and it falls as trees fit; h = p(1-p) is at most |g|. One bit is left
// for rounding and for rounds in which it does not fall.
func newUnits(customers, pool float64) units {
	_, e := math.Frexp(2 * customers * pool / (customers + pool))
	g := math.Ldexp(1, 29-e)
	return units{g: g, h: 2 * g}
}

// exp returns e^x for |x| ≤ 700 to 1e-8 of its value. The order of its operations
// is written out, so every machine gets the same bits.
func exp(x float64) float64 {
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(k*math.Ln2)
	p := 1.0 / 5040
	p = float64(p*r) + 1.0/720
	p = float64(p*r) + 1.0/120
	p = float64(p*r) + 1.0/24
	p = float64(p*r) + 1.0/6
	p = float64(p*r) + 0.5
	p = float64(p*r) + 1
	p = float64(p*r) + 1
	return p * math.Float64frombits(uint64(int64(k)+1023)<<52)
}

// farMargin is beyond which a margin says no more.
const farMargin = 30

// probability returns the share of customers at a margin.
func probability(margin float64) float64 {
	return 1 / (1 + exp(-max(-farMargin, min(farMargin, margin))))
}

// chunk is how many rows a worker takes at a time.
const chunk = 1 << 14

// gradients stores the packed gradients and hessians of log loss of the given
// rows. They are rounded up or down at random, in proportion, so that sums are
// right on average: by a hash of the account's group and the round, which rows
// given twice share. A row of whole weight w is w times its rounded gradient,
// which makes it equal to the row given w times.
//
// It returns the units used: the ones given, or smaller ones where the sums would
// not fit.
func (t *table) gradients(dst []int64, rows []int32, margins []float64, round uint64, u units, workers int) units {
	for {
		var sumG, sumH atomic.Int64
		parallel(workers, (len(rows)+chunk-1)/chunk, func(i int) {
			from, to := i*chunk, min((i+1)*chunk, len(rows))
			g, h := t.someGradients(dst[from:to], rows[from:to], margins, round, u)
			sumG.Add(g)
			sumH.Add(h)
		})
		if sumG.Load() < 1<<31 && sumH.Load() < 1<<32 {
			return u
		}
		u.g, u.h = u.g/2, u.h/2
	}
}

// someGradients does the work of gradients and returns Σ|g| and Σh.
func (t *table) someGradients(dst []int64, rows []int32, margins []float64, round uint64, u units) (sumG, sumH int64) {
	for i, r := range rows {
		p := probability(margins[r])
		g, h, w := p, p*(1-p), t.weights[r]
		if int(r) < t.customers {
			g = p - 1
		}
		hash := model.Mix(t.keys[r], round)
		dither := float64(hash>>33) / (1 << 31)
		other := float64(hash&(1<<31-1)) / (1 << 31)
		a, b := g*u.g, h*u.h
		if !t.whole {
			a, b = a*w, b*w
		}
		qg, qh := int64(math.Floor(a+dither)), int64(math.Floor(b+other))
		if t.whole {
			qg, qh = qg*int64(w), qh*int64(w)
		}
		dst[i] = pack(qg, qh)
		sumH += qh
		sumG += max(qg, -qg)
	}
	return sumG, sumH
}
