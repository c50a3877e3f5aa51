package drift

import (
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// A Drift is what differs between the pool of a night and what it is compared
// with.
type Drift struct {
	Features []Feature // in the order of the model's terms
	Score    *Score    // nil: the model has kept no experience, or nothing was scored then or now
	Grades   []Grade   // best first
	Novelty  Novelty
	Tables   int // comparisons that could raise an alarm
}

// A Feature is how one feature drifted. Shares are of the pool; a table is nil
// where there is nothing to compare.
type Feature struct {
	Feature string

	Values *Table // known values by bin; of a set, having Item and not
	Item   int    // slot of the item of a set that moved most; 0: none
	Known  *Table // known and unknown
	New    *Table // of the known: new to the model and not

	NightValues, NightKnown *Table // against the night before, by the same model

	Points *Estimate // by which the average account moved; nil: not known

	// Shares of the pool: of which the feature is known; of those the share that is
	// new to the model; then, before and now. NaN: not known.
	KnownShare, NewShare [3]float64

	// The slot whose share of the pool changed most, and its share then and now; of a
	// set an item's, unless it is how many are known that changed. −1: none.
	Slot                int
	SlotThen, SlotShare float64
}

// Alarms returns what is above its limit since the training.
func (f *Feature) Alarms() []string { return alarms(f.Values, f.Known, f.New) }

// NightAlarms returns what is above its limit since the night before.
func (f *Feature) NightAlarms() []string { return alarms(f.NightValues, f.NightKnown, nil) }

// What can drift of a feature.
const (
	Values   = "values"
	Coverage = "coverage"
	NewOnes  = "new_values"
)

func alarms(values, known, strange *Table) []string {
	var out []string
	for _, a := range []struct {
		name  string
		table *Table
	}{{Values, values}, {Coverage, known}, {NewOnes, strange}} {
		if a.table.Alarm() {
			out = append(out, a.name)
		}
	}
	return out
}

// An Estimate is a figure with its 95 % interval.
type Estimate struct{ Value, Low, High float64 }

// Places of the shares that are compared.
const (
	Then = iota
	Before
	Now
)

// Compare sets the tally of a night against what m was trained on and against the
// tally of the night before by the same model, nil for none.
func Compare(m *model.Model, before, now *model.Tally) *Drift {
	then := trained(m)
	d := &Drift{Features: make([]Feature, len(m.Terms))}
	var all limits
	for k := range m.Terms {
		d.Features[k] = all.feature(m, k, then, before, now)
	}
	if m.Experience != nil {
		d.Score = all.score(m, then, before, now)
	}
	d.Grades = grades(m, sides(then, before, now))
	d.Novelty = all.novelty(sides(then, before, now))
	d.Tables = all.set()
	return d
}

// limits collects the tables of a night, whose limits depend on their number.
type limits struct {
	tables []*Table
	shares []int // of a table: how many it is the greatest of
}

// add notes a table that is the greatest of so many.
func (l *limits) add(t *Table, of int) *Table {
	if t != nil && t.Cells > 1 {
		l.tables, l.shares = append(l.tables, t), append(l.shares, of)
		return t
	}
	return nil
}

// set sets the limits of all tables, and returns how many there are.
func (l *limits) set() int {
	for i, t := range l.tables {
		t.limit(len(l.tables) * l.shares[i])
	}
	return len(l.tables)
}

func (l *limits) feature(m *model.Model, k int, then, before, now *model.Tally) Feature {
	term := &m.Terms[k]
	f := Feature{Feature: term.Feature, Slot: -1}
	a, c := counts(term, then.Features[k].Slots), counts(term, now.Features[k].Slots)
	f.Values, f.Item = l.values(a, c)
	f.Known = l.add(newTable(a.coverage(), c.coverage()), 1)
	of := [3]*slots{Then: a, Now: c}
	if before != nil {
		b := counts(term, before.Features[k].Slots)
		of[Before] = b
		f.NightValues, _ = l.values(b, c)
		f.NightKnown = l.add(newTable(b.coverage(), c.coverage()), 1)
	}
	strange := [3]float64{Then: outside(m, then, k), Before: math.NaN(), Now: float64(now.Features[k].Outside)}
	if before != nil {
		strange[Before] = float64(before.Features[k].Outside)
	}
	for i, s := range of {
		f.KnownShare[i], f.NewShare[i] = math.NaN(), math.NaN()
		if s != nil && s.total > 0 {
			f.KnownShare[i] = s.known / s.total
		}
		if s != nil && s.known > 0 {
			f.NewShare[i] = strange[i] / s.known
		}
	}
	if !math.IsNaN(strange[Then]) && term.Kind != features.Flag {
		f.New = l.add(newTable([]float64{strange[Then], a.known - strange[Then]}, []float64{strange[Now], c.known - strange[Now]}), 1)
	}
	f.Points = shift(m, k, then, now)
	if a.total > 0 && c.total > 0 {
		f.Slot, f.SlotThen, f.SlotShare = largest(a, c)
	}
	return f
}
