package observe_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/icpfit/icpfit/internal/observe"
)

const hostile = "Acme\x1b[31m\nlevel=ERROR \u202egnp"

func step(name string, err error) *observe.Step {
	start := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	return &observe.Step{
		ICP: "main", Name: name, AsOf: "2026-03-01", Start: start, End: start.Add(1500 * time.Millisecond), Err: err, Rows: 30,
		Inputs:  []observe.Dataset{{Namespace: "postgres", Name: "accounts.query", Version: "abc", Rows: -1}, {Namespace: "file", Name: "/crm/customers.csv", Rows: -1}},
		Outputs: []observe.Dataset{{Namespace: "file", Name: "/crm/features", Version: "def", Rows: 30}},
	}
}

func TestLog(t *testing.T) {
	for _, format := range observe.Formats {
		var out bytes.Buffer
		log, err := observe.NewLog(&out, format)
		if err != nil {
			t.Fatal(err)
		}
		w := observe.Watcher{Log: log}
		for _, s := range []*observe.Step{step("features", nil), step("train", errors.New(hostile))} {
			w.Begin(s)
			w.End(s)
		}
		w.Again("accounts", errors.New(hostile))
		text := out.String()
		if n := strings.Count(text, "\n"); n != 5 || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("%s: %d lines, want 5 without what moves a terminal: %q", format, n, text)
		}
		if format == "text" {
			if !strings.Contains(text, `level=INFO msg="step done" icp=main step=features as_of=2026-03-01 seconds=1.5 rows=30`) {
				t.Errorf("text: %s", text)
			}
			continue
		}
		for line := range strings.Lines(text) {
			var record struct {
				Level, Msg, Step, Error string
				Seconds                 float64
			}
			if err := json.Unmarshal([]byte(line), &record); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			if record.Msg == "step failed" && (record.Level != "ERROR" || record.Step != "train" || record.Seconds != 1.5 || record.Error == "") {
				t.Errorf("failed: %+v", record)
			}
		}
	}
	if _, err := observe.NewLog(nil, "xml"); err == nil {
		t.Error("a log in XML was made")
	}
}

// gauges parses a file of metrics with Prometheus's own parser.
func gauges(t *testing.T, path string) map[string]float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	found, err := parser.TextToMetricFamilies(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for name, family := range found {
		for _, m := range family.GetMetric() {
			key := name
			for _, l := range m.GetLabel() {
				if l.GetName() != "icp" {
					key += " " + l.GetValue()
				} else if l.GetValue() != "main" {
					key = l.GetValue() + ": " + key
				}
			}
			out[key] = m.GetGauge().GetValue()
		}
	}
	return out
}

