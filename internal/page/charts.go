package page

import "strconv"

// A Chart is a drawing of rectangles, lines and texts. Across, places are
// percentages, so that a chart fits any screen with its texts unscaled; down,
// they are pixels.
type Chart struct {
	ID          int
	Title, Desc string
	Height      int
	Bars        []bar
	Panel       *panel // between the bars and the lines
	Lines       []line
	Dots        []dot
	Labels      []label
	Keys        []Key // what the colours mean, below the chart
}

// A Key says what a colour or sign of a chart means. Sign is box, line or dot.
type Key struct{ Sign, Class, Text string }

type dot struct{ X, Y, Class string }

func (c *Chart) label(x string, y float64, anchor, class, text string) {
	c.Labels = append(c.Labels, label{x, pixels(y), anchor, class, text})
}

type bar struct {
	X, Width  string
	Y, Height string
	Class     string
}

type line struct {
	X1, X2 string
	Y1, Y2 string
	Class  string
}

type label struct {
	X      string
	Y      string
	Anchor string
	Class  string
	Text   string
}

// An Item is one value of a chart.
type Item struct {
	Name   string
	Value  float64
	Low    float64 // of the error bar; low = high: none
	High   float64
	Mark   *float64 // a tick beside the bar
	Class  string   // "" is by sign
	Figure string   // the value in words
}

// Measures of a chart of rows, in pixels, and where its parts are, in percent.
const (
	rowHeight = 24
	barHeight = 12
)

// An axis maps values to percentages of a chart's width or to pixels.
type axis struct{ low, high, from, to float64 }

func (a axis) at(v float64) float64 {
	if a.high <= a.low {
		return a.from
	}
	return a.from + (v-a.low)/(a.high-a.low)*(a.to-a.from)
}

// Scale returns the range of items, zero included.
func Scale(items []Item) (low, high float64) {
	for _, it := range items {
		low, high = min(low, it.Value, it.Low), max(high, it.Value, it.High)
		if it.Mark != nil {
			low, high = min(low, *it.Mark), max(high, *it.Mark)
		}
	}
	return low, high
}

func percentAt(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }
func pixels(v float64) string    { return strconv.FormatFloat(v, 'f', 1, 64) }

// RowChart draws one row an item: name, bar, figure. names is the share of the
// width, in percent, that the names take; at 0 each is written above its bar, whole.
func RowChart(title, desc string, names float64, items []Item) *Chart {
	row, drop := rowHeight, 0.0
	if names == 0 {
		row, drop = 2*rowHeight-6, 16
	}
	c := &Chart{Title: title, Desc: desc, Height: row*len(items) + 4}
	low, high := Scale(items)
	x := axis{low, high, names, 85}
	zero := percentAt(x.at(0))
	for i, it := range items {
		top := float64(row*i) + 8 + drop
		middle := top + barHeight/2
		left, right := min(x.at(0), x.at(it.Value)), max(x.at(0), x.at(it.Value))
		c.Bars = append(c.Bars, bar{percentAt(left), percentAt(max(right-left, 0.2)), pixels(top), pixels(barHeight), it.colour()})
		if it.High > it.Low {
			c.error(line{percentAt(x.at(it.Low)), percentAt(x.at(it.High)), pixels(middle), pixels(middle), ""})
		}
		if it.Mark != nil {
			at := percentAt(x.at(*it.Mark))
			c.Lines = append(c.Lines, line{at, at, pixels(top - 4), pixels(top + barHeight + 4), "mark"})
		}
		if names == 0 {
			c.label("0%", top-6, "start", "name", it.Name)
		} else {
			c.label("0%", middle+4, "start", "name", fit(it.Name, int(names*0.55)))
		}
		c.label("100%", middle+4, "end", "figure", it.Figure)
	}
	c.Lines = append(c.Lines, line{zero, zero, "2", pixels(float64(c.Height - 2)), "zero"})
	return c
}

// error draws an error bar, on a halo that sets it off from its bar.
func (c *Chart) error(l line) {
	for _, class := range []string{"halo", "error"} {
		l.Class = class
		c.Lines = append(c.Lines, l)
	}
}

// colour returns the class of the item's bar.
func (it Item) colour() string {
	switch {
	case it.Class != "":
		return it.Class
	case it.Value < 0:
		return "minus"
	}
	return "plus"
}

// fit cuts a text to so many columns; wide characters take two.
func fit(s string, columns int) string {
	used := 0
	for i, r := range s {
		if used++; r >= 0x1100 {
			used++
		}
		if used > columns {
			return s[:i] + "…"
		}
	}
	return s
}

// ColumnChart draws one column an item, in the order of their values; edges are
// the borders between them, some of which are written below.
func ColumnChart(title, desc string, items []Item, edges []string, figures func(float64) string) *Chart {
	const top, bottom = 14, 118
	c := &Chart{Title: title, Desc: desc, Height: 144}
	low, high := Scale(items)
	y := axis{low, high, bottom, top}
	const from, to = 13.0, 100.0
	step := (to - from) / float64(max(len(items), 1))
	for i, it := range items {
		left := from + step*float64(i)
		upper, lower := min(y.at(0), y.at(it.Value)), max(y.at(0), y.at(it.Value))
		c.Bars = append(c.Bars, bar{percentAt(left + 0.08*step), percentAt(0.84 * step), pixels(upper), pixels(max(lower-upper, 1)), it.colour()})
		if it.High > it.Low {
			middle := percentAt(left + step/2)
			c.error(line{middle, middle, pixels(y.at(it.Low)), pixels(y.at(it.High)), ""})
		}
	}
	zero := pixels(y.at(0))
	c.Lines = append(c.Lines, line{percentAt(from), percentAt(to), zero, zero, "zero"})
	c.Labels = append(c.Labels, label{"11%", pixels(y.at(0) + 4), "end", "figure", "0"})
	if high > 0 && y.at(0)-top > 14 {
		c.Labels = append(c.Labels, label{"11%", pixels(top + 4), "end", "figure", figures(high)})
	}
	if low < 0 && bottom-y.at(0) > 14 {
		c.Labels = append(c.Labels, label{"11%", pixels(bottom + 4), "end", "figure", figures(low)})
	}
	const shown = 4
	every := max(1, (len(edges)+shown-1)/shown)
	for i := every / 2; i < len(edges); i += every {
		at := percentAt(from + step*float64(i+1))
		c.Lines = append(c.Lines, line{at, at, pixels(bottom + 3), pixels(bottom + 8), "zero"})
		c.Labels = append(c.Labels, label{at, pixels(bottom + 21), "middle", "figure", edges[i]})
	}
	return c
}
