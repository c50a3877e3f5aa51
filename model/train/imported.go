package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
)

// Unmeasured is the verdict on an imported model without accounts that it has
// not seen.
const Unmeasured = "unmeasured"

// The codes of warnings about imported models.
const (
	InSample    = "in_sample"
	UnseenValue = "unseen_value"
)

// An Origin says what an imported model was made of.
type Origin struct {
	File   string `json:"file"` // name without folder
	SHA256 string `json:"sha256"`
	Trees  int    `json:"trees"`
}

// A Foreign model was trained by another program, perhaps on the accounts of
// the frame: what it reaches on them says nothing. Its values are log odds by
// that program's intercept.
type Foreign struct {
	Origin
	Specs    []features.Spec
	Binnings []bin.Binning
	Trees    []model.Tree
}

// Imported makes a version of a model trained elsewhere. f gives what a feature
// is worth on average and the pool's quantiles. held has accounts that the model
// has not seen: on them its lift is calibrated, its grades are cut, and it is
// measured. Without them (nil) nothing is measured; the lift is calibrated on f,
// where a model that has learned it by heart looks too sure, so the calibration
// may only make it less so.
func Imported(f, held *evaluate.Frame, x *Foreign, o Options) (*Result, error) {
	customers, pool := f.Totals()
	e := &Evaluation{
		Verdict: Unmeasured, Learner: "imported", Origin: &x.Origin, Customers: customers, Pool: pool, PoolStands: f.PoolWeight(),
		Replicates: evaluate.Replicates, Definitions: definitions, Candidates: []Candidate{}, Warnings: []leak.Warning{},
	}
	e.Metrics = map[string]metrics.Interval{}
	e.Warnings = append(e.Warnings, spell(f, x.Binnings)...)
	fit, d := x.fit(f)
	on := f
	if held != nil {
		on = held
	}
	var err error
	if e.Calibration, err = calibrated(on, x.lifts(on, fit, d), held != nil); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	m := &model.Model{
		Format: model.Format, Name: o.Name, AsOf: o.AsOf, Learner: "imported", Missing: "learn", Provisional: o.Provisional,
		Customers: customers, Pool: pool, SpecHash: o.SpecHash, Specs: slices.Concat(x.Specs, o.Intent),
	}
	if err := m.SetFit(fit, d, e.Calibration.Calibration); err != nil {
		return nil, err
	}
	m.Intent = signals(f, o.Intent)
	if err := setQuantiles(f, m); err != nil {
		return nil, err
	}
	return x.finish(f, on, m, e, o)
}

// fit returns the trees as a fit on f. Their missing values go where the other
// program sent them.
func (x *Foreign) fit(f *evaluate.Frame) (*model.Fit, *model.Data) {
	d := &model.Data{
		Table: bin.Bin(x.Binnings, f.Batch, f.AsOf), Customer: f.Customer, Weights: f.Weights, Keys: f.Keys,
		Monotone: make([]int, len(x.Binnings)), Learn: slices.Repeat([]bool{true}, len(x.Binnings)), Seed: f.Seed,
	}
	fit := &model.Fit{Trees: x.Trees}
	for k := range x.Binnings {
		fit.Scores = append(fit.Scores, make([]float64, x.Binnings[k].Slots()))
	}
	return fit, d
}

// lifts returns the log lift of the rows of f, by the prior of the data d.
func (x *Foreign) lifts(f *evaluate.Frame, fit *model.Fit, d *model.Data) []float64 {
	table := bin.Bin(x.Binnings, f.Batch, f.AsOf)
	customers, pool := d.Totals()
	prior := math.Log(customers / pool)
	out := make([]float64, table.Rows)
	for i := range out {
		out[i] = fit.Margin(table, i) - prior
	}
	return out
}

