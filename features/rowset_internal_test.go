package features

import (
	"testing"

	"pgregory.net/rapid"
)

// TestRowSet compares sets that are filled in any order and then merged with a map.
func TestRowSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.Uint32Max(1000))
		var set, other rowSet
		want := map[int64]bool{}
		for _, row := range rows.Draw(t, "rows") {
			set.add(row)
			want[int64(row)] = true
		}
		for _, row := range rows.Draw(t, "of another") {
			other.add(row)
			want[int64(row)] = true
		}
		set.merge(other)
		for row := range int64(1100) {
			if set.has(row) != want[row] {
				t.Fatalf("row %d is in the set: %v", row, set.has(row))
			}
		}
	})
}

// TestKeyOfOtherRow has the base change between the passes: what stands in the place of
// a row that was its own key is taken as it is if it is a host, and looked up else.
func TestKeyOfOtherRow(t *testing.T) {
	var c census
	c.own.add(7)
	for raw, want := range map[string]string{"acme.com": "acme.com", "www.acme.com": "www.acme.com", "https://www.Acme.com/": "acme.com", "": "", "acme": ""} {
		if key, _ := c.key(7, raw); key != want {
			t.Errorf("the key of %q is %q, want %q", raw, key, want)
		}
	}
	if key, _ := c.key(8, "www.acme.com"); key != "acme.com" {
		t.Errorf("the key of a row that nobody has looked up is %q", key)
	}
}
