package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/report"
)

func figure(v float64) *float64 { return &v }

// gates hold with a hostile name of a feature, and with no figures.
func gates() []report.Gate {
	return []report.Gate{
		{Code: report.BaseShrunk, Was: figure(12500), Is: figure(9000), Limit: figure(10000)},
		{Code: report.CoverageFallen, Feature: "industry\u202e", Was: figure(0.8), Is: figure(0.415), Limit: figure(0.64)},
		{Code: report.StaleInput, Is: figure(40), Limit: figure(31)},
	}
}

// TestHeld checks that a report on held grades says why, what remains and how to
// go on, in every form; shows what the grades would be; and has nobody called.
func TestHeld(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {
			"The grades of 2 February 2026 are held back: the base has shrunk from 12,500 to 9,000 accounts, at least 10,000 wanted, and 2 more gates.",
			"The grades of 1 February 2026 remain in force.", `icpfit refresh --as-of 2026-02-02 --accept "reason"`,
			"industry was known for 80.0% of the accounts and is for 41.5%, at least 64.0% wanted", "the accounts have not changed for 40 days, at most 31 allowed",
			"Nothing of it is published", "Held back: work the call list of the grades in force.",
		},
		"fr": {
			"Les notes du 2 février 2026 sont retenues : la base est passée de 12\u202f500 à 9\u202f000 comptes, il en faut au moins 10\u202f000, et 2 autres contrôles.",
			"restent en vigueur.", `icpfit refresh --as-of 2026-02-02 --accept "raison"`,
			"secteur était connu pour 80,0\u00a0% des comptes et l’est pour 41,5\u00a0%, il faut au moins 64,0\u00a0%", "les comptes n’ont pas changé depuis 40 jours, au plus 31 admis",
			"Rien n’en est publié", "Retenue : travaillez la liste d’appels des notes en vigueur.",
		},
	} {
		in := input(t, base(), now())
		in.Lang, in.Held, in.InForce = lang, gates(), before
		r, html, md, _ := build(t, in)
		for _, text := range want {
			if !strings.Contains(plain(md), plain(text)) {
				t.Errorf("%s: the Markdown does not say %q", lang, text)
			}
		}
		if !strings.Contains(html, "<p class=\"headline\">") || strings.Contains(html, "\u202e") || strings.Contains(html, `class="tiles"`) {
			t.Errorf("%s: the page has no headline, a bidirectional mark, or key figures of grades that are not in force", lang)
		}
		if diff := cmp.Diff(htmlTables(t, html), markdownTables(md)); diff != "" {
			t.Errorf("%s: the tables of HTML and Markdown differ:\n%s", lang, diff)
		}
		if r.Action != report.FixData || r.InForce != before || len(r.Held) != 3 || len(r.ActionReasons) != 3 || r.Held[1].Feature != "industry" {
			t.Errorf("%s: %s, in force %q, held by %+v, because %q", lang, r.Action, r.InForce, r.Held, r.ActionReasons)
		}
		if len(r.CallList.Accounts) > 0 || r.CallList.Total != 0 || r.Exploration.Total != 0 || len(r.Exploration.Accounts) > 0 {
			t.Errorf("%s: somebody is to be called: %+v, %+v", lang, r.CallList, r.Exploration)
		}
		if r.Base.Accounts != 10 || len(r.Drift) != 3 || len(r.Migration.Counts) == 0 {
			t.Errorf("%s: what the grades would be is not shown: %+v", lang, r.Base)
		}
	}
}

