package pipeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/predict"
)

// A market says how accounts are drawn: each feature is known of a share of them,
// and of these a share has values that the model does not know.
type market struct{ known, strange []float64 }

// newMarket has features that are known of 5 to 100 %, some with a long tail of
// values that were too rare to be learned.
func newMarket() market {
	var m market
	for _, known := range []float64{1, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1, 0.05} {
		for _, strange := range []float64{0, 0.02, 0.2, 0.45} {
			m.known, m.strange = append(m.known, known), append(m.strange, strange)
		}
	}
	return m
}

// draw returns the summary of a night of so many accounts, each drawn anew.
func (m market) draw(r *rand.Rand, accounts int) *predict.Summary {
	s := predict.NewSummary()
	s.Accounts = int64(accounts)
	for f := range m.known {
		c := predict.FeatureCount{Feature: fmt.Sprintf("f%d", f)}
		for range accounts {
			if r.Float64() < m.known[f] {
				c.Known++
				if r.Float64() < m.strange[f] {
					c.New++
				}
			}
		}
		s.Features = append(s.Features, c)
	}
	return s
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// newGated returns a night like the one before, with the limits of a project
// that says nothing.
func newGated(before, now *predict.Summary) *gated {
	return &gated{limits: project.DefaultConfig().Gates, model: &model.Model{AsOf: "2026-01-31"}, asOf: day("2026-02-02"), before: before, now: now, changed: day("2026-02-01")}
}

func codes(gates []report.Gate) []string {
	out := []string{}
	for _, g := range gates {
		out = append(out, g.Code+" "+g.Feature)
	}
	return out
}

// TestNoFalseAlarm draws 200 nights of 300 to 5,000 accounts anew from the same
// market, and from one night to the next up to 15 % of them come and go: far more
// than chance does to a real base, which keeps most of its accounts. None is held.
func TestNoFalseAlarm(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 17))
	m := newMarket()
	for night := range 200 {
		accounts := 300 + r.IntN(4701)
		next := max(300, int(float64(accounts)*(0.85+0.3*r.Float64())))
		if held := newGated(m.draw(r, accounts), m.draw(r, next)).judge(); len(held) > 0 {
			t.Errorf("night %d, %d accounts then and %d now: held by %v", night, accounts, next, codes(held))
		}
	}
}

// TestPlantedFaults plants one fault into nights of the same kind: each is found
// on every night, and nothing else is.
func TestPlantedFaults(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	m := newMarket()
	wellKnown := func() int { // a feature known of 70 % or more, most of its values by the model
		for {
			if f := r.IntN(len(m.known)); m.known[f] >= 0.7 && m.strange[f] <= 0.2 {
				return f
			}
		}
	}
	for night := range 100 {
		accounts := 300 + r.IntN(4701)
		before := m.draw(r, accounts)
		f := wellKnown()
		check := func(fault string, now *predict.Summary, want ...string) {
			t.Helper()
			if got := codes(newGated(before, now).judge()); !slices.Equal(got, want) {
				t.Errorf("night %d, %d accounts, %s: held by %v, want %v", night, accounts, fault, got, want)
			}
		}
		check("21 % of the rows lost", m.draw(r, accounts*79/100), "base_shrunk ")

		half := market{slices.Clone(m.known), slices.Clone(m.strange)}
		half.known[f] /= 2
		check(fmt.Sprintf("half of f%d emptied", f), half.draw(r, accounts), fmt.Sprintf("coverage_fallen f%d", f))

		other := market{slices.Clone(m.known), slices.Clone(m.strange)}
		other.strange[f] += 0.3 * (1 - m.strange[f])
		check(fmt.Sprintf("30 %% new values in f%d", f), other.draw(r, accounts), fmt.Sprintf("new_values f%d", f))
	}
}

