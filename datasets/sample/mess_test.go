package sample_test

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/hubspot"
	"github.com/icpfit/icpfit/datasets/salesforce"
	"github.com/icpfit/icpfit/datasets/sample"
)

func TestCleanBaseIsCleanAndComplete(t *testing.T) {
	b := small(t, func(o *sample.Options) { o.Mess = 0 })
	header, rows := records(t, files(t, b)[0])
	domains := map[string]bool{}
	for i, row := range rows {
		for c, cell := range row {
			if blank(cell) && header[c] != "parent_id" {
				t.Fatalf("row %d: %s is empty", i, header[c])
			}
		}
		if row[1] != b.Name[i] || row[2] != b.Domain[i] || domains[row[2]] {
			t.Errorf("row %d: %q at %q (seen before: %v), want %q at %q", i, row[1], row[2], domains[row[2]], b.Name[i], b.Domain[i])
		}
		domains[row[2]] = true
		for c := range b.Columns {
			col := &b.Columns[c]
			if col.Name == "country" { // a name, where the column holds the code
				continue
			}
			if got, want := row[slices.Index(header, col.Name)], text(col, i); got != want {
				t.Errorf("row %d: %s is %q, want %q", i, col.Name, got, want)
			}
		}
	}
}

// text is a clean value as people would write it without fuss.
func text(c *datasets.Column, i int) string {
	switch c.Type {
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	case datasets.Number:
		return strconv.Itoa(int(c.Numbers[i]))
	case datasets.Flag:
		return strconv.FormatBool(c.Flags[i] == 1)
	case datasets.Set:
		var items []string
		for _, code := range c.Items(i) {
			items = append(items, c.Dictionary[code])
		}
		return strings.Join(items, "|")
	default:
		return date(c.Days[i])
	}
}

// date is the calendar day, by the civil-from-days algorithm of Howard Hinnant,
// "chrono-compatible low-level date algorithms" (2013).
func date(days int32) string {
	z := int(days) + 719468
	era := int(math.Floor(float64(z) / 146097))
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d, m, y := doy-(153*mp+2)/5+1, mp+3, yoe+era*400
	if m > 12 {
		m -= 12
		y++
	}
	pad := func(n, width int) string { return strings.Repeat("0", width-len(strconv.Itoa(n))) + strconv.Itoa(n) }
	return pad(y, 4) + "-" + pad(m, 2) + "-" + pad(d, 2)
}

var (
	groups   = regexp.MustCompile(`[ ,\x{202f}]`)
	headsRE  = regexp.MustCompile(`^(?:(\d+)-(\d+)|~(\d+)|(\d+)\+|([\d.]+)k|(\d+)(?: employees)?)$`)
	moneyRE  = regexp.MustCompile(`^([$€]?)([\d.,]+) ?(million|billion|M|B)$`)
	plainRE  = regexp.MustCompile(`^\$?(\d+)(?:[.,]\d\d)?$`)
	scaleOf  = map[string]float64{"million": 1e6, "M": 1e6, "billion": 1e9, "B": 1e9}
	wantForm = []string{"range", "about", "at least", "thousands", "plain"}
)

// However a head count is written, it must not contradict the true one.
func TestEmployeesAreTrue(t *testing.T) {
	b, data := demo()
	n := column(t, b, "employees").Numbers
	_, rows := records(t, data[0])
	forms := map[string]int{}
	for i, row := range rows {
		if blank(row[4]) {
			continue
		}
		m := headsRE.FindStringSubmatch(groups.ReplaceAllString(strings.TrimSuffix(row[4], " employees"), ""))
		if m == nil {
			t.Fatalf("row %d: employees are %q", i, row[4])
		}
		num := func(k int) float64 { x, _ := strconv.ParseFloat(m[k], 64); return x }
		ok, form := false, ""
		switch {
		case m[1] != "":
			form, ok = "range", num(1) <= n[i] && n[i] <= num(2)
		case m[3] != "":
			form, ok = "about", math.Abs(num(3)-n[i]) <= .05*n[i]
		case m[4] != "":
			form, ok = "at least", num(4) <= n[i] && (2*num(4) > n[i] || num(4) == 10_001)
		case m[5] != "":
			form, ok = "thousands", math.Abs(1000*num(5)-n[i]) <= 50
		default:
			form, ok = "plain", num(6) == n[i]
		}
		if forms[form]++; !ok {
			t.Errorf("row %d: employees are %q, in truth %g", i, row[4], n[i])
		}
	}
	for _, f := range wantForm {
		if forms[f] < 20 {
			t.Errorf("%d head counts are written as %s; want some", forms[f], f)
		}
	}
}

