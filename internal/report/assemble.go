package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/predict"
)

// addEvaluation takes over the metrics out of fold; a written grid claims no lift.
func (r *Report) addEvaluation(in *Input, p *page.Printer) {
	r.Metrics, r.Definitions = map[string]metrics.Interval{}, map[string]string{}
	if in.Evaluation == nil {
		return
	}
	for name, i := range in.Evaluation.Metrics {
		kind, percent, _ := strings.Cut(name, "_")
		if kind == "lift" && in.Model.Grid != nil {
			continue
		}
		switch kind {
		case "capture", "lift":
			r.Definitions[name] = p.T("define."+kind, percent)
		case "auc":
			r.Definitions[name] = p.T("define.auc")
		default:
			continue // not for readers of this report
		}
		r.Metrics[name] = i
	}
}

// addGrades makes the grade table. What was measured out of fold is left out
// where grades are cut on priority: it was measured on the fit.
func (r *Report) addGrades(in *Input, s *scan) {
	m := in.Model
	for i, c := range m.Grades.Cuts {
		g := Grade{Grade: c.Grade, Tier: c.Tier, From: from(m, i), Accounts: s.accounts[i], Prospects: s.prospects[i]}
		g.Share = ratio(s.accounts[i], s.rows)
		if in.Evaluation != nil && m.Grades.On != "priority" {
			at := slices.IndexFunc(in.Evaluation.Grades, func(row evaluate.GradeRow) bool { return row.Grade == c.Grade })
			if at >= 0 {
				row := in.Evaluation.Grades[at]
				g.Captured, g.PoolShare = &row.Captured, &row.PoolShare
				if m.Grid == nil && row.PoolShare > 0 {
					g.Lift = &row.Lift
				}
			}
		}
		r.Grades = append(r.Grades, g)
	}
}

// from returns the least points of cut i, nil for the last grade and for one
// that no account can have.
func from(m *model.Model, i int) *float64 {
	at := m.Grades.Cuts[i].Margin
	above := int64(math.MaxInt64)
	if i > 0 {
		above = m.Grades.Cuts[i-1].Margin
	}
	switch {
	case at == math.MinInt64 || at >= above:
		return nil
	case m.Grades.On == "priority":
		return ptr(float64(at) / model.Micro)
	}
	return ptr(m.Points(at))
}

func ratio(n, of int64) float64 { return float64(n) / float64(max(of, 1)) }

// addLists makes the call list and what changed since the night before.
func (r *Report) addLists(s *scan, words *reasoner) {
	r.CallList = CallList{Rule: Best, Total: s.picked, Accounts: []Call{}}
	if s.night != nil || s.gone {
		r.CallList.Rule = Entered
	}
	for _, pick := range s.calls.picks {
		cut := s.model.Grades.Cuts[pick.grade]
		c := Call{
			Domain: page.Clean(pick.domain), AccountID: page.Clean(pick.id), Name: page.Clean(pick.name), Grade: cut.Grade, Tier: cut.Tier,
			Previous: page.Clean(pick.previous), Points: float64(pick.micro) / model.Micro, Reasons: []Reason{}, Unknown: words.unknown(&pick, s.model),
		}
		c.Similar = append(c.Similar, pick.similar...)
		for _, t := range pick.reasons {
			c.Reasons = append(c.Reasons, words.reason(&pick, t))
		}
		if s.model.Grid == nil {
			c.Lift = ptr(model.Lift(c.Points))
		}
		r.CallList.Accounts = append(r.CallList.Accounts, c)
	}
	r.Movers = Movers{Up: s.movers(&s.risers), Down: s.movers(&s.fallers)}
	r.Migration = Migration{From: []string{}, To: []string{}, Counts: [][]int64{}}
	r.Causes = []Cause{}
	if s.night == nil && !s.gone {
		return
	}
	for _, c := range s.model.Grades.Cuts {
		r.Migration.To = append(r.Migration.To, c.Grade)
	}
	if s.gone {
		r.Migration.From, r.Migration.To = append(page.CleanAll(s.from), "without"), append(r.Migration.To, "unscored")
	} else {
		r.Migration.From, r.Migration.To = append(page.CleanAll(s.from), "unscored", "new"), append(r.Migration.To, "unscored", "gone")
	}
	r.Migration.Counts = s.counts
	for i, n := range s.caused {
		if n > 0 {
			r.Causes = append(r.Causes, Cause{page.Clean(s.causes.names[i]), n})
		}
	}
	if n := s.lost(); n > 0 {
		r.Causes = append(r.Causes, Cause{"gone", n})
	}
	slices.SortFunc(r.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(a.Cause, b.Cause))
	})
}

