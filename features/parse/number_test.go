package parse_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features/parse"
)

func ExampleNumber() {
	for _, cell := range []string{"51-200 employees", "$5 million", "1 200,5", "~100 (5/3/2019)", "n/a", "enterprise"} {
		v, status := parse.Number(cell)
		fmt.Println(v, status)
	}
	// Output:
	// 125.5 ok
	// 5e+06 ok
	// 1200.5 ok
	// 100 ok
	// NaN missing
	// NaN unreadable
}

// The values follow from Number's documentation; the long texts are cells of
// the public data set icp-hackerone.
var numberCases = []struct {
	cell string
	want float64
}{
	{"0", 0},
	{"7", 7},
	{"007", 7},
	{"58", 58},
	{" 58 ", 58},
	{"-5", -5},
	{"- 5", 5},
	{"+5", 5},
	{"2016.9", 2016.9},
	{"0.1", 0.1},
	{"-0.25", -0.25},
	{".5", 0.5},
	{"1.", 1},
	{"1.234", 1.234},
	{"1e6", 1e6},
	{"1.5E+3", 1500},
	{"2e-2", 0.02},
	{"123456789012345", 123456789012345},
	{"12345678901234567890", 12345678901234567890},

	{"1,200", 1200},
	{"12,345,678", 12345678},
	{"1,200.5", 1200.5},
	{"1,5", 1.5},
	{"0,125", 0.125},
	{"1234,567", 1234.567},
	{"1,2345", 1.2345},
	{"1,00,000", 100000},
	{"12,34,567.8", 1234567.8},
	{"1.200.000", 1200000},
	{"1.200,5", 1200.5},
	{"1.234.567,89", 1234567.89},
	{"1'200", 1200},
	{"1’200’000.50", 1200000.5},
	{"1 200", 1200},
	{"1 200,5", 1200.5},
	{"1\u00a0200,5", 1200.5},
	{"1\u202f200\u202f000,25", 1200000.25},
	{"24 000", 24000},
	{"2023 85", 2023},
	{"GFT has +10.000 employees over Asia", 10000},
	{"10.000", 10},
	{"12.000 %", 12},

	{"51-200", 125.5},
	{"5-10 employees.", 7.5},
	{"11–50", 30.5},
	{"501—1,000 employees", 750.5},
	{"1 000 à 5 000", 3000},
	{"1 000 à 5 000 salariés", 3000},
	{"from 10 to 50", 30},
	{"11 - 50", 30.5},
	{"1- 50 (as of January 2020)", 25.5},
	{"Between 1,001 and 5,000 employees.", 3000.5},
	{"entre 10 et 20", 15},
	{"10 and 20", 10},
	{"0-20", 10},
	{"200k to 300k", 250000},
	{"$5-10M", 7.5e6},
	{"$1M - $5M", 3e6},
	{"1,5 à 2,5 M€", 2e6},
	{"10% - 20%", 15},
	{"51-200+ employees", 125.5},
	{"10...20", 15},
	{"1M-5", 3e6},
	{"20 to go", 20},
	{"-10", -10},
	{"500 - 100", 500},
	{"10 bis 20 Mitarbeiter", 15},
	{"10 to 50 to 90", 30},
	{"Large (501–1,000 employees)", 750.5},

	{"200+", 200},
	{"10,001+", 10001},
	{"< 10", 10},
	{"<10", 10},
	{">500", 500},
	{"≥ 500", 500},
	{"&gt;30 as of Q4-2023 with a wide range", 30},
	{"more than 200", 200},
	{"about 30 people", 30},
	{"~100", 100},
	{"30ish", 30},
	{"5!", 5},
	{"up to 10 people", 10},
	{"250+ Xapiens working from 50+ countries.", 250},

	{"1.2M", 1200000},
	{"3k", 3000},
	{"3 k", 3000},
	{"3K employees", 3000},
	{"$5 million", 5e6},
	{"€1,5 Md", 1.5e9},
	{"1,5 Md€", 1.5e9},
	{"USD 3.2bn", 3.2e9},
	{"USD3.2bn", 3.2e9},
	{"US$ 12", 12},
	{"$1.2MM", 1.2e6},
	{"5 milliards", 5e9},
	{"12 M€", 12e6},
	{"12 k€", 12000},
	{"40 kEUR", 40000},
	{"2 Mio. CHF", 2e6},
	{"3 Mrd", 3e9},
	{"2 lakh", 200000},
	{"1.5 crore", 1.5e7},
	{"£300", 300},
	{"R$ 1.500,00", 1500},
	{"$ -5", -5},
	{"-$5", -5},
	{"1 trillion", 1e12},
	{"5 thousand", 5000},
	{"5 mm wide", 5e6},
	{"200 m²", 200},
	{"5 meters", 5},
	{"2.5x", 2.5},
	{"Rs.500", 500},
	{"ca.50", 50},

	{"12%", 12},
	{"12 %", 12},
	{"(500)", -500},
	{"($1,200.50)", -1200.5},
	{"$(500)", -500},
	{"(5%)", -5},
	{"(51-200)", 125.5},
	{"(about 5)", 5},
	{"5 (2019)", 5},

	{"~100 currently (5/3/2019) and growing", 100},
	{"200+ (as of January 2020)", 200},
	{"(as of October 2022) 180+ Teammates 20+ Nationalities", 180},
	{"As of October 2016: roughly 90 people around the world.", 90},
	{"(as of October 1, 2018) 18 full time", 18},
	{"As of 2020, 60", 60},
	{"15 avril 2006: 30 personnes", 30},
	{"Under 10 employees as of 7/2020. However", 10},
	{"- 9,000+ Encorians Highest Concentration", 9000},
	{"Post-series A, approximately 25 people.", 25},
	{"[40+ contributors](http://www.apartmenttherapy.com/team)", 40},
	{"* [team](https://x.com/2020/10) of 7", 7},
	{"We’re at 65 people and growing!", 65},
	{"20+ (we're part of LivaNova 3000+)", 20},
	{"2020-12-30 100 people", 100},
	{"12:30 5 people", 5},
	{"a team of 2000", 2000},
	{"Covid-19", 19},
	{"A4 12", 12},
}

