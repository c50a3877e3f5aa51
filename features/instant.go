package features

import (
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// unknownTime is the instant of a row that does not say when it was changed:
// before all others.
const unknownTime = math.MinInt64

// instants reads a column that says when rows were last changed.
type instants struct {
	col   *datasets.Column // nil: no such column
	text  texts
	order parse.DateOrder
}

func instantsOf(b *datasets.Batch, at int, order parse.DateOrder) instants {
	if at < 0 {
		return instants{}
	}
	col := &b.Columns[at]
	return instants{col, textsOf(col, 0, b.Rows), order}
}

// at returns a number that grows with the time of row i: seconds since 1970 for
// texts and dates, the value itself for a column of numbers.
func (t instants) at(i int) int64 {
	if t.col == nil || t.col.Missing(i) {
		return unknownTime
	}
	switch t.col.Type {
	case datasets.Integer:
		return t.col.Integers[i]
	case datasets.Number:
		if v := t.col.Numbers[i]; math.Abs(v) < 1<<53 {
			return int64(v)
		}
		return unknownTime
	case datasets.Date:
		return int64(t.col.Days[i]) * 86400
	}
	if at, status := t.order.Instant(t.text.at(i)); status == parse.OK {
		return at
	}
	return unknownTime
}
