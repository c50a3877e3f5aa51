package logistic

// Cells hold one number a slot of a feature: scores to look up, or sums of
// rows. Codes are bytes, so a table of 256 needs no check of bounds.
type cells struct {
	code [256]float64
	item []float64 // of a set: by item
}

// newCells returns empty cells for every feature of x.
func (x *design) newCells() []cells {
	c := make([]cells, len(x.features))
	for k := range c {
		c[k].item = make([]float64, x.features[k].items)
	}
	return c
}

func clearCells(c []cells) {
	for k := range c {
		clear(c[k].code[:])
		clear(c[k].item)
	}
}

func (c *cells) add(o *cells) {
	for s, v := range o.code {
		c.code[s] += v
	}
	for s, v := range o.item {
		c.item[s] += v
	}
}

// of returns the slots of c that column j has values for.
func (c *cells) of(j *column) []float64 {
	if j.item {
		return c.item[j.from : j.from+len(j.value)]
	}
	return c.code[j.from : j.from+len(j.value)]
}

// tables stores the score of every slot under beta, prior included.
func (x *design) tables(dst []cells, beta []float64) {
	for k := range x.features {
		f := &x.features[k]
		if f.prior != nil {
			copy(dst[k].code[:], f.prior.code[:])
			copy(dst[k].item, f.prior.item)
		} else {
			clear(dst[k].code[:])
			clear(dst[k].item)
		}
		x.addTo(&dst[k], f, beta)
	}
}

// addTo adds the scores of one feature's columns under beta.
func (x *design) addTo(dst *cells, f *feature, beta []float64) {
	for i := range f.columns {
		j := &f.columns[i]
		if b := beta[f.first+i]; b != 0 {
			s := dst.of(j)
			for i, v := range j.value {
				s[i] += b * v
			}
		}
	}
}

// project stores Xᵀr by column, given the sums of r by slot.
func (x *design) project(dst []float64, sums []cells) {
	for k := range x.features {
		f := &x.features[k]
		for i := range f.columns {
			j := &f.columns[i]
			dst[f.first+i] = dot(j.value, sums[k].of(j))
		}
	}
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
