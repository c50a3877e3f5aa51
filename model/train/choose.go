package train

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Candidate is a way of ranking that was measured, on the same folds as the
// others.
type Candidate struct {
	Learner string             `json:"learner"`
	Kind    Kind               `json:"kind"`
	Weights map[string]float64 `json:"weights,omitempty"` // of the members whose log lifts are added
	AUC     metrics.Interval   `json:"auc"`
	Capture metrics.Interval   `json:"capture_10"`
	LogLoss *float64           `json:"log_loss,omitempty"` // mean, of who is a customer; of what claims a lift

	// The candidate less the chosen one, paired: the same accounts drawn for both.
	AUCDifference     metrics.Interval `json:"auc_difference"`
	CaptureDifference metrics.Interval `json:"capture_10_difference"`

	Apart  bool `json:"apart"` // the interval of the difference in AUC leaves out 0
	Chosen bool `json:"chosen"`
}

// replicatesPaired is the number of bootstrap replicates behind candidates.
const replicatesPaired = 400

// A field is what the candidates are measured with.
type field struct {
	f        *evaluate.Frame
	members  []model.Learner
	scores   []*evaluate.OutOfFold // of the members
	plans    []plan
	measured []measured // of the plans, then of the baselines
}

// measured holds what is compared between candidates.
type measured struct {
	name       string
	kind       Kind
	scores     *evaluate.OutOfFold
	weights    []float64 // of the plan's members; nil for a baseline
	loss       *float64  // mean log loss; nil: no lift is claimed
	summary    metrics.Summary
	replicates []metrics.Summary
}

// choose cross-validates the members and the baselines on the same folds, and
// picks a plan. It returns what was measured and the number of the plan.
//
// What counts is the AUC out of fold: a model is there to rank. Log loss, which
// is reported too, would prefer members whose log lift needs no calibration to
// those that rank better. With prefer accuracy the highest AUC wins: a blend
// before its parts unless one of them is clearly better, and a table where it
// ties. With prefer table it is the best table, unless another is better beyond
// the 95 % interval of the difference.
func choose(ctx context.Context, f *evaluate.Frame, o Options, repeats int) (*field, int, error) {
	customers, _ := f.Totals()
	ms, plans, err := members(o.Learner, customers)
	if err != nil {
		return nil, 0, err
	}
	floor := baselines(f.Specs)
	all := append(ms[:len(ms):len(ms)], floor...)
	scores, err := f.CrossValidate(ctx, all, repeats, counter(repeats*evaluate.Folds, o.Progress))
	if err != nil {
		return nil, 0, fmt.Errorf("train: %w", err)
	}
	x := &field{f: f, members: ms, scores: scores, plans: plans}
	for _, p := range plans {
		sum, err := blended(f, scores, p)
		if err != nil {
			return nil, 0, fmt.Errorf("train: %s: %w", p.name, err)
		}
		w, err := p.weigh(f, scores)
		if err != nil {
			return nil, 0, fmt.Errorf("train: %s: %w", p.name, err)
		}
		if err := x.add(p.name, p.kind, sum, w); err != nil {
			return nil, 0, err
		}
	}
	for i, b := range floor {
		if err := x.add(b.Name(), Baseline, scores[len(ms)+i], nil); err != nil {
			return nil, 0, err
		}
	}
	if f.Written != nil {
		margins := &evaluate.OutOfFold{Fold: scores[0].Fold, Score: [][]float64{f.Written.Margins}}
		if err := x.add("written grid", Baseline, margins, nil); err != nil {
			return nil, 0, err
		}
	}
	return x, x.all().pick(o.Prefer), nil
}

// add measures one candidate.
func (x *field) add(name string, kind Kind, scores *evaluate.OutOfFold, weights []float64) error {
	mean := scores.Mean()
	r, err := metrics.Rank(mean, x.f.Customer, x.f.Weights, x.f.Keys)
	if err != nil {
		return fmt.Errorf("train: %s: %w", name, err)
	}
	s := r.Summarise(nil)
	m := measured{name: name, kind: kind, scores: scores, weights: weights, summary: s, replicates: r.Bootstrap(replicatesPaired, nil, x.f.Seed)}
	if weights != nil {
		loss := weighted(x.f.LogLosses(mean), x.f.Weights)
		m.loss = &loss
	}
	x.measured = append(x.measured, m)
	return nil
}

