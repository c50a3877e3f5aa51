package trees_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/trees"
)

// expected is testdata/expected.json, made by scripts/reference/trees_expected.py
// with the version of LightGBM that it names.
type expected struct {
	Rounds, Leaves int
	Rate, L2       float64
	LeastHessian   float64 `json:"least_hessian"`
	CatSmooth      float64 `json:"cat_smooth"`
	CatL2          float64 `json:"cat_l2"`
	Cases          []struct {
		Name     string
		Sign     int
		Category string
		Codes    [3][]int
		Customer []bool
		Margins  []float64
	}
}

// TestLightGBM checks that the same trees grow as LightGBM's. Gradients are
// rounded to a millionth here, which moves the leaves by as little.
func TestLightGBM(t *testing.T) {
	raw, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	for _, c := range e.Cases {
		t.Run(c.Name, func(t *testing.T) {
			d := model.Data{Table: &bin.Table{Rows: len(c.Customer)}, Monotone: []int{c.Sign, 0, 0}, Learn: []bool{true, true, true}, Seed: 1, Customer: c.Customer}
			for k, codes := range c.Codes {
				b := bin.Binning{Feature: string(rune('a' + k)), Kind: features.Number, Edges: make([]float64, 19)}
				if k == 2 && c.Category != "" {
					b = bin.Binning{Feature: "c", Kind: features.Category, Values: make([]string, 9)}
				}
				column := bin.Column{}
				for _, code := range codes {
					column.Codes = append(column.Codes, uint8(code))
				}
				d.Table.Binnings, d.Table.Columns = append(d.Table.Binnings, b), append(d.Table.Columns, column)
			}
			for i := range c.Customer {
				d.Weights, d.Keys = append(d.Weights, 1), append(d.Keys, model.Mix(uint64(i), 1))
			}
			o := trees.Options{
				Bags: 1, Pool: math.MaxFloat64, Rounds: e.Rounds, Every: e.Rounds, Rate: e.Rate, Leaves: e.Leaves, Depth: 64,
				L2: e.L2, LeastHessian: e.LeastHessian, Columns: 1, Rows: 1, OneHot: 256, CatSmooth: e.CatSmooth, CatL2: e.CatL2,
			}
			if c.Category == "runs" {
				o.OneHot = 4
			}
			f, err := trees.Learner{Options: o}.Fit(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			var shift float64 // the intercept is moved afterwards
			far := 0.0
			for i, want := range c.Margins {
				shift += (f.Margin(d.Table, i) - want) / float64(len(c.Margins))
			}
			for i, want := range c.Margins {
				far = max(far, math.Abs(f.Margin(d.Table, i)-want-shift))
			}
			if far > 1e-5 || math.Abs(shift) > 0.05 {
				t.Errorf("margins differ from LightGBM's by up to %v, and by %v on average", far, shift)
			}
		})
	}
}
