package logistic

import "math"

// A penalty is λ(α|δ| + (1−α)δ²/2) on how far, δ, a coefficient is from its
// centre.
type penalty struct{ l1, l2 float64 }

func (pen penalty) of(x *design, j int, beta float64) float64 {
	d := beta - x.centre[j]
	return pen.l1*math.Abs(d) + pen.l2/2*d*d
}

func (pen penalty) all(x *design, beta []float64) float64 {
	var sum float64
	for j := range x.cols {
		sum += pen.of(x, j, beta[j])
	}
	return sum
}

// nearest returns the coefficient that minimises g(b−at) + h(b−at)²/2 + penalty
// among those of its sign.
func (pen penalty) nearest(x *design, j int, at, g, h float64) float64 {
	c := x.centre[j]
	total := h + pen.l2
	if total == 0 {
		return at
	}
	z := h*(at-c) - g // total × the minimiser without l1, from the centre
	b := c
	switch {
	case z > pen.l1:
		b += (z - pen.l1) / total
	case z < -pen.l1:
		b += (z + pen.l1) / total
	}
	if float64(x.sign[j])*b < 0 {
		return 0
	}
	return b
}

// holds reports whether the penalty, or the bound of its sign, holds coefficient
// j where it is.
func (pen penalty) holds(x *design, j int, at float64) bool {
	return x.sign[j] != 0 && at == 0 || pen.l1 > 0 && at == x.centre[j]
}

// crosses reports whether coefficient j would cross its centre, where the slope
// of the penalty jumps, or its bound on the way from at to to.
func (pen penalty) crosses(x *design, j int, at, to float64) bool {
	c := x.centre[j]
	return float64(x.sign[j])*to < 0 || pen.l1 > 0 && (at-c)*(to-c) < 0
}

// slope returns the derivative of the penalty along coefficient j.
func (pen penalty) slope(x *design, j int, at float64) float64 {
	d := at - x.centre[j]
	if d == 0 {
		return 0
	}
	return pen.l2*d + math.Copysign(pen.l1, d)
}
