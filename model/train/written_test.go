package train_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/grid"
	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/train"
)

// written trains a grid on a generated base; visits, of the intent pillar, count.
func written(t *testing.T, f *evaluate.Frame, o train.Options) (*train.Result, error) {
	t.Helper()
	specs := append(append([]features.Spec(nil), f.Specs...), modeltest.Signals(f)...)
	terms, scaling, used, err := grid.New(grid.Pillars, []grid.Criterion{
		{Feature: "industry", Values: []grid.ValuePoints{{Value: "Software", Points: 25}}, Otherwise: 5},
		{Feature: "employees", Ranges: []grid.Range{{From: 50, To: 500, Points: 20}}},
		{Feature: "crm_in_use", Values: []grid.ValuePoints{{Value: "HubSpot", Points: 20}}},
		{Feature: "web_visits_90d", Ranges: []grid.Range{{From: 5, To: math.Inf(1), Points: 35}}},
	}, specs)
	if err != nil {
		t.Fatal(err)
	}
	f.Specs = used
	return train.Written(f, terms, scaling, o)
}

// TestWritten checks that a grid is measured on all accounts, graded by score,
// and claims no lift.
func TestWritten(t *testing.T) {
	f, _ := generated(t, 1, 6)
	r, err := written(t, f, options("grid"))
	if err != nil {
		t.Fatal(err)
	}
	m, e := r.Model, r.Evaluation
	if m.BasePoints != 0 || m.Learner != "grid" || m.Grades.Method != "score" || len(m.Intent) != 0 {
		t.Errorf("base %v, learner %s, method %s", m.BasePoints, m.Learner, m.Grades.Method)
	}
	for i, want := range grid.Cuts {
		if got := m.Points(m.Grades.Cuts[i].Margin); got != want {
			t.Errorf("%s starts at %v, want %v", m.Grades.Cuts[i].Grade, got, want)
		}
	}
	if auc := e.Metrics["auc"].Value; auc < 0.6 {
		t.Errorf("auc %v of a grid that knows some of the truth", auc)
	}
	if e.Verdict != train.Learned || e.Customers != 500 || r.OutOfFold == nil || e.Version != m.Version {
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
	for _, term := range m.Terms {
		n := 0
		for slot := range term.Slots() {
			n += term.Customers[slot] + term.Pool[slot]
		}
		if n != f.Batch.Rows {
			t.Errorf("%s counts %d accounts, want %d", term.Feature, n, f.Batch.Rows)
		}
	}
}

// TestWrittenWithoutCustomers checks that a grid needs no customers: it is not
// measured then, and its evaluation has empty lists, not null.
func TestWrittenWithoutCustomers(t *testing.T) {
	f, _ := generated(t, 1, 7)
	clear(f.Customer)
	o := options("grid")
	o.Provisional = true
	r, err := written(t, f, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.OutOfFold != nil || len(r.Evaluation.Grades) != 0 || r.Evaluation.Verdict != train.Provisional || r.Model.Version == "" {
		t.Errorf("evaluation %+v", r.Evaluation)
	}
	text, err := json.Marshal(r.Evaluation)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"warnings":[]`, `"candidates":[]`, `"metrics":{}`, `"holdout":null`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	o.Grades.Method = "capture"
	if _, err := written(t, f, o); err == nil {
		t.Error("a grid without customers is cut by capture")
	}
}

// TestWrittenMethods checks that a grid takes the other methods, and no lifts.
func TestWrittenMethods(t *testing.T) {
	for _, method := range []string{"score", "quantile", "capture"} {
		f, _ := generated(t, 1, 8)
		o := options("grid")
		o.Grades.Method = method
		r, err := written(t, f, o)
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if r.Model.Grades.Method != method {
			t.Errorf("method %s, want %s", r.Model.Grades.Method, method)
		}
	}
	f, _ := generated(t, 1, 8)
	o := options("grid")
	o.Grades.Cuts = []float64{8, 4, 2, 1, 0.5}
	if _, err := written(t, f, o); err == nil || !strings.Contains(err.Error(), "claims no lift") {
		t.Errorf("lifts for a grid: %v", err)
	}
}