// plain drops what Markdown escapes with.
func plain(s string) string { return strings.ReplaceAll(s, `\`, "") }

// TestHeldByTheModel checks what is in force in the other cases, and that a model
// that is old is not a fault of the data.
func TestHeldByTheModel(t *testing.T) {
	in := input(t, base(), now())
	in.Held = []report.Gate{{Code: report.StaleModel, Is: figure(366), Limit: figure(365)}}
	r, _, _, _ := build(t, in)
	if r.Action != report.Retrain || !strings.Contains(r.Headline, "There are no earlier grades. Train again, or go on with") {
		t.Errorf("%s: %s", r.Action, r.Headline)
	}
	in.InForce = asOf
	if r, _, _, _ = build(t, in); !strings.Contains(r.Headline, "that were made of that date before remain in force") {
		t.Error(r.Headline)
	}
}

func TestAccepted(t *testing.T) {
	in := input(t, base(), now())
	for _, g := range gates() {
		in.Accepted = append(in.Accepted, report.Accepted{Gate: g, Reason: "two resellers\x1b[31m left", Author: "ann"})
	}
	r, _, md, _ := build(t, in)
	plainly, _, _, _ := build(t, input(t, base(), now()))
	if len(r.Held) != 0 || len(r.Accepted) != 3 || r.Headline != plainly.Headline || !cmp.Equal(r.CallList, plainly.CallList) {
		t.Errorf("accepted grades are not reported as any others: %+v", r)
	}
	warned := 0
	for _, w := range r.Warnings {
		if w.Code == "accepted" && strings.Contains(w.Message, "accepted by ann: two resellers") && !strings.Contains(w.Message, "\x1b") {
			warned++
		}
	}
	if warned != 3 || !strings.Contains(md, "These grades would have been held back; somebody has accepted them.") {
		t.Errorf("%d warnings of 3 gates; %+v", warned, r.Warnings)
	}
}

// TestUngraded checks the report where there is no table to grade.
func TestUngraded(t *testing.T) {
	in := input(t, base(), now())
	in.Accounts, in.Grades, in.Audit = "", "", nil
	in.Held, in.InForce = []report.Gate{{Code: report.ColumnGone, Feature: "industry"}}, before
	for _, lang := range page.Langs {
		in.Lang = lang
		r, err := report.Ungraded(in)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Ungraded || r.Action != report.FixData || len(r.Importance) != 3 || len(r.Drift) != 0 || len(r.Metrics) == 0 {
			t.Errorf("%s: %+v", lang, r)
		}
		var md strings.Builder
		if err := report.WriteMarkdown(&md, r); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(md.String(), "\n## "); n != 4 {
			t.Errorf("%s: %d sections, want gates, trust, model and about:\n%s", lang, n, md.String())
		}
		text, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		for key, v := range back {
			if v == nil && key != "audit" && key != "score_drift" { // there is none
				t.Errorf("%s: %s is null, want an empty list", lang, key)
			}
		}
	}
	in.Lang = "en"
	r, err := report.Ungraded(in)
	if err != nil || r.Headline != "The grades of 2 February 2026 are held back: the column of industry is gone, which the model uses. The grades of 1 February 2026 remain in force. Restore it, or train without it; nobody can accept this, since there is nothing to grade with." {
		t.Errorf("%v: %q", err, r.Headline)
	}
	in.Held = nil
	if _, err := report.Ungraded(in); err == nil || !strings.Contains(err.Error(), "nothing holds the grades back") {
		t.Errorf("error %v, want one that asks for gates", err)
	}
}

// TestGateCodes checks that every gate has words with its figures in every
// language, and which of them are waived and which are of age.
func TestGateCodes(t *testing.T) {
	var aged, firm []string
	for _, code := range report.GateCodes {
		g := report.Gate{Code: code, Feature: "industry", Was: figure(0.5), Is: figure(0.25), Limit: figure(0.4)}
		switch code {
		case report.ColumnGone, report.Skew:
			g.Was, g.Is, g.Limit = nil, nil, nil
		case report.StaleInput, report.StaleModel:
			g.Was = nil
		}
		for _, lang := range page.Langs {
			said := []report.Gate{g}
			if err := report.Say(said, lang); err != nil || said[0].Message == "" || strings.Contains(said[0].Message, "%!") {
				t.Errorf("%s in %s: %q, %v", code, lang, said[0].Message, err)
			}
		}
		if g.Aged() {
			aged = append(aged, code)
		}
		if !g.Waivable() {
			firm = append(firm, code)
		}
	}
	if !slices.Equal(aged, []string{"new_values", "stale_input", "stale_model"}) || !slices.Equal(firm, []string{"column_gone", "skew"}) {
		t.Errorf("of age %v, not waived %v", aged, firm)
	}
	if err := report.Say(nil, "de"); err == nil {
		t.Error("gates were said in German")
	}
}

// TestSame changes one field at a time: an acceptance is of these figures alone.
func TestSame(t *testing.T) {
	g := gates()[1]
	for name, change := range map[string]func(*report.Gate){
		"code":    func(g *report.Gate) { g.Code = report.NewValues },
		"feature": func(g *report.Gate) { g.Feature = "" },
		"was":     func(g *report.Gate) { g.Was = nil },
		"is":      func(g *report.Gate) { g.Is = figure(0.41) },
		"limit":   func(g *report.Gate) { g.Limit = figure(0.65) },
	} {
		o := gates()[1]
		o.Message = "in other words"
		if !g.Same(&o) {
			t.Error("the words of a gate make it another")
		}
		if change(&o); g.Same(&o) || o.Same(&g) {
			t.Errorf("another %s is the same gate", name)
		}
	}
}
