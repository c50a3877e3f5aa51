package train

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/grid"
)

// GradeOptions say how grades are cut.
type GradeOptions struct {
	Scale      string    // A-F, A-D+F or A-D
	Method     string    // one of Methods
	On         string    // fit or priority
	Hysteresis float64   // points
	Cuts       []float64 // one between each grade and the next, in the method's unit; nil: the method's own

	// Tiers gives grades other tiers than A, B: 1, C, D: 2, E, F: 3.
	Tiers map[string]int
}

// Methods of cutting grades, in the order `grades preview` shows them.
var Methods = []string{"lift", "quantile", "score", "capture", "capacity"}

// defaults are the methods' own cuts between A and B, B and C and so on; a
// shorter scale uses the first ones. lift: least lift. score: least points (a
// written grid's cuts). quantile: share of the pool at or above. capture: share
// of the held-out customers at or above. Capacity has none: only the user knows
// how many accounts sales can work.
var defaults = map[string][]float64{
	"lift":     {8, 4, 2, 1, 0.5},
	"score":    grid.Cuts,
	"quantile": {0.02, 0.10, 0.30, 0.60, 0.80},
	"capture":  {0.30, 0.60, 0.80, 0.90, 0.97},
}

// Cut returns the grades of m by the options, from margins out of fold.
func Cut(f *evaluate.Frame, m *model.Model, margins []float64, o GradeOptions) (model.Grades, error) {
	n := len(model.Scales[o.Scale]) - 1
	if n < 1 {
		return model.Grades{}, fmt.Errorf("grades: scale is %q; want A-F, A-D+F or A-D", o.Scale)
	}
	if o.On != "fit" && o.On != "priority" {
		return model.Grades{}, fmt.Errorf("grades: on is %q; want fit or priority", o.On)
	}
	if o.On == "priority" && o.Method != "score" && o.Method != "quantile" {
		return model.Grades{}, fmt.Errorf("grades: method %q with on: priority; a priority has no lift: want score or quantile", o.Method)
	}
	if o.Method == "lift" && m.Grid != nil {
		if o.Cuts != nil {
			return model.Grades{}, errors.New("grades: method lift with cuts; a written grid claims no lift: want method score, with points")
		}
		o.Method = "score"
	}
	cuts, notes, err := leasts(f, m, margins, o, n)
	if err != nil {
		return model.Grades{}, err
	}
	g, err := model.NewGrades(o.Scale, cuts)
	if err != nil {
		return g, err
	}
	for i := range g.Cuts {
		if t, ok := o.Tiers[g.Cuts[i].Grade]; ok {
			g.Cuts[i].Tier = int32(t)
		}
	}
	g.Method, g.On, g.Hysteresis, g.Notes = o.Method, o.On, o.Hysteresis, notes
	return g, g.Validate()
}

// leasts returns the least margins of all grades but the last.
func leasts(f *evaluate.Frame, m *model.Model, margins []float64, o GradeOptions, n int) (cuts []int64, notes []string, err error) {
	method := o.Method
	if !slices.Contains(Methods, method) {
		return nil, nil, fmt.Errorf("grades: method is %q; want one of %v", method, Methods)
	}
	levels := o.Cuts
	if levels == nil && method == "capacity" {
		return nil, nil, fmt.Errorf("grades: method capacity needs grades.cuts: how many accounts sales can work as A, as A or B, and so on (%d numbers)", n)
	}
	if levels == nil {
		levels = defaults[method][:n]
	}
	if len(levels) != n {
		return nil, nil, fmt.Errorf("grades: %d cuts; scale %s wants %d", len(levels), o.Scale, n)
	}
	if method == "lift" && o.Cuts == nil {
		cuts, notes = liftLeasts(f, m, margins, levels, model.Scales[o.Scale])
		return cuts, notes, nil
	}
	for i, level := range levels {
		if !(level > 0) && method != "score" || math.IsInf(level, 0) || math.IsNaN(level) || math.Abs(level) > 1e9 {
			return nil, nil, fmt.Errorf("grades: cut %d by %s is %v; want a number above 0", i+1, method, level)
		}
		cut, err := least(f, m, margins, o.On, method, level)
		if err != nil {
			return nil, nil, err
		}
		if i > 0 && cut == cuts[i-1] || i == 0 && len(m.Quantiles) > 0 && o.On != "priority" && cut > m.Quantiles[len(m.Quantiles)-1] {
			notes = append(notes, fmt.Sprintf("%s is empty: the pool's accounts tie where it would start", model.Scales[o.Scale][i]))
		}
		cuts = append(cuts, cut)
	}
	if o.On == "fit" && slices.IsSortedFunc(cuts, func(a, b int64) int { return cmp.Compare(b, a) }) {
		var claims []float64
		if method == "lift" {
			claims = levels
		}
		notes = append(notes, doubts(f, margins, cuts, claims, model.Scales[o.Scale], m.Grid != nil)...)
	}
	return cuts, notes, nil
}

