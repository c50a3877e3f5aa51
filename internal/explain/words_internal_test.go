package explain

import (
	"maps"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page/pagetest"
	"github.com/icpfit/icpfit/model/predict"
)

// TestLanguagesHaveTheSameTexts checks keys and arguments. The fixes of unscored
// accounts are the model's own in English.
func TestLanguagesHaveTheSameTexts(t *testing.T) {
	own := maps.Clone(french)
	maps.DeleteFunc(own, func(key, _ string) bool { return strings.HasPrefix(key, "fix.") })
	pagetest.SameTexts(t, english, own)
	for _, reason := range datasets.Reasons {
		if reason != datasets.DuplicateOf && french["fix."+string(reason)] == "" {
			t.Errorf("no French fix for %s", reason)
		}
	}
}

// TestEveryTextHasAUser finds keys that no code names, whole or by their start.
func TestEveryTextHasAUser(t *testing.T) {
	source := pagetest.Source(t, ".")
	for key := range english {
		stem := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".many")
		start := key[:strings.LastIndex(key, ".")+1]
		if !strings.Contains(source, `"`+key+`"`) && !strings.Contains(source, `"`+stem+`"`) &&
			(start == "" || !strings.Contains(source, `"`+start+`"`)) {
			t.Errorf("nobody says %q", key)
		}
	}
	for _, cause := range predict.Causes {
		if english["cause."+cause] == "" {
			t.Errorf("no text for cause %s", cause)
		}
	}
	for _, kind := range features.Kinds {
		if kind != features.Set && kind != features.Words && kind != features.Category && kind != features.Flag && english["common."+string(kind)] == "" {
			t.Errorf("no comparison for a %s", kind)
		}
	}
}
