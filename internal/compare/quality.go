package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
)

// Verdicts on a challenger, by the AUC: a model is there to rank.
const (
	Better            = "better"
	Worse             = "worse"
	NoDifferenceShown = "no_difference_shown" // the interval of the difference reaches 0
	NotComparable     = "not_comparable"      // nothing was measured on accounts of both
)

// The least customers and pool accounts on which a difference is measured: with
// fewer, the groups that a bootstrap draws are too few for its intervals.
const (
	leastCustomers = 10
	leastPool      = features.MinPool
)

// power is by what the half width of a 95 % interval is multiplied to the true
// difference that leaves 0 outside of such an interval 4 times in 5.
var power = metrics.PowerFactor / metrics.Z95

// A Quality says which of two versions ranks better, by accounts that were scored
// out of fold by both.
type Quality struct {
	Verdict  string `json:"verdict"`
	Sentence string `json:"sentence"` // the verdict in words

	Customers int      `json:"customers"` // that both were measured on
	Pool      int      `json:"pool"`      // likewise, in the sample
	LeftOut   int      `json:"left_out"`  // customers of one measurement, pool of the other
	Repeats   int      `json:"repeats"`   // of cross-validation that scores are means of
	SameFolds bool     `json:"same_folds"`
	Widened   float64  `json:"widened"` // intervals of differences are those of the bootstrap times this
	Notes     []string `json:"notes"`   // in what the two measurements differ

	AUC     *Figure `json:"auc"` // null, as below: not comparable
	Capture *Figure `json:"capture_10"`
	LiftA   *Figure `json:"lift_a"` // of grade A; null too where a model's A holds nobody, or is cut on priority

	OutOfFold *Crossing `json:"out_of_fold_customers"` // the customers' grades by scores out of fold; null where grades are cut on priority
}

// A Figure is a metric of both versions and the challenger's less the
// champion's, with 95 % intervals.
type Figure struct {
	Champion   metrics.Interval `json:"champion"`
	Challenger metrics.Interval `json:"challenger"`
	Difference metrics.Interval `json:"difference"` // paired: the same accounts are drawn for both
	Shown      float64          `json:"least_shown"`
}

// newFigure sets Shown: the true difference that data like these would show 4
// times in 5.
func newFigure(champion, challenger, difference metrics.Interval) *Figure {
	return &Figure{champion, challenger, difference, power * (difference.High - difference.Low) / 2}
}

// Measure compares a challenger b with the champion a. group returns the group of
// an account, given the hash of its domain: the accounts of one parent are drawn
// together. Where nothing can be measured the verdict is NotComparable, which is
// no error.
func Measure(a, b *Measured, group func(hash uint64) uint64, seed uint64) (*Quality, error) {
	q := &Quality{Verdict: NotComparable, Notes: []string{}}
	for i, m := range []*Measured{a, b} {
		switch {
		case m.Margins != nil:
			continue
		case m.Imported:
			q.Sentence = fmt.Sprintf("Not comparable: the %s %s was imported without a holdout, so nothing is known of it on accounts it has not seen; import it again with --holdout.", sides[i], m.Model.Version)
		default:
			q.Sentence = fmt.Sprintf("Not comparable: the %s %s was made of a base without customers, so it was never measured; train again.", sides[i], m.Model.Version)
		}
		return q, nil
	}
	s := share(a, b, group, seed)
	q.Customers, q.Pool = s.frame.Totals()
	q.LeftOut, q.Repeats, q.SameFolds = s.changed, len(s.margins[0].Score), s.sameFolds()
	q.Notes = append(q.Notes, notes(a, b, q)...)
	if q.Customers < leastCustomers || q.Pool < leastPool {
		q.Sentence = fmt.Sprintf("Not comparable: only %d customers and %d pool accounts were scored out of fold by both, %d and %d wanted; train both on the same base.", q.Customers, q.Pool, leastCustomers, leastPool)
		return q, nil
	}
	if err := q.measure(s, a, b); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	q.judge()
	return q, nil
}

var sides = [2]string{"champion", "challenger"}

