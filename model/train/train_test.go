package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/train"
)

// generated returns a frame of 500 customers among 2,500 companies.
func generated(t testing.TB, signal float64, seed uint64) (*evaluate.Frame, *sample.Base) {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Signal, o.Seed = 2500, 500, 0, signal, seed
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return modeltest.Frame(base, 0.2), base
}

func options(learner string) train.Options {
	return train.Options{
		Name: "main", AsOf: "2025-06-30", SpecHash: "abc", Learner: learner,
		Grades: train.GradeOptions{Scale: "A-F", Method: "lift", On: "fit", Hysteresis: 1},
	}
}

// learned is trained once for the tests that only look at it.
var learned = sync.OnceValue(func() *learning {
	l := &learning{}
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 2500, 500, 0
	base, err := sample.Generate(o)
	if err != nil {
		l.err = err
		return l
	}
	l.oracle = base.OracleAUC()
	l.frame = modeltest.Frame(base, 0.2)
	opts := options("auto")
	opts.Intent = modeltest.Signals(l.frame)
	opts.Progress = func(done, of int) { l.ticks = append(l.ticks, [2]int{done, of}) }
	l.result, l.err = train.Run(context.Background(), l.frame, opts)
	return l
})

type learning struct {
	frame  *evaluate.Frame
	result *train.Result
	oracle float64
	ticks  [][2]int
	err    error
}

func result(t testing.TB) *learning {
	t.Helper()
	l := learned()
	if l.err != nil {
		t.Fatal(l.err)
	}
	return l
}

// TestLearned checks what a training with signal yields.
func TestLearned(t *testing.T) {
	l := result(t)
	m, e := l.result.Model, l.result.Evaluation
	if e.Verdict != train.Learned || e.Customers != 500 || e.Pool != 2000 || e.Folds != 5 || e.Repeats != 1 || e.Version != m.Version || m.Provisional {
		t.Errorf("evaluation %+v", e)
	}
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := model.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := back.CheckGolden(); err != nil {
		t.Error(err)
	}
	// The truth itself ranks with the oracle's AUC; no model reaches more, and a
	// fifth of the cells are empty.
	if auc := e.Metrics["auc"]; auc.Value > l.oracle+0.02 || auc.Value < l.oracle-0.1 {
		t.Errorf("auc %+v, the oracle's %.3f", auc, l.oracle)
	}
	if len(e.Warnings) != 0 {
		t.Errorf("warnings %v", e.Warnings)
	}
	var shares float64
	for _, row := range e.Grades {
		shares += row.PoolShare
	}
	if len(e.Grades) != 6 || math.Abs(shares-1) > 1e-9 {
		t.Errorf("grades %+v", e.Grades)
	}
	if len(m.Quantiles) != 1001 || len(m.PillarQuantiles) != 3 || len(m.Intent) != 2 || len(m.Specs) != len(m.Terms)+2 {
		t.Errorf("%d quantiles, %d pillars, %d signals, %d specs", len(m.Quantiles), len(m.PillarQuantiles), len(m.Intent), len(m.Specs))
	}
	for name := range e.Metrics {
		if k, _, _ := strings.Cut(name, "_"); e.Definitions[k] == "" && e.Definitions[k+"_K"] == "" {
			t.Errorf("metric %s is not defined", name)
		}
	}
}

// TestCandidates checks that auto measures all candidates on the same folds, and
// takes the one with the highest AUC but for a tie; the baselines are worse.
func TestCandidates(t *testing.T) {
	e := result(t).result.Evaluation
	best := 0.0
	kinds := map[train.Kind]int{}
	for _, c := range e.Candidates {
		kinds[c.Kind]++
		best = max(best, c.AUC.Value)
	}
	if kinds[train.Baseline] < 3 || kinds[train.Table] < 3 {
		t.Errorf("candidates by kind: %v", kinds)
	}
	chosen := 0
	for _, c := range e.Candidates {
		if c.Chosen != (c.Learner == e.Learner) {
			t.Errorf("%+v, chosen %s", c, e.Learner)
		}
		if c.Chosen {
			chosen++
			if c.Apart || c.AUCDifference.Value != 0 || c.AUCDifference.High != 0 || c.AUC.Value < best-0.002 || c.LogLoss == nil {
				t.Errorf("the chosen one is %+v; the highest AUC is %v", c, best)
			}
			continue
		}
		if c.Kind == train.Baseline && (!c.Apart || c.AUCDifference.High >= 0) {
			t.Errorf("a baseline is as good: %+v", c)
		}
		if d := c.AUCDifference; !(d.Low <= d.Value && d.Value <= d.High) {
			t.Errorf("%s: difference %+v", c.Learner, d)
		}
		if c.Learner != "random" && !(c.AUC.Low < c.AUC.Value && c.AUC.Value < c.AUC.High && c.Capture.Value > 0.05) {
			t.Errorf("%+v", c)
		}
	}
	if chosen != 1 || result(t).result.Model.Learner != e.Learner {
		t.Errorf("%d are chosen; the model is %s, the evaluation of %s", chosen, result(t).result.Model.Learner, e.Learner)
	}
}

