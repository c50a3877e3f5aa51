package page

// A Stretch is one bin of a histogram: its lower edge as people write it, and
// the shares that fall into it, now and then.
type Stretch struct {
	Edge      string // "": not written
	Class     string
	Now, Then float64
}

// Histogram draws the shares of now as columns, and those of then, if they are
// known, as a line over them; figures writes a share.
func Histogram(title, desc string, bins []Stretch, then bool, figures func(float64) string) *Chart {
	const top, bottom = 12.0, 168.0
	c := &Chart{Title: title, Desc: desc, Height: 196}
	most := 0.0
	for _, b := range bins {
		most = max(most, b.Now, b.Then)
	}
	y := axis{0, most, bottom, top}
	const from, to = 13.0, 100.0
	step := (to - from) / float64(max(len(bins), 1))
	before := y.at(0)
	for i, b := range bins {
		left, level := from+step*float64(i), y.at(b.Then)
		c.Bars = append(c.Bars, bar{percentAt(left + 0.06*step), percentAt(0.88 * step), pixels(y.at(b.Now)), pixels(bottom - y.at(b.Now)), b.Class})
		if then {
			c.then(percentAt(left), percentAt(left), before, level)
			c.then(percentAt(left), percentAt(left+step), level, level)
		}
		before = level
		if b.Edge != "" {
			at := percentAt(left)
			c.Lines = append(c.Lines, line{at, at, pixels(bottom + 2), pixels(bottom + 7), "zero"})
			c.label(at, bottom+20, "middle", "figure", b.Edge)
		}
	}
	if then {
		c.then(percentAt(to), percentAt(to), before, y.at(0))
	}
	c.Lines = append(c.Lines, line{percentAt(from), percentAt(to), pixels(bottom), pixels(bottom), "zero"})
	for _, part := range []float64{0.5, 1} {
		c.Bars = append([]bar{{percentAt(from), percentAt(to - from), pixels(y.at(part * most)), "1", "rest"}}, c.Bars...)
		c.label("11.5%", y.at(part*most)+4, "end", "figure", figures(part*most))
	}
	return c
}

// then draws a piece of the line of then, on a halo.
func (c *Chart) then(x1, x2 string, y1, y2 float64) {
	if y1 == y2 && x1 == x2 {
		return
	}
	c.Lines = append(c.Lines, line{x1, x2, pixels(y1), pixels(y2), "then"})
}
