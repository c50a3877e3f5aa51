package audit

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// expected are the numbers of scripts/reference/audit_expected.py.
type expected struct {
	Wilson []struct {
		K, N float64
		Want [3]float64
	}
	Difference []struct {
		Counts [4]float64
		Want   [3]float64
	}
	Ratio []struct {
		Num, Den []float64
		Want     [3]float64
	}
	Slope []struct {
		Y    []float64
		Want [3]float64
	}
	CommonOdds []struct {
		Tables [][4]float64
		Want   [3]float64
	} `json:"common_odds"`
	OddsRatio []struct {
		Table [4]float64
		Alpha float64
		Want  [3]float64
	} `json:"odds_ratio"`
	Between []struct {
		K, N []float64
		Want [3]float64
	}
}

func TestAgainstStatsmodels(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	n := 0
	check := func(name string, got metrics.Interval, want [3]float64) {
		n++
		for i, v := range [3]float64{got.Value, got.Low, got.High} {
			if math.Abs(v-want[i]) > 1e-7*math.Max(1, math.Abs(want[i])) {
				t.Errorf("%s: %v, want %v", name, got, want)
				return
			}
		}
	}
	for _, c := range e.Wilson {
		check("wilson", wilson(c.K, c.N), c.Want)
	}
	for _, c := range e.Difference {
		check("difference", difference(c.Counts[0], c.Counts[1], c.Counts[2], c.Counts[3]), c.Want)
	}
	for _, c := range e.Ratio {
		c.Want[1] = math.Max(0, c.Want[1]) // a share
		check("ratio", (&ratio{c.Num, c.Den}).interval(), c.Want)
	}
	for _, c := range e.Slope {
		check("slope", slope(c.Y), c.Want)
	}
	for _, c := range e.CommonOdds {
		var strata []fourfold
		for _, x := range c.Tables {
			strata = append(strata, fourfold{x[0], x[1], x[2], x[3]})
		}
		got, ok := commonOdds(strata)
		if !ok {
			t.Error("common odds are not defined")
		}
		check("common odds", got, c.Want)
	}
	for _, c := range e.OddsRatio {
		check("odds ratio", oddsRatio(fourfold{c.Table[0], c.Table[1], c.Table[2], c.Table[3]}, c.Alpha), c.Want)
	}
	for _, c := range e.Between {
		check("between", between(c.K, c.N), c.Want)
	}
	if n != 17 {
		t.Errorf("%d cases, want 17", n)
	}
}

// TestIntervalsCover draws from a known truth: 95 % intervals hold it about as
// often, and what the audit calls shown is chance at most 1 time in 40.
func TestIntervalsCover(t *testing.T) {
	const draws = 2000
	r := rand.New(rand.NewPCG(1, 2))
	binomial := func(n int, p float64) (k float64) {
		for range n {
			if r.Float64() < p {
				k++
			}
		}
		return k
	}
	var wide, diff, tilt, ratios, alarm float64
	for range draws {
		if i := wilson(binomial(100, .3), 100); i.Low <= .3 && i.High >= .3 {
			wide++
		}
		if i := difference(binomial(50, .4), 50, binomial(70, .25), 70); i.Low <= .15 && i.High >= .15 {
			diff++
		}
		y := make([]float64, 12)
		for i := range y {
			y[i] = 2*float64(i) + 5*r.NormFloat64()
		}
		if i := slope(y); i.Low <= 2 && i.High >= 2 {
			tilt++
		}
		var x ratio
		for range 150 {
			p, n := .1+.4*r.Float64(), 1+r.IntN(6) // contacts of an account are alike
			x.add(binomial(n, p), float64(n))
		}
		if i := x.interval(); i.Low <= .3 && i.High >= .3 {
			ratios++
		}
		var k, n []float64
		for range 8 {
			n = append(n, 60)
			k = append(k, binomial(60, .3))
		}
		if between(k, n).Low > 0 {
			alarm++
		}
	}
	for name, x := range map[string]float64{"wilson": wide, "difference": diff, "slope": tilt, "ratio": ratios} {
		if share := x / draws; share < .93 || share > .97 {
			t.Errorf("%s holds the truth in %.3f of the draws", name, share)
		}
	}
	if share := alarm / draws; share > .035 {
		t.Errorf("equal groups are told apart in %.3f of the draws", share)
	}
}

func TestStatsAtTheEdges(t *testing.T) {
	if i := wilson(0, 0); !math.IsNaN(i.Value) || i.Low != 0 || i.High != 1 {
		t.Errorf("nothing of nothing: %v", i)
	}
	if i := (&ratio{}).interval(); i.Low != 0 || i.High != 1 {
		t.Errorf("no cluster: %v", i)
	}
	if i := (&ratio{[]float64{0, 0, 0}, []float64{2, 2, 2}}).interval(); i.Value != 0 || !(i.High > .3) {
		t.Errorf("none in three clusters: %v; that shows little", i)
	}
	if _, ok := commonOdds([]fourfold{{0, 3, 0, 4}}); ok {
		t.Error("odds without any yes")
	}
	if i := between([]float64{0, 0}, []float64{9, 9}); i != (metrics.Interval{}) {
		t.Errorf("nothing won: %v", i)
	}
	if i := between([]float64{100, 0}, []float64{100, 100}); !(i.Low > 0) || i.High > 1 {
		t.Errorf("all or nothing: %v", i)
	}
}