// measure fills in the figures.
func (q *Quality) measure(s *shared, a, b *Measured) error {
	var own [2]*evaluate.Measurement
	var value [2]metrics.Summary
	var drawn [2][]metrics.Summary
	for i, m := range []*Measured{a, b} {
		var cuts *model.Grades
		var bands metrics.Bands
		if g := &m.Model.Grades; g.On != "priority" {
			cuts, bands = g, metrics.Bands{float64(g.Cuts[0].Margin)}
		}
		var err error
		if own[i], err = s.frame.Measure(s.margins[i], cuts, m.Model.BasePoints); err != nil {
			return err
		}
		r, err := metrics.Rank(s.margins[i].Mean(), s.frame.Customer, s.frame.Weights, s.frame.Keys)
		if err != nil {
			return err
		}
		value[i], drawn[i] = r.Summarise(bands), r.Bootstrap(evaluate.Replicates, bands, s.frame.Seed)
	}
	var err error
	if q.Widened, err = s.widened(drawn, a.learned() || b.learned()); err != nil {
		return err
	}
	figure := func(key string, of func(*metrics.Summary) float64) *Figure {
		return newFigure(own[0].Metrics[key], own[1].Metrics[key], q.difference(value, drawn, of))
	}
	q.AUC = figure("auc", areaUnder)
	q.Capture = figure("capture_10", captured)
	if own[0].Grades == nil || own[1].Grades == nil {
		q.Notes = append(q.Notes, "grades are cut on priority, which is not scored out of fold: no lift of A, and no grades of customers out of fold")
		return nil
	}
	if d := q.difference(value, drawn, liftA); !math.IsNaN(d.Value) {
		q.LiftA = newFigure(own[0].Grades[0].Lift, own[1].Grades[0].Lift, d)
	} else {
		q.Notes = append(q.Notes, "too few of the pool's accounts are graded A, out of fold, for a lift of A")
	}
	q.OutOfFold = s.crossing(a.Model, b.Model)
	return nil
}

func areaUnder(s *metrics.Summary) float64 { return s.AUC }

func captured(s *metrics.Summary) float64 { return s.Capture[3] }

// liftA is the customers' share in the first band over the pool's; NaN where that
// is empty.
func liftA(s *metrics.Summary) float64 {
	if s.Pool[0] == 0 {
		return math.NaN()
	}
	return s.Customers[0] / s.Pool[0]
}

// undefined is the share of replicates in which a metric may have no value: what
// is left then still has the quantiles that an interval is made of, nearly.
const undefined = 0.05

// difference returns the challenger's metric less the champion's, with the 95 %
// interval of pairs of replicates, in which both have the same accounts. It is
// NaN where the metric has no value, or in too many replicates.
func (q *Quality) difference(value [2]metrics.Summary, drawn [2][]metrics.Summary, of func(*metrics.Summary) float64) metrics.Interval {
	var v []float64
	for i := range drawn[0] {
		if d := of(&drawn[1][i]) - of(&drawn[0][i]); !math.IsNaN(d) {
			v = append(v, d)
		}
	}
	d := of(&value[1]) - of(&value[0])
	if math.IsNaN(d) || float64(len(v)) < (1-undefined)*float64(len(drawn[0])) {
		return metrics.Interval{Value: math.NaN()}
	}
	return metrics.Percentile(d, v, q.Widened)
}

// widened returns by how much the intervals of differences widen. Models fitted
// on other accounts would differ by something else, which drawing the accounts
// that are ranked does not show. Of what was learned in folds it is at least the
// correction of Nadeau and Bengio, which is made for this comparison; more where
// repeats of cross-validation differ by more than that. Of 53 pairs of trainings
// that differed in their seed alone, the bootstrap by itself showed a difference
// in 7, the interval so widened in none (scripts/bench/intervals.sh has such pairs).
func (s *shared) widened(drawn [2][]metrics.Summary, learned bool) (float64, error) {
	wider := 1.0
	if learned {
		wider = evaluate.Overlap
	}
	if len(s.margins[0].Score) < 2 {
		return wider, nil
	}
	var repeats, boot []float64
	for repeat := range s.margins[0].Score {
		var auc [2]float64
		for i := range auc {
			r, err := metrics.Rank(s.margins[i].Score[repeat], s.frame.Customer, s.frame.Weights, nil)
			if err != nil {
				return 0, err
			}
			auc[i] = r.Summarise(nil).AUC
		}
		repeats = append(repeats, auc[1]-auc[0])
	}
	for i := range drawn[0] {
		boot = append(boot, drawn[1][i].AUC-drawn[0][i].AUC)
	}
	if v := variance(boot); v > 0 {
		wider = max(wider, math.Sqrt(1+variance(repeats)/v))
	}
	return wider, nil
}

