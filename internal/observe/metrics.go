package observe

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/icpfit/icpfit/internal/artifact"
)

// A family is one metric with at most one label beside that of the ICP.
type family struct{ name, label, help string }

// families are the metrics, as dashboards and alerts know them. Ages are those
// at the end of the step that found them.
var families = []family{
	{"icpfit_step_last_run_timestamp_seconds", "step", "When the step last ended, well or not."},
	{"icpfit_step_last_success_timestamp_seconds", "step", "When the step last ended well."},
	{"icpfit_step_success", "step", "1 if the step's last run ended well, else 0."},
	{"icpfit_step_seconds", "step", "How long the step's last run took."},
	{"icpfit_step_rows", "step", "Rows of the step's last run that ended well."},
	{"icpfit_accounts", "grade", "Accounts by grade, of the last predict."},
	{"icpfit_unscored_accounts", "reason", "Accounts without a grade by reason, of the last predict."},
	{"icpfit_held", "gate", "1 by gate that holds back the grades of the last predict; absent where none does."},
	{"icpfit_age_seconds", "of", "Age of the model in use since the date of what it learned, and of the file of accounts since it was changed."},
}

const icpLabel = "icp"

// A board holds the metrics of one ICP, and those of others in the same file.
type board struct {
	icp      string
	registry *prometheus.Registry
	gauges   map[string]*prometheus.GaugeVec
}

func newBoard(icp string) *board {
	b := &board{icp, prometheus.NewRegistry(), map[string]*prometheus.GaugeVec{}}
	for _, f := range families {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: f.name, Help: f.help}, []string{icpLabel, f.label})
		b.registry.MustRegister(g)
		b.gauges[f.name] = g
	}
	return b
}

// writeMetrics replaces the file at path by one with the figures of s and those
// that earlier steps left in it. Readers see the old file or the new.
// Of processes that share the file, one at a time writes.
func writeMetrics(path string, s *Step) error {
	unlock, err := artifact.Hold(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("metrics: %s: %w", path, err)
	}
	defer unlock()
	b := newBoard(s.ICP)
	if err := b.load(path); err != nil {
		return fmt.Errorf("metrics: %s: %w", path, err)
	}
	b.set(s)
	found, err := b.registry.Gather()
	if err != nil {
		return fmt.Errorf("metrics: %s: %w", path, err)
	}
	var text bytes.Buffer
	for _, f := range found {
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			return fmt.Errorf("metrics: %s: %w", path, err)
		}
	}
	if err := artifact.WriteFile(path, text.Bytes()); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// load takes over the figures of an earlier file. One that cannot be parsed is
// replaced: nobody could read it either.
func (b *board) load(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	found, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	for _, f := range families {
		for _, m := range found[f.name].GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			b.gauges[f.name].WithLabelValues(labels[icpLabel], labels[f.label]).Set(m.GetGauge().GetValue())
		}
	}
	return nil
}

// set puts in the figures of a step.
func (b *board) set(s *Step) {
	step := func(name string, v float64) { b.gauges[name].WithLabelValues(b.icp, s.Name).Set(v) }
	ended := float64(s.End.UnixMilli()) / 1000
	step("icpfit_step_last_run_timestamp_seconds", ended)
	step("icpfit_step_seconds", s.Seconds())
	for of, age := range s.Ages {
		b.gauges["icpfit_age_seconds"].WithLabelValues(b.icp, of).Set(age.Round(time.Second).Seconds())
	}
	b.replace("icpfit_held", s.Held)
	if s.Err != nil {
		step("icpfit_step_success", 0)
		return
	}
	step("icpfit_step_success", 1)
	step("icpfit_step_last_success_timestamp_seconds", ended)
	step("icpfit_step_rows", float64(s.Rows))
	b.replace("icpfit_accounts", s.Grades)
	b.replace("icpfit_unscored_accounts", s.Unscored)
}

// replace puts counts in the place of all earlier ones, if there are any.
func (b *board) replace(name string, counts map[string]int64) {
	if counts == nil {
		return
	}
	b.gauges[name].DeletePartialMatch(prometheus.Labels{icpLabel: b.icp})
	for label, n := range counts {
		b.gauges[name].WithLabelValues(b.icp, label).Set(float64(n))
	}
}