// TestLimits puts a figure on each limit and just past it. The counts are large
// enough that chance has no say.
func TestLimits(t *testing.T) {
	night := func(accounts, known, strange int64) *predict.Summary {
		s := predict.NewSummary()
		s.Accounts, s.Features = accounts, []predict.FeatureCount{{Feature: "f", Known: known, New: strange}}
		return s
	}
	before := night(100_000, 50_000, 5_000) // known of 50 %, 10 % of that unknown to the model
	tests := []struct {
		name   string
		change func(*gated)
		want   string
	}{
		{"as before", func(*gated) {}, ""},
		{"a fifth fewer", func(g *gated) { g.now = night(80_000, 40_000, 4_000) }, ""},
		{"one more", func(g *gated) { g.now = night(79_999, 40_000, 4_000) }, "base_shrunk"},
		{"all may go", func(g *gated) { g.limits.BaseShrunk, g.now = 1, night(0, 0, 0) }, ""},
		{"twice as many", func(g *gated) { g.now = night(200_000, 100_000, 10_000) }, ""},
		{"known of 40 %", func(g *gated) { g.now = night(100_000, 40_000, 4_000) }, ""},
		{"of less", func(g *gated) { g.now = night(100_000, 39_999, 4_000) }, "coverage_fallen"},
		{"of none, which is allowed", func(g *gated) { g.limits.Coverage, g.now = 1, night(100_000, 0, 0) }, ""},
		{"known of 90 %", func(g *gated) { g.now = night(100_000, 90_000, 9_000) }, ""},
		{"20 % unknown", func(g *gated) { g.now = night(100_000, 50_000, 10_000) }, ""},
		{"more", func(g *gated) { g.now = night(100_000, 50_000, 10_001) }, "new_values"},
		{"few accounts", func(g *gated) { g.before, g.now = night(20, 20, 0), night(20, 12, 2) }, ""},
		{"another feature", func(g *gated) { g.before = night(100_000, 0, 0); g.before.Features[0].Feature = "g" }, ""},
		{"a night that counted nothing", func(g *gated) { g.before = predict.NewSummary() }, ""},
		{"a first night", func(g *gated) {
			g.before, g.now, g.changed = nil, night(1, 0, 0), day("2020-01-01")
		}, ""},
		{"31 days", func(g *gated) { g.changed = day("2026-01-02") }, ""},
		{"32 days", func(g *gated) { g.changed = day("2026-01-01") }, "stale_input"},
		{"a query", func(g *gated) { g.changed = time.Time{} }, ""},
		{"a file that is newer than the night", func(g *gated) { g.changed = day("2026-12-01") }, ""},
		{"12 months", func(g *gated) { g.model.AsOf, g.changed = "2025-02-02", day("2026-02-02") }, ""},
		{"and a day", func(g *gated) { g.model.AsOf = "2025-02-01" }, "stale_model"},
		{"on a first night", func(g *gated) { g.model.AsOf, g.before = "2025-02-01", nil }, "stale_model"},
		{"everything at once", func(g *gated) {
			g.now, g.changed, g.model.AsOf = night(70_000, 10_000, 5_000), day("2025-01-01"), "2024-01-01"
		}, "base_shrunk coverage_fallen new_values stale_input stale_model"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGated(before, before)
			tt.change(g)
			var got []string
			for _, gate := range g.judge() {
				got = append(got, gate.Code)
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("held by %q, want %q", text, tt.want)
			}
		})
	}
}

// TestNewValuesAfterPromotion compares with the pool that another model learned
// from, since the night before counted by the values of the one before it.
func TestNewValuesAfterPromotion(t *testing.T) {
	m := &model.Model{AsOf: "2026-01-31", Terms: []model.Term{
		{Binning: bin.Binning{Feature: "industry", Kind: features.Category, Values: []string{"software", "retail"}}, Pool: []int{500, 300, 180, 20}}, // 4 % of those known
		{Binning: bin.Binning{Feature: "employees", Kind: features.Number, Edges: []float64{10}}, Pool: []int{0, 500, 500}},
		{Binning: bin.Binning{Feature: "tech", Kind: features.Set, Items: []string{"sap"}}, Pool: []int{0, 1000, 400}},
	}}
	counts := func(industry, tech int64) *predict.Summary {
		s := predict.NewSummary()
		s.Accounts = 10_000
		s.Features = []predict.FeatureCount{{Feature: "industry", Known: 10_000, New: industry}, {Feature: "employees", Known: 10_000}, {Feature: "tech", Known: 10_000, New: tech}}
		return s
	}
	g := newGated(counts(9_000, 0), counts(1_400, 8_000))
	g.model, g.otherModel = m, true
	if held := g.judge(); len(held) > 0 {
		t.Errorf("14 %% after 4 %% of the pool is on the limit, and of sets nothing is known; held by %v", codes(held))
	}
	g.now = counts(1_500, 0)
	held := g.judge()
	if got := codes(held); !slices.Equal(got, []string{"new_values industry"}) || *held[0].Was != 0.04 {
		t.Errorf("held by %v, %v; want new_values of industry, which was 0.04", got, held)
	}
}
