package parse

import (
	"math"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// A DateOrder says how to read 05/04/2006, where day and month could be either.
type DateOrder uint8

// The orders of day and month.
const (
	DayFirst   DateOrder = iota // 5 April, the default
	MonthFirst                  // 4 May
)

// Date is DayFirst.Date.
func Date(s string) (days int32, status Status) { return DayFirst.Date(s) }

// Date returns the day a cell holds, in UTC, as days since 1970-01-01. It is
// datasets.MissingDay unless the status is OK; the year is from 1800 to 2100.
//
// It reads ISO 8601 and RFC 3339 (a time with an offset is moved to UTC),
// 2020-12-30 3:15:52, 20060415, 15/04/2006, 15.04.2006, 15-Apr-06, Apr 15, 2006,
// 15 avril 2006, and seconds, milliseconds or microseconds since 1970 as CRM
// exports write them (9 to 10, 12 to 13, or 15 to 16 digits). A month or a year alone
// is its first day. Where only one of day and month can be the month, the order
// does not matter. Two digits of a year are 1969 to 2068, as in POSIX. MySQL's
// zero date and the year 9999 are Missing.
func (o DateOrder) Date(s string) (days int32, status Status) {
	d, status := readDate(s)
	if status != OK {
		return datasets.MissingDay, status
	}
	if d.epoch {
		return dayOf(d.seconds)
	}
	year, month, day := d.resolve(o)
	switch {
	case year == 9999 || year == 0 && d.fields[0].digits == 4:
		return datasets.MissingDay, Missing
	case year < 1800 || year > 2100 || month < 1 || month > 12 || day < 1:
		return datasets.MissingDay, Unreadable
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return datasets.MissingDay, Unreadable
	}
	return dayOf(t.Unix() + d.seconds)
}

// dayOf returns the day of a time in seconds since 1970.
func dayOf(seconds int64) (int32, Status) {
	if t := time.Unix(seconds, 0).UTC(); t.Year() < 1800 || t.Year() > 2100 {
		return datasets.MissingDay, Unreadable
	}
	day := seconds / 86400
	if seconds%86400 < 0 {
		day--
	}
	return int32(day), OK
}

// OrderOf decides the order of a column from some of its cells: MonthFirst if
// more of them can only be read so than only the other way round.
func OrderOf(cells []string) DateOrder {
	votes := 0
	for _, cell := range cells {
		d, status := readDate(cell)
		if status != OK || d.month != 0 || d.n != 3 || d.fields[0].digits == 4 {
			continue
		}
		switch a, b := d.fields[0].value, d.fields[1].value; {
		case a > 12 && b <= 12:
			votes--
		case b > 12 && a <= 12:
			votes++
		}
	}
	if votes > 0 {
		return MonthFirst
	}
	return DayFirst
}

// resolve assigns the fields of a date. What it cannot assign is 0.
func (d *dateText) resolve(o DateOrder) (year, month, day int) {
	f := d.fields
	switch {
	case d.month != 0 && d.n == 1 && f[0].digits == 4:
		return f[0].value, d.month, 1
	case d.month != 0 && d.n == 2 && f[0].digits == 4 && f[1].digits <= 2:
		return f[0].value, d.month, f[1].value
	case d.month != 0 && d.n == 2 && f[0].digits <= 2:
		return f[1].fullYear(), d.month, f[0].value
	case d.month != 0:
		return -1, 0, 0
	case d.n == 1 && f[0].digits == 4:
		return f[0].value, 1, 1
	case d.n == 1 && f[0].digits == 8:
		return f[0].value / 10000, f[0].value / 100 % 100, f[0].value % 100
	case d.n == 2 && f[0].digits == 4 && f[1].digits <= 2 && d.separator != '.':
		return f[0].value, f[1].value, 1
	case d.n == 2 && f[1].digits == 4 && f[0].digits <= 2:
		return f[1].value, f[0].value, 1
	case d.n == 3 && f[0].digits == 4 && f[1].digits <= 2 && f[2].digits <= 2:
		return f[0].value, f[1].value, f[2].value
	case d.n == 3 && f[0].digits <= 2 && f[1].digits <= 2:
		day, month = f[0].value, f[1].value
		if (o == MonthFirst || month > 12) && day <= 12 {
			day, month = month, day
		}
		if o == MonthFirst && f[0].value > 12 {
			day, month = f[0].value, f[1].value
		}
		return f[2].fullYear(), month, day
	}
	return -1, 0, 0
}

// fullYear returns a year of four digits, or one of two in 1969 to 2068, or -1.
func (f dateField) fullYear() int {
	switch {
	case f.digits == 4:
		return f.value
	case f.digits == 2 && f.value < 69:
		return 2000 + f.value
	case f.digits == 2:
		return 1900 + f.value
	}
	return -1
}

// Year returns the year a cell holds, from 1800 to 2100: of the first four
// digits that stand alone and are one (1998, founded in 1998, 15/04/2006), or of
// a Date. It is NaN unless the status is OK.
func Year(s string) (float64, Status) {
	if isNothing(s) {
		return math.NaN(), Missing
	}
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			continue
		}
		end := digitsEnd(s, i)
		if end-i == 4 && (i == 0 || !isLetter(s[i-1])) && (end == len(s) || !isLetter(s[end]) || s[end]|0x20 == 't') {
			if year := atoi(s[i:end]); year >= 1800 && year <= 2100 {
				return float64(year), OK
			}
		}
		i = end
	}
	days, status := Date(s)
	if status != OK {
		return math.NaN(), status
	}
	return float64(time.Unix(int64(days)*86400, 0).UTC().Year()), OK
}