func TestMetrics(t *testing.T) {
	path := filepath.Join(t.TempDir(), "icpfit.prom")
	w := observe.Watcher{Textfile: path, Warn: func(err error) { t.Error(err) }}
	features := step("features", nil)
	features.Ages = map[string]time.Duration{observe.Input: time.Hour}
	w.End(features)
	predict := step("predict", nil)
	predict.Grades, predict.Unscored = map[string]int64{"A": 3, "F": 20}, map[string]int64{"NO_DOMAIN": 7}
	predict.Ages = map[string]time.Duration{observe.Model: 48 * time.Hour}
	w.End(predict)
	want := map[string]float64{
		"icpfit_step_success features": 1, "icpfit_step_success predict": 1, "icpfit_step_rows features": 30, "icpfit_step_seconds features": 1.5, "icpfit_step_seconds predict": 1.5, "icpfit_step_rows predict": 30,
		"icpfit_step_last_run_timestamp_seconds features": 1772330401.5, "icpfit_step_last_success_timestamp_seconds features": 1772330401.5,
		"icpfit_step_last_run_timestamp_seconds predict": 1772330401.5, "icpfit_step_last_success_timestamp_seconds predict": 1772330401.5,
		"icpfit_accounts A": 3, "icpfit_accounts F": 20, "icpfit_unscored_accounts NO_DOMAIN": 7, "icpfit_age_seconds input": 3600, "icpfit_age_seconds model": 172800,
	}
	check := func() {
		t.Helper()
		got := gauges(t, path)
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s is %v, want %v", k, got[k], v)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d metrics, want %d: %v", len(got), len(want), got)
		}
	}
	check()

	// A failure keeps the last success, and the grades that hold.
	failed := step("predict", errors.New(hostile))
	failed.End = failed.Start.Add(10 * time.Second)
	failed.Held = map[string]int64{"base_shrunk": 1}
	w.End(failed)
	want["icpfit_held base_shrunk"] = 1
	want["icpfit_step_success predict"], want["icpfit_step_seconds predict"], want["icpfit_step_last_run_timestamp_seconds predict"] = 0, 10, 1772330410
	check()

	// A grade that nobody has any more is gone.
	predict.Grades = map[string]int64{"B": 1}
	w.End(predict)
	delete(want, "icpfit_accounts A")
	delete(want, "icpfit_accounts F")
	want["icpfit_accounts B"], want["icpfit_step_success predict"], want["icpfit_step_seconds predict"], want["icpfit_step_last_run_timestamp_seconds predict"] = 1, 1, 1.5, 1772330401.5
	check()

	// Another ICP in the same file keeps its own figures, and leaves these.
	other := step("predict", nil)
	other.ICP, other.Grades = "fr", map[string]int64{"C": 5}
	w.End(other)
	for _, name := range []string{"last_run_timestamp_seconds", "last_success_timestamp_seconds", "success", "seconds", "rows"} {
		want["fr: icpfit_step_"+name+" predict"] = want["icpfit_step_"+name+" predict"]
	}
	want["fr: icpfit_accounts C"] = 5
	check()
	predict.Grades, predict.Held = map[string]int64{"B": 2}, map[string]int64{}
	w.End(predict)
	delete(want, "icpfit_held base_shrunk")
	want["icpfit_accounts B"] = 2
	check()

	// What cannot be parsed is replaced; nothing else is left in the folder.
	if err := os.WriteFile(path, []byte("{{{"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.End(features)
	if got := gauges(t, path); got["icpfit_step_success features"] != 1 || len(got) != 6 {
		t.Errorf("after a damaged file: %v", got)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("the folder has %v", left)
	}
}

// TestNotWritten checks that files that cannot be written are warnings.
func TestNotWritten(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none", "file")
	var warned []string
	w := observe.Watcher{Textfile: none, Lineage: none, Warn: func(err error) { warned = append(warned, err.Error()) }}
	s := step("features", nil)
	w.Begin(s)
	w.End(s)
	if len(warned) != 3 {
		t.Errorf("%d warnings, want 3: %q", len(warned), warned)
	}
}

// schemas returns OpenLineage's schema of events, and of their facets by name.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) != 6 {
		t.Fatalf("%v, %v; want six schemas", files, err)
	}
	ids := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		id := doc.(map[string]any)["$id"].(string)
		if err := c.AddResource(id, doc); err != nil {
			t.Fatal(err)
		}
		ids[strings.TrimSuffix(filepath.Base(file), ".json")] = id
	}
	out := map[string]*jsonschema.Schema{}
	for name, id := range ids {
		if name == "OpenLineage" {
			id += "#/$defs/RunEvent"
		}
		s, err := c.Compile(id)
		if err != nil {
			t.Fatal(err)
		}
		out[id] = s
	}
	return out
}

func TestLineage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lineage.jsonl")
	w := observe.Watcher{Lineage: path, Warn: func(err error) { t.Error(err) }}
	for _, s := range []*observe.Step{step("features", nil), step("train", errors.New(hostile))} {
		w.Begin(s)
		w.End(s)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, runs, facets := schemas(t), map[string][]string{}, 0
	for line := range strings.Lines(string(text)) {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		e := doc.(map[string]any)
		s := all[e["schemaURL"].(string)]
		if s == nil {
			t.Fatalf("no schema %v", e["schemaURL"])
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		id := e["run"].(map[string]any)["runId"].(string)
		runs[id] = append(runs[id], e["eventType"].(string))
		facets += checkFacets(t, all, doc)
		delete(e, "run")
		if s.Validate(doc) == nil {
			t.Error("an event without a run is valid: the schema checks nothing")
		}
	}
	var states []string
	for _, r := range runs {
		states = append(states, strings.Join(r, " "))
	}
	if len(states) != 2 || !strings.Contains(strings.Join(states, ","), "START COMPLETE") || !strings.Contains(strings.Join(states, ","), "START FAIL") {
		t.Errorf("runs went through %q", states)
	}
	if facets < 15 {
		t.Errorf("%d facets were checked", facets)
	}
	if strings.ContainsAny(string(text), "\x1b\u202e") {
		t.Error("an event holds what moves a terminal")
	}
}

// checkFacets validates every facet in v against the schema that it names.
func checkFacets(t *testing.T, all map[string]*jsonschema.Schema, v any) (n int) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			if f, ok := child.(map[string]any); ok && f["_schemaURL"] != nil {
				s := all[f["_schemaURL"].(string)]
				if s == nil {
					t.Errorf("no schema %v", f["_schemaURL"])
				} else if err := s.Validate(map[string]any{key: child}); err != nil {
					t.Errorf("%s: %v", key, err)
				}
				n++
				continue
			}
			n += checkFacets(t, all, child)
		}
	case []any:
		for _, child := range v {
			n += checkFacets(t, all, child)
		}
	}
	return n
}