// least returns the least margin of one level of a method.
func least(f *evaluate.Frame, m *model.Model, margins []float64, on, method string, level float64) (int64, error) {
	switch method {
	case "lift":
		return m.Margin(50 + 10*math.Log2(level)), nil
	case "score":
		if on == "priority" {
			return int64(math.Round(level * model.Micro)), nil
		}
		return m.Margin(level), nil
	case "capture":
		return captureLeast(f, margins, level)
	case "capacity":
		return capacityLeast(f, margins, level)
	}
	q := m.Quantiles
	if on == "priority" {
		var err error
		if q, err = priorities(f, m); err != nil {
			return 0, err
		}
	}
	if len(q) == 0 {
		return 0, errors.New("grades: no account of the pool can be scored, so it has no quantiles; want method score")
	}
	return topShare(q, level), nil
}

// topShare returns the least value that at most a share of the accounts behind
// evenly spaced quantiles are at or above: accounts tied at the border stay below.
func topShare(q []int64, share float64) int64 {
	at := int(math.Round((1 - min(1, share)) * float64(len(q)-1)))
	if at > 0 && q[at-1] == q[at] {
		return q[at] + 1
	}
	return q[at]
}

// capacityLeast returns the least margin that at most so many accounts of the
// pool are at or above, out of fold. Quantiles would be too coarse: a large base
// has thousands of accounts between two of them.
func capacityLeast(f *evaluate.Frame, margins []float64, accounts float64) (int64, error) {
	var rows []int
	for i := range margins {
		if !f.Customer[i] {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return 0, errors.New("grades: method capacity without a pool; want accounts that are no customers")
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(margins[b], margins[a]) })
	held := 0.0
	cut := math.Floor(margins[rows[0]]) + 1
	for i := 0; i < len(rows); {
		m := margins[rows[i]]
		for ; i < len(rows) && margins[rows[i]] == m; i++ {
			held += f.Weights[rows[i]]
		}
		if held > accounts*(1+1e-9) {
			break
		}
		cut = m
	}
	return int64(math.Ceil(cut)), nil
}

// captureLeast returns the margin at or above which a share of the held-out
// customers rank.
func captureLeast(f *evaluate.Frame, margins []float64, share float64) (int64, error) {
	var held []float64
	for i, v := range margins {
		if f.Customer[i] {
			held = append(held, v)
		}
	}
	if len(held) == 0 {
		return 0, errors.New("grades: method capture without customers; want method score or quantile")
	}
	slices.Sort(held)
	at := len(held) - int(math.Ceil(share*float64(len(held))-1e-9))
	return int64(math.Floor(held[max(0, min(at, len(held)-1))])), nil
}

// priorities returns the pool's quantiles of the priority, in micro-points.
func priorities(f *evaluate.Frame, m *model.Model) ([]int64, error) {
	var s model.Scores
	if err := model.NewScorer(m, f.AsOf).Score(&s, f.Batch); err != nil {
		return nil, err
	}
	var values []int64
	var weights []float64
	for i := range s.Rows {
		if f.Customer[i] || !s.Known[i] {
			continue
		}
		values, weights = append(values, int64(math.Round(m.RowPriority(&s, i)*model.Micro))), append(weights, f.Weights[i])
	}
	return model.Quantiles(values, weights), nil
}
