package logistic

// centreOn makes the penalty pull to scores by slot that are held likely
// beforehand. They hold without any coefficient; where coefficients have a sign,
// which is that of the whole score and not of what is added to it, the
// coefficients nearest to them are stored as the centre instead.
func (f *feature) centreOn(centre, prior []float64, sign int8) {
	if sign != 0 {
		f.nearest(centre, prior, sign)
		return
	}
	f.prior = &cells{item: make([]float64, f.items)}
	copy(f.prior.code[:f.slots], prior)
	copy(f.prior.item, prior[f.slots:])
	if !f.learn {
		f.prior.code[0] = f.mean(prior)
	}
}

// nearest stores the coefficients of the sign whose scores are nearest to
// prior's, up to a constant, over the pool: least squares under bounds, by
// coordinate descent.
func (f *feature) nearest(dst, prior []float64, sign int8) {
	share, m := f.share, f.mean(prior)
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
		shift = f.mean(rest)
		if moved < 1e-20 {
			return
		}
	}
}
