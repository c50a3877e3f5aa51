package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/modeltest"
)

// planted returns a generated frame of so many companies, a fifth customers, with
// a column of noise.
func planted(t *testing.T, accounts int, seed uint64) *evaluate.Frame {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Seed = accounts, accounts/5, 0, seed
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	f := modeltest.Frame(base, 0.1)
	rng := rand.New(rand.NewPCG(seed, 99))
	noise := datasets.Column{Field: datasets.Field{Name: "noise", Type: datasets.Number}}
	for range f.Batch.Rows {
		noise.Numbers = append(noise.Numbers, rng.Float64())
	}
	f.Batch.Columns = append(f.Batch.Columns, noise)
	f.Specs = append(f.Specs, features.Spec{Name: "noise", Pillar: features.Firmographic, Kind: features.Number, Column: "noise"})
	return f
}

// A stump is a learner of one tree, on the first number of the table: the log
// ratio of customers to pool below and above its middle edge, where missing goes
// the way that most do.
type stump struct{}

func (stump) Name() string { return "stump" }

func (stump) Fit(_ context.Context, d model.Data) (*model.Fit, error) {
	fit := &model.Fit{}
	at := -1
	for k := range d.Table.Binnings {
		b := &d.Table.Binnings[k]
		fit.Scores = append(fit.Scores, make([]float64, b.Slots()))
		if at < 0 && b.Kind == features.Number {
			at = k
		}
	}
	cut := int32(len(d.Table.Binnings[at].Edges)/2 + 1)
	n := [2][2]float64{{1, 1}, {1, 1}}
	for i, code := range d.Table.Columns[at].Codes {
		side, class := 0, 0
		if int32(code) > cut {
			side = 1
		}
		if d.Customer[i] {
			class = 1
		}
		n[side][class] += d.Weights[i]
	}
	low, high := math.Log(n[0][1]/n[0][0]), math.Log(n[1][1]/n[1][0])
	fit.Trees = []model.Tree{{Nodes: []model.Node{{Feature: int32(at), At: cut, Left: 1, Right: 2, Missing: 1}, {}, {}}, Values: []float64{0, low, high}}}
	return fit, nil
}

