package card_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/card"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/train"
)

// of makes an interval.
func of(value, low, high float64) metrics.Interval {
	return metrics.Interval{Value: value, Low: low, High: high}
}

func ptr[T any](v T) *T { return &v }

// input is a version whose texts of the CRM are all the given one.
func input(text string) card.Input {
	sector := features.Spec{Name: text, Pillar: features.Firmographic, Kind: features.Category, Column: "sector"}
	size := features.Spec{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees", Missing: "learn"}
	tech := features.Spec{Name: "tech", Pillar: features.Technographic, Kind: features.Set, Column: "tech"}
	visits := features.Spec{Name: "visits", Pillar: features.Intent, Kind: features.Number, Column: "visits"}
	m := &model.Model{
		Format: model.Format, Name: text, Version: "2026-01-31-0a1b2c3d", AsOf: "2026-01-31", Learner: "blend", Missing: "neutral", Customers: 200, Pool: 1000, BasePoints: 45,
		Specs: []features.Spec{sector, size, tech, visits},
		Terms: []model.Term{
			{Binning: bin.Binning{Feature: text, Pillar: features.Firmographic, Kind: features.Category, Values: []string{"a", "b"}, Labels: []string{text, "Retail"}}, MicroPoints: []int32{0, 5e6, -2e6, -1e6}, Spread: []int32{0, 1e6, 5e5, 2e6}, Customers: []int{20, 120, 40, 20}, Pool: []int{100, 300, 400, 200}, Provenance: "learned", MeanAbsolute: 2.5},
			{Binning: bin.Binning{Feature: "employees", Pillar: features.Firmographic, Kind: features.Number, Edges: []float64{10, 50, 250}}, MicroPoints: []int32{1e6, -3e6, 1e6, 4e6, 2e6}, Spread: []int32{1e5, 1e6, 1e6, 1e6, 2e6}, Customers: []int{0, 20, 60, 80, 40}, Pool: []int{0, 500, 300, 100, 100}, Provenance: "learned", MeanAbsolute: 3},
			{Binning: bin.Binning{Feature: "tech", Pillar: features.Technographic, Kind: features.Set, Items: []string{"x"}, Labels: []string{text}}, MicroPoints: []int32{0, 0, 0}, Spread: []int32{0, 0, 0}, Customers: []int{50, 150, 60}, Pool: []int{600, 400, 100}, Provenance: "edited"},
		},
		Grades: model.Grades{Scale: "A-D", Hysteresis: 1, Notes: []string{text}, Cuts: []model.Cut{{Grade: "A", Margin: 20e6, Tier: 1}, {Grade: "B", Margin: math.MinInt64, Tier: 2}}},
	}
	e := &train.Evaluation{
		Version: m.Version, Verdict: train.Learned, Learner: "blend", Customers: 200, Pool: 1000, PoolStands: 50_000, Folds: 5, Repeats: 3, Replicates: 1000, Prefer: "accuracy",
		Calibration: &calibrate.Report{Calibration: model.Calibration{Slope: 0.8, Shift: 0.1}},
		Measurement: evaluate.Measurement{
			Metrics: map[string]metrics.Interval{
				"auc": of(0.83, 0.80, 0.86), "capture_1": of(0.1, 0.05, 0.15), "lift_1": of(10, 5, 15), "capture_2": of(0.15, 0.1, 0.2), "lift_2": of(7.5, 5, 10),
				"capture_5": of(0.3, 0.25, 0.35), "lift_5": of(6, 5, 7), "capture_10": of(0.45, 0.38, 0.52), "lift_10": of(4.5, 3.8, 5.2),
				"capture_20": of(0.6, 0.5, 0.7), "lift_20": of(3, 2.5, 3.5), "capture_50": of(0.9, 0.85, 0.95), "lift_50": of(1.8, 1.7, 1.9),
			},
			Grades: []evaluate.GradeRow{
				{Grade: "A", Tier: 1, Points: ptr(65.0), PoolShare: 0.05, Captured: of(0.3, 0.24, 0.36), Lift: of(6, 4.8, 7.2), Customers: 60, Predicted: 9.5},
				{Grade: "B", Tier: 2, PoolShare: 0.95, Captured: of(0.7, 0.64, 0.76), Lift: of(0.74, 0.67, 0.8), Customers: 140, Predicted: 0.7},
			},
		},
		Weights: map[string]float64{"logistic": 0.4, text: 0.6},
		Candidates: []train.Candidate{
			{Learner: "random", Kind: train.Baseline, AUC: of(0.5, 0.5, 0.5), Capture: of(0.1, 0.1, 0.1), AUCDifference: of(-0.33, -0.36, -0.3), Apart: true},
			{Learner: "logistic", Kind: train.Table, AUC: of(0.82, 0.79, 0.85), Capture: of(0.44, 0.37, 0.51), LogLoss: ptr(0.4), AUCDifference: of(-0.01, -0.021, 0.001), CaptureDifference: of(-0.01, -0.03, 0.01)},
			{Learner: "blend", Kind: train.Blended, AUC: of(0.83, 0.8, 0.86), Capture: of(0.45, 0.38, 0.52), LogLoss: ptr(0.39), Chosen: true},
			{Learner: "size alone (" + text + ")", Kind: train.Baseline, AUC: of(0.6, 0.56, 0.64), Capture: of(0.2, 0.15, 0.25), AUCDifference: of(-0.23, -0.27, -0.19), Apart: true},
		},
		Temporal: &train.Temporal{From: "2025-03-01", Trained: 120, Customers: 80, Pool: 500, Measurement: evaluate.Measurement{Metrics: map[string]metrics.Interval{"auc": of(0.7, 0.65, 0.75), "capture_10": of(0.2, 0.1, 0.3), "lift_10": of(2, 1, 3)}}},
		Curve:    &train.Curve{Learner: "logistic", Points: []train.CurvePoint{{Customers: 40, AUC: of(0.75, 0.7, 0.8)}, {Customers: 160, AUC: of(0.82, 0.79, 0.85)}}, Ceiling: 0.89, Slope: 0.885, Doubled: of(0.02, 0.01, 0.03)},
		Warnings: []leak.Warning{{Code: "other", Feature: text, Message: "a warning of " + text}},
		Sample:   &train.Sample{CustomerGroups: 190, PoolGroups: 990, Dated: 200, WonFirst: "2023-01-01", WonLast: "2025-12-31"},
		Importance: []train.Importance{
			{Feature: text, MeanAbsolute: 2.5, Gain: ptr(of(0.3, 0.2, 0.4)), GainShare: ptr(0.6), CaptureDrop: ptr(of(0.1, 0.05, 0.15))},
			{Feature: "employees", MeanAbsolute: 3, Gain: ptr(of(0.2, -0.1, 0.5)), GainShare: ptr(0.4), CaptureDrop: ptr(of(0.01, -0.02, 0.04))},
			{Feature: "tech", Gain: ptr(of(0, 0, 0)), GainShare: ptr(0.0), CaptureDrop: ptr(of(0, 0, 0))},
		},
		Segments: []train.Segment{
			{Role: train.Sector, Feature: text, Label: text, Customers: 120, Pool: 300, AUC: of(0.82, 0.78, 0.86), Capture: 0.5},
			{Role: train.Size, Feature: "employees", Label: "up to 10", Customers: 20, Pool: 500, AUC: of(0.55, 0.45, 0.65), Capture: 0.05},
		},
		Support: &train.Support{Features: []train.SupportFeature{{Role: train.Sector, Feature: text, Share: 0.2}}, Cells: 12, Without: 5, Share: 0.31, Top: ptr(0.08)},
	}
	return card.Input{
		Model: m, Evaluation: e, Features: append(m.Specs[:4:4], features.Spec{Name: "list"}), Positives: text, LagDays: 30, Seed: 7, Author: text,
		Audit: &features.Audit{Steps: []features.FunnelStep{{Name: "listed", Count: 220}, {Name: text, Count: 200, Lost: 20}}},
	}
}

// write makes the card and its three texts.
func write(t *testing.T, in card.Input) (c *card.Card, page, md string, js []byte) {
	t.Helper()
	c, err := card.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var h, m bytes.Buffer
	if err := card.WriteHTML(&h, c); err != nil {
		t.Fatal(err)
	}
	if err := card.WriteMarkdown(&m, c); err != nil {
		t.Fatal(err)
	}
	if js, err = c.JSON(); err != nil {
		t.Fatal(err)
	}
	return c, h.String(), m.String(), js
}
