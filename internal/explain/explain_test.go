package explain_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/nearest"
)

// hostile is what a CRM may hold.
const hostile = "<script>alert(1)</script>\u202e\x1b[31m"

// byHand is a model with a feature of every kind, and counts that give round
// shares of 100 customers and 200 other accounts.
func byHand() *model.Model {
	m := &model.Model{Version: "2026-01-31-00000000", BasePoints: 50}
	add := func(b bin.Binning, points []int32, customers, pool []int) {
		b.Pillar = features.Firmographic
		m.Terms = append(m.Terms, model.Term{Binning: b, MicroPoints: points, Customers: customers, Pool: pool})
		m.Specs = append(m.Specs, features.Spec{Name: b.Feature, Kind: b.Kind})
	}
	add(bin.Binning{Feature: "head_count", Kind: features.Number, Edges: []float64{50, 200, 1500}},
		[]int32{0, -2_000_000, 6_100_000, 6_100_000, 1_000_000}, []int{0, 20, 30, 30, 20}, []int{50, 90, 15, 15, 80})
	add(bin.Binning{Feature: "sector", Kind: features.Category, Values: []string{"tech", "retail"}, Labels: []string{"Tech", "Retail"}},
		[]int32{-2_000_000, 5_000_000, -1_000_000, 1_000_000}, []int{5, 50, 30, 15}, []int{60, 20, 100, 20})
	add(bin.Binning{Feature: "hiring", Kind: features.Flag}, []int32{0, 0, 1_500_000}, []int{0, 60, 40}, []int{0, 100, 100})
	add(bin.Binning{Feature: "funded", Kind: features.Date, Edges: []float64{90, 400}},
		[]int32{0, 2_000_000, 250_000, -250_000}, []int{0, 50, 30, 20}, []int{0, 50, 50, 100})
	add(bin.Binning{Feature: "tools", Kind: features.Set, Items: []string{"hubspot", "sap", "go"}, Labels: []string{"HubSpot", "SAP", "Go"}},
		[]int32{0, -300_000, 4_000_000, -4_500_000, 600_000}, []int{0, 100, 60, 10, 20}, []int{0, 200, 50, 50, 40})
	m.Grades.Cuts = []model.Cut{{Grade: "A"}, {Grade: "B"}}
	return m
}

