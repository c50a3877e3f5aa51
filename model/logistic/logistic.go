// Package logistic learns a points table by ridge-penalised logistic
// regression on binned features.
//
// A number or date enters as one slope on the logarithm of its bin's middle, a
// category, flag or item as an indicator, all standardised by their spread in
// the pool (rare indicators by 0.1, so that they stay penalised); the missing
// bin is an indicator of its own where it may be learned. The penalty is the
// one of a short path that predicts parts left out best, in log loss.
//
// The optimum is that of scikit-learn's LogisticRegression on the same design:
// minimise Σ w log(1+exp(∓η)) + λ/2 |β|², intercept free, by L-BFGS and then
// Newton's method. The slope of a number or date and the coefficient of a flag
// that would go against the feature's monotone sign are 0.
package logistic

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/model"
)

// Options decide what Fit builds. Start from DefaultOptions; zero means zero.
type Options struct {
	Alphas    []float64 `json:"alphas"`    // shares of absolute values in the penalty tried, in [0, 1]; 0: ridge, 1: lasso
	Penalties []float64 `json:"penalties"` // λ tried, descending, > 0; nil: a path
	Path      int       `json:"path"`      // λ on the path from where nothing is learned to the least one, ≥ 1
	Least     float64   `json:"least"`     // least λ on the path, > 0
	Parts     int       `json:"parts"`     // parts left out in turn to choose λ, ≥ 2
	OneSE     bool      `json:"one_se"`    // the strongest λ within one standard error of the best
	Pool      float64   `json:"pool"`      // most pool groups a customer's, > 0; more are sampled
}

// DefaultOptions returns
func DefaultOptions() Options {
	return Options{Alphas: []float64{0, 0.25}, Path: 50, Least: 0.5, Parts: 5, Pool: 10}
}

// Validate reports every bad option.
func (o Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("logistic: "+format, args...))
		}
	}
	check(len(o.Alphas) > 0, "no alphas; want at least 1")
	for i, a := range o.Alphas {
		check(a >= 0 && a <= 1, "alpha %d is %g; want 0 to 1", i, a)
	}
	for i, p := range o.Penalties {
		ok := p > 0 && !math.IsInf(p, 0) && (i == 0 || p < o.Penalties[i-1])
		check(ok, "penalty %d is %g; want descending numbers above 0", i, p)
	}
	if o.Penalties == nil {
		check(o.Path >= 1, "path is %d; want at least 1", o.Path)
		check(o.Least > 0 && !math.IsInf(o.Least, 0), "least is %g; want above 0", o.Least)
	} else {
		check(len(o.Penalties) > 0, "no penalties; want at least 1")
	}
	check(o.Parts >= 2, "parts is %d; want at least 2", o.Parts)
	check(o.Pool > 0, "pool is %g; want above 0", o.Pool)
	return errors.Join(errs...)
}

// A Learner fits logistic regressions. It implements model.Learner.
type Learner struct{ Options Options }

// Name returns "logistic".
func (Learner) Name() string { return "logistic" }

// Fit learns the scores.
func (l Learner) Fit(ctx context.Context, d model.Data) (*model.Fit, error) {
	if err := l.Options.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	x := newDesign(&d, l.Options.Pool)
	s := newSolver(x, x.weight)
	chosen, err := l.choose(ctx, x, s)
	if err != nil {
		return nil, err
	}
	s.from(chosen.start)
	if err := s.descend(ctx, chosen.penalty(), enough, 100); err != nil {
		return nil, err
	}
	if err := s.polish(ctx, chosen.penalty()); err != nil {
		return nil, err
	}
	f := x.fit(&d, s.beta)
	f.Recentre(&d)
	return f, nil
}
