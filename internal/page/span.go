package page

// A Moment is a point on a chart of time, in days.
type Moment struct {
	Day   int
	Text  string
	Class string // of its line
}

// SpanChart draws how much of a span of days has passed, with moments beside it;
// those above the bar, then those below. class is the bar's.
func SpanChart(title, desc string, passed, span int, class string, above, below []Moment) *Chart {
	c := &Chart{Title: title, Desc: desc, Height: 62}
	x := axis{0, float64(max(span, 1)), 0, 100}
	at := func(day int) float64 { return x.at(float64(max(0, min(span, day)))) }
	c.Bars = []bar{{"0%", "100%", "24", "12", "rest"}, {"0%", percentAt(max(at(passed), 0.6)), "24", "12", class}}
	for k, moments := range [][]Moment{above, below} {
		for _, m := range moments {
			text, from, to := 14.0, 19.0, 36.0
			if k == 1 {
				text, from, to = 56, 24, 42
			}
			c.Lines = append(c.Lines, line{percentAt(at(m.Day)), percentAt(at(m.Day)), pixels(from), pixels(to), m.Class})
			anchor := "middle"
			switch v := at(m.Day); {
			case v < 18:
				anchor = "start"
			case v > 82:
				anchor = "end"
			}
			c.label(percentAt(at(m.Day)), text, anchor, "name", m.Text)
		}
	}
	return c
}
