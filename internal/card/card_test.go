package card_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/icpfit/icpfit/internal/card"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/train"
)

// TestSentences checks that figures are said with what they mean. The numbers are
// those of the fixture, put into words by hand.
func TestSentences(t *testing.T) {
	c, page, md, _ := write(t, input("sector"))
	for what, want := range map[string]string{
		c.Headline: "The best 10% of the pool would have held 45.0% (38.0–52.0) of your customers, 4.5 times as many as chance; AUC 0.830 (0.800–0.860). What drives it most: sector, employees, tech.",
		c.Performance[0].Means: "A customer ranks above an account of the pool 83 times in 100 (80 to 86); drawing lots would reach 50. The pool holds customers to be, so 100 is out of reach: were 5% of it such, " +
			"the AUC against the others would be 0.847.", // (0.83 − 0.025) / 0.95
		c.Performance[4].Means: "Calling the best 10% of the pool, 5,000 of 50,000 accounts, would have reached 45.0% of the customers: 4.5 times as many as a list of that length drawn at random.",
		c.Candidates[1].Means:  "cannot be told apart from the chosen one: the difference in AUC is anything from −0.0210 to +0.0010",
		c.Candidates[0].Means:  "ranks worse, by 0.3300 of AUC (0.3000 to 0.3600)",
		c.Table:                "The model has trees beside its table of points, so only a part of it can be edited. The best table alone (logistic) would cost 0.0100 of AUC (−0.0010 to 0.0210) and 1.0 points of capture@10% (−1.0 to 3.0); `prefer: table` makes it.",
		c.Importance[1].Means:  "moves an account by 2.5 points on average; 60.0% of what the model gains on accounts not seen before comes through it; shuffle its cells and the best tenth loses 10.0 points of the customers (5.0 to 15.0)",
		c.Importance[0].Means:  "moves an account by 3.0 points on average; that this helps on accounts not seen before is not shown; the best tenth would hardly miss it, or others stand in for it",
		c.Importance[2].Means:  "does nothing",
		c.Segments[1].Means:    "here the ranking may be no better than chance (0.5 is within its interval): do not rank by it inside this segment; only 5.0% of its customers are in the best tenth of the pool: the model hardly sees it",
		c.Grades[0].Means:      "30.0% of the customers are among 5.0% of the pool: 6.0 times what chance gives, where the points say 9.5; the points promise too much here",
		c.Grades[1].Means:      "70.0% of the customers are among 95.0% of the pool: 0.74 times what chance gives, where the points say 0.70; customers are rarer here than in the pool",
		c.Curve.Answer:         "Yes: twice the customers would add about +0.020 to the AUC (+0.010 to +0.030). Add customers before you add features. The estimate is from logistic with up to 160 customers a fold, along AUC = 0.890 − 0.885/√customers.",
		c.Data.Sampling:        "1,000 accounts of the pool were drawn by the hash of their domain and stand for 50,000: 50.00 each",
	} {
		if what != want {
			t.Errorf("got  %q\nwant %q", what, want)
		}
		if !strings.Contains(html.UnescapeString(page), want) {
			t.Errorf("card.html does not say %q", want)
		}
	}
	if !c.Temporal.Lower || !strings.Contains(c.Temporal.Means, "That is lower by 0.130, more than chance explains") || !strings.Contains(c.Temporal.Means, "a lift of 2.0× among later customers, against 4.5×") {
		t.Errorf("temporal %+v", c.Temporal)
	}
	for _, want := range []string{"Would more customers help?", "Do not use it for", "What the customers stand for", "Yes: twice the customers", "Aumann–Shapley", "overdue after 31 January 2027"} {
		if !strings.Contains(md, want) || !strings.Contains(page, want) {
			t.Errorf("not in both texts: %q", want)
		}
	}
	if want := []string{"employees", "sector", "tech"}; c.Shapes[0].Feature != want[0] || c.Features[1].Feature != want[1] || c.Importance[2].Feature != want[2] {
		t.Errorf("features are not ordered by strength: %v", c.Features)
	}
}

