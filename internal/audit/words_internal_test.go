package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/page/pagetest"
	"github.com/icpfit/icpfit/internal/project"
)

func TestLanguagesHaveTheSameTexts(t *testing.T) { pagetest.SameTexts(t, english, french) }

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
	source := pagetest.Source(t, ".")
	for key := range english {
		whole := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".many")
		last := strings.TrimPrefix(strings.TrimPrefix(whole, "e."), "thing.")
		if !used[key] && !strings.Contains(source, `"`+last+`"`) {
			t.Errorf("nobody uses %q", key)
		}
	}
}
