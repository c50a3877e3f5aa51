//go:build simulation

package compare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/compare"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/train"
)

// TestEqual trains one learner twice on each of 40 bases, with other seeds and so
// with other folds. Neither is better in truth: of 95 % intervals 2 should leave
// out 0. Bases of 250 customers have three repeats of cross-validation, those of
// 520 one.
func TestEqual(t *testing.T) {
	const bases = 20
	for _, customers := range []int{250, 520} {
		plain, widened := 0, 0
		for seed := range uint64(bases) {
			q := measure(t, equal(t, customers, seed, 101), equal(t, customers, seed, 202), own)
			d := q.AUC.Difference
			if low, high := d.Value+(d.Low-d.Value)/q.Widened, d.Value+(d.High-d.Value)/q.Widened; low > 0 || high < 0 {
				plain++
			}
			if q.Verdict != compare.NoDifferenceShown {
				widened++
			}
		}
		t.Logf("%d customers: of %d pairs of equals, a difference is shown in %d, by the bootstrap alone in %d", customers, bases, widened, plain)
		if widened > 3 { // P = 1.6 % at 5 %
			t.Errorf("%d customers: too many", customers)
		}
	}
}

// equal trains on a base of so many customers, and ten pool accounts for each:
// eight numbers, of which two tell them apart.
func equal(t *testing.T, customers int, base, seed uint64) *compare.Measured {
	t.Helper()
	r := rand.New(rand.NewPCG(base, 7))
	f := &evaluate.Frame{AsOf: 20_000, Seed: seed, Bins: bin.DefaultOptions(), Batch: &datasets.Batch{Rows: 11 * customers}}
	for k := range 8 {
		name := fmt.Sprintf("x%d", k)
		f.Specs = append(f.Specs, features.Spec{Name: name, Pillar: features.Firmographic, Kind: features.Number, Column: name})
		f.Batch.Columns = append(f.Batch.Columns, datasets.Column{Field: datasets.Field{Name: name, Type: datasets.Number}})
	}
	for i := range f.Batch.Rows {
		customer := i < customers
		f.Customer, f.Weights, f.Keys = append(f.Customer, customer), append(f.Weights, 1), append(f.Keys, r.Uint64())
		for k := range f.Batch.Columns {
			x := r.NormFloat64()
			if customer && k < 2 {
				x += 0.6
			}
			f.Batch.Columns[k].Numbers = append(f.Batch.Columns[k].Numbers, x)
		}
	}
	result, err := train.Run(t.Context(), f, train.Options{
		Name: "main", AsOf: "2024-10-04", Learner: "logistic", TestFrom: datasets.MissingDay,
		Grades: train.GradeOptions{Scale: "A-F", Method: "lift", On: "fit"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &compare.Measured{Model: result.Model, Frame: f, Margins: result.OutOfFold}
}
