package report

import (
	"math"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/drift"
)

// Drift says how the pool's values of one feature differ from those trained on,
// and from those of the night before. A figure is nil where there is nothing to
// compare; see package drift for what they mean.
type Drift struct {
	Feature string `json:"feature"`

	// Of the known values by bin; of a set, having Item and not.
	PSI     *float64 `json:"psi"`
	Limit   *float64 `json:"limit"`  // max(0.10, Chance)
	Chance  *float64 `json:"chance"` // PSI that chance alone passes, by the size of both pools and the number of comparisons
	JS      *float64 `json:"js"`     // Jensen–Shannon distance
	JSLimit *float64 `json:"js_limit"`
	Cells   int      `json:"cells"` // bins compared, after rare ones were joined
	Item    string   `json:"item,omitempty"`

	Alarm  bool     `json:"alarm"`  // anything of Alarms
	Alarms []string `json:"alarms"` // what is above its limit: values, coverage, new_values

	Points     *float64 `json:"points"` // by which the average account moved
	PointsLow  *float64 `json:"points_low"`
	PointsHigh *float64 `json:"points_high"`

	KnownThen *float64   `json:"known_then"` // share of the pool
	Known     *float64   `json:"known"`
	Coverage  Comparison `json:"coverage"`   // the same with its limit
	NewValues Comparison `json:"new_values"` // share of the known that is new to the model

	Overnight Overnight `json:"overnight"`

	Change     string  `json:"change,omitempty"` // value whose share changed most
	ShareThen  float64 `json:"share_then"`       // of that value
	Share      float64 `json:"share"`
	Importance float64 `json:"importance"` // share

	slots []driftSlot // in the order of the term's
}

// A Comparison is a share of the pool trained on, of that of the night before and
// of that of now, and the PSI of the first and the last.
type Comparison struct {
	Then   *float64 `json:"then"`
	Before *float64 `json:"before"`
	Now    *float64 `json:"now"`
	PSI    *float64 `json:"psi"`
	Limit  *float64 `json:"limit"`
	Alarm  bool     `json:"alarm"`
}

// Overnight compares with the night before, where the same model graded it.
type Overnight struct {
	PSI           *float64 `json:"psi"`
	Limit         *float64 `json:"limit"`
	CoveragePSI   *float64 `json:"coverage_psi"`
	CoverageLimit *float64 `json:"coverage_limit"`
	Alarms        []string `json:"alarms"` // values, coverage
}

// A ScoreDrift says how the points of the pool differ from those trained on. Means
// and Points are of the average account of the pool, the rest of the scored ones.
type ScoreDrift struct {
	PSI            *float64 `json:"psi"` // of twentieths of the pool trained on
	Limit          *float64 `json:"limit"`
	JS             *float64 `json:"js"`
	JSLimit        *float64 `json:"js_limit"`
	Alarm          bool     `json:"alarm"`
	KS             float64  `json:"ks"`        // Kolmogorov–Smirnov distance
	KSChance       float64  `json:"ks_chance"` // what chance passes in one night of a hundred
	Points         float64  `json:"points"`    // by which the average account moved: the sum of the features'
	PointsLow      float64  `json:"points_low"`
	PointsHigh     float64  `json:"points_high"`
	MeanThen       *float64 `json:"mean_then"`
	MeanBefore     *float64 `json:"mean_before"`
	Mean           *float64 `json:"mean"`
	OvernightPSI   *float64 `json:"overnight_psi"`
	OvernightLimit *float64 `json:"overnight_limit"`
}

// A GradeDrift is the share of the scored pool that the model grades so, without
// hysteresis and decisions by hand.
type GradeDrift struct {
	Grade  string   `json:"grade"`
	Then   *float64 `json:"then"`
	Before *float64 `json:"before"`
	Now    *float64 `json:"now"`
}

// driftSlot is a line of drift.csv.
type driftSlot struct {
	label             string
	then, before, now int64 // before is −1 where there is none
	points            float64
}

func ptr[T any](v T) *T { return &v }

