package model_test

import (
	"testing"

	"github.com/icpfit/icpfit/model/bin"
)

// TestDistance checks distances worked by hand from the points of tiny.
func TestDistance(t *testing.T) {
	m := tiny(t)
	size := &m.Terms[0] // 0, -2, 5, 1 points
	codes := &bin.Column{Codes: []uint8{0, 1, 2, 3}}
	for _, tt := range []struct {
		i, j int
		want int64
	}{{1, 1, 0}, {1, 2, 7_000_000}, {2, 1, 7_000_000}, {0, 3, 1_000_000}} {
		if got := size.Distance(codes, tt.i, codes, tt.j); got != tt.want {
			t.Errorf("bins %d and %d are %d apart, want %d", tt.i, tt.j, got, tt.want)
		}
	}
	tools := &m.Terms[4] // unknown 0, known -0.3; HubSpot 4, SAP -4.5, Go 0.6
	rows := &bin.Column{Codes: []uint8{0, 1, 1, 1}, Offsets: []int32{0, 0, 0, 2, 4}, Items: []uint16{0, 2, 0, 1}}
	for _, tt := range []struct {
		i, j int
		want int64
	}{{0, 0, 0}, {0, 1, 300_000}, {2, 2, 0}, {2, 3, 5_100_000}, {3, 2, 5_100_000}, {1, 3, 8_500_000}, {0, 2, 4_900_000}} {
		if got := tools.Distance(rows, tt.i, rows, tt.j); got != tt.want {
			t.Errorf("sets %d and %d are %d apart, want %d", tt.i, tt.j, got, tt.want)
		}
	}
}
