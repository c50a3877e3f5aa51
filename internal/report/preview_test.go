package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// preview is one with text wherever it comes from a file.
func preview(text string) *report.Preview {
	points := 80.0
	rows := []evaluate.GradeRow{
		{Grade: "A", Tier: 1, Points: &points, Accounts: 1234, PoolShare: 0.02, Captured: metrics.Interval{Value: 0.3, Low: 0.25, High: 0.35}, Lift: metrics.Interval{Value: 15, Low: 12, High: 17.5}, Customers: 60, Predicted: 13.5},
		{Grade: "F", Tier: 3, Accounts: 60_466, PoolShare: 0.98, Captured: metrics.Interval{Value: 0.7, Low: 0.65, High: 0.75}, Lift: metrics.Interval{Value: 0.71, Low: 0.66, High: 0.77}, Customers: 140, Predicted: 0.7},
	}
	return &report.Preview{Name: text, Version: "2026-01-31-" + text, Lang: "en", Learned: true, Ways: []report.Way{
		{Method: "lift", Scale: "A-F", Current: true, Grades: rows, Notes: []string{text, "second note"}},
		{Method: "capacity", Scale: "A-F", Problem: text},
		{Method: "quantile", Scale: "A-D", Grades: rows},
	}}
}

func previewPage(t *testing.T, v *report.Preview) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WritePreviewHTML(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPreviewPage checks that the page shows every way with its figures, marks the
// one in use, and leaves lifts out of a written grid.
func TestPreviewPage(t *testing.T) {
	page := previewPage(t, preview("Acme"))
	for _, want := range []string{
		"Ways to cut grades", "<bdi>Acme</bdi>", "By lift, A-F · in use", "By share of the pool, A-D<", "1,234", "30.0% (25.0–35.0)", "15.0× (12.0–17.5)", "13.5×", "second note",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if n := strings.Count(page, "in use</h2>"); n != 1 {
		t.Errorf("%d ways are in use", n)
	}
	for _, part := range []string{"class=\"verdict", "class=\"tiles\"", "http://", "https://", "src="} {
		if strings.Contains(page, part) {
			t.Errorf("the page has %s", part)
		}
	}
	v := preview("Acme")
	v.Learned = false
	if page := previewPage(t, v); strings.Contains(page, "15.0×") || strings.Contains(page, ">Lift") {
		t.Error("a written grid shows lifts")
	}
	v.Lang = "fr"
	if page := previewPage(t, v); !strings.Contains(page, `<html lang="fr">`) || !strings.Contains(page, "en service") {
		t.Error("the French page is not in French")
	}
	v.Lang = "xx"
	if err := report.WritePreviewHTML(&bytes.Buffer{}, v); err == nil {
		t.Error("language xx is written")
	}
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestPreviewHostile(t *testing.T) {
	want := skeleton(t, previewPage(t, preview("Acme")))
	for _, text := range hostile {
		t.Run(fmt.Sprintf("%.12q", text), func(t *testing.T) {
			page := previewPage(t, preview(text))
			if diff := cmp.Diff(want, skeleton(t, page)); diff != "" {
				t.Errorf("the page has other elements than with a benign name:\n%s", diff)
			}
			if !bare(strings.ReplaceAll(page, "\n", "")) {
				t.Error("the page holds control characters")
			}
		})
	}
	if err := report.WritePreviewHTML(full{}, preview("Acme")); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: %v", err)
	}
}