// known returns v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// addDrift compares the pool of the night; without its tally there is no drift.
func (r *Report) addDrift(in *Input, p *page.Printer) {
	r.Drift, r.GradeDrift, r.Novelty = []Drift{}, []GradeDrift{}, Comparison{}
	if in.Pool == nil {
		return
	}
	m := in.Model
	d := drift.Compare(m, in.PreviousPool, in.Pool)
	points := page.Importances(m)
	share := page.Normalise(points)
	for _, k := range page.ByStrength(m, points) {
		f := featureDrift(&d.Features[k], share[k])
		f.describe(m, k, in, page.NewLabeller(p, &m.Terms[k].Binning, m.Specs[k].Parser), &d.Features[k])
		r.Drift = append(r.Drift, f)
	}
	if d.Score != nil {
		r.ScoreDrift = scoreDrift(d.Score)
	}
	for _, g := range d.Grades {
		r.GradeDrift = append(r.GradeDrift, GradeDrift{g.Grade, known(g.Share[drift.Then]), known(g.Share[drift.Before]), known(g.Share[drift.Now])})
	}
	r.Novelty = comparison(d.Novelty.Share, d.Novelty.Table)
}

func comparison(share [3]float64, t *drift.Table) Comparison {
	c := Comparison{Then: known(share[drift.Then]), Before: known(share[drift.Before]), Now: known(share[drift.Now]), Alarm: t.Alarm()}
	c.PSI, c.Limit = psi(t)
	return c
}

// psi returns the PSI of a table and its limit, nil where there is none.
func psi(t *drift.Table) (value, limit *float64) {
	if t == nil {
		return nil, nil
	}
	return &t.PSI, &t.Limit
}

func featureDrift(f *drift.Feature, importance float64) Drift {
	d := Drift{
		Feature: page.Clean(f.Feature), Importance: importance, Alarms: append([]string{}, f.Alarms()...),
		Coverage: comparison(f.KnownShare, f.Known), NewValues: comparison(f.NewShare, f.New),
		Overnight: Overnight{Alarms: append([]string{}, f.NightAlarms()...)},
	}
	d.Alarm = len(d.Alarms) > 0
	d.KnownThen, d.Known = d.Coverage.Then, d.Coverage.Now
	if t := f.Values; t != nil {
		d.PSI, d.Limit, d.Chance, d.JS, d.JSLimit, d.Cells = &t.PSI, &t.Limit, &t.Chance, &t.JS, &t.JSLimit, t.Cells
	}
	if e := f.Points; e != nil {
		d.Points, d.PointsLow, d.PointsHigh = &e.Value, known(e.Low), known(e.High)
	}
	d.Overnight.PSI, d.Overnight.Limit = psi(f.NightValues)
	d.Overnight.CoveragePSI, d.Overnight.CoverageLimit = psi(f.NightKnown)
	return d
}

// describe names the values of the feature.
func (d *Drift) describe(m *model.Model, k int, in *Input, l page.Labeller, f *drift.Feature) {
	if f.Slot >= 0 {
		d.Change, d.ShareThen, d.Share = l.Slots(f.Slot, f.Slot), f.SlotThen, f.SlotShare
	}
	if f.Item > 0 {
		d.Item = l.Slots(f.Item, f.Item)
	}
	t := &m.Terms[k]
	for slot, p := range t.Shape() {
		s := driftSlot{before: -1, label: l.Slots(slot, slot), then: int64(t.Pool[slot]), now: in.Pool.Features[k].Slots[slot], points: float64(p) / model.Micro}
		if in.PreviousPool != nil {
			s.before = in.PreviousPool.Features[k].Slots[slot]
		}
		d.slots = append(d.slots, s)
	}
}

func scoreDrift(s *drift.Score) *ScoreDrift {
	out := &ScoreDrift{
		KS: s.KS, KSChance: s.KSChance, Points: s.Shift.Value, PointsLow: s.Shift.Low, PointsHigh: s.Shift.High, Alarm: s.Bands.Alarm(),
		MeanThen: known(s.Mean[drift.Then]), MeanBefore: known(s.Mean[drift.Before]), Mean: known(s.Mean[drift.Now]),
	}
	out.PSI, out.Limit = psi(s.Bands)
	out.OvernightPSI, out.OvernightLimit = psi(s.Night)
	if s.Bands != nil {
		out.JS, out.JSLimit = &s.Bands.JS, &s.Bands.JSLimit
	}
	return out
}
