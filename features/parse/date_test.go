package parse_test

import (
	"math"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// The wanted days are ISO dates, which the standard library turns into numbers.
var dateCases = []struct {
	want  string
	cells []string
}{
	{"2006-04-15", []string{
		"2006-04-15", " 2006-04-15 ", "2006/04/15", "2006.04.15", "2006-4-15", "20060415", "2006-04-15T03:23:15Z", "2006-04-15T03:23:15.000Z", "2006-04-15 3:23:15", "2006-04-15 03:23",
		"2006-04-15T23:59:59+00:00", "2006-04-15T23:59:59.999999", "15/04/2006", "04/15/2006", "4/15/2006", "15.04.2006", "15-04-2006", "15/04/06", "15/04/2006 10:30:00", "4/15/2006 10:30 AM",
		"Apr 15, 2006", "April 15, 2006", "April 15th, 2006", "15 April 2006", "15 avril 2006", "15 AVRIL 2006", "15-Apr-2006", "15-Apr-06", "2006 Apr 15", "Sat, 15 Apr 2006 10:00:00 GMT", "Saturday, April 15, 2006",
		"samedi 15 avril 2006", "Sat Apr 15 03:23:15 UTC 2006", "Sat Apr 15 03:23:15 2006", "1145071395", "1145071395000", "1145071395000000", "15 of April 2006", "April 15, 2006 at 3:15 PM", "2006-04-15T03:23:15.000+0000",
	}},
	{"2006-04-16", []string{"2006-04-15T23:30:00-05:00", "2006-04-15T23:30:00-0500", "2006-04-15 23:30:00 -05", "2006-04-16T01:00:00+01:00"}},
	{"2006-04-14", []string{"2006-04-15T00:30:00+02:00", "2006-04-15T00:30:00.123+02:00"}},
	{"2020-12-30", []string{"2020-12-30 3:15:52", "2020-12-30 3:15:52 PM"}},
	{"2023-06-08", []string{"2023-06-08 23:22:50.829000"}},
	{"2020-03-01", []string{"2020-03", "2020/03", "03/2020", "3/2020", "March 2020", "mars 2020", "1er mars 2020", "Mar-2020", "03.2020"}},
	{"2006-01-01", []string{"2006", "1/1/2006", "Jan 2006", "janv. 2006"}},
	{"2024-02-29", []string{"2024-02-29", "29 février 2024", "29 fev 2024"}},
	{"2022-08-05", []string{"5 août 2022", "5 aout 2022", "05/08/2022", "5.8.2022"}},
	{"2068-12-31", []string{"31/12/68"}},
	{"1969-01-01", []string{"01/01/69", "1969-01-01"}},
	{"1800-01-01", []string{"1800-01-01"}},
	{"2100-12-31", []string{"2100-12-31"}},
	{"1970-01-01", []string{"1970-01-01", "0000000000"}},
	{"1969-12-31", []string{"1970-01-01T00:30:00+01:00"}},
}

func TestDate(t *testing.T) {
	for _, tt := range dateCases {
		day, err := time.Parse(time.DateOnly, tt.want)
		if err != nil {
			t.Fatal(err)
		}
		want := int32(math.Floor(float64(day.Unix()) / 86400))
		for _, cell := range tt.cells {
			if got, status := parse.Date(cell); status != parse.OK || got != want {
				t.Errorf("Date(%q) = %d, %v, want %d (%s)", cell, got, status, want, tt.want)
			}
		}
	}
}

func TestDateRefuses(t *testing.T) {
	for status, cells := range map[parse.Status][]string{
		parse.Missing: {"", "-", "n/a", "None", "NULL", "0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "NaT"},
		parse.Unreadable: {
			"yesterday", "2006-13-01", "2006-02-30", "2023-02-29", "31/04/2006", "13/13/2006", "2006-04-15T25:00:00Z", "2006-04-15T10:61:00Z", "1799-12-31", "2101-01-01", "0001-01-01", "12", "1.5", "2006.0", "98-04-15", "Apr 15",
			"2006-04-15-16", "Q1 2006", "1/2/3", "12345678901", "99999999999999999", "15 Foo 2006", "April May 2006", "2006-04-15T10:00:00+99:00", "2006-04-15T1:2:3:4", "+2006", "2006-04-15x", "00/00/2006",
		},
	} {
		for _, cell := range cells {
			if got, s := parse.Date(cell); s != status || got != datasets.MissingDay {
				t.Errorf("Date(%q) = %d, %v, want no date, %v", cell, got, s, status)
			}
		}
	}
}

func TestDateOrder(t *testing.T) {
	day := func(iso string) int32 {
		d, err := time.Parse(time.DateOnly, iso)
		if err != nil {
			t.Fatal(err)
		}
		return int32(d.Unix() / 86400)
	}
	for _, tt := range []struct {
		cell, dayFirst, monthFirst string
	}{
		{"05/04/2006", "2006-04-05", "2006-05-04"},
		{"13/04/2006", "2006-04-13", "2006-04-13"},
		{"04/13/2006", "2006-04-13", "2006-04-13"},
		{"12/12/2006", "2006-12-12", "2006-12-12"},
		{"12/13/06", "2006-12-13", "2006-12-13"},
		{"2006-05-04", "2006-05-04", "2006-05-04"},
		{"5 avril 2006", "2006-04-05", "2006-04-05"},
	} {
		if got, status := parse.DayFirst.Date(tt.cell); status != parse.OK || got != day(tt.dayFirst) {
			t.Errorf("DayFirst.Date(%q) = %d, %v, want %s", tt.cell, got, status, tt.dayFirst)
		}
		if got, status := parse.MonthFirst.Date(tt.cell); status != parse.OK || got != day(tt.monthFirst) {
			t.Errorf("MonthFirst.Date(%q) = %d, %v, want %s", tt.cell, got, status, tt.monthFirst)
		}
	}
	for _, tt := range []struct {
		cells []string
		want  parse.DateOrder
	}{
		{nil, parse.DayFirst},
		{[]string{"05/04/2006", "n/a", "2006-12-31", "Apr 30, 2006"}, parse.DayFirst},
		{[]string{"05/04/2006", "04/30/2006"}, parse.MonthFirst},
		{[]string{"05/04/2006", "30/04/2006"}, parse.DayFirst},
		{[]string{"04/30/2006", "05/31/2006", "30/04/2006"}, parse.MonthFirst},
		{[]string{"04/30/2006", "30/04/2006"}, parse.DayFirst},
		{[]string{"4/30/06 10:15"}, parse.MonthFirst},
	} {
		if got := parse.OrderOf(tt.cells); got != tt.want {
			t.Errorf("OrderOf(%q) = %v, want %v", tt.cells, got, tt.want)
		}
	}
}

func TestYear(t *testing.T) {
	for _, tt := range []struct {
		cell   string
		want   float64
		status parse.Status
	}{
		{"1998", 1998, parse.OK},
		{"1998.0", 1998, parse.OK},
		{" 1998 ", 1998, parse.OK},
		{"founded in 1998", 1998, parse.OK},
		{"since 2006.", 2006, parse.OK},
		{"Créée en 1887", 1887, parse.OK},
		{"15/04/2006", 2006, parse.OK},
		{"2006-04-15T03:23:15.000Z", 2006, parse.OK},
		{"20060415", 2006, parse.OK},
		{"1145071395000", 2006, parse.OK},
		{"April 2006", 2006, parse.OK},
		{"15-Apr-06", 2006, parse.OK},
		{"12 people, 2019", 2019, parse.OK},
		{"1800", 1800, parse.OK},
		{"2100", 2100, parse.OK},
		{"(2012)", 2012, parse.OK},
		{"2012-2015", 2012, parse.OK},
		{"1799", 0, parse.Unreadable},
		{"2101", 0, parse.Unreadable},
		{"98", 0, parse.Unreadable},
		{"long ago", 0, parse.Unreadable},
		{"1,998", 0, parse.Unreadable},
		{"12345", 0, parse.Unreadable},
		{"", 0, parse.Missing},
		{"-", 0, parse.Missing},
		{"unknown", 0, parse.Missing},
		{"None", 0, parse.Missing},
	} {
		got, status := parse.Year(tt.cell)
		if status != tt.status || status == parse.OK && got != tt.want || status != parse.OK && !math.IsNaN(got) {
			t.Errorf("Year(%q) = %v, %v, want %v, %v", tt.cell, got, status, tt.want, tt.status)
		}
	}
}

// Every filled cell of these columns is a date or a year.
func TestDateOnPublicData(t *testing.T) {
	for file, column := range map[string]string{
		"icp-hackerone/accounts.csv": "last_activity_date", "icp-yc-hiring/accounts.csv": "launched_at", "crm/hubspot/company_data.csv": "property_createdate",
	} {
		read := 0
		for _, cell := range publicColumn(t, file, column) {
			days, status := parse.Date(cell)
			if cell == "" {
				continue
			}
			if read++; status != parse.OK || time.Unix(int64(days)*86400, 0).UTC().Format(time.DateOnly) != cell[:10] {
				t.Errorf("%s: Date(%q) = %d, %v", column, cell, days, status)
			}
		}
		if read == 0 {
			t.Errorf("%s: no dates", file)
		}
	}
	for _, cell := range publicColumn(t, "icp-hackerone/accounts.csv", "founded_raw") {
		if _, status := parse.Year(cell); cell != "" && status != parse.OK {
			t.Errorf("Year(%q): %v", cell, status)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, tt := range dateCases {
		for _, cell := range tt.cells {
			f.Add(cell)
		}
	}
	for _, cell := range hostile {
		f.Add(cell)
	}
	first, last := int32(-62091), int32(47846) // 1800-01-01 and 2100-12-31, by Python's datetime
	f.Fuzz(func(t *testing.T, cell string) {
		for _, order := range []parse.DateOrder{parse.DayFirst, parse.MonthFirst} {
			days, status := order.Date(cell)
			if status != parse.OK && days != datasets.MissingDay || status == parse.OK && (days < first || days > last) {
				t.Fatalf("order %d: Date(%q) = %d, %v", order, cell, days, status)
			}
		}
		year, status := parse.Year(cell)
		if status == parse.OK && !(year >= 1800 && year <= 2100) || status != parse.OK && !math.IsNaN(year) {
			t.Fatalf("Year(%q) = %v, %v", cell, year, status)
		}
		parse.OrderOf([]string{cell})
	})
}
