package report

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/train"
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
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") && !strings.HasPrefix(f.Name(), "words_") {
			text, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\b(?:[a-z]+\.)?(t|n|or|add)\("([a-z_.]+)"(\s*\+)?`).FindAllStringSubmatch(source.String(), -1) {
		key := m[2]
		switch {
		case m[3] != "":
			for k := range english {
				if strings.HasPrefix(k, key) {
					used[k] = true
				}
			}
			continue
		case m[1] == "n":
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
		keys = append(keys, "action."+string(a), "headline."+string(a))
	}
	for _, s := range []string{fresh, due, overdue} {
		keys = append(keys, "status."+s)
	}
	for _, c := range []string{"new", "gone", "override", "expiry", "model", "cut", "data"} {
		keys = append(keys, "cause."+c)
	}
	for _, m := range train.Methods {
		keys = append(keys, "preview.method."+m, "preview.lead."+m)
	}
	for _, key := range keys {
		for lang, words := range catalogue {
			if words[key] == "" {
				t.Errorf("%s: no text for %q", lang, key)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	en, _ := newPrinter("")
	fr, _ := newPrinter("fr")
	for _, tt := range []struct{ got, want string }{
		{en.num(1234.5, 1), "1,234.5"},
		{fr.num(1234.5, 1), "1\u202f234,5"},
		{en.num(1234567, 0), "1,234,567"},
		{en.num(-0.04, 1), "0.0"},
		{en.num(-999.96, 1), "−1,000.0"},
		{en.signed(6.24, 1), "+6.2"},
		{en.signed(0.01, 1), "0.0"},
		{fr.signed(-6.24, 1), "−6,2"},
		{en.percent(0.123), "12.3%"},
		{fr.percent(0.123), "12,3\u00a0%"},
		{en.percent(0.0004), "<0.1%"},
		{en.percent(0), "0.0%"},
		{en.date("2026-08-01"), "1 August 2026"},
		{fr.date("2026-08-01"), "1 août 2026"},
		{en.n("days", 1), "1 day"},
		{en.n("days", 0), "0 days"},
		{fr.n("days", 0), "0 jour"},
		{fr.n("days", 2), "2 jours"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// TestLabelsAreThoseOfBin compares the English labels of every bin with those
// that the model's own package gives.
func TestLabelsAreThoseOfBin(t *testing.T) {
	p, _ := newPrinter("en")
	for _, b := range []bin.Binning{
		{Kind: features.Number, Edges: []float64{0.25, 49.5, 1250, 2e6}},
		{Kind: features.Number},
		{Kind: features.Category, Values: []string{"a"}, Labels: []string{"A"}},
		{Kind: features.Flag},
		{Kind: features.Set, Items: []string{"go"}, Labels: []string{"Go"}},
	} {
		for slot := range b.Slots() {
			if got, want := (labeller{p, &b, false}).slots(slot, slot), b.Label(slot); got != want {
				t.Errorf("%s: slot %d is %q, want %q", b.Kind, slot, got, want)
			}
		}
	}
	years := bin.Binning{Kind: features.Number, Edges: []float64{1993.5}}
	if got := (labeller{p, &years, true}).slots(2, 2); got != "over 1993" {
		t.Errorf("a year is %q", got)
	}
	dates := bin.Binning{Kind: features.Date, Edges: []float64{30, 90}}
	if got := (labeller{p, &dates, false}).slots(2, 2); got != "30 to 90 days ago" {
		t.Errorf("a date is %q", got)
	}
	for v, want := range map[float64]string{12_500: "12.5k", 1_350_000: "1.35M", -2e9: "−2G", 9_999: "9,999", 12.5: "12.5"} {
		if got := (labeller{p, &years, false}).axis(v); got != want {
			t.Errorf("axis(%v) = %q, want %q", v, got, want)
		}
	}
}
