package train

import (
	"errors"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
)

// Written makes a model of a grid written by people. It has learned from no
// account, so all of f measure it; where f has no customers it is not measured.
func Written(f *evaluate.Frame, terms []model.Term, scaling *model.Grid, o Options) (*Result, error) {
	customers, pool := f.Totals()
	m := &model.Model{
		Format: model.Format, Name: o.Name, AsOf: o.AsOf, Learner: "grid", Missing: "neutral", Provisional: o.Provisional,
		Customers: customers, Pool: pool, SpecHash: o.SpecHash, Specs: f.Specs, Terms: terms, Grid: scaling,
	}
	for k := range m.Terms {
		t := &m.Terms[k]
		var c bin.Column
		bin.NewApplier(&t.Binning, f.AsOf).Apply(&c, f.Batch.Column(t.Feature), f.Batch.Rows)
		t.Customers, t.Pool = slots(f, &t.Binning, &c)
	}
	e := &Evaluation{Verdict: Learned, Learner: "grid", Customers: customers, Pool: pool, PoolStands: f.PoolWeight(), Replicates: evaluate.Replicates, Definitions: definitions, Candidates: []Candidate{}, Warnings: []leak.Warning{}}
	e.Metrics = map[string]metrics.Interval{}
	if o.Provisional {
		e.Verdict = Provisional
	}
	if err := setQuantiles(f, m); err != nil {
		return nil, err
	}
	var s model.Scores
	if err := model.NewScorer(m, f.AsOf).Score(&s, f.Batch); err != nil {
		return nil, err
	}
	margins := make([]float64, s.Rows)
	for i, v := range s.Margin {
		margins[i] = float64(v)
	}
	scores := &evaluate.OutOfFold{Fold: [][]uint8{make([]uint8, s.Rows)}, Score: [][]float64{margins}}
	var err error
	if m.Grades, err = Cut(f, m, margins, o.Grades); err != nil {
		return nil, err
	}
	if err := setExperience(f, m); err != nil {
		return nil, err
	}
	measured, err := f.Measure(scores, &m.Grades, m.BasePoints)
	switch {
	case errors.Is(err, metrics.ErrOneClass):
		scores = nil
	case err != nil:
		return nil, err
	default:
		e.Measurement, e.GradeNotes = *measured, m.Grades.Notes
	}
	if err := e.describe(f, m, margins); err != nil {
		return nil, err
	}
	if err := m.MakeGolden(); err != nil {
		return nil, err
	}
	if err := m.Seal(); err != nil {
		return nil, err
	}
	e.Version = m.Version
	return &Result{Model: m, Evaluation: e, OutOfFold: scores}, nil
}
