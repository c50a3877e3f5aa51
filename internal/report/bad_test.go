package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/report"
)

// texts returns the HTML and the Markdown of a report.
func texts(t *testing.T, r *report.Report) (string, string) {
	t.Helper()
	var h, m bytes.Buffer
	if err := report.WriteHTML(&h, r); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteMarkdown(&m, r); err != nil {
		t.Fatal(err)
	}
	return h.String(), m.String()
}

// unscored gives every account of the fixture no grade, for one reason.
func unscored(reason string) []gradeRow {
	rows := now()
	for i := range rows {
		rows[i] = gradeRow{domain: rows[i].domain, id: rows[i].id, customer: rows[i].customer, reason: reason}
	}
	return rows
}

// TestBadInput checks that a base or a night without what a report usually shows
// gives a report that says so, in both languages, without an empty chart.
func TestBadInput(t *testing.T) {
	for _, tt := range []struct {
		name   string
		grades []gradeRow
		change func(in *report.Input)
		action report.Action
		en, fr []string // that the Markdown says
		not    []string // that it does not
	}{
		{
			"all unscored", unscored("NO_DOMAIN"), nil, report.FixData,
			[]string{"None of the 10 accounts can be graded: fix the data and run icpfit refresh again.", "No prospect is graded, so there are no points to show.", "No prospect reached A or B since"},
			[]string{"Aucun des 10 comptes ne peut être noté", "Aucun prospect n’est noté"},
			nil,
		},
		{
			"all unscored on a first night", unscored("LOW_COVERAGE_FIRMO"), func(in *report.Input) { in.Previous = "" }, report.FixData,
			[]string{"None of the 10 accounts can be graded", "No prospect is graded A or B."},
			[]string{"Aucun des 10 comptes ne peut être noté", "Aucun prospect n’est noté A ou B."},
			nil,
		},
		{
			"no rows",
			[]gradeRow{},
			func(in *report.Input) { in.Audit = nil }, report.FixData,
			[]string{"The base has no accounts: fix the data and run icpfit refresh again.", "Nothing is known of the coverage", "The base has no accounts."},
			[]string{"La base n’a aucun compte", "La couverture n’est pas connue"},
			[]string{"Every account has a grade"},
		},
		{
			"no grade A", without("A"), nil, report.Keep,
			[]string{"| A | 1 | 80 | 0 | 0.0% | 0 |"},
			[]string{"| A | 1 | 80 | 0 |"},
			nil,
		},
		{
			"neither A nor B", without("A", "B"), nil, report.Keep,
			[]string{"No prospect reached A or B since 1 February 2026; keep the model, there is nobody new to call."},
			[]string{"il n’y a personne de nouveau à appeler"},
			nil,
		},
		{
			"the past night is gone", remembered(), func(in *report.Input) { in.PreviousGone, in.Previous = true, in.Previous+"-gone" }, report.Keep,
			[]string{"the night of 1 February 2026 is gone", "2 new prospects reached A or B since 1 February 2026", "cannot be read any more", "| no grade, or new | 1 | 0 |", "1 account better, 1 worse"},
			[]string{"la nuit du 1er février 2026 a disparu", "ne peuvent plus être lues"},
			[]string{"Most points gained", "no longer in the base"},
		},
		{
			"a model without an evaluation", now(), func(in *report.Input) { in.Evaluation = nil }, report.Keep,
			[]string{"There is no evaluation for these grades"},
			[]string{"Ces notes n’ont pas d’évaluation"},
			[]string{"Customers captured |", "Lift |"},
		},
		{
			"a model without quantiles", now(), func(in *report.Input) { in.Model.Quantiles = nil }, report.Keep,
			[]string{"Points, now and at training"},
			nil,
			[]string{"| Share | At training |"},
		},
		{
			"customers without dates", now(), nil, report.Keep,
			[]string{"Not computable: the customers need the date"},
			[]string{"Pas calculable"},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, base(), tt.grades)
			if tt.change != nil {
				tt.change(&in)
			}
			for lang, wants := range map[string][]string{"en": tt.en, "fr": tt.fr} {
				in.Lang = lang
				r, err := report.Build(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				if r.Action != tt.action {
					t.Errorf("%s: action %s (%q), want %s", lang, r.Action, r.ActionReasons, tt.action)
				}
				html, md := texts(t, r)
				for _, want := range wants {
					if !strings.Contains(strings.ReplaceAll(md, "\\", ""), want) {
						t.Errorf("%s: the report does not say %q:\n%s", lang, want, md)
					}
				}
				for _, not := range tt.not {
					if strings.Contains(md, not) {
						t.Errorf("%s: the report says %q", lang, not)
					}
				}
				drawnCharts(t, html)
				if _, err := r.JSON(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// without takes the grades away that are given by name: their accounts are C.
func without(grades ...string) []gradeRow {
	rows := now()
	for i := range rows {
		for _, g := range grades {
			if rows[i].grade == g {
				rows[i].grade, rows[i].points = "C", 65
			}
		}
	}
	return rows
}

// remembered gives the rows the grades of the night before, as the table has them.
func remembered() []gradeRow {
	rows := now()
	before := map[string]string{}
	for _, r := range nightBefore() {
		if r.grade != "" {
			before[r.domain] = r.grade
		}
	}
	for i := range rows {
		if rows[i].domain != "" {
			rows[i].previous = before[rows[i].domain]
		}
	}
	return rows
}

// drawnCharts checks that every chart of a page has something to see, and every table
// rows.
func drawnCharts(t *testing.T, page string) {
	t.Helper()
	for _, svg := range strings.Split(page, `<svg class="chart"`)[1:] {
		svg, _, _ = strings.Cut(svg, "</svg>")
		if strings.Count(svg, "<rect")+strings.Count(svg, "<path")+strings.Count(svg, "<circle") == 0 {
			title, _, _ := strings.Cut(svg, "</title>")
			t.Errorf("an empty chart: %s", title)
		}
	}
	for _, table := range labelled(t, page) {
		if len(table.rows) < 2 {
			t.Errorf("an empty table: %s", table.label)
		}
	}
}

// TestFrenchHasNoEnglish checks that no text of the English catalogue is on a French
// page, nor the name of a feature as a machine writes it.
func TestFrenchHasNoEnglish(t *testing.T) {
	in := input(t, base(), now())
	in.Lang = "fr"
	in.Model.Grades.Notes = []string{
		"A starts at 82.5 points instead of 80.0: more than 10 % of the pool would be A",
		"B and C can hardly be told apart: lifts of 2.10 and 1.90 out of fold, want a factor of 1.5",
		"lifts were lowered, slope 0.95 instead of 0.99: the 30 customers of the strongest 1.26 % of the pool support a mean lift of up to 8.0",
		"something that nobody has translated",
	}
	r, html, md, _ := build(t, in)
	for _, text := range []string{html, md} {
		for _, english := range append(report.English(), "employees", "industry", "nobody has translated", "hardly") {
			if strings.Contains(text, english) {
				t.Errorf("the French report says %q", english)
			}
		}
	}
	want := []string{
		"A commence à 82,5 points au lieu de 80,0\u00a0: plus de 10\u00a0% du vivier serait A",
		"B et C se distinguent à peine\u00a0: lifts de 2,10 et 1,90 hors échantillon, il faut un facteur de 1,5",
		"les lifts ont été abaissés, pente 0,95 au lieu de 0,99\u00a0: les 30 clients des 1,26\u00a0% les plus forts du vivier soutiennent un lift moyen d’au plus 8,0",
		"Une autre remarque sur les seuils est dans la fiche du modèle.",
	}
	if strings.Join(r.GradeNotes, "\n") != strings.Join(want, "\n") {
		t.Errorf("notes %q, want %q", r.GradeNotes, want)
	}
}
