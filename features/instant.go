package features

import (
	"math"
	"strconv"
	"strings"
	"time"

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
	return instant(t.text.at(i), t.order)
}

// clocks are the forms of time of day in CRM exports: Salesforce, HubSpot, SQL.
var clocks = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
}

// instant returns the seconds since 1970 of a time, a date or a Unix time in
// seconds or milliseconds, or unknownTime.
func instant(cell string, order parse.DateOrder) int64 {
	cell = strings.TrimSpace(cell)
	if len(cell) >= 16 && cell[4] == '-' {
		for _, form := range clocks {
			if at, err := time.Parse(form, cell); err == nil {
				return at.Unix()
			}
		}
	}
	if len(cell) == 10 || len(cell) == 13 {
		if n, err := strconv.ParseUint(cell, 10, 63); err == nil {
			if len(cell) == 13 {
				n /= 1000
			}
			return int64(n)
		}
	}
	if day, status := order.Date(cell); status == parse.OK {
		return int64(day) * 86400
	}
	return unknownTime
}
