package report

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/page/pagetest"
	"github.com/icpfit/icpfit/model/train"
)

// all returns the texts of reports in a language, those of all pages among them.
func all(lang string) map[string]string {
	out := maps.Clone(page.Common[lang])
	maps.Copy(out, catalogue[lang])
	return out
}

func TestLanguagesHaveTheSameTexts(t *testing.T) { pagetest.SameTexts(t, all("en"), all("fr")) }

func TestEveryKeyHasATextAndEveryTextAUser(t *testing.T) {
	english := all("en")
	source := pagetest.Source(t, ".", "../page", "../graded")
	used := map[string]bool{}
	template, err := os.ReadFile("../page/page.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`call \.T "([a-z.]+)"`).FindAllStringSubmatch(string(template), -1) {
		used[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`\b(?:[a-z]+\.)?(T|N|Or|add)\("([a-z_.]+)"(\s*\+)?`).FindAllStringSubmatch(source, -1) {
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
	for _, m := range regexp.MustCompile(`"(value\.(?:yes|no))"`).FindAllStringSubmatch(source, -1) {
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
