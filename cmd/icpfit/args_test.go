package main

import (
	"slices"
	"strings"
	"testing"
)

func TestArrange(t *testing.T) {
	for _, tt := range []struct {
		args, want string
		json       bool
	}{
		{"icpfit", "icpfit", false},
		{"icpfit explain acme.com --json", "icpfit explain --json acme.com", true},
		{"icpfit explain --json acme.com", "icpfit explain --json acme.com", true},
		{"icpfit --json explain acme.com", "icpfit --json explain acme.com", true},
		{"icpfit explain acme.com --dir x", "icpfit explain --dir x acme.com", false},
		{"icpfit explain acme.com --dir=x -q", "icpfit explain --dir=x -q acme.com", false},
		{"icpfit --dir x models promote V --reason why", "icpfit --dir x models promote --reason why V", false},
		{"icpfit models --dir x promote V", "icpfit models --dir x promote V", false},
		// a flag's value is no command and no flag
		{"icpfit --dir train check", "icpfit --dir train check", false},
		{"icpfit models promote V --reason --json", "icpfit models promote --reason --json V", false},
		{"icpfit explain train", "icpfit explain train", false},
		{"icpfit train --learner", "icpfit train --learner", false},
		{"icpfit version --json=false", "icpfit version --json=false", false},
		{"icpfit version --json=1", "icpfit version --json=1", true},
		{"icpfit explain -- --json", "icpfit explain -- --json", false},
		{"icpfit explain -", "icpfit explain -", false},
		{"icpfit help", "icpfit --help", false},
		{"icpfit help models promote", "icpfit models promote --help", false},
		{"icpfit models help", "icpfit models --help", false},
		{"icpfit explain help", "icpfit explain help", false},
		{"icpfit help nosuch", "icpfit nosuch", false},
		{"icpfit explain acme.com -h --dir x", "icpfit explain --dir x --help", false},
		{"icpfit explain acme.com --generate-bash-completion", "icpfit explain acme.com --generate-bash-completion", false},
	} {
		got, json := arrange(newApp(nil, nil), strings.Fields(tt.args))
		if !slices.Equal(got, strings.Fields(tt.want)) || json != tt.json {
			t.Errorf("arrange(%q) = %q, %t, want %q, %t", tt.args, got, json, tt.want, tt.json)
		}
	}
	if got, _ := arrange(newApp(nil, nil), nil); got != nil {
		t.Errorf("arrange(nil) = %q", got)
	}
}

func TestEdits(t *testing.T) {
	// Distances by hand; kitten to sitting is the textbook's.
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"train", "train", 0}, {"trian", "train", 2}, {"kitten", "sitting", 3}, {"jsno", "json", 2}, {"predct", "predict", 1},
	} {
		if got := edits(tt.a, tt.b); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := edits(tt.b, tt.a); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}