// TestFigures checks what a card works out itself, by hand or in closed form.
func TestFigures(t *testing.T) {
	c, _, _, _ := write(t, input("sector"))
	size, sector, tech := c.Features[0], c.Features[1], c.Features[2]
	if size.Customers != 1 || size.Missing != "learn" || sector.Missing != "neutral" || sector.Customers != 0.9 || tech.Customers != 0.75 || tech.Pool != 0.4 || tech.IV != nil {
		t.Errorf("coverage %+v", c.Features)
	}
	// IV of sector: customers 120, 40, 20 and pool 300, 400, 200, half added to each.
	var want float64
	for i, p := range []float64{120.5, 40.5, 20.5} {
		a, e := p/181.5, []float64{300.5, 400.5, 200.5}[i]/901.5
		want += (a - e) * math.Log(a/e)
	}
	if math.Abs(*sector.IV-want) > 1e-12 || math.Abs(*sector.Noise-2*(1/181.5+1/901.5)) > 1e-12 {
		t.Errorf("information value %v (chance %v), want %v", *sector.IV, *sector.Noise, want)
	}
	if id := c.Identity; id.ReviewOn != "2026-07-31" || id.ExpiresOn != "2027-01-31" || id.Seed != 7 {
		t.Errorf("identity %+v", id)
	}
	var left []string
	for _, e := range c.Excluded {
		left = append(left, e.Feature)
	}
	if diff := cmp.Diff([]string{"visits", "list", "tech"}, left); diff != "" {
		t.Errorf("left out: %s", diff)
	}
	if len(c.Edits) != 1 || c.Edits[0].Feature != "tech" {
		t.Errorf("edits %+v", c.Edits)
	}
	if k := c.Curve.Points[1]; math.Abs(k.Fitted-(0.89-0.885/math.Sqrt(160))) > 1e-12 {
		t.Errorf("fitted %v", k.Fitted)
	}
	if c.Grades[0].Accounts != 2500 || !c.Grades[0].Apart || c.Grades[1].Apart {
		t.Errorf("grades %+v", c.Grades)
	}
	if c.Weights[0].Learner != "logistic" || c.Weights[1].Weight != 0.6 {
		t.Errorf("weights %+v", c.Weights)
	}
}

// TestAnswers checks what is said of more customers, by how much they would add.
func TestAnswers(t *testing.T) {
	for want, doubled := range map[string]metrics.Interval{
		"Yes: ": of(0.02, 0.01, 0.03), "Hardly: ": of(0.003, -0.002, 0.008), "A little: ": of(0.008, 0.002, 0.014), "That cannot be told": of(0.02, -0.03, 0.07),
	} {
		in := input("sector")
		in.Evaluation.Curve.Doubled = doubled
		c, _, _, _ := write(t, in)
		if !strings.HasPrefix(c.Curve.Answer, want) {
			t.Errorf("%+v: %q, want %q", doubled, c.Curve.Answer, want)
		}
	}
}

// TestWithout checks that what an evaluation lacks is left out, and what a
// written grid does not have.
func TestWithout(t *testing.T) {
	in := input("sector")
	e := in.Evaluation
	e.Temporal, e.Curve, e.Segments, e.Support, e.Sample, e.Importance, e.Candidates, e.Weights, e.Warnings, in.Audit = nil, nil, nil, nil, nil, nil, nil, nil, nil, nil
	c, page, _, js := write(t, in)
	if c.Temporal != nil || c.Curve != nil || strings.Contains(page, "Would more customers help?") || strings.Contains(page, "won later") {
		t.Error("what is not there is shown")
	}
	if strings.Contains(string(js), ": null,\n \"warnings\"") || !strings.Contains(page, "No detector found anything.") {
		t.Error("no warnings are not said")
	}
	e.Verdict = train.Provisional
	if c, _, _, _ := write(t, in); !strings.Contains(c.Headline, "Provisional") || !strings.Contains(c.Limits[0], "Provisional") {
		t.Errorf("headline %q, limits %q", c.Headline, c.Limits)
	}
	in.Model.Grid = &model.Grid{Mode: "sum", Maximum: []int32{5e6, 4e6, 0}}
	in.Model.Learner, e.Metrics, e.Grades = "grid", map[string]metrics.Interval{}, nil
	c, page, _, _ = write(t, in)
	if c.Calibration != nil || len(c.Performance) != 0 || strings.Contains(page, "Permutation") || !strings.Contains(c.Headline, "claims no lift") {
		t.Errorf("a written grid has %+v", c.Headline)
	}
	in = input("sector")
	in.Evaluation.Holdout = &train.Holdout{Customers: 30, Pool: 100, Measurement: in.Evaluation.Measurement}
	if c, page, _, _ := write(t, in); len(c.Holdout) != 7 || !strings.Contains(page, "held-out customers") {
		t.Errorf("holdout %+v", c.Holdout)
	}
}