func TestNumber(t *testing.T) {
	for _, tt := range numberCases {
		if got, status := parse.Number(tt.cell); status != parse.OK || got != tt.want {
			t.Errorf("Number(%q) = %v, %v, want %v", tt.cell, got, status, tt.want)
		}
	}
}

func TestNumberRefuses(t *testing.T) {
	for status, cells := range map[parse.Status][]string{
		parse.Missing: {"", "-", "n/a", "None", "null", "NaN", "Select", "?", "non renseigné", "#N/A", "aucun"},
		parse.Unreadable: {
			"thirty", "enterprise", "Inf", "-Infinity", "Four-member team", "Web2/3 agency", "37a6259cc0c1dae299a7866489dff0bd", "2020-12-30", "2020-12-30 3:15:52", "5/3/2019", "2020-03",
			"2006-04-15T03:23:15.000Z", "15 avril 2006", "October 2020", "555-123-4567", "1.2.3", "192.168.1.1", "3:15", "1,2,3", "1.234,5.6", "0x1F", "1e400", "jane_5@acme.com", "https://acme.com/5", "٣٠", "24/7", "1,2,34.5",
		},
	} {
		for _, cell := range cells {
			if got, s := parse.Number(cell); s != status || !math.IsNaN(got) {
				t.Errorf("Number(%q) = %v, %v, want NaN, %v", cell, got, s, status)
			}
		}
	}
}

// At least 99 % of the cells that hold a digit must be read.
func TestNumberOnPublicData(t *testing.T) {
	read, digits := 0, 0
	for _, cell := range publicColumn(t, "icp-hackerone/accounts.csv", "headcount_raw") {
		if !strings.ContainsAny(cell, "0123456789") {
			continue
		}
		digits++
		if v, status := parse.Number(cell); status != parse.OK {
			t.Logf("Number(%q): %v", cell, status)
		} else if read++; v < 0 || v > 3e6 { // the largest employer has 2.1 million
			t.Errorf("Number(%q) = %v, no headcount", cell, v)
		}
	}
	t.Logf("headcount_raw: %d of %d cells with a digit are read", read, digits)
	if digits < 7000 || float64(read) < 0.99*float64(digits) {
		t.Errorf("headcount_raw: %d of %d cells with a digit are read, want 99 %%", read, digits)
	}
}

func FuzzNumber(f *testing.F) {
	for _, tt := range numberCases {
		f.Add(tt.cell)
	}
	for _, cell := range hostile {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		v, status := parse.Number(cell)
		if status == parse.OK && (math.IsNaN(v) || math.IsInf(v, 0)) || status != parse.OK && !math.IsNaN(v) {
			t.Fatalf("Number(%q) = %v, %v", cell, v, status)
		}
	})
}

// What the standard library writes is read back to the bit.
func FuzzNumberRoundTrip(f *testing.F) {
	for _, v := range []float64{0, 1, -1, 0.1, 1e15, 1e22, 1e-7, 1.7976931348623157e308, 5e-324, 123456.789} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if got, status := parse.Number(text); status != parse.OK || got != v {
			t.Fatalf("Number(%q) = %v, %v", text, got, status)
		}
	})
}

func BenchmarkNumber(b *testing.B) {
	for _, cell := range []string{"1200", "2016.9", "51-200 employees", "$5 million", "n/a", "~100 currently (5/3/2019) and growing"} {
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parse.Number(cell)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
