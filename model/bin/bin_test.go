package bin_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

var (
	number   = bin.Binning{Feature: "n", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{-1, 0, 50, 200.5}}
	date     = bin.Binning{Feature: "d", Pillar: features.Intent, Kind: features.Date, Edges: []float64{30, 365}}
	category = bin.Binning{Feature: "c", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"fr", "de"}, Labels: []string{"FR", "DE"}}
	flag     = bin.Binning{Feature: "f", Pillar: features.Firmographic, Kind: features.Flag}
	set      = bin.Binning{Feature: "s", Pillar: features.Technographic, Kind: features.Set, Items: []string{"hubspot", "sap"}, Labels: []string{"HubSpot", "SAP"}}
)

// TestNumberAtEdges checks that an edge belongs to the bin below it.
func TestNumberAtEdges(t *testing.T) {
	for i, edge := range number.Edges {
		at, above := uint8(i+1), uint8(i+2)
		if got := number.Number(edge); got != at {
			t.Errorf("Number(%v) = %d, want %d", edge, got, at)
		}
		if got := number.Number(math.Nextafter(edge, math.Inf(1))); got != above {
			t.Errorf("just above %v is bin %d, want %d", edge, got, above)
		}
		if got := number.Number(math.Nextafter(edge, math.Inf(-1))); got != at {
			t.Errorf("just below %v is bin %d, want %d", edge, got, at)
		}
	}
	for v, want := range map[float64]uint8{math.Inf(-1): 1, -math.MaxFloat64: 1, math.MaxFloat64: 5, math.Inf(1): 5} {
		if got := number.Number(v); got != want {
			t.Errorf("Number(%v) = %d, want %d", v, got, want)
		}
	}
	if got := number.Number(math.NaN()); got != 0 {
		t.Errorf("Number(NaN) = %d, want 0", got)
	}
	if got := number.Number(math.Copysign(0, -1)); got != number.Number(0) {
		t.Errorf("-0 is bin %d, 0 bin %d", got, number.Number(0))
	}
}

// TestKinds ranges over all kinds: each has slots, labels that are not empty,
// and round trips through JSON.
func TestKinds(t *testing.T) {
	words := set
	words.Kind = features.Words
	all := map[features.Kind]bin.Binning{
		features.Number: number, features.Date: date, features.Category: category, features.Flag: flag, features.Set: set, features.Words: words,
	}
	slots := map[features.Kind]int{ // missing, then by hand
		features.Number: 6, features.Date: 4, features.Category: 4, features.Flag: 3, features.Set: 4, features.Words: 4,
	}
	for _, kind := range features.Kinds {
		b, ok := all[kind]
		if !ok {
			t.Fatalf("no binning of kind %s", kind)
		}
		if err := b.Validate(); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if b.Slots() != slots[kind] {
			t.Errorf("%s has %d slots, want %d", kind, b.Slots(), slots[kind])
		}
		seen := map[string]bool{}
		for slot := range b.Slots() {
			label := b.Label(slot)
			if label == "" || seen[label] {
				t.Errorf("%s: slot %d is labelled %q, empty or a second time", kind, slot, label)
			}
			seen[label] = true
		}
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var back bin.Binning
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(b, back) {
			t.Errorf("%s: %s reads back as %v, %v", kind, text, back, err)
		}
	}
}

