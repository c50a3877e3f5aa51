package calibrate

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/model/metrics"
)

// drawn draws customers of log odds −2.5 + slope × lift.
func drawn(n int, slope float64, seed uint64) *Sample {
	rng := rand.New(rand.NewPCG(seed, 3))
	s := &Sample{Seed: seed}
	for i := range n {
		lift := 1.5 * rng.NormFloat64()
		s.LogLift = append(s.LogLift, lift)
		s.Customer = append(s.Customer, rng.Float64() < logistic(slope*lift-2.5))
		s.Weights, s.Keys, s.Fold = append(s.Weights, 1), append(s.Keys, uint64(i)), append(s.Fold, uint8(i%5))
	}
	return s
}

// TestPlanted checks planted slopes: with few customers 1 is left alone, others
// are found, and one below 0, which is noise, becomes 0.
func TestPlanted(t *testing.T) {
	alone := 0
	for seed := range uint64(20) {
		s := drawn(1000, 1, seed)
		if s.customers() >= small {
			t.Fatalf("%d customers; the test is of fewer", s.customers())
		}
		if s.Fit().Calibration.Slope == 1 {
			alone++
		}
	}
	if alone < 17 { // 19 expected; below 17 has a chance of 2 %
		t.Errorf("a right slope is left alone in %d of 20 cases, want 19", alone)
	}
	if got := drawn(20_000, 0.5, 1).Fit().Calibration; math.Abs(got.Slope-0.5) > 0.05 {
		t.Errorf("planted slope 0.5, found %v", got.Slope)
	}
	for _, slope := range []float64{-0.5, -2} {
		if got := drawn(5000, slope, 2).Fit().Calibration; got.Slope != 0 || math.Abs(got.Shift) > 1e-9 {
			t.Errorf("planted slope %v: %+v, want slope 0 and shift 0", slope, got)
		}
	}
}

// TestSlopeCovers checks that the slope's interval holds the planted slope in 95
// of 100 samples, also where every account is in the sample twice, under one key.
func TestSlopeCovers(t *testing.T) {
	const samples = 400
	for name, twice := range map[string]bool{"each once": false, "each twice": true} {
		held := 0
		for seed := range uint64(samples) {
			s := drawn(800, 0.8, 100+seed)
			if twice {
				rows := make([]int, 0, 1600)
				for i := range s.LogLift {
					rows = append(rows, i, i)
				}
				s = pick(s, rows)
			}
			if i := s.Fit().Slope; i.Low <= 0.8 && 0.8 <= i.High {
				held++
			}
		}
		if held < 365 || held > 394 { // 380 expected, standard deviation 4.4
			t.Errorf("%s: %d of %d intervals hold the slope, want 380", name, held, samples)
		}
	}
}

// TestRepeats checks that the slope is that of single repeats: scores with noise
// of their own are too bold by its variance, which their mean hides.
func TestRepeats(t *testing.T) {
	s := drawn(20_000, 1, 4)
	rng := rand.New(rand.NewPCG(4, 4))
	truth := s.LogLift
	s.LogLift = make([]float64, len(truth))
	for range 5 {
		var r []float64
		for i, l := range truth {
			r = append(r, l+rng.NormFloat64())
			s.LogLift[i] += r[i] / 5
		}
		s.Repeats = append(s.Repeats, r)
	}
	// The truth given a score has mean λ × score and variance λσ², with λ = 2.25/3.25
	// and σ² = 1 of one repeat, 2.25/2.45 and 1/5 of the mean of five; averaging a
	// logistic over a variance v shrinks its slope by √(1 + 0.346 v) (Zeger, Liang
	// and Albert, Biometrics 44, 1988).
	want := func(noise float64) float64 {
		lambda := 2.25 / (2.25 + noise)
		return lambda / math.Sqrt(1+0.346*lambda*noise)
	}
	single := s.Fit().Slope
	s.Repeats = nil
	mean := s.Fit().Slope
	if math.Abs(single.Value-want(1)) > 0.04 || math.Abs(mean.Value-want(0.2)) > 0.04 {
		t.Errorf("slope %v by single repeats, %v by their mean; want %v and %v", single.Value, mean.Value, want(1), want(0.2))
	}
}

