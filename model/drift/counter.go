package drift

import (
	"bytes"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// perHundredth is how many micro-points are a hundredth of a point: the squares of
// contributions are summed in these, where ten million accounts of a thousand
// points fit into 64 bits.
const perHundredth = model.Micro / 100

// A Counter tallies the pool of batches that a scorer has just scored. It is not
// safe for concurrent use.
type Counter struct {
	m       *model.Model
	asOf    int32 // date of the table
	ranks   *model.Ranks
	linear  []bool  // by feature: what it adds follows from its slot
	outside []bool  // by row
	without []int32 // rows that are not in the pool
}

// NewCounter returns a counter of tables of that date. Where m has no experience
// yet, numbers and dates have no range to be outside of.
func NewCounter(m *model.Model, asOf int32) *Counter {
	c := &Counter{m: m, asOf: asOf, ranks: model.NewRanks(m.Quantiles), linear: make([]bool, len(m.Terms))}
	for k := range m.Terms {
		c.linear[k] = len(m.Trees) == 0 && m.Grid == nil && !m.Terms[k].IsSet()
	}
	return c
}

// NewTally returns a tally of nothing.
func NewTally(m *model.Model) *model.Tally {
	t := &model.Tally{
		Cells: make([]int64, len(m.Marks())+1), Grades: make([]int64, len(m.Grades.Cuts)),
		Features: make([]model.FeatureTally, len(m.Terms)),
	}
	for k := range m.Terms {
		t.Features[k] = model.FeatureTally{Feature: m.Terms[k].Feature, Slots: make([]int64, m.Terms[k].Slots())}
	}
	return t
}

// Add adds another part of the same pool to t.
func Add(t, part *model.Tally) {
	t.Accounts, t.Scored, t.Outside = t.Accounts+part.Accounts, t.Scored+part.Scored, t.Outside+part.Outside
	t.Margin, t.Squares = t.Margin+part.Margin, t.Squares+part.Squares
	sum := func(to, from []int64) {
		for i, n := range from {
			to[i] += n
		}
	}
	sum(t.Cells, part.Cells)
	sum(t.Grades, part.Grades)
	for k := range part.Features {
		to, from := &t.Features[k], &part.Features[k]
		sum(to.Slots, from.Slots)
		to.Outside, to.MicroPoints, to.Squares = to.Outside+from.Outside, to.MicroPoints+from.MicroPoints, to.Squares+from.Squares
	}
}

// Count adds to t the rows of batch that are in the pool, of which s has just made
// scores.
func (c *Counter) Count(t *model.Tally, s *model.Scorer, scores *model.Scores, batch *datasets.Batch, pool []bool) {
	c.outside = append(c.outside[:0], make([]bool, batch.Rows)...)
	c.without = c.without[:0]
	for i, in := range pool {
		if !in {
			c.without = append(c.without, int32(i))
		}
	}
	for k := range c.m.Terms {
		to, codes := &t.Features[k], s.Coded(k)
		c.tallyCodes(to.Slots, codes.Codes[:len(pool)])
		if codes.Offsets != nil {
			tallyItems(to.Slots, codes, pool)
		}
		if !c.linear[k] {
			tallyPoints(to, scores.Contributions[k], pool)
		}
		c.strange(to, k, codes, batch.Column(to.Feature), pool)
	}
	for i, in := range pool {
		if in {
			c.account(t, scores, i)
		}
	}
	c.settle(t)
}

// settle derives what the linear features add from their slots.
func (c *Counter) settle(t *model.Tally) {
	for k, linear := range c.linear {
		if linear {
			t.Features[k].MicroPoints, t.Features[k].Squares = sums(c.m.Terms[k].MicroPoints, t.Features[k].Slots)
		}
	}
}

// tallyCodes counts the codes of the pool: those of all rows, less those of the
// few that are not in it. It counts in several histograms at once: the next code
// is often the same, and would wait for the count of the one before.
func (c *Counter) tallyCodes(slots []int64, codes []uint8) {
	var counts [4][bin.MaxCodes]int32
	rest := codes
	for ; len(rest) >= len(counts); rest = rest[len(counts):] {
		counts[0][rest[0]]++
		counts[1][rest[1]]++
		counts[2][rest[2]]++
		counts[3][rest[3]]++
	}
	for _, code := range rest {
		counts[0][code]++
	}
	for _, i := range c.without {
		counts[0][codes[i]]--
	}
	for slot := range min(len(slots), bin.MaxCodes) {
		slots[slot] += int64(counts[0][slot]) + int64(counts[1][slot]) + int64(counts[2][slot]) + int64(counts[3][slot])
	}
}

func tallyItems(slots []int64, c *bin.Column, pool []bool) {
	for i, in := range pool {
		if !in {
			continue
		}
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			slots[2+int(item)]++
		}
	}
}

