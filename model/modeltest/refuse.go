package modeltest

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
)

// refuses returns a fault unless l refuses d with an error that wraps want, or
// any error if want is nil.
func refuses(ctx context.Context, l model.Learner, d model.Data, want error) error {
	_, err := l.Fit(ctx, d)
	switch {
	case err == nil:
		return errors.New("there is no error")
	case want != nil && !errors.Is(err, want):
		return fmt.Errorf("the error is %q, want one that wraps %q", err, want)
	}
	return nil
}

func oneClass(ctx context.Context, l model.Learner) error {
	var errs []error
	for _, customer := range []bool{false, true} {
		d, _ := planted(10, 50, 1, 20)
		for i := range d.Customer {
			d.Customer[i] = customer
		}
		errs = append(errs, refuses(ctx, l, d, model.ErrOneClass))
	}
	return errors.Join(errs...)
}

// few checks that as few as one customer, or one group that holds them all, has
// a fit of finite scores. All accounts in one group may be refused.
func few(ctx context.Context, l model.Learner) error {
	for _, customers := range []int{1, 2, 5} {
		d, _ := planted(customers, 300, 1, 21)
		if _, err := fit(ctx, l, d); err != nil {
			return fmt.Errorf("%d customers: %w", customers, err)
		}
	}
	d, _ := planted(20, 300, 1, 22)
	for class, name := range []string{"the customers in one group", "the pool in another"} {
		for i, c := range d.Customer {
			if c == (class == 0) {
				d.Keys[i] = uint64(class)
			}
		}
		if _, err := fit(ctx, l, d); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	clear(d.Keys)
	if _, err := fit(ctx, l, d); err != nil && !errors.Is(err, model.ErrOneClass) {
		return fmt.Errorf("all in one group: %w", err)
	}
	return nil
}

func badWeights(ctx context.Context, l model.Learner) error {
	for _, w := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1} {
		d, _ := planted(10, 50, 1, 23)
		d.Weights[7] = w
		if err := refuses(ctx, l, d, nil); err != nil {
			return fmt.Errorf("weight %v: %w", w, err)
		}
	}
	return nil
}

func lengths(ctx context.Context, l model.Learner) error {
	var errs []error
	for name, cut := range map[string]func(*model.Data){
		"label":  func(d *model.Data) { d.Customer = d.Customer[1:] },
		"weight": func(d *model.Data) { d.Weights = d.Weights[1:] },
		"key":    func(d *model.Data) { d.Keys = d.Keys[1:] },
		"sign":   func(d *model.Data) { d.Monotone = d.Monotone[1:] },
		"policy": func(d *model.Data) { d.Learn = d.Learn[1:] },
	} {
		d, _ := planted(10, 50, 1, 24)
		cut(&d)
		if err := refuses(ctx, l, d, nil); err != nil {
			errs = append(errs, fmt.Errorf("a %s too few: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func cancelled(ctx context.Context, l model.Learner) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	d, _ := planted(50, 500, 1, 25)
	return refuses(ctx, l, d, context.Canceled)
}
