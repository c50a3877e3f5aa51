package modeltest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// rounding is how far fits of the same data in another form may differ.
const rounding = 1e-9

func same(ctx context.Context, l model.Learner) error {
	d, _ := planted(150, 1500, 1, 1)
	a, b, far, err := fits(ctx, l, d, d)
	if err == nil && !reflect.DeepEqual(a, b) {
		err = fmt.Errorf("two fits of the same data differ by %v", far)
	}
	return err
}

func unchanged(ctx context.Context, l model.Learner) error {
	d, _ := planted(100, 800, 1, 2)
	before, _ := planted(100, 800, 1, 2)
	if _, err := fit(ctx, l, d); err != nil {
		return err
	}
	if !reflect.DeepEqual(before, d) {
		return errors.New("the data have changed")
	}
	return nil
}

func twice(ctx context.Context, l model.Learner) error {
	d, _ := planted(120, 4000, 1, 3) // more pool than learners keep
	order := all(d.Table.Rows)
	for i := 0; i < d.Table.Rows; i += 7 {
		order = append(order, int32(i))
	}
	doubled := rows(d, order)
	for i := 0; i < d.Table.Rows; i += 7 {
		d.Weights[i] = 2
	}
	_, _, far, err := fits(ctx, l, d, doubled)
	if err == nil && far > rounding {
		err = fmt.Errorf("rows of weight 2 and rows given twice differ by %v", far)
	}
	return err
}

func permuted(ctx context.Context, l model.Learner) error {
	d, _ := planted(120, 4000, 1, 4)
	for i := range d.Keys { // some accounts share a group, of both classes
		if i%5 == 0 {
			d.Keys[i] = d.Keys[(i*13)%len(d.Keys)]
		}
	}
	order := all(d.Table.Rows)
	rand.New(rand.NewPCG(5, 5)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	_, _, far, err := fits(ctx, l, d, rows(d, order))
	if err == nil && far > rounding {
		err = fmt.Errorf("fits of permuted rows differ by %v", far)
	}
	return err
}

func processors(ctx context.Context, l model.Learner) error {
	d, _ := planted(150, 1500, 1, 6)
	var result [2]*model.Fit
	for n := range result {
		before := runtime.GOMAXPROCS(n + 1)
		f, err := fit(ctx, l, d)
		runtime.GOMAXPROCS(before)
		if err != nil {
			return err
		}
		result[n] = f
	}
	if !reflect.DeepEqual(result[0], result[1]) {
		return errors.New("fits on one and two processors differ")
	}
	return nil
}

// poolMean returns the pool's mean score of the known values of feature k,
// from the definition.
func poolMean(d model.Data, f *model.Fit, k int) float64 {
	var sum, weight float64
	c := d.Table.Columns[k]
	for i, code := range c.Codes {
		if d.Customer[i] || code == 0 {
			continue
		}
		score := f.Scores[k][code]
		if c.Offsets != nil {
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				score += f.Scores[k][2+item]
			}
		}
		sum += d.Weights[i] * score
		weight += d.Weights[i]
	}
	return sum / weight
}

// withoutCells empties cells of the pool, so that being known tells customers
// from it.
func withoutCells(d model.Data, share float64, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 2))
	for i, c := range d.Customer {
		if c || rng.Float64() >= share {
			continue
		}
		for k := range d.Table.Columns {
			if d.Table.Binnings[k].IsSet() {
				continue // items would have to go too
			}
			d.Table.Columns[k].Codes[i] = 0
		}
	}
}

func neutral(ctx context.Context, l model.Learner) error {
	d, _ := planted(200, 2000, 1, 7)
	withoutCells(d, 0.5, 7)
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	for k := range d.Table.Columns {
		if mean := poolMean(d, f, k); math.Abs(f.Scores[k][0]-mean) > 1e-12 {
			return fmt.Errorf("feature %d: the missing bin scores %v, want the pool's average %v", k, f.Scores[k][0], mean)
		}
	}
	return nil
}

func learned(ctx context.Context, l model.Learner) error {
	d, _ := planted(300, 3000, 1, 8)
	withoutCells(d, 0.5, 8)
	for k := range d.Learn {
		d.Learn[k] = true
	}
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	if mean := poolMean(d, f, sector); f.Scores[sector][0] > mean-0.2 {
		return fmt.Errorf("an empty cell, far more frequent in the pool, scores %v, the average %v; want less", f.Scores[sector][0], mean)
	}
	return nil
}

