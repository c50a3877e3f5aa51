package page

import "github.com/icpfit/icpfit/features"

// A Shape is the points of one feature by value.
type Shape struct {
	Feature string     `json:"feature"`
	Pillar  string     `json:"pillar"`
	Kind    string     `json:"kind"`
	Bins    []ShapeBin `json:"bins"`   // of a set, the strongest items
	Hidden  int        `json:"hidden"` // items left out
}

// A ShapeBin is one bin or item.
type ShapeBin struct {
	Label     string   `json:"label"`
	Points    float64  `json:"points"`
	Spread    *float64 `json:"spread,omitempty"` // standard error, points
	Customers int      `json:"customers"`        // trained on
	Pool      int      `json:"pool"`
	Few       bool     `json:"few"` // fewer than 5 customers
	edge      string   // upper end of a bin of numbers
}

// ShapeCard draws a shape and lists its figures; a written grid has no more than points.
func (p *Printer) ShapeCard(f Shape, grid bool) Card {
	c := Card{Title: p.Feature(f.Feature), Sub: p.T("pillar." + f.Pillar)}
	t := &Table{Label: p.Feature(f.Feature), Columns: append(Words(p.T("col.value")), Numbers(p.T("col.points"))...)}
	if !grid {
		t.Columns = append(t.Columns, Numbers(p.T("col.spread"), p.T("col.customers"), p.T("col.pool"))...)
	}
	var items []Item
	var edges []string
	for _, b := range f.Bins {
		it := Item{Name: b.Label, Value: b.Points, Low: b.Points, High: b.Points, Figure: p.Signed(b.Points, 1)}
		if b.Spread != nil {
			it.Low, it.High = b.Points-*b.Spread, b.Points+*b.Spread
		}
		if b.Few {
			it.Class = "few"
		}
		items = append(items, it)
		if b.edge != "" {
			edges = append(edges, b.edge)
		}
		row := []Field{Word(b.Label), Number(b.Points, p.Signed(b.Points, 1))}
		if !grid {
			row = append(row, p.Optional(b.Spread, func(v float64) string { return p.Num(v, 1) }),
				Number(float64(b.Customers), p.Count(int64(b.Customers))), Number(float64(b.Pool), p.Count(int64(b.Pool))))
		}
		t.Rows = append(t.Rows, row)
	}
	c.Table, c.Chart = t, shapeChart(f, items, edges, p)
	if f.Hidden > 0 {
		c.Note = p.T("shapes.hidden", p.Count(int64(f.Hidden)))
	}
	return c
}

// shownRows is how many categories a chart of rows shows.
const shownRows = 15

// shapeChart draws numbers and dates as columns in their order, without the
// unknown ones, and everything else as rows.
func shapeChart(f Shape, items []Item, edges []string, p *Printer) *Chart {
	low, high := Scale(items)
	desc := p.T("shapes.desc", p.Name(f.Feature), p.Signed(low, 1), p.Signed(high, 1))
	if measured(features.Kind(f.Kind)) && len(items) > 3 {
		return ColumnChart(p.Feature(f.Feature), desc, items[1:], edges, func(v float64) string { return p.Signed(v, 0) })
	}
	if len(items) > shownRows+1 {
		items = items[:shownRows+1]
	}
	return RowChart(p.Feature(f.Feature), desc, 42, items)
}
