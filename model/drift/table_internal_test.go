package drift

import (
	"math"
	"slices"
	"testing"
)

// TestJoin joins by hand: of two samples of 100 a cell must hold 40 of both
// together, of 100 and 900 it must hold 200.
func TestJoin(t *testing.T) {
	for _, tt := range []struct {
		name                  string
		then, now             []float64
		joinedThen, joinedNow []float64
	}{
		{"enough", []float64{20, 80}, []float64{20, 80}, []float64{20, 80}, []float64{20, 80}},
		{"one too few", []float64{19, 81}, []float64{20, 80}, []float64{100}, []float64{100}},
		{"the sum counts", []float64{0, 100}, []float64{40, 60}, []float64{0, 100}, []float64{40, 60}},
		{"the rest joins the last", []float64{50, 40, 10}, []float64{50, 45, 5}, []float64{50, 50}, []float64{50, 50}},
		{"other sizes", []float64{20, 20, 60}, []float64{180, 179, 541}, []float64{20, 80}, []float64{180, 720}},
		{"few", []float64{3, 2}, []float64{1, 4}, []float64{5}, []float64{5}},
		{"none", []float64{0, 0}, []float64{1, 4}, []float64{0}, []float64{5}},
	} {
		then, now := join(tt.then, tt.now)
		if !slices.Equal(then, tt.joinedThen) || !slices.Equal(now, tt.joinedNow) {
			t.Errorf("%s: %v and %v, want %v and %v", tt.name, then, now, tt.joinedThen, tt.joinedNow)
		}
	}
	if newTable([]float64{0, 0}, []float64{1, 4}) != nil || newTable(nil, nil) != nil {
		t.Error("a table without rows")
	}
}

// TestLimit compares with the usual tables of χ² at one degree of freedom: 6.6349
// at 1 %, 12.1157 at 0.05 %; and looks at both sides of the limit.
func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		n, m          float64
		of            int
		chance, limit float64
	}{
		{200, 200, 1, 6.6349 * 2 / 200, 0.10},
		{100, 100, 1, 6.6349 * 2 / 100, 6.6349 * 2 / 100},
		{100, 400, 20, 12.1157 * (1./100 + 1./400), 12.1157 * (1./100 + 1./400)},
	} {
		table := &Table{Cells: 2, N: tt.n, M: tt.m}
		table.limit(tt.of)
		if math.Abs(table.Chance-tt.chance) > 1e-5 || math.Abs(table.Limit-tt.limit) > 1e-5 || table.JSLimit != math.Sqrt(table.Limit/8) {
			t.Errorf("of %d: %+v, want chance %v, limit %v", tt.of, table, tt.chance, tt.limit)
		}
		table.PSI = table.Limit
		if table.Alarm() {
			t.Error("an alarm at the limit")
		}
		if table.PSI = math.Nextafter(table.Limit, 1); !table.Alarm() || !table.Moved() {
			t.Error("no alarm above the limit")
		}
	}
	var none *Table
	if none.Alarm() || none.Moved() {
		t.Error("an alarm of no table")
	}
}

// TestBands checks twentieths of a reference whose cells are uneven: one that holds
// half of it takes ten bands' place.
func TestBands(t *testing.T) {
	reference := []float64{50}
	for range 50 {
		reference = append(reference, 1)
	}
	got := bands(reference, reference)
	var sum float64
	for _, n := range got {
		sum += n
	}
	if sum != 100 || got[0] != 50 || got[1] != 0 || got[10] != 5 || got[19] != 5 {
		t.Errorf("bands %v", got)
	}
}
