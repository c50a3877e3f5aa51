package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// A Labeller names the bins of one feature.
type Labeller struct {
	*Printer
	*bin.Binning
	parser string // of the values: a year is written without thousands, a country's code by name
}

// NewLabeller returns a labeller of a feature whose values a parser made.
func NewLabeller(p *Printer, b *bin.Binning, parser string) Labeller { return Labeller{p, b, parser} }

// About names the numbers above edge first-1 up to edge last as people would say
// them: 49 to 412, 1.4M to 20M.
func (l Labeller) About(first, last int) string {
	if l.Kind != features.Number || l.parser == "year" {
		return l.Slots(first, last)
	}
	round := make([]float64, len(l.Edges))
	for i, v := range l.Edges {
		if round[i] = v; math.Abs(v) >= 10 {
			scale := math.Pow10(max(0, int(math.Floor(math.Log10(math.Abs(v))))-2))
			round[i] = math.Round(v/scale) * scale
		}
	}
	rounded := *l.Binning
	rounded.Edges = round
	return Labeller{l.Printer, &rounded, brief}.between(first-1, last)
}

// brief is the parser of a labeller that writes numbers as short as on an axis.
const brief = "brief"

// Slots names the bins from slot first to slot last, which are neighbours of
// one kind, as bin.Label does for one bin in English.
func (l Labeller) Slots(first, last int) string {
	switch {
	case first == 0:
		return l.T("value.unknown")
	case l.Kind == features.Flag:
		return l.T([...]string{"value.no", "value.yes"}[first-1])
	case l.IsSet() && first == 1:
		return l.T("value.known")
	case l.IsSet():
		return Clean(l.Labels[first-2])
	case l.Kind == features.Category && first-1 < len(l.Labels) && l.parser == "country":
		return l.Country(Clean(l.Labels[first-1]))
	case l.Kind == features.Category && first-1 < len(l.Labels):
		return Clean(l.Labels[first-1])
	case l.Kind == features.Category:
		return l.T("value.other")
	}
	text := l.between(first-1, last)
	if l.Kind == features.Date && len(l.Edges) > 0 {
		text += " " + l.T("days")
	}
	return text
}

// between names the numbers above edge low-1 up to edge high-1, counted from 0
// and open where there is no such edge.
func (l Labeller) between(low, high int) string {
	n := len(l.Edges)
	switch {
	case low == 0 && high > n:
		return l.T("value.any")
	case low == 0:
		return l.T("bin.up_to", l.short(l.Edges[high-1]))
	case high > n:
		return l.T("bin.over", l.short(l.Edges[low-1]))
	case l.parser == "year": // whole numbers, so that the first above the lower edge is known
		from, to := math.Floor(l.Edges[low-1])+1, math.Floor(l.Edges[high-1])
		if from >= to {
			return l.short(to)
		}
		return l.T("bin.between", l.short(from), l.short(to))
	}
	return l.T("bin.between", l.short(l.Edges[low-1]), l.short(l.Edges[high-1]))
}

// short writes an edge with as many digits as people read: 1,250 or 2.5.
func (l Labeller) short(v float64) string {
	a := math.Abs(v)
	switch {
	case l.parser == brief && a >= 1e4:
		return l.axis(v)
	case l.parser == "year":
		return strconv.FormatFloat(math.Floor(v), 'f', 0, 64)
	case a >= 1e15 || a > 0 && a < 1e-4:
		return strings.Replace(strconv.FormatFloat(v, 'g', 3, 64), ".", l.decimal, 1)
	case a >= 1000 || v == math.Trunc(v):
		return l.Num(v, 0)
	}
	_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'g', 4, 64), ".")
	return l.Num(v, len(fraction))
}

// axis writes an edge for an axis, where there is room for few characters:
// 12k, 1.35M.
func (l Labeller) axis(v float64) string {
	for _, unit := range []struct {
		size float64
		sign string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= 10*unit.size || math.Abs(v) >= unit.size && unit.size > 1e3 {
			digits := strconv.FormatFloat(v/unit.size, 'g', 3, 64)
			return strings.Replace(strings.Replace(digits, ".", l.decimal, 1), "-", "−", 1) + unit.sign
		}
	}
	return l.short(v)
}
