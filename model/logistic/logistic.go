// Package logistic learns a points table by penalised logistic regression on
// binned features. It minimises
//
//	Σ w log(1 + exp(∓η)) + λ Σ (α|δ| + (1−α)δ²/2),  δ = β − centre
//
// over the coefficients β and a free intercept: the elastic net, whose optimum is
// that of scikit-learn's LogisticRegression with C = 1/λ and of glmnet with λ/Σw.
//
// The columns, all standardised by their spread in the pool: a category, flag or
// item is an indicator (a rare one divided by 0.1, so that it stays penalised); a
// number or date is a slope on the logarithm of its bin's middle, and ramps, each
// rising between two knots at quantiles, so that the penalty pulls a curve to a
// line; the missing bin is an indicator of its own where it may be learned.
// Coefficients of an ordered feature do not go against its monotone sign.
//
// Where scores are held likely beforehand (Data.Prior, a grid that people wrote),
// the penalty pulls to them: with few customers they hold, with many the data do.
//
// λ is on a path of 50 from where nothing is learned, and with α is what predicts
// parts left out best, in log loss; parts are of whole groups. Every fourth λ is
// solved first, then those about the best.
//
// The solver is glmnet's [1]: Newton steps on the loss, each found by coordinate
// descent on its quadratic model, from one λ's minimum to the next's; a step is
// halved until the loss falls, without which one-hot columns diverge. Beside that,
// rows are never multiplied out: all columns of a feature are functions of its
// code, so margins are sums of looked up scores, and gradients and Hessians are
// projections of sums of rows by code and by pairs of codes. Above 32,768 rows the
// Hessian is of a sample of them.
//
//	design.go, columns.go   what the columns are
//	prior.go                where the penalty pulls to
//	cells.go, pass.go       products with the design, by code
//	gram.go, descent.go     the quadratic model: with products of columns kept, where these are fewer than the rows' entries, and without
//	penalty.go              the penalty
//	solve.go, polish.go     steps to the minimum, and to its last digits
//	path.go                 the choice of λ and α
//
// [1] Friedman, Hastie and Tibshirani, "Regularization Paths for Generalized
// Linear Models via Coordinate Descent", Journal of Statistical Software 33 (2010).
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
	Alphas    []float64 `json:"alphas"`    // α tried, in [0, 1]; 0: ridge, 1: lasso
	Penalties []float64 `json:"penalties"` // λ tried, descending, > 0; nil: a path
	Path      int       `json:"path"`      // λ on the path from where next to nothing is learned to the least one, ≥ 1
	Least     float64   `json:"least"`     // least λ on the path, > 0
	Parts     int       `json:"parts"`     // parts left out in turn to choose λ, ≥ 2
	OneSE     bool      `json:"one_se"`    // the strongest λ within one standard error of the best
	Pool      float64   `json:"pool"`      // most pool groups a customer's, > 0; more are sampled
	Floor     float64   `json:"floor"`     // most pool groups where customers are few, ≥ 0
}

// DefaultOptions returns options that were compared on five folds of hackerone,
// yc, coil, telco and x-education that nothing is judged by; figures are mean AUCs.
//
// Both alphas are tried, since either may lose: ridge has 0.8363 and α = 0.25 has
// 0.8379, but hackerone loses 0.008 by it and yc and coil 0.006 and 0.009 by
// ridge. Chosen by log loss in each fit: 0.8396. With 100 customers (yc,
// x-education, telco, coil): 0.7965, 0.8044 and 0.8045. Without ramps, which took
// x-education from 0.8448 to 0.8702, a number has one slope.
//
// The least loss ranks better than one standard error (0.8045 against 0.8024
// with 100 customers), whose table is smoother: that is for a table to print.
//
// Ten pool accounts a customer's are too few where customers are: with all of the
// pool, at most 4,500 accounts, 50 customers give 0.794, not 0.783, and 100 give
// 0.807, not 0.804.
//
// The least λ lets a standardised coefficient have a standard deviation of 1.4.
func DefaultOptions() Options {
	return Options{Alphas: []float64{0, 0.25}, Path: 50, Least: 0.5, Parts: 5, Pool: 10, Floor: 3000}
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
	check(o.Floor >= 0, "floor is %g; want at least 0", o.Floor)
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
	x := newDesign(&d, l.Options.Pool, l.Options.Floor)
	s := newSolver(x, x.weight)
	chosen, err := l.choose(ctx, x, s)
	if err != nil {
		return nil, err
	}
	if start := chosen.start; start != nil {
		s.from(start)
	} else if err := s.approach(ctx, chosen.penalty()); err != nil {
		return nil, err
	}
	if err := s.descend(ctx, chosen.penalty(), enough, 100); err != nil {
		return nil, err
	}
	if err := s.polish(ctx, chosen.penalty()); err != nil {
		return nil, err
	}
	f := x.fit(s.beta)
	f.Recentre(&d)
	return f, nil
}
