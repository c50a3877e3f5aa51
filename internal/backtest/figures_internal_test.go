package backtest

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// TestSpreads compares with scipy and numpy: testdata/expected.json, made by
// scripts/reference/backtest_expected.py, names their versions. Both sides draw,
// so bounds agree to a tenth of the interval.
func TestSpreads(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	type bounds struct{ Low, High, Error float64 }
	var want struct {
		Samples []struct {
			Values       []float64
			Account      []int
			Mean, Median bounds
		}
		Difference struct {
			Of [2]int
			bounds
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got metrics.Interval, want bounds) {
		t.Helper()
		by := (want.High - want.Low) / 10
		if math.Abs(got.Low-want.Low) > by || math.Abs(got.High-want.High) > by {
			t.Errorf("%s: %v to %v, reference %v to %v", what, got.Low, got.High, want.Low, want.High)
		}
	}
	var samples []sample
	var spreads []*Spread
	for i, w := range want.Samples {
		var deals []deal
		for k, v := range w.Values {
			deals = append(deals, deal{account: 7 * w.Account[k], amount: v})
		}
		deals = append(deals, deal{account: 1, amount: math.NaN()})
		s := newSample(deals, func(d deal) float64 { return d.amount })
		spread := s.spread(1, uint64(i))
		if !spread.Sure || int(spread.Deals) != len(w.Values) {
			t.Errorf("%+v", spread)
		}
		near("mean", spread.Mean, w.Mean)
		near("median", spread.Median, w.Median)
		samples, spreads = append(samples, s), append(spreads, spread)
	}
	var a Against
	d := want.Difference
	a.medians(spreads[d.Of[0]], spreads[d.Of[1]], samples[d.Of[0]].medians, samples[d.Of[1]].medians)
	near("difference", *a.Difference, d.bounds)
	if least := (1.959964 + 0.841621) * d.Error; math.Abs(*a.Least/least-1) > 0.1 {
		t.Errorf("least shown %v, reference %v", *a.Least, least)
	}
}

// TestMedian: by hand.
func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		counts []float64
		want   float64
	}{
		{[]float64{1, 2, 3}, []float64{1, 1, 1}, 2},
		{[]float64{1, 2, 3, 10}, []float64{1, 1, 1, 1}, 2.5},
		{[]float64{1, 2, 3, 10}, []float64{2, 0, 0, 2}, 5.5},
		{[]float64{1, 2, 3, 10}, []float64{0, 0, 0, 4}, 10},
		{[]float64{1, 2, 3, 10}, []float64{0, 3, 0, 1}, 2},
	} {
		s := sample{values: tt.values, account: []int32{0, 1, 2, 3}[:len(tt.values)]}
		if got := s.median(tt.counts); got != tt.want {
			t.Errorf("%v by %v: %v, want %v", tt.values, tt.counts, got, tt.want)
		}
	}
}

// TestFewAccounts: a spread of few accounts has no interval, and nothing is
// compared with it.
func TestFewAccounts(t *testing.T) {
	var deals []deal
	for i := range 40 {
		deals = append(deals, deal{account: i % 9, amount: float64(i)})
	}
	s := newSample(deals, func(d deal) float64 { return d.amount })
	spread := s.spread(1, 1)
	if spread.Sure || spread.Median.Low != spread.Median.High || spread.Median.Value != 19.5 || s.medians != nil {
		t.Errorf("%+v", spread)
	}
	var a Against
	if a.medians(spread, spread, s.medians, s.medians); a.Verdict != NotComputable || !a.TooFew || a.Difference != nil {
		t.Errorf("%+v", a)
	}
	empty := newSample(nil, func(d deal) float64 { return d.amount })
	if empty.spread(1, 1) != nil {
		t.Error("no deals have a size")
	}
}

// TestWords: both languages have the same texts with the same arguments, and
// every code has its words.
func TestWords(t *testing.T) {
	for key, text := range english {
		other, ok := french[key]
		if !ok {
			t.Errorf("%s is not in French", key)
		}
		if a, b := verbs(text), verbs(other); a != b {
			t.Errorf("%s takes %d texts in English, %d in French", key, a, b)
		}
	}
	for key := range french {
		if _, ok := english[key]; !ok {
			t.Errorf("%s is in French only", key)
		}
	}
	var keys []string
	for _, why := range Whys {
		keys = append(keys, "why."+why, "refused."+why+".one", "refused."+why+".many")
	}
	for _, m := range Measures {
		keys = append(keys, "measure."+m)
	}
	for _, v := range Verdicts {
		if v != NotComputable {
			keys = append(keys, "verdict."+v, "against."+v)
		}
	}
	keys = append(keys, "what."+IsDeal, "what."+IsCustomer)
	for _, key := range keys {
		if english[key] == "" {
			t.Errorf("no words for %s", key)
		}
	}
}

// verbs counts the arguments of a text.
func verbs(text string) (n int) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '%' && (text[i+1] == 's' || text[i+1] == '[') {
			n++
		}
	}
	return n
}
