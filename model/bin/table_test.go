package bin_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// column makes a column of that type.
func column(t datasets.Type, name string) datasets.Column {
	return datasets.Column{Field: datasets.Field{Name: name, Type: t}}
}

// sets makes a set column of dictionary codes; nil is missing.
func sets(dictionary []string, rows ...[]int32) datasets.Column {
	c := column(datasets.Set, "s")
	c.Dictionary, c.Offsets = dictionary, []int32{0}
	for _, r := range rows {
		c.Codes = append(c.Codes, r...)
		c.Offsets = append(c.Offsets, int32(len(c.Codes)))
		c.Null = append(c.Null, r == nil)
	}
	return c
}

// TestDates checks that dates are binned by their age at the table's date.
func TestDates(t *testing.T) {
	c := column(datasets.Date, "d")
	const asOf = 20_000
	c.Days = []int32{asOf, asOf - 30, asOf - 31, asOf - 365, asOf - 366, asOf + 5, datasets.MissingDay}
	var got bin.Column
	bin.NewApplier(&date, asOf).Apply(&got, &c, len(c.Days))
	if want := []uint8{1, 1, 2, 2, 3, 1, 0}; !slices.Equal(got.Codes, want) {
		t.Errorf("codes %v, want %v", got.Codes, want)
	}
}

func TestFlags(t *testing.T) {
	c := column(datasets.Flag, "f")
	c.Flags = []int8{-1, 0, 1}
	var got bin.Column
	bin.NewApplier(&flag, 0).Apply(&got, &c, 3)
	if want := []uint8{0, 1, 2}; !slices.Equal(got.Codes, want) {
		t.Errorf("codes %v, want %v", got.Codes, want)
	}
}

// TestSets checks missing, known to be empty, unseen, folded and repeated items.
func TestSets(t *testing.T) {
	dictionary := []string{"SAP", " HubSpot ", "Oracle", "hubspot"}
	c := sets(dictionary, nil, []int32{}, []int32{2}, []int32{0, 1}, []int32{1, 3, 1, 0, 0})
	var got bin.Column
	bin.NewApplier(&set, 0).Apply(&got, &c, 5)
	if want := []uint8{0, 1, 1, 1, 1}; !slices.Equal(got.Codes, want) {
		t.Errorf("codes %v, want %v", got.Codes, want)
	}
	for i, want := range [][]uint16{{}, {}, {}, {0, 1}, {0, 1}} {
		if items := got.Items[got.Offsets[i]:got.Offsets[i+1]]; !slices.Equal(items, want) {
			t.Errorf("row %d has items %v, want %v", i, items, want)
		}
	}
}

// TestItemsAscend checks that items come distinct and ascending.
func TestItemsAscend(t *testing.T) {
	b := bin.Binning{Kind: features.Set}
	var dictionary []string
	for _, text := range []string{"a", "b", "c", "d", "e", "f"} {
		b.Items = append(b.Items, text)
		dictionary = append([]string{text, text + " "}, dictionary...)
	}
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOf(rapid.Int32Range(0, int32(len(dictionary)-1))).Draw(t, "codes")
		c := sets(dictionary, codes, codes)
		c.Null = nil
		var got bin.Column
		bin.NewApplier(&b, 0).Apply(&got, &c, 2)
		want := map[uint16]bool{}
		for _, code := range codes {
			want[uint16(slices.Index(b.Items, bin.Fold(dictionary[code])))] = true
		}
		items := got.Items[:got.Offsets[1]]
		if len(items) != len(want) || !slices.IsSorted(items) || !slices.Equal(items, got.Items[got.Offsets[1]:]) {
			t.Fatalf("codes %v become items %v, then %v", codes, items, got.Items[got.Offsets[1]:])
		}
		for _, item := range items {
			if !want[item] {
				t.Fatalf("codes %v become items %v", codes, items)
			}
		}
	})
}

// TestDictionaryGrows checks batches of one reader, whose dictionary grows, and
// that another reader's is not taken for it.
func TestDictionaryGrows(t *testing.T) {
	a := bin.NewApplier(&category, 0)
	var got bin.Column
	apply := func(codes []int32, dictionary ...string) []uint8 {
		c := column(datasets.Category, "c")
		c.Codes, c.Dictionary = codes, dictionary
		a.Apply(&got, &c, len(codes))
		return got.Codes
	}
	if codes := apply([]int32{0, -1}, "FR"); !slices.Equal(codes, []uint8{1, 0}) {
		t.Errorf("first batch: %v", codes)
	}
	if codes := apply([]int32{2, 1, 0}, "FR", "it", " de"); !slices.Equal(codes, []uint8{2, 3, 1}) {
		t.Errorf("second batch: %v", codes)
	}
	a.NewReader()
	if codes := apply([]int32{0}, "DE"); !slices.Equal(codes, []uint8{2}) {
		t.Errorf("another reader: %v", codes)
	}
}

// TestSelect checks that selected rows are those of the columns selected.
func TestSelect(t *testing.T) {
	numbers := column(datasets.Number, "n")
	numbers.Numbers = []float64{math.NaN(), 10, 100, -5}
	tools := sets([]string{"sap", "hubspot"}, []int32{0, 1}, nil, []int32{}, []int32{1})
	batch := &datasets.Batch{Rows: 4, Columns: []datasets.Column{tools, numbers}}
	table := bin.Bin([]bin.Binning{number, set}, batch, 0)
	got := table.Select([]int32{3, 0, 0})
	want := []bin.Column{
		{Codes: []uint8{1, 0, 0}},
		{Codes: []uint8{1, 1, 1}, Offsets: []int32{0, 1, 3, 5}, Items: []uint16{0, 0, 1, 0, 1}},
	}
	if got.Rows != 3 || !reflect.DeepEqual(got.Columns, want) {
		t.Errorf("selected %+v, want %+v", got.Columns, want)
	}
}

// TestNumbersAtEdges bins numbers at, just below and just above edges of both
// signs, of which -0 is 0: the codes are those of Binning.Number.
func TestNumbersAtEdges(t *testing.T) {
	b := bin.Binning{Kind: features.Number, Edges: []float64{math.Inf(-1), -1e300, -2, -math.SmallestNonzeroFloat64, math.Copysign(0, -1), math.SmallestNonzeroFloat64, 3, 1e300}}
	for n := range len(b.Edges) + 1 {
		b := bin.Binning{Kind: b.Kind, Edges: b.Edges[:n]}
		c := column(datasets.Number, "n")
		c.Numbers = []float64{math.NaN(), 0, math.Copysign(0, -1), math.Inf(1)}
		for _, e := range b.Edges {
			c.Numbers = append(c.Numbers, e, math.Nextafter(e, math.Inf(-1)), math.Nextafter(e, math.Inf(1)))
		}
		var got bin.Column
		bin.NewApplier(&b, 0).Apply(&got, &c, len(c.Numbers))
		for i, v := range c.Numbers {
			if want := b.Number(v); got.Codes[i] != want {
				t.Errorf("%d edges: %v has code %d, want %d", n, v, got.Codes[i], want)
			}
		}
	}
}
