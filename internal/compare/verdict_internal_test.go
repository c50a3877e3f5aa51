package compare

import (
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// TestVerdict checks the boundary: an interval that reaches 0 shows nothing.
func TestVerdict(t *testing.T) {
	tiny := math.Nextafter(0, 1)
	for _, tt := range []struct {
		d    metrics.Interval
		want string
	}{
		{metrics.Interval{Value: 0.01, Low: 0, High: 0.02}, NoDifferenceShown},
		{metrics.Interval{Value: 0.01, Low: tiny, High: 0.02}, Better},
		{metrics.Interval{Value: -0.01, Low: -0.02, High: 0}, NoDifferenceShown},
		{metrics.Interval{Value: -0.01, Low: -0.02, High: -tiny}, Worse},
		{metrics.Interval{}, NoDifferenceShown},
	} {
		q := &Quality{AUC: newFigure(metrics.Interval{}, metrics.Interval{}, tt.d), Capture: &Figure{}}
		q.judge()
		if q.Verdict != tt.want {
			t.Errorf("%+v: %s, want %s", tt.d, q.Verdict, tt.want)
		}
	}
	q := &Quality{AUC: &Figure{Difference: metrics.Interval{Value: 0.01, Low: 0.001, High: 0.02}}, Capture: &Figure{Difference: metrics.Interval{Value: -0.1, Low: -0.2, High: -0.05}}}
	if q.judge(); q.Verdict != Better || !strings.HasSuffix(q.Sentence, "Its best tenth yet captures -10.0 (95 %: -20.0 to -5.0) points of the customers.") {
		t.Errorf("%s", q.Sentence)
	}
}

// TestPlaces checks steps between grades of every scale.
func TestPlaces(t *testing.T) {
	for grade, want := range map[string]int{"A": 0, "B": 1, "C": 2, "D": 3, "E": 4, "F": 5, Unscored: 6} {
		if got := place(grade); got != want {
			t.Errorf("%s is at %d, want %d", grade, got, want)
		}
	}
}
