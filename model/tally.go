package model

import "slices"

// A Tally counts a pool that a model has scored: that of the training, which
// model.json keeps as the model's experience, or that of a night. Both are made
// by package drift, which compares them. All of it is integers, so a base that is
// counted in parts comes to the same.
//
// Accounts of which the model knows nothing are in Accounts, Margin and Features;
// they have no grade, so the rest is without them.
type Tally struct {
	Accounts int64          `json:"accounts"`
	Scored   int64          `json:"scored"`
	Outside  int64          `json:"outside"`  // scored accounts with a value that is new to the model
	Margin   int64          `json:"margin"`   // summed over all accounts; one of which nothing is known has what its empty cells give
	Squares  int64          `json:"squares"`  // of the margins in hundredths of a point, summed
	Cells    []int64        `json:"cells"`    // by margin: the first up to the least of the model's distinct pool quantiles, the last above the greatest
	Grades   []int64        `json:"grades"`   // by cut, without hysteresis and without decisions by hand
	Features []FeatureTally `json:"features"` // in the order of the terms
}

// A FeatureTally counts one feature. In a model's experience Slots is left out:
// it is the term's Pool.
type FeatureTally struct {
	Feature     string  `json:"feature"`
	Slots       []int64 `json:"slots,omitempty"` // accounts by slot
	Outside     int64   `json:"outside"`         // accounts with a value that is new to the model
	MicroPoints int64   `json:"micro_points"`    // contributions, summed
	Squares     int64   `json:"squares"`         // of the contributions in hundredths of a point, summed

	// The least and the greatest value trained on, customers included: a number in
	// its unit, a date as its age in days. nil for other kinds and where none is known.
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
}

// Marks returns the distinct quantiles of the pool's margins, which bound the
// cells of a tally.
func (m *Model) Marks() []int64 { return slices.Compact(slices.Clone(m.Quantiles)) }

// CheckTally checks that t counts a pool as m does.
func (m *Model) CheckTally(t *Tally) error {
	var f faults
	m.validateTally(&f, t)
	for k := range t.Features[:min(len(t.Features), len(m.Terms))] {
		c := &t.Features[k]
		f.check(len(c.Slots) == m.Terms[k].Slots(), "tally: feature %q: %d slots; want %d", c.Feature, len(c.Slots), m.Terms[k].Slots())
		f.check(len(c.Slots) == 0 || slices.Min(c.Slots) >= 0, "tally: feature %q: counts below 0", c.Feature)
	}
	return f.err()
}

// validateTally checks what a tally and an experience have in common.
func (m *Model) validateTally(f *faults, t *Tally) {
	at := func(what string, v []int64, want int) {
		f.check(len(v) == want, "tally: %d %s; want %d", len(v), what, want)
		f.check(len(v) == 0 || slices.Min(v) >= 0, "tally: %s below 0", what)
	}
	f.check(t.Squares >= 0, "tally: squares below 0")
	f.check(t.Accounts >= 0 && t.Scored >= 0 && t.Scored <= t.Accounts && t.Outside >= 0 && t.Outside <= t.Scored,
		"tally: %d accounts, %d scored, %d outside; want each within the one before", t.Accounts, t.Scored, t.Outside)
	at("cells", t.Cells, len(m.Marks())+1)
	at("grades", t.Grades, len(m.Grades.Cuts))
	f.check(len(t.Features) == len(m.Terms), "tally: %d features; want %d", len(t.Features), len(m.Terms))
	for k := range t.Features[:min(len(t.Features), len(m.Terms))] {
		c := &t.Features[k]
		f.check(c.Feature == m.Terms[k].Feature, "tally: feature %d is %q; want %q", k, c.Feature, m.Terms[k].Feature)
		f.check(c.Outside >= 0 && c.Outside <= t.Accounts && c.Squares >= 0, "tally: feature %q: counts out of range", c.Feature)
		f.check((c.Low == nil) == (c.High == nil) && (c.Low == nil || finite(*c.Low) && finite(*c.High) && *c.Low <= *c.High), "tally: feature %q: no range of values", c.Feature)
	}
}
