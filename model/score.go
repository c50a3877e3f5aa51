package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// A Scorer applies a model to batches. It keeps memory between batches and the
// codes of dictionaries within a reader; it is not safe for concurrent use:
// make one a goroutine, they share the model.
type Scorer struct {
	m       *Model
	terms   []scoredTerm // the fit's, then the intent signals
	fit     int          // how many are the fit's
	pillars []features.Pillar
	columns []bin.Column
	forest  *forest // nil: no trees
	most    []int64 // by feature of the fit: micro-points a set can give, so that trees cannot overflow 32 bits
}

type scoredTerm struct {
	term    *Term
	applier *bin.Applier
	pillar  int                 // index into pillars
	points  [bin.MaxCodes]int32 // micro-points by code
}

// Scores holds the result for the rows of one batch. Its slices are reused.
type Scores struct {
	Rows          int
	Margin        []int64    // micro-points; defined where Known
	Known         []bool     // some feature of the fit is known
	Contributions [][]int32  // by feature of the fit and row: micro-points, summing to Margin
	Unknown       [][]bool   // by feature of the fit and row
	Pillars       [][]int64  // by pillar (features.Pillars) and row: summed contributions, or summed strength of signals
	PillarKnown   [][]uint16 // by pillar and row: how many of its features are known
}

// NewScorer returns a scorer of m for tables of that date.
func NewScorer(m *Model, asOf int32) *Scorer {
	s := &Scorer{m: m, fit: len(m.Terms), pillars: features.Pillars}
	for _, terms := range [][]Term{m.Terms, m.Intent} {
		for i := range terms {
			t := &terms[i]
			st := scoredTerm{term: t, applier: bin.NewApplier(&t.Binning, asOf)}
			copy(st.points[:], t.MicroPoints)
			for p, name := range s.pillars {
				if name == t.Pillar {
					st.pillar = p
				}
			}
			s.terms = append(s.terms, st)
		}
	}
	s.columns = make([]bin.Column, len(s.terms))
	s.most = m.treeReach()
	for k := range s.most {
		s.most[k] = math.MaxInt32 - s.most[k]
	}
	if len(m.Trees) > 0 {
		s.forest = newForest(len(m.Terms))
		index := map[string]int32{}
		var points []int32 // of the forest's nodes
		for _, t := range m.Trees {
			s.forest.plant(t.nodes(), index, func(k int32) *bin.Binning { return &m.Terms[k].Binning })
			for i := range t {
				points = append(points, t[i].MicroPoints)
			}
		}
		s.forest.fold(points)
		s.forest.shareOut(points)
		for k, table := range s.forest.tables {
			for code, p := range table {
				s.terms[k].points[code] += p
			}
		}
	}
	return s
}

// Columns returns the fields a batch must have to be scored.
func (m *Model) Columns() []datasets.Field {
	fields := make([]datasets.Field, len(m.Specs))
	for i, s := range m.Specs {
		fields[i] = datasets.Field{Name: s.Name, Type: s.Kind.Type()}
	}
	return fields
}

// NewReader forgets dictionaries: call it when batches come from another reader.
func (s *Scorer) NewReader() {
	for _, t := range s.terms {
		t.applier.NewReader()
	}
}

// Coded returns the codes of a feature in the batch that was scored last: first
// those of the fit, then the intent signals. The next call of Score changes them.
func (s *Scorer) Coded(feature int) *bin.Column { return &s.columns[feature] }

// Score scores the rows of batch into dst. A column of the model that the
// batch lacks, or has in another type, is an error.
func (s *Scorer) Score(dst *Scores, batch *datasets.Batch) error {
	n := batch.Rows
	s.prepare(dst, n)
	for k := range s.terms {
		t := &s.terms[k]
		c := batch.Column(t.term.Feature)
		if c == nil {
			return fmt.Errorf("score: feature %q: no such column in the feature table; run `icpfit features` again", t.term.Feature)
		}
		if c.Type != t.term.Kind.Type() {
			return fmt.Errorf("score: feature %q: the column is a %s, the model wants a %s; run `icpfit features` again", t.term.Feature, c.Type, t.term.Kind.Type())
		}
		t.applier.Apply(&s.columns[k], c, n)
		s.add(dst, k, &s.columns[k])
	}
	s.finish(dst, s.columns)
	return nil
}

// ScoreBins scores columns of n rows that are binned already, one for each term of
// the fit, then one for each intent signal, into dst.
func (s *Scorer) ScoreBins(dst *Scores, columns []bin.Column, n int) {
	s.prepare(dst, n)
	for k := range s.terms {
		s.add(dst, k, &columns[k])
	}
	s.finish(dst, columns)
}

// add adds what term k gives.
func (s *Scorer) add(dst *Scores, k int, c *bin.Column) {
	t := &s.terms[k]
	if k >= s.fit {
		s.signal(dst, k, c)
		return
	}
	t.contribute(dst, k, c.Codes)
	if c.Offsets != nil {
		addItems(dst.Contributions[k], c, t.term.MicroPoints, s.most[k])
	}
	if k == s.fit-1 { // before the signals, which make no account known
		for p := range s.pillars {
			for i, features := range dst.PillarKnown[p] {
				dst.Known[i] = dst.Known[i] || features > 0
			}
		}
	}
}