func weighted(v, w []float64) float64 {
	var sum, weight float64
	for i := range v {
		sum += w[i] * v[i]
		weight += w[i]
	}
	return sum / weight
}

// candidates returns what was measured, compared with the chosen plan.
func (x *field) candidates(chosen int) []Candidate {
	out := []Candidate{{Learner: "random", Kind: Baseline, AUC: metrics.Interval{Value: 0.5, Low: 0.5, High: 0.5}, Capture: metrics.Interval{Value: 0.1, Low: 0.1, High: 0.1}, Apart: true}}
	random := &out[0]
	random.AUCDifference = x.paired(nil, chosen, 0.5, areaUnder)
	random.CaptureDifference = x.paired(nil, chosen, 0.1, captured)
	for i := range x.measured {
		m := &x.measured[i]
		c := Candidate{Learner: m.name, Kind: m.kind, Chosen: i == chosen}
		c.AUC, c.Capture = m.interval(areaUnder), m.interval(captured)
		c.AUCDifference, c.CaptureDifference = x.paired(m, chosen, 0, areaUnder), x.paired(m, chosen, 0, captured)
		if m.weights != nil {
			c.LogLoss, c.Weights = m.loss, x.named(i)
		}
		c.Apart = i != chosen && (c.AUCDifference.Low > 0 || c.AUCDifference.High < 0)
		out = append(out, c)
	}
	return out
}

// named returns the weights of a plan by the names of its members.
func (x *field) named(at int) map[string]float64 {
	p := x.plans[at]
	if len(p.members) == 1 {
		return nil
	}
	out := map[string]float64{}
	for j, w := range x.measured[at].weights {
		out[x.members[p.members[j]].Name()] = w
	}
	return out
}

// fit fits the learners of a plan on all rows.
func (x *field) fit(ctx context.Context, ls []model.Learner, weights []float64) (*model.Fit, *model.Data, error) {
	d, err := x.f.Data(x.f.All())
	if err != nil {
		return nil, nil, err
	}
	fits := make([]*model.Fit, len(ls))
	for i, l := range ls {
		if fits[i], err = l.Fit(ctx, *d); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", l.Name(), err)
		}
	}
	f := model.Blend(fits, weights)
	f.Recentre(d)
	return f, d, nil
}

func areaUnder(s *metrics.Summary) float64 { return s.AUC }

func captured(s *metrics.Summary) float64 { return s.Capture[3] }

func (m *measured) interval(of func(*metrics.Summary) float64) metrics.Interval {
	v := make([]float64, len(m.replicates))
	for i := range v {
		v[i] = of(&m.replicates[i])
	}
	return metrics.Percentile(of(&m.summary), v, 1)
}

// TableAlone returns the best candidate that is a table people can edit, by AUC;
// nil where none was measured.
func (e *Evaluation) TableAlone() *Candidate {
	var best *Candidate
	for i := range e.Candidates {
		c := &e.Candidates[i]
		if c.Kind == Table && (best == nil || c.Chosen || !best.Chosen && c.AUC.Value > best.AUC.Value) {
			best = c
		}
	}
	return best
}

// paired returns the interval of m's metric less the chosen plan's; a nil m has
// the value given in every replicate.
func (x *field) paired(m *measured, chosen int, value float64, of func(*metrics.Summary) float64) metrics.Interval {
	c := &x.measured[chosen]
	v := make([]float64, len(c.replicates))
	if m != nil {
		value = of(&m.summary)
	}
	for i := range v {
		a := value
		if m != nil {
			a = of(&m.replicates[i])
		}
		v[i] = a - of(&c.replicates[i])
	}
	return metrics.Percentile(value-of(&c.summary), v, 1)
}

// counter returns a function that reports one more step done, one call at a
// time; nil without anybody to report to.
func counter(of int, progress func(done, of int)) func() {
	if progress == nil {
		return nil
	}
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		progress(done, of)
	}
}

// names reports whether the feature or its column is called by one of the words.
func names(s features.Spec, words []string) bool {
	for _, text := range []string{strings.ToLower(s.Name), strings.ToLower(s.Column)} {
		for _, w := range words {
			if strings.Contains(text, w) || strings.Contains(text, strings.ReplaceAll(w, "_", "")) {
				return true
			}
		}
	}
	return false
}
