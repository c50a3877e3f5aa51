package nearest

import (
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// block is how many changed accounts are scored at a time.
const block = 4096

// A probe scores an account with changes.
type probe struct {
	q       Question
	columns []bin.Column // block rows, all of them the account
	scores  model.Scores
}

func newProbe(q Question) *probe {
	p := &probe{q: q, columns: make([]bin.Column, len(q.Columns))}
	for k := range q.Columns {
		p.same(k, block)
	}
	return p
}

// same fills column k with what the account has.
func (p *probe) same(k, rows int) {
	from, to := &p.q.Columns[k], &p.columns[k]
	to.Codes = slices.Repeat(from.Codes[:1], rows)
	if from.Offsets == nil {
		return
	}
	to.Offsets, to.Items = append(to.Offsets[:0], 0), slices.Repeat(from.Items, rows)
	for i := range rows {
		to.Offsets = append(to.Offsets, int32((i+1)*len(from.Items)))
	}
}

// score tells for every combination of options, the last list's varying fastest,
// whether what its grade is cut on reaches.
func (p *probe) score(terms []int, lists [][]option, rows int, reaches func(int64) bool) []bool {
	out := make([]bool, 0, rows)
	for from := 0; from < rows; from += block {
		n := min(block, rows-from)
		step := rows
		for i, k := range terms {
			step /= len(lists[i])
			p.change(k, n, func(row int) int { return lists[i][(from+row)/step%len(lists[i])].slot })
		}
		p.q.Scorer.ScoreBins(&p.scores, p.first(n), n)
		for i := range n {
			out = append(out, reaches(p.q.Model.CutOn(&p.scores, i)))
		}
	}
	for _, k := range terms {
		p.same(k, block)
	}
	return out
}

// first returns the first n rows.
func (p *probe) first(n int) []bin.Column {
	out := slices.Clone(p.columns)
	for k := range out {
		out[k].Codes = out[k].Codes[:n]
	}
	return out
}

// change gives the first rows of column k the slots that slot says.
func (p *probe) change(k, rows int, slot func(row int) int) {
	c := &p.columns[k]
	if c.Offsets == nil {
		for i := range rows {
			c.Codes[i] = uint8(slot(i))
		}
		return
	}
	has := p.q.Columns[k].Items
	c.Offsets, c.Items = append(c.Offsets[:0], 0), c.Items[:0]
	for i := range rows {
		c.Codes[i] = 1
		item := uint16(slot(i) - 2)
		at, _ := slices.BinarySearch(has, item)
		c.Items = append(append(append(c.Items, has[:at]...), item), has[at:]...)
		c.Offsets = append(c.Offsets, int32(len(c.Items)))
	}
}
