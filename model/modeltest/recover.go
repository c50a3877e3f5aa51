package modeltest

import (
	"context"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/model"
)

// correlation returns Pearson's coefficient.
func correlation(a, b []float64) float64 {
	n := float64(len(a))
	var ma, mb float64
	for i := range a {
		ma, mb = ma+a[i]/n, mb+b[i]/n
	}
	var ab, aa, bb float64
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	return ab / math.Sqrt(aa*bb)
}

// recovers checks that a truth which every learner can express is found.
func recovers(ctx context.Context, l model.Learner, least Least) error {
	d, lifts := planted(2000, 10_000, 1, 30)
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	if r := correlation(margins(f, d), lifts); r < least.Planted {
		return fmt.Errorf("2,000 customers: correlation with the planted log lift is %.4f, want %v", r, least.Planted)
	}
	return nil
}

// recoversSample checks the margins of a generated base, whose truth has a size
// that peaks and an interaction, which tables express in part only.
func recoversSample(ctx context.Context, l model.Learner, least Least) error {
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess = 12_000, 2000, 0
	base, err := sample.Generate(o)
	if err != nil {
		return err
	}
	frame := Frame(base, 0)
	f, d, err := frame.Fit(ctx, l, frame.All())
	if err != nil {
		return err
	}
	if r := correlation(margins(f, *d), base.LogLift); r < least.Generated {
		return fmt.Errorf("generated base: correlation with the true log lift is %.4f, want %v", r, least.Generated)
	}
	return nil
}

// noise checks that next to nothing is made of customers drawn at random: the
// standard deviation of the margins is far below the planted truth's, which is 1.
func noise(ctx context.Context, l model.Learner) error {
	d, _ := planted(500, 5000, 0, 31)
	f, err := fit(ctx, l, d)
	if err != nil {
		return err
	}
	var sum, squares float64
	m := margins(f, d)
	for _, v := range m {
		sum += v
		squares += v * v
	}
	n := float64(len(m))
	if sd := math.Sqrt(squares/n - sum*sum/n/n); sd > 0.2 {
		return fmt.Errorf("without signal the margins have standard deviation %.3f, want at most 0.2", sd)
	}
	return nil
}
