package activity

import (
	"math"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// A Time is an instant in seconds since 1970, UTC; a date alone is its midnight.
type Time int64

// Unknown is the time of what has none.
const Unknown Time = math.MinInt64

// Known reports whether t is a time.
func (t Time) Known() bool { return t != Unknown }

// Day returns the day since 1970-01-01, or datasets.MissingDay.
func (t Time) Day() int32 {
	if t == Unknown {
		return datasets.MissingDay
	}
	day := t / 86400
	if t%86400 < 0 {
		day--
	}
	return int32(day)
}

// String returns the day as 2006-01-02, "" where it is unknown.
func (t Time) String() string {
	if t == Unknown {
		return ""
	}
	return time.Unix(int64(t), 0).UTC().Format(time.DateOnly)
}
