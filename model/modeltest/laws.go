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

	"github.com/icpfit/icpfit/datasets/sample"
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

// neutral checks that being unknown adds exactly nothing to the average account,
// and being known nothing on average, though being known tells customers apart.
func neutral(ctx context.Context, l model.Learner) error {
	d, _ := planted(200, 2000, 1, 7)
	withoutCells(d, 0.5, 7)
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	for k, of := range contributions(f, d) {
		var sum, known, most float64
		for i, code := range d.Table.Columns[k].Codes {
			if code == 0 && math.Abs(of[i]) > 1e-10 {
				return fmt.Errorf("feature %d: an empty cell adds %v, want 0", k, of[i])
			}
			if code != 0 && !d.Customer[i] {
				sum += d.Weights[i] * of[i]
				known += d.Weights[i]
			}
			most = max(most, math.Abs(of[i]))
		}
		if math.Abs(sum/known) > 1e-10 {
			return fmt.Errorf("feature %d: known cells add %v on average over the pool, want 0", k, sum/known)
		}
		if k != tools && most < 0.05 {
			return fmt.Errorf("feature %d adds %v at most, as if it told nothing", k, most)
		}
	}
	return nil
}

// learned checks that empty cells, all of them in the pool, speak against an
// account where they may.
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
	var sum, n [2]float64
	for i, m := range margins(f, d) {
		if d.Customer[i] {
			continue
		}
		class := 0
		if d.Table.Columns[size].Codes[i] == 0 && d.Table.Columns[sector].Codes[i] == 0 {
			class = 1
		}
		sum[class] += m
		n[class]++
	}
	if gap := sum[1]/n[1] - sum[0]/n[0]; gap > -0.4 {
		return fmt.Errorf("the margins of pool accounts with empty cells, which customers do not have, differ by %v from others'; want at most -0.4", gap)
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
	for i := 0; i < d.Table.Rows; i += 10 {
		m := across(f, d, sector, i)
		if low, high := slices.Min(m), slices.Max(m); low != high {
			return fmt.Errorf("a feature that only customers have moves margins from %v to %v", low, high)
		}
	}
	return nil
}

// constant checks features that are empty everywhere, or have one value: they
// move all accounts alike, and little.
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
		added := contributions(f, d)
		for k := planted4; k < len(f.Scores); k++ {
			if s := f.Scores[k][d.Table.Columns[k].Codes[0]]; math.Abs(s) > 1 {
				return fmt.Errorf("learn %v: feature %d has one value, which scores %v", learn, k, s)
			}
			for i, v := range added[k] {
				if math.Abs(v) > 1e-10 {
					return fmt.Errorf("learn %v: feature %d has one value, which adds %v to account %d", learn, k, v, i)
				}
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
			if err := rises(f, d, k, float64(sign)); err != nil {
				return fmt.Errorf("sign %d: %w", sign, err)
			}
		}
	}
	return nil
}

// rises checks that no account's margin goes against the sign of feature k as its
// value rises, and where the sign is the truth's that it goes far enough.
func rises(f *model.Fit, d model.Data, k int, sign float64) error {
	var rise, n float64
	for i := 0; i < d.Table.Rows; i += 5 {
		m := across(f, d, k, i)[1:]
		for code := 1; code < len(m); code++ {
			if sign*(m[code]-m[code-1]) < -1e-12 {
				return fmt.Errorf("feature %d: margins go from %v to %v at code %d", k, m[code-1], m[code], code+1)
			}
		}
		rise += m[len(m)-1] - m[0]
		n++
	}
	if sign > 0 && rise/n < 0.2 {
		return fmt.Errorf("feature %d rises by %v; the truth, by more than 0.8", k, rise/n)
	}
	return nil
}

// infinite checks numbers that are not numbers: infinite ones are the greatest
// and the least there are, and what is missing is not one of them.
func infinite(ctx context.Context, l model.Learner) error {
	b := bin.Binning{Feature: "size", Pillar: features.Firmographic, Kind: features.Number, Edges: binnings()[size].Edges}
	if low, high := b.Number(math.Inf(-1)), b.Number(math.Inf(1)); low != 1 || int(high) != b.Slots()-1 || b.Number(math.NaN()) != 0 {
		return fmt.Errorf("codes of -Inf and +Inf are %d and %d, of NaN %d", low, high, b.Number(math.NaN()))
	}
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 3000, 300, 0
	base, err := sample.Generate(o)
	if err != nil {
		return err
	}
	frame := Frame(base, 0)
	strange := []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)}
	for k := range frame.Batch.Columns {
		for i := range frame.Batch.Columns[k].Numbers {
			if model.Mix(uint64(i), uint64(k))%4 == 0 {
				frame.Batch.Columns[k].Numbers[i] = strange[i%len(strange)]
			}
		}
	}
	f, d, err := frame.Fit(ctx, l, frame.All())
	if err != nil {
		return err
	}
	for i, m := range margins(f, *d) {
		if !finite(m) {
			return fmt.Errorf("account %d has margin %v", i, m)
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
func heavyPool(ctx context.Context, l model.Learner, least Least) error {
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
	if r := correlation(margins(f, d), lifts); r < least.Heavy {
		return fmt.Errorf("with pool weights of 500 the correlation with the truth is %.3f, want %v", r, least.Heavy)
	}
	return nil
}
