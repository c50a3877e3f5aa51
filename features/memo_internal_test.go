package features

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMemo asks a memo for cells of which many differ in few bytes: it knows what
// was put for them, and nothing else.
func TestMemo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m memo[int]
		want := map[string]int{}
		cells := rapid.SliceOfN(rapid.StringMatching(`[ab]{0,5}|[ab\x00]{6,18}`), 1, 300).Draw(t, "cells")
		for i, cell := range cells {
			if i%97 == 96 {
				m.forget()
				clear(want)
			}
			value, known := want[cell]
			if got, ok := m.get(cell); ok != known || ok && got != value {
				t.Fatalf("cell %q is %d, %v; want %d, %v", cell, got, ok, value, known)
			}
			if !known && cell != "" {
				want[cell] = i
				m.put(cell, i)
			}
		}
	})
}

// TestMemoOfOneByte asks for cells that are one byte over and over: those of many
// lengths have the same words.
func TestMemoOfOneByte(t *testing.T) {
	var m memo[string]
	var cells []string
	for b := range 256 {
		for n := 1; n <= nearBytes+1; n++ {
			cells = append(cells, strings.Repeat(string([]byte{byte(b)}), n))
		}
	}
	for _, cell := range cells {
		m.put(cell, cell)
	}
	for _, cell := range cells { // each takes the place of another, or is taken for it
		for range 2 {
			if got, ok := m.get(cell); !ok || got != cell {
				t.Fatalf("cell %q is %q, %v", cell, got, ok)
			}
		}
	}
}