// calibrated returns the calibration of log lifts. On accounts that the model may
// have seen nothing is claimed of it: the slope is at most 1, and then the shift
// is the one by which the pool's mean lift is 1.
func calibrated(f *evaluate.Frame, lifts []float64, unseen bool) (*calibrate.Report, error) {
	s := &calibrate.Sample{LogLift: lifts, Customer: f.Customer, Weights: f.Weights, Keys: f.Keys, Fold: f.Deal(0), Seed: f.Seed}
	if unseen {
		return calibrate.Calibrate(s)
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	c := s.Fit().Calibration
	if c.Slope >= 1 {
		most := slices.Max(lifts)
		var sum, weight float64
		for i, l := range lifts {
			if !f.Customer[i] {
				sum += f.Weights[i] * math.Exp(l-most)
				weight += f.Weights[i]
			}
		}
		c = model.Calibration{Slope: 1, Shift: -most - math.Log(sum/weight)}
	}
	return &calibrate.Report{Calibration: c}, nil
}

// finish cuts the grades on the accounts of f, measures where they are not those
// of seen, and gives the verdict.
func (x *Foreign) finish(seen, f *evaluate.Frame, m *model.Model, e *Evaluation, o Options) (*Result, error) {
	var s model.Scores
	if err := model.NewScorer(m, f.AsOf).Score(&s, f.Batch); err != nil {
		return nil, err
	}
	margins := make([]float64, s.Rows)
	for i, v := range s.Margin {
		margins[i] = float64(v)
	}
	var err error
	if m.Grades, err = Cut(f, m, margins, o.Grades); err != nil {
		return nil, err
	}
	if err := setExperience(seen, m); err != nil {
		return nil, err
	}
	result := &Result{Evaluation: e}
	if f != seen {
		result.OutOfFold = &evaluate.OutOfFold{Fold: [][]uint8{make([]uint8, s.Rows)}, Score: [][]float64{margins}}
		measured, err := f.Measure(result.OutOfFold, &m.Grades, m.BasePoints)
		if err != nil {
			return nil, err
		}
		customers, pool := f.Totals()
		e.Measurement, e.Holdout = *measured, &Holdout{customers, pool, *measured}
		if auc := measured.Metrics["auc"].Value; auc > leak.Limits[leak.TooGood].Warn {
			e.Warnings = append(e.Warnings, leak.Warning{Code: leak.TooGood, Value: auc, Limit: leak.Limits[leak.TooGood].Warn, Message: "customers rank above the pool nearly always: look for a column that is filled after the sale"})
		}
		e.Verdict = Learned
		if auc := measured.Metrics["auc"]; auc.Low <= 0.5 { // nothing was learned from the holdout: no correction
			e.Verdict = NothingLearned
			return result, fmt.Errorf("import: %w: on the holdout a customer ranks above a pool account with probability %.3f (95 %%: %.3f to %.3f), which chance explains", ErrNothingLearned, auc.Value, auc.Low, auc.High)
		}
		if o.Provisional {
			e.Verdict = Provisional
		}
	} else {
		e.Warnings = append(e.Warnings, leak.Warning{Code: InSample, Message: "nothing is measured: the model may have been trained on these very customers; " +
			"its lifts and grades are cut on accounts that it may know by heart, so they promise too much; give --holdout, a file of domains that it has not seen"})
	}
	if err := m.MakeGolden(); err != nil {
		return nil, err
	}
	if err := errors.Join(m.Validate(), m.Seal()); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	result.Model, e.Version = m, m.Version
	return result, nil
}

// spell gives the values of binnings the spelling of the base, and warns of
// those that no account of it has: perhaps they are misspelt.
func spell(f *evaluate.Frame, binnings []bin.Binning) []leak.Warning {
	var out []leak.Warning
	for k := range binnings {
		b := &binnings[k]
		if len(b.Labels) == 0 {
			continue
		}
		spelling := map[string]string{}
		for _, text := range f.Batch.Column(b.Feature).Dictionary {
			if key := bin.Fold(text); spelling[key] == "" {
				spelling[key] = text
			}
		}
		var unseen []string
		for i, value := range b.Labels {
			if text, ok := spelling[value]; ok {
				b.Labels[i] = text
			} else {
				unseen = append(unseen, value)
			}
		}
		if n := len(unseen); n > 0 {
			names := strings.Join(unseen[:min(3, n)], ", ")
			out = append(out, leak.Warning{Code: UnseenValue, Feature: b.Feature, Message: fmt.Sprintf("%d of the %d values that the model asks for are of no account here (%s): check their spelling", n, len(b.Labels), names)})
		}
	}
	return out
}
