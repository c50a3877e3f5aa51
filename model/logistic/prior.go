package logistic

// centreOn makes the penalty of feature k pull to scores by slot that are known
// beforehand. They hold without any coefficient; where coefficients have a sign,
// which is that of the whole score and not of what is added to it, the
// coefficients nearest to them are the centre instead.
func (x *design) centreOn(k int, prior, share []float64, learn bool, sign int8) {
	f := &x.features[k]
	if sign != 0 {
		f.nearest(x.centre[f.first:f.first+len(f.columns)], prior, share, sign)
		return
	}
	f.prior = &cells{item: make([]float64, f.items)}
	if f.items > 0 {
		copy(f.prior.code[:2], prior)
		copy(f.prior.item, prior[2:])
	} else {
		copy(f.prior.code[:], prior)
	}
	if !learn {
		f.prior.code[0] = poolMean(prior, share)
	}
}

// poolMean returns the pool's mean of scores by slot over its known values.
func poolMean(score, share []float64) float64 {
	var sum float64
	for s := 1; s < len(share); s++ {
		sum += share[s] * score[s]
	}
	if share[0] == 1 {
		return 0
	}
	return sum / (1 - share[0])
}

// nearest stores the coefficients of the sign whose scores are nearest to
// prior's, up to a constant, over the pool: least squares under bounds, by
// coordinate descent.
func (f *feature) nearest(dst, prior, share []float64, sign int8) {
	m := poolMean(prior, share)
	rest := make([]float64, len(share))
	for s := range rest {
		rest[s] = prior[s] - m
	}
	shift := 0.0
	for range 1000 {
		var moved float64
		for i, j := range f.columns {
			var g, h float64
			for n, v := range j.value {
				s := j.from + n
				g += share[s] * v * (rest[s] - shift)
				h += share[s] * v * v
			}
			if h == 0 {
				continue
			}
			b := dst[i] + g/h
			if float64(sign)*b < 0 {
				b = 0
			}
			for n, v := range j.value {
				rest[j.from+n] -= (b - dst[i]) * v
			}
			moved = max(moved, (b-dst[i])*(b-dst[i])*h)
			dst[i] = b
		}
		shift = poolMean(rest, share)
		if moved < 1e-20 {
			return
		}
	}
}