// TestPrefer checks that people who prefer a table get one where nothing is
// better for certain, and what trees would add is said.
func TestPrefer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains several models")
	}
	f, _ := generated(t, 1, 6)
	o := options("auto")
	o.Prefer = "table"
	r, err := train.Run(t.Context(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Evaluation.Candidates {
		if c.Chosen && c.Kind != train.Table && !c.Apart {
			t.Errorf("chosen: %+v", c)
		}
	}
}

// TestWrittenBaseline checks that the written grid stands among the baselines,
// with its own AUC: here that of the truth, which nothing learned is above by far.
func TestWrittenBaseline(t *testing.T) {
	f, base := generated(t, 1, 7)
	o := options("logistic")
	f.Written = &evaluate.Written{}
	for i, of := range base.DuplicateOf {
		if of < 0 {
			f.Written.Margins = append(f.Written.Margins, base.LogLift[i])
		}
	}
	r, err := train.Run(t.Context(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Evaluation.Candidates {
		if c.Learner == "written grid" {
			if math.Abs(c.AUC.Value-base.OracleAUC()) > 0.02 || c.Kind != train.Baseline || c.LogLoss != nil {
				t.Errorf("%+v, the oracle's AUC is %.3f", c, base.OracleAUC())
			}
			return
		}
	}
	t.Error("the written grid is not measured")
}

// TestProgress checks that steps are counted one by one to the last.
func TestProgress(t *testing.T) {
	ticks := result(t).ticks
	for i, tick := range ticks {
		if tick != [2]int{i + 1, len(ticks)} {
			t.Errorf("step %d is reported as %d of %d", i+1, tick[0], tick[1])
		}
	}
	if len(ticks) != evaluate.Folds {
		t.Errorf("%d steps, want %d", len(ticks), evaluate.Folds)
	}
}

// TestNothingLearned checks that customers drawn at random leave no model.
func TestNothingLearned(t *testing.T) {
	for seed := range uint64(5) {
		f, _ := generated(t, 0, seed)
		r, err := train.Run(t.Context(), f, options("logistic"))
		if !errors.Is(err, train.ErrNothingLearned) {
			t.Errorf("seed %d: %v, want ErrNothingLearned; auc %+v", seed, err, r.Evaluation.Metrics["auc"])
			continue
		}
		if r.Model != nil || r.Evaluation.Verdict != train.NothingLearned || r.OutOfFold == nil {
			t.Errorf("seed %d: %+v", seed, r)
		}
	}
}

func TestProvisional(t *testing.T) {
	f, _ := generated(t, 1, 2)
	o := options("logistic")
	o.Provisional = true
	r, err := train.Run(t.Context(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Model.Provisional || r.Evaluation.Verdict != train.Provisional {
		t.Errorf("verdict %s, model provisional %v", r.Evaluation.Verdict, r.Model.Provisional)
	}
}

// TestProcessors checks that the model's bytes do not depend on the number of
// processors.
func TestProcessors(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains several models")
	}
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 1500, 500, 0
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	var texts [2][]byte
	for n := range texts {
		f := modeltest.Frame(base, 0.2)
		opts := options("auto")
		opts.Intent = modeltest.Signals(f)
		before := runtime.GOMAXPROCS(n + 1)
		r, err := train.Run(t.Context(), f, opts)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if texts[n], err = r.Model.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("models of one and two processors differ")
	}
}

func TestRunRefuses(t *testing.T) {
	f, _ := generated(t, 1, 3)
	if _, err := train.Run(t.Context(), f, options("magic")); err == nil || !strings.Contains(err.Error(), `"magic"`) {
		t.Errorf("an unknown learner: %v", err)
	}
	o := options("logistic")
	o.Grades.Scale = "A-Z"
	if _, err := train.Run(t.Context(), f, o); err == nil || !strings.Contains(err.Error(), "A-Z") {
		t.Errorf("an unknown scale: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := train.Run(ctx, f, options("auto")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestVaried checks features that hold one value, and customers that are alike.
func TestVaried(t *testing.T) {
	number := func(of func(i int) float64) *evaluate.Frame {
		f, _ := generated(t, 1, 4)
		c := datasets.Column{Field: datasets.Field{Name: "n", Type: datasets.Number}}
		for i := range f.Batch.Rows {
			c.Numbers = append(c.Numbers, of(i))
		}
		f.Batch.Columns = []datasets.Column{c}
		f.Specs = []features.Spec{{Name: "n", Pillar: features.Firmographic, Kind: features.Number, Column: "n"}}
		return f
	}
	f, _ := generated(t, 1, 4)
	for name, tt := range map[string]struct {
		of   func(i int) float64
		want string
	}{
		"one value": {func(int) float64 { return 7 }, "one value"},
		"none":      {func(int) float64 { return math.NaN() }, "one value"},
		"customers": {func(i int) float64 {
			if f.Customer[i] {
				return 7
			}
			return float64(i)
		}, "alike"},
	} {
		_, err := train.Run(t.Context(), number(tt.of), options("logistic"))
		if !errors.Is(err, train.ErrNoSignal) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want ErrNoSignal saying %q", name, err, tt.want)
		}
	}
}

// TestHoldout checks a model on companies of another draw of the same world, and
// on a pool, which measures nothing.
func TestHoldout(t *testing.T) {
	f, _ := generated(t, 1, 99)
	m := result(t).result.Model
	h, err := train.MeasureHoldout(f, m)
	if err != nil {
		t.Fatal(err)
	}
	if h.Customers != 500 || h.Pool != 2000 || len(h.Grades) != 6 || h.Metrics["auc"].Value < 0.7 {
		t.Errorf("holdout %+v", h)
	}
	clear(f.Customer)
	if h, err = train.MeasureHoldout(f, m); h != nil || err != nil {
		t.Errorf("without customers: %+v, %v", h, err)
	}
	brief := train.Brief(&result(t).result.Evaluation.Measurement)
	if len(brief) != 3 || brief["auc"].Value == 0 || brief["capture_10"].Value == 0 || brief["lift_10"].Value == 0 {
		t.Errorf("in brief: %v", brief)
	}
}

// TestSignals checks the strengths of intent signals: a number's by its place in
// the pool, a date's halved every 90 days, a flag's and an item's 0 or 1.
func TestSignals(t *testing.T) {
	f, _ := generated(t, 1, 5)
	intent := modeltest.Signals(f)
	for _, name := range []string{"last_funding_date", "hiring", "technologies", "industry"} {
		at := slices.IndexFunc(f.Specs, func(s features.Spec) bool { return s.Name == name })
		s := f.Specs[at]
		s.Pillar = features.Intent
		f.Specs = slices.Delete(f.Specs, at, at+1)
		intent = append(intent, s)
	}
	o := options("logistic")
	o.Intent = intent
	r, err := train.Run(t.Context(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range r.Model.Intent {
		p := term.MicroPoints
		if p[0] != 0 {
			t.Errorf("%s: unknown has strength %d", term.Feature, p[0])
		}
		known := p[1:]
		switch term.Kind {
		case features.Number:
			if !slices.IsSorted(known) || known[0] <= 0 || known[len(known)-1] >= model.Micro {
				t.Errorf("%s: strengths %v, want rising between 0 and 1", term.Feature, known)
			}
			var mean, pool float64
			for slot, n := range term.Pool[1:] {
				mean, pool = mean+float64(n)*float64(known[slot]), pool+float64(n)
			}
			if math.Abs(mean/pool/model.Micro-0.5) > 1e-6 {
				t.Errorf("%s: the pool's mean strength is %v, want a half", term.Feature, mean/pool)
			}
		case features.Date:
			if known[0] != model.Micro {
				t.Errorf("%s: the latest have strength %d", term.Feature, known[0])
			}
			for i, edge := range term.Edges { // a bin counts from its nearer end
				if want := math.Pow(0.5, edge/90); math.Abs(float64(known[i+1])/model.Micro-want) > 1e-6 {
					t.Errorf("%s: from %v days on the strength is %d, want %v", term.Feature, edge, known[i+1], want)
				}
			}
		case features.Flag:
			if known[0] != 0 || known[1] != model.Micro {
				t.Errorf("%s: strengths %v", term.Feature, known)
			}
		case features.Set:
			if known[0] != 0 || slices.Min(known[1:]) != model.Micro {
				t.Errorf("%s: strengths %v", term.Feature, known)
			}
		default:
			if slices.Min(known) != model.Micro {
				t.Errorf("%s: strengths %v", term.Feature, known)
			}
		}
	}
}
