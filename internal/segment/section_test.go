package segment_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/segment"
	"github.com/icpfit/icpfit/model/metrics"
)

// TestWords compares the languages: the same texts, with as many arguments.
func TestWords(t *testing.T) {
	en, fr := segment.Words["en"], segment.Words["fr"]
	if a, b := slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(fr)); !slices.Equal(a, b) {
		t.Errorf("English and French differ: %v, %v", a, b)
	}
	for key := range en {
		if a, b := strings.Count(en[key], "%s")+strings.Count(en[key], "]s"), strings.Count(fr[key], "%s")+strings.Count(fr[key], "]s"); a != b {
			t.Errorf("%s takes %d arguments in English and %d in French", key, a, b)
		}
	}
}

// TestSection writes sections of every verdict, of an empty segment and of nothing.
func TestSection(t *testing.T) {
	share := &metrics.Interval{Value: 0.5, Low: 0.4, High: 0.6}
	edge, n, stable := 1000.0, int64(4), 0.9
	full := segment.Portrait{
		Name: "employees over 1,000", Named: []segment.Value{{Feature: "employees", Kind: "number", Above: &edge, Share: 0.9, Lift: *share}}, Accounts: 5, Share: 0.5, Before: &n,
		Stability: &stable, Customers: 1, Captured: share, Rate: share, Lift: share, Points: share, Grades: []int64{5},
		Values: []segment.Value{{Feature: "employees", Kind: "number", Above: &edge, Share: 0.9, Lift: *share}}, Typical: []segment.Typical{{Domain: "acme.com", Grade: "A"}},
	}
	trial := segment.Trial{Segments: 2, Stability: *share, Fault: segment.Unstable}
	for _, tt := range []struct {
		name string
		d    *segment.Divided
		want []string // in English
		fr   string
	}{
		{"nothing was made", nil, []string{"No segments of this night"}, "Pas de segments"},
		{"nobody is scored", &segment.Divided{Verdict: segment.Found}, []string{"No account is scored"}, "Aucun compte"},
		{
			"none", &segment.Divided{Verdict: segment.None, Scored: 5, Grades: []string{"A"}, Trials: []segment.Trial{trial}, Portraits: []segment.Portrait{{Name: segment.All, Accounts: 5, Share: 1, Grades: []int64{5}}}},
			[]string{"No stable segments in this base: its 5 accounts are one.", "adjusted Rand index 0.50", "all accounts", "not found again"},
			"tous les comptes",
		},
		{
			"found, and one empty", &segment.Divided{
				Verdict: segment.Found, Scored: 5, Customers: 1, Grades: []string{"A"}, Trials: []segment.Trial{trial}, Sizes: &segment.Sizes{AsOf: "2026-01-30", Alarm: true},
				Portraits: []segment.Portrait{full, {Name: "mixed", Grades: []int64{0}, Captured: share}},
			},
			[]string{"2 segments of 5 accounts", "employees over 1,000", "no account is in it", "acme.com", "the base has moved", "mixed"},
			"effectif plus de 1\u202f000",
		},
		{
			"written", &segment.Divided{Verdict: segment.Written, Scored: 5, Grades: []string{"A"}, Portraits: []segment.Portrait{{Name: "large", Where: "employees > 100", Accounts: 5, Grades: []int64{5}}, {Name: segment.Other, Grades: []int64{0}}}},
			[]string{"written by people", "large", "other"},
			"autres",
		},
		{
			"reconciled", &segment.Divided{
				Verdict: segment.Written, Scored: 5, Grades: []string{"A"}, Portraits: []segment.Portrait{{Name: "large", Where: "employees > 100", Accounts: 5, Grades: []int64{5}}},
				Reconciliation: &segment.Reconciliation{
					Marketing: segment.Side{Segments: []string{"Banks", "Mines"}, Accounts: 4, Alone: 1, Twice: 2, Unpaired: []string{"Mines"}}, Sales: segment.Side{Segments: []string{"Finance"}, Accounts: 3},
					Counts: [][]int64{{2}, {1}}, Both: 3, Rand: share, Conflicts: 1, Examples: []segment.Conflict{{Domain: "acme.com", Grade: "A", Marketing: "Mines", Sales: "Finance", Common: "Banks / Finance"}},
					Common: []segment.Common{{Name: "Banks / Finance", Overlap: 0.67, Agreed: 2, Accounts: 5, Grades: []int64{5}}},
				},
			},
			[]string{"3 accounts have a segment of both: adjusted Rand index 0.500", "no counterpart for Mines", "Banks / Finance", "Conflicts: the first 1 of 1"},
			"en conflit",
		},
		{
			"nothing in common", &segment.Divided{
				Verdict: segment.Written, Scored: 5, Grades: []string{"A"}, Portraits: []segment.Portrait{{Name: "large", Where: "employees > 100", Accounts: 5, Grades: []int64{5}}},
				Reconciliation: &segment.Reconciliation{Marketing: segment.Side{Segments: []string{}}, Sales: segment.Side{Segments: []string{}}, Counts: [][]int64{}},
			},
			[]string{"nothing can be compared"},
			"rien à comparer",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, lang := range page.Langs {
				s, err := tt.d.Section(lang)
				if err != nil {
					t.Fatal(err)
				}
				d := &page.Document{Lang: lang, Sections: []page.Section{s}}
				var html, md bytes.Buffer
				if err := page.WriteHTML(&html, d); err != nil {
					t.Fatal(err)
				}
				if err := page.WriteMarkdown(&md, d); err != nil {
					t.Fatal(err)
				}
				want := tt.want
				if lang == "fr" {
					want = []string{tt.fr}
				}
				for _, w := range want {
					if !strings.Contains(html.String(), w) {
						t.Errorf("%s: no %q in the section:\n%s", lang, w, md.String())
					}
				}
				if strings.Contains(html.String(), "NaN") || strings.Contains(html.String(), "%!") {
					t.Errorf("%s: a figure is broken", lang)
				}
			}
		})
	}
}