// finish adds what depends on several terms, and sums.
func (s *Scorer) finish(dst *Scores, columns []bin.Column) {
	if s.m.Grid != nil {
		s.m.Grid.scale(dst, s.terms[:s.fit])
	}
	if s.forest != nil {
		s.forest.contribute(dst.Contributions, columns, dst.Rows)
	}
	for k := range s.fit {
		pillar := dst.Pillars[s.terms[k].pillar]
		for i, c := range dst.Contributions[k] {
			dst.Margin[i] += int64(c)
			pillar[i] += int64(c)
		}
	}
}

func (s *Scorer) prepare(dst *Scores, n int) {
	dst.Rows = n
	dst.Margin, dst.Known = zeroed(dst.Margin, n), zeroed(dst.Known, n)
	if dst.Contributions == nil {
		dst.Contributions, dst.Unknown = make([][]int32, s.fit), make([][]bool, s.fit)
		dst.Pillars, dst.PillarKnown = make([][]int64, len(s.pillars)), make([][]uint16, len(s.pillars))
	}
	for k := range s.fit {
		dst.Contributions[k], dst.Unknown[k] = slices.Grow(dst.Contributions[k][:0], n)[:n], slices.Grow(dst.Unknown[k][:0], n)[:n]
	}
	for p := range s.pillars {
		dst.Pillars[p], dst.PillarKnown[p] = zeroed(dst.Pillars[p], n), zeroed(dst.PillarKnown[p], n)
	}
}

func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// contribute stores the micro-points of term k, which is of the fit, and where it
// is unknown, and counts the rows in which it is not.
func (t *scoredTerm) contribute(dst *Scores, k int, codes []uint8) {
	contributions, unknown, known := dst.Contributions[k][:len(codes)], dst.Unknown[k][:len(codes)], dst.PillarKnown[t.pillar][:len(codes)]
	for i, code := range codes {
		contributions[i] = t.points[code]
		unknown[i] = code == 0
		known[i] += (uint16(code) + 0xff) >> 8 // 1 unless it is 0
	}
}

// addItems adds the micro-points of a set's items. A set gives at most most
// micro-points either way, however many items it holds.
func addItems(dst []int32, c *bin.Column, points []int32, most int64) {
	for i := range dst {
		sum := int64(dst[i])
		for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
			sum += int64(points[2+int(item)])
		}
		dst[i] = int32(max(-most, min(most, sum)))
	}
}

// signal adds the strength of an intent signal to the pillar's score.
func (s *Scorer) signal(dst *Scores, k int, c *bin.Column) {
	t := &s.terms[k]
	for i := range dst.Rows {
		if c.Codes[i] == 0 {
			continue
		}
		dst.PillarKnown[t.pillar][i]++
		dst.Pillars[t.pillar][i] += int64(t.term.MicroPoints[c.Codes[i]])
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				dst.Pillars[t.pillar][i] += int64(t.term.MicroPoints[2+int(item)])
			}
		}
	}
}

// PillarScore returns the 0–100 score of a pillar for row i, NaN where the
// whole pillar is unknown: the percentile in the pool of its summed
// contributions; for a written grid, its points as a share of their maximum.
func (m *Model) PillarScore(s *Scores, pillar, i int) float64 {
	if s.PillarKnown[pillar][i] == 0 {
		return math.NaN()
	}
	if m.Grid != nil {
		return m.Grid.pillarScore(m, s, pillar, i)
	}
	return Percentile(m.PillarQuantiles[string(features.Pillars[pillar])], s.Pillars[pillar][i])
}

// PriorityWeights are the weights of the pillar scores in the priority, in the
// order of features.Pillars (the method's defaults).
var PriorityWeights = []float64{0.4, 0.3, 0.3}

// Priority returns the weighted mean of the pillar scores that are known: a
// NaN's weight goes to the others in proportion. It is NaN where all are.
func Priority(scores []float64) float64 {
	var sum, weight float64
	for p, v := range scores {
		if !math.IsNaN(v) {
			sum += PriorityWeights[p] * v
			weight += PriorityWeights[p]
		}
	}
	if weight == 0 {
		return math.NaN()
	}
	return sum / weight
}

// RowPriority returns the priority of row i, 0 to 100, NaN where no pillar is known.
func (m *Model) RowPriority(s *Scores, i int) float64 {
	var scores [3]float64
	for p := range scores {
		scores[p] = m.PillarScore(s, p, i)
	}
	return Priority(scores[:])
}

// CutOn returns what the grade of row i is cut on: its margin or, where grades are
// cut on priority, its priority in micro-points.
func (m *Model) CutOn(s *Scores, i int) int64 {
	if m.Grades.On == "priority" {
		return int64(math.Round(m.RowPriority(s, i) * Micro))
	}
	return s.Margin[i]
}