// TestRefuses checks that a card is of one model.
func TestRefuses(t *testing.T) {
	for name, spoil := range map[string]func(in *card.Input){
		"no model":        func(in *card.Input) { in.Model = nil },
		"no evaluation":   func(in *card.Input) { in.Evaluation = nil },
		"another version": func(in *card.Input) { in.Evaluation.Version = "x" },
		"no date":         func(in *card.Input) { in.Model.AsOf = "today" },
		"no specs":        func(in *card.Input) { in.Model.Specs = nil },
	} {
		in := input("sector")
		spoil(&in)
		if _, err := card.Build(in); err == nil || !strings.HasPrefix(err.Error(), "card: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// hostile are texts that harm a reader who takes them for more than text.
var hostile = []string{
	`<script>alert(1)</script>`, `"><svg onload=alert(1)><img src=x onerror=alert(1)>`, "\u202Egnp.exe\u2066 \u200Fabc", "\x1b[31mred\x1b[0m\x07\u009b2J",
	"a | b \\| c\r\n| x | y |\n# head", "`code` ![i](http://evil.test/i.png) [click](javascript:alert(1))", "</title></style></script>{{.Name}}${7*7}", "=cmd|' /C calc'!A0",
}

// TestHostileTextsStayText checks that texts of a CRM make no element, no line
// and no cell of their own, in any of the three forms.
func TestHostileTextsStayText(t *testing.T) {
	_, page, md, _ := write(t, input("Acme"))
	elements, lines := skeleton(t, page), strings.Count(md, "\n")
	for _, text := range hostile {
		_, page, md, js := write(t, input(text))
		if diff := cmp.Diff(elements, skeleton(t, page)); diff != "" {
			t.Errorf("%.12q: the page has other elements than with a benign name:\n%s", text, diff)
		}
		if n := strings.Count(md, "\n"); n != lines || strings.Contains(md, "<script") || strings.Contains(md, "](javascript") {
			t.Errorf("%.12q: the Markdown has %d lines, want %d, or markup", text, n, lines)
		}
		for name, out := range map[string]string{"html": page, "md": md} {
			if strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control) }) {
				t.Errorf("%.12q: %s holds control characters", text, name)
			}
		}
		var v card.Card
		if err := json.Unmarshal(js, &v); err != nil || strings.ContainsAny(v.Identity.Name+v.Segments[0].Label+v.Warnings[0].Message+v.Data.Positives, "\x1b\u202e\n\r") {
			t.Errorf("%.12q: card.json: %v, %q", text, err, v.Identity.Name)
		}
	}
}

// skeleton writes the elements of a page, with the names of their attributes.
func skeleton(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			b.WriteString("\n" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
			}
		}
	}
	return b.String()
}

// TestSameBytes checks that a card is the same for the same training.
func TestSameBytes(t *testing.T) {
	_, page, md, js := write(t, input("sector"))
	for range 5 {
		_, page2, md2, js2 := write(t, input("sector"))
		if page != page2 || md != md2 || string(js) != string(js2) {
			t.Fatal("two cards of one training differ")
		}
	}
}
