package project_test

import (
	"strings"
	"testing"
)

// golden is the written grid of the method's reference, with its four features.
const golden = `version: 1
accounts: {path: accounts.csv, domain: website}
customers: {path: customers.csv, domain: domain}
features:
  - {name: sector, pillar: firmographic, kind: category, column: sector}
  - {name: employees, pillar: firmographic, kind: number, column: employees}
  - {name: crm, pillar: technographic, kind: category, column: crm}
  - {name: pricing_page_visit, pillar: intent, kind: flag, column: visit}
grid:
  mode: sum
  criteria:
    - {feature: sector, values: {Tech: 25, E-commerce: 25, Industry: 5}}
    - {feature: employees, ranges: [{from: 50, to: 200, points: 20}], otherwise: 0}
    - {feature: crm, values: {HubSpot: 20, SAP: 5}}
    - {feature: pricing_page_visit, values: {yes: 35, none: 0}}
model: {learner: grid}
`

func TestGrid(t *testing.T) {
	p, err := load(t, golden)
	if err != nil {
		t.Fatal(err)
	}
	g := p.Config.Grid
	if g.Mode != "sum" || len(g.Criteria) != 4 {
		t.Fatalf("grid %+v, want four criteria to sum", g)
	}
	if v := g.Criteria[0].Values; len(v) != 3 || v["E-commerce"] != 25 || v["Industry"] != 5 {
		t.Errorf("sector values %v", v)
	}
	if r := g.Criteria[1].Ranges; len(r) != 1 || *r[0].From != 50 || *r[0].To != 200 || r[0].Points != 20 {
		t.Errorf("employees ranges %v", r)
	}
	if v := g.Criteria[3].Values; v["yes"] != 35 || len(v) != 2 {
		t.Errorf("visit values %v", v)
	}
}

func TestGridRanges(t *testing.T) {
	for _, ranges := range []string{
		"[{to: 50, points: 1}, {from: 50, to: 200, points: 2}, {from: 200, points: 3}]", // they meet
		"[{from: 5, to: 5, points: 1}]", // one number
	} {
		if _, err := load(t, strings.Replace(golden, "[{from: 50, to: 200, points: 20}]", ranges, 1)); err != nil {
			t.Errorf("%s: %v", ranges, err)
		}
	}
}

func TestGridFaults(t *testing.T) {
	for _, tt := range []struct{ old, new, path, msg string }{
		{"mode: sum", "mode: sums", "grid.mode", `did you mean "sum"`},
		{"feature: sector", "feature: sectors", "grid.criteria[0].feature", `no feature is named "sectors"; did you mean "sector"?`},
		{"feature: crm", "feature: sector", "grid.criteria[2].feature", "has points in grid.criteria[0] already"},
		{"SAP: 5", "SAP: -1", "grid.criteria[2].values.SAP", "is -1; want points from 0"},
		{"values: {HubSpot: 20, SAP: 5}", "values: {}", "grid.criteria[2].values", "is missing"},
		{"values: {HubSpot: 20, SAP: 5}", "ranges: [{from: 1, points: 1}]", "grid.criteria[2].ranges", "crm is a category"},
		{"yes: 35", "visited: 35", "grid.criteria[3].values.visited", "is a flag; want yes or no"},
		{"yes: 35", "no: 0", "grid.criteria[3].values.none", "another spelling of no"},
		{"yes: 35", "true: 35", "grid.criteria[3].values.true", "put the key in quotes"},
		{"SAP: 5", "007: 5", "grid.criteria[2].values.007", "reads as the number 7; put the key in quotes"},
		{"otherwise: 0", "otherwise: -2", "grid.criteria[1].otherwise", "is -2"},
		{"[{from: 50, to: 200, points: 20}]", "[{points: 20}]", "grid.criteria[1].ranges[0]", "has no bound"},
		{"[{from: 50, to: 200, points: 20}]", "[{from: 200, to: 50, points: 20}]", "grid.criteria[1].ranges[0]", "goes from 200 down to 50"},
		{"[{from: 50, to: 200, points: 20}]", "[{from: 50, to: 200, points: 20}, {from: 199.9, points: 1}]", "grid.criteria[1].ranges[1]", "starts at 199.9, inside or below the range before, which ends at 200"},
		{"[{from: 50, to: 200, points: 20}]", "[{from: 50, points: 20}, {from: 60, points: 1}]", "grid.criteria[1].ranges[1]", "which ends at no bound"},
		{"[{from: 50, to: 200, points: 20}]", "[]", "grid.criteria[1].ranges", "is missing"},
		{"points: 20", "points: .inf", "grid.criteria[1].ranges[0].points", "is the number .inf; want a finite number"},
		{"ranges: [{from: 50, to: 200, points: 20}]", "values: {a: 1}", "grid.criteria[1].values", "give points to ranges"},
	} {
		t.Run(tt.path+" "+tt.new, func(t *testing.T) {
			if !strings.Contains(golden, tt.old) {
				t.Fatalf("the golden grid lacks %q", tt.old)
			}
			_, err := load(t, strings.Replace(golden, tt.old, tt.new, 1))
			checkFault(t, err, tt.path, tt.msg)
		})
	}
}
