package parse

import (
	"strconv"
	"strings"
	"time"
)

// clocks are the forms of time of day in CRM exports: Salesforce, HubSpot, SQL.
var clocks = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
}

// Instant returns the seconds since 1970, UTC, of the time a cell holds: a date
// and a time of day, a date alone (its midnight), or a Unix time in seconds or
// milliseconds. Dates are read as Date reads them. It is 0 unless the status is OK.
func (o DateOrder) Instant(s string) (seconds int64, status Status) {
	cell := strings.TrimSpace(s)
	if len(cell) >= 16 && cell[4] == '-' {
		for _, form := range clocks {
			if at, err := time.Parse(form, cell); err == nil {
				return at.Unix(), OK
			}
		}
	}
	if len(cell) == 10 || len(cell) == 13 {
		if n, err := strconv.ParseUint(cell, 10, 63); err == nil {
			if len(cell) == 13 {
				n /= 1000
			}
			return int64(n), OK
		}
	}
	day, status := o.Date(cell)
	if status != OK {
		return 0, status
	}
	return int64(day) * 86400, OK
}