func teller(t *testing.T, m *model.Model, lang string) *explain.Teller {
	t.Helper()
	out, err := explain.NewTeller(lang, m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// code is a column with one row.
func code(c uint8, items ...uint16) *bin.Column {
	out := &bin.Column{Codes: []uint8{c}, Items: items}
	if items != nil {
		out.Offsets = []int32{0, int32(len(items))}
	}
	return out
}

// TestSentences checks sentences written by hand from the figures of byHand.
func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		name   string
		reason explain.Reason
		en, fr string
	}{
		{
			"bins that are worth the same are one range",
			explain.Reason{Term: 0, Value: "1,250", Column: code(3), MicroPoints: 6_100_000},
			"Head count: 1,250. This adds 6.1 points: where it is known, 60.0% of customers are in the range 50 to 1,500, against 15.0% of other accounts.",
			"Effectif\u00a0: 1\u202f250. Cela ajoute 6,1 points\u00a0: là où c’est connu, 60,0\u00a0% des clients sont dans la tranche 50 à 1\u202f500, contre 15,0\u00a0% des autres comptes.",
		},
		{
			"what is rarer among customers and adds is no explanation",
			explain.Reason{Term: 0, Value: "2,000", Column: code(4), MicroPoints: 1_000_000},
			"Head count: 2,000. This adds 1.0 point; yet where it is known, 20.0% of customers are in the range over 1,500, against 40.0% of other accounts.",
			"Effectif\u00a0: 2\u202f000. Cela ajoute 1,0 point\u00a0; pourtant, là où c’est connu, 20,0\u00a0% des clients sont dans la tranche plus de 1\u202f500, contre 40,0\u00a0% des autres comptes.",
		},
		{
			"unknown, without points",
			explain.Reason{Term: 0, Value: "unknown", Column: code(0)},
			"Head count is not known: it neither adds nor takes points.",
			"Effectif\u00a0: inconnu, cela n’ajoute ni ne retire de points.",
		},
		{
			"unknown, with points",
			explain.Reason{Term: 1, Value: "unknown", Column: code(0), MicroPoints: -2_000_000},
			"Sector is not known. This takes 2.0 points: it is unknown for 5.0% of customers, against 30.0% of other accounts.",
			"Secteur\u00a0: inconnu. Cela retire 2,0 points\u00a0: c’est inconnu pour 5,0\u00a0% des clients, contre 30,0\u00a0% des autres comptes.",
		},
		{
			"category",
			explain.Reason{Term: 1, Value: "Tech", Column: code(1), MicroPoints: 5_000_000},
			"Sector: Tech. This adds 5.0 points: where it is known, 52.6% of customers have this value, against 14.3% of other accounts.",
			"Secteur\u00a0: Tech. Cela ajoute 5,0 points\u00a0: là où c’est connu, 52,6\u00a0% des clients ont cette valeur, contre 14,3\u00a0% des autres comptes.",
		},
		{
			"any other category, which is cleaned",
			explain.Reason{Term: 1, Value: "Fish\u202e\x1b[31m", Column: code(3), MicroPoints: 1_000_000},
			"Sector: Fish[31m. This adds 1.0 point: where it is known, 15.8% of customers have one of the rarer values, against 14.3% of other accounts.",
			"Secteur\u00a0: Fish[31m. Cela ajoute 1,0 point\u00a0: là où c’est connu, 15,8\u00a0% des clients ont une des valeurs plus rares, contre 14,3\u00a0% des autres comptes.",
		},
		{
			"flag",
			explain.Reason{Term: 2, Value: "no", Column: code(1)},
			"Hiring: no. This changes next to nothing.",
			"Recrutement en cours\u00a0: non. Cela ne change presque rien.",
		},
		{
			"date",
			explain.Reason{Term: 3, Value: "2026-01-20", Column: code(1), MicroPoints: 2_000_000},
			"Funded: 20 January 2026. This adds 2.0 points: where it is known, 50.0% of customers are in the range up to 90 days ago, against 25.0% of other accounts.",
			"Funded\u00a0: 20 janvier 2026. Cela ajoute 2,0 points\u00a0: là où c’est connu, 50,0\u00a0% des clients sont dans la tranche jusqu’à 90 jours, contre 25,0\u00a0% des autres comptes.",
		},
		{
			"set: 4.0 − 4.5 + 0.6 + 0 − 0.3 = −0.2",
			explain.Reason{Term: 4, Value: "SAP, HubSpot, Go +1", Items: []string{"Excel", "Go", "HubSpot", "SAP"}, Column: code(1, 0, 1, 2), MicroPoints: -200_000},
			"Tools: 4 items. This takes 0.2 points: SAP −4.5, HubSpot +4.0, Go +0.6 and any list at all −0.3. Where it is known, 10.0% of customers have SAP, against 25.0% of other accounts.",
			"Tools\u00a0: 4 éléments. Cela retire 0,2 point\u00a0: SAP −4,5, HubSpot +4,0, Go +0,6 et toute liste connue −0,3. Là où c’est connu, 10,0\u00a0% des clients ont SAP, contre 25,0\u00a0% des autres comptes.",
		},
		{
			"set of items that carry no points",
			explain.Reason{Term: 4, Value: "Excel, Word", Items: []string{"Excel", "Word"}, Column: &bin.Column{Codes: []uint8{1}, Offsets: []int32{0, 0}}, MicroPoints: -300_000},
			"Tools: 2 items. This takes 0.3 points: any list at all −0.3.",
			"Tools\u00a0: 2 éléments. Cela retire 0,3 point\u00a0: toute liste connue −0,3.",
		},
		{
			"empty set",
			explain.Reason{Term: 4, Value: "none", Column: &bin.Column{Codes: []uint8{1}, Offsets: []int32{0, 0}}, MicroPoints: -300_000},
			"Tools: none. This takes 0.3 points.",
			"Tools\u00a0: aucun. Cela retire 0,3 point.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for lang, want := range map[string]string{"en": tt.en, "fr": tt.fr} {
				if got := teller(t, byHand(), lang).Reason(tt.reason); got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			}
		})
	}
}

