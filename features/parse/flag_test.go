package parse_test

import (
	"testing"

	"github.com/icpfit/icpfit/features/parse"
)

func TestFlag(t *testing.T) {
	for _, tt := range []struct {
		cells  []string
		want   bool
		status parse.Status
	}{
		{[]string{"true", "True", "TRUE", "t", "yes", "Yes ", "Y", "1", "1.0", "oui", "Oui", "o", "vrai", "x", "X", "✓", "on", "sí", "ja"}, true, parse.OK},
		{[]string{"false", "False", "F", "no", "No", "n", "0", "0.0", "non", "NON", "faux", "off", "nein", "✗"}, false, parse.OK},
		{[]string{"", " ", "-", "n/a", "null", "None", "unknown", "?", "Select", "non renseigné"}, false, parse.Missing},
		{[]string{"maybe", "2", "10", "yes and no", "active", "01", "yesterday"}, false, parse.Unreadable},
	} {
		for _, cell := range tt.cells {
			if got, status := parse.Flag(cell); got != tt.want || status != tt.status {
				t.Errorf("Flag(%q) = %v, %v, want %v, %v", cell, got, status, tt.want, tt.status)
			}
		}
	}
}

func FuzzFlag(f *testing.F) {
	for _, cell := range hostile {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		if value, status := parse.Flag(cell); value && status != parse.OK {
			t.Fatalf("Flag(%q) = %v, %v", cell, value, status)
		}
	})
}
