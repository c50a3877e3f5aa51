package segment

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// listed makes given segments of domains.
func listed(of map[string]string) *Given {
	g := &Given{of: map[uint64]int32{}}
	for _, s := range of {
		if !slices.Contains(g.Segments, s) {
			g.Segments = append(g.Segments, s)
		}
	}
	slices.Sort(g.Segments)
	for domain, s := range of {
		at, _ := slices.BinarySearch(g.Segments, s)
		g.of[features.DomainHash(domain)] = int32(at)
	}
	return g
}

// TestPairs counts a few accounts by hand.
func TestPairs(t *testing.T) {
	marketing := listed(map[string]string{"a1": "Banks", "a2": "Banks", "a3": "Shops", "a4": "Shops", "a5": "Mines", "m1": "Banks", "not in the base": "Banks"})
	sales := listed(map[string]string{"a1": "banks", "a2": "banks", "a3": "Retail", "a4": "banks", "a5": "Retail", "s1": "Retail", "s2": "Retail"})
	n := &Night{Marketing: marketing, Sales: sales, Graded: &Graded{}}
	for _, domain := range []string{"a1", "a2", "a3", "a4", "a5", "m1", "s1", "s2", "x1"} {
		n.Graded.accounts = append(n.Graded.accounts, graded{hash: features.DomainHash(domain)})
	}
	r := newReconciler(n)
	o := r.of
	if o.Both != 5 || o.Neither != 1 || o.Marketing.Accounts != 6 || o.Marketing.Alone != 1 || o.Sales.Accounts != 7 || o.Sales.Alone != 2 {
		t.Errorf("counts %+v", o)
	}
	// Of the accounts that have both, Banks and banks share 2 of 3, Mines and Retail 1
	// of 2, Shops and Retail 1 of 3.
	want := []Common{
		{Name: "Banks", Marketing: "Banks", Sales: "banks", Overlap: 2.0 / 3, Agreed: 2},
		{Name: "Mines / Retail", Marketing: "Mines", Sales: "Retail", Overlap: 0.5, Agreed: 1},
	}
	for i, c := range o.Common {
		if c.Name != want[i].Name || c.Marketing != want[i].Marketing || c.Sales != want[i].Sales || c.Overlap != want[i].Overlap || c.Agreed != want[i].Agreed {
			t.Errorf("pair %d is %+v; want %+v", i, c, want[i])
		}
	}
	if len(o.Common) != 2 || !slices.Equal(o.Marketing.Unpaired, []string{"Shops"}) || len(o.Sales.Unpaired) != 0 || o.Conflicts != 2 {
		t.Errorf("%d pairs, unpaired %q and %q, %d conflicts", len(o.Common), o.Marketing.Unpaired, o.Sales.Unpaired, o.Conflicts)
	}
	for domain, want := range map[string]int32{"a1": 0, "a3": -1, "a4": -1, "a5": 1, "m1": -1, "x1": -1} {
		if got := r.agreed(features.DomainHash(domain)); got != want {
			t.Errorf("%s: agreed on %d; want %d", domain, got, want)
		}
	}
}

// A rows source holds two columns of texts.
type rowsSource [][2]string

func (rowsSource) Name() string { return "list.csv" }

func (s rowsSource) Open(context.Context) (datasets.Reader, error) { return &rowsReader{rows: s}, nil }

type rowsReader struct{ rows [][2]string }

func (*rowsReader) Schema() []datasets.Field {
	return []datasets.Field{{Name: "site", Type: datasets.Text}, {Name: "segment", Type: datasets.Text}}
}
func (*rowsReader) Close() error { return nil }

func (r *rowsReader) Read(_ context.Context, b *datasets.Batch) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	b.Prepare(r.Schema())
	for _, row := range r.rows {
		for k, text := range row {
			c := &b.Columns[k]
			c.Data = append(c.Data, text...)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
		b.Rows++
	}
	r.rows = nil
	return nil
}

// TestReadGiven reads a list as people keep it: addresses, a domain twice, cells
// without a segment, hostile texts; and in another order of rows the same.
func TestReadGiven(t *testing.T) {
	rows := rowsSource{{"https://www.acme.com/x", "Banks"}, {"bolt.io", " Shops\u202e "}, {"acme.com", "Shops"}, {"acme.com", "Banks"}, {"", "Banks"}, {"corax.fr", ""}}
	g, err := ReadGiven(t.Context(), rows, "site", "segment")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g.Segments, []string{"Banks", "Shops"}) || g.Rows != 5 || g.NoDomain != 1 || g.Twice != 1 {
		t.Errorf("%+v", g)
	}
	if at := g.find(features.DomainHash("acme.com")); at != 0 {
		t.Errorf("acme.com is in %d; want the first row's", at)
	}
	moved, err := ReadGiven(t.Context(), rowsSource{rows[1], rows[0]}, "site", "segment")
	if err != nil || moved.Fingerprint() != g.Fingerprint() {
		t.Errorf("in another order: %v, %s and %s", err, moved.Fingerprint(), g.Fingerprint())
	}
	if _, err := ReadGiven(t.Context(), rows, "website", "segment"); err == nil {
		t.Error("a column that is not there: want an error")
	}
	var many rowsSource
	for i := range mostGiven + 1 {
		many = append(many, [2]string{"acme.com", string(rune('a'+i%26)) + string(rune('a'+i/26))})
	}
	if _, err := ReadGiven(t.Context(), many, "site", "segment"); err == nil {
		t.Error("more segments than people keep apart: want an error")
	}
}