func variance(v []float64) float64 {
	var mean, squares float64
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		squares += (x - mean) * (x - mean)
	}
	return squares / float64(len(v)-1)
}

// crossing counts the customers' grades by the mean of their scores out of fold.
func (s *shared) crossing(a, b *model.Model) *Crossing {
	c := newCrossing(&a.Grades, &b.Grades)
	before, after := s.margins[0].Mean(), s.margins[1].Mean()
	for i, customer := range s.frame.Customer {
		if customer {
			c.Counts[a.Grades.Index(int64(math.Floor(before[i])))][b.Grades.Index(int64(math.Floor(after[i])))]++
		}
	}
	c.finish()
	return &c
}

// judge gives the verdict.
func (q *Quality) judge() {
	d := q.AUC.Difference
	figures := fmt.Sprintf("AUC %.3f against %.3f, a difference of %s, out of fold, on the same %d customers and %d pool accounts",
		q.AUC.Challenger.Value, q.AUC.Champion.Value, Signed(d, 1, 3), q.Customers, q.Pool)
	switch {
	case d.Low > 0:
		q.Verdict = Better
		q.Sentence = "The challenger ranks better: " + figures + "."
	case d.High < 0:
		q.Verdict = Worse
		q.Sentence = "The challenger ranks worse: " + figures + "."
	case d == (metrics.Interval{}):
		q.Verdict = NoDifferenceShown
		q.Sentence = "No difference shown: " + figures + "; both rank these accounts alike."
	default:
		q.Verdict = NoDifferenceShown
		q.Sentence = fmt.Sprintf("No difference shown: %s; a true difference of %.3f would have been shown 4 times in 5, a smaller one less often.", figures, q.AUC.Shown)
	}
	if c := q.Capture.Difference; q.Verdict != Worse && c.High < 0 || q.Verdict != Better && c.Low > 0 {
		q.Sentence += fmt.Sprintf(" Its best tenth yet captures %s of the customers.", Signed(c, 100, 1)+" points")
	}
}

// Signed writes a difference with its interval, times a factor.
func Signed(d metrics.Interval, factor float64, digits int) string {
	text := func(v float64) string { return fmt.Sprintf("%+.*f", digits, factor*v+0) }
	return fmt.Sprintf("%s (95 %%: %s to %s)", text(d.Value), text(d.Low), text(d.High))
}

// notes says in what the measurements of two versions differ.
func notes(a, b *Measured, q *Quality) []string {
	var out []string
	add := func(differ bool, format string, args ...any) {
		if differ {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	for i, m := range []*Measured{a, b} {
		add(m.Imported, "the %s was imported: it was measured on its holdout", sides[i])
		add(m.Model.Grid != nil, "the %s is a written grid: it has learned from no account", sides[i])
	}
	add(a.Model.AsOf != b.Model.AsOf, "measured on feature tables of other dates: %s and %s", a.Model.AsOf, b.Model.AsOf)
	for i, only := range [][]string{without(a.Model, b.Model), without(b.Model, a.Model)} {
		add(len(only) > 0, "only the %s has %s", sides[i], strings.Join(only, ", "))
	}
	for i, m := range []*Measured{a, b} {
		customers, pool := m.Frame.Totals()
		add(customers != q.Customers || pool != q.Pool, "of the %s's %d customers and %d pool accounts, %d and %d are shared", sides[i], customers, pool, q.Customers, q.Pool)
	}
	add(q.LeftOut > 0, "left out: %d accounts that are customers of one measurement and pool of the other", q.LeftOut)
	add(!q.SameFolds, "measured on other folds: pairs are by account")
	add(len(a.Margins.Score) != len(b.Margins.Score), "measured with %d and %d repeats of cross-validation: the first %d of both are compared", len(a.Margins.Score), len(b.Margins.Score), q.Repeats)
	return out
}

// without returns the features of a's fit that b's lacks.
func without(a, b *model.Model) []string {
	var out []string
	for i := range a.Terms {
		name := a.Terms[i].Feature
		if !slices.ContainsFunc(b.Terms, func(t model.Term) bool { return t.Feature == name }) {
			out = append(out, name)
		}
	}
	return out
}
