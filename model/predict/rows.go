package predict

import (
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// A rowWriter turns scores into rows of the grade table, batch by batch.
type rowWriter struct {
	in      Input
	out     datasets.Batch
	reasons *reasons
	unknown datasets.Reason // of rows of which nothing is known
	remedy  string          // what to do about them

	night  *decisions
	past   past
	hashes []uint64 // of the group's rows, where they are looked up
	row    int      // of the group, the next one's

	ranks   *model.Ranks    // of margins
	pillars [3]*model.Ranks // of the pillars' sums

	grades []string // of the cuts: dictionary of grade and cut_grade
	counts []int64  // by cut, of the batch
	texts  [len(textColumns)]texts
}

// textColumns are the category columns whose dictionaries grow row by row, and
// textOf tells which of them a column is.
var (
	textColumns = [...]int{colPreviousGrade, colCause, colCauseFeature, colUnscoredReason, colUnscoredFix}
	textOf      = func() (index [colUnscoredFix + 1]int) {
		for i, col := range textColumns {
			index[col] = i
		}
		return index
	}()
)

// texts is a dictionary that only grows within a row group.
type texts struct {
	codes map[string]int32
	list  []string
}

// scanned is how many texts are compared one by one before a map is faster.
const scanned = 8

func (t *texts) code(s string) int32 {
	if s == "" {
		return -1
	}
	if len(t.list) <= scanned {
		for c, have := range t.list {
			if have == s {
				return int32(c)
			}
		}
	}
	c, ok := t.codes[s]
	if !ok {
		c = int32(len(t.list))
		t.codes[s] = c
		t.list = append(t.list, s)
	}
	return c
}

func (t *texts) reset() { t.codes, t.list = map[string]int32{}, nil }

func newRowWriter(in Input) *rowWriter {
	w := &rowWriter{in: in, reasons: newReasons(in.Model), night: in.night, past: past{previous: in.Previous, join: in.night.join, scatter: in.night.scatter}}
	for _, c := range in.Model.Grades.Cuts {
		w.grades = append(w.grades, c.Grade)
	}
	w.ranks = model.NewRanks(in.Model.Quantiles)
	for p, name := range features.Pillars {
		w.pillars[p] = model.NewRanks(in.Model.PillarQuantiles[string(name)])
	}
	reason, fill := Coverage(in.Model)
	w.unknown, w.remedy = reason, fill.String()
	return w
}

// newGroup starts a row group: its dictionaries are its own, so that its bytes
// do not depend on which goroutine wrote the one before.
func (w *rowWriter) newGroup() {
	for i := range w.texts {
		w.texts[i].reset()
	}
	w.reasons.newGroup()
	w.row = 0
}

// fill returns the rows of one batch, of which scorer has just made s. The result is reused by the next call.
func (w *rowWriter) fill(batch *datasets.Batch, scorer *model.Scorer, s *model.Scores, sum *Summary) *datasets.Batch {
	w.prepare(batch.Rows)
	copyText(&w.out.Columns[colDomain], batch.Column("domain"), batch.Rows)
	copyText(&w.out.Columns[colAccountID], batch.Column("account_id"), batch.Rows)
	customer := batch.Column("customer").Flags
	copy(w.out.Columns[colCustomer].Flags, customer[:batch.Rows])
	why := batch.Column("row_reason")
	w.reasons.start(batch, scorer, s)
	for i := range batch.Rows {
		reason := datasets.Reason("")
		if code := why.Codes[i]; code >= 0 {
			reason = datasets.Reason(why.Dictionary[code])
		}
		at := w.stand()
		var fix string
		switch {
		case at.excluded():
			reason, fix = datasets.Excluded, at.by.fix()
		case reason == "" && !s.Known[i]:
			reason, fix = w.unknown, w.remedy
		case reason != "":
			fix = Fix(reason)
		}
		if reason != "" {
			w.unscored(i, string(reason), fix, &at, sum)
			continue
		}
		w.score(s, i, customer[i] == 1, &at, sum)
	}
	for i, col := range textColumns {
		w.out.Columns[col].Dictionary = w.texts[i].list
	}
	w.reasons.finish(&w.out.Columns[colReasons])
	for cut, n := range w.counts {
		if n > 0 {
			sum.Grades[w.grades[cut]] += n
		}
	}
	sum.Rows += int64(batch.Rows)
	return &w.out
}

// prepare makes rows that are missing everywhere, but for their model, and of
// which nothing is so that may be.
func (w *rowWriter) prepare(rows int) {
	w.out.Prepare(Fields)
	w.out.Rows = rows
	for i := range w.out.Columns {
		c := &w.out.Columns[i]
		switch c.Type {
		case datasets.Category:
			c.Codes = filled(c.Codes, rows, -1)
		case datasets.Integer:
			c.Integers, c.Null = filled(c.Integers, rows, 0), filled(c.Null, rows, true)
		case datasets.Number:
			c.Numbers = filled(c.Numbers, rows, math.NaN())
		case datasets.Flag:
			c.Flags = filled(c.Flags, rows, 0)
		}
	}
	version := &w.out.Columns[colModelVersion]
	version.Codes, version.Dictionary = filled(version.Codes, rows, 0), []string{w.in.Model.Version}
	w.out.Columns[colGrade].Dictionary, w.out.Columns[colCutGrade].Dictionary = w.grades, w.grades
	w.counts = filled(w.counts, len(w.grades), 0)
}

// filled returns n values v, in the memory of s where they fit.
func filled[T any](s []T, n int, v T) []T {
	s = slices.Grow(s[:0], n)[:n]
	for i := range s {
		s[i] = v
	}
	return s
}

// copyText copies the texts of a column; of one that was not read it makes missing ones.
func copyText(dst, src *datasets.Column, rows int) {
	if src == nil {
		dst.Offsets = filled(dst.Offsets, rows+1, 0)
		return
	}
	dst.Data = append(dst.Data, src.Data[src.Offsets[0]:src.Offsets[len(src.Offsets)-1]]...)
	for _, o := range src.Offsets[1:] {
		dst.Offsets = append(dst.Offsets, o-src.Offsets[0])
	}
}

// text sets a text of row i, "" for null, in one of textColumns.
func (w *rowWriter) text(col, i int, s string) {
	if s != "" {
		w.out.Columns[col].Codes[i] = w.texts[textOf[col]].code(s)
	}
}

func (w *rowWriter) integer(col, i int, v int64) {
	c := &w.out.Columns[col]
	c.Integers[i], c.Null[i] = v, false
}

func (w *rowWriter) number(col, i int, v float64) { w.out.Columns[col].Numbers[i] = v }

// flag sets a flag of row i to yes.
func (w *rowWriter) flag(col, i int) { w.out.Columns[col].Flags[i] = 1 }

// unscored sets row i, which has no grade.
func (w *rowWriter) unscored(i int, reason, fix string, at *standing, sum *Summary) {
	w.text(colPreviousGrade, i, at.grade)
	cause, feature := w.cause("", at), ""
	if cause == CauseData {
		feature = w.past.strongest(at.then)
	}
	w.changed(i, cause, feature, sum)
	w.text(colUnscoredReason, i, reason)
	w.text(colUnscoredFix, i, fix)
	w.reasons.add(false)
	sum.Unscored[reason]++
}

// score sets row i, which is graded.
func (w *rowWriter) score(s *model.Scores, i int, customer bool, at *standing, sum *Summary) {
	m := w.in.Model
	points := m.Points(s.Margin[i])
	pillars := [3]float64{w.pillarScore(s, 0, i), w.pillarScore(s, 1, i), w.pillarScore(s, 2, i)}
	priority := model.Priority(pillars[:])
	cutOn := s.Margin[i]
	if m.Grades.On == "priority" {
		cutOn = int64(math.Round(priority * model.Micro))
	}
	fell := m.Grades.Index(cutOn)
	kept := w.keep(cutOn, fell, at)
	if at.graded() {
		kept = cutOf(&m.Grades, at.by.Grade)
		sum.Overridden++
		w.flag(colOverridden, i)
	}
	grade := w.grades[kept]
	if !customer && !at.graded() && w.night.explores(at.hash, grade) {
		sum.Exploration++
		w.flag(colExploration, i)
	}
	w.out.Columns[colGrade].Codes[i] = int32(kept)
	w.out.Columns[colCutGrade].Codes[i] = int32(fell)
	w.text(colPreviousGrade, i, at.grade)
	cause, feature := w.cause(grade, at), ""
	if cause == CauseData {
		feature = w.mover(s, i, at)
	}
	w.changed(i, cause, feature, sum)
	w.integer(colTier, i, int64(m.Grades.Cuts[kept].Tier))
	w.integer(colMargin, i, s.Margin[i])
	w.number(colPoints, i, points)
	if m.Grid == nil {
		w.number(colLift, i, model.Lift(points))
	}
	w.number(colFirmographic, i, pillars[0])
	w.number(colTechnographic, i, pillars[1])
	w.number(colIntent, i, pillars[2])
	w.number(colPriority, i, priority)
	w.number(colPercentile, i, w.ranks.Percentile(s.Margin[i]))
	w.reasons.add(true)
	w.counts[kept]++
}

// pillarScore is model.Model.PillarScore.
func (w *rowWriter) pillarScore(s *model.Scores, pillar, i int) float64 {
	if w.in.Model.Grid != nil || s.PillarKnown[pillar][i] == 0 {
		return w.in.Model.PillarScore(s, pillar, i)
	}
	return w.pillars[pillar].Percentile(s.Pillars[pillar][i])
}
