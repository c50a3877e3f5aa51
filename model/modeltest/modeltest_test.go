package modeltest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// bins is a learner that scores each bin by its log density ratio, with half an
// account added: simple, and right enough to pass most checks. broken plants a
// fault in what it returns.
type bins struct {
	broken func(d *model.Data, f *model.Fit) error
}

func (bins) Name() string { return "bins" }

func (l bins) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := errors.Join(ctx.Err(), d.Validate()); err != nil {
		return nil, err
	}
	f := &model.Fit{}
	customers, pool := d.Totals()
	for k := range d.Table.Columns {
		f.Scores = append(f.Scores, score(&d, k, customers, pool))
	}
	f.Neutralise(&d)
	f.Recentre(&d)
	if l.broken != nil {
		if err := l.broken(&d, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func score(d *model.Data, k int, customers, pool float64) []float64 {
	n := d.Table.Binnings[k].Slots()
	counts := [2][]float64{make([]float64, n), make([]float64, n)}
	c := &d.Table.Columns[k]
	for i, code := range c.Codes {
		class := 0
		if d.Customer[i] {
			class = 1
		}
		counts[class][code] += d.Weights[i]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				counts[class][2+item] += d.Weights[i]
			}
		}
	}
	s := make([]float64, n)
	for slot := range s {
		s[slot] = math.Log((counts[1][slot] + 0.5) / (counts[0][slot] + 0.5) * pool / customers)
		if sign := float64(d.Monotone[k]); sign != 0 && slot > 1 && sign*(s[slot]-s[slot-1]) < 0 {
			s[slot] = s[slot-1]
		}
	}
	return s
}

// TestChecks checks that each check finds the fault that it is for.
func TestChecks(t *testing.T) {
	calls := 0.0
	faults := map[string]struct {
		learner model.Learner
		healthy bool // bins itself passes
	}{
		"same input, same fit":       {bins{func(_ *model.Data, f *model.Fit) error { calls++; f.Intercept += 1e-13 * calls; return nil }}, true},
		"leaves its arguments alone": {bins{func(d *model.Data, _ *model.Fit) error { d.Weights[0] = 3; return nil }}, true},
		"weight 2 is the row twice":  {bins{func(d *model.Data, f *model.Fit) error { f.Scores[0][1] += float64(len(d.Keys)) * 1e-7; return nil }}, true},
		"order of rows": {bins{func(d *model.Data, f *model.Fit) error {
			f.Scores[0][1] += float64(d.Table.Columns[0].Codes[0]) * 1e-6
			return nil
		}}, true},
		"number of processors": {bins{func(_ *model.Data, f *model.Fit) error {
			f.Intercept += float64(runtime.GOMAXPROCS(0)) * 1e-15
			return nil
		}}, true},
		"neutral missing bin":         {bins{func(_ *model.Data, f *model.Fit) error { f.Scores[size][0] += 1e-9; return nil }}, true},
		"learned missing bin":         {bins{deaf}, true},
		"known to customers only":     {bins{func(_ *model.Data, f *model.Fit) error { f.Scores[sector][2] = 0.1; return nil }}, true},
		"constant and empty features": {bins{func(_ *model.Data, f *model.Fit) error { f.Scores[planted4][0] = math.Inf(-1); return nil }}, true},
		"infinite numbers": {bins{func(d *model.Data, f *model.Fit) error {
			for k := range d.Table.Binnings {
				if d.Table.Binnings[k].Kind == features.Number {
					f.Scores[k][len(f.Scores[k])-1] = math.Inf(1) // of the greatest
				}
			}
			return nil
		}}, true},
		"monotone sign":               {bins{func(_ *model.Data, f *model.Fit) error { slices.Reverse(f.Scores[size][1:]); return nil }}, true},
		"intercept":                   {bins{func(_ *model.Data, f *model.Fit) error { f.Intercept += 1e-6; return nil }}, true},
		"a pool that stands for more": {bins{shuffled}, true},
		"few customers":               {bins{func(_ *model.Data, f *model.Fit) error { f.Intercept = math.NaN(); return nil }}, true},
		"one class":                   {blind{}, true},
		"bad weights":                 {blind{}, true},
		"wrong lengths":               {blind{}, true},
		"cancelled":                   {blind{}, true},
		"planted truth":               {bins{shuffled}, true},
		"generated base":              {bins{shuffled}, false},
		"no signal": {bins{func(_ *model.Data, f *model.Fit) error {
			for k := range f.Scores {
				for slot := range f.Scores[k] {
					f.Scores[k][slot] *= 3
				}
			}
			return nil
		}}, true},
	}
	for _, c := range checks(Smooth) {
		t.Run(c.name, func(t *testing.T) {
			f, ok := faults[c.name]
			if !ok {
				t.Fatal("no learner with this fault")
			}
			if err := c.run(t.Context(), f.learner); err == nil {
				t.Error("a learner with the fault passes")
			}
			if err := c.run(t.Context(), bins{}); f.healthy && err != nil {
				t.Errorf("a learner without it fails: %v", err)
			}
		})
	}
}

// shuffled scores bins at random.
func shuffled(_ *model.Data, f *model.Fit) error {
	for k, s := range f.Scores {
		rand.New(rand.NewPCG(uint64(k), 3)).Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	}
	return nil
}

// deaf makes nothing of empty cells, whatever the policy.
func deaf(d *model.Data, f *model.Fit) error {
	other := *d
	other.Learn = make([]bool, len(d.Learn))
	f.Neutralise(&other)
	return nil
}

// blind refuses nothing and learns nothing.
type blind struct{}

func (blind) Name() string { return "blind" }

func (blind) Fit(_ context.Context, d model.Data) (*model.Fit, error) {
	f := &model.Fit{}
	for i := range d.Table.Binnings {
		f.Scores = append(f.Scores, make([]float64, d.Table.Binnings[i].Slots()))
	}
	return f, nil
}