// TestEmpty checks that binnings of no values label their slots too.
func TestEmpty(t *testing.T) {
	for _, kind := range features.Kinds {
		b := bin.Binning{Kind: kind}
		for slot := range b.Slots() {
			if b.Label(slot) == "" {
				t.Errorf("an empty binning of kind %s: slot %d has no label", kind, slot)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	for _, tt := range []struct {
		b    bin.Binning
		want []string
	}{
		{number, []string{"unknown", "up to -1", "-1 to 0", "0 to 50", "50 to 200.5", "over 200.5"}},
		{category, []string{"unknown", "FR", "DE", "any other"}},
		{flag, []string{"unknown", "no", "yes"}},
		{set, []string{"unknown", "known", "HubSpot", "SAP"}},
		{bin.Binning{Kind: features.Number}, []string{"unknown", "any"}},
	} {
		for slot, want := range tt.want {
			if got := tt.b.Label(slot); got != want {
				t.Errorf("%s: label of slot %d is %q, want %q", tt.b.Kind, slot, got, want)
			}
		}
	}
}

// TestBounds compares the bounds of each slot with where numbers next to them go.
func TestBounds(t *testing.T) {
	for slot := range number.Slots() {
		low, high := number.Bounds(slot)
		if slot == 0 && !(math.IsNaN(low) && math.IsNaN(high)) {
			t.Errorf("what is unknown has bounds %v and %v", low, high)
		}
		if got := int(number.Number(high)); !math.IsNaN(high) && got != slot {
			t.Errorf("slot %d ends at %v, which is in slot %d", slot, high, got)
		}
		if got := int(number.Number(math.Nextafter(low, math.Inf(1)))); !math.IsNaN(low) && got != slot {
			t.Errorf("slot %d starts above %v; the next number is in slot %d", slot, low, got)
		}
	}
	if low, high := number.Bounds(1); !math.IsNaN(low) || high != -1 {
		t.Errorf("the first bin is from %v to %v, want no bound and -1", low, high)
	}
	if low, high := number.Bounds(5); low != 200.5 || !math.IsNaN(high) {
		t.Errorf("the last bin is from %v to %v, want 200.5 and no bound", low, high)
	}
	if low, high := category.Bounds(1); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("a category has bounds %v and %v", low, high)
	}
	if low, high := (&bin.Binning{Kind: features.Number}).Bounds(1); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("without edges a bin has bounds %v and %v", low, high)
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 2.5: "2.5", -3: "-3", 999: "999", 1000: "1,000", -1250: "-1,250", 1234567: "1,234,567", 0.123456: "0.1235", 1e15: "1e+15", 999.5: "999.5",
	} {
		if got := bin.Short(v); got != want {
			t.Errorf("Short(%v) = %q, want %q", v, got, want)
		}
	}
}

// TestValidate checks that every fault of a file is found, all at once.
func TestValidate(t *testing.T) {
	bad := bin.Binning{Feature: "x", Kind: "colour", Pillar: "hobby", Edges: []float64{1, 1, math.NaN(), math.Inf(1)}, Values: []string{"a", "a", "B"}}
	err := bad.Validate()
	if err == nil {
		t.Fatal("a bad binning is valid")
	}
	for _, want := range []string{`kind is "colour"`, `pillar is "hobby"`, "edge 1 is 1", "edge 2 is NaN", "edge 3 is +Inf", `"a" is there twice`, `"B" is not folded`, "0 labels for 3 values", "4 edges of a colour"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if err := many(254).Validate(); err != nil {
		t.Errorf("254 categories: %v", err)
	}
	if err := many(255).Validate(); err == nil {
		t.Error("255 categories, which with missing and other are 257 codes, are valid")
	}
	long := bin.Binning{Feature: "s", Kind: features.Set, Pillar: features.Technographic}
	for i := range bin.MaxItems + 1 {
		long.Items = append(long.Items, strconv.Itoa(i))
	}
	long.Labels = long.Items
	if err := long.Validate(); err == nil {
		t.Errorf("%d items are valid", len(long.Items))
	}
}

// many returns a category of n values.
func many(n int) *bin.Binning {
	b := &bin.Binning{Feature: "c", Kind: features.Category, Pillar: features.Firmographic}
	for i := range n {
		b.Values = append(b.Values, "v"+strconv.Itoa(i))
	}
	b.Labels = b.Values
	return b
}

// TestManyCategories checks that the largest category keeps its codes apart.
func TestManyCategories(t *testing.T) {
	b := many(254)
	c := datasets.Column{Field: datasets.Field{Type: datasets.Category}, Dictionary: append([]string{"other"}, b.Values...)}
	for code := range c.Dictionary {
		c.Codes = append(c.Codes, int32(code))
	}
	var got bin.Column
	bin.NewApplier(b, 0).Apply(&got, &c, len(c.Codes))
	if got.Codes[0] != 255 {
		t.Errorf("an unseen value has code %d, want 255", got.Codes[0])
	}
	for i, code := range got.Codes[1:] {
		if int(code) != i+1 {
			t.Errorf("value %d has code %d, want %d", i, code, i+1)
		}
	}
}

// TestCodesMonotone checks that a greater number never has a smaller code, and
// that the applier and Number agree.
func TestCodesMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bin.Binning{Kind: features.Number, Edges: rapid.SliceOfNDistinct(rapid.Float64Range(-1e6, 1e6), 0, 80, rapid.ID[float64]).Draw(t, "edges")}
		slices.Sort(b.Edges)
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom(append(slices.Clone(b.Edges), 0))), 1, 20).Draw(t, "values")
		slices.Sort(values)
		c := datasets.Column{Field: datasets.Field{Type: datasets.Number}, Numbers: append(values, math.NaN())}
		var got bin.Column
		bin.NewApplier(&b, 0).Apply(&got, &c, len(c.Numbers))
		for i, v := range c.Numbers {
			if got.Codes[i] != b.Number(v) {
				t.Fatalf("applier gives %v code %d, Number %d", v, got.Codes[i], b.Number(v))
			}
			if i > 0 && i < len(values) && got.Codes[i] < got.Codes[i-1] {
				t.Fatalf("%v has code %d, %v code %d", values[i-1], got.Codes[i-1], v, got.Codes[i])
			}
		}
	})
}