func TestRevenueIsTrue(t *testing.T) {
	b, data := demo()
	x := column(t, b, "annual_revenue").Numbers
	_, rows := records(t, data[0])
	forms := map[string]int{}
	for i, row := range rows {
		cell := row[5]
		if blank(cell) {
			continue
		}
		got, form := math.NaN(), ""
		if m := moneyRE.FindStringSubmatch(cell); m != nil {
			form = m[1] + " " + m[3]
			got, _ = strconv.ParseFloat(strings.Replace(m[2], ",", ".", 1), 64)
			got *= scaleOf[m[3]]
		} else {
			form = "digits"
			whole := cell
			if len(whole) > 3 && (strings.HasSuffix(whole, ",50") || strings.HasSuffix(whole, ".00")) {
				whole = whole[:len(whole)-3]
			}
			if m := plainRE.FindStringSubmatch(groups.ReplaceAllString(whole, "")); m != nil {
				got, _ = strconv.ParseFloat(m[1], 64)
			}
		}
		forms[form]++
		if !(math.Abs(got-x[i]) <= .05*x[i]) {
			t.Errorf("row %d: revenue is %q, in truth %g", i, cell, x[i])
		}
	}
	for _, f := range []string{"digits", "$ million", "€ M", " M"} {
		if forms[f] < 50 {
			t.Errorf("%d revenues are written as %q; want some", forms[f], f)
		}
	}
}

// One spelling never stands for two countries, and all of them occur.
func TestCountrySpellings(t *testing.T) {
	b, data := demo()
	c := column(t, b, "country")
	_, rows := records(t, data[0])
	meaning, spellings := map[string]string{}, map[string]map[string]bool{}
	for i, row := range rows {
		if blank(row[6]) {
			continue
		}
		code, cell := c.Dictionary[c.Codes[i]], strings.ToLower(strings.TrimSpace(row[6]))
		if other := meaning[cell]; other != "" && other != code {
			t.Fatalf("%q is %s and %s", row[6], other, code)
		}
		meaning[cell] = code
		if spellings[code] == nil {
			spellings[code] = map[string]bool{}
		}
		spellings[code][row[6]] = true
	}
	for _, want := range []string{"United States", "US", "us", "États-Unis", "UNITED STATES ", "USA"} {
		if !spellings["US"][want] {
			t.Errorf("nobody writes %q", want)
		}
	}
	if len(spellings) != 20 {
		t.Errorf("%d countries, want 20", len(spellings))
	}
}

func TestHostileNamesAreFew(t *testing.T) {
	_, data := demo()
	_, rows := records(t, data[0])
	seen, total := map[string]bool{}, 0
	for _, row := range rows {
		for _, bad := range []string{"<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202e", "\x1b[31m", "\n"} {
			if strings.Contains(row[1], bad) {
				seen[bad] = true
				total++
			}
		}
	}
	if len(seen) != 5 || total > 20 {
		t.Errorf("%d hostile names of the kinds %v, want all five kinds in a handful of rows", total, seen)
	}
}

// The headers are those of a hand-made list: no CRM's preset takes them over,
// and the website is found by its name.
func TestNamesOfColumns(t *testing.T) {
	b := small(t, nil)
	header, _ := records(t, files(t, b)[0])
	if p := datasets.Recognise(header, salesforce.Accounts(), hubspot.Companies()); p != nil {
		t.Errorf("recognised as %s", p.Name)
	}
	if at := datasets.DomainColumn(header, nil); at < 0 || header[at] != "website" {
		t.Errorf("the domain is looked for in column %d of %q", at, header)
	}
	list, _ := records(t, files(t, b)[1])
	if !slices.Equal(list, []string{"domain", "won_at", "name"}) {
		t.Errorf("the list of customers has columns %q", list)
	}
}
