package bin_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// fitNumbers bins values.
func fitNumbers(values []float64, o bin.Options) bin.Binning {
	c := column(datasets.Number, "n")
	c.Numbers = values
	return bin.Fit(features.Spec{Name: "n", Pillar: features.Firmographic, Kind: features.Number}, &c, rowsOf(len(values)), 0, o)
}

func rowsOf(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// repeat returns n of each value.
func repeat(n int, values ...float64) (out []float64) {
	for _, v := range values {
		out = append(out, slices.Repeat([]float64{v}, n)...)
	}
	return out
}

// TestEdges checks cuts worked by hand.
func TestEdges(t *testing.T) {
	o := bin.Options{NumberBins: 4, MinRows: 2, Categories: 5, Items: 5}
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		name   string
		values []float64
		want   []float64
	}{
		{"none", nil, nil},
		{"all missing", []float64{nan, nan, nan, nan}, nil},
		{"one value", repeat(9, 5), nil},
		{"two values", repeat(5, 0, 1), []float64{0.5}},
		{"too few of one", append(repeat(9, 0), 1), nil},
		{"edges of fewest digits", repeat(3, 50, 51, 200, 201), []float64{50, 100, 200}},
		{"across zero", repeat(4, -3, 3), []float64{0}},
		{"infinite values do not count", append(repeat(4, 1, 2), inf, inf, inf, -inf, -inf), []float64{1.5}},
		{"neighbouring floats", repeat(4, 1, math.Nextafter(1, 2)), []float64{1}},
		{"what most share takes one bin", append(repeat(20, 0), repeat(2, 1, 2, 3, 4, 5, 6)...), []float64{0.5, 2.5, 4.5}},
		{"two that many share take two", append(repeat(20, 0, 9), repeat(2, 1, 2, 3, 4)...), []float64{0.5, 2.5, 7}},
		{"halves", repeat(2, 1, 2, 3, 4, 5, 6, 7, 8), []float64{2.5, 4.5, 6.5}},
	} {
		b := fitNumbers(tt.values, o)
		if err := b.Validate(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !slices.Equal(b.Edges, tt.want) {
			t.Errorf("%s: edges %v, want %v", tt.name, b.Edges, tt.want)
		}
	}
}

// TestHeavyValues checks a base of round numbers, each a bin's worth by itself
// with a few others between them: the case that makes the most bins.
func TestHeavyValues(t *testing.T) {
	for _, most := range []int{2, 8, 64, 250} {
		var values []float64
		for i := range (2*most + 2) / 3 {
			values = append(values, repeat(1500, float64(10*i))...)
			values = append(values, repeat(12, float64(10*i+5))...)
		}
		o := bin.DefaultOptions()
		o.NumberBins = most
		b := fitNumbers(append(values, 1e6), o)
		if bins := len(b.Edges) + 1; bins > most || b.Slots() > bin.MaxCodes {
			t.Errorf("%d bins of at most %d, %d codes", bins, most, b.Slots())
		}
	}
}

// TestEdgeLaws checks, on values with many ties, that bins are at most as many
// as asked for and hold at least as many rows, that edges part values, and that
// the order of rows does not matter.
func TestEdgeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := bin.Options{NumberBins: rapid.IntRange(2, 250).Draw(t, "bins"), MinRows: rapid.IntRange(1, 12).Draw(t, "least"), Categories: 1, Items: 1}
		if err := o.Validate(); err != nil {
			t.Fatal(err)
		}
		distinct := rapid.SliceOfN(rapid.Float64Range(-1e5, 1e5), 1, 300).Draw(t, "values")
		heavy := rapid.IntRange(1, 60).Draw(t, "heavy")
		rng := rand.New(rand.NewPCG(uint64(heavy), 1))
		var values []float64
		for _, v := range distinct {
			n := 1
			if rng.IntN(3) == 0 {
				n = 1 + rng.IntN(heavy)
			}
			values = append(values, repeat(n, v)...)
		}
		shuffled := slices.Clone(values)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		b := fitNumbers(values, o)
		if other := fitNumbers(shuffled, o); !slices.Equal(b.Edges, other.Edges) {
			t.Fatalf("edges %v, shuffled %v", b.Edges, other.Edges)
		}
		if len(b.Edges)+1 > o.NumberBins || b.Slots() > bin.MaxCodes {
			t.Fatalf("%d bins, want at most %d", len(b.Edges)+1, o.NumberBins)
		}
		held := make([]int, b.Slots())
		for _, v := range values {
			held[b.Number(v)]++
		}
		for slot, n := range held[1:] {
			if n < o.MinRows && len(b.Edges) > 0 {
				t.Fatalf("bin %d holds %d rows, want at least %d: edges %v", slot+1, n, o.MinRows, b.Edges)
			}
		}
		if err := b.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEdgesBetween checks that an edge between two values is at or above the
// lower and below the upper, whatever they are.
func TestEdgesBetween(t *testing.T) {
	o := bin.Options{NumberBins: 2, MinRows: 1, Categories: 1, Items: 1}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		if rapid.Bool().Draw(t, "close") {
			b = math.Nextafter(a, b)
		}
		if a == b || math.IsInf(b, 0) {
			return
		}
		got := fitNumbers([]float64{a, b}, o).Edges
		if len(got) != 1 || !(got[0] >= min(a, b) && got[0] < max(a, b)) {
			t.Fatalf("the edge between %v and %v is %v", a, b, got)
		}
	})
}

