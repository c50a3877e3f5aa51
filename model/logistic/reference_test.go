package logistic_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/logistic"
)

// expected is testdata/expected.json, made by scripts/reference/logistic_expected.py
// with the versions of scikit-learn, glmnet and scipy that it names.
type expected struct {
	Edges    []float64  `json:"edges"`
	Size     []uint8    `json:"size"`
	Sector   []uint8    `json:"sector"`
	Hiring   []uint8    `json:"hiring"`
	Tools    [][]uint16 `json:"tools"`
	Customer []bool     `json:"customer"`
	Weight   []float64  `json:"weight"`
	Free     []solution `json:"free"`
	Centred  []solution `json:"centred"`
	Signed   []solution `json:"signed"`

	Prior map[string][]float64 `json:"prior"`
}

type solution struct {
	Program   string               `json:"program"`
	Alpha     float64              `json:"alpha"`
	Penalty   float64              `json:"penalty"`
	Intercept float64              `json:"intercept"`
	Scores    map[string][]float64 `json:"scores"`
}

func (e *expected) UnmarshalJSON(data []byte) error {
	// Go reads []uint8 as base64, Python writes numbers.
	type plain expected
	var codes struct{ Size, Sector, Hiring []int }
	var rest struct {
		*plain
		Size, Sector, Hiring json.RawMessage
	}
	rest.plain = (*plain)(e)
	if err := json.Unmarshal(data, &codes); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &rest); err != nil {
		return err
	}
	e.Size, e.Sector, e.Hiring = bytes(codes.Size), bytes(codes.Sector), bytes(codes.Hiring)
	return nil
}

func bytes(codes []int) []uint8 {
	out := make([]uint8, len(codes))
	for i, c := range codes {
		out[i] = uint8(c)
	}
	return out
}

// data returns the accounts; the missing bin of size may be learned.
func (e *expected) data() model.Data {
	tools := bin.Column{Codes: make([]uint8, len(e.Tools)), Offsets: []int32{0}}
	for i, items := range e.Tools {
		tools.Codes[i] = 1
		tools.Items = append(tools.Items, items...)
		tools.Offsets = append(tools.Offsets, int32(len(tools.Items)))
	}
	d := model.Data{
		Table: &bin.Table{
			Rows: len(e.Size),
			Binnings: []bin.Binning{
				{Feature: "size", Kind: features.Number, Edges: e.Edges},
				{Feature: "sector", Kind: features.Category, Values: []string{"a", "b", "c"}, Labels: []string{"a", "b", "c"}},
				{Feature: "hiring", Kind: features.Flag},
				{Feature: "tools", Kind: features.Set, Items: []string{"x", "y", "z"}, Labels: []string{"x", "y", "z"}},
			},
			Columns: []bin.Column{{Codes: e.Size}, {Codes: e.Sector}, {Codes: e.Hiring}, tools},
		},
		Customer: e.Customer, Weights: e.Weight, Monotone: make([]int, 4), Learn: []bool{true, false, false, false}, Seed: 1,
	}
	for i := range d.Customer {
		d.Keys = append(d.Keys, model.Mix(uint64(i), 0))
	}
	return d
}

func readExpected(t *testing.T) *expected {
	t.Helper()
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return &e
}

// at returns a learner with one penalty and the whole pool.
func at(alpha, penalty float64) logistic.Learner {
	return logistic.Learner{Options: logistic.Options{Alphas: []float64{alpha}, Penalties: []float64{penalty}, Parts: 2, Pool: 1e9}}
}

// compare fits d and compares with a solution.
func compare(t *testing.T, d model.Data, want solution) {
	t.Helper()
	f, err := at(want.Alpha, want.Penalty).Fit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(f.Intercept-want.Intercept) > 1e-6 {
		t.Errorf("%s, alpha %v, penalty %v: intercept %v, want %v", want.Program, want.Alpha, want.Penalty, f.Intercept, want.Intercept)
	}
	for k := range d.Table.Binnings {
		name := d.Table.Binnings[k].Feature
		for slot, score := range want.Scores[name] {
			if slot == 0 && !d.Learn[k] {
				continue // the pool's average: see package modeltest
			}
			if d.Prior != nil && d.Prior[k] != nil {
				score += d.Prior[k][slot]
			}
			if math.Abs(f.Scores[k][slot]-score) > 1e-6 {
				t.Errorf("%s, alpha %v, penalty %v: %s, slot %d scores %.9f, want %.9f", want.Program, want.Alpha, want.Penalty, name, slot, f.Scores[k][slot], score)
			}
		}
	}
}

// TestReference compares the optimum with scikit-learn's and glmnet's on the
// same design, of ridge, lasso and between.
func TestReference(t *testing.T) {
	e := readExpected(t)
	if len(e.Free) < 18 {
		t.Fatalf("%d solutions, want 18", len(e.Free))
	}
	for _, want := range e.Free {
		compare(t, e.data(), want)
	}
}

// TestReferencePrior compares the optimum of a penalty centred on scores with
// glmnet's of an offset.
func TestReferencePrior(t *testing.T) {
	e := readExpected(t)
	d := e.data()
	for _, b := range d.Table.Binnings {
		d.Prior = append(d.Prior, e.Prior[b.Feature])
	}
	if len(e.Centred) == 0 {
		t.Fatal("no solutions")
	}
	for _, want := range e.Centred {
		compare(t, d, want)
	}
}

// TestReferenceSigned compares the optimum under signs that the data contradict
// with scipy's under bounds.
func TestReferenceSigned(t *testing.T) {
	e := readExpected(t)
	for _, want := range e.Signed {
		d := e.data()
		d.Monotone[0], d.Monotone[2] = -1, 1
		compare(t, d, want)
	}
}
