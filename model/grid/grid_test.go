package grid_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/grid"
)

func spec(name string, pillar features.Pillar, kind features.Kind) features.Spec {
	return features.Spec{Name: name, Pillar: pillar, Kind: kind, Column: name}
}

// The golden map: its criteria and accounts X and Y are those of the source
// articles (PRODUCT R20).
var (
	specs = []features.Spec{
		spec("sector", features.Firmographic, features.Category),
		spec("employees", features.Firmographic, features.Number),
		spec("crm", features.Technographic, features.Set),
		spec("pricing_page", features.Intent, features.Flag),
	}
	golden = []grid.Criterion{
		{Feature: "sector", Values: []grid.ValuePoints{{Value: "Tech", Points: 25}, {Value: "E-commerce", Points: 25}, {Value: "Industry", Points: 5}}},
		{Feature: "employees", Ranges: []grid.Range{{From: 50, To: 200, Points: 20}}},
		{Feature: "crm", Values: []grid.ValuePoints{{Value: "HubSpot", Points: 20}}},
		{Feature: "pricing_page", Values: []grid.ValuePoints{{Value: "yes", Points: 35}, {Value: "none", Points: 0}}},
	}
)

// An account of the golden map; zero values are unknown, employees too.
type account struct {
	sector    string
	employees float64
	crm       []string // nil: unknown
	pricing   string
}

var (
	x = account{"Tech", 150, []string{"HubSpot"}, "yes"}
	y = account{"industry", 1000, []string{"SAP"}, "no"}
)

// withSAP is the golden map with SAP at 5 points; crm is a category there, so
// that the maximum is one value's.
func withSAP() ([]grid.Criterion, []features.Spec) {
	c, s := append([]grid.Criterion(nil), golden...), append([]features.Spec(nil), specs...)
	c[2].Values = []grid.ValuePoints{{Value: "HubSpot", Points: 20}, {Value: "SAP", Points: 5}}
	s[2].Kind = features.Category
	return c, s
}

