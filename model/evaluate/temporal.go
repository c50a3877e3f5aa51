package evaluate

import (
	"context"
	"slices"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// LeastLater is the least number of customers won later, and earlier, for which
// a temporal hold-out is measured: with fewer, the interval says nothing.
const LeastLater = 50

// A TimeSplit parts the frame's rows by when customers were won.
type TimeSplit struct {
	From        int32 // day: customers won on it or later are tested
	Train, Test []int32
	Customers   [2]int // trained on, tested
}

// Day writes From.
func (s *TimeSplit) Day() string {
	return time.Unix(int64(s.From)*86400, 0).UTC().Format(time.DateOnly)
}

// SplitByTime returns the temporal hold-out: customers won before a day are
// trained on and those won later tested, each against its half of the pool. from
// is that day; datasets.MissingDay means the first day that leaves at most two
// fifths of the dated customers later, of those days on which some were won.
// Customers without a date take no part. It returns nil where fewer than
// LeastLater customers are on either side.
func (f *Frame) SplitByTime(from int32) *TimeSplit {
	var days []int32
	for i, d := range f.WonAt {
		if f.Customer[i] && d != datasets.MissingDay {
			days = append(days, d)
		}
	}
	if len(days) < 2*LeastLater {
		return nil
	}
	slices.Sort(days)
	if from == datasets.MissingDay {
		from = days[len(days)-len(days)*2/5]
	}
	s := &TimeSplit{From: from}
	for i, customer := range f.Customer {
		later := 0
		switch {
		case !customer && model.Uniform(f.Keys[i], f.Seed+timeSeed) < 0.5:
		case !customer:
			later = 1
		case f.WonAt[i] == datasets.MissingDay:
			continue
		default:
			if f.WonAt[i] >= from {
				later = 1
			}
			s.Customers[later]++
		}
		if later == 1 {
			s.Test = append(s.Test, int32(i))
		} else {
			s.Train = append(s.Train, int32(i))
		}
	}
	if min(s.Customers[0], s.Customers[1]) < LeastLater {
		return nil
	}
	return s
}

// timeSeed keeps the halves of the pool apart from the folds.
const timeSeed = 0x74696d65

// Rows returns the frame of some rows, without their features.
func (f *Frame) Rows(rows []int32) *Frame {
	out := &Frame{Batch: &datasets.Batch{Rows: len(rows)}, AsOf: f.AsOf, Seed: f.Seed}
	for _, r := range rows {
		out.Customer, out.Weights, out.Keys = append(out.Customer, f.Customer[r]), append(out.Weights, f.Weights[r]), append(out.Keys, f.Keys[r])
	}
	return out
}

// Later fits learners on a time split's earlier customers and returns the log
// lifts, by learner and tested row.
func (f *Frame) Later(ctx context.Context, ls []model.Learner, s *TimeSplit) ([][]float64, error) {
	all := make([][]float64, len(ls))
	for i := range all {
		all[i] = make([]float64, f.Batch.Rows)
	}
	if err := f.Apart(ctx, ls, s.Train, s.Test, all); err != nil {
		return nil, err
	}
	out := make([][]float64, len(ls))
	for i, scores := range all {
		for _, r := range s.Test {
			out[i] = append(out[i], scores[r])
		}
	}
	return out, nil
}
