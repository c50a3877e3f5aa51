package spool

import (
	"math"
	"testing"

	"github.com/icpfit/icpfit/datasets"
)

// TestDigestOfTypes checks for every type that a row more, a missing value and
// another value each change the hash, and that missing values are all alike.
func TestDigestOfTypes(t *testing.T) {
	words := []string{"a", "b", "ab", ""}
	for _, tt := range []struct {
		kind datasets.Type
		add  func(c *datasets.Column, v int) // v is 0, 1, or -1 for missing
	}{
		{datasets.Text, func(c *datasets.Column, v int) {
			if v >= 0 {
				c.Data = append(c.Data, words[v]...)
			}
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}},
		{datasets.Number, func(c *datasets.Column, v int) {
			c.Numbers = append(c.Numbers, map[int]float64{0: 0, 1: 1, -1: math.Float64frombits(0x7ff8000000000002)}[v])
		}},
		{datasets.Integer, func(c *datasets.Column, v int) {
			c.Integers, c.Null = append(c.Integers, int64(v)), append(c.Null, v < 0)
		}},
		{datasets.Date, func(c *datasets.Column, v int) {
			c.Days = append(c.Days, map[int]int32{0: 0, 1: 1, -1: datasets.MissingDay}[v])
		}},
		{datasets.Flag, func(c *datasets.Column, v int) { c.Flags = append(c.Flags, int8(v)) }},
		{datasets.Category, func(c *datasets.Column, v int) {
			c.Dictionary, c.Codes = words, append(c.Codes, int32(v))
		}},
		{datasets.Set, func(c *datasets.Column, v int) {
			c.Dictionary = words
			if v >= 0 {
				c.Codes = append(c.Codes, int32(v))
			}
			c.Offsets, c.Null = append(c.Offsets, int32(len(c.Codes))), append(c.Null, v < 0)
		}},
	} {
		sum := func(batches ...[]int) string {
			fields := []datasets.Field{{Name: "x", Type: tt.kind}}
			d := newDigest(fields)
			for _, values := range batches {
				var b datasets.Batch
				b.Prepare(fields)
				for _, v := range values {
					tt.add(&b.Columns[0], v)
					b.Rows++
				}
				d.add(&b)
			}
			return d.String()
		}
		base := sum([]int{0, 1, -1, 1})
		if sum([]int{0}, []int{1, -1}, []int{1}) != base {
			t.Errorf("%v: other batches, another hash", tt.kind)
		}
		for _, other := range [][]int{{0, 1, -1}, {0, 1, -1, -1}, {0, 1, 0, 1}, {1, 0, -1, 1}, {0, 1, -1, 1, 1}} {
			if sum(other) == base {
				t.Errorf("%v: %v has the hash of other rows", tt.kind, other)
			}
		}
	}
}
