package page

import (
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

func TestNumbers(t *testing.T) {
	own := Catalogue{"en": {"days.one": "%s day", "days.many": "%s days"}, "fr": {"days.one": "%s jour", "days.many": "%s jours"}}
	en, _ := NewPrinter("", own)
	fr, _ := NewPrinter("fr", own)
	for _, tt := range []struct{ got, want string }{
		{en.Num(1234.5, 1), "1,234.5"},
		{fr.Num(1234.5, 1), "1\u202f234,5"},
		{en.Num(1234567, 0), "1,234,567"},
		{en.Num(-0.04, 1), "0.0"},
		{en.Num(-999.96, 1), "−1,000.0"},
		{en.Signed(6.24, 1), "+6.2"},
		{en.Signed(0.01, 1), "0.0"},
		{fr.Signed(-6.24, 1), "−6,2"},
		{en.Percent(0.123), "12.3%"},
		{fr.Percent(0.123), "12,3\u00a0%"},
		{en.Percent(0.0004), "<0.1%"},
		{en.Percent(0), "0.0%"},
		{en.Date("2026-08-01"), "1 August 2026"},
		{fr.Date("2026-08-01"), "1er août 2026"},
		{en.N("days", 1), "1 day"},
		{en.N("days", 0), "0 days"},
		{fr.N("days", 0), "0 jour"},
		{fr.N("days", 2), "2 jours"},
		{en.Fill("industry", "B", 0.124), "add industry: would be B or better with 12%"},
		{fr.Fill("industry", "B", 0.124), "renseigner secteur\u00a0: ce serait B ou mieux avec 12\u00a0%"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// TestLabelsAreThoseOfBin compares the English labels of every bin with those
// that the model's own package gives.
func TestLabelsAreThoseOfBin(t *testing.T) {
	p, _ := NewPrinter("en", nil)
	for _, b := range []bin.Binning{
		{Kind: features.Number, Edges: []float64{0.25, 49.5, 1250, 2e6}},
		{Kind: features.Number},
		{Kind: features.Category, Values: []string{"a"}, Labels: []string{"A"}},
		{Kind: features.Flag},
		{Kind: features.Set, Items: []string{"go"}, Labels: []string{"Go"}},
	} {
		for slot := range b.Slots() {
			if got, want := (Labeller{p, &b, ""}).Slots(slot, slot), b.Label(slot); got != want {
				t.Errorf("%s: slot %d is %q, want %q", b.Kind, slot, got, want)
			}
		}
	}
	years := bin.Binning{Kind: features.Number, Edges: []float64{1993.5}}
	if got := (Labeller{p, &years, "year"}).Slots(2, 2); got != "over 1993" {
		t.Errorf("a year is %q", got)
	}
	years = bin.Binning{Kind: features.Number, Edges: []float64{2006.5, 2007.5, 2010, 2010.5}}
	for slot, want := range map[int]string{1: "up to 2006", 2: "2007", 3: "2008 to 2010", 4: "2010", 5: "over 2010"} {
		if got := (Labeller{p, &years, "year"}).Slots(slot, slot); got != want {
			t.Errorf("years of slot %d are %q, want %q", slot, got, want)
		}
	}
	years = bin.Binning{Kind: features.Number, Edges: []float64{1993.5}}
	if got := (Labeller{p, &years, "year"}).Slots(1, 1); got != "up to 1993" {
		t.Errorf("a year is %q", got)
	}
	dates := bin.Binning{Kind: features.Date, Edges: []float64{30, 90}}
	if got := (Labeller{p, &dates, ""}).Slots(2, 2); got != "30 to 90 days ago" {
		t.Errorf("a date is %q", got)
	}
	for v, want := range map[float64]string{12_500: "12.5k", 1_350_000: "1.35M", -2e9: "−2G", 9_999: "9,999", 12.5: "12.5"} {
		if got := (Labeller{p, &years, ""}).axis(v); got != want {
			t.Errorf("axis(%v) = %q, want %q", v, got, want)
		}
	}
}
