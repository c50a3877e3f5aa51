package lightgbm

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// mostNodes is how many nodes the trees of a model may have together: as many
// as model.json holds.
const mostNodes = model.MostNodes

// An Imported model has the decisions of a LightGBM model, over binned features.
type Imported struct {
	Specs    []features.Spec // of the features that it asks for
	Binnings []bin.Binning   // one a spec; labels are the folded values
	Trees    []model.Tree    // values are log odds, by LightGBM's intercept
}

// Import makes trees over binned features of a LightGBM model. specs are those
// of the feature table; a column that trees split on and that is none of theirs
// is an error that names it.
func Import(b *Booster, specs []features.Spec) (*Imported, error) {
	if b.Objective != "binary" && b.Objective != "cross_entropy" {
		return nil, fmt.Errorf("objective is %q; want binary or cross_entropy: the raw score must be log odds", clip(b.Objective))
	}
	m := &importer{Booster: b, at: map[string]int{}, values: map[string]map[string]int{}}
	if err := m.resolve(specs); err != nil {
		return nil, err
	}
	if err := m.bin(); err != nil {
		return nil, err
	}
	if len(m.out.Specs) == 0 {
		return nil, errors.New("no tree splits on anything: every account would get the same score")
	}
	for i := range b.Trees {
		t, err := m.tree(&b.Trees[i])
		if err != nil {
			return nil, fmt.Errorf("tree %d: %w", i, err)
		}
		m.out.Trees = append(m.out.Trees, *t)
	}
	return &m.out, nil
}

type importer struct {
	*Booster
	out     Imported
	columns []source
	at      map[string]int            // feature to its place in out
	values  map[string]map[string]int // feature and folded value to slot
	nodes   int
}

// A source is what a column of the matrix is made of: a feature, and for an
// indicator one of its values.
type source struct {
	feature   int // place in out.Specs; -1: no tree splits on the column
	value     string
	indicator bool
}

// resolve finds the feature behind every column that a tree splits on.
func (m *importer) resolve(specs []features.Spec) error {
	used := m.used()
	var errs []error
	m.columns = make([]source, len(m.Features))
	for c, name := range m.Features {
		m.columns[c].feature = -1
		if used[c] == 0 {
			continue
		}
		spec, s, err := find(name, specs)
		if err != nil {
			if errs = append(errs, err); len(errs) == 10 {
				break // enough to see what is wrong
			}
			continue
		}
		at, ok := m.at[spec.Name]
		if !ok {
			at = len(m.out.Specs)
			m.at[spec.Name] = at
			m.out.Specs = append(m.out.Specs, *spec)
			m.out.Binnings = append(m.out.Binnings, bin.Binning{Feature: spec.Name, Pillar: spec.Pillar, Kind: spec.Kind})
			m.values[spec.Name] = map[string]int{}
		}
		s.feature = at
		m.columns[c] = s
	}
	return errors.Join(errs...)
}

// find returns the feature that a column is of.
func find(name string, specs []features.Spec) (*features.Spec, source, error) {
	fault := func(format string, args ...any) (*features.Spec, source, error) {
		return nil, source{}, fmt.Errorf("column %q: %s", clip(name), fmt.Sprintf(format, args...))
	}
	for i := range specs {
		s := &specs[i]
		value, indicator := strings.CutPrefix(name, Quote(s.Name)+"=")
		if !indicator {
			value, indicator = strings.CutPrefix(name, s.Name+"=")
		}
		texts := s.Kind != features.Number && s.Kind != features.Date && s.Kind != features.Flag
		switch {
		case !indicator && name != s.Name && name != Quote(s.Name):
			continue
		case s.Pillar == features.Intent:
			return fault("a signal of intent is scored beside the fit, not in it; train without it")
		case texts && !indicator:
			return fault("a %s has one column of 0 and 1 a value, named %s; codes of pandas or LightGBM are not known here", s.Kind, Indicator(s.Name, "VALUE"))
		case indicator && !texts:
			return fault("a %s is a column of its own, named %s", s.Kind, Quote(s.Name))
		}
		return s, source{value: bin.Fold(unquote(value)), indicator: indicator}, nil
	}
	return fault("no feature of icpfit.yaml is called so; want NAME of a number, date or flag, or NAME=VALUE of a category or set")
}

// bin makes the bins that the trees tell apart.
func (m *importer) bin() error {
	for i := range m.Trees {
		for k := range m.Trees[i].Splits {
			s := &m.Trees[i].Splits[k]
			c := &m.columns[s.Feature]
			b := &m.out.Binnings[c.feature]
			name := m.Features[s.Feature]
			switch {
			case s.Categories != nil:
				return fmt.Errorf("tree %d splits column %q by LightGBM's category codes, which mean nothing here; train on columns of 0 and 1, without categorical_feature", i, clip(name))
			case s.Missing == MissingZero:
				return fmt.Errorf("tree %d takes 0 of column %q for missing; train with zero_as_missing=false", i, clip(name))
			case s.Missing > MissingNaN:
				return fmt.Errorf("tree %d treats what is missing of column %q in a way that LightGBM 4 does not know", i, clip(name))
			case math.IsInf(s.Threshold, -1):
				return fmt.Errorf("tree %d splits column %q at -inf; want a number", i, clip(name))
			case c.indicator:
				m.addValue(b, c.value)
			case b.Kind != features.Flag && !math.IsInf(s.Threshold, 1):
				b.Edges = append(b.Edges, s.Threshold)
			}
		}
	}
	var errs []error
	for k := range m.out.Binnings {
		b := &m.out.Binnings[k]
		slices.Sort(b.Edges)
		b.Edges = slices.Compact(b.Edges)
		switch {
		case len(b.Edges)+2 > bin.MaxCodes:
			errs = append(errs, fmt.Errorf("feature %q: the trees split it at %d values; want at most %d: train with max_bin=%d", b.Feature, len(b.Edges), bin.MaxCodes-2, bin.MaxCodes-1))
		case len(b.Values)+2 > bin.MaxCodes:
			errs = append(errs, fmt.Errorf("feature %q: the trees ask for %d values; want at most %d: train on the most frequent ones", b.Feature, len(b.Values), bin.MaxCodes-2))
		case len(b.Items) > bin.MaxItems:
			errs = append(errs, fmt.Errorf("feature %q: the trees ask for %d items; want at most %d", b.Feature, len(b.Items), bin.MaxItems))
		default:
			if err := b.Validate(); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// addValue gives a category or set the value, once.
func (m *importer) addValue(b *bin.Binning, value string) {
	slots := m.values[b.Feature]
	if _, ok := slots[value]; ok {
		return
	}
	b.Labels = append(b.Labels, value)
	if b.IsSet() {
		b.Items = append(b.Items, value)
		slots[value] = 1 + len(b.Items)
		return
	}
	b.Values = append(b.Values, value)
	slots[value] = len(b.Values)
}
