package report

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// similarCustomers is how many are named of each account.
const similarCustomers = 2

// addSimilar names the customers of a table, as of a day, whose values are worth most
// like those of each call: the distance is the sum, over the features, of the points by
// which they differ (model.Term.Distance). Calls that the accounts table does not have
// are left as they are.
func addSimilar(m *model.Model, customers *datasets.Batch, day int32, calls []pick) {
	binnings := make([]bin.Binning, len(m.Terms))
	for k := range m.Terms {
		binnings[k] = m.Terms[k].Binning
	}
	theirs := bin.Bin(binnings, customers, day)
	domain, name := customers.Column("domain"), customers.Column("name")
	for c := range calls {
		p := &calls[c]
		if p.cells == nil {
			continue
		}
		for _, row := range nearestRows(m, p, theirs) {
			text := page.Clean(string(name.Cell(row)))
			if text == "" {
				text = page.Clean(string(domain.Cell(row)))
			}
			if text != "" && !slices.Contains(p.similar, text) {
				p.similar = append(p.similar, text)
			}
		}
	}
}

// nearestRows returns the rows of the customers nearest to a pick, nearest first, ties
// by row.
func nearestRows(m *model.Model, p *pick, theirs *bin.Table) []int {
	type neighbour struct {
		row      int
		distance int64
	}
	own := make([]bin.Column, len(m.Terms))
	for k, cell := range p.cells {
		own[k] = bin.Column{Codes: []uint8{cell.slot}}
		if m.Terms[k].IsSet() {
			own[k].Offsets, own[k].Items = []int32{0, int32(len(cell.known))}, cell.known
		}
	}
	nearest := make([]neighbour, 0, similarCustomers+1)
	for row := range theirs.Rows {
		n := neighbour{row: row}
		for k := range m.Terms {
			n.distance += m.Terms[k].Distance(&own[k], 0, &theirs.Columns[k], row)
		}
		if len(nearest) == similarCustomers && n.distance >= nearest[similarCustomers-1].distance {
			continue
		}
		at, _ := slices.BinarySearchFunc(nearest, n, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
		})
		nearest = slices.Insert(nearest, at, n)
		nearest = nearest[:min(len(nearest), similarCustomers)]
	}
	rows := make([]int, len(nearest))
	for i, n := range nearest {
		rows[i] = n.row
	}
	return rows
}
