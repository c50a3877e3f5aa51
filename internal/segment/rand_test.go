package segment_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/icpfit/icpfit/internal/segment"
)

// crossed counts two divisions.
func crossed(a, b []int) *segment.Contingency {
	c := &segment.Contingency{}
	for i := range a {
		for len(c.Counts) <= a[i] {
			c.Counts = append(c.Counts, make([]int64, 8))
		}
		c.Counts[a[i]][b[i]]++
	}
	return c
}

// TestAdjustedRand compares with scikit-learn's numbers; scripts/reference/segment_expected.py
// made them and noted the versions.
func TestAdjustedRand(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		By   string
		Rand []struct {
			Name string
			A, B []int
			Rand float64
		}
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Rand) < 10 {
		t.Fatalf("%d cases by %q; want them all", len(expected.Rand), expected.By)
	}
	for _, tt := range expected.Rand {
		for _, c := range []*segment.Contingency{crossed(tt.A, tt.B), crossed(tt.B, tt.A)} {
			got, err := c.AdjustedRand()
			if err != nil || math.Abs(got-tt.Rand) > 1e-12 {
				t.Errorf("%s: %v, %v; %s says %v", tt.Name, got, err, expected.By, tt.Rand)
			}
		}
	}
	for _, few := range []*segment.Contingency{{}, {Counts: [][]int64{{1, 0}}}} {
		if got, err := few.AdjustedRand(); err == nil {
			t.Errorf("fewer than two accounts: %v; want an error", got)
		}
	}
}

// TestAdjustedRandInterval holds the bootstrap's interval against its truth: of
// divisions of a known agreement, it holds that of a very large base in 95 of 100
// samples, within three standard errors of that share.
func TestAdjustedRandInterval(t *testing.T) {
	truth := &segment.Contingency{Counts: [][]int64{{30e6, 5e6, 0}, {5e6, 25e6, 5e6}, {0, 10e6, 20e6}}}
	want, err := truth.AdjustedRand()
	if err != nil {
		t.Fatal(err)
	}
	const samples, accounts = 400, 500
	held := 0
	for seed := range uint64(samples) {
		c := segment.Sample(truth, accounts, seed)
		i, err := c.AdjustedRandInterval(seed)
		if err != nil {
			t.Fatal(err)
		}
		if i.Low <= want && want <= i.High {
			held++
		}
	}
	if share, se := float64(held)/samples, math.Sqrt(0.95*0.05/samples); math.Abs(share-0.95) > 3*se+0.01 {
		t.Errorf("the interval holds the truth in %.3f of the samples; want .95", share)
	}
}
