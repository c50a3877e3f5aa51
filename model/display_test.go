package model_test

import (
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// show writes one value of a kind.
func show(kind features.Kind, parser string, c datasets.Column) string {
	c.Type = kind.Type()
	return model.NewDisplay(features.Spec{Name: "x", Kind: kind, Parser: parser}, &model.Term{}).Value(&c, 0)
}

func TestDisplayNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1: "-1", 9999: "9,999", 10_000: "10,000", 12_345: "12,300", -12_345: "-12,300", 125.5: "126", 0.5: "0.5", -0.5: "-0.5",
		1234.56: "1,230", 0.0123456: "0.0123", 1e9: "1,000,000,000", 1.0 / 3: "0.333", math.NaN(): "unknown",
		math.Inf(1): "+Inf", math.Inf(-1): "-Inf", 5e-324: "4.941e-324", math.MaxFloat64: "1.798e+308", -math.SmallestNonzeroFloat64: "-4.941e-324",
	} {
		if got := show(features.Number, "", datasets.Column{Numbers: []float64{v}}); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{2008: "2008", 1850: "1850", 0: "0"} {
		if got := show(features.Number, "year", datasets.Column{Numbers: []float64{v}}); got != want {
			t.Errorf("the year %v is written %q, want %q", v, got, want)
		}
	}
}

func TestDisplayOthers(t *testing.T) {
	for day, want := range map[int32]string{0: "1970-01-01", 20_269: "2025-06-30", -1: "1969-12-31", datasets.MissingDay: "unknown"} {
		if got := show(features.Date, "", datasets.Column{Days: []int32{day}}); got != want {
			t.Errorf("day %d is written %q, want %q", day, got, want)
		}
	}
	for flag, want := range map[int8]string{0: "no", 1: "yes", -1: "unknown"} {
		if got := show(features.Flag, "", datasets.Column{Flags: []int8{flag}}); got != want {
			t.Errorf("flag %d is written %q, want %q", flag, got, want)
		}
	}
	// Hostile text is as it came: what shows it escapes it.
	const hostile = "<script>\x1b[31m\n\u202e"
	if got := show(features.Category, "", datasets.Column{Dictionary: []string{hostile}, Codes: []int32{0}}); got != hostile {
		t.Errorf("a category is written %q, want it unchanged", got)
	}
	if got := show(features.Category, "", datasets.Column{Codes: []int32{-1}}); got != "unknown" {
		t.Errorf("a missing category is written %q", got)
	}
}

// TestDisplaySets checks that the items that weigh most come first, either way,
// ties and unknown ones in the order they come, and how many more there are.
func TestDisplaySets(t *testing.T) {
	m := tiny(t) // HubSpot 4, SAP -4.5, Go 0.6
	d := model.NewDisplay(m.Specs[4], &m.Terms[4])
	c := sets("tools", []string{"Go", "Excel", "hubspot ", "Word", "SAP"}, []int32{0, 1, 2, 3, 4}, []int32{1, 0}, []int32{}, nil, []int32{3, 1, 2})
	for i, want := range []string{"SAP, hubspot , Go +2", "Go, Excel", "none", "unknown", "hubspot , Word, Excel"} {
		if got := d.Value(&c, i); got != want {
			t.Errorf("row %d is written %q, want %q", i, got, want)
		}
		if got := d.Value(&c, i); got != want {
			t.Errorf("row %d is written %q the second time", i, got)
		}
	}
	// The same codes in another reader's dictionary are other items.
	d.NewReader()
	other := sets("tools", []string{"Perl", "Rust"}, []int32{1, 0})
	if got := d.Value(&other, 0); got != "Rust, Perl" {
		t.Errorf("another reader's set is written %q", got)
	}
}

// sets makes a set column; nil is missing.
func sets(name string, dictionary []string, rows ...[]int32) datasets.Column {
	c := datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Set}, Dictionary: dictionary, Offsets: []int32{0}}
	for _, r := range rows {
		c.Codes = append(c.Codes, r...)
		c.Offsets = append(c.Offsets, int32(len(c.Codes)))
		c.Null = append(c.Null, r == nil)
	}
	return c
}

// TestDisplayKinds ranges over the kinds: a missing value is "unknown" in all.
func TestDisplayKinds(t *testing.T) {
	missing := datasets.Column{Numbers: []float64{nan}, Days: []int32{datasets.MissingDay}, Flags: []int8{-1}, Codes: []int32{-1}, Offsets: []int32{0, 0}, Null: []bool{true}}
	for _, kind := range features.Kinds {
		if got := show(kind, "", missing); got != "unknown" {
			t.Errorf("a missing %s is written %q", kind, got)
		}
	}
}

// TestDisplayMany checks that more values than a display remembers are written
// as well as the first.
func TestDisplayMany(t *testing.T) {
	d := model.NewDisplay(features.Spec{Kind: features.Number, Parser: "year"}, &model.Term{})
	c := datasets.Column{Field: datasets.Field{Type: datasets.Number}, Numbers: make([]float64, 1)}
	for i := range 70_000 {
		c.Numbers[0] = float64(i%9000) + float64(i/9000)/8
		if got := d.Value(&c, 0); got == "" || strings.Contains(got, "NaN") {
			t.Fatalf("%v is written %q", c.Numbers[0], got)
		}
	}
}
