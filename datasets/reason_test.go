package datasets_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
)

// The codes are those of the product's requirements; files and other programs
// hold them as text.
func TestReasons(t *testing.T) {
	want := []datasets.Reason{
		"NO_DOMAIN", "BAD_DOMAIN", "FREE_MAIL_DOMAIN", "SHARED_HOST", "DUPLICATE_OF",
		"LOW_COVERAGE_FIRMO", "LOW_COVERAGE_TECHNO", "EXCLUDED", "OUTSIDE_EXPERIENCE", "NEW_SINCE_FEATURES",
	}
	if !slices.Equal(datasets.Reasons, want) {
		t.Errorf("Reasons = %q, want %q", datasets.Reasons, want)
	}
	shape := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	seen := make(map[datasets.Reason]bool)
	for _, reason := range datasets.Reasons {
		if !shape.MatchString(string(reason)) || seen[reason] {
			t.Errorf("reason %q is malformed or listed twice", reason)
		}
		seen[reason] = true
	}
}
