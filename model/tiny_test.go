package model_test

import (
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// tiny returns a model written by hand, with a feature of every kind and one
// intent signal, unsealed and without golden accounts.
func tiny(t testing.TB) *model.Model {
	t.Helper()
	m := &model.Model{
		Format: 1, Name: "main", AsOf: "2025-06-30", Learner: "scorecard", Missing: "neutral", Customers: 200, Pool: 4000, SpecHash: "abc", BasePoints: 45,
		Terms: []model.Term{
			{Binning: bin.Binning{Feature: "employees", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{50, 200}}, MicroPoints: []int32{0, -2_000_000, 5_000_000, 1_000_000}},
			{Binning: bin.Binning{Feature: "sector", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"tech", "retail"}, Labels: []string{"Tech", "Retail"}}, MicroPoints: []int32{0, 7_000_000, -1_000_000, -3_000_000}},
			{Binning: bin.Binning{Feature: "hiring", Pillar: features.Firmographic, Kind: features.Flag}, MicroPoints: []int32{0, -500_000, 1_500_001}},
			{Binning: bin.Binning{Feature: "funded", Pillar: features.Firmographic, Kind: features.Date, Edges: []float64{90, 400.5}}, MicroPoints: []int32{0, 2_000_000, 250_000, -250_000}},
			{Binning: bin.Binning{Feature: "tools", Pillar: features.Technographic, Kind: features.Set, Items: []string{"hubspot", "sap", "go"}, Labels: []string{"HubSpot", "SAP", "Go"}}, MicroPoints: []int32{0, -300_000, 4_000_000, -4_500_000, 600_000}},
			{Binning: bin.Binning{Feature: "about", Pillar: features.Technographic, Kind: features.Words, Items: []string{"cloud"}, Labels: []string{"cloud"}}, MicroPoints: []int32{0, -100_000, 900_000}},
		},
		Intent: []model.Term{
			{Binning: bin.Binning{Feature: "visits", Pillar: features.Intent, Kind: features.Number, Edges: []float64{0, 10}}, MicroPoints: []int32{0, 0, 500_000, 1_000_000}},
		},
	}
	for _, terms := range [][]model.Term{m.Terms, m.Intent} {
		for i := range terms {
			terms[i].Customers, terms[i].Pool = make([]int, terms[i].Slots()), make([]int, terms[i].Slots())
			terms[i].Provenance = "learned"
			m.Specs = append(m.Specs, features.Spec{Name: terms[i].Feature, Pillar: terms[i].Pillar, Kind: terms[i].Kind, Column: terms[i].Feature})
		}
	}
	for i := range int64(1001) {
		m.Quantiles = append(m.Quantiles, (i-500)*20_000)
	}
	m.PillarQuantiles = map[string][]int64{"firmographic": m.Quantiles, "technographic": {0, 1_000_000}, "intent": {0, 500_000, 1_000_000}}
	var err error
	if m.Grades, err = model.NewGrades("A-F", []int64{12_000_000, 9_000_000, 6_000_000, 3_000_000, -1_000_000}); err != nil {
		t.Fatal(err)
	}
	m.Grades.Method, m.Grades.On, m.Grades.Hysteresis = "score", "fit", 1
	return m
}

// base returns accounts for tiny: known everywhere, unknown everywhere, and in
// between. Its date is day 20,000.
func base() *datasets.Batch {
	column := func(name string, t datasets.Type) datasets.Column {
		return datasets.Column{Field: datasets.Field{Name: name, Type: t}}
	}
	employees, sector, hiring := column("employees", datasets.Number), column("sector", datasets.Category), column("hiring", datasets.Flag)
	funded, tools, about, visits := column("funded", datasets.Date), column("tools", datasets.Set), column("about", datasets.Set), column("visits", datasets.Number)
	employees.Numbers = []float64{120, nan, 50, 1e6}
	sector.Dictionary, sector.Codes = []string{"Tech", " retail", "Farming"}, []int32{0, -1, 1, 2}
	hiring.Flags = []int8{1, -1, 0, -1}
	funded.Days = []int32{20_000 - 10, datasets.MissingDay, 20_000 - 400, 20_000 - 401}
	tools.Dictionary, tools.Codes, tools.Offsets, tools.Null = []string{"HubSpot", "Go", "SAP", "Excel"}, []int32{0, 1, 2, 3}, []int32{0, 2, 2, 2, 4}, []bool{false, true, false, false}
	about.Dictionary, about.Codes, about.Offsets, about.Null = []string{"cloud"}, []int32{0}, []int32{0, 1, 1, 1, 1}, []bool{false, true, true, false}
	visits.Numbers = []float64{20, nan, 0, 5}
	return &datasets.Batch{Rows: 4, Columns: []datasets.Column{visits, employees, sector, hiring, funded, tools, about}}
}

// TestScoreByHand checks margins, pillars and what is unknown of four accounts,
// added up by hand from the tables above.
func TestScoreByHand(t *testing.T) {
	m := tiny(t)
	var s model.Scores
	if err := model.NewScorer(m, 20_000).Score(&s, base()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		contributions                 []int32
		margin, firmo, techno, intent int64
		known                         bool
		knownBy                       [3]uint16
	}{
		{[]int32{5_000_000, 7_000_000, 1_500_001, 2_000_000, 4_300_000, 800_000}, 20_600_001, 15_500_001, 5_100_000, 1_000_000, true, [3]uint16{4, 2, 1}},
		{[]int32{0, 0, 0, 0, 0, 0}, 0, 0, 0, 0, false, [3]uint16{0, 0, 0}},
		{[]int32{-2_000_000, -1_000_000, -500_000, 250_000, -300_000, 0}, -3_550_000, -3_250_000, -300_000, 0, true, [3]uint16{4, 1, 1}},
		{[]int32{1_000_000, -3_000_000, 0, -250_000, -4_800_000, -100_000}, -7_150_000, -2_250_000, -4_900_000, 500_000, true, [3]uint16{3, 2, 1}},
	} {
		var got []int32
		for _, c := range s.Contributions {
			got = append(got, c[i])
		}
		if !slices.Equal(got, want.contributions) {
			t.Errorf("row %d: contributions %v, want %v", i, got, want.contributions)
		}
		if s.Margin[i] != want.margin || s.Known[i] != want.known {
			t.Errorf("row %d: margin %d, known %v, want %d, %v", i, s.Margin[i], s.Known[i], want.margin, want.known)
		}
		if p := [3]int64{s.Pillars[0][i], s.Pillars[1][i], s.Pillars[2][i]}; p != [3]int64{want.firmo, want.techno, want.intent} {
			t.Errorf("row %d: pillars %v, want %v", i, p, want)
		}
		if p := [3]uint16{s.PillarKnown[0][i], s.PillarKnown[1][i], s.PillarKnown[2][i]}; p != want.knownBy {
			t.Errorf("row %d: %v features known, want %v", i, p, want.knownBy)
		}
	}
}