// addBefore adds how many accounts each grade had the night before. Of a night that is
// gone, the accounts that are no more are not known.
func (r *Report) addBefore() {
	if r.PreviousGone || r.FirstNight {
		return
	}
	for i := range r.Grades {
		var n int64
		for k, from := range r.Migration.From {
			if from == r.Grades[i].Grade {
				for _, c := range r.Migration.Counts[k] {
					n += c
				}
			}
		}
		r.Grades[i].Before = &n
	}
}

func (s *scan) movers(t *top) []Mover {
	out := []Mover{}
	for _, pick := range t.picks {
		out = append(out, Mover{
			Domain: page.Clean(pick.domain), AccountID: page.Clean(pick.id), Name: page.Clean(pick.name), Customer: pick.customer,
			From: page.Clean(pick.previous), To: s.gradeName(pick.grade),
			PointsBefore: float64(pick.before) / model.Micro, Points: float64(pick.micro) / model.Micro,
			Cause: page.Clean(pick.cause), CauseFeature: page.Clean(pick.feature),
		})
	}
	return out
}

// addUnscored lists the reasons in their usual order, and returns how many rows
// have no grade because too little is known of them.
func (r *Report) addUnscored(s *scan, p *page.Printer) (low int64) {
	r.Unscored = []Unscored{}
	order := func(reason string) int {
		if at := slices.Index(datasets.Reasons, datasets.Reason(reason)); at >= 0 {
			return at
		}
		return len(datasets.Reasons)
	}
	for i, n := range s.unscored {
		if n == 0 {
			continue
		}
		name := s.reasons.names[i]
		switch datasets.Reason(name) {
		case datasets.LowFirmographic, datasets.LowTechnographic:
			low += n
		}
		u := Unscored{Reason: page.Clean(name), Accounts: n, Share: ratio(n, s.rows), Meaning: p.Or("unscored."+name, name), Fix: p.Or("fix."+name, "")}
		if low, fill := predict.Coverage(s.model); string(low) == name && fill.Feature != "" {
			u.Fix = p.Fill(fill.Feature, fill.Grade, fill.Share)
		}
		r.Unscored = append(r.Unscored, u)
	}
	slices.SortFunc(r.Unscored, func(a, b Unscored) int {
		return cmp.Or(cmp.Compare(order(a.Reason), order(b.Reason)), cmp.Compare(a.Reason, b.Reason))
	})
	return low
}

func (r *Report) addCoverage(a *features.Audit) {
	r.Coverage = Coverage{Pillars: []PillarCoverage{}, Features: []FeatureCoverage{}}
	r.Funnel = []Step{}
	if a == nil {
		return
	}
	for _, c := range a.Pillars {
		if c.Features > 0 {
			r.Coverage.Pillars = append(r.Coverage.Pillars, PillarCoverage{string(c.Pillar), c.Features, c.Customers, c.Pool})
		}
	}
	for _, c := range a.Features {
		r.Coverage.Features = append(r.Coverage.Features, FeatureCoverage{page.Clean(c.Name), string(c.Pillar), c.Customers, c.Pool, c.Unreadable})
	}
	for _, s := range a.Funnel() {
		r.Funnel = append(r.Funnel, Step{page.Clean(s.Name), s.Count, s.Lost, page.CleanAll(s.Samples)})
	}
}

// addLooks adds what the model looks for, strongest feature first.
func (r *Report) addLooks(m *model.Model, p *page.Printer) {
	points := page.Importances(m)
	share := page.Normalise(points)
	for _, k := range page.ByStrength(m, points) {
		t := &m.Terms[k]
		r.Importance = append(r.Importance, Importance{page.Clean(t.Feature), string(t.Pillar), points[k], share[k]})
		r.Shapes = append(r.Shapes, page.NewShape(t, m.Grid != nil, page.NewLabeller(p, &t.Binning, m.Specs[k].Parser)))
	}
}