// TestAges checks that dates are cut by age, and that only the rows asked for count.
func TestAges(t *testing.T) {
	c := column(datasets.Date, "d")
	for range 4 {
		c.Days = append(c.Days, 1000, 900, datasets.MissingDay)
	}
	c.Days = append(c.Days, 100, 100, 100, 100)
	o := bin.Options{NumberBins: 8, MinRows: 2, Categories: 1, Items: 1}
	b := bin.Fit(features.Spec{Name: "d", Kind: features.Date}, &c, rowsOf(12), 1010, o)
	if len(b.Edges) != 1 || !(b.Edges[0] >= 10 && b.Edges[0] < 110) {
		t.Errorf("edges %v, want one in [10, 110): ages in days", b.Edges)
	}
}

// TestSupport checks order, spelling, support and the most that are kept.
func TestSupport(t *testing.T) {
	c := column(datasets.Category, "c")
	c.Dictionary = []string{"fr", "FR", "de", "it", "es", " Fr"}
	c.Codes = []int32{1, 1, 0, 5, 2, 2, 2, 3, 3, 4, -1, -1, -1, -1, -1}
	spec := features.Spec{Name: "c", Kind: features.Category}
	b := bin.Fit(spec, &c, rowsOf(len(c.Codes)), 0, bin.Options{NumberBins: 2, MinRows: 2, Categories: 5, Items: 1})
	if !slices.Equal(b.Values, []string{"fr", "de", "it"}) || !slices.Equal(b.Labels, []string{"FR", "de", "it"}) {
		t.Errorf("values %q, labels %q", b.Values, b.Labels)
	}
	b = bin.Fit(spec, &c, rowsOf(len(c.Codes)), 0, bin.Options{NumberBins: 2, MinRows: 1, Categories: 2, Items: 1})
	if !slices.Equal(b.Values, []string{"fr", "de"}) {
		t.Errorf("of at most two values: %q", b.Values)
	}
}

// TestManyItems checks that a set's items are cut by Items, not by MaxCodes.
func TestManyItems(t *testing.T) {
	var dictionary []string
	var row []int32
	for i := range 600 {
		dictionary, row = append(dictionary, "t"+strconv.Itoa(i)), append(row, int32(i))
	}
	c := sets(dictionary, row, row)
	o := bin.Options{NumberBins: 2, MinRows: 1, Categories: 250, Items: 500}
	b := bin.Fit(features.Spec{Name: "s", Kind: features.Set}, &c, rowsOf(2), 0, o)
	if len(b.Items) != 500 {
		t.Errorf("%d items, want 500", len(b.Items))
	}
	cats := column(datasets.Category, "c")
	cats.Dictionary, cats.Codes = dictionary, row
	b = bin.Fit(features.Spec{Name: "c", Kind: features.Category}, &cats, rowsOf(600), 0, o)
	if len(b.Values) != 250 || b.Slots() > bin.MaxCodes {
		t.Errorf("%d categories, want 250", len(b.Values))
	}
}

func TestOptions(t *testing.T) {
	o := bin.DefaultOptions()
	if err := o.Validate(); err != nil {
		t.Errorf("the default options: %v", err)
	}
	if o.NumberBins != 64 {
		t.Errorf("%d bins by default, want 64", o.NumberBins)
	}
	err := bin.Options{}.Validate()
	if err == nil {
		t.Fatal("the zero options are valid")
	}
	for _, want := range []string{"number_bins is 0", "min_rows is 0", "categories is 0", "items is 0"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	for _, o := range []bin.Options{{251, 1, 1, 1}, {2, 1, 251, 1}, {2, 1, 1, bin.MaxItems + 1}} {
		if o.Validate() == nil {
			t.Errorf("%+v is valid", o)
		}
	}
	for _, o := range []bin.Options{{2, 1, 1, 1}, {250, 1, 250, bin.MaxItems}} {
		if err := o.Validate(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