// TestExtremes checks that scores which part the classes entirely, all tied, or
// huge, give finite numbers.
func TestExtremes(t *testing.T) {
	for name, of := range map[string]func(customer bool, i int) float64{
		"apart":       func(c bool, _ int) float64 { return map[bool]float64{true: 1, false: -1}[c] },
		"far apart":   func(c bool, _ int) float64 { return map[bool]float64{true: 30, false: -30}[c] },
		"very far":    func(c bool, _ int) float64 { return map[bool]float64{true: 900, false: -900}[c] },
		"backwards":   func(c bool, _ int) float64 { return map[bool]float64{true: -30, false: 30}[c] },
		"barely":      func(c bool, i int) float64 { return map[bool]float64{true: 1e-9, false: 0}[c] + float64(i) },
		"tied":        func(bool, int) float64 { return 2 },
		"zero":        func(bool, int) float64 { return 0 },
		"huge spread": func(_ bool, i int) float64 { return float64(i%7-3) * 200 },
	} {
		s := &Sample{}
		for i := range 4000 {
			customer := i%10 == 0
			s.Customer, s.Weights = append(s.Customer, customer), append(s.Weights, 1)
			s.Keys, s.Fold = append(s.Keys, uint64(i)), append(s.Fold, uint8(i/10%5))
			s.LogLift = append(s.LogLift, of(customer, i))
		}
		r, err := Calibrate(s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, v := range []float64{r.Slope, r.Shift, r.Beta.A, r.Beta.B, r.Beta.C, r.ECE.Value, r.Parts.Miscalibration, r.Parts.Discrimination} {
			if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e6 {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if !(r.Slope >= 0) {
			t.Errorf("%s: slope %v", name, r.Slope)
		}
		if most := math.Log(r.Support.Most); r.Shift+r.Slope*maximum(s.LogLift) > most+1e-9 {
			t.Errorf("%s: the highest log lift is %v, most %v", name, r.Shift+r.Slope*maximum(s.LogLift), most)
		}
	}
}

func maximum(v []float64) float64 {
	most := math.Inf(-1)
	for _, x := range v {
		most = max(most, x)
	}
	return most
}

// TestLimit checks that scores which claim far more than the customers support
// are lowered to what they do, by the slope alone, and right ones left alone.
func TestLimit(t *testing.T) {
	right, bold := 0, 0
	for seed := range uint64(40) {
		s := drawn(800, 1, seed)
		c, support := s.Limit(s.at(1))
		if c.Slope == 1 && !support.Lowered {
			right++
		}
		c, support = s.Limit(s.at(3))
		if support.Lowered && c.Slope < 3 {
			bold++
		}
		if support.Predicted > support.Observed.High+1e-9 {
			t.Errorf("seed %d: %+v", seed, support)
		}
		if want := s.at(c.Slope); want != c {
			t.Errorf("seed %d: %+v enters, want the shift of its slope, %+v", seed, c, want)
		}
	}
	if right < 36 {
		t.Errorf("right scores are left alone in %d of 40 samples", right)
	}
	if bold < 36 {
		t.Errorf("scores three times too bold are lowered in %d of 40 samples", bold)
	}
	few := drawn(60, 1, 1)
	for few.customers() >= leastCustomers {
		few = pick(few, rest(len(few.LogLift)))
	}
	if c, support := few.Limit(few.at(1)); c.Slope != 0 || support != nil {
		t.Errorf("%d customers support %+v, %+v; want no lift", few.customers(), c, support)
	}
}

// rest returns the rows but the first.
func rest(n int) []int {
	var rows []int
	for i := 1; i < n; i++ {
		rows = append(rows, i)
	}
	return rows
}

// TestMethods checks which methods are looked at by the number of customers, that
// cross-fitting is what is reported, and that a bend is found by those that bend.
func TestMethods(t *testing.T) {
	for _, tt := range []struct {
		rows int
		want string
	}{
		{900, "base_rate learned slope"},
		{4000, "base_rate learned slope beta"},
		{12_000, "base_rate learned slope beta venn_abers"},
	} {
		s := drawn(tt.rows, 1, 7)
		for i, l := range s.LogLift {
			s.LogLift[i] = l + 0.8*min(0, l) // what is below average is too far below
		}
		r, err := Calibrate(s)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		loss := map[string]float64{}
		for _, m := range r.Methods {
			names, loss[m.Name] = append(names, m.Name), m.LogLoss
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%d customers: methods %s, want %s", s.customers(), got, tt.want)
		}
		if !(loss["slope"] < loss["base_rate"] && loss[r.Least] <= loss["slope"]) {
			t.Errorf("%d customers: losses %v, least %s", s.customers(), loss, r.Least)
		}
		if sum := r.Parts.Miscalibration - r.Parts.Discrimination + r.Parts.Uncertainty; math.Abs(sum-r.Parts.Loss) > 1e-12 || !(r.Parts.Miscalibration >= 0 && r.Parts.Discrimination > 0) {
			t.Errorf("parts %+v sum to %v", r.Parts, sum)
		}
		if again, _ := Calibrate(s); !reflect.DeepEqual(again, r) {
			t.Error("calibrated twice, the reports differ")
		}
	}
	// Scores of pure noise: in the sample Venn–Abers gains by chance, cross-fitted it cannot.
	s := drawn(12_000, 0, 9)
	r, err := Calibrate(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range r.Methods[2:] {
		if m.LogLoss < r.Methods[0].LogLoss-2e-4 {
			t.Errorf("%s gains on noise: %v, base rate %v", m.Name, m.LogLoss, r.Methods[0].LogLoss)
		}
	}
}

// TestErrorCovers checks that a model that is right has the error that noise
// explains, on average, and one that is not has more.
func TestErrorCovers(t *testing.T) {
	var value, noise float64
	for seed := range uint64(60) {
		s := drawn(2000, 1, 500+seed)
		odds := make([]float64, len(s.LogLift))
		for i, l := range s.LogLift {
			odds[i] = l - 2.5
		}
		e := s.Error(odds)
		value, noise = value+e.Value/60, noise+e.Noise/60
	}
	if math.Abs(value/noise-1) > 0.1 { // the mean of 60 strays by 4 %
		t.Errorf("a model that is right has error %v, noise is %v", value, noise)
	}
	s := drawn(2000, 0.3, 1)
	if e := s.Error(s.odds(s.LogLift)); e.Low < 2*e.Noise {
		t.Errorf("a slope of 0.3 taken for 1: %+v", e)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Sample){
		"NaN":             func(s *Sample) { s.LogLift[3] = math.NaN() },
		"infinite":        func(s *Sample) { s.LogLift[3] = math.Inf(1) },
		"weight 0":        func(s *Sample) { s.Weights[3] = 0 },
		"NaN weight":      func(s *Sample) { s.Weights[3] = math.NaN() },
		"infinite weight": func(s *Sample) { s.Weights[3] = math.Inf(1) },
		"labels":          func(s *Sample) { s.Customer = s.Customer[1:] },
		"keys":            func(s *Sample) { s.Keys = nil },
		"folds":           func(s *Sample) { s.Fold = nil },
		"a repeat":        func(s *Sample) { s.Repeats = [][]float64{s.LogLift[1:]} },
	} {
		s := drawn(100, 1, 1)
		spoil(s)
		if _, err := Calibrate(s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s := drawn(100, 1, 1)
	clear(s.Customer)
	if _, err := Calibrate(s); !errors.Is(err, metrics.ErrOneClass) {
		t.Errorf("without customers: %v, want ErrOneClass", err)
	}
}
