package page

// A Row is one line of a chart of dots.
type Row struct {
	Name   string
	Dots   []Dot
	Figure string // the values in words
}

// A Dot is a share on such a line.
type Dot struct {
	Value float64 // 0 to 1
	Class string
}

// DotChart draws shares as dots on a line from 0 to 100 %, one line a row; dots of
// one row are joined, so that a gap is seen. names is the share of the width, in
// percent, that the names take.
func DotChart(title, desc string, names float64, rows []Row) *Chart {
	c := &Chart{Title: title, Desc: desc, Height: rowHeight*len(rows) + 4}
	x := axis{0, 1, names + 1.5, 82}
	for i, r := range rows {
		middle := float64(rowHeight*i) + 8 + barHeight/2
		y := pixels(middle)
		c.Lines = append(c.Lines, line{percentAt(x.from), percentAt(x.to), y, y, "grid"})
		low, high := 1.0, 0.0
		for _, d := range r.Dots {
			low, high = min(low, d.Value), max(high, d.Value)
		}
		if high > low {
			c.Lines = append(c.Lines, line{percentAt(x.at(low)), percentAt(x.at(high)), y, y, "gap"})
		}
		for _, d := range r.Dots {
			c.Dots = append(c.Dots, dot{percentAt(x.at(max(0, min(1, d.Value)))), y, d.Class})
		}
		c.label("0%", middle+4, "start", "name", fit(r.Name, int(names*0.55)))
		c.label("100%", middle+4, "end", "figure", r.Figure)
	}
	return c
}