// blend cross-validates logistic regression and a tree, whose plan is a blend.
func blend(t *testing.T, f *evaluate.Frame, ls ...model.Learner) (*field, plan) {
	t.Helper()
	scores, err := f.CrossValidate(t.Context(), ls, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := plan{name: "blend", kind: Blended}
	for i := range ls {
		p.members = append(p.members, i)
	}
	return &field{f: f, members: ls, scores: scores, plans: []plan{p}}, p
}

// fitted returns the model of a plan on all rows.
func fitted(t *testing.T, x *field, p plan, c model.Calibration) *model.Model {
	t.Helper()
	w, err := p.weigh(x.f, x.scores)
	if err != nil {
		t.Fatal(err)
	}
	ls, weights := p.parts(x.members, w)
	fit, d, err := x.fit(t.Context(), ls, weights)
	if err != nil {
		t.Fatal(err)
	}
	m := &model.Model{Specs: x.f.Specs, Missing: "neutral"}
	if err := m.SetFit(fit, d, c); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestImportance checks, of a blend of a table and a tree: the accounts that are
// shuffled start from the scores of cross-validation; the gains sum to the log
// loss that the scores leave, worked out from those scores alone; what the truth
// rests on matters, and noise does not.
func TestImportance(t *testing.T) {
	f := planted(t, 2500, 1)
	x, p := blend(t, f, logistic.Learner{Options: logistic.DefaultOptions()}, stump{})
	c := model.Calibration{Slope: 0.8, Shift: 0.1}
	m := fitted(t, x, p, c)
	out, err := x.understand(t.Context(), m, p, c)
	if err != nil {
		t.Fatal(err)
	}
	folds, err := x.folds(p)
	if err != nil {
		t.Fatal(err)
	}
	s := x.sampled(folds)
	sum, err := blended(f, x.scores, p)
	if err != nil {
		t.Fatal(err)
	}
	scores := sum.Score[0]
	at, worst := 0, 0.0
	for _, fold := range folds {
		for _, row := range fold.test {
			worst = max(worst, math.Abs(s.lifts[at]-scores[row]))
			at++
		}
	}
	if at != len(s.lifts) || worst > 1e-9 {
		t.Errorf("%d of %d accounts are shuffled; their scores are off by up to %g", len(s.lifts), at, worst)
	}
	gainsSum(t, x, folds, c, scores, out)
	by := map[string]*Importance{}
	for k := range out {
		by[out[k].Feature] = &out[k]
	}
	if n := by["noise"]; n.Gain.Low > 0 || n.CaptureDrop.Low > 0.005 || math.Abs(*n.GainShare) > 0.05 {
		t.Errorf("noise gains %+v, share %v, drops %+v", *n.Gain, *n.GainShare, *n.CaptureDrop)
	}
	strong := 0
	for _, i := range out {
		if i.Gain.Low > 0 && i.CaptureDrop.Low > 0 {
			strong++
		}
	}
	if strong < 2 {
		t.Errorf("%d features matter beyond chance, want some of those that the truth rests on: %+v", strong, out)
	}
}

// gainsSum compares the sum of the gains with the log loss of the margins that
// follow from the scores: base points and micro-points are rounded, and so much
// may they differ.
func gainsSum(t *testing.T, x *field, folds []folded, c model.Calibration, scores []float64, out []Importance) {
	t.Helper()
	var loss, weight, sum float64
	for _, fold := range folds {
		fm := &model.Model{Specs: x.f.Specs}
		if err := fm.SetFit(fold.fit, fold.data, c); err != nil {
			t.Fatal(err)
		}
		base := x.f.Prior() + (fm.BasePoints-50)/model.PointsPerE
		for _, row := range fold.test {
			margin := x.f.Prior() + c.Shift + c.Slope*scores[row]
			loss += x.f.Weights[row] * (logLoss(base, x.f.Customer[row]) - logLoss(margin, x.f.Customer[row]))
			if x.f.Customer[row] {
				weight += x.f.Weights[row]
			}
		}
	}
	var shares float64
	for _, i := range out {
		sum += i.Gain.Value
		shares += *i.GainShare
	}
	if math.Abs(sum-loss/weight) > 1e-5 || math.Abs(shares-1) > 1e-9 {
		t.Errorf("gains sum to %v, shares to %v; the log loss falls by %v", sum, shares, loss/weight)
	}
}

// TestChord compares the closed form with the integral of the loss's slope along
// the line, by Simpson's rule, and checks its limit.
func TestChord(t *testing.T) {
	for _, b := range []float64{-6, -1, 0, 2} {
		for _, m := range []float64{-9, -0.5, 1e-7, 0, 0.3, 7} {
			for _, customer := range []bool{false, true} {
				const steps = 2000
				var integral float64
				for i := range steps + 1 {
					p := 1 / (1 + math.Exp(-b-m*float64(i)/steps))
					slope := -p
					if customer {
						slope = 1 - p
					}
					w := 2.0
					switch {
					case i == 0 || i == steps:
						w = 1
					case i%2 == 1:
						w = 4
					}
					integral += w * slope / (3 * steps)
				}
				if got := chord(b, m, customer); math.Abs(got-integral) > 1e-6 {
					t.Errorf("chord(%v, %v, %v) = %v, the integral is %v", b, m, customer, got, integral)
				}
			}
		}
	}
}

// TestJackknife checks the standard error where it is known in closed form: of a
// mean, without one of five equal groups each, it is that of the groups' means.
func TestJackknife(t *testing.T) {
	groups := []float64{3, 1, 4, 1, 5}
	mean, squares := 2.8, 0.0
	var without []float64
	for _, v := range groups {
		squares += (v - mean) * (v - mean)
		without = append(without, (5*mean-v)/4)
	}
	if got, want := jackknife(without), math.Sqrt(squares/(5*4)); math.Abs(got-want) > 1e-12 {
		t.Errorf("standard error %v, want %v", got, want)
	}
	if jackknife(nil) != 0 || jackknife([]float64{7}) != 0 {
		t.Error("one value has an error")
	}
}

// TestSpreadIsThatOfFreshAccounts checks the spread by simulation: over generated
// bases of one truth, the points of a flag vary as much as their standard error
// says, in the root mean square.
func TestSpreadIsThatOfFreshAccounts(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains several models")
	}
	const bases = 12
	ls := []model.Learner{logistic.Learner{Options: logistic.DefaultOptions()}}
	effects, squares := map[string][]float64{}, map[string]float64{}
	for seed := range uint64(bases) {
		x, p := blend(t, planted(t, 1000, 100+seed), ls...)
		m := fitted(t, x, p, model.Calibration{Slope: 1})
		folds, err := x.folds(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.apart(t.Context(), m, folds, model.Calibration{Slope: 1}, make([]Importance, len(m.Terms))); err != nil {
			t.Fatal(err)
		}
		for k := range m.Terms {
			term := &m.Terms[k]
			for slot, n := range term.Customers {
				if term.Kind == features.Number || slot == 0 || term.IsSet() && slot == 1 || n < 30 {
					continue // bins of numbers are other ones in every base
				}
				name := fmt.Sprintf("%s = %s", term.Feature, term.Label(slot))
				effects[name] = append(effects[name], float64(term.MicroPoints[slot]))
				squares[name] += float64(term.Spread[slot]) * float64(term.Spread[slot])
			}
		}
	}
	var seen, said float64
	values := 0
	for name, v := range effects {
		if len(v) < bases {
			continue
		}
		mean := 0.0
		for _, x := range v {
			mean += x / bases
		}
		for _, x := range v {
			seen += (x - mean) * (x - mean) / (bases - 1)
		}
		said += squares[name] / bases
		values++
	}
	if ratio := math.Sqrt(said / seen); values < 5 || ratio < 0.7 || ratio > 1.5 {
		t.Errorf("standard errors are %.2f of what %d values vary by between bases, want about 1", ratio, values)
	} else {
		t.Logf("standard errors are %.2f of what %d values vary by", ratio, values)
	}
}

// TestClustered checks intervals against closed forms: of a mean of independent
// accounts, 1.96 standard deviations over √n; of the same accounts given twice in
// the same groups, no narrower.
func TestClustered(t *testing.T) {
	v := []float64{1, 4, 2, 9, 7, 5}
	n := len(v)
	all, w, keys := slices.Repeat([]bool{true}, n), slices.Repeat([]float64{2}, n), []uint64{1, 2, 3, 4, 5, 6}
	mean, squares := 28.0/6, 0.0
	for _, x := range v {
		squares += (x - mean) * (x - mean)
	}
	half := 1.96 * math.Sqrt(squares) / float64(n)
	got := clustered(v, all, w, keys, true)
	if math.Abs(got.Value-mean) > 1e-12 || math.Abs(got.High-mean-half) > 1e-12 || math.Abs(mean-half-got.Low) > 1e-12 {
		t.Errorf("%+v, want %v ± %v", got, mean, half)
	}
	twice := clustered(append(slices.Clone(v), v...), append(slices.Clone(all), all...), append(slices.Clone(w), w...), append(slices.Clone(keys), keys...), true)
	if math.Abs(twice.High-got.High) > 1e-12 || math.Abs(twice.Low-got.Low) > 1e-12 {
		t.Errorf("accounts given twice: %+v, want %+v", twice, got)
	}
	some := clustered(append(slices.Clone(v), 100), append(slices.Clone(all), false), append(slices.Clone(w), 1), append(slices.Clone(keys), 9), true)
	if some != got {
		t.Errorf("the pool counts: %+v, want %+v", some, got)
	}
}
