package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A Node is one end of a flow chart.
type Node struct {
	Name, Class string
}

// A panel is a part of a chart whose drawing is stretched to its width: what is
// drawn in it has no text and no circle.
type panel struct {
	X, Width string
	Height   int
	Paths    []path
}

type path struct{ D, Class, Text string }

// Measures of a flow chart, in pixels, and where its ribbons start and end, in
// percent of the width.
const (
	nodeLeast  = 18
	nodeGap    = 7
	flowHeight = 200
	flowFrom   = 31.0
	flowTo     = 69.0
	nodeWidth  = 1.6
)

// FlowChart draws how many go from each node on the left to each on the right:
// flows[i][k] of from[i] to to[k]. Nodes without flow are left out; a ribbon's
// class is by class(i, k), and its words by text(i, k). heads are the titles of the two
// sides.
func FlowChart(title, desc string, heads [2]string, from, to []Node, flows [][]int64, figures func(int64) string, class, text func(i, k int) string) *Chart {
	left, right := make([]int64, len(from)), make([]int64, len(to))
	var all int64
	for i := range flows {
		for k, n := range flows[i] {
			left[i], right[k], all = left[i]+n, right[k]+n, all+n
		}
	}
	c := &Chart{Title: title, Desc: desc}
	scale := flowHeight / float64(max(all, 1))
	lefts, bottom := stack(left, scale)
	rights, other := stack(right, scale)
	c.Height = int(max(bottom, other)) + 2
	c.label(percentAt(flowFrom), 12, "end", "figure", heads[0])
	c.label(percentAt(flowTo), 12, "start", "figure", heads[1])
	c.Panel = &panel{X: percentAt(flowFrom), Width: percentAt(flowTo - flowFrom), Height: c.Height}
	for i := range flows {
		for k, n := range flows[i] {
			if n == 0 {
				continue
			}
			thick := float64(n) * scale
			c.Panel.Paths = append(c.Panel.Paths, path{ribbon(lefts[i].take(thick), rights[k].take(thick), max(thick, 1)), class(i, k), text(i, k)})
		}
	}
	slices.SortStableFunc(c.Panel.Paths, func(a, b path) int { return cmp.Compare(onTop(a.Class), onTop(b.Class)) })
	for i, s := range lefts {
		c.node(s, left[i], flowFrom-nodeWidth, flowFrom-nodeWidth-1.5, "end", from[i], figures)
	}
	for k, s := range rights {
		c.node(s, right[k], flowTo, flowTo+nodeWidth+1.5, "start", to[k], figures)
	}
	return c
}

// onTop orders ribbons: those of better and worse grades are drawn over the rest.
func onTop(class string) int {
	if class == "few" {
		return 0
	}
	return 1
}

// A stretch is what a node takes of the height, and how much of it its ribbons
// have taken so far.
type stretch struct{ top, height, at float64 }

func (s *stretch) take(thick float64) (top float64) {
	top = s.at
	s.at += thick
	return top
}

// stack puts nodes below each other; ribbons start in the middle of theirs.
func stack(sums []int64, scale float64) (out []*stretch, bottom float64) {
	bottom = 22
	for _, n := range sums {
		s := &stretch{top: bottom, height: max(nodeLeast, float64(n)*scale)}
		s.at = s.top + (s.height-float64(n)*scale)/2
		if n > 0 {
			bottom += s.height + nodeGap
		}
		out = append(out, s)
	}
	return out, bottom
}

func (c *Chart) node(s *stretch, n int64, x, label float64, anchor string, of Node, figures func(int64) string) {
	if n == 0 {
		return
	}
	c.Bars = append(c.Bars, bar{percentAt(x), percentAt(nodeWidth), pixels(s.top), pixels(s.height), of.Class})
	c.label(percentAt(label), s.top+s.height/2+4, anchor, "name", of.Name+" · "+figures(n))
}

// ribbon draws a band from one height to another across 100 units.
func ribbon(from, to, thick float64) string {
	n := func(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
	return strings.Join([]string{
		"M0", n(from), "C50", n(from), "50", n(to), "100", n(to), "L100", n(to + thick), "C50", n(to + thick), "50", n(from + thick), "0", n(from + thick), "Z",
	}, " ")
}
