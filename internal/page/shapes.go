package page

import (
	"cmp"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// fewCustomers is the number of customers below which a bin's points rest on
// little.
const fewCustomers = 5

// shapeItems is how many items of a set a shape shows.
const shapeItems = 15

// Importances returns, by term, how many points the feature gives or takes from
// an account of the pool, on average. A written grid has no pool behind it: there it is the most points of
// 100 that the criterion can give when all are known.
func Importances(m *model.Model) []float64 {
	out := make([]float64, len(m.Terms))
	if m.Grid != nil {
		return gridMaxima(m, out)
	}
	for k := range m.Terms {
		out[k] = m.Terms[k].Importance()
	}
	return out
}

// gridMaxima stores the most points each criterion of a written grid can give:
// its maximum as a share of its pillar's, times the pillar's weight; in mode
// sum, as a share of all.
func gridMaxima(m *model.Model, out []float64) []float64 {
	group := func(p features.Pillar) features.Pillar {
		if m.Grid.Weights == nil {
			return ""
		}
		return p
	}
	maximum := map[features.Pillar]float64{}
	for k := range m.Terms {
		maximum[group(m.Terms[k].Pillar)] += float64(m.Grid.Maximum[k])
	}
	for k := range m.Terms {
		p := group(m.Terms[k].Pillar)
		if maximum[p] == 0 {
			continue
		}
		weight := 1.0
		if m.Grid.Weights != nil {
			weight = m.Grid.Weights[string(p)]
		}
		out[k] = 100 * weight * float64(m.Grid.Maximum[k]) / maximum[p]
	}
	return out
}

// Normalise returns values as shares of their sum, zeros if that is zero.
func Normalise(values []float64) []float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	out := make([]float64, len(values))
	for i, v := range values {
		if sum > 0 {
			out[i] = v / sum
		}
	}
	return out
}

// ByStrength returns the terms' numbers, strongest first, ties by name.
func ByStrength(m *model.Model, points []float64) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(points[b], points[a]), cmp.Compare(m.Terms[a].Feature, m.Terms[b].Feature))
	})
	return order
}

// NewShape returns the points of a term by bin. Neighbouring bins of numbers and
// dates that have the same points are shown as one, with the greatest of their
// standard errors.
func NewShape(t *model.Term, grid bool, l Labeller) Shape {
	s := Shape{Feature: Clean(t.Feature), Pillar: string(t.Pillar), Kind: string(t.Kind), Bins: []ShapeBin{}}
	slots := make([]int, t.Slots())
	for i := range slots {
		slots[i] = i
	}
	if t.IsSet() {
		slots = slots[2:]
		slices.SortStableFunc(slots, func(a, b int) int {
			return cmp.Compare(math.Abs(float64(t.Shape()[b])), math.Abs(float64(t.Shape()[a])))
		})
		shown := min(len(slots), shapeItems)
		s.Hidden, slots = len(slots)-shown, slots[:shown]
	}
	for i := 0; i < len(slots); {
		first, last := slots[i], slots[i]
		for i++; i < len(slots) && joins(t, last, slots[i]); i++ {
			last = slots[i]
		}
		s.Bins = append(s.Bins, shapeBin(t, first, last, grid, l))
	}
	return s
}

// measured reports whether a term's bins are stretches of a line.
func measured(kind features.Kind) bool { return kind == features.Number || kind == features.Date }

// joins reports whether two neighbouring slots are shown as one.
func joins(t *model.Term, a, b int) bool {
	return measured(t.Kind) && a > 0 && t.Shape()[a] == t.Shape()[b]
}

// shapeBin returns the slots from first to last as one bin.
func shapeBin(t *model.Term, first, last int, grid bool, l Labeller) ShapeBin {
	b := ShapeBin{Label: l.Slots(first, last), Points: float64(t.Shape()[first]) / model.Micro}
	for slot := first; slot <= last; slot++ {
		b.Customers += t.Customers[slot]
		b.Pool += t.Pool[slot]
	}
	b.Few = !grid && b.Customers < fewCustomers
	if last < len(t.Spread) {
		b.Spread = ptr(float64(slices.Max(t.Spread[first:last+1])) / model.Micro)
	}
	if measured(t.Kind) && first > 0 && last <= len(t.Edges) {
		b.edge = l.axis(t.Edges[last-1])
	}
	return b
}

func ptr(v float64) *float64 { return &v }
