package explain

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/predict"
)

var verb = regexp.MustCompile(`%(\[\d\])?s`)

// TestLanguagesHaveTheSameTexts checks keys and arguments. The fixes of unscored
// accounts are the model's own in English.
func TestLanguagesHaveTheSameTexts(t *testing.T) {
	for key, text := range english {
		if a, b := verb.FindAllString(text, -1), verb.FindAllString(french[key], -1); french[key] == "" || !slices.Equal(a, b) {
			t.Errorf("%q takes %v in English and %v in French", key, a, b)
		}
		if strings.Contains(verb.ReplaceAllString(text, ""), "%") {
			t.Errorf("%q has a stray percent sign", key)
		}
	}
	for key := range french {
		if english[key] == "" && !strings.HasPrefix(key, "fix.") {
			t.Errorf("no English text for %q", key)
		}
	}
	for _, reason := range datasets.Reasons {
		if reason != datasets.DuplicateOf && french["fix."+string(reason)] == "" {
			t.Errorf("no French fix for %s", reason)
		}
	}
}

// TestEveryTextHasAUser finds keys that no code names, whole or by their start.
func TestEveryTextHasAUser(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		if strings.HasPrefix(f, "words_") || strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	for key := range english {
		stem := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".many")
		start := key[:strings.LastIndex(key, ".")+1]
		if !strings.Contains(source.String(), `"`+key+`"`) && !strings.Contains(source.String(), `"`+stem+`"`) &&
			(start == "" || !strings.Contains(source.String(), `"`+start+`"`)) {
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