// customersOnly checks a feature that no pool account has a value of: what can
// be told from it is only that somebody filled it in.
func customersOnly(ctx context.Context, l model.Learner) error {
	d, _ := planted(150, 1500, 1, 9)
	for i, c := range d.Customer {
		if !c {
			d.Table.Columns[sector].Codes[i] = 0
		}
	}
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	for slot, s := range f.Scores[sector] {
		if s != 0 {
			return fmt.Errorf("slot %d of a feature that only customers have scores %v, want 0", slot, s)
		}
	}
	return nil
}

// constant checks features that are empty everywhere, or have one value: their
// scores move all accounts alike, and little.
func constant(ctx context.Context, l model.Learner) error {
	for _, learn := range []bool{false, true} {
		d, _ := planted(150, 1500, 1, 10)
		for code := range uint8(2) {
			addConstants(&d, code, learn)
		}
		f, err := fit(ctx, l, d)
		if err != nil {
			return fmt.Errorf("learn %v: %w", learn, err)
		}
		for k := planted4; k < len(f.Scores); k++ {
			if s := f.Scores[k][d.Table.Columns[k].Codes[0]]; math.Abs(s) > 1 {
				return fmt.Errorf("learn %v: feature %d has one value, which scores %v", learn, k, s)
			}
		}
	}
	return nil
}

// addConstants adds to d a feature of every kind with one code everywhere.
func addConstants(d *model.Data, code uint8, learn bool) {
	for _, b := range []bin.Binning{
		{Feature: "n", Kind: features.Number},
		{Feature: "d", Kind: features.Date, Edges: []float64{30}},
		{Feature: "c", Kind: features.Category, Values: []string{"v"}, Labels: []string{"V"}},
		{Feature: "f", Kind: features.Flag},
		{Feature: "s", Kind: features.Set, Items: []string{"i"}, Labels: []string{"I"}},
	} {
		b.Pillar = features.Firmographic
		c := bin.Column{Codes: slices.Repeat([]uint8{code}, d.Table.Rows)}
		if b.IsSet() {
			c.Offsets = make([]int32, d.Table.Rows+1)
		}
		d.Table.Binnings, d.Table.Columns = append(d.Table.Binnings, b), append(d.Table.Columns, c)
		d.Monotone, d.Learn = append(d.Monotone, 0), append(d.Learn, learn)
	}
}

// monotone checks both signs on features whose truth rises.
func monotone(ctx context.Context, l model.Learner) error {
	for _, sign := range []int{1, -1} {
		d, _ := planted(200, 2000, 1, 11)
		d.Monotone[size], d.Monotone[hiring] = sign, sign
		f, err := fit(ctx, l, d)
		if err != nil {
			return err
		}
		for _, k := range []int{size, hiring} {
			s := f.Scores[k]
			for slot := 2; slot < len(s); slot++ {
				if float64(sign)*(s[slot]-s[slot-1]) < 0 {
					return fmt.Errorf("sign %d: scores of feature %d go from %v to %v at slot %d", sign, k, s[slot-1], s[slot], slot)
				}
			}
			if rise := s[len(s)-1] - s[1]; sign > 0 && rise < 0.2 {
				return fmt.Errorf("sign 1: feature %d rises by %v; the truth, by more than 0.8", k, rise)
			}
		}
	}
	return nil
}

// intercept checks that as many customers are expected as there are.
func intercept(ctx context.Context, l model.Learner) error {
	d, _ := planted(150, 5000, 1, 12)
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	var expected float64
	for i := range d.Customer {
		expected += d.Weights[i] / (1 + math.Exp(-f.Margin(d.Table, i)))
	}
	if math.Abs(expected-150) > 1e-6 {
		return fmt.Errorf("the fit expects %v customers, want 150", expected)
	}
	return nil
}

// heavyPool checks that a sampled pool, each account of which stands for many,
// is not sampled for that again: the fit keeps what the accounts tell.
func heavyPool(ctx context.Context, l model.Learner) error {
	d, lifts := planted(1000, 10_000, 1, 13)
	for i, c := range d.Customer {
		if !c {
			d.Weights[i] = 500
		}
	}
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	if r := correlation(margins(f, d), lifts); r < 0.95 {
		return fmt.Errorf("with pool weights of 500 the correlation with the truth is %.3f, want 0.95", r)
	}
	return nil
}
