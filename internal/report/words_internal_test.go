package report

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/train"
)

var verb = regexp.MustCompile(`%(\[\d\])?s`)

// all returns the texts of reports in a language, those of all pages among them.
func all(lang string) map[string]string {
	out := maps.Clone(page.Common[lang])
	maps.Copy(out, catalogue[lang])
	return out
}

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	english, french := all("en"), all("fr")
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
			// A percent sign is doubled where arguments are filled in, and only there.
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

func TestEveryKeyHasATextAndEveryTextAUser(t *testing.T) {
	english := all("en")
	var source strings.Builder
	for _, folder := range []string{".", "../page"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || strings.HasPrefix(filepath.Base(f), "words_") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	used := map[string]bool{}
	template, err := os.ReadFile("../page/page.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`call \.T "([a-z.]+)"`).FindAllStringSubmatch(string(template), -1) {
		used[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`\b(?:[a-z]+\.)?(T|N|Or|add)\("([a-z_.]+)"(\s*\+)?`).FindAllStringSubmatch(source.String(), -1) {
		key := m[2]
		switch {
		case m[3] != "":
			for k := range english {
				if strings.HasPrefix(k, key) {
					used[k] = true
				}
			}
			continue
		case m[1] == "N":
			used[key+".one"], used[key+".many"] = true, true
		default:
			used[key] = true
		}
	}
	for _, m := range regexp.MustCompile(`"(value\.(?:yes|no))"`).FindAllStringSubmatch(source.String(), -1) {
		used[m[1]] = true
	}
	for key := range used {
		if _, ok := english[key]; !ok {
			t.Errorf("no text for %q", key)
		}
	}
	for key := range english {
		if !used[key] {
			t.Errorf("no user of %q", key)
		}
	}
}

func TestEveryReasonPillarAndActionHasWords(t *testing.T) {
	var keys []string
	for _, r := range datasets.Reasons {
		keys = append(keys, "unscored."+string(r), "fix."+string(r))
	}
	for _, p := range features.Pillars {
		keys = append(keys, "pillar."+string(p))
	}
	for _, a := range []Action{Keep, Retrain, FixData} {
		keys = append(keys, "action."+string(a), "headline."+string(a)+".calls", "headline."+string(a)+".alone", "health.lead."+string(a))
	}
	for _, s := range []string{fresh, due, overdue} {
		keys = append(keys, "status."+s, "age."+s)
	}
	for _, c := range []string{"new", "gone", "override", "expiry", "model", "cut", "data"} {
		keys = append(keys, "cause."+c)
	}
	for _, c := range []string{Graded, Covered, TooThin, Drifted, Age, Captured} {
		keys = append(keys, "check."+c, "check."+c+".wanted")
	}
	for _, m := range train.Methods {
		keys = append(keys, "preview.method."+m, "preview.lead."+m)
	}
	for _, key := range keys {
		for _, lang := range page.Langs {
			if all(lang)[key] == "" {
				t.Errorf("%s: no text for %q", lang, key)
			}
		}
	}
}
