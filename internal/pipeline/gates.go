package pipeline

import (
	"math"
	"slices"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// certain is how many standard errors a share must have moved by before a gate
// holds, whatever its limit. Drawn anew each night, one share in 30,000 moves by
// more, so with twenty features chance holds a night back once in four years;
// bases keep most of their accounts, so in truth less often. A base of 300
// accounts shows the loss of half of what was known of 60 % of them.
const certain = 4

// A gated night is what gates are judged on.
type gated struct {
	limits project.GatesConfig
	model  *model.Model
	asOf   time.Time

	now, before *predict.Summary // before is nil on a first night
	otherModel  bool             // before was graded by another model
	changed     time.Time        // day on which the file of accounts was last changed; zero: not known
}

// judge returns the gates that hold, in the order of report.GateCodes.
func (g *gated) judge() []report.Gate {
	var out []report.Gate
	if g.before != nil {
		out = slices.Concat(g.shrunk(), g.fallen(), g.strange(), g.staleInput())
	}
	return append(out, g.staleModel()...)
}

// shrunk compares the numbers of accounts. That of a night which did not count
// them is not known.
func (g *gated) shrunk() []report.Gate {
	was, is := float64(g.before.Accounts), float64(g.now.Accounts)
	least := was * (1 - g.limits.BaseShrunk)
	if is >= least-rounding*was {
		return nil
	}
	return []report.Gate{{Code: report.BaseShrunk, Was: &was, Is: &is, Limit: ptr(math.Ceil(least - rounding*was))}}
}

// rounding is what a share times a count may be off by: a base of 100 may lose
// exactly 20 where the limit is 0.2.
const rounding = 1e-9

// fallen compares of how many accounts each feature is known.
func (g *gated) fallen() (out []report.Gate) {
	for _, now := range g.now.Features {
		before := counted(g.before, now.Feature)
		if before == nil || g.before.Accounts == 0 || g.now.Accounts == 0 {
			continue
		}
		was, is := share(before.Known, g.before.Accounts), share(now.Known, g.now.Accounts)
		least := was * (1 - g.limits.Coverage)
		if is < least-rounding && beyondChance(before.Known, g.before.Accounts, now.Known, g.now.Accounts) {
			out = append(out, report.Gate{Code: report.CoverageFallen, Feature: now.Feature, Was: &was, Is: &is, Limit: &least})
		}
	}
	return out
}

// strange compares how many known values are none of the model's. Where another
// model graded the night before, it is the pool that this one learned from.
func (g *gated) strange() (out []report.Gate) {
	for _, now := range g.now.Features {
		before := counted(g.before, now.Feature)
		if g.otherModel {
			before = learned(g.model, now.Feature)
		}
		if before == nil || before.Known == 0 || now.Known == 0 {
			continue
		}
		was, is := share(before.New, before.Known), share(now.New, now.Known)
		most := min(1, was+g.limits.NewValues)
		if is > most+rounding && beyondChance(before.New, before.Known, now.New, now.Known) {
			out = append(out, report.Gate{Code: report.NewValues, Feature: now.Feature, Was: &was, Is: &is, Limit: &most})
		}
	}
	return out
}

// counted returns what a night counted of a feature, nil if it did not.
func counted(s *predict.Summary, feature string) *predict.FeatureCount {
	at := slices.IndexFunc(s.Features, func(c predict.FeatureCount) bool { return c.Feature == feature })
	if at < 0 {
		return nil
	}
	return &s.Features[at]
}

// learned returns the counts of a category in the pool that a model learned
// from, nil where they are not known. Of a set the pool is not counted by row.
func learned(m *model.Model, feature string) *predict.FeatureCount {
	at := slices.IndexFunc(m.Terms, func(t model.Term) bool { return t.Feature == feature })
	if at < 0 || m.Terms[at].Kind != features.Category {
		return nil
	}
	out := &predict.FeatureCount{Feature: feature}
	t := &m.Terms[at]
	for _, n := range t.Pool[1:] {
		out.Known += int64(n)
	}
	out.New = int64(t.Pool[1+len(t.Values)])
	return out
}

// beyondChance reports whether the share k of n differs from the share k0 of n0
// by more than chance allows: the test of two proportions, pooled.
func beyondChance(k0, n0, k, n int64) bool {
	pooled := float64(k0+k) / float64(n0+n)
	se := math.Sqrt(pooled * (1 - pooled) * (1/float64(n0) + 1/float64(n)))
	return math.Abs(share(k, n)-share(k0, n0)) > certain*se
}

func share(k, n int64) float64 { return float64(k) / float64(n) }

func ptr(v float64) *float64 { return &v }

// staleInput compares the day of the night with that on which the file of
// accounts was changed. A night of the past is younger than its file.
func (g *gated) staleInput() []report.Gate {
	if g.changed.IsZero() {
		return nil
	}
	days := math.Floor(g.asOf.Sub(g.changed).Hours() / 24)
	if days <= float64(g.limits.InputAge) {
		return nil
	}
	return []report.Gate{{Code: report.StaleInput, Is: &days, Limit: ptr(float64(g.limits.InputAge))}}
}

// staleModel compares the day of the night with that of what the model learned;
// it holds from the day after so many months, as the report's status does.
func (g *gated) staleModel() []report.Gate {
	learned, err := time.Parse(time.DateOnly, g.model.AsOf)
	if err != nil || !g.asOf.After(learned.AddDate(0, g.limits.ModelAge, 0)) {
		return nil
	}
	days := func(to time.Time) *float64 { return ptr(to.Sub(learned).Hours() / 24) }
	return []report.Gate{{Code: report.StaleModel, Is: days(g.asOf), Limit: days(learned.AddDate(0, g.limits.ModelAge, 0))}}
}
