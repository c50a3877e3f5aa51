package scorecard

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// groups is the most groups that the known codes of a feature are put into for
// pairs: a cell of a pair holds a twelfth of a twelfth of the accounts.
const groups = 12

// A grouping puts the known codes of a feature into few groups of neighbours,
// 1 and up, of about equal weight. 0 is missing, and codes that nobody has.
type grouping struct {
	of    [bin.MaxCodes]uint8 // by code
	codes [][]int32           // by group; ascending
	from  int                 // first group that a pair may move: 0 where missing may be learned, else 1
}

func (g *grouping) n() int { return len(g.codes) - 1 }

// newGrouping groups the codes of feature k. Neighbours are those of the order
// of the codes, or, of a category, those whose scores are alike.
func newGrouping(d *model.Data, k int, scores []float64) *grouping {
	var weight [bin.MaxCodes]float64
	for i, code := range d.Table.Columns[k].Codes {
		weight[code] += d.Weights[i]
	}
	var order []int
	var left float64
	for code := 1; code < len(scores); code++ {
		if weight[code] > 0 {
			order = append(order, code)
			left += weight[code]
		}
	}
	if !d.Table.Binnings[k].Ordered() {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	}
	g := &grouping{codes: [][]int32{{0}}, from: 1}
	if d.Learn[k] {
		g.from = 0
	}
	var held float64
	for _, code := range order {
		// A group is full at an equal share of what is left for those to come.
		if held == 0 || len(g.codes) <= groups && held >= (held+left)/float64(groups+2-len(g.codes)) {
			g.codes = append(g.codes, nil)
			held = 0
		}
		at := g.n()
		g.of[code] = uint8(at)
		g.codes[at] = append(g.codes[at], int32(code))
		held += weight[code]
		left -= weight[code]
	}
	for _, codes := range g.codes {
		slices.Sort(codes)
	}
	return g
}
