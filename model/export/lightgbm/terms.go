package lightgbm

import (
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// term adds the trees of feature k of the points table: one that tells unknown
// from known and the bins apart; for a set, one an item as well. What gives no
// points has no tree.
func (e *exporter) term(k int) {
	t := &e.m.Terms[k]
	codes := len(t.MicroPoints)
	if t.IsSet() {
		codes = 2
	}
	if some(t.MicroPoints[:codes]) {
		g := &grower{e: e}
		g.split(e.known(k, 0), func() int32 { return g.bins(k, 1, codes) }, func() int32 { return g.slot(t, 0) })
		e.add(g.tree)
	}
	for slot := codes; slot < len(t.MicroPoints); slot++ {
		if t.MicroPoints[slot] == 0 {
			continue
		}
		g := &grower{e: e}
		lacks := t.Customers[1] + t.Pool[1] - t.Customers[slot] - t.Pool[slot]
		g.split(Split{Feature: e.column(k, slot), Missing: MissingNaN, DefaultLeft: true, Threshold: 0.5},
			func() int32 { return g.leaf(0, lacks) }, func() int32 { return g.slot(t, slot) })
		e.add(g.tree)
	}
}

func some(points []int32) bool {
	for _, p := range points {
		if p != 0 {
			return true
		}
	}
	return false
}

func (g *grower) slot(t *model.Term, slot int) int32 {
	return g.leaf(raw(t.MicroPoints[slot]), t.Customers[slot]+t.Pool[slot])
}

// bins adds a balanced tree over the slots from low to below high, all known.
func (g *grower) bins(k, low, high int) int32 {
	t := &g.e.m.Terms[k]
	count, same := 0, true
	for slot := low; slot < high; slot++ {
		count += t.Customers[slot] + t.Pool[slot]
		same = same && t.MicroPoints[slot] == t.MicroPoints[low]
	}
	if same {
		return g.leaf(raw(t.MicroPoints[low]), count)
	}
	middle := (low + high) / 2
	s := Split{Feature: g.e.column(k, 0), Missing: MissingNaN}
	switch t.Kind {
	case features.Category:
		s.Categories = bits(&t.Binning, func(code int32) bool { return int(code) >= low && int(code) < middle })
	case features.Flag:
		s.Threshold = 0.5
	default:
		s.Threshold = t.Edges[middle-2] // the upper end of bin middle - 1
	}
	return g.split(s, func() int32 { return g.bins(k, low, middle) }, func() int32 { return g.bins(k, middle, high) })
}
