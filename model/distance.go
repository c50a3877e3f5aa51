package model

import "github.com/icpfit/icpfit/model/bin"

// Distance returns by how many micro-points the term tells two accounts apart:
// the difference of their bins' points; for sets, the points of the items that
// only one of them has. An unknown value has the pool's average points.
func (t *Term) Distance(a *bin.Column, i int, b *bin.Column, j int) int64 {
	shape := t.Shape()
	d := gap(shape[a.Codes[i]], shape[b.Codes[j]])
	if a.Offsets == nil {
		return d
	}
	x, y := a.Items[a.Offsets[i]:a.Offsets[i+1]], b.Items[b.Offsets[j]:b.Offsets[j+1]]
	for len(x) > 0 || len(y) > 0 {
		switch {
		case len(y) == 0 || len(x) > 0 && x[0] < y[0]:
			d += gap(shape[2+int(x[0])], 0)
			x = x[1:]
		case len(x) == 0 || y[0] < x[0]:
			d += gap(shape[2+int(y[0])], 0)
			y = y[1:]
		default:
			x, y = x[1:], y[1:]
		}
	}
	return d
}

func gap(a, b int32) int64 {
	if a > b {
		return int64(a) - int64(b)
	}
	return int64(b) - int64(a)
}