func batch(specs []features.Spec, accounts ...account) *datasets.Batch {
	b := &datasets.Batch{Rows: len(accounts)}
	for _, s := range specs {
		c := datasets.Column{Field: datasets.Field{Name: s.Name, Type: s.Kind.Type()}}
		if c.Type == datasets.Set {
			c.Offsets = []int32{0}
		}
		for _, a := range accounts {
			switch s.Name {
			case "sector":
				text(&c, a.sector)
			case "employees":
				if c.Numbers = append(c.Numbers, a.employees); a.employees == 0 {
					c.Numbers[len(c.Numbers)-1] = math.NaN()
				}
			case "pricing_page":
				c.Flags = append(c.Flags, map[string]int8{"": -1, "no": 0, "yes": 1}[a.pricing])
			default:
				crm(&c, a.crm)
			}
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

func text(c *datasets.Column, v string) {
	if v == "" {
		c.Codes = append(c.Codes, -1)
		return
	}
	c.Codes, c.Dictionary = append(c.Codes, int32(len(c.Dictionary))), append(c.Dictionary, v)
}

func crm(c *datasets.Column, items []string) {
	if c.Type == datasets.Category {
		text(c, strings.Join(items, ""))
		return
	}
	for _, item := range items {
		text(c, item)
	}
	c.Offsets, c.Null = append(c.Offsets, int32(len(c.Codes))), append(c.Null, items == nil)
}

// score returns the model of a grid and the scores of accounts.
func score(t testing.TB, mode string, c []grid.Criterion, s []features.Spec, accounts ...account) (*model.Model, *model.Scores) {
	t.Helper()
	terms, scaling, used, err := grid.New(mode, c, s)
	if err != nil {
		t.Fatal(err)
	}
	m := &model.Model{Format: 1, Missing: "neutral", Terms: terms, Grid: scaling, Specs: used}
	if m.Grades, err = model.NewGrades("A-D", []int64{80, 65, 50}); err != nil {
		t.Fatal(err)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	var out model.Scores
	if err := model.NewScorer(m, 0).Score(&out, batch(s, accounts...)); err != nil {
		t.Fatal(err)
	}
	return m, &out
}

// TestGoldenMap checks accounts X and Y in both modes: 100 and 10 points by sum;
// 100 and 0.4·5/45 + 0.3·5/20 + 0.3·0/35 = 11.944… by pillars.
func TestGoldenMap(t *testing.T) {
	c, s := withSAP()
	for mode, want := range map[string][2]float64{grid.Sum: {100, 10}, grid.Pillars: {100, 100 * (0.4*5/45 + 0.3*5/20)}} {
		m, got := score(t, mode, c, s, x, y)
		for i, w := range want {
			if p := m.Points(got.Margin[i]); math.Abs(p-w) > 2e-6 { // a micro-point a criterion
				t.Errorf("%s: account %d has %v points, want %v", mode, i, p, w)
			}
			var sum int64
			for _, part := range got.Contributions {
				sum += int64(part[i])
			}
			if sum != got.Margin[i] {
				t.Errorf("%s: contributions of account %d sum to %d, margin %d", mode, i, sum, got.Margin[i])
			}
		}
		for p, w := range [3]float64{100 * 5 / 45., 25, 0} { // of Y: 5 of 45, 5 of 20, 0 of 35
			if got := m.PillarScore(got, p, 1); math.Abs(got-w) > 1e-4 {
				t.Errorf("%s: pillar %d of Y is %v, want %v", mode, p, got, w)
			}
			if got := m.PillarScore(got, p, 0); math.Abs(got-100) > 1e-4 {
				t.Errorf("%s: pillar %d of X is %v, want 100", mode, p, got)
			}
		}
	}
}

// TestWeighted checks the points of the golden map as shares of 100: its best
// values sum to 100, and the sector Tech, 25 of 100 by sum, is 25 of the 45 points
// of a pillar that weighs 0.4.
func TestWeighted(t *testing.T) {
	c, s := withSAP()
	for mode, want := range map[string]float64{grid.Sum: 25, grid.Pillars: 100 * 0.4 * 25 / 45} {
		m, _ := score(t, mode, c, s, x)
		var most float64
		for k, term := range m.Grid.Weighted(m.Terms) {
			best := float64(slices.Max(term.MicroPoints)) / model.Micro
			most += best
			if k == 0 && math.Abs(best-want) > 1e-6 {
				t.Errorf("%s: %s is worth %v, want %v", mode, term.Feature, best, want)
			}
		}
		if math.Abs(most-100) > 1e-5 {
			t.Errorf("%s: the best values sum to %v, want 100", mode, most)
		}
	}
}

// TestUnknown checks that an unknown criterion leaves both the sum and the
// maximum, and that an observed none does not: by hand.
func TestUnknown(t *testing.T) {
	c, s := withSAP()
	for _, tt := range []struct {
		name         string
		a            account
		sum, pillars float64
	}{
		{"only the sector", account{sector: "Tech"}, 100, 100},
		{"half of a pillar", account{sector: "Industry", employees: 100}, 100 * 25 / 45., 100 * 25 / 45.},
		{"no intent known", account{"Tech", 150, []string{"SAP"}, ""}, 100 * 50 / 65., 100 * (0.4 + 0.3*5/20) / 0.7},
		{"no intent observed", account{"Tech", 150, []string{"HubSpot"}, "no"}, 65, 70},
		{"another sector", account{"Farming", 150, []string{"HubSpot"}, "yes"}, 75, 100 * (0.4*20/45 + 0.6)},
		{"nothing", account{}, 0, 0},
	} {
		for mode, want := range map[string]float64{grid.Sum: tt.sum, grid.Pillars: tt.pillars} {
			m, got := score(t, mode, c, s, tt.a)
			if p := m.Points(got.Margin[0]); math.Abs(p-want) > 2e-6 {
				t.Errorf("%s, %s: %v points, want %v", tt.name, mode, p, want)
			}
			if got.Known[0] != (tt.name != "nothing") {
				t.Errorf("%s: known is %v", tt.name, got.Known[0])
			}
		}
	}
}

// TestSets checks that a set earns the points of every item it holds, of a
// maximum that is those of all.
func TestSets(t *testing.T) {
	c := append([]grid.Criterion(nil), golden...)
	c[2].Values = []grid.ValuePoints{{Value: "HubSpot", Points: 20}, {Value: "SAP", Points: 5}}
	for _, tt := range []struct {
		crm  []string
		want float64
	}{
		{[]string{"SAP", "hubspot"}, 100}, {[]string{"SAP"}, 20}, {[]string{"SAP", "SAP"}, 20}, {[]string{}, 0}, {[]string{"Excel"}, 0},
	} {
		m, got := score(t, grid.Sum, c[2:3], specs, account{crm: tt.crm})
		if p := m.Points(got.Margin[0]); math.Abs(p-tt.want) > 1e-6 {
			t.Errorf("%v: %v points, want %v", tt.crm, p, tt.want)
		}
	}
}

// TestRanges checks both ends of a range, where two meet, and what lies between
// and beyond.
func TestRanges(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		name   string
		ranges []grid.Range
		points map[float64]float64 // of numbers; 1 otherwise
	}{
		{"one", []grid.Range{{50, 200, 10}}, map[float64]float64{50: 10, 200: 10, 120: 10, math.Nextafter(50, 0): 1, math.Nextafter(200, 300): 1}},
		{"meeting", []grid.Range{{50, 200, 10}, {200, 500, 4}}, map[float64]float64{math.Nextafter(200, 0): 10, 200: 4, 500: 4, 501: 1}},
		{"in another order", []grid.Range{{200, 500, 4}, {50, 200, 10}}, map[float64]float64{math.Nextafter(200, 0): 10, 200: 4, 49: 1}},
		{"open below", []grid.Range{{-inf, 10, 10}}, map[float64]float64{-inf: 10, 10: 10, 11: 1}},
		{"open above", []grid.Range{{10, inf, 10}}, map[float64]float64{9.99: 1, 10: 10, inf: 10}},
		{"all", []grid.Range{{-inf, 0, 2}, {0, inf, 10}}, map[float64]float64{-1: 2, 0: 10, 1: 10}},
		{"a point", []grid.Range{{7, 7, 10}}, map[float64]float64{7: 10, math.Nextafter(7, 0): 1, math.Nextafter(7, 8): 1}},
		{"a point at the end", []grid.Range{{0, 7, 4}, {7, 7, 10}}, map[float64]float64{math.Nextafter(7, 0): 4, 7: 10, 8: 1}},
		{"a gap", []grid.Range{{1, 50, 10}, {51, 200, 4}}, map[float64]float64{50: 10, 50.5: 1, 51: 4}},
		{"no number between", []grid.Range{{1, 5, 10}, {math.Nextafter(5, 6), 9, 4}}, map[float64]float64{5: 10, math.Nextafter(5, 6): 4, 9: 4}},
	} {
		c := grid.Criterion{Feature: "employees", Ranges: tt.ranges, Otherwise: 1}
		for v, want := range tt.points {
			m, got := score(t, grid.Sum, []grid.Criterion{c}, specs, account{employees: v})
			if v == 0 { // account's unknown; score it as a number
				b := batch(specs, account{employees: 1})
				b.Column("employees").Numbers[0] = 0
				if err := model.NewScorer(m, 0).Score(got, b); err != nil {
					t.Fatal(err)
				}
			}
			if p := m.Points(got.Margin[0]) / 10; math.Abs(p-want) > 1e-6 {
				t.Errorf("%s: %v earns %v, want %v of 10", tt.name, v, p, want)
			}
		}
	}
}

// TestDates checks that ranges of dates are of their age in days.
func TestDates(t *testing.T) {
	s := []features.Spec{spec("funded", features.Intent, features.Date)}
	terms, scaling, used, err := grid.New(grid.Sum, []grid.Criterion{{Feature: "funded", Ranges: []grid.Range{{0, 90, 10}}}}, s)
	if err != nil {
		t.Fatal(err)
	}
	m := &model.Model{Terms: terms, Grid: scaling, Specs: used}
	c := datasets.Column{Field: datasets.Field{Name: "funded", Type: datasets.Date}, Days: []int32{1000, 910, 909, 1001}}
	var got model.Scores
	if err := model.NewScorer(m, 1000).Score(&got, &datasets.Batch{Rows: 4, Columns: []datasets.Column{c}}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{100, 100, 0, 0} {
		if p := m.Points(got.Margin[i]); p != want {
			t.Errorf("date %d: %v points, want %v", i, p, want)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, tt := range []struct {
		c       grid.Criterion
		no, yes float64
	}{
		{grid.Criterion{Values: []grid.ValuePoints{{"yes", 10}}}, 0, 100},
		{grid.Criterion{Values: []grid.ValuePoints{{"no", 10}}, Otherwise: 5}, 100, 50},
		{grid.Criterion{Values: []grid.ValuePoints{{"None", 1}, {"TRUE", 4}}}, 25, 100},
	} {
		tt.c.Feature = "pricing_page"
		m, got := score(t, grid.Sum, []grid.Criterion{tt.c}, specs, account{pricing: "no"}, account{pricing: "yes"})
		if no, yes := m.Points(got.Margin[0]), m.Points(got.Margin[1]); no != tt.no || yes != tt.yes {
			t.Errorf("%+v: no %v, yes %v, want %v and %v", tt.c, no, yes, tt.no, tt.yes)
		}
	}
}

// TestNewRefuses checks each fault, and that all are reported at once.
func TestNewRefuses(t *testing.T) {
	values := func(v ...grid.ValuePoints) []grid.ValuePoints { return v }
	var many []grid.ValuePoints
	for i := range 255 {
		many = append(many, grid.ValuePoints{Value: "v" + strconv.Itoa(i), Points: 1})
	}
	sector := func(v ...grid.ValuePoints) []grid.Criterion {
		return []grid.Criterion{{Feature: "sector", Values: v}}
	}
	size := func(r ...grid.Range) []grid.Criterion { return []grid.Criterion{{Feature: "employees", Ranges: r}} }
	inf := math.Inf(1)
	for name, tt := range map[string]struct {
		criteria []grid.Criterion
		want     string
	}{
		"none":                   {nil, "no criteria"},
		"unknown feature":        {[]grid.Criterion{{Feature: "colour"}}, `"colour": no such feature`},
		"twice":                  {[]grid.Criterion{golden[0], golden[0]}, "there are two"},
		"no points":              {sector(grid.ValuePoints{Value: "Tech"}), "no value earns points"},
		"negative":               {sector(grid.ValuePoints{Value: "Tech", Points: -1}), "-1 points"},
		"NaN":                    {sector(grid.ValuePoints{Value: "Tech", Points: math.NaN()}), "NaN points"},
		"too many points":        {sector(grid.ValuePoints{Value: "Tech", Points: 1001}), "1001 points"},
		"a value twice":          {sector(grid.ValuePoints{Value: "Tech", Points: 1}, grid.ValuePoints{Value: "tech ", Points: 2}), "is there twice"},
		"too many values":        {sector(many...), "257 codes"},
		"ranges of a category":   {[]grid.Criterion{{Feature: "sector", Ranges: []grid.Range{{1, 2, 3}}}}, "a category has points for the other"},
		"values of a number":     {[]grid.Criterion{{Feature: "employees", Values: many}}, "a number has points for the other"},
		"otherwise of a set":     {[]grid.Criterion{{Feature: "crm", Values: many, Otherwise: 1}}, "none otherwise"},
		"items beyond the limit": {[]grid.Criterion{{Feature: "crm", Values: values(grid.ValuePoints{"a", 600}, grid.ValuePoints{"b", 600})}}, "1200 points together"},
		"value of a flag":        {[]grid.Criterion{{Feature: "pricing_page", Values: values(grid.ValuePoints{"maybe", 1})}}, `"maybe" of a flag`},
		"overlap":                {size(grid.Range{1, 10, 1}, grid.Range{9, 20, 1}), "overlaps"},
		"the same range twice":   {size(grid.Range{1, 10, 1}, grid.Range{1, 10, 1}), "overlaps"},
		"upside down":            {size(grid.Range{10, 1, 1}), "empty or overlaps"},
		"NaN bound":              {size(grid.Range{math.NaN(), 1, 1}), "empty or overlaps"},
		"beyond all numbers":     {size(grid.Range{inf, inf, 1}), "empty or overlaps"},
		"below all numbers":      {size(grid.Range{-inf, -inf, 1}), "empty or overlaps"},
		"two open below":         {size(grid.Range{-inf, 1, 1}, grid.Range{-inf, 2, 1}), "overlaps"},
		"a point twice":          {size(grid.Range{5, 5, 1}, grid.Range{5, 9, 1}), "overlaps"},
	} {
		if _, _, _, err := grid.New(grid.Sum, tt.criteria, specs); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	if _, _, _, err := grid.New("max", golden, specs); err == nil || !strings.Contains(err.Error(), `mode is "max"`) {
		t.Errorf("an unknown mode: %v", err)
	}
	_, _, _, err := grid.New(grid.Sum, []grid.Criterion{{Feature: "colour"}, {Feature: "crm"}, {Feature: "taste"}}, specs)
	if err == nil || strings.Count(err.Error(), "grid:") != 3 {
		t.Errorf("three faults: %v", err)
	}
}

// TestLaws checks that scores stay within 0 and 100, that contributions sum to
// them exactly, and that a better value of one criterion never lowers the score.
func TestLaws(t *testing.T) {
	c, s := withSAP()
	sectors, tools, flags := []string{"", "Farming", "Industry", "Tech"}, []string{"", "Excel", "SAP", "HubSpot"}, []string{"", "no", "yes"}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(1, 3).Draw(t, "sector")
		a := account{sectors[at], float64(rapid.IntRange(0, 300).Draw(t, "employees")), []string{tools[rapid.IntRange(0, 3).Draw(t, "crm")]}, flags[rapid.IntRange(0, 2).Draw(t, "pricing")]}
		better := a
		better.sector = sectors[rapid.IntRange(at, 3).Draw(t, "better")]
		for _, mode := range []string{grid.Sum, grid.Pillars} {
			terms, scaling, used, err := grid.New(mode, c, s)
			if err != nil {
				t.Fatal(err)
			}
			m := &model.Model{Terms: terms, Grid: scaling, Specs: used}
			var got model.Scores
			if err := model.NewScorer(m, 0).Score(&got, batch(s, a, better)); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				var sum int64
				for _, part := range got.Contributions {
					sum += int64(part[i])
				}
				if sum != got.Margin[i] || sum < 0 || sum > 100*model.Micro+4 {
					t.Fatalf("%s: contributions sum to %d, margin %d", mode, sum, got.Margin[i])
				}
			}
			if got.Margin[1] < got.Margin[0] {
				t.Fatalf("%s: %v scores %d, %v scores %d", mode, a, got.Margin[0], better, got.Margin[1])
			}
		}
	})
}
