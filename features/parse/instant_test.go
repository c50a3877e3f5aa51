package parse_test

import (
	"testing"
	"time"

	"github.com/icpfit/icpfit/features/parse"
)

// TestInstant: the forms of CRM exports. Wanted times are those of the time
// package, by hand.
func TestInstant(t *testing.T) {
	at := func(year int, month time.Month, day, hour, minute, second int) int64 {
		return time.Date(year, month, day, hour, minute, second, 0, time.UTC).Unix()
	}
	for cell, want := range map[string]int64{
		"2006-06-15T20:47:07.000Z":   at(2006, 6, 15, 20, 47, 7),
		"2006-06-15T20:47:07+02:00":  at(2006, 6, 15, 18, 47, 7),
		"2006-06-15T20:47:07.5+0200": at(2006, 6, 15, 18, 47, 7),
		"2018-12-19 19:51:13":        at(2018, 12, 19, 19, 51, 13),
		"2018-12-19 19:51":           at(2018, 12, 19, 19, 51, 0),
		"2018-12-19":                 at(2018, 12, 19, 0, 0, 0),
		"19/12/2018":                 at(2018, 12, 19, 0, 0, 0),
		"1546300800":                 at(2019, 1, 1, 0, 0, 0),
		" 1546300800123 ":            at(2019, 1, 1, 0, 0, 0),
	} {
		if got, status := parse.DayFirst.Instant(cell); got != want || status != parse.OK {
			t.Errorf("Instant(%q) = %d, %v; want %d", cell, got, status, want)
		}
	}
	if got, status := parse.MonthFirst.Instant("05/04/2006"); got != at(2006, 5, 4, 0, 0, 0) || status != parse.OK {
		t.Errorf("month first: %d, %v", got, status)
	}
	for cell, want := range map[string]parse.Status{"": parse.Missing, "n/a": parse.Missing, "soon": parse.Unreadable, "2018-13-40": parse.Unreadable} {
		if got, status := parse.DayFirst.Instant(cell); got != 0 || status != want {
			t.Errorf("Instant(%q) = %d, %v; want 0, %v", cell, got, status, want)
		}
	}
}
