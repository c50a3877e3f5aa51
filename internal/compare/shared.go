package compare

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
)

// A Measured is a version with what it scored out of fold.
type Measured struct {
	Model    *model.Model
	Frame    *evaluate.Frame     // its keys are the hashes of the domains
	Margins  *evaluate.OutOfFold // nil: nothing was scored out of fold
	Imported bool
}

// Accounts returns the hashes of the accounts that were scored out of fold, never
// nil.
func (m *Measured) Accounts() map[uint64]bool {
	return m.hashes(func(int) bool { return true })
}

// Trained returns the hashes of the customers that the version has learned from,
// nil where that is not known. They are those that were scored out of fold, but
// for an imported model, and for a grid, which has learned from none.
func (m *Measured) Trained() map[uint64]bool {
	switch {
	case m.Imported:
		return nil
	case m.Model.Grid != nil:
		return map[uint64]bool{}
	}
	return m.hashes(func(i int) bool { return m.Frame.Customer[i] })
}

func (m *Measured) hashes(of func(i int) bool) map[uint64]bool {
	out := map[uint64]bool{}
	if m.Margins == nil {
		return out
	}
	for i, key := range m.Frame.Keys {
		if of(i) {
			out[key] = true
		}
	}
	return out
}

// learned reports whether the margins are of several folds, each scored by models
// fitted on the others. A grid written by people, and what an imported model does
// on its holdout, have one.
func (m *Measured) learned() bool {
	for _, fold := range m.Margins.Fold {
		for _, k := range fold {
			if k != fold[0] {
				return true
			}
		}
	}
	return false
}

// shared are the accounts that two versions were measured on, by the hash of
// their domain: the order of neither measurement changes what is drawn.
type shared struct {
	frame   *evaluate.Frame
	margins [2]*evaluate.OutOfFold // of as many repeats as both have
	changed int                    // accounts left out: customers of one measurement, pool of the other
}

// share finds the accounts that a and b have in common. group returns the group
// of an account that a bootstrap draws with it. Weights are b's: those of one
// class differ between measurements by a factor, which no metric depends on.
func share(a, b *Measured, group func(hash uint64) uint64, seed uint64) *shared {
	theirs := make(map[uint64]int, len(b.Frame.Keys))
	for i, key := range b.Frame.Keys {
		theirs[key] = i
	}
	type pair struct {
		key  uint64
		i, j int
	}
	var pairs []pair
	s := &shared{frame: &evaluate.Frame{Batch: &datasets.Batch{}, Seed: seed}}
	for i, key := range a.Frame.Keys {
		j, ok := theirs[key]
		switch {
		case !ok:
		case a.Frame.Customer[i] != b.Frame.Customer[j]:
			s.changed++
		default:
			pairs = append(pairs, pair{key, i, j})
		}
	}
	slices.SortFunc(pairs, func(x, y pair) int { return cmp.Compare(x.key, y.key) })
	repeats := min(len(a.Margins.Score), len(b.Margins.Score))
	for side, m := range []*Measured{a, b} {
		o := &evaluate.OutOfFold{}
		for repeat := range repeats {
			score, fold := make([]float64, len(pairs)), make([]uint8, len(pairs))
			for to, p := range pairs {
				from := [2]int{p.i, p.j}[side]
				score[to], fold[to] = m.Margins.Score[repeat][from], m.Margins.Fold[repeat][from]
			}
			o.Score, o.Fold = append(o.Score, score), append(o.Fold, fold)
		}
		s.margins[side] = o
	}
	for _, p := range pairs {
		s.frame.Customer = append(s.frame.Customer, b.Frame.Customer[p.j])
		s.frame.Weights = append(s.frame.Weights, b.Frame.Weights[p.j])
		s.frame.Keys = append(s.frame.Keys, group(p.key))
	}
	return s
}

// sameFolds reports whether both versions were scored on the same folds.
func (s *shared) sameFolds() bool {
	for repeat, fold := range s.margins[0].Fold {
		if !slices.Equal(fold, s.margins[1].Fold[repeat]) {
			return false
		}
	}
	return true
}
