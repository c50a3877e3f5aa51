package audit

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/icpfit/icpfit/model/metrics"
)

// wilson returns the share k/n with its 95 % score interval; anything from 0 to 1
// where n is 0.
func wilson(k, n float64) metrics.Interval {
	i, ok := metrics.Wilson(k, n)
	if !ok {
		return metrics.Interval{Value: math.NaN(), Low: 0, High: 1}
	}
	return i
}

// difference returns p1 − p2 of two shares with Newcombe's 95 % interval; NaN where
// one of them is of none.
func difference(k1, n1, k2, n2 float64) metrics.Interval {
	i, ok := metrics.RateDifference(k1, n1, k2, n2)
	if !ok {
		return metrics.Interval{Value: math.NaN(), Low: -1, High: 1}
	}
	return i
}

// A ratio is a sum over a sum of clusters that were drawn together, such as
// contacts of accounts.
type ratio struct{ num, den []float64 }

func (r *ratio) add(num, den float64) { r.num, r.den = append(r.num, num), append(r.den, den) }

// interval returns the ratio with its 95 % interval by linearisation, n/(n−1)
// corrected (Cochran, Sampling Techniques, 3rd ed., section 6.3), within [0, 1].
func (r *ratio) interval() metrics.Interval {
	var x, y float64
	for i := range r.num {
		x += r.num[i]
		y += r.den[i]
	}
	n := float64(len(r.num))
	if y <= 0 || n < 2 {
		return metrics.Interval{Value: x / y, Low: 0, High: 1}
	}
	value, squares := x/y, 0.0
	for i := range r.num {
		e := r.num[i] - value*r.den[i]
		squares += e * e
	}
	half := metrics.Z95 * math.Sqrt(squares*n/(n-1)) / y
	if squares == 0 { // all clusters alike, so linearisation sees no error: as if each were one
		return wilson(value*n, n)
	}
	return metrics.Interval{Value: value, Low: math.Max(0, value-half), High: math.Min(1, value+half)}
}

// slope returns the least-squares slope of y over 0, 1, 2 … with its 95 %
// interval by Student's t. It takes at least three values.
func slope(y []float64) metrics.Interval {
	n := float64(len(y))
	var mean float64
	for _, v := range y {
		mean += v / n
	}
	var sxy, sxx, syy float64
	for i, v := range y {
		x := float64(i) - (n-1)/2
		sxy += x * (v - mean)
		sxx += x * x
		syy += (v - mean) * (v - mean)
	}
	b := sxy / sxx
	residual := math.Max(0, syy-b*sxy) / (n - 2)
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 2}.Quantile(.975) * math.Sqrt(residual/sxx)
	return metrics.Interval{Value: b, Low: b - half, High: b + half}
}

// A fourfold is a table of two groups by outcome.
type fourfold struct{ yes1, no1, yes2, no2 float64 }

// commonOdds returns the odds ratio of group 1 against group 2 that strata have
// in common (Mantel and Haenszel 1959), with the 95 % interval of Robins, Breslow
// and Greenland (1986). ok is false where it is not defined.
func commonOdds(strata []fourfold) (odds metrics.Interval, ok bool) {
	var r, s, pr, psqr, qs float64
	for _, t := range strata {
		n := t.yes1 + t.no1 + t.yes2 + t.no2
		if n == 0 {
			continue
		}
		ri, si := t.yes1*t.no2/n, t.no1*t.yes2/n
		p, q := (t.yes1+t.no2)/n, (t.no1+t.yes2)/n
		r, s = r+ri, s+si
		pr += p * ri
		psqr += p*si + q*ri
		qs += q * si
	}
	if r == 0 || s == 0 {
		return odds, false
	}
	se := math.Sqrt(pr/(2*r*r) + psqr/(2*r*s) + qs/(2*s*s))
	or := r / s
	return metrics.Interval{Value: or, Low: or * math.Exp(-metrics.Z95*se), High: or * math.Exp(metrics.Z95*se)}, true
}

// oddsRatio returns the odds ratio of one table with Woolf's interval, half a
// count added to every cell (Haldane 1956, Anscombe 1956), at the level of two
// tails of alpha/2.
func oddsRatio(t fourfold, alpha float64) metrics.Interval {
	a, b, c, d := t.yes1+.5, t.no1+.5, t.yes2+.5, t.no2+.5
	or := a * d / (b * c)
	z := distuv.UnitNormal.Quantile(1 - alpha/2)
	half := z * math.Sqrt(1/a+1/b+1/c+1/d)
	return metrics.Interval{Value: or, Low: or * math.Exp(-half), High: or * math.Exp(half)}
}

// between returns the standard deviation of the true shares of groups beyond
// what chance explains, as Paule and Mandel (1982) estimate it, with the 95 %
// interval by the Q profile [1]. Within a group the variance is that of the
// pooled share. Low is 0 exactly where the groups cannot be told apart at 2.5 %.
// It takes at least two groups that are not empty.
//
// [1] Viechtbauer, "Confidence intervals for the amount of heterogeneity in
// meta-analysis", Statistics in Medicine 26 (2007).
func between(k, n []float64) metrics.Interval {
	var won, all float64
	for i := range k {
		won, all = won+k[i], all+n[i]
	}
	pooled := won / all
	if pooled == 0 || pooled == 1 {
		return metrics.Interval{}
	}
	q := func(tau2 float64) float64 {
		var w, wp float64
		for i := range k {
			wi := 1 / (pooled*(1-pooled)/n[i] + tau2)
			w, wp = w+wi, wp+wi*k[i]/n[i]
		}
		sum := 0.0
		for i := range k {
			d := k[i]/n[i] - wp/w
			sum += d * d / (pooled*(1-pooled)/n[i] + tau2)
		}
		return sum
	}
	df := float64(len(k) - 1)
	chi := distuv.ChiSquared{K: df}
	return metrics.Interval{Value: math.Sqrt(root(q, df)), Low: math.Sqrt(root(q, chi.Quantile(.975))), High: math.Sqrt(root(q, chi.Quantile(.025)))}
}

// root returns the tau² at which q, which falls, is at the wanted value; 0 if it
// is below it at 0, at most 1: more a share cannot vary.
func root(q func(float64) float64, wanted float64) float64 {
	if q(0) <= wanted {
		return 0
	}
	low, high := 0.0, 1.0
	if q(high) > wanted {
		return high
	}
	for range 100 {
		mid := (low + high) / 2
		if q(mid) > wanted {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
