package predict

import (
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// A rowWriter turns scores into rows of the grade table, batch by batch.
type rowWriter struct {
	in      Input
	out     datasets.Batch
	reasons *reasons
	fixes   *fixes

	night  *decisions
	past   past
	hashes []uint64 // of the group's rows, where they are looked up
	row    int      // of the group, the next one's

	texts [len(categoryColumns)]texts // dictionaries of the category columns
}

// categoryColumns are the columns whose dictionaries a rowWriter keeps, and
// textOf tells which of them a column is.
var (
	categoryColumns = [...]int{colGrade, colCutGrade, colPreviousGrade, colCause, colCauseFeature, colUnscoredReason, colUnscoredFix, colModelVersion}
	textOf          = func() (index [colModelVersion + 1]int) {
		for i, col := range categoryColumns {
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
	return &rowWriter{in: in, reasons: newReasons(in.Model, in.AsOf), fixes: newFixes(in.Model), night: in.night, past: past{previous: in.Previous, scatter: in.night.scatter}}
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

// fill returns the rows of one batch. The result is reused by the next call.
func (w *rowWriter) fill(batch *datasets.Batch, s *model.Scores, sum *Summary) *datasets.Batch {
	w.out.Prepare(Fields)
	w.out.Rows = batch.Rows
	copyText(&w.out.Columns[colDomain], batch.Column("domain"))
	copyText(&w.out.Columns[colAccountID], batch.Column("account_id"))
	customer := batch.Column("customer")
	w.out.Columns[colCustomer].Flags = append(w.out.Columns[colCustomer].Flags, customer.Flags[:batch.Rows]...)
	why := batch.Column("row_reason")
	w.reasons.start(batch, s)
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
			reason, fix = w.fixes.reason, w.fixes.message
		case reason != "":
			fix = Fix(reason)
		}
		if reason != "" {
			w.unscored(string(reason), fix, &at, sum)
			continue
		}
		w.score(s, i, customer.Flags[i] == 1, &at, sum)
	}
	for i, col := range categoryColumns {
		w.out.Columns[col].Dictionary = w.texts[i].list
	}
	w.reasons.finish(&w.out.Columns[colReasons])
	sum.Rows += int64(batch.Rows)
	return &w.out
}

func copyText(dst, src *datasets.Column) {
	dst.Data = append(dst.Data, src.Data[src.Offsets[0]:src.Offsets[len(src.Offsets)-1]]...)
	for _, o := range src.Offsets[1:] {
		dst.Offsets = append(dst.Offsets, o-src.Offsets[0])
	}
}

// category appends a text, "" for null, to one of categoryColumns.
func (w *rowWriter) category(col int, s string) {
	w.out.Columns[col].Codes = append(w.out.Columns[col].Codes, w.texts[textOf[col]].code(s))
}

func (w *rowWriter) integer(col int, v int64, null bool) {
	c := &w.out.Columns[col]
	c.Integers, c.Null = append(c.Integers, v), append(c.Null, null)
}

func (w *rowWriter) number(col int, v float64) {
	w.out.Columns[col].Numbers = append(w.out.Columns[col].Numbers, v)
}

// flag appends a yes or no.
func (w *rowWriter) flag(col int, yes bool) {
	v := int8(0)
	if yes {
		v = 1
	}
	w.out.Columns[col].Flags = append(w.out.Columns[col].Flags, v)
}

// unscored appends a row that has no grade.
func (w *rowWriter) unscored(reason, fix string, at *standing, sum *Summary) {
	w.category(colGrade, "")
	w.category(colCutGrade, "")
	w.category(colPreviousGrade, at.grade)
	cause, feature := w.cause("", at), ""
	if cause == CauseData {
		feature = w.past.strongest(at.then)
	}
	w.changed(cause, feature, sum)
	w.flag(colOverridden, false)
	w.flag(colExploration, false)
	w.category(colUnscoredReason, reason)
	w.category(colUnscoredFix, fix)
	w.category(colModelVersion, w.in.Model.Version)
	w.integer(colTier, 0, true)
	w.integer(colMargin, 0, true)
	for _, col := range []int{colPoints, colLift, colFirmographic, colTechnographic, colIntent, colPriority, colPercentile} {
		w.number(col, math.NaN())
	}
	w.reasons.none()
	sum.Unscored[reason]++
}

// score appends a graded row.
func (w *rowWriter) score(s *model.Scores, i int, customer bool, at *standing, sum *Summary) {
	m := w.in.Model
	points := m.Points(s.Margin[i])
	pillars := [3]float64{m.PillarScore(s, 0, i), m.PillarScore(s, 1, i), m.PillarScore(s, 2, i)}
	priority := model.Priority(pillars[:])
	cutOn := s.Margin[i]
	if m.Grades.On == "priority" {
		cutOn = int64(math.Round(priority * model.Micro))
	}
	cut := m.Grades.Cuts[m.Grades.Index(cutOn)].Grade
	kept := m.Grades.Cuts[w.keep(cutOn, at)]
	if at.graded() {
		kept = m.Grades.Cuts[cutOf(&m.Grades, at.by.Grade)]
		sum.Overridden++
	}
	offered := !customer && !at.graded() && w.night.explores(at.hash, kept.Grade)
	if offered {
		sum.Exploration++
	}
	w.category(colGrade, kept.Grade)
	w.category(colCutGrade, cut)
	w.category(colPreviousGrade, at.grade)
	cause, feature := w.cause(kept.Grade, at), ""
	if cause == CauseData {
		feature = w.mover(s, i, at)
	}
	w.changed(cause, feature, sum)
	w.flag(colOverridden, at.graded())
	w.flag(colExploration, offered)
	w.category(colUnscoredReason, "")
	w.category(colUnscoredFix, "")
	w.category(colModelVersion, m.Version)
	w.integer(colTier, int64(kept.Tier), false)
	w.integer(colMargin, s.Margin[i], false)
	w.number(colPoints, points)
	lift := math.NaN()
	if m.Grid == nil {
		lift = model.Lift(points)
	}
	w.number(colLift, lift)
	w.number(colFirmographic, pillars[0])
	w.number(colTechnographic, pillars[1])
	w.number(colIntent, pillars[2])
	w.number(colPriority, priority)
	w.number(colPercentile, model.Percentile(m.Quantiles, s.Margin[i]))
	w.reasons.add(i)
	sum.Grades[kept.Grade]++
}