func tallyPoints(t *model.FeatureTally, contributions []int32, pool []bool) {
	for i, v := range contributions {
		if pool[i] {
			h := int64(v) / perHundredth
			t.MicroPoints += int64(v)
			t.Squares += h * h
		}
	}
}

// account counts what row i comes to.
func (c *Counter) account(t *model.Tally, s *model.Scores, i int) {
	margin := s.Margin[i]
	h := margin / perHundredth
	t.Accounts++
	t.Margin += margin
	t.Squares += h * h
	if !s.Known[i] {
		return
	}
	t.Scored++
	if c.outside[i] {
		t.Outside++
	}
	t.Cells[c.ranks.Cell(margin)]++
	t.Grades[c.m.Grades.Index(c.m.CutOn(s, i))]++
}

// strange counts the rows of the pool whose value of feature k is new to the
// model: a category, or a set of items, that has no bin of its own; a number or an
// age beyond all that were trained on. A flag cannot be new.
func (c *Counter) strange(t *model.FeatureTally, k int, codes *bin.Column, column *datasets.Column, pool []bool) {
	note := func(i int) {
		t.Outside++
		c.outside[i] = true
	}
	low, high := c.span(k)
	b := &c.m.Terms[k].Binning
	switch {
	case b.Kind == features.Category:
		other := uint8(1 + len(b.Values))
		for at := 0; at < len(pool); at++ { // most batches have none, or few
			next := bytes.IndexByte(codes.Codes[at:len(pool)], other)
			if next < 0 {
				break
			}
			if at += next; pool[at] {
				note(at)
			}
		}
	case b.Kind == features.Set:
		for i, in := range pool {
			if in && codes.Codes[i] != 0 && codes.Offsets[i] == codes.Offsets[i+1] && len(column.Items(i)) > 0 {
				note(i)
			}
		}
	case b.Kind == features.Number && low <= high:
		for i, in := range pool {
			if v := column.Numbers[i]; (v < low || v > high) && in {
				note(i)
			}
		}
	case b.Kind == features.Date && low <= high:
		for i, in := range pool {
			if d := column.Days[i]; in && d != datasets.MissingDay && (float64(c.asOf-d) < low || float64(c.asOf-d) > high) {
				note(i)
			}
		}
	}
}

// span returns the range of a feature that was trained on; +Inf and −Inf where
// none is known.
func (c *Counter) span(k int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	if e := c.m.Experience; e != nil && e.Features[k].Low != nil {
		low, high = *e.Features[k].Low, *e.Features[k].High
	}
	return low, high
}

// Experience returns the tally of the pool that m is trained on, with the ranges
// of the numbers and dates of all rows. s must have made scores of batch last; m
// must have its quantiles and its cuts.
func Experience(m *model.Model, s *model.Scorer, scores *model.Scores, batch *datasets.Batch, asOf int32, pool []bool) *model.Tally {
	ranged := *m
	ranged.Experience = NewTally(m)
	for k := range m.Terms {
		low, high := extremes(batch.Column(m.Terms[k].Feature), batch.Rows, asOf)
		if low <= high {
			ranged.Experience.Features[k].Low, ranged.Experience.Features[k].High = &low, &high
		}
	}
	NewCounter(&ranged, asOf).Count(ranged.Experience, s, scores, batch, pool)
	for k := range m.Terms {
		ranged.Experience.Features[k].Slots = nil // the terms have them
	}
	return ranged.Experience
}

// extremes returns the least and the greatest finite number, or age in days, of a
// column; low > high where it has none.
func extremes(c *datasets.Column, rows int, asOf int32) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	add := func(v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	switch c.Type {
	case datasets.Number:
		for _, v := range c.Numbers[:rows] {
			add(v)
		}
	case datasets.Date:
		for _, d := range c.Days[:rows] {
			if d != datasets.MissingDay {
				add(float64(asOf - d))
			}
		}
	}
	return low, high
}

// trained returns what m was trained on with the slots of its terms. Of a model
// that has kept no experience there is nothing else.
func trained(m *model.Model) *model.Tally {
	t := &model.Tally{Features: make([]model.FeatureTally, len(m.Terms))}
	if m.Experience != nil {
		whole := *m.Experience
		t = &whole
		t.Features = slices.Clone(t.Features)
	}
	for k := range t.Features {
		term := &m.Terms[k]
		t.Features[k].Feature = term.Feature
		t.Features[k].Slots = make([]int64, len(term.Pool))
		for i, n := range term.Pool {
			t.Features[k].Slots[i] = int64(n)
		}
	}
	return t
}
