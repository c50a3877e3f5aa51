package calibrate

import (
	"sync"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// freer is the number of customers from which Venn–Abers is looked at too;
// methods without a form need that many.
const freer = 1000

// A Report is the calibration section of evaluation.json.
type Report struct {
	model.Calibration                   // entered the points
	Fitted            Fitted            `json:"fitted"`
	Support           *Support          `json:"support"`   // null with fewer than ten customers
	BaseRate          float64           `json:"base_rate"` // share of customers in the sample, in weight
	Methods           []Method          `json:"methods"`   // cross-fitted, but for the first two
	Least             string            `json:"least"`     // method with the least log loss
	ECE               ECE               `json:"ece"`       // of what entered
	Parts             Parts             `json:"log_loss"`
	Beta              *Beta             `json:"beta,omitempty"`       // of what was learned, on all rows
	VennAbers         *metrics.Interval `json:"venn_abers,omitempty"` // mean distance of its two probabilities over the pool; low and high are the 2.5 % and 97.5 % quantiles
}

// Fitted is what maximum likelihood says of slope and intercept. A slope below 1
// means that the learned lifts were too bold, above 1 too shy.
type Fitted struct {
	Slope     metrics.Interval `json:"slope"`
	Intercept metrics.Interval `json:"intercept"`
}

// A Method is a way to calibrate, measured.
type Method struct {
	Name    string  `json:"method"` // base rate, learned, slope, beta or venn_abers
	LogLoss float64 `json:"log_loss"`
	Brier   float64 `json:"brier"`
}

// Parts split the log loss of what entered: loss = miscalibration −
// discrimination + uncertainty. The isotonic fit to the scores has no
// miscalibration and keeps their order.
//
// Dimitriadis, Gneiting and Jordan, "Stable reliability diagrams for probabilistic
// classifiers", PNAS 118 (2021).
type Parts struct {
	Loss           float64 `json:"value"`
	Miscalibration float64 `json:"miscalibration"` // what recalibrating could gain at most
	Discrimination float64 `json:"discrimination"` // what the ranking gains on the base rate
	Uncertainty    float64 `json:"uncertainty"`    // log loss of the base rate
}

// Calibrate returns the calibration that enters the points, and how good it and
// freer ones are. Fewer than ten customers support no lift.
func Calibrate(s *Sample) (*Report, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	customers, pool := s.totals()
	line := s.Fit()
	r := &Report{Fitted: Fitted{line.Slope, line.Shift}, BaseRate: customers / (customers + pool)}
	r.Calibration, r.Support = s.Limit(line.Calibration)
	entered := s.odds(apply(r.Calibration, s.LogLift))
	r.methods(s)
	r.ECE = s.Error(entered)
	r.Parts = s.parts(entered)
	return r, nil
}

// odds returns the log odds of log lifts in the sample.
func (s *Sample) odds(logLift []float64) []float64 {
	prior := s.prior()
	out := make([]float64, len(logLift))
	for i, l := range logLift {
		out[i] = prior + l
	}
	return out
}

// methods measures the ways to calibrate that the number of customers allows.
func (r *Report) methods(s *Sample) {
	add := func(name string, logOdds []float64) {
		r.Methods = append(r.Methods, Method{name, metrics.LogLoss(logOdds, s.Customer, s.Weights), metrics.Brier(logOdds, s.Customer, s.Weights)})
	}
	add("base_rate", s.odds(make([]float64, len(s.LogLift))))
	learned := s.odds(s.LogLift)
	add("learned", learned)
	add("slope", s.crossFit(func(t *Sample) func(float64) float64 {
		c, _ := t.Limit(t.Fit().Calibration)
		prior := t.prior()
		return func(l float64) float64 { return prior + c.Shift + c.Slope*l }
	}))
	n := s.customers()
	if n >= small {
		b := fitBeta(learned, s.Customer, s.Weights)
		r.Beta = &b
		add("beta", s.crossFit(func(t *Sample) func(float64) float64 {
			prior := t.prior()
			b := fitBeta(t.odds(t.LogLift), t.Customer, t.Weights)
			return func(l float64) float64 { return b.LogOdds(prior + l) }
		}))
	}
	if n >= freer {
		add("venn_abers", s.crossFit(func(t *Sample) func(float64) float64 {
			v := fitVennAbers(t.LogLift, t.Customer, t.Weights)
			return func(l float64) float64 {
				logOdds, _ := v.LogOdds(l)
				return logOdds
			}
		}))
		r.VennAbers = s.widths()
	}
	r.Least = r.Methods[0].Name
	least := r.Methods[0].LogLoss
	for _, m := range r.Methods[1:] {
		if m.LogLoss < least {
			r.Least, least = m.Name, m.LogLoss
		}
	}
}

// crossFit returns log odds of every row by a calibration fitted on the rows of
// the other folds. A row whose other folds hold one class alone keeps the odds
// that were learned.
func (s *Sample) crossFit(fit func(*Sample) func(logLift float64) float64) []float64 {
	out := s.odds(s.LogLift)
	seen := map[uint8]bool{}
	var wg sync.WaitGroup
	for _, k := range s.Fold {
		if seen[k] {
			continue
		}
		seen[k] = true
		wg.Go(func() {
			others := s.subset(func(row int) bool { return s.Fold[row] != k })
			if customers, pool := others.totals(); customers == 0 || pool == 0 {
				return
			}
			logOdds := fit(others)
			for i, f := range s.Fold {
				if f == k {
					out[i] = logOdds(s.LogLift[i])
				}
			}
		})
	}
	wg.Wait()
	return out
}

// widths returns how far the two probabilities of Venn–Abers lie apart over the
// pool.
func (s *Sample) widths() *metrics.Interval {
	v := fitVennAbers(s.LogLift, s.Customer, s.Weights)
	var widths []float64
	var sum, total float64
	for i, c := range s.Customer {
		if c {
			continue
		}
		_, width := v.LogOdds(s.LogLift[i])
		widths = append(widths, width)
		sum, total = sum+s.Weights[i]*width, total+s.Weights[i]
	}
	w := metrics.Percentile(sum/total, widths, 1)
	return &w
}

// parts splits the log loss of log odds.
func (s *Sample) parts(logOdds []float64) Parts {
	y := make([]float64, len(logOdds))
	for i, c := range s.Customer {
		if c {
			y[i] = 1
		}
	}
	best := Isotonic(logOdds, y, s.Weights)
	for i, p := range best {
		best[i] = logit(p)
	}
	p := Parts{Loss: metrics.LogLoss(logOdds, s.Customer, s.Weights), Uncertainty: metrics.LogLoss(s.odds(make([]float64, len(logOdds))), s.Customer, s.Weights)}
	least := metrics.LogLoss(best, s.Customer, s.Weights)
	p.Miscalibration, p.Discrimination = p.Loss-least, p.Uncertainty-least
	return p
}