// TestNoCounts checks that a written grid, which holds no counts, is not compared,
// and that trees are not said to give an item its points.
func TestNoCounts(t *testing.T) {
	m := byHand()
	for k := range m.Terms {
		m.Terms[k].Customers, m.Terms[k].Pool = make([]int, m.Terms[k].Slots()), make([]int, m.Terms[k].Slots())
	}
	m.Grid = &model.Grid{Mode: "sum"}
	set := explain.Reason{Term: 4, Items: []string{"HubSpot", "Go"}, Column: code(1, 0, 2), MicroPoints: 4_600_000}
	for want, r := range map[string]explain.Reason{
		"Head count: 1,250. This adds 6.1 points.":              {Term: 0, Value: "1,250", Column: code(3), MicroPoints: 6_100_000},
		"Tools: 2 items. This adds 4.6 points: HubSpot and Go.": set,
	} {
		if got := teller(t, m, "").Reason(r); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	m.Grid, m.Trees = nil, make([]model.PointTree, 1)
	one := explain.Reason{Term: 4, Items: []string{"HubSpot"}, Column: code(1, 0), MicroPoints: 1_200_000}
	if got, want := teller(t, m, "").Reason(one), "Tools: HubSpot. This adds 1.2 points; on average over accounts it is worth +4.0."; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	want := "Tools: 2 items. This adds 4.6 points, all of them together; on average over accounts they are worth HubSpot +4.0 and Go +0.6."
	if got := teller(t, m, "").Reason(set); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestNumbersNearby checks that a narrow bin is told with its neighbours that are
// worth about the same, up to half or twice as much, and a single year by itself.
func TestNumbersNearby(t *testing.T) {
	m := byHand()
	m.Terms[0].Binning = bin.Binning{Feature: "founded_raw", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{1999.5, 2004.5, 2009.5, 2010.5}}
	m.Terms[0].MicroPoints = []int32{0, 1_000_000, 2_000_000, 4_000_000, -1_000_000, -2_000_001}
	m.Terms[0].Customers, m.Terms[0].Pool = []int{0, 10, 2, 38, 20, 30}, []int{0, 20, 40, 40, 50, 50}
	m.Specs[0].Parser = "year"
	for _, tt := range []struct {
		value      string
		bin        uint8
		micro      int64
		en, french string
	}{
		{"2003", 2, 2_000_000, "Year founded: 2003. This adds 2.0 points: where it is known, 50.0% of customers are in the range up to 2009, against 50.0% of other accounts.", ""},
		{"2007", 3, 4_000_000, "Year founded: 2007. This adds 4.0 points: where it is known, 40.0% of customers are in the range 2000 to 2009, against 40.0% of other accounts.", ""},
		{
			"2010", 4, -1_000_000, "Year founded: 2010. This takes 1.0 point: where it is known, 20.0% of customers have this value, against 25.0% of other accounts.",
			"Année de création\u00a0: 2010. Cela retire 1,0 point\u00a0: là où c’est connu, 20,0\u00a0% des clients ont cette valeur, contre 25,0\u00a0% des autres comptes.",
		},
	} {
		r := explain.Reason{Term: 0, Value: tt.value, Column: code(tt.bin), MicroPoints: tt.micro}
		if got := teller(t, m, "en").Reason(r); got != tt.en {
			t.Errorf("got  %q\nwant %q", got, tt.en)
		}
		if got := teller(t, m, "fr").Reason(r); tt.french != "" && got != tt.french {
			t.Errorf("got  %q\nwant %q", got, tt.french)
		}
	}
}

// TestOnTerminal checks what stands beside the sentences: features in words, items
// that are left out, lifts without digits that nobody reads, the first night.
func TestOnTerminal(t *testing.T) {
	grade, points, lift, margin := "A", 70.0, 130.64, int64(20_000_000)
	e := &explain.Explanation{
		Domain: "a.com", Grade: &grade, Tier: 1, Points: &points, Lift: &lift, Margin: &margin, BasePoints: 50,
		Features: []explain.Contribution{{Feature: "tools", Value: "SAP, HubSpot, Go +9", MicroPoints: 20_000_000}, {Feature: "head_count", Value: "unknown"}},
		Unknown:  []string{"head_count"},
		History:  []explain.Night{{AsOf: "2026-01-01", Grade: "A", Points: 69}, {AsOf: "2026-01-02", Grade: "A", Points: 70}},
	}
	for v, want := range map[float64]string{
		0.08: "12 times less customer-like than", 0.4: "2.5 times less customer-like than", 0.951: "about as customer-like as", 1.04: "about as customer-like as",
		1.05: "1.1 times as customer-like as", 9.96: "10.0 times as", 10.4: "10 times as",
	} {
		lift = v
		if text := fmt.Sprint(teller(t, byHand(), "en").Blocks(e)); !strings.Contains(text, ": "+want) {
			t.Errorf("a lift of %v: no %q in %s", v, want, text)
		}
	}
	lift = 130.64
	for lang, want := range map[string][]string{
		"en": {"130.6", "131 times", "Tools", "SAP, HubSpot, Go and 9 more", "Head count", "unknown: head count", "first night", "no change"},
		"fr": {"130,6", "131 fois", "Tools", "SAP, HubSpot, Go et 9 autres", "Effectif", "inconnu\u00a0: effectif", "première nuit", "sans changement"},
	} {
		text := fmt.Sprint(teller(t, byHand(), lang).Blocks(e))
		if strings.Contains(text, want[0]) {
			t.Errorf("%s: %s", lang, text)
		}
		for _, w := range want[1:] {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in %s", lang, w, text)
			}
		}
	}
}

// TestBrief checks the one-line reasons of a report.
func TestBrief(t *testing.T) {
	en, fr := teller(t, byHand(), "en"), teller(t, byHand(), "fr")
	for _, tt := range []struct{ got, want string }{
		{en.Brief("head_count", "1,250", 6_100_000), "head count 1,250: +6.1"},
		{fr.Brief("head_count", "1,250", 6_100_000), "effectif 1\u202f250\u00a0: +6,1"},
		{en.Brief("tools", "SAP, HubSpot, Go +9", -200_000), "tools −0.2: SAP −4.5, HubSpot +4.0, Go +0.6, the other 9 together −0.3"},
		{fr.Brief("tools", "SAP, HubSpot, Go +9", -200_000), "tools −0,2\u00a0: SAP −4,5, HubSpot +4,0, Go +0,6, les 9 autres ensemble −0,3"},
		{en.Brief("tools", "HubSpot", 3_700_000), "tools HubSpot: +3.7"},
		{en.Brief("tools", "Disney +2", 0), "tools Disney +2: 0.0"}, // an item's name
		{en.Brief("tools", "none", -300_000), "tools none: −0.3"},
		{fr.Brief("hiring", "yes", 1_500_000), "recrutement en cours oui\u00a0: +1,5"},
		{en.Brief("of another model", "a\x00b", 0), "of another model ab: 0.0"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	m := byHand()
	m.Trees = make([]model.PointTree, 1)
	if got, want := teller(t, m, "en").Brief("tools", "SAP, HubSpot, Go +9", -200_000), "tools SAP, HubSpot, Go and 9 more: −0.2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPitch checks the short sentences of a call list. The shares are worked by hand
// from the counts of byHand.
func TestPitch(t *testing.T) {
	for _, tt := range []struct {
		name   string
		reason explain.Reason
		en, fr string
	}{
		{
			"a value that customers have more often",
			explain.Reason{Term: 1, Value: "Tech", Column: code(1), MicroPoints: 5_000_000},
			"Sector: Tech, like 53% of our customers, against 14% of other accounts.",
			"Secteur\u00a0: Tech, comme 53\u00a0% de nos clients, contre 14\u00a0% des autres comptes.",
		},
		{
			"shares that say the opposite of the points are left out",
			explain.Reason{Term: 1, Value: "Tech", Column: code(1), MicroPoints: -5_000_000},
			"Sector: Tech.", "Secteur\u00a0: Tech.",
		},
		{
			"a date",
			explain.Reason{Term: 3, Value: "2026-01-20", Column: code(1), MicroPoints: 2_000_000},
			"Funded: 20 January 2026; 80% of our customers are in the range up to 400 days ago, against 50% of other accounts.",
			"Funded\u00a0: 20 janvier 2026\u00a0; 80\u00a0% de nos clients sont dans la tranche jusqu’à 400 jours, contre 50\u00a0% des autres comptes.",
		},
		{
			"of a set, the item that takes most points where it takes",
			explain.Reason{Term: 4, Value: "x", Items: []string{"Excel", "Go", "HubSpot", "SAP"}, Column: code(1, 0, 1, 2), MicroPoints: -200_000},
			"Tools: SAP, like 10% of our customers, against 25% of other accounts; and 3 more.",
			"Tools\u00a0: SAP, comme 10\u00a0% de nos clients, contre 25\u00a0% des autres comptes\u00a0; et 3 autres.",
		},
		{
			"items that the model does not know",
			explain.Reason{Term: 4, Value: "x", Items: []string{"Excel"}, Column: code(1), MicroPoints: 200_000},
			"Tools: Excel.", "Tools\u00a0: Excel.",
		},
		{"an empty set", explain.Reason{Term: 4, Value: "none", Column: code(1)}, "Tools: none.", "Tools\u00a0: aucun."},
		{"unknown", explain.Reason{Term: 1, Value: "unknown", Column: code(0)}, "Sector: unknown.", "Secteur\u00a0: inconnu."},
		{"hostile", explain.Reason{Term: 1, Value: "Fish\u202e\x1b[31m", Column: code(3), MicroPoints: 1_000_000}, "Sector: Fish[31m.", "Secteur\u00a0: Fish[31m."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for lang, want := range map[string]string{"en": tt.en, "fr": tt.fr} {
				if got := teller(t, byHand(), lang).Pitch(tt.reason); got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			}
		})
	}
}

// TestPitchWords checks the short sentence about a text: a word of it, and no count of
// the other words.
func TestPitchWords(t *testing.T) {
	m := byHand()
	m.Terms[4].Kind, m.Specs[4].Kind = features.Words, features.Words
	reason := explain.Reason{Term: 4, Value: "x", Items: []string{"go", "hubspot", "of"}, Column: code(1, 2, 0), MicroPoints: 4_600_000}
	for lang, want := range map[string]string{
		"en": "Tools: says “hubspot”, like that of 60% of our customers, against 25% of other accounts.",
		"fr": "Tools\u00a0: contient «\u00a0hubspot\u00a0», comme chez 60\u00a0% de nos clients, contre 25\u00a0% des autres comptes.",
	} {
		if got := teller(t, m, lang).Pitch(reason); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// TestReasonWords checks the long one.
func TestReasonWords(t *testing.T) {
	m := byHand()
	m.Terms[4].Kind, m.Specs[4].Kind, m.Trees = features.Words, features.Words, make([]model.PointTree, 1)
	reason := explain.Reason{Term: 4, Items: []string{"go", "hubspot"}, Column: code(1, 0, 2), MicroPoints: 4_600_000}
	for lang, want := range map[string]string{
		"en": "Tools: 2 words. This adds 4.6 points, all of them together; on average over accounts they are worth hubspot +4.0 and go +0.6. Where there is a text, that of 60.0% of customers says “HubSpot”, against 25.0% of other accounts.",
		"fr": "Tools\u00a0: 2 mots. Cela ajoute 4,6 points, tous ensemble\u00a0; en moyenne sur les comptes ils valent hubspot +4,0 et go +0,6. Là où il y a un texte, celui de 60,0\u00a0% des clients contient «\u00a0HubSpot\u00a0», contre 25,0\u00a0% des autres comptes.",
	} {
		if got := teller(t, m, lang).Reason(reason); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// TestNearest checks ways in words.
func TestNearest(t *testing.T) {
	answer := &nearest.Answer{
		Grade: "B", Searched: 2,
		Unknown: []nearest.Way{{Changes: []nearest.Change{{Term: 0, Slots: []int{1, 3, 4}, Share: 0.825}, {Term: 4, Slots: []int{2, 4}, Share: 0.25}}}},
		Any:     []nearest.Way{{Changes: []nearest.Change{{Term: 1, Known: true, Slots: []int{1, 2}, Share: -1}}}},
	}
	en, fr := teller(t, byHand(), "en").Nearest(answer), teller(t, byHand(), "fr").Nearest(answer)
	for _, tt := range []struct{ got, want string }{
		{en.Unknown[0].Sentence, "Find out head count and find out tools: B or better with head count up to 50 or over 200 (82.5% of the accounts where it is known) and tools among which HubSpot or Go (the commonest of them: 25.0% of the accounts where it is known)."},
		{fr.Unknown[0].Sentence, "Renseigner effectif et renseigner tools\u00a0: B ou mieux avec effectif\u00a0: jusqu’à 50 ou plus de 200 (82,5\u00a0% des comptes où c’est connu) et tools dont HubSpot ou Go (le plus courant\u00a0: 25,0\u00a0% des comptes où c’est connu)."},
		{en.Any[0].Sentence, "Check sector: B or better with sector Retail or Tech."}, // the commoner first
		{strings.Join(en.Unknown[0].Changes[0].Values, "|"), "up to 50|over 200"},
	} {
		if tt.got != tt.want {
			t.Errorf("got  %q\nwant %q", tt.got, tt.want)
		}
	}
	if share := en.Any[0].Changes[0].Share; share != nil || en.None != "" {
		t.Errorf("share %v, none %q", share, en.None)
	}
	for searched, want := range map[int]string{
		0: "Nothing that sales could verify is left to change: B is out of reach.",
		1: "No single change to what sales could verify lifts it to B.",
		3: "No change of up to 3 fields that sales could verify lifts it to B.",
	} {
		if got := teller(t, byHand(), "en").Nearest(&nearest.Answer{Grade: "B", Searched: searched}); got.None != want {
			t.Errorf("searched %d: %q, want %q", searched, got.None, want)
		}
	}
	if teller(t, byHand(), "en").Nearest(nil) != nil {
		t.Error("no answer is put into words")
	}
}

// TestPage checks that a page says what the explanation does, shows hostile texts
// as texts, and has no script of its own.
func TestPage(t *testing.T) {
	grade, points, lift, margin := "B", 57.6, 1.7, int64(7_600_000)
	e := &explain.Explanation{
		Domain: "acme.com", Name: hostile, AsOf: "2026-01-31", Version: "2026-01-31-00000000", Grade: &grade, Tier: 1, Overridden: true, Points: &points, Lift: &lift, Margin: &margin, BasePoints: 50,
		Features: []explain.Contribution{
			{Feature: "head_count", Value: "1,250", MicroPoints: 6_100_000, Sentence: "Sentence of head count."},
			{Feature: "sector", Value: hostile, MicroPoints: 1_500_000, Sentence: "Sentence with <script>alert(2)</script>"},
		},
		Nearest: &explain.Nearest{Grade: "A", Unknown: []explain.Way{{Sentence: "Find out <script>alert(3)</script>"}}},
		Similar: []explain.Similar{{Domain: "other.com", Name: hostile, Distance: 3.25, Shared: []explain.Shared{{Feature: "sector", Value: hostile, MicroPoints: 5_000_000}}}},
		History: []explain.Night{{AsOf: "2026-01-30", Grade: "C", Points: 48, Version: "v"}, {AsOf: "2026-01-31", Grade: "B", Points: 57.6, Cause: "data", CauseFeature: "head_count", Overridden: true, Version: "v"}, {AsOf: "2026-02-01", Version: "v"}},
	}
	for lang, wants := range map[string][]string{
		"en": {`<html lang="en">`, "Grade B, tier 1, 57.6 points: 1.7 times", "The grade is by hand.", "31 January 2026", "head count", "&#43;6.1", "What would lift it to A", "&lt;script&gt;", "the account&#39;s data changed: head count", "B (by hand)", "sector &lt;script"},
		"fr": {`<html lang="fr">`, "Note B, niveau 1, 57,6 points", "La note est mise à la main.", "31 janvier 2026", "Ce qui le porterait à A", "les données du compte ont changé"},
	} {
		var page strings.Builder
		if err := teller(t, byHand(), lang).WriteHTML(&page, e); err != nil {
			t.Fatal(err)
		}
		text := page.String()
		for _, want := range append(wants, `http-equiv="Content-Security-Policy"`, "default-src &#39;none&#39;") {
			if !strings.Contains(text, want) && !strings.Contains(text, strings.ReplaceAll(want, "&#39;", "'")) {
				t.Errorf("%s: no %q on the page", lang, want)
			}
		}
		for _, bad := range []string{"<script>alert", "\u202e", "\x1b", " onclick=", " onload=", "http://", "https://"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the page has %q", lang, bad)
			}
		}
	}
	fr := teller(t, byHand(), "fr")
	e.Grade, e.Reason, e.Fix = nil, "NO_DOMAIN", fr.Fix("NO_DOMAIN", "add the company's website")
	var page strings.Builder
	if err := fr.WriteHTML(&page, e); err != nil || !strings.Contains(page.String(), "Sans note\u00a0: NO_DOMAIN\u00a0; ajouter le site web") {
		t.Errorf("not graded: %v, %.300s", err, page.String())
	}
}
