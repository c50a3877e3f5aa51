package audit

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/project"
)

var verb = regexp.MustCompile(`%(\[\d\])?s`)

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	for key, text := range english {
		other, ok := french[key]
		if !ok {
			t.Errorf("no French text for %q", key)
			continue
		}
		if a, b := verb.FindAllString(text, -1), verb.FindAllString(other, -1); !slices.Equal(a, b) {
			t.Errorf("%q takes %v in English and %v in French", key, a, b)
		}
		for _, s := range []string{text, other} {
			rest := verb.ReplaceAllString(s, "")
			doubled := strings.Count(rest, "%%")
			if verb.MatchString(s) && strings.Count(rest, "%") != 2*doubled || !verb.MatchString(s) && doubled > 0 {
				t.Errorf("%q: %q has a stray percent sign", key, s)
			}
		}
	}
	for key := range french {
		if _, ok := english[key]; !ok {
			t.Errorf("no English text for %q", key)
		}
	}
}

// made are keys that are put together: a prefix, then one of these.
var made = map[string][]string{
	"name.": project.AuditTests, "title.": project.AuditTests, "meaning.": project.AuditTests, "rule.": project.AuditTests, "next.": project.AuditTests,
	"severity.": Severities, "phase.": {"segmentation", "alignment", "proof"}, "goal.": {"segmentation", "alignment", "proof"},
	"trend.": {"new", "found", "still", "lost", "repaid"}, "action.": {"keep", "retrain", "fix_data"}, "answers.": {"responses", "clicked"},
}

func TestEveryTextHasAUserAndEveryTestItsTexts(t *testing.T) {
	for _, id := range project.AuditTests {
		if tests[id] == nil {
			t.Errorf("%s has no test", id)
		}
		in := 0
		for _, ph := range phases {
			if slices.Contains(ph.tests, id) {
				in++
			}
		}
		if in != 1 {
			t.Errorf("%s is in %d phases of the plan", id, in)
		}
	}
	if len(tests) != len(project.AuditTests) {
		t.Errorf("%d tests, %d named", len(tests), len(project.AuditTests))
	}
	used := map[string]bool{}
	for prefix, names := range made {
		for _, name := range names {
			if _, ok := english[prefix+name]; !ok {
				t.Errorf("no text %s%s", prefix, name)
			}
			used[prefix+name] = true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, path := range files {
		if !strings.HasPrefix(path, "words_") && !strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	for key := range english {
		whole := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".many")
		last := strings.TrimPrefix(strings.TrimPrefix(whole, "e."), "thing.")
		if !used[key] && !strings.Contains(source.String(), `"`+last+`"`) {
			t.Errorf("nobody uses %q", key)
		}
	}
}
